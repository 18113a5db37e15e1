//! Several programs that migrate one database at the same time.

use crate::project::{Project, ran, unique};
use crate::servers;

const PROGRAMS: usize = 4;

/// Tables, each with a statement that takes its time in between; the last without a transaction.
fn migrations(project: &Project, slow: &str) -> Vec<i64> {
    let versions: Vec<i64> = (1..=5).map(|number| 20240101000000 + number).collect();
    for (number, version) in versions.iter().enumerate() {
        let alone = if number == 4 { r#", "disable_ddl_transaction": true"# } else { "" };
        project.migration(
            *version,
            &format!("create_t{number}"),
            &format!(
                r#""change": [{{"command": "execute", "up": "{slow}", "down": ""}},
                    {{"command": "create", "table": {{"name": "t{number}"}}, "columns": [{{"op": "add", "name": "x", "type": "integer"}}]}}]{alone}"#
            ),
        );
    }
    versions
}

fn each_runs_once(project: &Project, slow: &str) {
    let versions = migrations(project, slow);
    project.says(&["create"]);
    let programs: Vec<_> = (0..PROGRAMS).map(|_| project.start(&["migrate"])).collect();
    let mut said = String::new();
    for program in programs {
        let ran = ran(program);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
        said.push_str(&ran.out);
    }
    for version in &versions {
        let count = said.matches(&format!("== Migrated {version}")).count();
        assert_eq!(count, 1, "{version}: {said}");
    }
    assert_eq!(project.says(&["migrations"]).matches("\n  up  ").count(), versions.len());
    project.says(&["drop", "--force"]);
}

#[test]
fn programs_on_one_file_run_each_migration_once() {
    // A few million rows take a while to count.
    let slow = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 300000) SELECT count(*) FROM n";
    each_runs_once(&Project::sqlite(), slow);
}

#[test]
fn programs_on_one_postgres_run_each_migration_once() {
    let Some(server) = servers::postgres() else { return };
    let url = server.database(&unique("together"));
    each_runs_once(&Project::with(&format!("[repo.hello]\nurl = \"{url}\"\n")), "SELECT pg_sleep(0.1)");
}

#[test]
fn programs_on_one_mysql_run_each_migration_once() {
    let Some(server) = servers::mysql() else { return };
    let url = server.database(&unique("together"));
    each_runs_once(&Project::with(&format!("[repo.hello]\nurl = \"{url}\"\n")), "DO SLEEP(0.1)");
}
