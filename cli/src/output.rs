//! What is said, and in which colors.

use crate::failure::Failure;
use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use std::io::{BufRead, IsTerminal, Write};

/// Where a command says what it does: the standard output, and the standard error.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    color: ColorChoice,
}

const INFO: Style = AnsiColor::Green.on_default();
const DEBUG: Style = AnsiColor::Cyan.on_default();
const ERROR: Style = AnsiColor::Red.on_default().bold();

impl Output {
    /// With colors where the user, or the terminal, wants them.
    pub fn new(color: clap::ColorChoice) -> Output {
        let color = match color {
            clap::ColorChoice::Always => ColorChoice::Always,
            clap::ColorChoice::Never => ColorChoice::Never,
            clap::ColorChoice::Auto => ColorChoice::Auto,
        };
        Output { color }
    }

    /// A line. A reader that went away is no reason to stop.
    pub fn line(&self, text: impl std::fmt::Display) {
        let _ = writeln!(AutoStream::new(std::io::stdout(), self.color), "{text}");
    }

    /// A line of the log: `[info] create table users`.
    pub fn info(&self, text: impl std::fmt::Display) {
        self.line(format_args!("{INFO}[info]{INFO:#} {text}"));
    }

    /// A line of the log that tells of SQL.
    pub fn debug(&self, text: impl std::fmt::Display) {
        self.line(format_args!("{DEBUG}[debug]{DEBUG:#} {text}"));
    }

    /// That a file is written: `* creating src/user.rs`.
    pub fn creating(&self, path: &str) {
        self.line(format_args!("{INFO}* creating{INFO:#} {path}"));
    }

    /// Why a command failed.
    pub fn failure(&self, failure: &Failure) {
        let _ = writeln!(AutoStream::new(std::io::stderr(), self.color), "{ERROR}error:{ERROR:#} {failure}");
    }

    /// Asks before what can't be undone.
    ///
    /// # Errors
    ///
    /// Nobody is there to answer; or the answer is no.
    pub fn confirm(&self, question: &str) -> Result<(), Failure> {
        if !std::io::stdin().is_terminal() {
            return Err(Failure::new(format!("{question} Nobody is here to answer: say so with --force")));
        }
        print!("{question} [yn] ");
        let _ = std::io::stdout().flush();
        let mut answer = String::new();
        let _ = std::io::stdin().lock().read_line(&mut answer);
        match answer.trim().to_lowercase().as_str() {
            "y" | "yes" => Ok(()),
            _ => Err(Failure::new("nothing was done")),
        }
    }
}
