//! Schemas in documents: `{"name": "User", "source": "users", "fields": {"name": "string"}}`.

mod read;
mod write;

pub use read::read_schema;
#[cfg(all(target_arch = "wasm32", feature = "export"))]
pub(crate) use write::write_bare_schema;
pub use write::write_schema;
pub(crate) use write::write_schema_for;

/// How deep schemas may be nested in relations.
pub const MAX_DEPTH: usize = 32;

/// How many fields a schema may have.
pub const MAX_FIELDS: usize = 1_000;
