//! `cargo xtask size`: what a page that only validates downloads.

use crate::package;
use crate::shell::{Arguments, Result, node, run, say};

/// What the user form may cost, gzip, everything counted: 60 KB.
const BUDGET: u32 = 60 * 1024;

/// What it costs today, rounded up: `cargo xtask test` fails when it grows, so that it can only come down until the
/// budget is met. Lower it with every commit that saves something.
const CEILING: u32 = 119_000;

pub fn run_verb(arguments: Arguments) -> Result {
    arguments.end()?;
    measure(BUDGET)
}

/// Holds the size against what it was: the step of `cargo xtask test`.
pub fn has_not_grown() -> Result {
    println!("    the ceiling of today; `cargo xtask size` holds it against the budget of {BUDGET} bytes");
    measure(CEILING.max(BUDGET))
}

/// Bundles the user form as a user would and holds its size against a limit.
fn measure(limit: u32) -> Result {
    package::build()?;
    say("measuring the user form");
    let mut measure = node("xtask/js/size.mjs")?;
    measure.arg(limit.to_string());
    run(measure)
}
