//! `cargo xtask bench`: speed, measured next to the alternatives in the same run.

use crate::shell::{Arguments, Result, node, run, say};
use crate::{npm, package};

pub fn run_verb(mut arguments: Arguments) -> Result {
    match arguments.word().as_deref() {
        Some("repo") => repo(arguments),
        Some("validate") => validate(arguments),
        Some(other) => Err(arguments.misuse(&format!("no bench {other:?}"))),
        None => Err(arguments.misuse("which bench?")),
    }
}

/// The forms of benches/validate/, through every peer.
fn validate(arguments: Arguments) -> Result {
    package::build()?;
    npm::install("benches/validate")?;
    say("measuring the validators (each in its own process, rounds interleaved)");
    let mut bench = node("benches/validate/run.mjs")?;
    bench.args(arguments.rest());
    run(bench)
}

/// The databases of benches/repo/, each through every case.
fn repo(arguments: Arguments) -> Result {
    package::build()?;
    npm::install("benches/repo")?;
    say("measuring the databases (each in its own process, rounds interleaved)");
    let mut bench = node("benches/repo/run.mjs")?;
    bench.args(arguments.rest());
    run(bench)
}
