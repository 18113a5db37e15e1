//! Migrations in folders: `20170523151118_create_users.json`.

use crate::app::App;
use crate::failure::{Failure, Result, of_file};
use crate::settings::Repo;
use ectomorph::migration::Migration;
use std::path::{Path, PathBuf};

/// A file that is named as migrations are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The version, in front of the name.
    pub version: i64,
    /// The name.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// What it is written in.
    pub kind: Kind,
}

/// What a file is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Document,
    Rust,
    JavaScript,
}

/// The files of a folder, in the order of versions; none, if there is no such folder.
pub fn files(folder: &Path) -> Result<Option<Vec<File>>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(of_file(folder, &error)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| of_file(folder, &error))?.path();
        files.extend(file(path));
    }
    files.sort_by(|one: &File, other| (one.version, &one.name).cmp(&(other.version, &other.name)));
    Ok(Some(files))
}

fn file(path: PathBuf) -> Option<File> {
    let kind = match path.extension()?.to_str()? {
        "json" => Kind::Document,
        "rs" => Kind::Rust,
        "ts" | "mts" | "js" | "mjs" => Kind::JavaScript,
        _ => return None,
    };
    let (version, name) = path.file_stem()?.to_str()?.split_once('_')?;
    let digits = version.bytes().all(|byte| byte.is_ascii_digit());
    let version = version.parse().ok().filter(|_| digits)?;
    Some(File { version, name: name.to_owned(), path, kind })
}

/// The migrations of a repo: those that were compiled in, and the documents of its folders. `read: false` gives their versions
/// and names alone.
pub fn migrations(app: &App, repo: &Repo, others: &[PathBuf], read: bool) -> Result<Vec<Migration>> {
    let compiled = app.of(repo);
    let mut migrations = compiled.map(<[Migration]>::to_vec).unwrap_or_default();
    for folder in repo.folders(others) {
        let Some(files) = files(&folder)? else {
            // A program that knows its migrations needs no folder of them.
            if compiled.is_some() {
                continue;
            }
            let message = format!(
                "could not find migrations directory {:?} for repo {}",
                folder.display().to_string(),
                repo.name
            );
            return Err(Failure::new(message).mend(format!(
                "In a new project it is made by `ectomorph gen migration`, or by mkdir -p {}.",
                folder.display()
            )));
        };
        for file in files {
            let known =
                |migration: &Migration| migration.version == file.version && *migration.name == *file.name;
            if compiled.is_some_and(|compiled| compiled.iter().any(known)) {
                continue;
            }
            migrations.push(match file.kind {
                _ if !read => Migration::new(file.version, file.name),
                Kind::Document => document(&file)?,
                Kind::Rust => {
                    let message = format!("file {} is not compiled into this program", file.path.display());
                    return Err(Failure::new(message).mend(format!(
                        "Give the program's main function ectomorph::migrations!({0:?}), and its build.rs\n\n    \
                         println!(\"cargo:rerun-if-changed={1}\");",
                        folder.display().to_string(),
                        folder.display()
                    )));
                }
                Kind::JavaScript => {
                    let message = format!("file {} is for JavaScript", file.path.display());
                    return Err(Failure::new(message).mend(
                        "Run it with `npx ectomorph migrate`, or write it as a document, which both understand."
                            .to_owned(),
                    ));
                }
            });
        }
    }
    Ok(migrations)
}

fn document(file: &File) -> Result<Migration> {
    let text = std::fs::read(&file.path).map_err(|error| of_file(&file.path, &error))?;
    let refused = |why: String| {
        Failure::new(format!("file {} does not define a migration: {why}", file.path.display()))
    };
    let migration = Migration::from_json(text).map_err(|mistake| refused(mistake.text()))?;
    if migration.version != file.version || *migration.name != *file.name {
        let inside = format!("{}_{}", migration.version, migration.name);
        return Err(refused(format!("inside it is {inside}; its name must be the same")));
    }
    Ok(migration)
}
