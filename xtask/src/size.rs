//! `cargo xtask size`: what a page that only validates downloads.

use crate::package;
use crate::shell::{Arguments, Result, node, run, say};

/// What the user form may cost, gzip, everything counted: 60 KB.
const BUDGET: u32 = 60 * 1024;

pub fn run_verb(arguments: Arguments) -> Result {
    arguments.end()?;
    measure()
}

/// Bundles the user form as a user would and holds its size against the budget.
pub fn measure() -> Result {
    package::build()?;
    say("measuring the user form");
    let mut measure = node("xtask/js/size.mjs")?;
    measure.arg(BUDGET.to_string());
    run(measure)
}
