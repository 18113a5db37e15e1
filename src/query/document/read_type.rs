//! Reading bindings and types.

use super::check::{Read, text, wrong};
use super::read::Reader;
use crate::query::expr::{Binding, TypeSpec};
use crate::types::Type;
use crate::value::{Map, Str, Value};
use alloc::vec::Vec;

impl Reader<'_> {
    /// A name of a source: its own, or `b0`, `b1` .. by place.
    pub(super) fn binding(&mut self, document: &Value) -> Read<Binding> {
        let name = text(document)?;
        let is_in = |scope: &Vec<Str>| scope.contains(&name);
        if self.scopes.last().is_some_and(is_in) {
            return Ok(Binding::Named(name));
        }
        let place = name.strip_prefix('b').filter(|place| place.bytes().all(|byte| byte.is_ascii_digit()));
        if let Some(place) = place.and_then(|place| place.parse::<u16>().ok()) {
            return Ok(Binding::At(place.into()));
        }
        Ok(Binding::Named(name))
    }

    /// The type of a field, or one by name.
    pub(super) fn type_spec(&mut self, document: &Value) -> Read<TypeSpec> {
        self.enter()?;
        let spec = match document.as_map().map(Map::entries) {
            Some([(key, inner)]) => match key.as_str() {
                "field" => match inner.as_list() {
                    Some([binding, name]) => self.field_type(binding, text(name)?)?,
                    _ => return Err(wrong("the type of a field is `{\"field\": [binding, name]}`")),
                },
                "in" => TypeSpec::In(self.type_spec(inner)?.into()),
                "out" => TypeSpec::Out(self.type_spec(inner)?.into()),
                "splice" => TypeSpec::Splice(self.type_spec(inner)?.into()),
                "array" => match self.type_spec(inner)? {
                    TypeSpec::Type(kind) => TypeSpec::Type(Type::Array(kind.into())),
                    spec => TypeSpec::Array(spec.into()),
                },
                _ => TypeSpec::Type(self.plain_type(document)?),
            },
            _ => TypeSpec::Type(self.plain_type(document)?),
        };
        self.leave();
        Ok(spec)
    }

    fn field_type(&mut self, binding: &Value, name: Str) -> Read<TypeSpec> {
        let binding = match self.binding(binding)? {
            Binding::Named(of) if self.is_outside(&of) => Binding::Parent(of),
            binding => binding,
        };
        Ok(TypeSpec::Field(binding, name))
    }

    fn is_outside(&self, name: &Str) -> bool {
        match self.scopes.split_last() {
            Some((own, around)) => !own.contains(name) && around.iter().any(|scope| scope.contains(name)),
            None => false,
        }
    }

    pub(super) fn plain_type(&mut self, document: &Value) -> Read<Type> {
        match document.as_str() {
            // Ecto's name for a date-time of either kind.
            Some("datetime") => Ok(Type::Any),
            Some("Ecto.UUID") => Ok(Type::Uuid),
            _ => self.types.read(document).map_err(|error| wrong(error.message())),
        }
    }
}
