//! The repo, with structs, on a database as simple as can be.

mod blog;
mod differential;
mod direct;
mod explain;
mod ids;
#[path = "../naive/mod.rs"]
mod naive;
mod reads;
mod told;
mod transactions;
mod writes;
