//! The one door to the workspace: `cargo xtask VERB`.

mod bench;
mod browser;
mod conformance;
mod crash;
mod demo;
mod digest;
mod exported;
mod lean;
mod npm;
mod package;
mod rust;
mod shell;
mod size;
mod test;
mod wasm;

use std::process::ExitCode;

use shell::{Arguments, Failure, Result};

/// What `cargo xtask` can do, in the order the help shows it.
const VERBS: &[Verb] = &[
    Verb { name: "test", usage: "test [--long]", about: "everything that must pass", run: test::run_verb },
    Verb {
        name: "conformance",
        usage: "conformance [--js [--browser] | --sql] [--repo ADAPTER] [--dir DIR] [FILTER]",
        about: "what real Ecto did, against ectomorph in Rust or in JavaScript",
        run: conformance::run_verb,
    },
    Verb {
        name: "wasm",
        usage: "wasm",
        about: "the WebAssembly artifacts of the npm package",
        run: wasm::run_verb,
    },
    Verb {
        name: "size",
        usage: "size",
        about: "what pages download: rules, a form, a database, rules in Rust",
        run: size::run_verb,
    },
    Verb {
        name: "bench",
        usage: "bench validate|repo|server [--browser|--worker] [--readme] [--rounds N] [PEER...]",
        about: "speed next to JavaScript validators, to databases in Node or in Chromium, or to sqlx, SeaORM and Diesel",
        run: bench::run_verb,
    },
    Verb {
        name: "crash",
        usage: "crash [--runs N] [--seed N]",
        about: "programs and pages that are killed while they write to a database",
        run: crash::run_verb,
    },
    Verb {
        name: "demo",
        usage: "demo [--port PORT]",
        about: "the demo site, at http://localhost:4000",
        run: demo::run_verb,
    },
];

struct Verb {
    name: &'static str,
    usage: &'static str,
    about: &'static str,
    run: fn(Arguments) -> Result,
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(name) = arguments.next().filter(|name| !is_help(name)) else {
        print!("{}", help());
        return ExitCode::SUCCESS;
    };
    let Some(verb) = VERBS.iter().find(|verb| verb.name == name) else {
        let nearest = nearest(&name, VERBS.iter().map(|verb| verb.name));
        eprintln!("error: no verb {name:?}{}\n\n{}", nearest.map(did_you_mean).unwrap_or_default(), help());
        return ExitCode::from(2);
    };
    let arguments: Vec<String> = arguments.collect();
    if arguments.iter().any(|argument| is_help(argument)) {
        println!("usage: cargo xtask {}\n\n{}", verb.usage, verb.about);
        return ExitCode::SUCCESS;
    }
    match (verb.run)(Arguments::new(verb.usage, arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure { message, code }) => {
            if !message.is_empty() {
                eprintln!("error: {message}");
            }
            ExitCode::from(code)
        }
    }
}

fn is_help(argument: &str) -> bool {
    matches!(argument, "help" | "--help" | "-h")
}

fn help() -> String {
    let width = VERBS.iter().map(|verb| verb.usage.len()).max().unwrap_or(0);
    let lines = VERBS.iter().map(|verb| format!("  {:width$}  {}\n", verb.usage, verb.about));
    format!("usage: cargo xtask VERB\n\n{}", lines.collect::<String>())
}

fn did_you_mean(name: &str) -> String {
    format!("; did you mean {name:?}?")
}

/// The name that a typo most likely meant, if any is near enough.
fn nearest<'a>(typed: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let (distance, name) = names.map(|name| (distance(typed, name), name)).min()?;
    (distance <= 1 + name.len() / 3).then_some(name)
}

/// Edits (insert, remove, replace) between two words.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, letter) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, other) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *other);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(typed: &str) -> Option<&'static str> {
        nearest(typed, VERBS.iter().map(|verb| verb.name))
    }

    #[test]
    fn a_typo_finds_the_verb_it_meant() {
        assert_eq!(meant("tets"), Some("test"));
        assert_eq!(meant("wsam"), Some("wasm"));
        assert_eq!(meant("conformence"), Some("conformance"));
        assert_eq!(meant("benchmark"), None);
        assert_eq!(meant("publish"), None);
    }

    #[test]
    fn distance_counts_the_edits_between_two_words() {
        assert_eq!(distance("size", "size"), 0);
        assert_eq!(distance("siz", "size"), 1);
        assert_eq!(distance("", "demo"), 4);
        assert_eq!(distance("kitten", "sitting"), 3);
    }

    #[test]
    fn the_help_names_every_verb() {
        for verb in VERBS {
            assert!(help().contains(verb.usage), "{} is missing", verb.name);
        }
    }
}
