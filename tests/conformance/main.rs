//! Runs the conformance vectors: what real Ecto did, case by case.
//!
//! `cargo test --test conformance -- [--dir DIR] [FILTER]` reads every `*.json` of `DIR` (by default the vectors next
//! to this file) and runs the cases whose id contains `FILTER`. It prints the cases that fail, each with what was
//! expected and what came out, then `N passed, M failed, K deviations`, and fails if a case fails.
//! Cases listed in `deviations.json` are expected to differ; one that passes is a failure.

mod changeset;
mod deviations;
#[cfg(feature = "repo")]
mod migration;
#[cfg(feature = "repo")]
mod migration_catalogue;
#[cfg(feature = "repo")]
mod migration_elixir;
#[cfg(feature = "repo")]
mod migration_interpret;
#[cfg(feature = "repo")]
mod migration_setup;
#[cfg(feature = "repo")]
mod migration_store;
mod types;
mod vectors;

use deviations::Deviations;
use std::path::PathBuf;
use std::process::ExitCode;
use vectors::{Case, Outcome};

/// Runs a case with the part of ectomorph that it is about; `None` for a kind that is not run yet.
fn run(case: &Case) -> Option<Outcome> {
    if case.get("input").is_some() || case.get("op").is_some() {
        Some(types::run(case))
    } else if case.get("steps").is_some() {
        Some(changeset::run(case))
    } else {
        None
    }
}

/// How many cases came out how.
struct Tally {
    deviations: Deviations,
    passed: usize,
    failed: usize,
    deviated: usize,
}

impl Tally {
    fn count(&mut self, id: &str, case: &dyn std::fmt::Display, outcome: Outcome) {
        match (outcome, self.deviations.take(id)) {
            (Outcome::Passed, None) => self.passed += 1,
            (Outcome::Failed { .. }, Some(_)) => self.deviated += 1,
            (Outcome::Passed, Some(reason)) => {
                self.failed += 1;
                println!("{id}\n  passes, but is listed as a deviation: {reason}");
            }
            (Outcome::Failed { expected, actual }, None) => {
                self.failed += 1;
                println!("{id}\n  case     {case}\n  expected {expected}\n  actual   {actual}");
            }
        }
    }
}

fn main() -> ExitCode {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/conformance");
    let mut dirs = vec![root.join("changeset")];
    #[cfg(feature = "repo")]
    dirs.push(root.join("migration"));
    let mut at_home = true;
    let mut filter = String::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--dir" => {
                dirs = arguments.next().map(PathBuf::from).into_iter().collect();
                at_home = false;
            }
            // Flags of cargo's own test runner, such as --nocapture or -q, mean nothing here.
            flag if flag.starts_with('-') => {}
            id => filter = id.to_owned(),
        }
    }

    let deviations = Deviations::read(&root.join("deviations.json"));
    let mut tally = Tally { deviations, passed: 0, failed: 0, deviated: 0 };
    let mut skipped = 0;
    for dir in &dirs {
        for case in vectors::read_all(dir) {
            if !case.id().contains(&filter) {
                continue;
            }
            match run(&case) {
                Some(outcome) => tally.count(case.id(), &case, outcome),
                None => skipped += 1,
            }
        }
        #[cfg(feature = "repo")]
        for (id, case, outcome) in migration::run_all(dir, &filter) {
            tally.count(&id, &case, outcome);
        }
    }
    // Only a whole run of the vectors at home meets every listed case.
    if filter.is_empty() && at_home {
        // Without the repo its vectors are not run.
        let run = |id: &&String| cfg!(feature = "repo") || !id.contains("migration/");
        for id in tally.deviations.left().filter(run) {
            tally.failed += 1;
            println!("{id}\n  is listed as a deviation, but there is no such case that is run");
        }
    }
    if skipped > 0 {
        println!("{skipped} cases of a kind that is not run yet");
    }
    let Tally { passed, mut failed, deviated, .. } = tally;
    // A filter may be meant for the tests of another target; without one, no case means no vectors.
    if filter.is_empty() && passed + failed + deviated == 0 {
        println!("no case was run: there is none in {dirs:?}");
        failed = 1;
    }
    println!("{passed} passed, {failed} failed, {deviated} deviations");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
