//! `gen`: files to go on from.

mod project;

use crate::arguments::{Gen, GenMigration, GenSchema, GenTypes, Lang};
use crate::failure::{Failure, Result, of_file};
use crate::folder::files;
use crate::output::Output;
use crate::settings::Settings;
use ectomorph::adapter::{Environment, System};
use ectomorph::generate::{self, Generated, Language, SchemaRequest};
use ectomorph::mistake::Mistake;
use ectomorph::value::UtcDatetime;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Writes what is asked for.
pub fn run(what: &Gen, settings: &Settings, output: &Output) -> Result {
    match what {
        Gen::Migration(options) => migration(options, settings, output),
        Gen::Schema(options) => schema(options, settings, output),
        Gen::Types(options) => types(options, output),
        Gen::Repo(options) => project::repo(options, output),
    }
}

fn migration(options: &GenMigration, settings: &Settings, output: &Output) -> Result {
    let folder = folder(options.migrations_path.as_ref(), options.repo.as_deref(), settings)?;
    let version = free_version(&folder, &options.name)?;
    let language = language(options.lang);
    let file = generate::migration(&text_of(&folder)?, &options.name, version, language).map_err(refused)?;
    write(&[file], output)
}

fn schema(options: &GenSchema, settings: &Settings, output: &Output) -> Result {
    let mut request =
        SchemaRequest::new(&options.schema, &options.table, &options.attributes).map_err(refused)?;
    let folder = folder(options.migrations_path.as_ref(), options.repo.as_deref(), settings)?;
    let name = format!("create_{}", options.table);
    let version = if options.no_migration { 0 } else { free_version(&folder, &name)? };
    request.prefix = options.prefix.clone();
    request.binary_id = options.binary_id;
    request.migration = !options.no_migration;
    request.migrations = text_of(&folder)?;
    request.schemas = text_of(&options.schemas_path)?;
    if options.no_timestamps {
        request.timestamps = None;
    }
    let of_schema = language(options.lang);
    let of_migration = options.migration_lang.map_or(of_schema, |lang| language(Some(lang)));
    let files = request.files(of_schema, of_migration, version).map_err(refused)?;
    write(&files, output)?;
    if request.migration {
        let program = if of_migration == Language::TypeScript { "npx ectomorph" } else { "ectomorph" };
        output.line(format_args!(
            "\nRemember to update your repository by running migrations:\n\n   $ {program} migrate\n"
        ));
    }
    Ok(())
}

fn types(options: &GenTypes, output: &Output) -> Result {
    let mut documents = Vec::with_capacity(options.documents.len());
    for path in &options.documents {
        let json = std::fs::read(path).map_err(|error| of_file(path, &error))?;
        let document = generate::document_for_types(json)
            .map_err(|mistake| Failure::new(format!("{}: {}", path.display(), mistake.text())))?;
        documents.push(document);
    }
    let module = generate::typescript_types(&documents).map_err(refused)?;
    match &options.out {
        // Made anew from its documents, so it may be there.
        Some(path) => {
            std::fs::write(path, module).map_err(|error| of_file(path, &error))?;
            output.creating(&path.display().to_string());
        }
        None => output.line(module.trim_end()),
    }
    Ok(())
}

/// What files are written in, if nothing is said: what the project is.
fn language(lang: Option<Lang>) -> Language {
    match lang {
        Some(Lang::Rust) => Language::Rust,
        Some(Lang::Ts) => Language::TypeScript,
        Some(Lang::Json) => Language::Document,
        None if Path::new("Cargo.toml").exists() => Language::Rust,
        None if Path::new("package.json").exists() => Language::TypeScript,
        None => Language::Document,
    }
}

fn folder(given: Option<&PathBuf>, repo: Option<&str>, settings: &Settings) -> Result<PathBuf> {
    match given {
        Some(folder) => Ok(folder.clone()),
        None => settings.migrations_folder(repo),
    }
}

/// The version of a migration that is written now: its second, or the next one that no file has.
fn free_version(folder: &Path, name: &str) -> Result<i64> {
    let files = files(folder)?.unwrap_or_default();
    if files.iter().any(|file| file.name == name) {
        let message =
            format!("migration can't be created, there is already a migration file with name {name}.");
        return Err(Failure::new(message));
    }
    let mut now = System.unix_microseconds();
    loop {
        let instant = UtcDatetime::from_unix(now, 0)
            .ok_or_else(|| Failure::new("the clock of this machine is wrong"))?;
        let version = generate::version_at(instant);
        if files.iter().all(|file| file.version != version) {
            return Ok(version);
        }
        now += 1_000_000;
    }
}

/// Writes files that are not there yet, all or none.
fn write(files: &[Generated], output: &Output) -> Result {
    if let Some(taken) = files.iter().find(|file| Path::new(&file.path).exists()) {
        return Err(Failure::new(format!(
            "{} is there already: remove it, or choose another name",
            taken.path
        )));
    }
    for file in files {
        let path = Path::new(&file.path);
        if let Some(folder) =
            path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists())
        {
            std::fs::create_dir_all(folder).map_err(|error| of_file(folder, &error))?;
            output.creating(&folder.display().to_string());
        }
        let written = OpenOptions::new().write(true).create_new(true).open(path);
        written
            .and_then(|mut made| made.write_all(file.text.as_bytes()))
            .map_err(|error| of_file(path, &error))?;
        output.creating(&file.path);
    }
    Ok(())
}

fn text_of(path: &Path) -> Result<String> {
    let text = path.to_str().map(|text| text.trim_end_matches('/').to_owned());
    text.ok_or_else(|| Failure::new(format!("{} is no text", path.display())))
}

fn refused(mistake: Mistake) -> Failure {
    Failure::new(mistake.text())
}
