//! Queries as data: written by a builder, a macro or a document, planned for adapters.
//!
//! A [`Query`] says what was written: sources, conditions, what to select. It knows nothing of a database. [`plan`]
//! resolves it against schemas: fields become columns, associations become joins, params are cast to the types of the
//! fields they are compared with. What comes out, a [`Plan`] and its params, is what adapters run.

mod build;
mod document;
mod error;
mod expr;
mod function;
mod inspect;
pub mod plan;
mod schemas;
mod tree;
mod words;

pub use build::{
    Clause, IntoSource, Operand, Pinned, all, any, at, avg, bound, coalesce, constant, count, count_all,
    count_distinct, cume_dist, date_add, datetime_add, dense_rank, exists, field, first_value, fragment,
    from, identifier, json, lag, last_value, lead, list, map, max, merge, min, named, nth_value, ntile,
    parent_as, percent_rank, pin, pin_list, rank, row_number, selected_as, splice, struct_, subquery, sum,
    take_map, take_struct, tuple, type_, values,
};
pub use document::{MAX_BYTES, MAX_DEPTH, MAX_NODES};
pub use error::{QueryError, QueryErrorKind};
pub use expr::{
    Binding, DateKind, Expr, Frame, Key, Over, Piece, Pin, Select, Take, Taken, TypeSpec, Window,
};
pub use function::{Class, Function};
pub use inspect::inspect_value;
pub use plan::{Operation, Plan, Planned, Plans, Postprocess, plan};
pub use schemas::{SchemaRef, Schemas};
pub use tree::{
    AssocPreload, Combination, Condition, Cte, CteBody, Distinct, Join, Order, Parts, Preload,
    PreloadFunction, PreloadWith, Preloader, Query, Source, SourceKind, Update, With,
};
pub use words::{Direction, JoinKind, SetOperation, UpdateOp};
