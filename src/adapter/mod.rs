//! The contract between a repo and a database.
