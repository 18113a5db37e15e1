//! `cast`: permitted params become typed changes.

use super::error::FieldError;
use super::merge::merge_cast;
use super::parts::{Change, Parts};
use crate::mistake::Mistake;
use crate::rules::{CastOptions, Trim};
use crate::schema::{Field, FieldKind, Schema};
use crate::types::{CastError, Type};
use crate::value::{Map, Str, Value, trim, trim_leading};
use alloc::borrow::Cow;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// Converts the params of the permitted `fields` to their types, and keeps as changes those that differ from the
/// data. `None` stands for params that are invalid as a whole: nothing is cast and the changeset is not valid.
pub(super) fn cast(
    parts: &mut Parts,
    params: Option<&Map>,
    fields: &[Str],
    options: &CastOptions,
) -> Result<(), Mistake> {
    let schema = parts.schema().clone();
    let empty_values = match &options.empty_values {
        Some(values) => values.as_slice(),
        None => &parts.empty_values.clone(),
    };
    let caster = Caster { empty_values, trim: options.trim_values.unwrap_or_default() };
    let force = options.force_changes.unwrap_or(false);
    let mut errors = Vec::new();
    for name in fields {
        let position = schema.position(name).ok_or_else(|| {
            let mistake = schema.unknown_field(name);
            Mistake::about("cast: %", &[mistake.message()])
        })?;
        let field = &schema.fields()[position];
        let kind = match &field.kind {
            FieldKind::Value(kind) => kind,
            FieldKind::Relation(relation) => {
                let tag = relation.tag();
                return Err(Mistake::about("cast: `%` is an %; use cast_% instead", &[name, tag, tag]));
            }
            FieldKind::Through { .. } => {
                return Err(Mistake::about(
                    "cast: `%` is a through association, which is read only",
                    &[name],
                ));
            }
        };
        let Some(param) = params.and_then(|params| params.get(name)) else { continue };
        match caster.cast(&schema, field, kind, param, options) {
            Ok(value) => {
                if force || !kind.equal(parts.field_value(position), &value) {
                    parts.changes.put(position, Change::Value(value));
                }
            }
            Err(error) => errors.push(error),
        }
    }
    let valid = params.is_some() && errors.is_empty();
    if let (true, Some(values), Some(_)) = (parts.fresh, &options.empty_values, params) {
        // The first cast makes the changeset, and its empty values are the changeset's from then on.
        parts.empty_values = Arc::from(values.as_slice());
    }
    merge_cast(parts, params, errors, valid);
    Ok(())
}

/// The error of a param that is none of its field's type.
#[cold]
#[inline(never)]
fn invalid(field: &Field, kind: &Type, error: CastError, options: &CastOptions) -> FieldError {
    let mut metadata = error.metadata;
    if !error.source.is_empty() {
        metadata.set("source", Value::List(error.source));
    }
    if !metadata.contains_key("validation") {
        metadata.set("validation", Str::Static("cast"));
    }
    metadata.set("type", kind.to_notation());
    let own = metadata.remove("message");
    let message = custom_message(options, &field.name, kind)
        .or_else(|| own.as_ref().and_then(text))
        .unwrap_or(Str::Static("is invalid"));
    FieldError { field: field.name.clone(), message, metadata }
}

fn text(value: &Value) -> Option<Str> {
    match value {
        Value::String(text) => Some(text.clone()),
        _ => None,
    }
}

fn custom_message(options: &CastOptions, field: &str, kind: &Type) -> Option<Str> {
    if let Some(message) = options.message.get(field) {
        return text(message);
    }
    if options.message_by_type.is_empty() {
        return None;
    }
    let name = kind.to_notation();
    options.message_by_type.get(name.as_str()?).and_then(text)
}

/// What a cast takes for empty.
pub(crate) struct Caster<'a> {
    pub(crate) empty_values: &'a [Value],
    pub(crate) trim: Trim,
}

impl Caster<'_> {
    /// What a param is as a value of a field: what is empty is its default.
    #[inline]
    pub(super) fn cast(
        &self,
        schema: &Schema,
        field: &Field,
        kind: &Type,
        param: &Value,
        options: &CastOptions,
    ) -> Result<Value, FieldError> {
        let param = match self.filter(kind, param) {
            Some(param) => param,
            None if schema.is_schemaless() => Cow::Owned(Value::Null),
            None => Cow::Borrowed(&field.default),
        };
        let cast = match kind.cast(&param) {
            Ok(value) if !(field.fits)(&value) => Err(CastError::default()),
            cast => cast,
        };
        cast.map_err(|error| invalid(field, kind, error, options))
    }

    /// The param without its empty parts; none if nothing is left.
    pub(crate) fn filter<'v>(&self, kind: &Type, value: &'v Value) -> Option<Cow<'v, Value>> {
        if let (Type::Array(element), Value::List(list)) = (kind, value) {
            return self.filter_further(kind, element, list).map(Cow::Owned);
        }
        if self.is_empty(kind, value) { None } else { Some(Cow::Borrowed(value)) }
    }

    /// A list without its empty elements.
    #[inline(never)]
    fn filter_further(&self, kind: &Type, element: &Type, list: &[Value]) -> Option<Value> {
        let kept: Vec<Value> =
            list.iter().filter_map(|value| self.filter(element, value)).map(Cow::into_owned).collect();
        let kept = Value::List(kept);
        if self.is_empty(kind, &kept) { None } else { Some(kept) }
    }

    fn is_empty(&self, kind: &Type, value: &Value) -> bool {
        let Value::String(text) = value else { return self.empty_values.contains(value) };
        let trimmed = match self.trim {
            Trim::None => text,
            Trim::Both => trim(text),
            Trim::Leading if matches!(kind, Type::Binary) => text,
            Trim::Leading => trim_leading(text),
        };
        self.empty_values.iter().any(|empty| empty.as_str() == Some(trimmed))
    }
}
