//! `cargo xtask test`: everything that must pass, each part a named step.

mod counts;

use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use crate::shell::{Arguments, Failure, Result, cargo, failure, in_ci, node, run_and_look, say, target};
use crate::{browser, conformance, crash, demo, exported, npm, package, rust, size, wasm};
use counts::Counts;

/// One part of the whole. Steps don't depend on each other's success: all of them run, and all that fail are shown.
struct Step {
    name: &'static str,
    needs: Needs,
    run: fn(&mut Context) -> Result,
}

/// What must be installed for a step.
#[derive(Clone, Copy, PartialEq)]
enum Needs {
    Nothing,
    /// Without one the step is skipped, or fails in CI.
    Chromium,
    /// Without one the step is skipped.
    Firefox,
}

const STEPS: &[Step] = &[
    step("format", |context| context.run(cargo(["fmt", "--all", "--check"]))),
    step("clippy", |context| {
        let all = ["clippy", "--quiet", "--workspace", "--all-targets", "--all-features"];
        context.run(warnings_are_errors(cargo(all)))
    }),
    step("clippy without std", |context| context.run(clippy_of_artifact("wasm")?)),
    step("clippy for the small engine", |context| context.run(clippy_of_artifact("fast")?)),
    step("clippy for the reader of CSV", |context| context.run(clippy_of_artifact("batch")?)),
    step("clippy for the repo's wasm", |context| context.run(clippy_of_artifact("wasm,glue")?)),
    step("clippy for the generators' wasm", |context| context.run(clippy_of_artifact("generate")?)),
    step("cargo test", |context| {
        let mut test = cargo(["test", "--quiet", "--workspace", "--all-features", "--no-fail-fast"]);
        // Streams of a million rows, and hostile texts nobody thought of.
        test.envs(context.long.then_some(("ECTOMORPH_LONG", "1")));
        context.run(test)
    }),
    step("conformance", |context| context.run(conformance::native(None, Some("glue".into()), None)?)),
    step("conformance of SQL", |context| context.run(conformance::text(None, None)?)),
    step("conformance on SQLite", |context| {
        context.run(conformance::native(None, Some("sqlite".into()), None)?)
    }),
    step("conformance on PostgreSQL", |context| {
        context.run(conformance::native(None, Some("postgres".into()), None)?)
    }),
    step("conformance on MySQL", |context| {
        context.run(conformance::native(None, Some("mysql".into()), None)?)
    }),
    step("wasm artifacts", |_| wasm::build()),
    step("npm package", |_| package::build()),
    step("conformance in node", |context| context.run(conformance::javascript(None, None, None)?)),
    step("conformance of the repo in node", |context| {
        context.run(conformance::javascript(None, Some("glue".into()), None)?)
    }),
    in_browser("conformance in chromium", |context| context.run(conformance::page(None, None)?)),
    step("patterns in node", |context| {
        let mut check = node("tests/patterns/check.mjs")?;
        check.arg(pattern_answers());
        context.run(check)
    }),
    in_browser("patterns in chromium", |context| {
        context.browse("tests/patterns/chromium.mjs", Some(pattern_answers()))
    }),
    step("package tests", |context| {
        package::build()?;
        exported::build()?;
        context.run(npm::script("pkg", "test")?)
    }),
    step("runtimes and bundlers", |context| {
        package::build()?;
        npm::install("tests")?;
        npm::install("tests/runtimes")?;
        let mut check = node("tests/runtimes/run.mjs")?;
        check.envs(browser::find().map(|browser| ("CHROME", browser)));
        context.run(check)
    }),
    in_browser("browser tests", |context| {
        let server = demo::build()?;
        context.browse("tests/browser/run.mjs", Some(server))
    }),
    in_browser("bad input in chromium", |context| context.browse("tests/browser/input.mjs", None)),
    in_browser("repo in chromium", |context| context.browse("tests/browser/repo.mjs", None)),
    step("kills in node", |context| context.run(node(crash::NODE)?)),
    in_browser("kills in chromium", |context| context.browse(crash::CHROMIUM, None)),
    in_firefox("conformance in firefox", |context| {
        context.run_with("tests/browser/engine.mjs", "--firefox", None)?;
        context.run_with("tests/patterns/chromium.mjs", "--firefox", Some(pattern_answers()))
    }),
    in_firefox("repo in firefox", |context| context.run(node("tests/firefox/run.mjs")?)),
    step("size within the budget", |_| size::within_budget()),
    step("fuzz", fuzz),
];

