//! `tests/conformance/migration/runner.json`: what Ecto's tasks said and did in a small project, step by step.
//!
//! Words that are Elixir's are translated ([`Step::expected`]); where the program does another thing, [`DIFFERENT`] says so.

use crate::project::{Project, unique, wait};
use crate::servers;
use ectomorph::adapters::{postgres::Postgres, sqlite::Sqlite};
use ectomorph::value::Value;
use serde_json::Value as Json;

/// What is unlike Ecto, by command and note: the words that must be in the error, or why nothing is compared.
const DIFFERENT: &[(&str, &str)] = &[
    ("database does not exist yet", "ectomorph create"),
    ("default is one step; this one is irreversible", "cannot reverse migration command: alter table users"),
    ("quiet", "unexpected argument '-q'"),
    ("unknown option", "unexpected argument '--bogus'"),
    ("SQL error: the whole file is rolled back", "nope"),
    ("two pending files with one name", "migration name same is duplicated"),
    ("two pending files with one version", "migration version 20240110000000 is duplicated"),
    (
        "file without a migration module",
        "priv/repo/migrations/20240105000000_no_module.json does not define a migration",
    ),
    (
        "same name twice",
        "migration can't be created, there is already a migration file with name create_posts.",
    ),
    ("no name", "required arguments were not provided"),
];

const CREATE_USERS: &str = r#""change": [
    {"command": "create", "table": {"name": "users", "primary_key": true}, "columns": [
        {"op": "add", "name": "id", "type": "bigserial", "opts": {"primary_key": true}},
        {"op": "add", "name": "name", "type": "string"}, {"op": "add", "name": "nick", "type": "string"}]},
    {"command": "create", "index": {"table": "users", "columns": ["name"], "unique": true}}]"#;
const ADD_AGE: &str = r#""change": [{"command": "alter", "table": {"name": "users"}, "columns": [{"op": "add", "name": "age", "type": "integer"}]}]"#;
const DROP_NICK: &str = r#""change": [{"command": "alter", "table": {"name": "users"}, "columns": [{"op": "remove", "name": "nick"}]}]"#;
const DROP_NICK_TYPED: &str = r#""change": [{"command": "alter", "table": {"name": "users"},
    "columns": [{"op": "remove", "name": "nick", "type": "string"}]}]"#;
const LATE_ARRIVAL: &str = r#""change": [{"command": "execute", "up": "SELECT 1", "down": "SELECT 2"}]"#;
const BAD_SQL: &str = r#""change": [
    {"command": "create", "table": {"name": "x"}, "columns": [{"op": "add", "name": "y", "type": "integer"}]},
    {"command": "execute", "up": "SELECT nope"}]"#;
const NOTHING: &str = r#""change": []"#;

/// What happened to the files before a step.
fn prepare(project: &Project, note: &str) {
    let gone = |name: &str| project.remove(&format!("priv/repo/migrations/{name}.json"));
    match note {
        "database does not exist yet" => {
            project.migration(20240101000000, "create_users", CREATE_USERS);
            project.migration(20240102000000, "add_age", ADD_AGE);
            project.migration(20240103000000, "drop_nick", DROP_NICK);
        }
        "an older version appeared later" => {
            project.migration(20231231000000, "late_arrival", LATE_ARRIVAL);
            project.migration(20240103000000, "drop_nick", DROP_NICK_TYPED);
        }
        "file of an applied version is gone" => gone("20240103000000_drop_nick"),
        // Times of versions are seconds, and tell what ran first.
        "up to and including; runs the late one too" => {
            std::thread::sleep(std::time::Duration::from_millis(1100))
        }
        "SQL error: the whole file is rolled back" => project.migration(20240104000000, "bad_sql", BAD_SQL),
        "an applied and a pending file share a name: accepted" => {
            gone("20240104000000_bad_sql");
            project.migration(20240104000000, "add_age", NOTHING);
        }
        "an applied and a new file share a version: nothing to do" => {
            project.migration(20240104000000, "another", NOTHING);
        }
        "two pending files with one name" => {
            gone("20240104000000_another");
            project.migration(20240110000000, "same", NOTHING);
            project.migration(20240111000000, "same", NOTHING);
        }
        "two pending files with one version" => {
            gone("20240111000000_same");
            project.migration(20240110000000, "other", NOTHING);
        }
        "quiet, nothing pending" => {
            gone("20240110000000_same");
            gone("20240110000000_other");
        }
        "an older pending version still runs: the flag is only checked by Migrator.up/4" => {
            project.migration(20240101120000, "old_one", NOTHING);
        }
        "file without a migration module" => {
            project.write("priv/repo/migrations/20240105000000_no_module.json", "{}");
        }
        "name given" => gone("20240105000000_no_module"),
        _ => {}
    }
}

/// A database, and what it was asked and said.
struct Place {
    project: Project,
    query: Box<dyn Fn(&str) -> String>,
    sqlite: bool,
}

