//! `dump` and `load`.

use crate::project::{Project, unique, wait};
use crate::servers;
use ectomorph::adapters::postgres::Postgres;

const POSTS: &str = r#""change": [
    {"command": "create", "table": {"name": "posts", "primary_key": true}, "columns": [
        {"op": "add", "name": "id", "type": "bigserial", "opts": {"primary_key": true}},
        {"op": "add", "name": "title", "type": "string", "opts": {"null": false}}]},
    {"command": "create", "index": {"table": "posts", "columns": ["title"], "unique": true}}]"#;

/// Whether the structure of one database, dumped and loaded, is that of another.
fn there_and_back(one: &Project, other: &Project) {
    one.migration(20240101000000, "create_posts", POSTS);
    other.migration(20240101000000, "create_posts", POSTS);
    one.says(&["create"]);
    one.says(&["migrate"]);
    assert_eq!(one.says(&["dump"]), "The structure for hello has been dumped to priv/repo/structure.sql\n");
    let dumped = one.read("priv/repo/structure.sql");
    assert!(dumped.contains("posts_title_index") && dumped.contains("20240101000000"), "{dumped}");
    assert!(other.fails(&["load"]).starts_with("error: priv/repo/structure.sql: "));
    other.write("priv/repo/structure.sql", &dumped);
    other.says(&["create"]);
    assert_eq!(
        other.says(&["load"]),
        "The structure for hello has been loaded from priv/repo/structure.sql\n"
    );
    assert_eq!(other.says(&["migrate"]), "[info] Migrations already up\n");
    assert_eq!(other.says(&["load", "--skip-if-loaded"]), "");
    assert!(other.fails(&["load"]).contains("say so with --force"));
    assert_eq!(other.says(&["rollback"]).matches("[info] drop").count(), 2);
    for project in [one, other] {
        project.says(&["drop", "--force"]);
    }
}

#[test]
fn the_structure_of_a_file_comes_back() {
    there_and_back(&Project::sqlite(), &Project::sqlite());
}

#[test]
fn the_structure_of_a_postgres_comes_back() {
    let Some(server) = servers::postgres() else { return };
    let project =
        || Project::with(&format!("[repo.hello]\nurl = \"{}\"\n", server.database(&unique("structure"))));
    there_and_back(&project(), &project());
}

#[test]
fn the_structure_of_a_mysql_comes_back() {
    let Some(server) = servers::mysql() else { return };
    let project =
        || Project::with(&format!("[repo.hello]\nurl = \"{}\"\n", server.database(&unique("structure"))));
    there_and_back(&project(), &project());
}

#[test]
fn a_program_that_is_missing_is_named() {
    let Some(server) = servers::postgres() else { return };
    let project = Project::with(&format!("[repo.hello]\nurl = \"{}\"\n", server.database("postgres")));
    let project = project.variable("PATH", "/nowhere");
    let said = project.fails(&["dump"]);
    assert_eq!(
        said,
        "error: pg_dump was not found, which this needs\n\nInstall it: apt-get install postgresql-client, or the programs of \
         your database elsewhere.\n"
    );
}

#[test]
fn what_migrates_a_prefix_keeps_count_there() {
    let Some(server) = servers::postgres() else { return };
    let url = server.database(&unique("tenants"));
    let project = Project::with(&format!("[repo.hello]\nurl = \"{url}\"\n"));
    project.migration(20240101000000, "create_posts", POSTS);
    project.says(&["create"]);
    wait(async {
        let postgres = Postgres::connect(&url).await.unwrap();
        postgres.execute("CREATE SCHEMA tenant_1").await.unwrap();
        postgres.close().await;
    });
    let said = project.says(&["migrate", "--prefix", "tenant_1", "--log-sql"]);
    assert!(said.contains("CREATE TABLE \"tenant_1\".\"posts\""), "{said}");
    assert!(project.says(&["migrations", "--prefix", "tenant_1"]).contains("  up        20240101000000"));
    assert!(project.says(&["migrations"]).contains("  down      20240101000000"));
    project.says(&["drop", "--force"]);
}
