//! The error cases of Ecto's guide, on a PostgreSQL that asks for passwords, and a few on MariaDB: each gives the cause and the
//! mend, and never the password.

use crate::project::{Project, unique, wait};
use crate::servers;
use ectomorph::adapters::mysql::MySql;
use ectomorph::adapters::postgres::Postgres;

const PASSWORD: &str = "open-sesame";

/// Runs SQL as the superuser.
fn as_superuser(sql: &str) {
    let url = servers::postgres().unwrap().database("postgres");
    wait(async {
        let postgres = Postgres::connect(url).await.unwrap();
        postgres.execute(sql).await.unwrap();
        postgres.close().await;
    });
}

/// A project whose repo connects as this role to the tests' server.
fn project(role: &str, password: &str, database: &str) -> Project {
    let url = &servers::postgres().unwrap().url;
    let port = url.rsplit_once(':').unwrap().1;
    Project::with(&format!(
        "[repo.hello]\nadapter = \"postgres\"\nusername = \"{role}\"\npassword = \"{password}\"\nhostname = \"127.0.0.1\"\n\
         port = {port}\ndatabase = \"{database}\"\nshow_sensitive_data_on_connection_error = true\n"
    ))
}

/// The error of a command, which does not hold the password.
fn error(project: &Project, arguments: &[&str]) -> String {
    let said = project.fails(arguments);
    assert!(!said.contains("sesame"), "{said}");
    said
}

/// Has the server let this role in without a password, so that it says what is wrong with it.
fn trusted(role: &str) {
    as_superuser(&format!(
        "DO $$ DECLARE rules oid; BEGIN
           rules := lo_from_bytea(0, convert_to('host all {role} 127.0.0.1/32 trust' || chr(10) ||
             pg_read_file(current_setting('hba_file')), 'UTF8'));
           PERFORM lo_export(rules, current_setting('hba_file'));
         END $$; SELECT pg_reload_conf()"
    ));
}

#[test]
fn a_role_that_is_missing_is_to_be_created() {
    if servers::postgres().is_none() {
        return;
    }
    let role = unique("nobody");
    let project = project(&role, PASSWORD, "hello_dev");
    // A server that asks for passwords does not say that there is no such role.
    let said = error(&project, &["create"]);
    assert!(said.contains(&format!("password authentication failed for user \"{role}\"")), "{said}");
    assert!(said.contains(&format!("CREATE ROLE \"{role}\" LOGIN CREATEDB;")), "{said}");
}

#[test]
fn a_role_that_may_not_log_in_is_to_be_allowed_to() {
    if servers::postgres().is_none() {
        return;
    }
    let role = unique("sleeper");
    as_superuser(&format!("CREATE ROLE {role} NOLOGIN PASSWORD '{PASSWORD}'"));
    let said = error(&project(&role, PASSWORD, "hello_dev"), &["create"]);
    let cause = format!(
        "error: The database for hello couldn't be created, reason given: role \"{role}\" is not permitted to log in"
    );
    assert!(said.starts_with(&cause), "{said}");
    assert!(said.ends_with(&format!("    ALTER ROLE \"{role}\" LOGIN;\n")), "{said}");
}

#[test]
fn a_role_that_may_not_create_databases_is_to_be_allowed_to() {
    if servers::postgres().is_none() {
        return;
    }
    let (role, database) = (unique("worker"), unique("hello"));
    as_superuser(&format!("CREATE ROLE {role} LOGIN PASSWORD '{PASSWORD}'"));
    let project = project(&role, PASSWORD, &database);
    let said = error(&project, &["create"]);
    assert_eq!(
        said,
        format!(
            "error: The database for hello couldn't be created, reason given: permission denied to create database \
             (42501)\n\n\
             Let the role create databases, as a superuser in psql:\n\n    ALTER ROLE \"{role}\" CREATEDB;\n"
        )
    );
    // The mend mends.
    as_superuser(&format!("ALTER ROLE \"{role}\" CREATEDB"));
    assert_eq!(project.says(&["create"]), "The database for hello has been created\n");
    assert_eq!(project.says(&["drop", "--force"]), "The database for hello has been dropped\n");
}

#[test]
fn a_wrong_password_is_said_with_where_it_came_from_and_not_shown() {
    let Some(server) = servers::postgres() else { return };
    let said = error(&project("postgres", PASSWORD, "hello_dev"), &["create"]);
    assert!(
        said.contains(
            "couldn't be created, reason given: password authentication failed for user \"postgres\""
        ),
        "{said}"
    );
    assert!(said.contains("Put the right password where [repo.hello] in ectomorph.toml has it"), "{said}");
    let port = server.url.rsplit_once(':').unwrap().1;
    let params = format!(
        "url = \"postgres://postgres@127.0.0.1:{port}/x?password={PASSWORD}&application_name=cli\"\n"
    );
    let shown = "show_sensitive_data_on_connection_error = true\n";
    let said = error(&Project::with(&format!("[repo.hello]\n{params}{shown}")), &["create"]);
    assert!(said.contains("?application_name=cli"), "{said}");
    let url = format!("postgres://postgres:{PASSWORD}@127.0.0.1:{port}/hello_dev");
    let said =
        error(&Project::empty().variable("DATABASE_URL", &url), &["migrations", "--migrations-path", "."]);
    assert!(said.contains("Put the right password where DATABASE_URL has it"), "{said}");
}

