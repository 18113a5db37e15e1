//! The adapter on the [store](crate::store): queries and writes by our own code and by GlueSQL.

mod compile;
mod node;
mod run;
mod select;
mod value;
