//! Asking a changeset.

#[cfg(feature = "std")]
use super::Held;
use super::{Changeset, Data};
use crate::changeset::error::FieldError;
use crate::changeset::parts::Change;
use crate::changeset::query::Origin;
use crate::mistake::Mistake;
use crate::rules::validation_argument;
use crate::schema::{HasSchema, Named, Slot};
use crate::value::{Map, Str, Value};

impl<T: Data> Changeset<T> {
    /// The data with the changes applied, valid or not: Ecto's `apply_changes/1`.
    ///
    /// # Errors
    ///
    /// The changeset's [`Mistake`], or that a changed value does not fit the Rust type.
    pub fn apply_changes(&self) -> Result<T, Mistake> {
        match &self.parts().mistake {
            Some(mistake) => Err(mistake.clone()),
            None => T::of_record(self.parts().apply_changes()),
        }
    }

    /// The data with the changes applied if the changeset is valid: Ecto's `apply_action/2`.
    ///
    /// # Errors
    ///
    /// The changeset with the action set, if it is not valid; with its `mistake` set, if a changed value does not fit the
    /// Rust type.
    pub fn apply_action(mut self, action: impl Into<Str>) -> Result<T, Changeset<T>> {
        if self.parts().valid {
            match self.apply_changes() {
                Ok(data) => return Ok(data),
                Err(mistake) => self = self.poison(mistake),
            }
        }
        let mut parts = self.into_boxed();
        parts.action = Some(action.into());
        Err(Changeset::of_boxed(parts))
    }
}

impl<T> Changeset<T> {
    /// The messages by field, children nested, with their values filled in: `{"title": ["can't be blank"]}`.
    ///
    /// [`Parts::traverse_errors`](crate::changeset::Parts::traverse_errors) does it with a function of yours.
    pub fn error_messages(&self) -> Map {
        #[cfg(feature = "std")]
        if let Held::Later(later) = &self.held {
            return later.error_messages();
        }
        self.parts().traverse_errors(&FieldError::text_value)
    }

    /// The changed values by field, without those of relations: Ecto's `changeset.changes`.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// use ectomorph::value::{Map, Value};
    /// use ectomorph::{Rules, Schema};
    ///
    /// #[derive(Schema)]
    /// #[schema(source = "users")]
    /// struct User {
    ///     id: Option<i64>,
    ///     number_of_pets: Option<i64>,
    /// }
    ///
    /// let params = Map::from([("number_of_pets", "5"), ("random_key", "random value")]);
    /// let changeset = Rules::cast([User::number_of_pets]).apply(User::default(), &params);
    /// assert_eq!(changeset.changed_values(), Map::from([("number_of_pets", 5)]));
    /// # }
    /// ```
    pub fn changed_values(&self) -> Map {
        let fields = self.parts().schema().fields();
        let values = self.parts().changes.iter().filter_map(|(position, change)| match change {
            Change::Value(value) => Some((fields[position].name.clone(), value.clone())),
            Change::One(_) | Change::Many(_) => None,
        });
        values.collect()
    }

    /// The rules by field, children nested: `{"title": [["length", {"min": 2}]]}`.
    pub fn validations_by_field(&self) -> Map {
        self.parts().traverse_validations(&|validation| {
            Value::List([Value::from(validation.rule.name()), validation_argument(&validation.rule)].into())
        })
    }
}

/// With names that the compiler knows. A changeset of a [`Record`](crate::schema::Record) answers through
/// [`Parts`](crate::changeset::Parts), by text.
impl<T: HasSchema> Changeset<T> {
    /// The value of a field: its change, else its data. Null for relations.
    pub fn get_field(&self, field: impl Named<T>) -> Value {
        match self.fetch_field(field) {
            Some((_, Slot::Value(value))) => value,
            _ => Value::Null,
        }
    }

    /// What a field holds with its changes applied, and where it comes from; `None` for an association that was not
    /// loaded.
    pub fn fetch_field(&self, field: impl Named<T>) -> Option<(Origin, Slot)> {
        self.parts().fetch_field(&field.name()).ok().flatten()
    }

    /// The error of a field, the latest if there are several: Ecto's `changeset.errors[:email]`.
    pub fn error(&self, field: impl Named<T>) -> Option<&FieldError> {
        let name = field.name();
        self.parts().errors.iter().find(|error| error.field == name)
    }

    /// The change of a field: a value, or the changesets of a relation.
    pub fn get_change(&self, field: impl Named<T>) -> Option<&Change> {
        self.parts().change(&field.name())
    }

    /// The changed value of a field; `None` if it does not change or is a relation.
    pub fn fetch_change(&self, field: impl Named<T>) -> Option<&Value> {
        self.parts().fetch_change(&field.name())
    }

    /// Whether a field changes.
    pub fn changed(&self, field: impl Named<T>) -> bool {
        self.parts().changed(&field.name(), None, None) == Ok(true)
    }

    /// Whether a field has no value: null or empty.
    pub fn field_missing(&self, field: impl Named<T>) -> bool {
        self.parts().field_missing(&field.name()) == Ok(true)
    }
}
