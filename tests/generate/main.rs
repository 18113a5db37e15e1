//! Generators: the files are what `expected` holds, and those in Rust compile and do what they say. Those in TypeScript are in
//! `pkg/test/generated`, where the package's own check compiles them. `UPDATE=1 cargo test --test generate` writes them anew.

#[rustfmt::skip]
#[path = "expected/account.rs"]
mod account;
#[rustfmt::skip]
#[path = "expected/20170523151118_create_accounts.rs"]
mod create_accounts;
#[rustfmt::skip]
#[path = "expected/20170523151118_create_users.rs"]
mod create_users;
#[rustfmt::skip]
#[path = "expected/user.rs"]
mod user;

use ectomorph::document::Document;
use ectomorph::generate::{Generated, Language, SchemaRequest, migration, typescript_types};
use ectomorph::migration::{Defaults, Migration};
use ectomorph::params::{Limits, from_json};
use ectomorph::rules::NoValidators;
use ectomorph::schema::{HasSchema, write_schema};
use ectomorph::types::Types;
use ectomorph::value::{Map, Value, notation};
use std::path::Path;

const VERSION: i64 = 20170523151118;

const USER: [&str; 8] = [
    "name:string",
    "email:string:unique",
    "bio:text",
    "number_of_pets:integer",
    "role:enum:admin:user",
    "team_id:references:teams",
    "tags:array:string",
    "secret:string:redact",
];

/// Every type, keys that are UUIDs, a prefix, and names that are keywords.
const ACCOUNT: [&str; 16] = [
    "type",
    "active:boolean",
    "score:float",
    "balance:decimal",
    "extra:map",
    "born_on:date",
    "wakes_at:time",
    "wakes_exactly_at:time_usec",
    "seen_at:datetime",
    "seen_exactly_at:naive_datetime_usec",
    "paid_at:utc_datetime",
    "paid_exactly_at:utc_datetime_usec",
    "token:uuid:unique",
    "avatar:binary",
    "devices:array:uuid",
    "user_id:references:users:unique",
];

fn user() -> SchemaRequest {
    SchemaRequest::new("User", "users", &USER).unwrap()
}

fn account() -> SchemaRequest {
    let mut request = SchemaRequest::new("Account", "accounts", &ACCOUNT).unwrap();
    request.binary_id = true;
    request.prefix = Some("bank".into());
    request.timestamps = Some("utc_datetime_usec");
    request
}

fn files(request: &SchemaRequest, language: Language) -> Vec<Generated> {
    request.files(language, language, VERSION).unwrap()
}

/// Compares a file with the expected one of its name.
fn expect(file: &Generated) {
    let name = Path::new(&file.path).file_name().unwrap();
    let folder = if file.path.ends_with(".ts") { "pkg/test/generated" } else { "tests/generate/expected" };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder).join(name);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &file.text).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(file.text, expected, "{} is not as expected", path.display());
}

fn json(text: &str) -> Value {
    notation::decode(from_json(text, &Limits::default()).unwrap()).unwrap()
}

fn document(request: &SchemaRequest) -> Document {
    let [schema, _] = files(request, Language::Document).try_into().unwrap();
    Document::from_json(&schema.text, &Types::default(), &NoValidators).unwrap()
}

#[test]
fn the_files_are_those_that_are_expected() {
    for language in [Language::Rust, Language::TypeScript, Language::Document] {
        for request in [user(), account()] {
            files(&request, language).iter().for_each(expect);
        }
        expect(&migration("migrations", "add_age", 20240102000000, language).unwrap());
    }
    let types = typescript_types(&[document(&user()), document(&account())]).unwrap();
    expect(&Generated { path: "types.ts".into(), text: types });
}

#[test]
fn a_struct_and_a_document_are_the_same_schema() {
    for (request, schema) in [(user(), user::User::schema()), (account(), account::Account::schema())] {
        let document = document(&request);
        let written = write_schema(&document.schema).unwrap();
        assert_eq!(write_schema(&schema).unwrap(), written);
    }
    let written = [user::User::rules().document().unwrap(), account::Account::rules().document().unwrap()];
    for (rules, request) in written.iter().zip([user(), account()]) {
        assert_eq!(format!("{:?}", rules.steps), format!("{:?}", document(&request).steps));
    }
}

#[test]
fn a_migration_is_the_same_in_rust_and_as_a_document() {
    for (request, migration) in
        [(user(), create_users::migration()), (account(), create_accounts::migration())]
    {
        let [_, file] = files(&request, Language::Document).try_into().unwrap();
        let read = Migration::read(&json(&file.text)).unwrap();
        assert_eq!(read.write(&Defaults::default()).unwrap(), migration.write(&Defaults::default()).unwrap());
    }
}

#[test]
fn the_rules_of_a_generated_schema_run() {
    let changeset = user::User::rules().apply(user::User::default(), &Map::from([("role", "admin")]));
    let blank: Vec<&str> = changeset.errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(blank, ["name", "email", "bio", "number_of_pets", "secret"]);
    assert_eq!(changeset.fetch_change(user::User::role), Some(&Value::from("admin")));
}

#[test]
fn what_can_not_be_is_refused_by_name() {
    let refused = |name: &str, table: &str, attributes: &[&str]| {
        SchemaRequest::new(name, table, attributes)
            .and_then(|request| request.files(Language::Rust, Language::Rust, VERSION))
            .map_or_else(|mistake| mistake.text(), |files| format!("{files:?}"))
    };
    assert!(refused("user", "users", &[]).contains("BlogPost"));
    assert!(refused("User", "Users; DROP TABLE x", &[]).contains("table"));
    assert!(refused("User", "users", &["name", "name:text"]).contains("`name`: it is there already"));
    assert!(refused("User", "users", &["id:integer"]).contains("every schema has one"));
    assert!(refused("User", "users", &["inserted_at:date"]).contains("timestamps"));
    let many: Vec<String> = (0..501).map(|number| format!("f{number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert!(refused("User", "users", &many).contains("500"));
}
