//! Migrations: commands as data, their reversal, and what runs them.
//!
//! 1. A [`Migration`] records [operations](Operation) with a [`Recorder`], or reads them from a document.
//! 2. [`Migration::run`] gives the [steps](Step) of a direction: commands, reversed where `change` is rolled back.
//! 3. A [`Command`] goes to an adapter ([`Migrate`]), which changes its tables by it or turns it into text.
//! 4. A [`Migrator`] runs migrations on an adapter, each once.
//!
//! What each function does is that of Ecto.Migration and Ecto.Migrator.

mod adapter;
mod check;
mod columns;
mod command;
mod defaults;
mod definition;
pub mod document;
mod error;
mod event;
mod instrumented;
mod migrator;
mod operation;
mod pending;
mod recorder;

pub use adapter::{Migrate, MigrateTransaction, MigrationLock, Running, VersionTable};
pub use check::check_command;
pub use columns::{Changes, Columns, Timestamps};
pub use command::*;
pub use defaults::Defaults;
#[doc(hidden)]
pub use definition::all;
pub use definition::{Migration, Run};
pub use document::{read_command, read_operations, write_command, write_operations};
pub use error::MigrationError;
pub use event::Event;
pub use migrator::Migrator;
pub use operation::{Function, Operation, Statement, Step};
pub use pending::{Status, Target};
pub use recorder::Recorder;