fn replay(place: &Place) {
    let vectors = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/conformance/migration/runner.json");
    let vectors: Json = serde_json::from_str(&std::fs::read_to_string(vectors).unwrap()).unwrap();
    let steps = vectors["transcript"].as_array().unwrap();
    assert_eq!(steps.len(), 48, "a step was added: see what it needs");
    for step in steps {
        let (Some(output), note) = (step["output"].as_str(), step["note"].as_str().unwrap_or("")) else {
            let made = std::fs::read_dir(place.project.folder.join("priv/repo/migrations")).unwrap();
            let made = made.map(|entry| entry.unwrap().path());
            let made: Vec<_> =
                made.filter(|path| path.to_str().unwrap().ends_with("_create_posts.json")).collect();
            let text = std::fs::read_to_string(&made[0]).unwrap();
            assert!(text.contains("\"name\": \"create_posts\",\n  \"change\": []"), "{text}");
            continue;
        };
        if let Some(sql) = step["psql"].as_str() {
            if place.sqlite && sql.contains("information_schema") {
                continue;
            }
            assert_eq!((place.query)(sql), output, "{sql}");
            continue;
        }
        prepare(&place.project, note);
        let command = step["cmd"]
            .as_str()
            .unwrap()
            .strip_prefix("ecto.")
            .unwrap()
            .replace("gen.migration", "gen migration");
        let mut words: Vec<&str> = command.split(' ').collect();
        let mut expected = output.to_owned();
        let mut code = i32::try_from(step["exit"].as_i64().unwrap()).unwrap();
        match note {
            // Nobody is here to answer, and Ecto asks in another case.
            _ if words[0] == "drop" => words.push("--force"),
            // A document holds no text of Elixir.
            "with --change" => words = vec!["gen", "migration", "extra_thing"],
            // The option is there.
            "unknown option form" => (code, expected) = (0, "[info] Migrations already down\n".into()),
            // What a run that can't be undone would do is known before it starts.
            "default is one step; this one is irreversible" => expected.clear(),
            _ => {}
        }
        let ran = place.project.run(&words);
        let context = format!("{command} ({note}): {ran:?}");
        assert_eq!(ran.code, code, "{context}");
        let migrator_sql = command.contains("--log-migrator-sql");
        assert_eq!(ours(&ran.out, migrator_sql), theirs(&expected, migrator_sql, place.sqlite), "{context}");
        match DIFFERENT.iter().find(|(different, _)| *different == note).filter(|_| code == 1) {
            Some((_, words)) => assert!(ran.err.contains(words), "{context}"),
            None => assert_eq!(ran.err, "", "{context}"),
        }
    }
}

/// What we said, without times. Of the SQL that keeps count, the rows that are written.
fn ours(said: &str, migrator_sql: bool) -> Vec<String> {
    let lines = said.lines().map(|line| {
        if let Some((start, _)) = line.split_once(" in ").filter(|_| line.contains("== Migrated")) {
            return format!("{start} in T.Ts");
        }
        if let Some((start, _)) = line.split_once(" db=") {
            return format!("{start} db=T");
        }
        let dated = line.split_once("/migrations/").filter(|_| line.starts_with("* creating"));
        match dated.and_then(|(folder, file)| Some((folder, file.split_once('_')?.1))) {
            Some((folder, name)) => format!("{folder}/migrations/TIMESTAMP_{name}"),
            None => line.to_owned(),
        }
    });
    kept(lines.collect(), migrator_sql)
}

/// What Ecto said, in our words.
fn theirs(said: &str, migrator_sql: bool, sqlite: bool) -> Vec<String> {
    let lines = said
        .lines()
        .take_while(|line| !line.starts_with("** (") && !line.starts_with("[error]"))
        .map(|line| {
            if let Some((start, name)) = line.split_once("Blog.Repo.Migrations.") {
                let (module, rest) = name.split_once('.').unwrap();
                let mut snake = String::new();
                for letter in module.chars() {
                    if letter.is_uppercase() && !snake.is_empty() {
                        snake.push('_');
                    }
                    snake.extend(letter.to_lowercase());
                }
                return format!("{start}{snake}.{}", rest.replace("/0", ""));
            }
            let line = line.replace(" idle=T", "").replace(".exs", ".json");
            if sqlite { line.replace("\"age\" integer", "\"age\" INTEGER") } else { line }
        });
    kept(lines.collect(), migrator_sql)
}

fn kept(lines: Vec<String>, migrator_sql: bool) -> Vec<String> {
    if !migrator_sql {
        return lines;
    }
    let wanted = |line: &String| line.starts_with("[info]") || line.starts_with("INSERT INTO");
    let start = |line: String| line.split(" VALUES").next().unwrap().replace("`", "\"");
    lines.into_iter().filter(wanted).map(start).collect()
}

fn rows(rows: Vec<Vec<Value>>) -> String {
    let cell = |value: &Value| match value {
        Value::Integer(number) => number.to_string(),
        Value::String(text) if !text.starts_with("20") => text.to_string(),
        Value::String(_) | Value::NaiveDatetime(_) => "TIMESTAMP".to_owned(),
        other => panic!("{other:?}"),
    };
    let line = |row: &Vec<Value>| row.iter().map(cell).collect::<Vec<_>>().join("|") + "\n";
    rows.iter().map(line).collect()
}

#[test]
fn the_recorded_flow_comes_out_the_same_on_sqlite() {
    let project = Project::with("[repo.\"Blog.Repo\"]\nadapter = \"sqlite\"\ndatabase = \"blog.db\"\n");
    let url = format!("sqlite://{}", project.folder.join("blog.db").display());
    let query = move |sql: &str| {
        wait(async {
            let sqlite = Sqlite::connect(&url).await.unwrap();
            rows(sqlite.query(sql, Vec::new()).await.unwrap().rows)
        })
    };
    replay(&Place { project, query: Box::new(query), sqlite: true });
}

#[test]
fn the_recorded_flow_comes_out_the_same_on_postgres() {
    let Some(server) = servers::postgres() else { return };
    let url = server.database(&unique("blog"));
    let project = Project::with(&format!("[repo.\"Blog.Repo\"]\nurl = \"{url}\"\n"));
    let query = move |sql: &str| {
        wait(async {
            let postgres = Postgres::connect(&url).await.unwrap();
            let answer = postgres.query(sql, Vec::new()).await;
            postgres.close().await;
            rows(answer.unwrap().rows)
        })
    };
    replay(&Place { project, query: Box::new(query), sqlite: false });
}
