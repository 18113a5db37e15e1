//! The generators for `npx ectomorph`: a request as JSON, and the files as JSON. In an artifact of its own, for Node alone.

use super::{Generated, Language, SchemaRequest, document_for_types, migration, typescript_types};
use crate::document::Document;
use crate::migration::{Defaults, Event, Migration, Step};
use crate::mistake::Mistake;
use crate::params::{Limits, from_json, to_json};
use crate::value::{Map, Value};

/// How large a request may be: the documents of a project.
const MAX_BYTES: usize = 16 << 20;

/// What comes of a request: `{"files": [{"path": .., "text": ..}]}`, of a run `{"running": .., "commands": [..]}`; or
/// `{"mistake": ..}`.
///
/// | `what` | |
/// |---|---|
/// | `"migration"` | `folder`, `name`, `version`, `lang` |
/// | `"schema"` | `name`, `table`, `attributes`, `version`, `lang`, `migration_lang`, `schemas`, `migrations`; maybe `prefix`, `binary_id`, `no_timestamps`, `no_migration` |
/// | `"types"` | `path`, `documents` as texts |
/// | `"run"` | `document` as text, `up`: the commands of a migration in words, for the log |
fn answer(request: &[u8]) -> String {
    let answer = answered(request).unwrap_or_else(|mistake| Map::from([("mistake", mistake.text())]).into());
    to_json(&answer)
}

fn answered(request: &[u8]) -> Result<Value, Mistake> {
    let limits = Limits { bytes: MAX_BYTES, ..Limits::default() };
    let request = from_json(request, &limits).map_err(|error| Mistake::new(error.message()))?;
    let Value::Map(request) = &request else { return Err(Mistake::new("a request is a map")) };
    let maybe = |key: &str| request.get(key).and_then(Value::as_str);
    let text = |key: &str| maybe(key).ok_or_else(|| Mistake::new(["a request needs its ", key].concat()));
    let flag = |key: &str| request.get(key) == Some(&Value::Bool(true));
    let list = |key: &str| match request.get(key) {
        Some(Value::List(list)) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let version = request.get("version").and_then(Value::as_integer).unwrap_or_default();
    match text("what")? {
        "migration" => {
            let language = Language::named(text("lang")?)?;
            Ok(files(vec![migration(text("folder")?, text("name")?, version, language)?]))
        }
        "schema" => {
            let mut schema = SchemaRequest::new(text("name")?, text("table")?, &list("attributes"))?;
            schema.schemas = text("schemas")?.into();
            schema.migrations = text("migrations")?.into();
            schema.prefix = maybe("prefix").map(Into::into);
            schema.binary_id = flag("binary_id");
            schema.migration = !flag("no_migration");
            if flag("no_timestamps") {
                schema.timestamps = None;
            }
            let (lang, migration_lang) =
                (Language::named(text("lang")?)?, Language::named(text("migration_lang")?)?);
            schema.files(lang, migration_lang, version).map(files)
        }
        "types" => {
            let documents: Result<Vec<Document>, Mistake> =
                list("documents").into_iter().map(document_for_types).collect();
            Ok(files(vec![Generated { path: text("path")?.into(), text: typescript_types(&documents?)? }]))
        }
        "run" => {
            let migration = Migration::from_json(text("document")?)?;
            let run = migration
                .run(flag("up"), &Defaults::default())
                .map_err(|error| Mistake::new(error.to_string()))?;
            let command = |step: &Step| match step {
                Step::Command(command) => Some(Value::from(command.describe())),
                Step::Call(_) => None,
            };
            let running =
                Event::Running { migration: &migration, function: run.function, backward: run.backward };
            let commands = Value::List(run.steps.iter().filter_map(command).collect());
            Ok(Map::from([("running", Value::from(running.to_string())), ("commands", commands)]).into())
        }
        _ => Err(Mistake::new("what is asked for is a migration, a schema, types or a run")),
    }
}

fn files(files: Vec<Generated>) -> Value {
    let file = |file: Generated| Value::Map(Map::from([("path", file.path), ("text", file.text)]));
    Map::from([("files", Value::List(files.into_iter().map(file).collect()))]).into()
}

#[cfg(all(target_arch = "wasm32", feature = "generate"))]
mod exports {
    use std::cell::RefCell;

    thread_local! {
        /// The request, then its answer.
        static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    }

    /// Makes room for a request of so many bytes, and says where.
    #[unsafe(no_mangle)]
    extern "C" fn generate_room(bytes: usize) -> *mut u8 {
        BUFFER.with_borrow_mut(|buffer| {
            *buffer = vec![0; bytes];
            buffer.as_mut_ptr()
        })
    }

    /// Answers the request, and says where.
    #[unsafe(no_mangle)]
    extern "C" fn generate_answer() -> *const u8 {
        BUFFER.with_borrow_mut(|buffer| {
            *buffer = super::answer(buffer).into_bytes();
            buffer.as_ptr()
        })
    }

    /// How many bytes the answer has.
    #[unsafe(no_mangle)]
    extern "C" fn generate_length() -> usize {
        BUFFER.with_borrow(Vec::len)
    }
}

#[cfg(test)]
mod tests {
    use super::answer;

    #[test]
    fn requests_are_answered_with_files_or_what_is_wrong() {
        let said = answer(
            br#"{"what": "migration", "folder": "priv", "name": "add_age", "version": 7, "lang": "json"}"#,
        );
        assert!(said.starts_with(r#"{"files":[{"path":"priv/7_add_age.json","text":"#), "{said}");
        assert!(said.contains(r#"\"name\": \"add_age\",\n  \"change\": []"#), "{said}");
        let document = r#"{\"version\": 1, \"migration\": 7, \"name\": \"x\", \"change\": [{\"command\": \"drop\", \"table\": {\"name\": \"users\"}}]}"#;
        let run = |up: bool| {
            answer(format!(r#"{{"what": "run", "document": "{document}", "up": {up}}}"#).as_bytes())
        };
        assert_eq!(
            run(true),
            r#"{"running":"== Running 7 x.change forward","commands":["drop table users"]}"#
        );
        assert!(run(false).contains("cannot reverse migration command: drop table users"), "{}", run(false));
        for (request, part) in [
            ("", r#"{"mistake":"#),
            ("[]", "a request is a map"),
            ("{}", "a request needs its what"),
            (r#"{"what": "page"}"#, "a migration, a schema, types or a run"),
            (r#"{"what": "types", "path": "x", "documents": ["{}"]}"#, "mistake"),
            (
                r#"{"what": "schema", "name": "User", "table": "users", "attributes": ["a:strng"], "schemas": "src", "migrations": "m"}"#,
                "did you mean `string`?",
            ),
        ] {
            assert!(answer(request.as_bytes()).contains(part), "{request}: {}", answer(request.as_bytes()));
        }
    }
}
