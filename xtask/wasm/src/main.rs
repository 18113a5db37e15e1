//! What is done to a module after the compiler, `wasm-bindgen` among it, as a library.
//!
//! A crate of its own because it takes most of a minute to build and only `cargo xtask wasm` needs it.

mod order;
mod split;

use std::fs;
use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (input, done) = match arguments.as_slice() {
        ["bind", input, output] => (input, bind(input, output)),
        ["web", input, output] => (input, web(input, output)),
        ["order", module] => (module, order(module)),
        ["split", module, first, further] => (module, split(module, [first, further])),
        _ => {
            eprintln!(
                "usage: xtask-wasm bind INPUT.wasm OUTPUT_DIRECTORY | web INPUT.wasm OUTPUT_DIRECTORY | order MODULE.wasm \
                 | split INPUT.wasm FIRST.wasm FURTHER.wasm"
            );
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {} {input}: {message}", arguments[0]);
            ExitCode::FAILURE
        }
    }
}

/// Writes the module anew, its functions in the order that packs best.
fn order(module: &str) -> Result<(), String> {
    let bytes = fs::read(module).map_err(|error| error.to_string())?;
    fs::write(module, order::ordered(&bytes)?).map_err(|error| error.to_string())
}

/// Writes the two parts of a module.
fn split(module: &str, parts: [&str; 2]) -> Result<(), String> {
    let bytes = fs::read(module).map_err(|error| error.to_string())?;
    let written =
        parts.iter().zip(split::split(&bytes)?).try_for_each(|(part, bytes)| fs::write(part, bytes));
    written.map_err(|error| error.to_string())
}

/// What `wasm-pack build --target web` writes, without its package.json.
fn web(input: &str, output: &str) -> Result<(), String> {
    let mut bindgen = Bindgen::new();
    bindgen.omit_default_module_path(false).typescript(true).remove_name_section(true);
    generate(bindgen, input, output)
}

fn bind(input: &str, output: &str) -> Result<(), String> {
    let mut bindgen = Bindgen::new();
    // The package hands the module over itself, so the glue must not name a URL that bundlers would try to follow.
    bindgen.omit_default_module_path(true).typescript(false);
    generate(bindgen, input, output)
}

fn generate(mut bindgen: Bindgen, input: &str, output: &str) -> Result<(), String> {
    bindgen.keep_debug(false).input_path(input);
    bindgen.web(true).and_then(|bindgen| bindgen.generate(output)).map_err(|error| format!("{error:#}"))
}
