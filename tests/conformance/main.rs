//! Runs the conformance vectors: what real Ecto did, case by case.
//!
//! `cargo test --test conformance -- [--dir DIR] [FILTER]` reads every `*.json` of `DIR` (by default the vectors next
//! to this file) and runs the cases whose id contains `FILTER`. It prints the cases that fail, each with what was
//! expected and what came out, then `N passed, M failed, K deviations`, and fails if a case fails.
//! Cases listed in `deviations.json` are expected to differ; one that passes is a failure.

mod changeset;
mod deviations;
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

fn main() -> ExitCode {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/conformance");
    let mut dir = root.join("changeset");
    let mut filter = String::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--dir" => dir = arguments.next().map(PathBuf::from).unwrap_or(dir),
            // Flags of cargo's own test runner, such as --nocapture or -q, mean nothing here.
            flag if flag.starts_with('-') => {}
            id => filter = id.to_owned(),
        }
    }

    let mut deviations = Deviations::read(&root.join("deviations.json"));
    let (mut passed, mut failed, mut deviated, mut skipped) = (0, 0, 0, 0);
    for case in vectors::read_all(&dir) {
        if !case.id().contains(&filter) {
            continue;
        }
        let Some(outcome) = run(&case) else {
            skipped += 1;
            continue;
        };
        match (outcome, deviations.take(case.id())) {
            (Outcome::Passed, None) => passed += 1,
            (Outcome::Failed { .. }, Some(_)) => deviated += 1,
            (Outcome::Passed, Some(reason)) => {
                failed += 1;
                println!("{}\n  passes, but is listed as a deviation: {reason}", case.id());
            }
            (Outcome::Failed { expected, actual }, None) => {
                failed += 1;
                println!("{}\n  case     {case}\n  expected {expected}\n  actual   {actual}", case.id());
            }
        }
    }
    // Only a whole run of the vectors at home meets every listed case.
    if filter.is_empty() && dir == root.join("changeset") {
        for id in deviations.left() {
            failed += 1;
            println!("{id}\n  is listed as a deviation, but there is no such case that is run");
        }
    }
    if skipped > 0 {
        println!("{skipped} cases of a kind that is not run yet");
    }
    // A filter may be meant for the tests of another target; without one, no case means no vectors.
    if filter.is_empty() && passed + failed + deviated == 0 {
        println!("no case was run: there is none in {}", dir.display());
        failed = 1;
    }
    println!("{passed} passed, {failed} failed, {deviated} deviations");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
