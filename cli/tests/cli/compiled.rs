//! Migrations in Rust: a program that has them, and handing over to it.

use crate::project::Project;
use ectomorph_cli::App;
use std::os::unix::fs::PermissionsExt;
use std::process::ExitCode;

/// Runs a program with the migrations of `tests/migrations`, in this process.
fn run(project: &Project, arguments: &[&str]) -> bool {
    let config = project.folder.join("ectomorph.toml").display().to_string();
    let arguments = ["ectomorph", "--config", &config].into_iter().chain(arguments.iter().copied());
    let app = App::new().migrations(ectomorph::migrations!("tests/migrations"));
    app.run(arguments) == ExitCode::SUCCESS
}

fn project() -> Project {
    let project = Project::empty();
    let folder = project.folder.display();
    project.write(
        "ectomorph.toml",
        &format!("[repo.hello]\nadapter = \"sqlite\"\ndatabase = \"{folder}/hello.db\"\npriv = \"{folder}/priv/repo\"\n"),
    );
    project
}

#[test]
fn a_program_runs_the_migrations_that_it_was_compiled_with() {
    let project = project();
    assert!(run(&project, &["create"]) && run(&project, &["migrate"]));
    // There is no folder of them where it runs.
    let up = "  up        20240101000000  ** FILE NOT FOUND **\n  up        20240102000000  ** FILE NOT FOUND **\n";
    std::fs::create_dir_all(project.folder.join("priv/repo/migrations")).unwrap();
    assert!(project.says(&["migrations"]).contains(up));
    assert!(run(&project, &["rollback", "--all"]) && run(&project, &["migrations"]));
    assert!(!project.says(&["migrations"]).contains("  up  "));
    // One that came later, and was not compiled in.
    project.write("priv/repo/migrations/20240103000000_later.rs", "");
    assert!(!run(&project, &["migrate"]));
    assert!(!run(&project, &["drop"]) && run(&project, &["drop", "--force"]));
}

#[test]
fn migrations_in_rust_are_run_by_the_program_of_the_project() {
    let project = project();
    project.says(&["create"]);
    project.write("priv/repo/migrations/20240101000000_create_users.rs", "");
    let said = project.fails(&["migrate"]);
    assert!(said.contains("the migrations are in Rust, and there is no Cargo.toml here"), "{said}");
    project.write("Cargo.toml", "");
    // In the place of Cargo, a program that says what it was called with.
    let cargo = project.folder.join("cargo");
    project.write("cargo", "#!/bin/sh\necho \"$@ ($ECTOMORPH_HANDED_OVER)\"\nexit $CODE\n");
    std::fs::set_permissions(&cargo, std::fs::Permissions::from_mode(0o755)).unwrap();
    let project = project.variable("CARGO", cargo.to_str().unwrap()).variable("CODE", "0");
    assert_eq!(
        project.says(&["migrate", "-n", "2", "--log-sql"]),
        "run --quiet --bin ectomorph -- migrate -n 2 --log-sql (1)\n"
    );
    let settings =
        project.read("ectomorph.toml") + "[project]\nbin = \"hello-migrations\"\npackage = \"hello\"\n";
    project.write("ectomorph.toml", &settings);
    let project = project.variable("CODE", "3");
    let ran = project.run(&["rollback"]);
    assert_eq!(ran.out, "run --quiet --bin hello-migrations --package hello -- rollback (1)\n");
    assert_eq!((ran.code, ran.err.as_str()), (3, ""));
    let project = project.variable("CODE", "101");
    let ran = project.run(&["migrations"]);
    assert!(ran.err.contains("`hello-migrations` was not built, or panicked"), "{ran:?}");
    // The program that was handed over to was built without them: no circle.
    let project = project.variable("ECTOMORPH_HANDED_OVER", "1");
    let said = project.fails(&["migrate"]);
    assert!(said.contains("20240101000000_create_users.rs is not compiled into this program"), "{said}");
    // What runs no migration needs no program.
    assert_eq!(project.says(&["create"]), "The database for hello has already been created\n");
}
