//! Whether inputs changed since something was built from them.

use std::ffi::OsStr;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use crate::shell::{Result, failure, path, root};

/// A digest of files, folders and texts that something is built from.
#[derive(Default)]
pub struct Digest(DefaultHasher);

impl Digest {
    /// Adds a text, such as the compiler's version.
    pub fn text(mut self, text: &str) -> Digest {
        text.hash(&mut self.0);
        self
    }

    /// Adds a file or all files of a folder but node_modules and dist, names and contents.
    pub fn path(mut self, below_root: &str) -> Digest {
        let mut files = Vec::new();
        collect(&path(below_root), &mut files);
        files.sort();
        for file in files {
            file.strip_prefix(root()).unwrap_or(&file).hash(&mut self.0);
            fs::read(&file).ok().hash(&mut self.0);
        }
        self
    }

    /// Whether the digest differs from the one kept under `stamp`.
    pub fn differs_from(&self, stamp: &Path) -> bool {
        fs::read_to_string(stamp).ok() != Some(self.hex())
    }

    /// Keeps the digest under `stamp`, for the next time.
    pub fn keep(&self, stamp: &Path) -> Result {
        let folder = stamp.parent().unwrap_or(root());
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(stamp, self.hex()))
            .map_err(|error| failure(format!("{}: {error}", stamp.display())))
    }

    fn hex(&self) -> String {
        format!("{:016x}", self.0.finish())
    }
}

fn collect(from: &Path, files: &mut Vec<PathBuf>) {
    if from.is_file() {
        files.push(from.to_owned());
    } else if let Ok(entries) = fs::read_dir(from) {
        let built = |name: &OsStr| name == "node_modules" || name == "dist";
        for entry in entries.flatten().filter(|entry| !built(&entry.file_name())) {
            collect(&entry.path(), files);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_digest_differs_only_when_an_input_does() {
        let stamp = std::env::temp_dir().join(format!("xtask-digest-{}", std::process::id()));
        let of = |text| Digest::default().path("xtask/src").text(text);
        assert!(of("1.88").differs_from(&stamp));
        of("1.88").keep(&stamp).unwrap();
        assert!(!of("1.88").differs_from(&stamp));
        assert!(of("1.89").differs_from(&stamp));
        assert!(Digest::default().path("xtask").text("1.88").differs_from(&stamp));
        fs::remove_file(stamp).unwrap();
    }
}
