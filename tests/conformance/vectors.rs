//! The files of vectors, as values.

use ectomorph::value::{Map, Value, notation};
use std::fmt;
use std::path::{Path, PathBuf};

/// What came of a case.
pub enum Outcome {
    /// All is as Ecto did it.
    Passed,
    /// Something differs.
    Failed {
        /// What Ecto did.
        expected: String,
        /// What ectomorph did.
        actual: String,
    },
}

impl Outcome {
    /// The outcome of a check; the texts are made only when it fails.
    pub fn of(passed: bool, expected: impl fmt::Display, actual: impl fmt::Display) -> Outcome {
        if passed {
            Outcome::Passed
        } else {
            Outcome::Failed { expected: expected.to_string(), actual: actual.to_string() }
        }
    }
}

/// A recorded case, with its values decoded.
pub struct Case {
    map: Map,
}

impl Case {
    /// The name of the case.
    pub fn id(&self) -> &str {
        self.map.get("id").and_then(Value::as_str).unwrap_or_default()
    }

    /// A part of the case.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.map.get(key)
    }

    /// A part of the case that may be left out when it is null.
    pub fn value(&self, key: &str) -> Value {
        self.map.get(key).cloned().unwrap_or_default()
    }

    /// What Ecto did.
    pub fn expect(&self) -> &Map {
        self.map.get("expect").and_then(Value::as_map).expect("every case has an expect")
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = self.map.clone();
        map.remove("id");
        map.remove("expect");
        f.write_str(&json(&map.into()))
    }
}

/// The folder and those in it that hold JSON, in the order of their names.
pub fn folders(dir: &Path) -> Vec<PathBuf> {
    let mut folders = vec![dir.to_owned()];
    let entries = std::fs::read_dir(dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display()));
    let paths = entries.map(|entry| entry.expect("a readable folder").path());
    folders.extend(paths.filter(|path| path.is_dir()));
    folders.sort();
    folders
}

/// Reads all cases of a folder, file by file in the order of their names.
pub fn read_all(dir: &Path) -> Vec<Case> {
    let list = |file: &serde_json::Value, path: &Path| -> Vec<Case> {
        let cases = file["cases"].as_array().into_iter().flatten();
        cases
            .map(|case| match notation::decode(from_json(case)) {
                Ok(Value::Map(map)) => Case { map },
                Ok(other) => panic!("{}: a case is {}", path.display(), other.kind()),
                Err(error) => panic!("{}: {}: {error}", path.display(), case["id"]),
            })
            .collect()
    };
    files(dir).iter().flat_map(|(path, file)| list(file, path)).collect()
}

/// Reads all vectors of a folder, as they are.
pub fn read_vectors(dir: &Path) -> Vec<serde_json::Value> {
    let list = |file: &serde_json::Value| file["vectors"].as_array().cloned().unwrap_or_default();
    files(dir).iter().flat_map(|(_, file)| list(file)).collect()
}

fn files(dir: &Path) -> Vec<(PathBuf, serde_json::Value)> {
    let entries = std::fs::read_dir(dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("a readable folder").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    let read = |path: PathBuf| {
        let text =
            std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let file = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (path, file)
    };
    paths.into_iter().map(read).collect()
}

/// The value of plain JSON.
pub fn from_json(json: &serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(flag) => Value::Bool(*flag),
        serde_json::Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(integer), _) => Value::Integer(integer),
            (None, Some(float)) => Value::Float(float),
            (None, None) => panic!("{number} is a number beyond all types"),
        },
        serde_json::Value::String(text) => text.into(),
        serde_json::Value::Array(list) => Value::List(list.iter().map(from_json).collect()),
        serde_json::Value::Object(map) => {
            map.iter().map(|(key, value)| (key, from_json(value))).collect::<Map>().into()
        }
    }
}

/// The JSON text of a value, in the notation of the vectors.
pub fn json(value: &Value) -> String {
    fn to_json(value: &Value) -> serde_json::Value {
        match value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(flag) => (*flag).into(),
            Value::Integer(number) => (*number).into(),
            Value::Float(number) => (*number).into(),
            Value::String(text) => text.as_str().into(),
            Value::List(list) => list.iter().map(to_json).collect(),
            Value::Map(map) => map.iter().map(|(key, value)| (key.to_string(), to_json(value))).collect(),
            other => panic!("{} stays after encoding", other.kind()),
        }
    }
    to_json(&notation::encode(value)).to_string()
}
