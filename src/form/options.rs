//! How a form is to be made.

use crate::mistake::Mistake;
use crate::rules::{Step, unknown};
use crate::value::{Map, Str, Value};
use alloc::sync::Arc;

/// How a form is to be made: `Options::new().name("account").action("validate")`.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What the names of the inputs start with: `user` of `user[email]`. Absent means the name of the schema in
    /// snake case, and none for plain data with types; an empty name makes `user[email]` an `email`.
    pub name: Option<Str>,
    /// What the ids start with. Absent means the name.
    pub id: Option<Str>,
    /// The action of the form, instead of the changeset's. Without any, or with "ignore", it shows no errors.
    pub action: Option<Str>,
    /// Input types asked for, by field; those of a relation's children are a map of their own:
    /// `{"bio": "textarea", "comments": {"body": "textarea"}}`.
    pub types: Map,
    /// The steps that made the changeset. They tell what the changeset does not keep: which fields the params may
    /// change, and how children are cast.
    pub steps: Option<Arc<[Step]>>,
}

impl Options {
    /// No options.
    pub fn new() -> Self {
        Options::default()
    }

    /// What the names of the inputs start with.
    pub fn name(mut self, name: impl Into<Str>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// What the ids start with.
    pub fn id(mut self, id: impl Into<Str>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// The action, so that errors are shown.
    pub fn action(mut self, action: impl Into<Str>) -> Self {
        self.action = Some(action.into());
        self
    }

    /// Asks for an input type.
    pub fn input(mut self, field: impl Into<Str>, input: impl Into<Value>) -> Self {
        self.types.insert(field, input);
        self
    }

    /// The steps that made the changeset.
    pub fn steps(mut self, steps: impl Into<Arc<[Step]>>) -> Self {
        self.steps = Some(steps.into());
        self
    }

    /// Reads `{"name", "id", "action", "types"}`.
    ///
    /// # Errors
    ///
    /// A [`Mistake`] for an option that is not known or not of that kind.
    pub fn read(map: &Map) -> Result<Self, Mistake> {
        let mut options = Options::new();
        for (key, value) in map.iter() {
            let known = ["name", "id", "action", "types"];
            match (key.as_str(), value) {
                (_, Value::Null) if known.contains(&key.as_str()) => {}
                ("name", Value::String(name)) => options.name = Some(name.clone()),
                ("id", Value::String(id)) => options.id = Some(id.clone()),
                ("action", Value::String(action)) => options.action = Some(action.clone()),
                ("types", Value::Map(types)) => options.types = types.clone(),
                (name, value) if known.contains(&name) => {
                    let wanted = if name == "types" { "a map" } else { "a string" };
                    let kind = value.kind();
                    return Err(Mistake::about(
                        "the option `%` of a form must be %, got %",
                        &[name, wanted, kind],
                    ));
                }
                (stranger, _) => return Err(unknown("option of a form", stranger, known.into_iter())),
            }
        }
        Ok(options)
    }
}
