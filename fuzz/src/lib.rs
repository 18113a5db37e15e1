//! What is tried on every input, one function a target. A panic is a finding.
//!
//! To add a target: a function and a line in [`TARGETS`] here, a file in `fuzz_targets/` with its
//! `[[bin]]` in Cargo.toml, a few small inputs in `seeds/<target>/`, words in `dictionaries/<target>.dict`.

mod csv;
mod store;

pub use csv::csv;
pub use store::{import_file, journal};

use ectomorph::adapters::define::execute;
use ectomorph::adapters::sql::ddl::DIALECTS;
use ectomorph::adapters::sql::query;
use ectomorph::changeset::{QUESTIONS, ask, record_from_notation, run_steps};
use ectomorph::migration::{Command, Defaults, Migration, Step, read_command, write_command};
use ectomorph::params::{Limits, ParamsError, from_json, from_urlencoded, to_json, to_urlencoded};
use ectomorph::pattern::Pattern;
use ectomorph::query::{Operation, Plans, Query, Schemas, plan};
use ectomorph::rules::{NoValidators, read_steps, write_steps};
use ectomorph::schema::{Cardinality, Field, JoinThrough, Related, Schema, read_schema, write_schema};
use ectomorph::store::Database;
use ectomorph::types::{Type, Types};
use ectomorph::value::{Value, notation};
use std::sync::{Arc, OnceLock};

/// What is tried on an input.
pub type Target = fn(&[u8]);

/// Every target by its name.
pub const TARGETS: [(&str, Target); 9] = [
    ("csv", csv),
    ("import_file", store::import_file),
    ("journal", store::journal),
    ("migration_document", migration_document),
    ("params_form", params_form),
    ("params_json", params_json),
    ("pattern", pattern),
    ("query_document", query_document),
    ("rules_document", rules_document),
];

const TIGHT: Limits = Limits { bytes: 256, depth: 3, entries: 6 };

/// Forms: what is read comes back through both notations, and tight limits refuse but never change it.
pub fn params_form(input: &[u8]) {
    let limits = Limits::default();
    let read = from_urlencoded(input, &limits);
    let tight = from_urlencoded(input, &TIGHT);
    let Ok(params) = read else {
        assert!(tight.is_err());
        return;
    };
    if let Ok(tight) = tight {
        assert_eq!(tight, params);
    }
    if let Ok(text) = to_urlencoded(&params) {
        assert_eq!(from_urlencoded(&text, &limits).as_ref(), Ok(&params));
    }
    let value = Value::Map(params);
    assert_eq!(from_json(to_json(&value), &limits), Ok(value));
}

/// JSON: read or refused as by serde_json, and what is read comes back.
pub fn params_json(input: &[u8]) {
    let limits = Limits::default();
    let tight = from_json(input, &TIGHT);
    match from_json(input, &limits) {
        Ok(value) => {
            if let Ok(tight) = tight {
                assert_eq!(tight, value);
            }
            let theirs: Value = serde_json::from_slice(input).expect("serde_json reads it too");
            let text = to_json(&value);
            let again = from_json(&text, &limits).expect("what was written can be read");
            // Integers beyond 64 bits are floats to serde_json, and written as text.
            if !has_decimal(&value) {
                assert_eq!(value, theirs);
                assert_eq!(value, again);
                assert_eq!(serde_json::from_str::<Value>(&text).expect("what was written is JSON"), value);
            }
        }
        Err(ParamsError::InvalidJson { at, .. } | ParamsError::InvalidUtf8 { at }) => {
            assert!(at <= input.len());
            assert!(tight.is_err());
            assert!(serde_json::from_slice::<Value>(input).is_err());
        }
        Err(_) => assert!(tight.is_err()),
    }
}

/// Patterns: the first line is the flags, the second the source, the rest the text. What is accepted can be matched,
/// and is accepted again as it is written.
pub fn pattern(input: &[u8]) {
    let Ok(input) = std::str::from_utf8(input) else { return };
    let mut lines = input.splitn(3, '\n');
    let (flags, source) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    let text = lines.next().unwrap_or_default();
    let Ok(pattern) = Pattern::new(source, flags) else { return };
    let matches = pattern.is_match(text);
    let again = Pattern::new(pattern.source(), pattern.flags()).expect("an accepted pattern");
    assert_eq!(again.is_match(text), matches);
    assert!(!pattern.to_js().1.is_empty(), "translations say that they are Unicode");
}

/// Rules documents, with data and params: what is read is written and read the same, and a changeset made with the
/// rules answers every question without a panic.
pub fn rules_document(input: &[u8]) {
    let Ok(Value::Map(document)) = from_json(input, &Limits::default()) else { return };
    let Ok(Value::Map(document)) = notation::decode(Value::Map(document)) else { return };
    let part = |key: &str| document.get(key).cloned().unwrap_or_default();
    let Ok(schema) = read_schema(&part("schema"), &Types::default(), &NoValidators) else { return };
    let Ok(steps) = read_steps(&part("steps"), &NoValidators) else { return };
    if let Ok(written) = write_schema(&schema) {
        let again = read_schema(&written, &Types::default(), &NoValidators).expect("a written schema");
        assert_eq!(write_schema(&again), Ok(written));
    }
    let written = write_steps(&steps).expect("steps that were read");
    let again = read_steps(&written, &NoValidators).expect("written steps");
    assert_eq!(write_steps(&again), Ok(written));
    let data = document.get("data").cloned().unwrap_or_else(|| Value::Map(Default::default()));
    let Ok(record) = record_from_notation(&schema, &data, document.get("state")) else { return };
    let params = part("params");
    let Ok(parts) = run_steps(Arc::new(record), &steps, params.as_map()) else { return };
    for question in QUESTIONS {
        let _ = ask(&parts, &[question.into()]);
        for field in schema.fields().iter().take(4) {
            let _ = ask(&parts, &[question.into(), (&field.name).into()]);
        }
    }
    assert!(
        parts.valid || !parts.errors.is_empty() || !parts.changes.is_empty() || params.as_map().is_none()
    );
}

