//! Tables in memory: rows by key, indexes, constraints, undo and a journal.
//!
//! A [`Database`] holds [`Table`]s of rows. A row is a slice of [`Value`](crate::value::Value)s, one for each column, and reading copies it
//! out of where it is packed: by [key](Table::get), as a [range](Range) of an [index](Table::scan) in its order, or
//! [all](Table::rows). What needs single values has them on loan, as [`Cell`]s, of [one row](Table::cell) or of [many](Stretch). Writes
//! are [statements](Database::statement): all of one happens or nothing, constraints hold when it is done.
//! The store knows no queries and no SQL; conditions of checks and partial indexes are [expressions](crate::expr).
//!
//! | file | |
//! |---|---|
//! | `definition`, `ddl`, `kind` | what tables are, as data; how definitions change |
//! | `database`, `statement`, `many`, `transaction` | writes, and taking them back |
//! | `referential`, `define`, `plan` | foreign keys; changes of definitions; names resolved |
//! | `table`, `scan` | reading |
//! | `durable`, `records`, `image`, `packed`, `codec` | what commits did, and all tables, as bytes |
//! | [`journal`] | bytes that outlive a crash |
//! | `slab`, `chunk`, `cells`, `bits` | rows by number, packed by columns |
//! | `tree`, `search`, `key` | numbers by key, finding them, the order of keys |

mod bits;
mod cells;
mod chunk;
mod codec;
mod database;
mod ddl;
mod define;
mod definition;
mod durable;
mod error;
mod image;
pub mod journal;
mod key;
mod kind;
mod many;
mod packed;
mod plan;
mod records;
mod referential;
mod scan;
mod search;
mod slab;
mod statement;
mod table;
mod transaction;
mod tree;

pub use cells::{Cell, Form};
pub use chunk::{STRETCH, Stretch};
pub use database::{Database, Functions, Outcome};
pub use ddl::{ColumnChange, Ddl};
pub use define::holds;
pub use definition::{
    Action, Check, Column, Default, Definition, Fold, ForeignKey, Index, PrimaryKey, TableName,
};
pub use durable::Durability;
pub use error::{
    DefinitionError, DefinitionErrorKind, Misfit, MisfitKind, StoreError, Violation, ViolationKind,
};
pub use key::order;
pub use kind::Kind;
pub use scan::{Ids, Range, Rows};
pub use slab::{Row, RowId};
pub use statement::Statement;
pub use table::{IndexId, IndexInfo, Table, TableId};
pub use transaction::Mark;
