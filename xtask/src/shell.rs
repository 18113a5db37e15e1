//! Running other programs from the root of the workspace, and saying so.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Why a verb stopped: what to tell the user (empty when a program already told them) and the exit code.
#[derive(Debug)]
pub struct Failure {
    pub message: String,
    pub code: u8,
}

pub type Result<T = ()> = core::result::Result<T, Failure>;

/// A failure with a message and exit code 1.
pub fn failure(message: impl Into<String>) -> Failure {
    Failure { message: message.into(), code: 1 }
}

/// The root of the workspace.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// A path below the root, written with slashes.
pub fn path(below_root: &str) -> PathBuf {
    root().join(below_root)
}

/// Where cargo builds.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| path("target"), |folder| root().join(folder))
}

/// Says what happens next.
pub fn say(what: &str) {
    println!("==> {what}");
}

/// Whether a missing part is a failure rather than a skip.
pub fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| !matches!(value.as_str(), "" | "false" | "0"))
}

/// A program that runs in the root of the workspace.
pub fn program(name: &str) -> Command {
    let mut command = Command::new(name);
    command.current_dir(root());
    command
}

/// The cargo that runs this xtask.
pub fn cargo<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = program(&std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()));
    command.args(arguments);
    command
}

/// Node on a script below the root, which must exist.
pub fn node(script: &str) -> Result<Command> {
    if !path(script).is_file() {
        return Err(failure(format!("{script} is not in the tree")));
    }
    let mut command = program("node");
    command.arg(path(script));
    Ok(command)
}

/// Runs a program to its end; its exit code is passed on.
pub fn run(mut command: Command) -> Result {
    let status = command.status().map_err(|error| not_started(&command, &error))?;
    if status.success() { Ok(()) } else { Err(ended(&command, status.code())) }
}

/// Runs a program to its end and hands every line of its output to `look` after printing it.
pub fn run_and_look(mut command: Command, mut look: impl FnMut(&str)) -> Result {
    if std::io::stdout().is_terminal() {
        command.env("CARGO_TERM_COLOR", "always");
    }
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|error| not_started(&command, &error))?;
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).split(b'\n').map_while(std::io::Result::ok) {
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            look(&line);
        }
    }
    let status = child.wait().map_err(|error| failure(error.to_string()))?;
    if status.success() { Ok(()) } else { Err(ended(&command, status.code())) }
}

/// What a program printed, without the white space around it.
pub fn output(mut command: Command) -> Result<String> {
    let output = command.stderr(Stdio::inherit()).output().map_err(|error| not_started(&command, &error))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    } else {
        Err(ended(&command, output.status.code()))
    }
}

fn not_started(command: &Command, error: &std::io::Error) -> Failure {
    let name = name(command);
    failure(match name.as_str() {
        "node" | "npm" | "npm.cmd" => {
            format!("{name} does not start ({error}): install Node.js 20 or newer, from https://nodejs.org")
        }
        "rustup" => format!("rustup does not start ({error}): install it from https://rustup.rs"),
        _ => format!("{name} does not start: {error}"),
    })
}

fn ended(command: &Command, code: Option<i32>) -> Failure {
    let name = name(command);
    let first = command.get_args().next().map(|argument| {
        let argument = Path::new(argument);
        argument.strip_prefix(root()).unwrap_or(argument).display().to_string()
    });
    let what = format!("{name} {}", first.unwrap_or_default());
    match code {
        Some(code) => Failure {
            message: format!("{} ended with exit code {code}", what.trim_end()),
            code: u8::try_from(code).unwrap_or(1),
        },
        None => failure(format!("{} was stopped by a signal", what.trim_end())),
    }
}

fn name(command: &Command) -> String {
    let name = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    name.to_string_lossy().into_owned()
}

/// What the user wrote after a verb.
pub struct Arguments {
    usage: &'static str,
    rest: Vec<String>,
}

impl Arguments {
    pub fn new(usage: &'static str, rest: Vec<String>) -> Arguments {
        Arguments { usage, rest }
    }

    /// Takes out a flag such as `--js`.
    pub fn flag(&mut self, name: &str) -> bool {
        let before = self.rest.len();
        self.rest.retain(|argument| argument != name);
        self.rest.len() != before
    }

    /// Takes out an option and its value: `--dir DIR` or `--dir=DIR`.
    pub fn option(&mut self, name: &str) -> Result<Option<String>> {
        for index in 0..self.rest.len() {
            let argument = &self.rest[index];
            if argument == name {
                if index + 1 == self.rest.len() {
                    return Err(self.misuse(&format!("{name} needs a value")));
                }
                return Ok(self.rest.drain(index..index + 2).next_back());
            }
            if let Some(value) = argument.strip_prefix(name).and_then(|rest| rest.strip_prefix('=')) {
                let value = value.to_owned();
                self.rest.remove(index);
                return Ok(Some(value));
            }
        }
        Ok(None)
    }

    /// Takes out the first argument that is not an option.
    pub fn word(&mut self) -> Option<String> {
        let index = self.rest.iter().position(|argument| !argument.starts_with("--"))?;
        Some(self.rest.remove(index))
    }

    /// All that is left, for another program.
    pub fn rest(self) -> Vec<String> {
        self.rest
    }

    /// Nothing may be left over.
    pub fn end(self) -> Result {
        match self.rest.first() {
            Some(left) => Err(self.misuse(&format!("unexpected argument {left:?}"))),
            None => Ok(()),
        }
    }

    /// A failure that shows how the verb is used.
    pub fn misuse(&self, what: &str) -> Failure {
        Failure { message: format!("{what}\n\nusage: cargo xtask {}", self.usage), code: 2 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(words: &[&str]) -> Arguments {
        Arguments::new(
            "verb [--js] [--dir DIR] [FILTER]",
            words.iter().map(|word| word.to_string()).collect(),
        )
    }

    #[test]
    fn flags_options_and_words_come_in_any_order() {
        let mut given = arguments(&["cast", "--dir", "vectors", "--js"]);
        assert_eq!(given.option("--dir").unwrap().as_deref(), Some("vectors"));
        assert!(given.flag("--js"));
        assert!(!given.flag("--js"));
        assert_eq!(given.word().as_deref(), Some("cast"));
        assert!(given.end().is_ok());
    }

    #[test]
    fn an_option_may_be_written_with_an_equals_sign() {
        let mut given = arguments(&["--directory=no", "--dir=vectors"]);
        assert_eq!(given.option("--dir").unwrap().as_deref(), Some("vectors"));
        assert_eq!(
            given.end().unwrap_err().message.lines().next(),
            Some("unexpected argument \"--directory=no\"")
        );
    }

    #[test]
    fn an_option_without_its_value_is_a_misuse() {
        let failure = arguments(&["--dir"]).option("--dir").unwrap_err();
        assert_eq!(failure.code, 2);
        assert_eq!(
            failure.message,
            "--dir needs a value\n\nusage: cargo xtask verb [--js] [--dir DIR] [FILTER]"
        );
    }

    #[test]
    fn the_exit_code_of_a_program_is_passed_on() {
        let mut command = cargo(["no-such-cargo-command-at-all"]);
        command.stderr(Stdio::null());
        assert_eq!(run(command).unwrap_err().code, 101);
    }

    #[test]
    fn every_line_of_output_is_looked_at() {
        let mut lines = Vec::new();
        run_and_look(cargo(["--version"]), |line| lines.push(line.to_owned())).unwrap();
        assert_eq!(lines.len(), 1);
        assert!(lines[0].starts_with("cargo "), "{lines:?}");
    }
}
