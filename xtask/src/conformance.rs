//! `cargo xtask conformance`: the recorded behaviour of real Ecto, run against ectomorph.

use std::path::PathBuf;
use std::process::Command;

use crate::package;
use crate::shell::{Arguments, Result, cargo, node, path, run, say};

/// The vectors that every build answers to.
const VECTORS: &str = "tests/conformance/changeset";

pub fn run_verb(mut arguments: Arguments) -> Result {
    let js = arguments.flag("--js");
    let folder = arguments.option("--dir")?;
    let filter = arguments.word();
    arguments.end()?;
    let folder = folder.map(from_here);
    run(if js { javascript(folder, filter)? } else { native(folder, filter)? })
}

/// The runner in Rust, on every vector or those of `folder` whose id contains `filter`.
pub fn native(folder: Option<PathBuf>, filter: Option<String>) -> Result<Command> {
    say("running the conformance vectors in Rust");
    let runner =
        cargo(["test", "--quiet", "--release", "--package", "ectomorph", "--test", "conformance", "--"]);
    Ok(chosen(runner, folder, filter))
}

/// The same on the npm package, which is built first.
pub fn javascript(folder: Option<PathBuf>, filter: Option<String>) -> Result<Command> {
    package::build()?;
    say("running the conformance vectors in Node");
    Ok(chosen(node("pkg/test/conformance.mjs")?, folder, filter))
}

fn chosen(mut runner: Command, folder: Option<PathBuf>, filter: Option<String>) -> Command {
    runner.arg("--dir").arg(folder.unwrap_or_else(|| path(VECTORS))).args(filter);
    runner
}

/// Relative to where the user stands; the runners stand in the root.
fn from_here(folder: String) -> PathBuf {
    std::env::current_dir().map(|here| here.join(&folder)).unwrap_or(folder.into())
}
