//! [`App`]: the commands, with what a project adds to them.

use crate::arguments::{Arguments, Command, Repos};
use crate::failure::{Failure, Result};
use crate::output::Output;
use crate::settings::{Repo, Settings};
use crate::{generate, handover, migrate, storage, structure};
use clap::Parser;
use ectomorph::migration::{Defaults, Migration};
use ectomorph::mistake::Mistake;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::process::ExitCode;

/// The command line: the program `ectomorph`, or that of a project with migrations in Rust.
#[derive(Clone, Debug, Default)]
pub struct App {
    /// The migrations that were compiled in, by the name of their repo; those of the one repo have none.
    pub(crate) migrations: BTreeMap<Option<String>, Vec<Migration>>,
    pub(crate) defaults: Defaults,
    mistake: Option<Mistake>,
}

impl App {
    /// With no migrations but those in folders.
    pub fn new() -> App {
        App::default()
    }

    /// Has these migrations, which `ectomorph::migrations!` makes of a folder; of repos that have none of their own.
    pub fn migrations(self, migrations: std::result::Result<Vec<Migration>, Mistake>) -> App {
        self.put(None, migrations)
    }

    /// Has these migrations for the repo of that name in `ectomorph.toml`.
    pub fn migrations_of(
        self,
        repo: impl Into<String>,
        migrations: std::result::Result<Vec<Migration>, Mistake>,
    ) -> App {
        self.put(Some(repo.into()), migrations)
    }

    /// What migrations need not say.
    pub fn defaults(mut self, defaults: Defaults) -> App {
        self.defaults = defaults;
        self
    }

    /// Does what the arguments of this process say.
    pub fn main(self) -> ExitCode {
        self.run(std::env::args_os())
    }

    /// Does what arguments say, the first of which is the name of the program. What is to be said goes to this process's
    /// standard output, errors to its standard error.
    pub fn run(self, arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>) -> ExitCode {
        let arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
        let read = match Arguments::try_parse_from(&arguments) {
            Ok(read) => read,
            Err(error) => {
                // Help and the version are no errors.
                let code = u8::from(error.use_stderr());
                let _ = error.print();
                return ExitCode::from(code);
            }
        };
        let output = Output::new(read.color);
        match self.obey(&read, &arguments, &output) {
            Ok(code) => ExitCode::from(code),
            Err(failure) => {
                output.failure(&failure);
                ExitCode::FAILURE
            }
        }
    }

    fn obey(&self, arguments: &Arguments, all: &[OsString], output: &Output) -> Result<u8> {
        if let Some(mistake) = &self.mistake {
            return Err(Failure::new(mistake.text()));
        }
        let settings = Settings::read(arguments.config.as_deref())?;
        if let Command::Gen(what) = &arguments.command {
            return generate::run(what, &settings, output).map(|()| 0);
        }
        let repos = settings.repos(&arguments.command.repos().repo)?;
        if arguments.command.runs_migrations() && self.migrations.is_empty() {
            let folders = &arguments.command.repos().migrations_path;
            if handover::is_needed(&repos, folders)? {
                return handover::run(&settings, all);
            }
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Failure::new(format!("no thread for connections: {error}")))?;
        for repo in &repos {
            runtime.block_on(self.one(&arguments.command, repo, output))?;
        }
        Ok(0)
    }

    async fn one(&self, command: &Command, repo: &Repo, output: &Output) -> Result<()> {
        match command {
            Command::Create(create) => storage::create(repo, create.quiet, output).await,
            Command::Drop(drop) => storage::drop(repo, drop, output).await,
            Command::Migrate(options) => migrate::run(self, repo, options, true, output).await,
            Command::Rollback(options) => migrate::run(self, repo, options, false, output).await,
            Command::Migrations(options) => migrate::status(self, repo, options, output).await,
            Command::Dump(dump) => structure::dump(repo, dump, output).await,
            Command::Load(load) => structure::load(repo, load, output).await,
            Command::Gen(_) => Ok(()),
        }
    }

    /// The migrations that were compiled in for a repo.
    pub(crate) fn of(&self, repo: &Repo) -> Option<&[Migration]> {
        let own = self.migrations.get(&Some(repo.name.clone()));
        own.or_else(|| self.migrations.get(&None)).map(Vec::as_slice)
    }

    fn put(mut self, repo: Option<String>, read: std::result::Result<Vec<Migration>, Mistake>) -> App {
        match read {
            Ok(read) => self.migrations.entry(repo).or_default().extend(read),
            Err(mistake) => self.mistake = Some(mistake),
        }
        self
    }
}

impl Command {
    fn repos(&self) -> &Repos {
        match self {
            Command::Create(create) => &create.repos,
            Command::Drop(drop) => &drop.repos,
            Command::Migrate(options) | Command::Rollback(options) => &options.repos,
            Command::Migrations(status) => &status.repos,
            Command::Dump(dump) => &dump.repos,
            Command::Load(load) => &load.repos,
            Command::Gen(_) => Repos::NONE,
        }
    }

    fn runs_migrations(&self) -> bool {
        matches!(self, Command::Migrate(_) | Command::Rollback(_) | Command::Migrations(_))
    }
}
