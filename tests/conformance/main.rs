//! Runs the conformance vectors: what real Ecto did, case by case.
//!
//! `cargo test --test conformance -- [--dir DIR] [--sql | --repo ADAPTER] [FILTER]` reads every `*.json` of `DIR` and the
//! folders in it (by default those next to this file) and runs the cases whose id contains `FILTER`; those of queries
//! and writes on the adapter named by `--repo`, and not at all without one; those of migrations as commands and SQL, and
//! (`glue:`, `postgres:`) on that adapter. With `--sql` it compares the text of queries, writes and migrations instead; with `--dumped FILE`
//! what the npm package did with migrations, by `pkg/test/migration-dump.mjs`. It prints the cases that fail, each with
//! what was expected and what came out, then a line for each group and `N passed, M failed, K deviations`, and fails
//! if a case fails. Cases listed in `deviations.json` are expected to differ; one that passes is a failure.

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
#[cfg(any(feature = "mysql", feature = "sqlite", feature = "postgres"))]
mod migration_servers;
#[cfg(feature = "repo")]
mod migration_setup;
#[cfg(feature = "repo")]
mod migration_store;
#[cfg(feature = "repo")]
#[path = "../naive/mod.rs"]
mod naive;
#[cfg(feature = "repo")]
mod repo;
#[cfg(any(feature = "mysql", feature = "sqlite", feature = "postgres"))]
#[path = "../servers/mod.rs"]
mod servers;
#[cfg(feature = "repo")]
mod sql;
mod types;
mod vectors;

use deviations::Deviations;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
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

/// What the command line asks for.
struct Wanted {
    root: PathBuf,
    dir: PathBuf,
    adapter: Option<String>,
    /// What the npm package did with the vectors of migrations.
    dumped: Option<PathBuf>,
    sql: bool,
    filter: String,
}

impl Wanted {
    fn read() -> Wanted {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/conformance");
        let mut wanted = Wanted {
            dir: root.clone(),
            root,
            adapter: None,
            dumped: None,
            sql: false,
            filter: String::new(),
        };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--dir" => wanted.dir = arguments.next().map(PathBuf::from).unwrap_or(wanted.dir),
                "--dumped" => wanted.dumped = arguments.next().map(PathBuf::from),
                // The store is the database in memory, here as in the browser.
                "--repo" => {
                    let name = arguments.next();
                    wanted.adapter = name.map(|name| if name == "memory" { "glue".to_owned() } else { name });
                }
                "--sql" => wanted.sql = true,
                // Flags of cargo's own test runner, such as --nocapture or -q, mean nothing here.
                flag if flag.starts_with('-') => {}
                id => wanted.filter = id.to_owned(),
            }
        }
        wanted
    }
}

/// What came of the cases so far.
struct Tally {
    deviations: Deviations,
    /// Passed, failed and deviating cases of each group.
    groups: BTreeMap<String, (usize, usize, usize)>,
}

impl Tally {
    fn count(&mut self, id: &str, group: &str, outcome: Outcome, case: &dyn std::fmt::Display) {
        let (passed, failed, deviated) = self.groups.entry(group.to_owned()).or_default();
        match (outcome, self.deviations.take(id)) {
            (Outcome::Passed, None) => *passed += 1,
            (Outcome::Failed { .. }, Some(_)) => *deviated += 1,
            (Outcome::Passed, Some(reason)) => {
                *failed += 1;
                println!("{id}\n  passes, but is listed as a deviation: {reason}");
            }
            (Outcome::Failed { expected, actual }, None) => {
                *failed += 1;
                println!("{id}\n  case     {case}\n  expected {expected}\n  actual   {actual}");
            }
        }
    }

    fn total(&self) -> (usize, usize, usize) {
        self.groups.values().fold((0, 0, 0), |sum, group| (sum.0 + group.0, sum.1 + group.1, sum.2 + group.2))
    }
}

