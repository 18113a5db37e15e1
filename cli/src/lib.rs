//! The command line of ectomorph, as a library: the program `ectomorph` is [`App`] with no migrations of its own.
//!
//! Migrations that are documents (`priv/repo/migrations/*.json`) need no more than the installed program. Migrations in Rust
//! are compiled, so a project that has some has a program of its own, which knows them:
//!
//! ```no_run
//! // src/bin/ectomorph.rs
//! use std::process::ExitCode;
//!
//! fn main() -> ExitCode {
//!     ectomorph_cli::App::new().migrations(ectomorph::migrations!("tests/migrations")).main()
//! }
//! ```
//!
//! `ectomorph migrate` in the folder of that project builds and runs it (`cargo run --bin ectomorph`), as `mix` compiles
//! first; on a machine without Rust the built program takes the same commands itself. An app that migrates when it starts
//! needs neither: it has [`Migrator`](ectomorph::migration::Migrator).

mod app;
mod arguments;
mod connect;
mod failure;
mod folder;
mod generate;
mod handover;
mod mend;
mod migrate;
mod output;
mod progress;
mod settings;
mod storage;
mod structure;

pub use app::App;
