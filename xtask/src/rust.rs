//! The Rust toolchain.

use std::path::Path;

use crate::shell::{Result, output, program, run, say};

/// The target of everything that runs in a page.
pub const WASM: &str = "wasm32-unknown-unknown";

/// Adds the WebAssembly target when it is missing.
pub fn wasm_target() -> Result {
    let mut rustc = program("rustc");
    rustc.args(["--print", "target-libdir", "--target", WASM]);
    if Path::new(&output(rustc)?).is_dir() {
        return Ok(());
    }
    say(&format!("adding the Rust target {WASM}"));
    let mut rustup = program("rustup");
    rustup.args(["target", "add", WASM]);
    run(rustup)
}

/// The compiler's version, with its commit.
pub fn version() -> Result<String> {
    let mut rustc = program("rustc");
    rustc.arg("-vV");
    output(rustc)
}

/// The standard library for size: its sort is 300 bytes a type instead of 4,000, which GlueSQL has thirty of.
pub const SMALLER_STD: &[&str] = &["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"];

/// A panic stops the module and says nothing. In a page it says nothing anyway: there is no standard error.
pub const NO_PANICS: &[&str] = &["-Zunstable-options", "-Cpanic=immediate-abort", "-Zlocation-detail=none"];

/// Whether this compiler builds the standard library anew, for which its sources are needed. Both are there with rustup;
/// elsewhere the artifact is as large as it is without.
pub fn can_build_std() -> Result<bool> {
    let sysroot = {
        let mut rustc = program("rustc");
        rustc.args(["--print", "sysroot"]);
        output(rustc)?
    };
    let sources = Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library/std");
    if !sources.is_dir() {
        say("adding the sources of the standard library");
        let mut rustup = program("rustup");
        rustup.args(["component", "add", "rust-src"]);
        // Without rustup there may be none.
        let _ = run(rustup);
    }
    let mut rustc = program("rustc");
    rustc.args(NO_PANICS).args(["--print", "cfg", "--target", WASM]).env("RUSTC_BOOTSTRAP", "1");
    let can = sources.is_dir() && output(rustc).is_ok();
    if !can {
        say(
            "the standard library stays as it is: the artifact is 5 % larger, which may be more than its budget",
        );
    }
    Ok(can)
}