const fn step(name: &'static str, run: fn(&mut Context) -> Result) -> Step {
    Step { name, needs: Needs::Nothing, run }
}

const fn in_browser(name: &'static str, run: fn(&mut Context) -> Result) -> Step {
    Step { name, needs: Needs::Chromium, run }
}

const fn in_firefox(name: &'static str, run: fn(&mut Context) -> Result) -> Step {
    Step { name, needs: Needs::Firefox, run }
}

/// What the steps share: whether there is time, the seconds a fuzz driver gets, and the counts of the tests that ran in the current step.
struct Context {
    long: bool,
    fuzz_seconds: u32,
    counts: Counts,
}

enum Outcome {
    Passed,
    Failed(String),
    /// What is missing.
    Skipped(&'static str),
}

/// A line of the table at the end.
struct Report {
    name: &'static str,
    outcome: Outcome,
    counts: Counts,
    seconds: f64,
}

pub fn run_verb(mut arguments: Arguments) -> Result {
    let long = arguments.flag("--long");
    let fuzz_seconds = if long { 60 } else { 3 };
    arguments.end()?;
    let mut reports = Vec::new();
    for (index, step) in STEPS.iter().enumerate() {
        say(&format!("step {} of {}: {}", index + 1, STEPS.len(), step.name));
        let mut context = Context { long, fuzz_seconds, counts: Counts::default() };
        let start = Instant::now();
        let outcome = step.outcome(&mut context);
        let report = Report {
            name: step.name,
            outcome,
            counts: context.counts,
            seconds: start.elapsed().as_secs_f64(),
        };
        println!("    {}", report.sentence());
        reports.push(report);
    }
    print!("\n{}", table(&reports));
    println!("{}", total(&reports));
    let failed = reports.iter().any(|report| matches!(report.outcome, Outcome::Failed(_)));
    if failed { Err(Failure { message: String::new(), code: 1 }) } else { Ok(()) }
}

impl Step {
    fn outcome(&self, context: &mut Context) -> Outcome {
        if self.needs == Needs::Chromium && browser::find().is_none() {
            println!("    {}", browser::MISSING);
            return if in_ci() {
                Outcome::Failed("no browser".into())
            } else {
                Outcome::Skipped("no browser")
            };
        }
        if self.needs == Needs::Firefox && browser::find_firefox().is_none() {
            return Outcome::Skipped("no Firefox");
        }
        match self.prepare().and_then(|()| (self.run)(context)) {
            Ok(()) => Outcome::Passed,
            Err(failure) => Outcome::Failed(failure.message),
        }
    }

    /// Puts in place what drives the browser.
    fn prepare(&self) -> Result {
        match self.needs {
            Needs::Nothing => Ok(()),
            Needs::Chromium => npm::install("tests"),
            Needs::Firefox => npm::install("tests/firefox"),
        }
    }
}

impl Context {
    /// Runs a program and counts the tests it reports.
    fn run(&mut self, command: Command) -> Result {
        run_and_look(command, |line| self.counts.look(line))
    }

    /// Runs a script with an option and an argument.
    fn run_with(&mut self, script: &str, option: &str, argument: Option<PathBuf>) -> Result {
        let mut command = node(script)?;
        command.arg(option).args(argument);
        self.run(command)
    }

