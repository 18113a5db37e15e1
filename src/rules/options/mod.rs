//! The options of rules.

mod cast;
mod constraint;
mod length;
mod message;
mod number;

pub use cast::{CastOptions, CastRelation, Trim};
pub use constraint::{ConstraintKind, ConstraintName, ConstraintOptions, Match};
pub use length::{Count, Length};
pub use message::{Message, Options};
pub use number::{Number, NumberKind};
