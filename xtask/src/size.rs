//! `cargo xtask size`: what pages with rules and forms download, what one with a database does besides, and what rules in Rust
//! weigh.

use crate::shell::{Arguments, Result, node, run, say};
use crate::{exported, package};

/// What pages may cost, gzip, all that they download at once. Lower it when something is saved. The form of the guide may
/// never cost more than 45 KB.
const BUDGET: &[(&str, u32)] =
    &[("user-form", 45_000), ("bound-form", 52_700), ("react-form", 51_500), ("order-form", 59_700)];

/// What may weigh how much, gzip, of what a page with a database downloads: the repo; in its place, when it asks for raw
/// SQL, the repo with GlueSQL; and the script of the worker, with all that it imports.
const REPO: &[(&str, u32)] = &[
    ("pkg/dist/repo.wasm", 910_000),
    ("pkg/dist/repo-sql.wasm", 1_150_000),
    ("pkg/dist/browser/repo/worker.js", 24_000),
];

/// What rules in Rust may cost, gzip, with the engine and the standard library in their module.
const EXPORTED: u32 = 170_000;

pub fn run_verb(arguments: Arguments) -> Result {
    arguments.end()?;
    within_budget()
}

/// Bundles pages as a user would and holds their sizes against the budgets.
pub fn within_budget() -> Result {
    package::build()?;
    say("measuring pages");
    let mut measure = node("xtask/js/size.mjs")?;
    for (page, budget) in BUDGET {
        measure.arg(page).arg(budget.to_string());
    }
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
