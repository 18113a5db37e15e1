//! One name out of a list.

use super::{CastError, Type, TypeError};
use crate::value::{Map, Str, Value};
use alloc::vec::Vec;

/// The members of an enum: names, and what is stored for each.
///
/// ```
/// use ectomorph::types::Enum;
/// let status = Enum::new(["draft", "paid"]).unwrap();
/// assert!(status.names().eq(["draft", "paid"]));
/// let priority = Enum::with_stored([("low", 1), ("mid", 5)]).unwrap();
/// assert_eq!(priority.mappings().last().unwrap().1, &5.into());
/// assert!(Enum::new(["draft", "draft"]).is_err());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Enum {
    members: Vec<(Str, Value)>,
    /// Names in the order of their bytes, as Ecto tells them in errors.
    sorted: Value,
}

impl Enum {
    /// An enum whose members are stored as their names.
    ///
    /// # Errors
    /// No name at all, or one that stands twice.
    pub fn new<N: Into<Str>>(names: impl IntoIterator<Item = N>) -> Result<Enum, TypeError> {
        let named = |name: N| {
            let name = name.into();
            (name.clone(), Value::String(name))
        };
        Enum::from_members(names.into_iter().map(named).collect())
    }

    /// An enum whose members are stored as values of their own: all texts or all integers.
    ///
    /// # Errors
    /// No member at all, a name or stored value that stands twice, or stored values of several kinds.
    pub fn with_stored<N: Into<Str>, V: Into<Value>>(
        members: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Enum, TypeError> {
        Enum::from_members(members.into_iter().map(|(name, stored)| (name.into(), stored.into())).collect())
    }

    /// The names, in the order they were given.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.members.iter().map(|(name, _)| name.as_str())
    }

    /// Names and what is stored for them, in the order they were given.
    pub fn mappings(&self) -> impl ExactSizeIterator<Item = (&str, &Value)> {
        self.members.iter().map(|(name, stored)| (name.as_str(), stored))
    }

    /// The type of what is stored: [`Type::Integer`] or [`Type::String`].
    pub fn base(&self) -> Type {
        match self.members.first() {
            Some((_, Value::Integer(_))) => Type::Integer,
            _ => Type::String,
        }
    }

    /// A stored value or a name becomes the name; the stored value wins.
    pub(super) fn cast(&self, value: &Value) -> Result<Value, CastError> {
        self.load(value).or_else(|| self.find(value).map(|(name, _)| name.into())).ok_or_else(|| {
            let mut metadata = Map::with_capacity(2);
            metadata.push_new(Str::Static("validation"), Value::String(Str::Static("inclusion")));
            metadata.push_new(Str::Static("enum"), self.sorted.clone());
            CastError::new(metadata)
        })
    }

    pub(super) fn load(&self, value: &Value) -> Option<Value> {
        let member = self.members.iter().find(|(_, stored)| stored.is_identical(value))?;
        Some((&member.0).into())
    }

    pub(super) fn dump(&self, value: &Value) -> Option<Value> {
        self.find(value).map(|(_, stored)| stored.clone())
    }

    fn find(&self, name: &Value) -> Option<&(Str, Value)> {
        let name = name.as_str()?;
        self.members.iter().find(|(member, _)| member == name)
    }

    fn from_members(members: Vec<(Str, Value)>) -> Result<Enum, TypeError> {
        let Some((_, first)) = members.first() else {
            return Err(TypeError::new("an enum needs at least one member", &[]));
        };
        for (at, (name, stored)) in members.iter().enumerate() {
            if members[..at].iter().any(|(earlier, _)| earlier == name) {
                return Err(TypeError::new("the enum member \"%\" stands twice", &[name]));
            }
            if !matches!(
                (first, stored),
                (Value::String(_), Value::String(_)) | (Value::Integer(_), Value::Integer(_))
            ) {
                let rule = "\" is stored as ";
                let advice = "; store all members as strings or all as integers";
                return Err(TypeError::new("the enum member \"%%%%", &[name, rule, stored.kind(), advice]));
            }
            if let Some((earlier, _)) = members[..at].iter().find(|(_, earlier)| earlier == stored) {
                let rule = "\" are stored as the same value";
                return Err(TypeError::new("the enum members \"%\" and \"%%", &[earlier, name, rule]));
            }
        }
        Ok(Enum::known(members))
    }

    /// An enum of members that were looked at before.
    pub(crate) fn known(members: Vec<(Str, Value)>) -> Enum {
        let mut sorted = Vec::with_capacity(members.len());
        for (name, _) in &members {
            // Put in its place at once: sorting a list weighs kilobytes in a page.
            let place = sorted.iter().filter(|earlier: &&Value| earlier.as_str() < Some(name)).count();
            sorted.insert(place, Value::String(name.clone()));
        }
        Enum { members, sorted: Value::List(sorted) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_must_be_unique_and_of_one_kind() {
        let message = |result: Result<Enum, TypeError>| result.unwrap_err().message().to_owned();
        assert_eq!(message(Enum::new([""; 0])), "an enum needs at least one member");
        assert_eq!(message(Enum::new(["a", "b", "a"])), "the enum member \"a\" stands twice");
        assert_eq!(
            message(Enum::with_stored([("low", 1), ("mid", 1)])),
            "the enum members \"low\" and \"mid\" are stored as the same value"
        );
        assert_eq!(
            message(Enum::with_stored([("low", Value::from(1)), ("mid", "m".into())])),
            "the enum member \"mid\" is stored as a string; store all members as strings or all as integers"
        );
        assert_eq!(
            message(Enum::with_stored([("low", 1.5)])),
            "the enum member \"low\" is stored as a float; store all members as strings or all as integers"
        );
    }

    #[test]
    fn an_integer_enum_casts_names_and_stored_values() {
        let priority = Enum::with_stored([("low", 1), ("mid", 5)]).unwrap();
        assert_eq!(priority.base(), Type::Integer);
        assert_eq!(priority.cast(&5.into()), Ok("mid".into()));
        assert_eq!(priority.cast(&"low".into()), Ok("low".into()));
        assert_eq!(priority.dump(&"mid".into()), Some(5.into()));
        let error = priority.cast(&1.0.into()).unwrap_err();
        assert_eq!(error.metadata.get("enum"), Some(&["low", "mid"].into()));
        assert_eq!(error.metadata.get("validation"), Some(&"inclusion".into()));
    }
}
