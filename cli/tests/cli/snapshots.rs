//! Help and messages, as files: `UPDATE=1` writes them anew.

use crate::project::Project;
use std::path::Path;

fn same(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots").join(format!("{name}.txt"));
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, expected, "{name}: UPDATE=1 writes it anew");
}

#[test]
fn help_is_as_it_was() {
    let project = Project::empty();
    let mut all = String::new();
    for command in [
        "",
        "create",
        "drop",
        "migrate",
        "rollback",
        "migrations",
        "gen",
        "gen migration",
        "gen schema",
        "gen types",
        "gen repo",
        "dump",
        "load",
    ] {
        let arguments: Vec<&str> =
            command.split(' ').filter(|word| !word.is_empty()).chain(["--help"]).collect();
        all.push_str(&format!("$ ectomorph {}\n{}\n", arguments.join(" "), project.says(&arguments)));
    }
    same("help", &all);
}

#[test]
fn help_has_colors_where_they_are_wanted() {
    let project = Project::sqlite();
    project.migration(20240101000000, "nothing", r#""change": []"#);
    let said = project.says(&["create", "--color", "always"]);
    assert_eq!(said, "The database for hello has been created\n");
    let said = project.says(&["migrate", "--color", "always"]);
    assert!(said.starts_with("\u{1b}[32m[info]\u{1b}[0m == Running 20240101000000"), "{said:?}");
    assert!(!project.says(&["migrate"]).contains('\u{1b}'));
}

#[test]
fn messages_of_mistakes_are_as_they_were() {
    let project = Project::sqlite();
    let mut all = String::new();
    for line in [
        "",
        "migrat",
        "migrate --bogus",
        "migrate -n x",
        "migrate -n 1 --to 2",
        "migrate --pool-size 0",
        "create -r other",
        "drop",
        "migrate",
        "migrations",
        "gen",
        "gen migration",
        "gen migration CreateUsers",
        "gen schema User",
        "gen schema user users",
        "gen schema User users name:strng",
        "gen schema User users id",
        "gen schema User users a a",
        "gen schema User users tags:array",
        "gen schema User users inserted_at:date",
        "gen schema User users a --lang java",
        "gen types",
        "gen types no.json",
        "load",
        "create --config no.toml",
    ] {
        let arguments: Vec<&str> = line.split(' ').filter(|word| !word.is_empty()).collect();
        let ran = project.run(&arguments);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{line}");
        all.push_str(&format!("$ ectomorph {line}\n{}\n", ran.err));
    }
    same("mistakes", &all);
}
