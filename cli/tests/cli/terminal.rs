//! What only a terminal sees: questions, and what takes its time. `script` of util-linux is one.

use crate::project::Project;
use std::io::Write;
use std::process::{Command, Stdio};

/// Runs the program in a terminal where somebody types, and gives its exit code and all that was seen.
fn typed(project: &Project, arguments: &str, typed: &str) -> (i32, String) {
    let line = format!("{} {arguments}", env!("CARGO_BIN_EXE_ectomorph"));
    let mut terminal = Command::new("script");
    terminal.args(["--quiet", "--return", "--command", &line, "/dev/null"]).current_dir(&project.folder);
    terminal.env_remove("DATABASE_URL").env_remove("NO_COLOR").env("TERM", "xterm");
    let mut terminal =
        terminal.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("`script`, of util-linux");
    terminal.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
    let output = terminal.wait_with_output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn dropping_is_done_when_somebody_says_yes() {
    let project = Project::sqlite();
    project.says(&["create"]);
    let (code, seen) = typed(&project, "drop", "n\n");
    assert!(seen.contains("Are you sure you want to drop the database for hello? [yn] "), "{seen}");
    assert!(code == 1 && seen.contains("nothing was done"), "{seen}");
    assert!(project.folder.join("hello.db").exists());
    let (code, seen) = typed(&project, "drop", "y\n");
    assert!(code == 0 && seen.contains("The database for hello has been dropped"), "{seen}");
    assert!(!project.folder.join("hello.db").exists());
}

#[test]
fn what_takes_its_time_says_so_and_is_gone_afterwards() {
    let project = Project::sqlite();
    let slow = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 25000000) SELECT count(*) FROM n";
    project.migration(
        20240101000000,
        "slow",
        &format!(r#""change": [{{"command": "execute", "up": "{slow}", "down": ""}}]"#),
    );
    project.says(&["create"]);
    let (code, seen) = typed(&project, "migrate", "");
    assert_eq!(code, 0, "{seen}");
    // How many seconds it shows depends on the machine.
    let (_, shown) = seen.split_once(&format!("execute {slow:?}, ")).unwrap_or_default();
    let (seconds, rest) = shown.split_once(' ').unwrap_or_default();
    assert!(seconds.parse::<u32>().is_ok_and(|seconds| seconds > 0), "{seen:?}");
    assert!(rest.starts_with("s ..\r\u{1b}[K"), "{seen:?}");
    assert!(seen.contains("\u{1b}[32m[info]\u{1b}[0m == Migrated 20240101000000 in "), "{seen:?}");
    // Nobody looks at what goes to a file.
    assert!(!project.says(&["rollback"]).contains(".."));
}
