//! Queries: what they read, print and plan.

mod build;
mod documents;
mod errors;
mod keys;
mod plans;
mod schemas;
mod vectors;
