//! Queries: what they read, print and plan.

mod blog;
mod build;
mod documents;
mod errors;
mod hostile;
mod keys;
mod macros;
mod plans;
mod schemas;
mod sql;
mod vectors;