    /// Runs a script of tests/ that drives the browser.
    fn browse(&mut self, script: &str, argument: Option<PathBuf>) -> Result {
        let mut command = node(script)?;
        command.args(argument);
        command.envs(browser::find().map(|browser| ("CHROME", browser)));
        self.run(command)
    }
}

/// What an artifact is built of, whose code is not there natively.
fn clippy_of_artifact(features: &str) -> Result<Command> {
    rust::wasm_target()?;
    let mut clippy = cargo(["clippy", "--quiet", "--package", "ectomorph", "--lib", "--target", rust::WASM]);
    clippy.args(["--no-default-features", "--features", features]);
    Ok(warnings_are_errors(clippy))
}

fn warnings_are_errors(mut clippy: Command) -> Command {
    clippy.args(["--", "-D", "warnings"]);
    clippy
}

/// What the native engine answered to the patterns: `cargo test` writes it.
fn pattern_answers() -> PathBuf {
    target().join("tmp/patterns.json")
}

/// Runs every fuzz target on its seeds and blind mutations of them, for some seconds each.
fn fuzz(context: &mut Context) -> Result {
    let driver = || {
        cargo([
            "run",
            "--quiet",
            "--release",
            "--no-default-features",
            "--manifest-path",
            "fuzz/Cargo.toml",
            "--",
        ])
    };
    let mut list = driver();
    list.arg("--list");
    let output = list.output().map_err(|error| failure(format!("the fuzz driver: {error}")))?;
    let targets = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() || targets.trim().is_empty() {
        return Err(failure(format!("the fuzz driver: {}", String::from_utf8_lossy(&output.stderr))));
    }
    for target in targets.lines() {
        println!("    {target}, {} seconds", context.fuzz_seconds);
        let mut command = driver();
        command.args([target, "--seconds", &context.fuzz_seconds.to_string()]);
        context.run(command)?;
    }
    Ok(())
}

impl Report {
    fn word(&self) -> &'static str {
        match self.outcome {
            Outcome::Passed => "passed",
            Outcome::Failed(_) => "failed",
            Outcome::Skipped(_) => "skipped",
        }
    }

    fn sentence(&self) -> String {
        let why = match &self.outcome {
            Outcome::Failed(message) if !message.is_empty() => format!(": {message}"),
            _ => String::new(),
        };
        let counts = if self.counts.is_empty() { String::new() } else { format!(" ({})", self.counts) };
        format!("{} {}{why}{counts}", self.name, self.word())
    }
}

fn table(reports: &[Report]) -> String {
    let width = reports.iter().map(|report| report.name.len()).max().unwrap_or(0);
    let mut table = format!("{:width$}  {:7}  {:>8}  tests\n", "step", "result", "seconds");
    for report in reports {
        let counts = if report.counts.is_empty() { String::new() } else { report.counts.to_string() };
        let why = match &report.outcome {
            Outcome::Failed(message) => message.lines().next().unwrap_or_default(),
            Outcome::Skipped(missing) => missing,
            Outcome::Passed => "",
        };
        let note = [counts.as_str(), why].into_iter().filter(|text| !text.is_empty());
        let note = note.collect::<Vec<_>>().join("; ");
        let line = format!("{:width$}  {:7}  {:8.1}  {note}", report.name, report.word(), report.seconds);
        table.push_str(line.trim_end());
        table.push('\n');
    }
    let seconds: f64 = reports.iter().map(|report| report.seconds).sum();
    table + &format!("{:width$}  {:7}  {seconds:8.1}\n", "all", "")
}

/// The last line, for people and machines: how many steps came out how.
fn total(reports: &[Report]) -> String {
    let count = |word| reports.iter().filter(|report| report.word() == word).count();
    let skipped = match count("skipped") {
        0 => String::new(),
        skipped => format!(", {skipped} skipped"),
    };
    format!("{} passed, {} failed{skipped}", count("passed"), count("failed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reports() -> Vec<Report> {
        let mut counts = Counts::default();
        counts.look("12 passed, 1 failed, 0 deviations");
        vec![
            Report { name: "format", outcome: Outcome::Passed, counts: Counts::default(), seconds: 0.84 },
            Report {
                name: "conformance",
                outcome: Outcome::Failed("cargo test ended with exit code 1".into()),
                counts,
                seconds: 12.25,
            },
            Report {
                name: "browser",
                outcome: Outcome::Skipped("no browser"),
                counts: Counts::default(),
                seconds: 0.0,
            },
        ]
    }

    #[test]
    fn the_table_has_a_line_a_step() {
        let expected = "\
step         result    seconds  tests
format       passed        0.8
conformance  failed       12.2  12 passed, 1 failed; cargo test ended with exit code 1
browser      skipped       0.0  no browser
all                       13.1
";
        assert_eq!(table(&reports()), expected);
    }

    #[test]
    fn the_last_line_counts_steps_and_names_skips_only_when_there_are_some() {
        assert_eq!(total(&reports()), "1 passed, 1 failed, 1 skipped");
        assert_eq!(total(&reports()[..2]), "1 passed, 1 failed");
    }
}
