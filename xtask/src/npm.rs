//! Packages from npm, installed when the lock file changed.

use std::process::Command;

use crate::digest::Digest;
use crate::shell::{Result, failure, path, program, run, say};

/// Installs what `folder`'s package-lock.json asks for, unless that is what is installed.
pub fn install(folder: &str) -> Result {
    if !path(folder).join("package.json").is_file() {
        return Err(failure(format!("{folder}/package.json is not in the tree")));
    }
    if is_of_wasm_pack(&std::fs::read_to_string(path(folder).join("package.json")).unwrap_or_default()) {
        return Err(failure(format!(
            "wasm-pack has put its own files over those of {folder}/: `git checkout {folder}` brings ours back; \
             give wasm-pack `--out-dir target/pack`"
        )));
    }
    let locked = path(folder).join("package-lock.json").is_file();
    let digest = Digest::default().path(&format!("{folder}/package.json"));
    let digest = if locked { digest.path(&format!("{folder}/package-lock.json")) } else { digest };
    let stamp = path(folder).join("node_modules/.xtask-installed");
    if !digest.differs_from(&stamp) {
        return Ok(());
    }
    say(&format!("installing npm packages in {folder}"));
    let verb = if locked { "ci" } else { "install" };
    let mut command = npm(folder);
    command.args([verb, "--no-audit", "--no-fund", "--loglevel=error"]);
    run(command)?;
    // Only now: `npm ci` empties node_modules first, so a failed one must not look installed.
    digest.keep(&stamp)
}

/// `npm run SCRIPT` in `folder`, its packages installed.
pub fn script(folder: &str, script: &str) -> Result<Command> {
    install(folder)?;
    let mut command = npm(folder);
    command.args(["run", "--silent", script]);
    Ok(command)
}

/// `wasm-pack build` writes into pkg/ unless it is told otherwise, a package.json without scripts among others.
fn is_of_wasm_pack(package: &str) -> bool {
    package.contains("_bg.wasm\"") && !package.contains("\"scripts\"")
}

fn npm(folder: &str) -> Command {
    let mut command = program(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.current_dir(path(folder));
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_of_wasm_pack_is_told_from_ours() {
        let theirs = r#"{ "name": "ectomorph", "files": ["ectomorph_bg.wasm", "ectomorph.js"] }"#;
        assert!(is_of_wasm_pack(theirs));
        let ours = std::fs::read_to_string(path("pkg").join("package.json")).unwrap();
        assert!(!is_of_wasm_pack(&ours));
    }
}
