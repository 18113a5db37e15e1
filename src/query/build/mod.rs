//! Building queries in Rust: the functions of `Ecto.Query` and `Ecto.Query.API`.

mod clauses;
mod compose;
mod functions;
mod select;
mod sources;

pub use compose::Clause;
pub use functions::{
    Operand, Pinned, all, any, at, avg, bound, coalesce, constant, count, count_all, count_distinct,
    cume_dist, date_add, datetime_add, dense_rank, exists, field, first_value, fragment, identifier, json,
    lag, last_value, lead, list, map, max, merge, min, named, nth_value, ntile, parent_as, percent_rank, pin,
    pin_list, rank, row_number, selected_as, splice, struct_, sum, take_map, take_struct, tuple, type_,
};
pub use sources::{IntoSource, from, subquery, values};