fn main() -> ExitCode {
    let wanted = Wanted::read();
    let deviations = Deviations::read(&wanted.root.join("deviations.json"));
    let mut tally = Tally { deviations, groups: BTreeMap::new() };
    let mut skipped = 0;
    for dir in vectors::folders(&wanted.dir) {
        if wanted.sql {
            run_sql(&dir, &wanted, &mut tally);
            continue;
        }
        for case in vectors::read_all(&dir) {
            if wanted.dumped.is_some() || !case.id().contains(&wanted.filter) {
                continue;
            }
            match run(&case) {
                Some(outcome) => {
                    let group = case.id().split('/').next().unwrap_or_default().to_owned();
                    tally.count(case.id(), &group, outcome, &case);
                }
                None => skipped += 1,
            }
        }
        skipped += run_repo(&dir, &wanted, &mut tally);
    }
    // Only a whole run of the vectors at home meets every listed case.
    let whole = wanted.filter.is_empty() && wanted.dir == wanted.root;
    let mut failed = 0;
    let was_run = |id: &&String| match id.split('/').next() {
        group if wanted.dumped.is_some() => group == Some("glue:migration"),
        Some(group) if wanted.sql || group.starts_with("sql:") => wanted.sql && group.starts_with("sql:"),
        Some("query") => wanted.adapter.as_deref() == Some("glue"),
        Some(group) if group.ends_with(":query") && !group.starts_with("js:") => {
            wanted.adapter.as_deref() == group.split(':').next()
        }
        Some("migration") => cfg!(feature = "repo"),
        Some(group) if group.ends_with(":migration") && !group.starts_with("js:") => {
            wanted.adapter.as_deref() == group.split(':').next()
        }
        // Those of the runner on the package.
        Some(group) if group.starts_with("js:") => false,
        _ => true,
    };
    for id in tally.deviations.left().filter(|id| whole && was_run(id)) {
        failed += 1;
        println!("{id}\n  is listed as a deviation, but there is no such case that is run");
    }
    if wanted.adapter.is_some() || wanted.sql {
        for (group, (passed, failed, deviated)) in &tally.groups {
            println!("{group}: {passed} passed, {failed} failed, {deviated} deviations");
        }
    }
    if skipped > 0 {
        println!("{skipped} cases of a kind that is not run; --repo ADAPTER runs those with a database");
    }
    let (passed, of_cases, deviated) = tally.total();
    failed += of_cases;
    // A filter may be meant for the tests of another target; without one, no case means no vectors.
    if wanted.filter.is_empty() && passed + failed + deviated == 0 {
        println!("no case was run: there is none in {}", wanted.dir.display());
        failed = 1;
    }
    println!("{passed} passed, {failed} failed, {deviated} deviations");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Compares the text of a folder's queries, writes and migrations.
#[cfg(feature = "repo")]
fn run_sql(dir: &Path, wanted: &Wanted, tally: &mut Tally) {
    let runner = dir.join("dataset.json").exists().then(|| repo::Runner::new(dir, "glue"));
    for case in vectors::read_vectors(dir) {
        let id = case["id"].as_str().unwrap_or_default();
        if !id.contains(&wanted.filter) {
            continue;
        }
        let mut count = |id: &str, outcome| {
            let group: Vec<&str> = id.split(['/', ':']).take(3).collect();
            tally.count(id, &group.join(":"), outcome, &case["ecto"]);
        };
        match &runner {
            _ if id.starts_with("migration/") => sql::migration(&case, &mut count),
            Some(runner) if case.get("steps").is_some() => sql::write(&case, runner, &mut count),
            _ => sql::query(&case, &mut count),
        }
    }
}

#[cfg(not(feature = "repo"))]
fn run_sql(_: &Path, _: &Wanted, _: &mut Tally) {
    panic!("--sql needs the feature `repo`");
}

/// Runs the vectors of a folder that need a database; gives how many were left out.
#[cfg(feature = "repo")]
fn run_repo(dir: &Path, wanted: &Wanted, tally: &mut Tally) -> usize {
    let (migrations, cases): (Vec<_>, Vec<_>) = vectors::read_vectors(dir)
        .into_iter()
        .partition(|case| case["id"].as_str().is_some_and(|id| id.starts_with("migration/")));
    if let Some(dumped) = &wanted.dumped {
        let ran = if migrations.is_empty() { BTreeMap::new() } else { migration_store::dumped(dumped) };
        for case in migrations {
            migration::run_dumped(&case, &ran, &wanted.filter, |id, outcome| {
                tally.count(id, id.split('/').next().unwrap_or_default(), outcome, &case["ecto"]);
            });
        }
        return 0;
    }
    for case in migrations {
        migration::run_all(&case, wanted.adapter.as_deref(), &wanted.filter, |id, outcome| {
            tally.count(id, id.split('/').next().unwrap_or_default(), outcome, &case["ecto"]);
        });
    }
    let chosen =
        cases.iter().filter(|case| case["id"].as_str().is_some_and(|id| id.contains(&wanted.filter)));
    let (Some(adapter), true) = (&wanted.adapter, dir.join("dataset.json").exists()) else {
        return chosen.count();
    };
    let runner = repo::Runner::new(dir, adapter);
    for case in chosen {
        let (id, group) =
            (case["id"].as_str().unwrap_or_default(), case["group"].as_str().unwrap_or_default());
        // Statements and SQL are for people and for adapters of servers.
        let mut shown = case.clone();
        if let Some(shown) = shown.as_object_mut() {
            ["result", "error", "sql", "sqlite", "statements", "state_after"].iter().for_each(|key| {
                shown.remove(*key);
            });
        }
        let id = match adapter.as_str() {
            "glue" | "naive" => id.to_owned(),
            server => format!("{server}:{id}"),
        };
        tally.count(&id, &format!("query/{group}"), runner.run(case), &shown);
    }
    0
}

#[cfg(not(feature = "repo"))]
fn run_repo(dir: &Path, wanted: &Wanted, _: &mut Tally) -> usize {
    assert!(wanted.adapter.is_none(), "--repo needs the feature `repo`");
    vectors::read_vectors(dir).len()
}
