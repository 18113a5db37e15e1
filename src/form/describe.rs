//! A form as data.

use super::errors::error_value;
use super::field::Form;
use super::naming;
use super::options::Options;
use crate::changeset::Parts;
use crate::rules::Rule;
use crate::schema::{Cardinality, Field};
use crate::value::{Map, Str, Value};
use alloc::vec::Vec;

/// How many empty forms may be nested in each other: a comment may have a reply, and that one a reply, without end.
const MAX_EMPTY: usize = 3;

/// The whole form as data, for a page or a template:
///
/// ```json
/// {"id": "order", "name": "order", "method": "post", "action": "validate", "valid": false, "hidden": [["order[id]", "1"]],
///  "fields": {"number": {"id": "order_number", "name": "order[number]", "type": "text", "value": "", "used": true,
///                        "errors": [{"message": "can't be blank", "template": "can't be blank", "metadata": {}}],
///                        "attributes": {"required": true}}},
///  "nested": {"lines": {"id": "order_lines", "name": "order[lines]", "many": true, "used": true, "errors": [],
///                       "sort": "order[lines_sort][]", "drop": "order[lines_drop][]", "forms": []}}}
/// ```
///
/// A field with choices has `options`. Besides the fields of the schema there are confirmations, boxes to accept, and
/// whatever else has an error. A form of a child also has its `index`. Relations that were not loaded are left out,
/// and those that the steps of the options, if given, do not cast.
pub fn describe(parts: &Parts, options: &Options) -> Value {
    form_value(&Form::new(parts, options), MAX_EMPTY)
}

fn form_value(form: &Form, empty: usize) -> Value {
    let mut fields = Map::new();
    let mut nested = Map::new();
    for field in form.parts().schema().fields() {
        if field.relation().is_some() {
            if let Some(value) = relation_value(form, field, empty) {
                nested.insert(&field.name, value);
            }
        } else if field.value_type().is_some() {
            fields.insert(&field.name, field_value(form, &field.name));
        }
    }
    for name in strangers(form) {
        if !fields.contains_key(&name) && !nested.contains_key(&name) {
            let value = field_value(form, &name);
            fields.insert(name, value);
        }
    }
    let hidden =
        form.hidden().into_iter().map(|(name, value)| Value::List(alloc::vec![Value::String(name), value]));
    let mut map = Map::new();
    map.set("id", &form.id);
    map.set("name", &form.name);
    map.set("method", Str::Static(form.method()));
    map.set("action", form.action.clone());
    map.set("valid", form.parts().valid);
    if let Some(index) = form.index {
        map.set("index", index as i64);
    }
    map.set("hidden", Value::List(hidden.collect()));
    map.set("fields", fields);
    map.set("nested", nested);
    Value::Map(map)
}

/// Fields that the schema does not have but the form may.
fn strangers(form: &Form) -> Vec<Str> {
    let parts = form.parts();
    let mut names = Vec::new();
    for validation in parts.validations.iter().rev() {
        match validation.rule {
            Rule::Acceptance(_) => names.push(validation.field.clone()),
            Rule::Confirmation(_) => names.push(Str::from([&validation.field, "_confirmation"].concat())),
            _ => {}
        }
    }
    names.extend(parts.errors.iter().map(|error| error.field.clone()));
    names
}

fn field_value(form: &Form, name: &str) -> Value {
    let field = form.field(name);
    let mut map = Map::new();
    map.set("id", field.id);
    map.set("name", field.name);
    map.set("type", form.input_type(name));
    map.set("value", field.value);
    map.set("used", field.used);
    map.set("errors", Value::List(field.errors.into_iter().map(error_value).collect()));
    map.set("attributes", form.attributes(name));
    if let Some(choices) = form.choices(name) {
        map.set("options", Value::List(choices.map(Value::from).collect()));
    }
    Value::Map(map)
}

fn relation_value(form: &Form, field: &Field, empty: usize) -> Option<Value> {
    let parts = form.parts();
    let position = parts.schema().position(&field.name)?;
    let changed = parts.changes.get(position).is_some();
    if !changed && form.steps().is_some() && form.cast_options(&field.name).is_none() {
        return None;
    }
    let many = field.relation()?.cardinality() == Cardinality::Many;
    let made_up = !changed && parts.data.slot(position).records().is_empty();
    let forms = match (made_up && !many, empty) {
        (true, 0) => Vec::new(),
        _ => form.nested(&field.name).ok()?,
    };
    let left = if made_up { empty.saturating_sub(1) } else { empty };
    let errors = form.errors(&field.name).into_iter().map(error_value);
    let mut map = Map::new();
    map.set("id", naming::id(&form.id, &field.name));
    map.set("name", naming::name(&form.name, &field.name));
    map.set("many", many);
    map.set("used", form.is_used(&field.name));
    map.set("errors", Value::List(errors.collect()));
    if many {
        map.set("sort", form.sort_name(&field.name));
        map.set("drop", form.drop_name(&field.name));
    }
    map.set("forms", Value::List(forms.iter().map(|child| form_value(child, left)).collect()));
    Some(Value::Map(map))
}
