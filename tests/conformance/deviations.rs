//! The cases in which ectomorph differs from Ecto on purpose.

use crate::vectors::from_json;
use ectomorph::value::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// Ids of cases, each with the reason why it differs.
pub struct Deviations {
    reasons: BTreeMap<String, String>,
}

impl Deviations {
    /// Reads `[{"id": "...", "reason": "..."}]`.
    pub fn read(path: &Path) -> Deviations {
        let text =
            std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let json: serde_json::Value =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let list = from_json(&json);
        let mut reasons = BTreeMap::new();
        for entry in list.as_list().expect("deviations are a list") {
            let text = |key| {
                let found = entry.as_map().and_then(|entry| entry.get(key)).and_then(Value::as_str);
                found.filter(|text| !text.is_empty()).expect("a deviation has an id and a reason").to_owned()
            };
            let id = text("id");
            assert!(reasons.insert(id.clone(), text("reason")).is_none(), "{id} is listed twice");
        }
        Deviations { reasons }
    }

    /// The reason of a case, if it is listed; a case is met once.
    pub fn take(&mut self, id: &str) -> Option<String> {
        self.reasons.remove(id)
    }

    /// The cases that were not met.
    pub fn left(&self) -> impl Iterator<Item = &String> {
        self.reasons.keys()
    }
}
