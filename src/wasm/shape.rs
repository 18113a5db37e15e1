//! [`Shape`]: in which order params are packed.

use crate::value::Str;
use alloc::vec::Vec;

/// The params that rules read, by name, with the shape of the children of relations.
#[derive(Debug, Default)]
pub(crate) struct Shape {
    /// Names, each with the shape of what it holds if that is children.
    pub(crate) entries: Vec<(Str, Option<Shape>)>,
}