#[test]
fn a_server_that_is_not_there_is_to_be_started() {
    let settings = "[repo.hello]\nadapter = \"postgres\"\npassword = \"open-sesame\"\nhostname = \"127.0.0.1\"\nport = 1\n\
                    database = \"hello_dev\"\n";
    let said = error(&Project::with(settings), &["create"]);
    assert!(said.contains("the server can't be reached"), "{said}");
    assert!(said.contains("Start the server, or see that `hostname` and `port` are right"), "{said}");
    assert!(
        said.contains("[repo.hello] in ectomorph.toml says that PostgreSQL is at 127.0.0.1, port 1."),
        "{said}"
    );
}

#[test]
fn a_database_that_is_missing_is_to_be_created() {
    let Some(server) = servers::postgres() else { return };
    let name = unique("nowhere");
    let project = Project::with(&format!("[repo.\"Hello.Repo\"]\nurl = \"{}\"\n", server.database(&name)));
    project.migration(20240101000000, "nothing", r#""change": []"#);
    for command in ["migrate", "rollback", "migrations", "dump"] {
        let said = error(&project, &[command]);
        let cause = format!("error: database \"{name}\" does not exist");
        assert!(
            said.starts_with(&cause) && said.ends_with("Create it: ectomorph create -r Hello.Repo\n"),
            "{said}"
        );
    }
    let project = Project::sqlite();
    project.migration(20240101000000, "nothing", r#""change": []"#);
    let said = project.fails(&["migrate"]);
    assert_eq!(said, "error: the database hello.db does not exist\n\nCreate it: ectomorph create -r hello\n");
    assert!(!project.folder.join("hello.db").exists());
}

#[test]
fn a_database_that_others_use_is_dropped_when_that_is_said() {
    let Some(server) = servers::postgres() else { return };
    let url = server.database(&unique("busy"));
    let project = Project::with(&format!("[repo.hello]\nurl = \"{url}\"\n"));
    project.says(&["create"]);
    wait(async {
        let postgres = Postgres::connect(&url).await.unwrap();
        postgres.execute("SELECT 1").await.unwrap();
        let said = error(&project, &["drop", "--force"]);
        assert!(said.contains("is being accessed by other users"), "{said}");
        assert!(said.contains("--force-drop"), "{said}");
        assert_eq!(
            project.says(&["drop", "--force", "--force-drop"]),
            "The database for hello has been dropped\n"
        );
    });
}

#[test]
fn mysql_says_who_may_not() {
    let Some(server) = servers::mysql() else { return };
    let (role, database) = (unique("worker"), unique("hello"));
    wait(async {
        let mysql = MySql::connect(format!("{}/mysql", server.url)).await.unwrap();
        mysql.execute(&format!("CREATE USER '{role}'@'%' IDENTIFIED BY '{PASSWORD}'")).await.unwrap();
        mysql.execute(&format!("CREATE USER '{role}'@'localhost' IDENTIFIED BY '{PASSWORD}'")).await.unwrap();
        mysql.close().await;
    });
    let place = server.url.rsplit_once('@').unwrap().1;
    let wrong = Project::with(&format!("[repo.hello]\nurl = \"mysql://{role}:sesame@{place}/{database}\"\n"));
    let said = error(&wrong, &["create"]);
    assert!(said.contains("Access denied for user"), "{said}");
    assert!(
        said.contains("Put the right username and password where [repo.hello] in ectomorph.toml has them."),
        "{said}"
    );
    let allowed =
        Project::with(&format!("[repo.hello]\nurl = \"mysql://{role}:{PASSWORD}@{place}/{database}\"\n"));
    let said = error(&allowed, &["create"]);
    assert!(said.contains(&format!("GRANT ALL ON `{database}`.* TO '{role}'@'%';")), "{said}");
}

#[test]
fn a_server_that_trusts_says_that_a_role_is_missing() {
    if servers::postgres().is_none() || std::env::var_os("ECTOMORPH_POSTGRES_URL").is_some() {
        return;
    }
    let role = unique("stranger");
    trusted(&role);
    std::thread::sleep(std::time::Duration::from_millis(300));
    let said = error(&project(&role, PASSWORD, "hello_dev"), &["create"]);
    let cause = format!(
        "error: The database for hello couldn't be created, reason given: role \"{role}\" does not exist"
    );
    assert!(said.starts_with(&cause), "{said}");
    assert!(said.ends_with(&format!("    CREATE ROLE \"{role}\" LOGIN CREATEDB;\n")), "{said}");
}
