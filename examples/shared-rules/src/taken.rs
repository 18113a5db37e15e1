//! What is taken already: a stand-in for the unique indexes of a database.

use ectomorph::Changeset;
use ectomorph::changeset::FieldError;
use ectomorph::rules::{ConstraintKind, ConstraintName};
use ectomorph::schema::HasSchema;
use ectomorph::value::{Map, Value, to_text};
use std::collections::BTreeSet;
use std::sync::Mutex;

/// The values of each unique index.
pub struct Taken(Mutex<BTreeSet<(String, String)>>);

impl Taken {
    /// With these values of indexes taken.
    pub fn new(entries: &[(&str, &str)]) -> Self {
        Taken(Mutex::new(entries.iter().map(|(index, value)| ((*index).into(), (*value).into())).collect()))
    }

    /// Takes the values that the changeset's unique constraints are about, all or none. Those that are taken already
    /// are given as errors of their fields, with the messages of the constraints: as a database's violations are.
    pub fn take<T: HasSchema>(&self, changeset: &Changeset<T>) -> Vec<FieldError> {
        let mut wanted = Vec::new();
        let mut errors = Vec::new();
        // A poisoned lock still guards whole entries.
        let mut taken = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for constraint in &changeset.constraints {
            let (ConstraintKind::Unique, ConstraintName::Text(index)) = (&constraint.kind, &constraint.name)
            else {
                continue;
            };
            let Some(change) = changeset.change(&constraint.field) else { continue };
            let Some(value) = to_text(change.value()) else { continue };
            let entry = (index.to_string(), value.to_lowercase());
            if taken.contains(&entry) {
                let metadata = [("constraint", constraint.error_type()), ("constraint_name", index)];
                let metadata = metadata.map(|(key, value)| (key, Value::from(value)));
                errors.push(FieldError {
                    field: constraint.field.clone(),
                    message: constraint.message.clone(),
                    metadata: Map::from(metadata),
                });
            } else {
                wanted.push(entry);
            }
        }
        if errors.is_empty() {
            taken.extend(wanted);
        }
        errors
    }
}
