//! `migrate`, `rollback` and `migrations`.

use crate::app::App;
use crate::arguments::{Run, Status};
use crate::connect::Database;
use crate::failure::{Failure, Result};
use crate::folder;
use crate::mend;
use crate::output::Output;
use crate::progress::Progress;
use crate::settings::Repo;
use ectomorph::adapter::{Instrumented, System};
use ectomorph::migration::{Event, Migrate, Migration, MigrationError, Migrator, Target};
use ectomorph::repo::log;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Runs migrations, or with `up: false` rolls them back.
pub async fn run(app: &App, repo: &Repo, options: &Run, up: bool, output: &Output) -> Result {
    let target = match options {
        Run { step: Some(count), .. } => Target::Step(*count),
        Run { to: Some(version), .. } => Target::To(*version),
        Run { to_exclusive: Some(version), .. } => Target::ToExclusive(*version),
        Run { all: false, .. } if !up => Target::Step(1),
        _ => Target::All,
    };
    let migrations = folder::migrations(app, repo, &options.repos.migrations_path, true)?;
    // One connection is for the lock.
    let pool_size = options.pool_size.or(repo.keys.pool_size).map(|size| size.max(2));
    let database = Database::of(repo, pool_size).await?;
    let progress = Progress::start(!options.quiet);
    let running = Arc::new(AtomicBool::new(false));
    let adapter = logged(&database, options, &running, output);
    let told = Told { quiet: options.quiet, output: *output, progress, running };
    let mut migrator = migrator(app, repo, adapter, migrations, options.prefix.as_deref());
    if options.strict_version_order {
        migrator = migrator.strict_version_order();
    }
    let migrator = migrator.observe(move |event| told.hear(event));
    let ran = if up { migrator.migrate(target).await } else { migrator.rollback(target).await };
    // What is shown of progress goes first.
    drop(migrator);
    database.close().await;
    ran.map(drop).map_err(|error| failed(repo, &error))
}

/// Shows which migrations have run.
pub async fn status(app: &App, repo: &Repo, options: &Status, output: &Output) -> Result {
    let migrations = folder::migrations(app, repo, &options.repos.migrations_path, false)?;
    let database = Database::of(repo, None).await?;
    let migrator = migrator(app, repo, database.migrate(), migrations, options.prefix.as_deref());
    let statuses = migrator.migrations().await;
    database.close().await;
    output.line(format_args!(
        "\nRepo: {}\n\n  Status    Migration ID    Migration Name\n{}",
        repo.name,
        "-".repeat(50)
    ));
    for status in statuses.map_err(|error| failed(repo, &error))? {
        let word = if status.up { "up" } else { "down" };
        let name = status.name.as_deref().unwrap_or("** FILE NOT FOUND **");
        output.line(format_args!("  {word:<10}{:<16}{name}", status.version));
    }
    output.line("");
    Ok(())
}

fn migrator(
    app: &App,
    repo: &Repo,
    adapter: Arc<dyn Migrate>,
    migrations: Vec<Migration>,
    prefix: Option<&str>,
) -> Migrator {
    let defaults = repo.defaults(app.defaults.clone(), prefix);
    let table = repo.version_table(None);
    let migrator =
        Migrator::new(adapter, Arc::new(System), migrations).defaults(defaults).source(table.source);
    if repo.keys.migration_lock == Some(false) { migrator.without_lock() } else { migrator }
}

/// The database, which tells its SQL if that is wanted.
fn logged(
    database: &Database,
    options: &Run,
    running: &Arc<AtomicBool>,
    output: &Output,
) -> Arc<dyn Migrate> {
    let adapter = database.migrate();
    let (ddl, rest) = (options.log_sql, options.log_migrator_sql);
    if !(ddl || rest) || options.quiet {
        return adapter;
    }
    let (running, output) = (running.clone(), *output);
    let logged = Instrumented::new(adapter, Arc::new(System)).with_text().observe(move |event| {
        // The table that keeps count is made before the first migration runs, and is not of it.
        let wanted = match event.operation {
            "ddl" => ddl && running.load(Ordering::Relaxed),
            _ => rest,
        };
        if wanted {
            output.debug(log::line(event));
        }
    });
    Arc::new(logged)
}

/// What becomes of the events of a run.
struct Told {
    quiet: bool,
    output: Output,
    progress: Progress,
    running: Arc<AtomicBool>,
}

impl Told {
    fn hear(&self, event: &Event<'_>) {
        self.progress.tell("");
        if !self.quiet {
            self.output.info(event);
        }
        match event {
            Event::Running { .. } => self.running.store(true, Ordering::Relaxed),
            Event::Command { description, .. } => self.progress.tell(description),
            Event::Finished { .. } => self.running.store(false, Ordering::Relaxed),
            _ => {}
        }
    }
}

fn failed(repo: &Repo, error: &MigrationError) -> Failure {
    let failure = Failure::new(error.to_string());
    match error {
        MigrationError::Database { migration: None, error, .. } => failure.mend(mend::of(repo, error).or_else(|| {
            Some(
                "This usually means that the table was made by another library, or that the role may not create tables. Another \
                 table is named by `migration_source`."
                    .to_owned(),
            )
        })),
        MigrationError::Database { error, .. } => failure.mend(mend::of(repo, error)),
        _ => failure,
    }
}
