//! The adapter on the [store](crate::store): queries and writes by our own code and by GlueSQL.

mod adapter;
mod bulk;
mod compile;
mod cursor;
mod ddl;
mod direct;
#[cfg(feature = "glue")]
mod engine;
mod explain;
mod node;
mod prepare;
mod run;
mod select;
mod state;
mod value;
mod write;

pub use adapter::{Executor, Glue};
pub use direct::Direct;
