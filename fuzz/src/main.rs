//! Runs a target on mutated seeds, with nothing but a stable compiler:
//!
//! ```text
//! cargo run --release --no-default-features -- params_form --seconds 60 --seed 1
//! ```
//!
//! The mutations are blind but repeatable; `./run params_form 60` is guided by coverage and finds more.

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use std::{env, fs, panic};

/// Inputs grow to this at most: small inputs run fast, and what breaks a reader is rarely long.
const MAX_LENGTH: usize = 4096;
/// An input that takes longer is a finding: no reader may be stalled by a few thousand bytes.
const SLOW: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    if env::args().nth(1).as_deref() == Some("--list") {
        ectomorph_fuzz::TARGETS.iter().for_each(|(name, _)| println!("{name}"));
        return ExitCode::SUCCESS;
    }
    match Options::parse(env::args().skip(1)) {
        Ok(options) => run(&options),
        Err(message) => {
            eprintln!("{message}");
            eprintln!("usage: fuzz TARGET [--seconds N] [--seed N], or fuzz --list");
            ExitCode::from(2)
        }
    }
}

struct Options {
    name: &'static str,
    target: ectomorph_fuzz::Target,
    seconds: u64,
    seed: u64,
}

impl Options {
    fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Options, String> {
        let names = ectomorph_fuzz::TARGETS.map(|(name, _)| name).join(", ");
        let wanted = arguments.next().ok_or_else(|| format!("name a target: {names}"))?;
        let (name, target) = ectomorph_fuzz::TARGETS
            .into_iter()
            .find(|(name, _)| *name == wanted)
            .ok_or_else(|| format!("no target `{wanted}`; there are {names}"))?;
        let mut options = Options { name, target, seconds: 10, seed: 1 };
        while let Some(option) = arguments.next() {
            let number = arguments.next().and_then(|number| number.parse().ok());
            match (option.as_str(), number) {
                ("--seconds", Some(number)) => options.seconds = number,
                ("--seed", Some(number)) => options.seed = number,
                _ => return Err(format!("`{option}` is no option, or needs a number")),
            }
        }
        Ok(options)
    }
}

fn run(options: &Options) -> ExitCode {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pool = seeds(&home.join("seeds").join(options.name));
    let words = dictionary(&home.join("dictionaries").join(options.name).with_extension("dict"));
    println!("{}: {} seeds, {} words, seed {}", options.name, pool.len(), words.len(), options.seed);
    let mut random = Random(options.seed);
    let seeds = pool.len();
    let (start, limit) = (Instant::now(), Duration::from_secs(options.seconds));
    let mut inputs: u64 = 0;
    while start.elapsed() < limit {
        // The seeds themselves come first.
        let input = match pool.get(inputs as usize) {
            Some(seed) if inputs < seeds as u64 => seed.clone(),
            _ => mutate(&pool, &words, &mut random),
        };
        inputs += 1;
        let before = Instant::now();
        let outcome = panic::catch_unwind(|| (options.target)(&input));
        if outcome.is_err() || before.elapsed() > SLOW {
            let what = if outcome.is_err() { "panic" } else { "slow" };
            println!("{what} on input {inputs}: \"{}\"", input.escape_ascii());
            return ExitCode::FAILURE;
        }
        // Some mutants stay to be mutated further.
        if random.below(100) == 0 {
            if pool.len() < seeds + 1000 {
                pool.push(input);
            } else {
                let place = seeds + random.below(1000);
                pool[place] = input;
            }
        }
    }
    let rate = inputs as f64 / start.elapsed().as_secs_f64();
    println!("{}: {inputs} inputs, {rate:.0} executions/s, no finding", options.name);
    ExitCode::SUCCESS
}

/// The files of a folder, in the order of their names; one empty input if there are none.
fn seeds(folder: &Path) -> Vec<Vec<u8>> {
    let mut paths: Vec<_> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let mut seeds: Vec<_> = paths.iter().filter_map(|path| fs::read(path).ok()).collect();
    if seeds.is_empty() {
        seeds.push(Vec::new());
    }
    seeds
}

/// The words of a libFuzzer dictionary: one a line, in double quotes, with `\"` and `\\`.
fn dictionary(path: &Path) -> Vec<Vec<u8>> {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.lines()
        .filter_map(|line| line.strip_prefix('"')?.strip_suffix('"'))
        .map(|word| word.replace("\\\"", "\"").replace("\\\\", "\\").into_bytes())
        .collect()
}

/// One of the pool with a few changes.
fn mutate(pool: &[Vec<u8>], words: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut input = random.pick(pool).clone();
    for _ in 0..=random.below(5) {
        let at = random.below(input.len() + 1);
        let end = (at + random.below(16)).min(input.len());
        match random.below(7) {
            0 if at < input.len() => input[at] ^= 1 << random.below(8),
            1 if at < input.len() => input[at] = random.next() as u8,
            2 => input.insert(at, random.next() as u8),
            3 => drop(input.drain(at..end)),
            4 => {
                let copy = input[at..end].repeat(1 + random.below(8));
                input.splice(at..at, copy);
            }
            5 if !words.is_empty() => drop(input.splice(at..at, random.pick(words).iter().copied())),
            _ => {
                let other = random.pick(pool);
                let from = random.below(other.len() + 1);
                input.splice(at.., other[from..].iter().copied());
            }
        }
        input.truncate(MAX_LENGTH);
    }
    input
}

/// SplitMix64: a few lines, and the same numbers on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}
