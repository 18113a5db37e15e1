//! How many tests a program said it ran, read from what it printed.

use std::fmt;

/// Tests passed and failed, and what was not there to test.
#[derive(Default)]
pub struct Counts {
    passed: u64,
    failed: u64,
    skipped: Vec<String>,
}

impl Counts {
    /// Adds what a line reports, in the words of `cargo test`, `node --test` or ectomorph's own runners.
    pub fn look(&mut self, line: &str) {
        let line = plain(line);
        if line.starts_with("skipped: ") && !self.skipped.contains(&line) {
            self.skipped.push(line.clone());
        }
        let words: Vec<&str> =
            line.split_whitespace().map(|word| word.trim_matches([',', ';', '.'])).collect();
        match *words.as_slice() {
            ["#" | "ℹ", "pass", count] => self.passed += number(count),
            ["#" | "ℹ", "fail", count] => self.failed += number(count),
            ["test", "result:", _, passed, "passed", failed, "failed", ..]
            | [passed, "passed", failed, "failed", ..] => {
                self.passed += number(passed);
                self.failed += number(failed);
            }
            _ => {}
        }
    }

    pub fn is_empty(&self) -> bool {
        self.passed + self.failed == 0 && self.skipped.is_empty()
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        self.skipped.iter().try_for_each(|skipped| write!(f, "; {skipped}"))
    }
}

fn number(word: &str) -> u64 {
    word.parse().unwrap_or(0)
}

/// A line without its colors.
fn plain(line: &str) -> String {
    let mut pieces = line.split("\x1b[");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| text + piece.split_once('m').map_or("", |(_, rest)| rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(lines: &[&str]) -> String {
        let mut counts = Counts::default();
        lines.iter().for_each(|line| counts.look(line));
        counts.to_string()
    }

    #[test]
    fn the_results_of_several_test_programs_add_up() {
        let lines = [
            "running 3 tests",
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s",
            "test result: \x1b[31mFAILED\x1b[0m. 5 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out",
        ];
        assert_eq!(counted(&lines), "8 passed, 2 failed");
    }

    #[test]
    fn the_last_line_of_a_runner_counts() {
        assert_eq!(counted(&["1411 passed, 2 failed, 7 deviations"]), "1411 passed, 2 failed");
    }

    #[test]
    fn both_reporters_of_node_count() {
        assert_eq!(counted(&["# tests 9", "# pass 8", "# fail 1"]), "8 passed, 1 failed");
        assert_eq!(counted(&["ℹ pass 8", "\x1b[34mℹ fail 1\x1b[39m"]), "8 passed, 1 failed");
    }

    #[test]
    fn what_was_not_there_to_test_is_told_once() {
        let lines =
            ["skipped: no PostgreSQL was found", "1 passed, 0 failed", "skipped: no PostgreSQL was found"];
        assert_eq!(counted(&lines), "1 passed, 0 failed; skipped: no PostgreSQL was found");
    }

    #[test]
    fn prose_about_passing_does_not_count() {
        assert_eq!(counted(&["all 3 tests passed", "ok 3 - 12 rows passed"]), "0 passed, 0 failed");
    }
}
