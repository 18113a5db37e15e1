//! `wasm-bindgen` as a library: `xtask-wasm INPUT.wasm OUTPUT_DIRECTORY`.
//!
//! A crate of its own because it takes most of a minute to build and only `cargo xtask wasm` needs it.

use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [input, output] = arguments.as_slice() else {
        eprintln!("usage: xtask-wasm INPUT.wasm OUTPUT_DIRECTORY");
        return ExitCode::from(2);
    };
    match bind(input, output) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: wasm-bindgen on {input}: {message}");
            ExitCode::FAILURE
        }
    }
}

fn bind(input: &str, output: &str) -> Result<(), String> {
    let mut bindgen = Bindgen::new();
    // The package hands the module over itself, so the glue must not name a URL that bundlers would try to follow.
    bindgen.omit_default_module_path(true).typescript(false).keep_debug(false).input_path(input);
    bindgen.web(true).and_then(|bindgen| bindgen.generate(output)).map_err(|error| format!("{error:#}"))
}
