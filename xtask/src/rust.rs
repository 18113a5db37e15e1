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
