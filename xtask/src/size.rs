//! `cargo xtask size`: what a page that only validates downloads, and what one with a database does besides.

use crate::package;
use crate::shell::{Arguments, Result, node, run, say};

/// What the user form may cost, gzip, all that its page downloads at once: 60 KB. Lower it when something is saved.
const BUDGET: u32 = 60 * 1024;

/// What the artifact of the repo may weigh, gzip: 1.15 MB.
const REPO_BUDGET: u32 = 1_150_000;

pub fn run_verb(arguments: Arguments) -> Result {
    arguments.end()?;
    within_budget()
}

/// Bundles the user form as a user would and holds its size against the budget.
pub fn within_budget() -> Result {
    package::build()?;
    say("measuring the user form");
    let mut measure = node("xtask/js/size.mjs")?;
    measure.arg(BUDGET.to_string());
    run(measure)?;
    say("measuring the artifact of the repo");
    let mut measure = node("xtask/js/sizes.mjs")?;
    measure.arg("--budget").arg(REPO_BUDGET.to_string()).arg("pkg/dist/repo.wasm");
    run(measure)
}