/// Migration documents: what is read is written and read the same; its commands have a form of their own, can be reversed
/// and reversed back, and are text, or refused, in every dialect, and run on the store, or are refused.
pub fn migration_document(input: &[u8]) {
    let Ok(migration) = Migration::from_json(input) else { return };
    let defaults = Defaults::default();
    let text = migration.to_json(&defaults).expect("what was read has no functions");
    let again = Migration::from_json(&text).expect("what was written can be read");
    assert_eq!(again.to_json(&defaults).as_ref(), Ok(&text));
    for up in [true, false] {
        let run = migration.run(up, &defaults);
        assert_eq!(run, again.run(up, &defaults));
        for step in run.map(|run| run.steps).unwrap_or_default() {
            let Step::Command(command) = step else { continue };
            let written = write_command(&command).expect("a command that was read");
            assert_eq!(read_command(&written).as_ref(), Ok(&command));
            assert!(!command.describe().is_empty());
            if let Some(back) = command.reverse().and_then(|reversed| reversed.reverse()) {
                assert_eq!(back.reverse(), command.reverse());
            }
            for dialect in DIALECTS {
                if let Ok(statements) = dialect.statements(&command) {
                    let nothing = matches!(&command, Command::Execute { sql } if sql.is_empty());
                    assert!(nothing || statements.iter().all(|statement| !statement.is_empty()));
                }
            }
        }
    }
    let mut database = Database::new();
    for up in [true, false, true] {
        database.begin().expect("no transaction is open");
        for step in migration.run(up, &defaults).map(|run| run.steps).unwrap_or_default() {
            if let Step::Command(command) = step {
                let _ = execute(&mut database, &command);
            }
        }
        database.commit().expect("a transaction is open");
    }
}

/// Query documents: what is read is written and read the same, prints, and is planned or refused, from kept plans as anew;
/// what is planned is text, or refused, in every dialect.
pub fn query_document(input: &[u8]) {
    let Ok(query) = Query::from_json(input) else { return };
    assert!(!query.inspect().is_empty());
    if let Ok(document) = query.write() {
        let again = Query::read(&document).expect("what was written can be read");
        assert_eq!(again.write(), Ok(document));
    }
    for operation in [Operation::All, Operation::UpdateAll, Operation::DeleteAll] {
        let plans = Plans::new();
        let planned = plan(&query, operation, schemas());
        for _ in 0..2 {
            match (plans.plan(&query, operation, schemas()), &planned) {
                (Ok(kept), Ok(planned)) => {
                    assert_eq!((&kept.plan, &kept.params), (&planned.plan, &planned.params));
                }
                (Err(kept), Err(error)) => assert_eq!(&kept, error),
                (kept, _) => panic!("kept plans give {kept:?}"),
            }
        }
        let Ok(planned) = planned else { continue };
        for dialect in query::DIALECTS {
            if let Ok(statement) = query::statement(dialect, &planned.plan, &planned.params) {
                assert!(!statement.sql.is_empty());
            }
        }
    }
}

/// What queries are about: users, their posts, and tags of posts.
fn schemas() -> &'static Schemas {
    static SCHEMAS: OnceLock<Schemas> = OnceLock::new();
    SCHEMAS.get_or_init(|| {
        let named =
            |name: &str, source: &str| Schema::build(name, source).field(Field::new("name", Type::String));
        let user = named("User", "users")
            .field(Field::new("age", Type::Integer))
            .field(Field::new("roles", Type::Array(Box::new(Type::String))))
            .field(Field::new("settings", Type::Map))
            .field(Field::new("born_on", Type::Date))
            .has_many("posts", Related::Lazy(|| schema("Post")), "user_id")
            .through("tags", Cardinality::Many, ["posts", "tags"]);
        let join = JoinThrough {
            source: "posts_tags".into(),
            owner_key: ("post_id".into(), "id".into()),
            related_key: ("tag_id".into(), "id".into()),
            unique: false,
            defaults: Default::default(),
        };
        let post = named("Post", "posts")
            .field(Field::new("price", Type::Decimal))
            .belongs_to("user", Related::Lazy(|| schema("User")), "user_id")
            .many_to_many("tags", Related::Lazy(|| schema("Tag")), join);
        let all = [user, post, named("Tag", "tags")];
        all.into_iter().map(|schema| schema.finish().expect("a schema that is right")).collect()
    })
}

fn schema(name: &str) -> Arc<Schema> {
    schemas().get(name).expect("a schema that is there").clone()
}

fn has_decimal(value: &Value) -> bool {
    match value {
        Value::Decimal(_) => true,
        Value::List(list) => list.iter().any(has_decimal),
        Value::Map(map) => map.iter().any(|(_, value)| has_decimal(value)),
        _ => false,
    }
}
