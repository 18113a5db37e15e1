//! The forms of benches/validate from JSON to a struct: ectomorph's changesets next to serde with garde or validator.
//!
//! Everybody reads the same text, in which numbers are numbers and days are text that is a day: serde ends at the first
//! value of another type, where a changeset has an error beside the others.

mod ectomorph;
mod garde;
mod inputs;
mod validator;

use crate::measure::{Settings, Took, shown};
use inputs::{FORMS, Form};
use std::time::Instant;

/// What came of a form: how much was read into a struct, or how many fields have errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Valid(usize),
    Invalid(usize),
}

type Validate = fn(Form, &str) -> Outcome;

/// Measures every form, valid and invalid, with everybody.
pub fn run(settings: &Settings) {
    let peers: [(&str, Validate); 4] = [
        ("ectomorph", ectomorph::validate),
        ("changeset", ectomorph::changeset),
        ("garde", garde::validate),
        ("validator", validator::validate),
    ];
    println!("\nforms, JSON to a validated struct (medians of {} rounds)", settings.rounds);
    println!(
        "| {:<21} |    ectomorph | by changeset |        garde |    validator | of garde | of validator |",
        ""
    );
    println!(
        "|{:-<23}|-------------:|-------------:|-------------:|-------------:|---------:|-------------:|",
        ""
    );
    for form in FORMS {
        for spoiled in [false, true] {
            let title = format!("{} {}", form.name(), if spoiled { "invalid" } else { "valid" });
            if settings.case.as_ref().is_some_and(|wanted| *wanted != title) {
                continue;
            }
            let texts: Vec<String> = (0..64).map(|at| form.text(at, spoiled)).collect();
            let expected: Vec<Outcome> = texts.iter().map(|text| garde::validate(form, text)).collect();
            let mut took = [const { Took(Vec::new()) }; 4];
            for (name, validate) in &peers {
                let outcomes: Vec<Outcome> = texts.iter().map(|text| validate(form, text)).collect();
                assert_eq!(outcomes, expected, "{name} finds something else in {title}");
            }
            let start = Instant::now();
            once(ectomorph::validate, form, &texts);
            let times = settings.times(start.elapsed() * 2);
            for round in 0..settings.rounds {
                for turn in 0..peers.len() {
                    let at = (round + turn) % peers.len();
                    if settings.peer.as_ref().is_some_and(|wanted| wanted != peers[at].0) {
                        continue;
                    }
                    let start = Instant::now();
                    for _ in 0..times {
                        once(peers[at].1, form, &texts);
                    }
                    took[at].push(start, times * texts.len());
                }
            }
            let [own, _, garde, validator] = &took;
            print!("| {title:<21} |");
            took.iter().for_each(|took| print!(" {:>12} |", shown(took.median())));
            println!(" {:>8.2} | {:>12.2} |", own.throughput_over(garde), own.throughput_over(validator));
        }
    }
}

/// Looks at a message, as whoever shows it does.
fn read(message: &str) {
    std::hint::black_box(message);
}

fn once(validate: Validate, form: Form, texts: &[String]) {
    for text in texts {
        std::hint::black_box(validate(form, text));
    }
}
