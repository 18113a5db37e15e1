//! When what came out is what Ecto gave.

use serde_json::Value as Json;

/// Whether two sides are the same, as the README of the vectors says.
pub fn same(expected: &Json, actual: &Json, case: &Json) -> bool {
    let mut expected = expected.clone();
    let mut actual = actual.clone();
    if case.get("assoc_order_undefined") == Some(&Json::Bool(true)) {
        sort_associations(&mut expected, true);
        sort_associations(&mut actual, true);
    }
    if case.get("ordered") == Some(&Json::Bool(false)) {
        sort(&mut expected);
        sort(&mut actual);
    }
    for json in [&mut expected, &mut actual] {
        let tables = json.get_mut("state").and_then(Json::as_object_mut).into_iter().flatten();
        let lists = tables.filter_map(|(_, changes)| changes.as_object_mut()).flatten();
        lists.for_each(|(_, list)| sort(list));
    }
    equal(&expected, &actual)
}

/// Lists of records inside records.
fn sort_associations(json: &mut Json, top: bool) {
    match json {
        Json::Array(list) => {
            list.iter_mut().for_each(|json| sort_associations(json, false));
            if !top && list.iter().any(|json| json.get("$struct").is_some()) {
                list.sort_by_key(canonical);
            }
        }
        Json::Object(object) => object.values_mut().for_each(|json| sort_associations(json, false)),
        _ => {}
    }
}

/// Decimals as numbers.
pub fn without_scale(json: &Json) -> Json {
    match json {
        Json::Object(object) => match object.get("$decimal").and_then(Json::as_str) {
            Some(text) => serde_json::json!(text.parse::<f64>().unwrap_or(f64::NAN)),
            None => {
                Json::Object(object.iter().map(|(key, json)| (key.clone(), without_scale(json))).collect())
            }
        },
        Json::Array(list) => Json::Array(list.iter().map(without_scale).collect()),
        other => other.clone(),
    }
}

fn sort(json: &mut Json) {
    if let Json::Array(list) = json {
        list.sort_by_key(canonical);
    }
}

/// Text that is the same for equal values, whatever the order of keys.
fn canonical(json: &Json) -> String {
    match json {
        Json::Object(object) => {
            let mut entries: Vec<String> =
                object.iter().map(|(key, json)| format!("{key}:{}", canonical(json))).collect();
            entries.sort();
            format!("{{{}}}", entries.join(","))
        }
        Json::Array(list) => format!("[{}]", list.iter().map(canonical).collect::<Vec<_>>().join(",")),
        other => other.to_string(),
    }
}

fn equal(expected: &Json, actual: &Json) -> bool {
    match (expected, actual) {
        (Json::Object(expected), _) if expected.contains_key("$now") => !actual.is_null(),
        (Json::Object(expected), Json::Object(actual)) if expected.contains_key("$error") => {
            same_error(expected, actual)
        }
        (Json::Object(expected), Json::Object(actual)) => {
            expected.len() == actual.len()
                && expected.iter().all(|(key, json)| actual.get(key).is_some_and(|other| equal(json, other)))
        }
        (Json::Array(expected), Json::Array(actual)) => {
            expected.len() == actual.len() && expected.iter().zip(actual).all(|(a, b)| equal(a, b))
        }
        (Json::Number(a), Json::Number(b)) => match (a.as_i64(), b.as_i64()) {
            (Some(a), Some(b)) => a == b,
            (None, None) => same_float(a.as_f64().unwrap_or(0.0), b.as_f64().unwrap_or(0.0)),
            _ => false,
        },
        _ => expected == actual,
    }
}

/// Sums of floats depend on the order in the last digits.
fn same_float(a: f64, b: f64) -> bool {
    a == b || (a - b).abs() <= 1e-12 * a.abs().max(b.abs())
}

/// The kind of an error; not its text, which is Elixir's.
fn same_error(expected: &serde_json::Map<String, Json>, actual: &serde_json::Map<String, Json>) -> bool {
    let name = |object: &serde_json::Map<String, Json>| {
        object.get("$error").and_then(Json::as_str).unwrap_or_default().to_owned()
    };
    // What Elixir raises for mistakes of the program differs by where they are found.
    let kind = |name: String| match name.as_str() {
        "ArgumentError" | "RuntimeError" | "Ecto.Query.CompileError" => "a mistake".to_owned(),
        // Ecto looks for the struct in a value; ours says before that there is none.
        "KeyError" => "Ecto.QueryError".to_owned(),
        "Postgrex.Error" => "DatabaseError".to_owned(),
        _ => name,
    };
    let text = |key: &str| (expected.get(key).cloned(), actual.get(key).cloned());
    let code = match text("pg_code") {
        (Some(Json::String(expected)), Some(Json::String(actual))) => expected == actual,
        _ => true,
    };
    let constraint = match text("constraint") {
        (Some(Json::String(expected)), actual) => actual == Some(Json::String(expected)),
        _ => true,
    };
    let changeset = match text("changeset") {
        (Some(expected), Some(actual)) => equal(&expected, &actual),
        (Some(_), None) => false,
        _ => true,
    };
    kind(name(expected)) == kind(name(actual)) && code && constraint && changeset
}
