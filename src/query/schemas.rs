//! The schemas that a query names.

use crate::schema::Schema;
use crate::value::{Str, nearest};
use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use core::fmt;

use super::error::{QueryError, QueryErrorKind};

/// A schema: known, or named by a document.
#[derive(Clone)]
pub enum SchemaRef {
    /// The schema itself.
    Known(Arc<Schema>),
    /// Its name, which [`Schemas`] resolves when the query is planned.
    Named(Str),
}

impl SchemaRef {
    /// The name.
    pub fn name(&self) -> &Str {
        match self {
            SchemaRef::Known(schema) => schema.name(),
            SchemaRef::Named(name) => name,
        }
    }
}

impl fmt::Debug for SchemaRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl PartialEq for SchemaRef {
    fn eq(&self, other: &SchemaRef) -> bool {
        self.name() == other.name()
    }
}

impl From<Arc<Schema>> for SchemaRef {
    fn from(schema: Arc<Schema>) -> SchemaRef {
        SchemaRef::Known(schema)
    }
}

impl From<&Arc<Schema>> for SchemaRef {
    fn from(schema: &Arc<Schema>) -> SchemaRef {
        SchemaRef::Known(schema.clone())
    }
}

/// The schemas of an application by name: what a query read from a document refers to.
#[derive(Clone, Debug, Default)]
pub struct Schemas {
    by_name: BTreeMap<Str, Arc<Schema>>,
}

impl Schemas {
    /// No schemas: enough for queries built on schemas themselves.
    pub const fn new() -> Schemas {
        Schemas { by_name: BTreeMap::new() }
    }

    /// Adds a schema; one of the same name is replaced.
    pub fn add(&mut self, schema: Arc<Schema>) {
        self.by_name.insert(schema.name().clone(), schema);
    }

    /// The schema of that name.
    pub fn get(&self, name: &str) -> Option<&Arc<Schema>> {
        self.by_name.get(name)
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Schema>> {
        self.by_name.values()
    }

    /// The schema that is referred to.
    ///
    /// # Errors
    ///
    /// No schema has that name; the message names the nearest that is known.
    pub fn resolve(&self, reference: &SchemaRef) -> Result<Arc<Schema>, QueryError> {
        let name = match reference {
            SchemaRef::Known(schema) => return Ok(schema.clone()),
            SchemaRef::Named(name) => name,
        };
        if let Some(schema) = self.get(name) {
            return Ok(schema.clone());
        }
        let message = match nearest(name, self.by_name.keys().map(Str::as_str)) {
            Some(hint) => ["the schema `", name, "` is unknown; did you mean `", hint, "`?"].concat(),
            None => ["the schema `", name, "` is unknown; add it to the schemas of the repo"].concat(),
        };
        Err(QueryError::new(QueryErrorKind::Query, message))
    }
}

impl FromIterator<Arc<Schema>> for Schemas {
    fn from_iter<I: IntoIterator<Item = Arc<Schema>>>(schemas: I) -> Schemas {
        let mut all = Schemas::new();
        schemas.into_iter().for_each(|schema| all.add(schema));
        all
    }
}
