//! `cargo xtask crash`: programs in Node and pages in Chromium, killed while they write to a database.

use crate::shell::{Arguments, Failure, Result, failure, node, run, say};
use crate::{browser, npm, package};

/// The scripts that kill, which `cargo xtask test` runs too, for a few times.
pub const NODE: &str = "tests/kill/node.mjs";
pub const CHROMIUM: &str = "tests/kill/chromium.mjs";

/// What `--runs` is unless it is given.
const RUNS: &str = "50";

pub fn run_verb(mut arguments: Arguments) -> Result {
    let runs = arguments.option("--runs")?.unwrap_or_else(|| RUNS.into());
    let seed = arguments.option("--seed")?;
    arguments.end()?;
    let browser = browser::find().ok_or_else(|| failure(browser::MISSING))?;
    package::build()?;
    npm::install("tests")?;
    let mut harmed = false;
    for (script, what) in [(NODE, "a program in Node"), (CHROMIUM, "Chromium, its tabs and workers")] {
        say(&format!("killing {what}, {runs} times"));
        let mut command = node(script)?;
        command.args(["--runs", &runs]).env("CHROME", &browser);
        if let Some(seed) = &seed {
            command.args(["--seed", seed]);
        }
        harmed |= run(command).is_err();
    }
    // The scripts have said what was harmed.
    if harmed { Err(Failure { message: String::new(), code: 1 }) } else { Ok(()) }
}
