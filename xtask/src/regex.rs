//! The `regex` crate with fewer of its features, for the artifacts that are downloaded.
//!
//! GlueSQL asks for `regex` with all there is: automata built ahead, searches for literals, properties that no pattern of
//! ours may name. Features add up over a build, so nobody can take them back; but cargo lets a folder stand in for a
//! crate. So the folder is the crate, copied, with other defaults. What remains runs the same patterns, in time
//! linear in the text as before.

use std::fs;
use std::path::{Path, PathBuf};

use crate::shell::{Result, cargo, failure, output, target};

/// What stands between the brackets of `default = [..]`. The properties are those of `src/pattern/names.rs`.
const DEFAULTS: &str = r#""std", "perf-cache", "perf-backtrack", "unicode-bool", "unicode-case", "unicode-gencat", "unicode-perl", "unicode-script""#;

/// The argument of cargo that lets the smaller crate stand in.
pub fn smaller() -> Result<[String; 2]> {
    let source = source()?;
    let folder = target().join("xtask").join(source.file_name().unwrap_or_default());
    let manifest = folder.join("Cargo.toml");
    // What is there stays: its files would look changed, and all that needs them be compiled again.
    if !fs::read_to_string(&manifest).is_ok_and(|text| text.contains(DEFAULTS)) {
        let _ = fs::remove_dir_all(&folder);
        copy(&source, &folder)?;
        let text = fs::read_to_string(&manifest).map_err(|error| at(&manifest, error))?;
        let with_defaults = || {
            let (before, rest) = text.split_once("default = [")?;
            let (_, after) = rest.split_once(']')?;
            Some(format!("{before}default = [{DEFAULTS}]{after}"))
        };
        let text =
            with_defaults().ok_or_else(|| failure("the regex crate has no default features to replace"))?;
        fs::write(&manifest, text).map_err(|error| at(&manifest, error))?;
    }
    Ok([String::from("--config"), format!("paths=[{:?}]", folder.display().to_string())])
}

/// Where cargo keeps the crate, of the version in Cargo.lock.
fn source() -> Result<PathBuf> {
    let mut metadata =
        cargo(["metadata", "--format-version", "1", "--no-default-features", "--features", "regex"]);
    metadata.args(["--filter-platform", crate::rust::WASM]);
    let metadata = output(metadata)?;
    metadata
        .split(r#""manifest_path":""#)
        .filter_map(|rest| Path::new(rest.split('"').next()?).parent())
        .find(|folder| {
            let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            name.strip_prefix("regex-")
                .is_some_and(|version| version.starts_with(|char: char| char.is_ascii_digit()))
        })
        .map(Path::to_path_buf)
        .ok_or_else(|| failure("cargo metadata names no regex crate"))
}

fn copy(from: &Path, to: &Path) -> Result {
    fs::create_dir_all(to).map_err(|error| at(to, error))?;
    for entry in fs::read_dir(from).map_err(|error| at(from, error))? {
        let path = entry.map_err(|error| at(from, error))?.path();
        let Some(name) = path.file_name() else { continue };
        if path.is_dir() {
            copy(&path, &to.join(name))?;
        } else {
            fs::copy(&path, to.join(name)).map_err(|error| at(&path, error))?;
        }
    }
    Ok(())
}

fn at(path: &Path, error: std::io::Error) -> crate::shell::Failure {
    failure(format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_copy_differs_by_its_defaults_alone_and_is_made_once() {
        let [option, paths] = smaller().unwrap();
        let folder =
            PathBuf::from(paths.strip_prefix("paths=[\"").and_then(|rest| rest.strip_suffix("\"]")).unwrap());
        let manifest = folder.join("Cargo.toml");
        let (copied, original) = (
            fs::read_to_string(&manifest).unwrap(),
            fs::read_to_string(source().unwrap().join("Cargo.toml")).unwrap(),
        );
        let without = |text: &str| {
            let (before, rest) = text.split_once("default = [").unwrap();
            let (defaults, after) = rest.split_once(']').unwrap();
            (defaults.to_owned(), format!("{before}{after}"))
        };
        assert_eq!(option, "--config");
        assert_eq!(without(&copied).0, DEFAULTS);
        assert!(without(&original).0.contains("\"perf\""));
        assert_eq!(without(&copied).1, without(&original).1);
        let made = fs::metadata(&manifest).unwrap().modified().unwrap();
        smaller().unwrap();
        assert_eq!(fs::metadata(&manifest).unwrap().modified().unwrap(), made);
    }
}
