//! `gen repo`: what a project needs before its first migration.

use super::write;
use crate::arguments::GenRepo;
use crate::failure::{Failure, Result};
use crate::output::Output;
use crate::settings::{Adapter, FILE};
use ectomorph::generate::Generated;
use std::path::Path;

/// Writes `ectomorph.toml`, and in a Rust project what knows its migrations.
pub fn repo(options: &GenRepo, output: &Output) -> Result {
    let name = match &options.name {
        Some(name) => name.clone(),
        None => this_folder().ok_or_else(|| Failure::new("this folder has no name; give the repo one"))?,
    };
    let plain = !name.is_empty()
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-".contains(letter));
    if !plain {
        return Err(Failure::new(format!(
            "expected the repo, {name:?}, to be a name such as hello: letters, digits, _ and -"
        )));
    }
    let mut files = vec![Generated { path: FILE.into(), text: settings(&name, options.database) }];
    let rust = Path::new("Cargo.toml").exists();
    if rust {
        files.push(Generated { path: "src/bin/ectomorph.rs".into(), text: PROGRAM.into() });
        files.push(Generated { path: "build.rs".into(), text: BUILD.into() });
    }
    // The macro wants its folder, and git keeps no empty one.
    files.push(Generated { path: "priv/repo/migrations/.gitkeep".into(), text: String::new() });
    // What is there stays; of settings that are, `write` says so.
    files.retain(|file| file.path == FILE || !Path::new(&file.path).exists());
    write(&files, output)?;
    if rust {
        output.line("\nThe program of the project's migrations needs these:\n\n   $ cargo add ectomorph ectomorph-cli\n");
    }
    Ok(())
}

fn this_folder() -> Option<String> {
    Some(std::env::current_dir().ok()?.file_name()?.to_str()?.to_owned())
}

fn settings(name: &str, database: Adapter) -> String {
    let keys = match database {
        Adapter::Sqlite => format!("adapter = \"sqlite\"\ndatabase = \"{name}_dev.db\"\n"),
        Adapter::Postgres => server("postgres", "postgres", "postgres", name),
        Adapter::MySql => server("mysql", "root", "", name),
    };
    format!("# Where the database is. DATABASE_URL wins over it.\n[repo.{name}]\n{keys}")
}

fn server(adapter: &str, username: &str, password: &str, name: &str) -> String {
    format!(
        "adapter = \"{adapter}\"\nusername = \"{username}\"\npassword = \"{password}\"\nhostname = \"localhost\"\n\
         database = \"{name}_dev\"\nshow_sensitive_data_on_connection_error = true\npool_size = 10\n"
    )
}

const PROGRAM: &str = "//! `ectomorph` with the migrations of this project, which it compiles and runs when it finds some in Rust.

use std::process::ExitCode;

fn main() -> ExitCode {
    ectomorph_cli::App::new().migrations(ectomorph::migrations!(\"priv/repo/migrations\")).main()
}
";

const BUILD: &str = "//! Tells Cargo that a new migration is a reason to build.

fn main() {
    println!(\"cargo:rerun-if-changed=priv/repo/migrations\");
}
";
