//! `gen`: what is written, and where.

use crate::project::Project;

/// Digits of a version as `VERSION`.
fn without_version(text: &str) -> String {
    let mut masked = String::new();
    let mut digits = String::new();
    for letter in text.chars().chain(['\0']) {
        if letter.is_ascii_digit() {
            digits.push(letter);
            continue;
        }
        masked.push_str(if digits.len() == 14 { "VERSION" } else { &digits });
        digits.clear();
        masked.push(letter);
    }
    masked.trim_end_matches('\0').to_owned()
}

const USER: [&str; 10] = [
    "name:string",
    "email:string:unique",
    "bio:text",
    "number_of_pets:integer",
    "role:enum:admin:user",
    "user_id:references:users",
    "tags:array:string",
    "secret:string:redact",
    "born_on:date",
    "score:decimal",
];

fn generated(lang: &str, extension: &str, program: &str) {
    let project = Project::sqlite();
    let arguments: Vec<&str> =
        ["gen", "schema", "User", "users"].into_iter().chain(USER).chain(["--lang", lang]).collect();
    let said = without_version(&project.says(&arguments));
    assert_eq!(
        said,
        format!(
            "* creating src\n* creating src/user.{extension}\n* creating priv/repo/migrations\n\
             * creating priv/repo/migrations/VERSION_create_users.{extension}\n\n\
             Remember to update your repository by running migrations:\n\n   $ {program} migrate\n\n"
        )
    );
    assert!(project.read(&format!("src/user.{extension}")).contains("number_of_pets"));
    let again = project.fails(&arguments);
    assert!(again.contains("there is already a migration file with name create_users."), "{again}");
}

#[test]
fn a_schema_comes_with_its_migration_in_each_language() {
    generated("rust", "rs", "ectomorph");
    generated("ts", "ts", "npx ectomorph");
    generated("json", "json", "ectomorph");
}

#[test]
fn a_schema_that_was_written_as_a_document_migrates() {
    let project = Project::sqlite();
    let arguments: Vec<&str> = ["gen", "schema", "User", "users"].into_iter().chain(USER).collect();
    project.says(&arguments);
    project.says(&["create"]);
    let said = project.says(&["migrate"]);
    assert!(said.contains("[info] create table users\n[info] create index users_email_index\n"), "{said}");
    project.says(&["gen", "types", "src/user.json", "--out", "types.ts"]);
    assert!(project.read("types.ts").contains("export interface UserFields {"));
    assert_eq!(project.says(&["gen", "types", "src/user.json"]), project.read("types.ts"));
}

#[test]
fn types_are_written_of_rules_that_name_validators() {
    let project = Project::sqlite();
    let document = r#"{"version": 1, "name": "tag", "schema": {"name": "Tag", "source": "tags", "fields": {"name": "string"}},
        "steps": [["cast", ["name"]], ["validate_change", "name", "known_word"]]}"#;
    project.write("tag.json", document);
    assert!(project.says(&["gen", "types", "tag.json"]).contains("  tag: Rules<TagFields>;\n"));
}

#[test]
fn the_language_is_that_of_the_project() {
    let project = Project::sqlite();
    project.says(&["gen", "migration", "one"]);
    project.write("package.json", "{}");
    project.says(&["gen", "migration", "two"]);
    project.write("Cargo.toml", "");
    project.says(&["gen", "migration", "three"]);
    let files = std::fs::read_dir(project.folder.join("priv/repo/migrations")).unwrap();
    let mut files: Vec<String> =
        files.map(|file| without_version(&file.unwrap().file_name().into_string().unwrap())).collect();
    files.sort();
    assert_eq!(files, ["VERSION_one.json", "VERSION_three.rs", "VERSION_two.ts"]);
}

#[test]
fn migrations_of_one_second_have_versions_of_their_own() {
    let project = Project::sqlite();
    for name in ["one", "two", "three", "four"] {
        project.says(&["gen", "migration", name]);
    }
    project.says(&["create"]);
    assert_eq!(project.says(&["migrate"]).matches("== Migrated").count(), 4);
}

#[test]
fn a_repo_comes_with_what_its_migrations_need() {
    let project = Project::empty();
    project.write("Cargo.toml", "");
    let said = project.says(&["gen", "repo", "hello", "--database", "postgres"]);
    assert_eq!(
        said,
        "* creating ectomorph.toml\n* creating src/bin\n* creating src/bin/ectomorph.rs\n* creating build.rs\n\
         * creating priv/repo/migrations\n* creating priv/repo/migrations/.gitkeep\n\n\
         The program of the project's migrations needs these:\n\n   $ cargo add ectomorph ectomorph-cli\n\n"
    );
    assert_eq!(
        project.read("ectomorph.toml"),
        "# Where the database is. DATABASE_URL wins over it.\n[repo.hello]\nadapter = \"postgres\"\nusername = \"postgres\"\n\
         password = \"postgres\"\nhostname = \"localhost\"\ndatabase = \"hello_dev\"\n\
         show_sensitive_data_on_connection_error = true\npool_size = 10\n"
    );
    assert!(project.fails(&["gen", "repo", "hello"]).contains("ectomorph.toml is there already"));
    let project = Project::empty();
    project.says(&["gen", "repo", "hello"]);
    project.says(&["create"]);
    assert_eq!(project.says(&["migrate"]), "[info] Migrations already up\n");
}
