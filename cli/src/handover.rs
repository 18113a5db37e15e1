//! Handing over to the project's own program, which has its migrations in Rust compiled in.

use crate::failure::{Failure, Result};
use crate::folder::{Kind, files};
use crate::settings::{FILE, Repo, Settings};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Says to the program that it was handed over to.
const HANDED_OVER: &str = "ECTOMORPH_HANDED_OVER";

/// Whether there are migrations in Rust, which this program does not know.
pub fn is_needed(repos: &[Repo], others: &[PathBuf]) -> Result<bool> {
    for folder in repos.iter().flat_map(|repo| repo.folders(others)) {
        if files(&folder)?.is_some_and(|files| files.iter().any(|file| file.kind == Kind::Rust)) {
            // The program that this one handed over to knows no migrations either: it says which, by and by.
            return Ok(std::env::var_os(HANDED_OVER).is_none());
        }
    }
    Ok(false)
}

/// Builds the project's program and runs it with the same arguments; its exit code is ours.
pub fn run(settings: &Settings, arguments: &[OsString]) -> Result<u8> {
    let project = settings.project();
    let bin = project.bin.as_deref().unwrap_or("ectomorph");
    if !Path::new("Cargo.toml").exists() {
        return Err(Failure::new("the migrations are in Rust, and there is no Cargo.toml here to compile them with").mend(
            "Go to the folder of the project; on a machine without Rust, run the project's own program in the place of this one."
                .to_owned(),
        ));
    }
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    cargo.args(["run", "--quiet", "--bin", bin]);
    if let Some(package) = &project.package {
        cargo.args(["--package", package]);
    }
    cargo.arg("--").args(arguments.get(1..).unwrap_or_default()).env(HANDED_OVER, "1");
    let status = cargo.status().map_err(|error| {
        Failure::new(format!(
            "the migrations are in Rust, and cargo, which compiles them, can't be run: {error}"
        ))
        .mend("Install Rust from https://rustup.rs.".to_owned())
    })?;
    match status.code() {
        // Cargo's own code: it said what is wrong.
        Some(101) => Err(Failure::new(format!("the project's program `{bin}` was not built, or panicked")).mend(format!(
            "It is src/bin/{bin}.rs, and `ectomorph gen repo` writes it; {FILE} may name another:\n\n    [project]\n    bin = \"{bin}\""
        ))),
        // The program that was run said what there is to say.
        code => Ok(code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1)),
    }
}
