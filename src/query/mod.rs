//! Queries as data: written by a builder, a macro or a document, planned for adapters.
//!
//! A [`Query`] says what was written: sources, conditions, what to select. It knows nothing of a database. [`plan`]
//! resolves it against schemas: fields become columns, associations become joins, params are cast to the types of the
//! fields they are compared with. What comes out, a [`Plan`] and its params, is what adapters run.

mod error;
mod expr;
mod function;
pub mod plan;
mod schemas;
mod tree;

pub use error::{QueryError, QueryErrorKind};
pub use expr::{
    Binding, DateKind, Expr, Frame, Key, Over, Piece, Pin, Select, Take, Taken, TypeSpec, Window,
};
pub use function::{Class, Function};
pub use plan::{Operation, Plan, Planned, Postprocess, plan};
pub use schemas::{SchemaRef, Schemas};
pub use tree::{
    AssocPreload, Combination, Condition, Cte, CteBody, Direction, Distinct, Join, JoinKind, Order, Parts,
    Preload, PreloadFunction, PreloadWith, Query, SetOperation, Source, SourceKind, Update, UpdateOp, With,
};
