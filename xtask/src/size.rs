//! `cargo xtask size`: what a page that only validates downloads, and what one with a database does besides.

use crate::shell::{Arguments, Result, node, run, say};
use crate::{exported, package};

/// What the user form may cost, gzip, all that its page downloads at once: 56 KB. Lower it when something is saved.
const BUDGET: u32 = 56_000;

/// What may weigh how much, gzip, of what a page with a database downloads: the repo; in its place, when it asks for raw
/// SQL, the repo with GlueSQL; and the script of the worker.
const REPO: &[(&str, u32)] = &[
    ("pkg/dist/repo.wasm", 880_000),
    ("pkg/dist/repo-sql.wasm", 1_150_000),
    ("pkg/dist/browser/repo/worker.js", 12_500),
];

/// What rules in Rust may cost, gzip, with the engine and the standard library in their module.
const EXPORTED: u32 = 170_000;

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
    say("measuring the repo");
    let mut measure = node("xtask/js/sizes.mjs")?;
    for (file, budget) in REPO {
        measure.arg("--budget").arg(budget.to_string()).arg(file);
    }
    run(measure)?;
    exported::build()?;
    say("measuring rules in Rust, in a module of their own");
    let mut measure = node("xtask/js/sizes.mjs")?;
    measure.arg("--budget").arg(EXPORTED.to_string()).arg("examples/shared-rules/rules/pkg/rules_bg.wasm");
    run(measure)
}
