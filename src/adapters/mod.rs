//! The databases a repo can stand on.
