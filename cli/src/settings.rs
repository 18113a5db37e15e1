//! Where databases are: `ectomorph.toml` and the environment.
//!
//! ```toml
//! [repo.hello]
//! adapter = "postgres"
//! username = "postgres"
//! password = "postgres"
//! hostname = "localhost"
//! database = "hello_dev"
//! show_sensitive_data_on_connection_error = true
//! pool_size = 10
//!
//! [project]
//! bin = "ectomorph"
//! ```
//!
//! `DATABASE_URL` says where the one repo is, and wins over the file; with several repos each has a variable of its own:
//! `HELLO_DATABASE_URL`.

mod place;

use crate::failure::{Failure, Result, of_file};
use clap::ValueEnum;
use ectomorph::migration::{Defaults, VersionTable};
pub use place::Place;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The name of the file.
pub const FILE: &str = "ectomorph.toml";

/// What the file and the environment say.
pub struct Settings {
    file: File,
    /// Whether there is a file.
    found: bool,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    repo: BTreeMap<String, Keys>,
    #[serde(default)]
    project: Project,
}

/// The program of a project that has migrations in Rust.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Project {
    /// Its name; `ectomorph`.
    pub bin: Option<String>,
    /// Its package, in a workspace.
    pub package: Option<String>,
}

/// What is said of a repo, in Ecto's words. It can't be printed: there is a password in it.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    pub adapter: Option<Adapter>,
    pub url: Option<String>,
    pub username: Option<String>,
    pub password: Option<String>,
    pub hostname: Option<String>,
    pub port: Option<u16>,
    pub socket_dir: Option<String>,
    pub database: Option<String>,
    pub pool_size: Option<u32>,
    pub pool_timeout: Option<u64>,
    pub connect_timeout: Option<u64>,
    #[serde(default)]
    pub show_sensitive_data_on_connection_error: bool,
    /// The folder of `migrations` and `structure.sql`.
    #[serde(rename = "priv")]
    pub folder: Option<PathBuf>,
    pub dump_path: Option<PathBuf>,
    pub migration_source: Option<String>,
    pub migration_lock: Option<bool>,
    pub migration_default_prefix: Option<String>,
    pub template: Option<String>,
    pub encoding: Option<String>,
    pub owner: Option<String>,
    pub lc_collate: Option<String>,
    pub lc_ctype: Option<String>,
    pub charset: Option<String>,
    pub collation: Option<String>,
    pub maintenance_database: Option<String>,
    #[serde(default)]
    pub force_drop: bool,
}

/// The kinds of databases. Another is an arm here, in `connect`, `storage` and `structure`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
#[value(rename_all = "lowercase")]
pub enum Adapter {
    Postgres,
    MySql,
    Sqlite,
}

/// A repo: its name, where its database is, and what else is said of it.
pub struct Repo {
    /// Its name.
    pub name: String,
    /// Where its database is.
    pub place: Place,
    /// What else is said of it.
    pub keys: Keys,
}

