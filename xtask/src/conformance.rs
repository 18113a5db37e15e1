//! `cargo xtask conformance`: the recorded behaviour of real Ecto, run against ectomorph.

use std::path::PathBuf;
use std::process::Command;

use crate::shell::{Arguments, Result, cargo, failure, node, path, run, say, target};
use crate::{browser, npm, package};

/// The vectors that JavaScript answers to.
const VECTORS: &str = "tests/conformance/changeset";

pub fn run_verb(mut arguments: Arguments) -> Result {
    let js = arguments.flag("--js");
    let browser = arguments.flag("--browser");
    let sql = arguments.flag("--sql");
    let folder = arguments.option("--dir")?;
    let repo = arguments.option("--repo")?;
    let filter = arguments.word();
    arguments.end()?;
    let folder = folder.map(from_here);
    if browser && repo.is_some() {
        return Err(failure("--repo does not go with --browser yet: use --js alone"));
    }
    if sql && (js || repo.is_some()) {
        return Err(failure("--sql compares text: it goes with neither --js nor --repo"));
    }
    if sql {
        return run(text(folder, filter)?);
    }
    run(match (js, browser) {
        (true, true) => page(folder, filter)?,
        (true, false) => javascript(folder, repo, filter)?,
        (false, true) => return Err(failure("--browser goes with --js: the package runs in a page")),
        (false, false) => native(folder, repo, filter)?,
    })
}

/// The runner in Rust, on every vector or those of `folder` whose id contains `filter`; those of queries on the adapter
/// `repo`, and not without one.
pub fn native(folder: Option<PathBuf>, repo: Option<String>, filter: Option<String>) -> Result<Command> {
    say("running the conformance vectors in Rust");
    let mut runner = cargo(["test", "--quiet", "--package", "ectomorph", "--test", "conformance"]);
    match repo.as_deref() {
        None => runner.arg("--release"),
        // The server is what takes the time, not this program.
        Some("sqlite" | "postgres" | "mysql") => runner.arg("--all-features"),
        Some(_) => runner.args(["--release", "--features", "glue"]),
    };
    runner.arg("--");
    if let Some(folder) = folder {
        runner.arg("--dir").arg(folder);
    }
    if let Some(repo) = repo {
        runner.arg("--repo").arg(repo);
    }
    runner.args(filter);
    Ok(runner)
}

/// The text of queries, writes and migrations, dialect by dialect.
pub fn text(folder: Option<PathBuf>, filter: Option<String>) -> Result<Command> {
    say("comparing SQL with that of Ecto's adapters");
    let mut runner = cargo(["test", "--quiet", "--package", "ectomorph", "--all-features"]);
    runner.args(["--test", "conformance", "--", "--sql"]);
    if let Some(folder) = folder {
        runner.arg("--dir").arg(folder);
    }
    runner.args(filter);
    Ok(runner)
}

/// The same on the npm package, which is built first; the vectors of queries and migrations with a `repo`.
pub fn javascript(folder: Option<PathBuf>, repo: Option<String>, filter: Option<String>) -> Result<Command> {
    package::build()?;
    say("running the conformance vectors in Node");
    let mut runner = node("pkg/test/conformance.mjs")?;
    let Some(repo) = repo else { return Ok(chosen(runner, folder, filter)) };
    runner.arg("--repo").arg(repo);
    if folder.is_none() {
        migrated(filter.clone())?;
    }
    Ok(chosen(runner, Some(folder.unwrap_or_else(|| path("tests/conformance/query"))), filter))
}

/// The vectors of migrations through the package, which exports what came of them; what that is, Rust looks at.
fn migrated(filter: Option<String>) -> Result {
    let dump = target().join("xtask/migrations.json");
    let mut dumping = node("pkg/test/migration-dump.mjs")?;
    dumping.arg(&dump);
    run(dumping)?;
    let mut comparing = native(None, Some("glue".to_owned()), filter)?;
    comparing.arg("--dumped").arg(dump);
    run(comparing)
}

/// The same in Chromium, on the artifact that pages get.
pub fn page(folder: Option<PathBuf>, filter: Option<String>) -> Result<Command> {
    package::build()?;
    npm::install("tests")?;
    say("running the conformance vectors in Chromium");
    let mut runner = chosen(node("tests/browser/engine.mjs")?, folder, filter);
    runner.envs(browser::find().map(|browser| ("CHROME", browser)));
    Ok(runner)
}

fn chosen(mut runner: Command, folder: Option<PathBuf>, filter: Option<String>) -> Command {
    runner.arg("--dir").arg(folder.unwrap_or_else(|| path(VECTORS))).args(filter);
    runner
}

/// Relative to where the user stands; the runners stand in the root.
fn from_here(folder: String) -> PathBuf {
    std::env::current_dir().map(|here| here.join(&folder)).unwrap_or(folder.into())
}
