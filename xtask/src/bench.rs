//! `cargo xtask bench`: speed, measured next to the alternatives in the same run.

use crate::shell::{Arguments, Result, cargo, failure, node, run, say, target};
use crate::{browser, npm, package};

pub fn run_verb(mut arguments: Arguments) -> Result {
    match arguments.word().as_deref() {
        Some("repo") => repo(arguments),
        Some("server") => server(arguments),
        Some("validate") => validate(arguments),
        Some(other) => Err(arguments.misuse(&format!("no bench {other:?}"))),
        None => Err(arguments.misuse("which bench?")),
    }
}

/// The forms of benches/validate/, through every peer: in Node, or with `--browser` in Chromium.
fn validate(mut arguments: Arguments) -> Result {
    let in_browser = arguments.flag("--browser");
    package::build()?;
    npm::install("benches/validate")?;
    say("measuring the validators (each in its own process, rounds interleaved)");
    let mut bench = node("benches/validate/run.mjs")?;
    if in_browser {
        // Playwright is there.
        npm::install("tests")?;
        bench.arg("--browser").env("CHROME", browser::find().ok_or_else(|| failure(browser::MISSING))?);
    }
    bench.args(arguments.rest());
    run(bench)
}

/// The databases of benches/repo/, each through every case: in Node; or durable ones in
/// Chromium, asked by the page (`--browser`) or in the worker that asks (`--worker`).
fn repo(mut arguments: Arguments) -> Result {
    let place = ["--browser", "--worker"].into_iter().find(|place| arguments.flag(place));
    package::build()?;
    npm::install("benches/repo")?;
    say("measuring the databases (each in its own process, rounds interleaved)");
    let mut bench = node("benches/repo/run.mjs")?;
    if let Some(place) = place {
        // Playwright is there.
        npm::install("tests")?;
        bench.arg(place).env("CHROME", browser::find().ok_or_else(|| failure(browser::MISSING))?);
    }
    bench.args(arguments.rest());
    run(bench)
}

/// The repo on servers next to sqlx, SeaORM and Diesel, and changesets next to garde and validator: a crate outside of the
/// workspace, which those never burden.
fn server(arguments: Arguments) -> Result {
    say("measuring the repo on PostgreSQL and SQLite, and changesets (one process, rounds interleaved)");
    let mut bench = cargo(["run", "--release", "--quiet", "--manifest-path", "benches/server/Cargo.toml"]);
    bench.arg("--target-dir").arg(target().join("server")).arg("--").args(arguments.rest());
    run(bench)
}