impl Settings {
    /// Reads the file: this one, or that of this folder, if there is one.
    pub fn read(path: Option<&Path>) -> Result<Settings> {
        let given = path.is_some();
        let path = path.unwrap_or(Path::new(FILE));
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if !given && error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Settings { file: File::default(), found: false });
            }
            Err(error) => return Err(of_file(path, &error)),
        };
        let file = toml::from_str(&text).map_err(|error| explained(path, &text, &error))?;
        Ok(Settings { file, found: true })
    }

    /// The program of the project.
    pub fn project(&self) -> &Project {
        &self.file.project
    }

    /// The repos of these names; all, if there are none.
    pub fn repos(&self, names: &[String]) -> Result<Vec<Repo>> {
        let mut known: BTreeMap<String, Keys> = self.file.repo.clone();
        if known.is_empty() {
            known.insert("repo".into(), Keys::default());
        }
        let single = known.len() == 1;
        if let Some(unknown) = names.iter().find(|name| !known.contains_key(*name)) {
            let there: Vec<&str> = known.keys().map(String::as_str).collect();
            let message = format!("there is no repo {unknown:?}; there is {}", there.join(", "));
            return Err(Failure::new(message));
        }
        known.retain(|name, _| names.is_empty() || names.contains(name));
        let chosen = known.len();
        known.into_iter().map(|(name, keys)| self.repo(name, keys, single, chosen)).collect()
    }

    fn repo(&self, name: String, mut keys: Keys, single: bool, chosen: usize) -> Result<Repo> {
        keys.folder.get_or_insert_with(|| default_folder(&name, single));
        let own = format!("{}_DATABASE_URL", variable(&name));
        let place = if let Some(url) = environment(&own) {
            Place::url(&url, &own, &Keys::default())?
        } else if let Some(url) = environment("DATABASE_URL") {
            if chosen > 1 {
                let message = format!(
                    "DATABASE_URL is set, and does not say which repo it is of: set {own}, or choose with -r"
                );
                return Err(Failure::new(message));
            }
            Place::url(&url, "DATABASE_URL", &Keys::default())?
        } else {
            let origin = format!("[repo.{name}] in {FILE}");
            match &keys.url {
                Some(url) => Place::url(url, &origin, &keys)?,
                None if !self.found => {
                    let message = format!("there is no {FILE} here, and no DATABASE_URL");
                    return Err(Failure::new(message)
                        .mend(format!("Say where the database is: `ectomorph gen repo` writes {FILE}.")));
                }
                None => Place::keys(&keys, &origin)?,
            }
        };
        Ok(Repo { name, place, keys })
    }

    /// The folder of migrations of a repo, wherever its database is.
    pub fn migrations_folder(&self, name: Option<&str>) -> Result<PathBuf> {
        let repos = &self.file.repo;
        let (chosen, keys) = match name {
            Some(name) => {
                let keys =
                    repos.get(name).ok_or_else(|| Failure::new(format!("there is no repo {name:?}")))?;
                (name, Some(keys))
            }
            None if repos.len() > 1 => {
                return Err(Failure::new("there are several repos: choose one with -r"));
            }
            None => repos.iter().next().map_or(("repo", None), |(name, keys)| (name.as_str(), Some(keys))),
        };
        let folder = keys.and_then(|keys| keys.folder.clone());
        let folder = folder.unwrap_or_else(|| default_folder(chosen, repos.len() < 2));
        Ok(folder.join("migrations"))
    }
}

impl Repo {
    /// The folders of its migrations.
    pub fn folders(&self, others: &[PathBuf]) -> Vec<PathBuf> {
        match others {
            [] => vec![self.private().join("migrations")],
            others => others.to_vec(),
        }
    }

    /// The folder of what belongs to it.
    pub fn private(&self) -> &Path {
        self.keys.folder.as_deref().unwrap_or(Path::new("priv/repo"))
    }

    /// The table that keeps count of migrations.
    pub fn version_table(&self, prefix: Option<&str>) -> VersionTable {
        let mut table =
            VersionTable { prefix: prefix.map(|prefix| prefix.to_owned().into()), ..VersionTable::default() };
        if let Some(source) = &self.keys.migration_source {
            table.source = source.clone().into();
        }
        table
    }

    /// What its migrations need not say.
    pub fn defaults(&self, mut defaults: Defaults, prefix: Option<&str>) -> Defaults {
        if let Some(prefix) = prefix {
            defaults.prefix = Some(prefix.to_owned().into());
        }
        if let Some(prefix) = &self.keys.migration_default_prefix {
            defaults.default_prefix = Some(prefix.clone().into());
        }
        defaults
    }
}

/// The folder of a repo that names none: Ecto's, where it is the only one.
fn default_folder(name: &str, single: bool) -> PathBuf {
    Path::new("priv").join(if single { "repo" } else { name })
}

fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// A name as that of a variable: `Hello.Repo` is `HELLO_REPO`.
fn variable(name: &str) -> String {
    name.chars()
        .map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_uppercase() } else { '_' })
        .collect()
}

/// What is wrong with the file: line, key, and never a value, which may be a password.
fn explained(path: &Path, text: &str, error: &toml::de::Error) -> Failure {
    let at = error.span().map_or(0, |span| span.start.min(text.len()));
    let before = text.get(..at).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let content = text.lines().nth(line - 1).unwrap_or_default();
    let key = content.split('=').next().unwrap_or_default().trim();
    let secret = key.contains("password") || key.contains("url") || content.contains("://");
    let message = match secret {
        true => "expected a text in quotes: \"..\"".to_owned(),
        false => error.message().trim().replace('\n', ", "),
    };
    Failure::new(format!("{}, line {line}, `{key}`: {message}", path.display()))
}
