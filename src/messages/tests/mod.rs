//! Whole catalogs, as Phoenix applications have them, and files that are not quite right.

mod catalogs;
mod files;
mod interpolation;
