//! Names and arguments that somebody chose to do harm.

use crate::project::{Project, unique, wait};
use crate::servers;
use ectomorph::adapters::mysql::MySql;
use ectomorph::adapters::postgres::Postgres;
use ectomorph::value::Value;

const NAMES: [&str; 4] =
    ["a\"; DROP TABLE users; --", "b`; DROP TABLE users; --", "c' OR '1'='1", "d e%20\\n -h"];

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}

#[test]
fn a_database_may_have_any_name_on_postgres() {
    let Some(server) = servers::postgres() else { return };
    let port = server.url.rsplit_once(':').unwrap().1;
    for name in NAMES {
        let name = unique(name);
        let project = Project::with(&format!(
            "[repo.hello]\nadapter = \"postgres\"\nusername = \"postgres\"\npassword = \"secret\"\nhostname = \"127.0.0.1\"\n\
             port = {port}\ndatabase = {}\n",
            quoted(&name)
        ));
        project.migration(20240101000000, "nothing", r#""change": []"#);
        assert_eq!(project.says(&["create"]), "The database for hello has been created\n");
        assert_eq!(project.says(&["create"]), "The database for hello has already been created\n");
        let there = || {
            wait(async {
                let postgres = Postgres::connect(server.database("postgres")).await.unwrap();
                let sql = "SELECT count(*) FROM pg_database WHERE datname = $1";
                postgres.query(sql, vec![name.clone().into()]).await.unwrap().rows[0][0].clone()
            })
        };
        assert_eq!(there(), Value::Integer(1));
        assert!(project.says(&["migrate"]).contains("== Migrated 20240101000000"));
        project.says(&["drop", "--force"]);
        assert_eq!(there(), Value::Integer(0));
    }
}

#[test]
fn a_database_may_have_any_name_on_mysql() {
    let Some(server) = servers::mysql() else { return };
    for name in NAMES {
        let name = unique(name);
        let (place, port) = server.url.rsplit_once('@').unwrap().1.split_once(':').unwrap();
        let project = Project::with(&format!(
            "[repo.hello]\nadapter = \"mysql\"\nusername = \"root\"\nhostname = \"{place}\"\nport = {port}\ndatabase = {}\n",
            quoted(&name)
        ));
        assert_eq!(project.says(&["create"]), "The database for hello has been created\n");
        assert_eq!(project.says(&["create"]), "The database for hello has already been created\n");
        assert_eq!(project.says(&["drop", "--force"]), "The database for hello has been dropped\n");
        assert_eq!(project.says(&["drop", "--force"]), "The database for hello has already been dropped\n");
    }
    wait(async {
        let mysql = MySql::connect(format!("{}/mysql", server.url)).await.unwrap();
        mysql.execute("SELECT 1").await.unwrap();
        mysql.close().await;
    });
}

#[test]
fn a_file_may_have_any_name() {
    for name in NAMES {
        let project =
            Project::with(&format!("[repo.hello]\nadapter = \"sqlite\"\ndatabase = {}\n", quoted(name)));
        project.migration(20240101000000, "nothing", r#""change": []"#);
        project.says(&["create"]);
        assert!(project.says(&["migrate"]).contains("== Migrated 20240101000000"), "{name}");
        assert!(project.folder.join(name).exists());
        project.says(&["drop", "--force"]);
        assert_eq!(
            std::fs::read_dir(&project.folder).unwrap().count(),
            2,
            "{name}: the settings and priv are left"
        );
    }
}

#[test]
fn options_of_a_database_are_texts_and_names() {
    let Some(server) = servers::postgres() else { return };
    let url = server.database(&unique("options"));
    let project = Project::with(&format!("[repo.hello]\nurl = \"{url}\"\nencoding = \"UTF8' OWNER 'x\"\n"));
    let said = project.fails(&["create"]);
    assert!(said.contains("UTF8' OWNER 'x is not a valid encoding name"), "{said}");
    let project = Project::with(&format!("[repo.hello]\nurl = \"{url}\"\ntemplate = \"no\\\"thing\"\n"));
    assert!(project.fails(&["create"]).contains("template database \"no\"thing\" does not exist"));
    let project = Project::with(&format!(
        "[repo.hello]\nurl = \"{url}\"\ntemplate = \"template0\"\nencoding = \"LATIN1\"\nlc_collate = \"C\"\nlc_ctype = \"C\"\n\
         owner = \"postgres\"\n"
    ));
    project.says(&["create"]);
    let encoding = wait(async {
        let postgres = Postgres::connect(&url).await.unwrap();
        let answer = postgres.query("SHOW server_encoding", Vec::new()).await.unwrap();
        postgres.close().await;
        answer.rows[0][0].clone()
    });
    assert_eq!(encoding, Value::from("LATIN1"));
    project.says(&["drop", "--force"]);
}

#[test]
fn names_of_generators_make_no_paths() {
    let project = Project::sqlite();
    for name in ["../../etc/passwd", "a b", "", "A", "a;rm -rf", "a\nb", "\u{1F600}", &"a".repeat(64)] {
        let said = project.fails(&["gen", "migration", name]);
        assert!(said.contains("expected the migration"), "{name:?}: {said}");
    }
    for schema in ["../User", "user", "User;", "Üser"] {
        let said = project.fails(&["gen", "schema", schema, "users", "name"]);
        assert!(said.contains("expected the schema"), "{schema:?}: {said}");
    }
    let said = project.fails(&["gen", "schema", "User", "users", "name:strng"]);
    assert!(said.contains("`name:strng`: there is no type `strng`; did you mean `string`?"), "{said}");
    for name in ["../x", "a b", "[x]", "\"", "a.b"] {
        let said = project.fails(&["gen", "repo", name]);
        assert!(said.contains("expected the repo"), "{name:?}: {said}");
    }
    assert_eq!(std::fs::read_dir(&project.folder).unwrap().count(), 1);
}

#[test]
fn documents_that_are_none_are_refused_before_anything_runs() {
    let project = Project::sqlite();
    project.says(&["create"]);
    project.migration(20240101000000, "fine", r#""change": []"#);
    for (text, expected) in [
        ("", "does not define a migration"),
        ("{\"version\": 9}", "is newer than this ectomorph understands"),
        (
            "{\"version\": 1, \"migration\": 20240102000001, \"name\": \"odd\", \"change\": []}",
            "inside it is 20240102000001_odd",
        ),
        (&"[".repeat(100_000), "does not define a migration"),
        (
            "{\"version\": 1, \"migration\": 20240102000000, \"name\": \"odd\", \"change\": [{\"command\": \"drp\"}]}",
            "drp",
        ),
    ] {
        project.write("priv/repo/migrations/20240102000000_odd.json", text);
        let said = project.fails(&["migrate"]);
        assert!(
            said.contains("priv/repo/migrations/20240102000000_odd.json") && said.contains(expected),
            "{said}"
        );
    }
    project.remove("priv/repo/migrations/20240102000000_odd.json");
    for name in ["20240102000000_odd.ts", "20240102000000_odd.mjs"] {
        project.write(&format!("priv/repo/migrations/{name}"), "");
        let said = project.fails(&["migrate"]);
        assert!(
            said.contains(&format!("{name} is for JavaScript")) && said.contains("npx ectomorph migrate"),
            "{said}"
        );
        project.remove(&format!("priv/repo/migrations/{name}"));
    }
    assert!(project.says(&["migrations"]).contains("\n  down      20240101000000  fine\n"));
}
