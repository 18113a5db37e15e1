//! The patterns in the recorded answers of Ecto.

use crate::pattern;
use serde_json::Value;

/// Every recorded changeset case.
fn recorded() -> Vec<Value> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/conformance/changeset");
    let mut cases = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let mut file: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
            cases.append(file["cases"].as_array_mut().unwrap());
        }
    }
    cases
}

/// The source and flags of a recorded pattern.
fn parts(regex: &Value) -> Option<(&str, &str)> {
    Some((regex.get("$regex")?.as_str()?, regex.get("flags").map_or("", |flags| flags.as_str().unwrap())))
}

fn accept_all(value: &Value) -> usize {
    if let Some((source, flags)) = parts(value) {
        pattern(source, flags);
        return 1;
    }
    match value {
        Value::Array(items) => items.iter().map(accept_all).sum(),
        Value::Object(fields) => fields.values().map(accept_all).sum(),
        _ => 0,
    }
}

#[test]
fn every_recorded_pattern_is_accepted() {
    let accepted: usize = recorded().iter().map(accept_all).sum();
    assert!(accepted > 1_000, "only {accepted} patterns found");
}

#[test]
fn every_recorded_change_matches_as_it_did_in_ecto() {
    let mut compared = 0;
    for case in recorded() {
        let (Some(steps), Some(changes)) = (case["steps"].as_array(), case["expect"]["changes"].as_object())
        else {
            continue;
        };
        for (field, change) in changes.iter().filter_map(|(field, change)| Some((field, change.as_str()?))) {
            let formats: Vec<_> = steps
                .iter()
                .filter(|step| step[0] == "validate_format" && step[1] == **field)
                .map(|step| parts(&step[2]).unwrap())
                .collect();
            let failing =
                formats.iter().filter(|(source, flags)| !pattern(source, flags).is_match(change)).count();
            let errors = case["expect"]["errors"].as_array().unwrap();
            let recorded = errors
                .iter()
                .filter(|error| error[0] == **field && error[2]["validation"] == "format")
                .count();
            assert_eq!(failing, recorded, "{}: {field}", case["id"]);
            compared += formats.len();
        }
    }
    assert!(compared > 300, "only {compared} validations found");
}
