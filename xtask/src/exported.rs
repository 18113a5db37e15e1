//! Crates with `ectomorph::export!`, built as their users would build them by `wasm-pack build --target web`, which not every
//! machine has.

use std::fs;
use std::process::Command;

use crate::digest::Digest;
use crate::shell::{Result, cargo, failure, node, path, run, say, target};
use crate::{rust, wasm};

/// The folders of the crates, each with the name of the crate.
pub const CRATES: &[(&str, &str)] =
    &[("examples/shared-rules/rules", "rules"), ("tests/exported", "exported")];

/// Builds the modules whose inputs changed, each into `pkg/` of its crate.
pub fn build() -> Result {
    rust::wasm_target()?;
    for (folder, name) in CRATES {
        let module = path(folder).join("pkg").join(format!("{name}_bg.wasm"));
        let inputs = ["src", "macros", "Cargo.toml", "Cargo.lock", "xtask/wasm", "xtask/src/exported.rs"];
        let digest = inputs.into_iter().fold(Digest::default().text(&rust::version()?), Digest::path);
        let digest = digest.path(&format!("{folder}/src")).path(&format!("{folder}/Cargo.toml"));
        let stamp = target().join("xtask").join(format!("exported-{name}"));
        if module.is_file() && !digest.differs_from(&stamp) {
            say(&format!("the module of {folder} is up to date"));
            continue;
        }
        say(&format!("building the module of {folder}"));
        // What a former build left would be loaded too.
        let _ = fs::remove_dir_all(path(folder).join("pkg"));
        run(compile(name))?;
        let compiled = target().join(rust::WASM).join("browser").join(format!("{name}.wasm"));
        run(wasm::after_compiler("web", &[&compiled, &path(folder).join("pkg")]))?;
        if !module.is_file() {
            return Err(failure(format!("wasm-bindgen did not write {}", module.display())));
        }
        let mut sizes = node("xtask/js/sizes.mjs")?;
        sizes.arg(&module);
        run(sizes)?;
        digest.keep(&stamp)?;
    }
    Ok(())
}

fn compile(name: &str) -> Command {
    let mut build = cargo(["rustc", "--quiet", "--package", name, "--lib", "--crate-type", "cdylib"]);
    build.args(["--target", rust::WASM, "--profile", "browser"]);
    build
}
