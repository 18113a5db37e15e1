//! Writing documents.

use super::{Document, VERSION};
use crate::mistake::Mistake;
use crate::params::to_json;
use crate::rules::write_steps;
use crate::schema::write_schema_for;
use crate::value::{Map, Value, notation};
use alloc::string::String;

impl Document {
    /// Writes the document, as [`Document::read`] reads it.
    ///
    /// The schema comes with its embeds, and with those associations alone that the steps speak of: who gets the rules
    /// of a post needs not know the columns of its author.
    ///
    /// # Errors
    ///
    /// A [`Mistake`] if a step holds a closure, which it names, or if the associations that the steps speak of lead to two
    /// schemas of one name.
    pub fn write(&self) -> Result<Value, Mistake> {
        let mut document = Map::new();
        document.insert("version", VERSION);
        if let Some(name) = &self.name {
            document.insert("name", name);
        }
        document.insert("schema", write_schema_for(&self.schema, &self.steps)?);
        document.insert("steps", write_steps(&self.steps).map_err(|mistake| mistake.at(self.schema.name()))?);
        Ok(Value::Map(document))
    }

    /// Writes the document as JSON text.
    ///
    /// # Errors
    ///
    /// As [`Document::write`].
    pub fn to_json(&self) -> Result<String, Mistake> {
        Ok(to_json(&notation::encode(&self.write()?)))
    }
}
