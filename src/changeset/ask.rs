//! Questions to a changeset as data: `["get_field", "name"]`. What the functions of the JavaScript package ask.

use super::inspect::inspect;
use super::parts::Parts;
use super::query::Origin;
use super::report;
use crate::mistake::Mistake;
use crate::rules::unknown;
use crate::schema::{Field, FieldKind, Schema};
use crate::value::{Map, Str, Value};
use alloc::vec::Vec;

/// The names of the questions.
pub const QUESTIONS: [&str; 20] = [
    "report",
    "get_field",
    "fetch_field",
    "get_change",
    "fetch_change",
    "changed",
    "field_missing",
    "apply_changes",
    "apply_action",
    "get_embed",
    "get_assoc",
    "traverse_errors",
    "traverse_errors_raw",
    "traverse_validations",
    "params",
    "inspect",
    "schema",
    "field_source",
    "field_type",
    "redact_fields",
];

/// Those that are about the changeset as a whole.
const WITHOUT_FIELD: [&str; 8] = [
    "report",
    "apply_changes",
    "traverse_errors",
    "traverse_errors_raw",
    "traverse_validations",
    "params",
    "inspect",
    "redact_fields",
];

/// Answers a question: its name, then its arguments.
///
/// A value that may be missing is answered as a list: `["changes", value]`, `["data", value]`, `["ok", value]`, or as
/// `"error"`.
///
/// # Errors
///
/// A [`Mistake`] for a question that is not known, and where the function asked for makes one.
pub fn ask(parts: &Parts, question: &[Value]) -> Result<Value, Mistake> {
    let Some((Value::String(name), arguments)) = question.split_first() else {
        return Err(Mistake::new("a question must be a list that starts with its name"));
    };
    // An empty name is that of no field.
    let field = arguments.first().and_then(Value::as_str).unwrap_or("");
    if field.is_empty() && !WITHOUT_FIELD.contains(&name.as_str()) && QUESTIONS.contains(&name.as_str()) {
        return Err(Mistake::about("% needs the name of a field", &[name]));
    }
    let option = |key: &str| arguments.get(1).and_then(Value::as_map).and_then(|map| map.get(key));
    Ok(match name.as_str() {
        "report" => Value::Map(parts.report()),
        "get_field" => report::slot(&parts.get_field(field, arguments.get(1).cloned().unwrap_or_default())?),
        "fetch_field" => match parts.fetch_field(field)? {
            None => error(),
            Some((origin, slot)) => {
                let origin = if origin == Origin::Changes { "changes" } else { "data" };
                tagged(origin, report::slot(&slot))
            }
        },
        "get_change" => match parts.change(field) {
            Some(change) => report::change(change),
            None => arguments.get(1).cloned().unwrap_or_default(),
        },
        "fetch_change" => {
            parts.change(field).map_or_else(error, |change| tagged("ok", report::change(change)))
        }
        "changed" => {
            if let (Some(options), Some(_)) = (arguments.get(1).and_then(Value::as_map), parts.change(field))
            {
                let known = ["from", "to"];
                if let Some(stranger) = options.keys().find(|key| !known.contains(&key.as_str())) {
                    return Err(unknown("option of changed", stranger, known.into_iter()));
                }
            }
            Value::Bool(parts.changed(field, option("from"), option("to"))?)
        }
        "field_missing" => Value::Bool(parts.field_missing(field)?),
        "apply_changes" => report::record(&parts.apply_changes()),
        "apply_action" if parts.valid => tagged("ok", report::record(&parts.apply_changes())),
        "apply_action" => {
            let mut refused = Map::with_capacity(2);
            refused.set("action", Value::from(field));
            refused.set("errors", Value::List(report::each(&parts.errors, report::error)));
            tagged("error", Value::Map(refused))
        }
        "get_embed" | "get_assoc" => {
            let embed = name == "get_embed";
            if arguments.get(1).and_then(Value::as_str) == Some("struct") {
                report::slot(&parts.get_field(field, Value::Null)?)
            } else {
                report::change(&parts.get_relation(embed, field)?)
            }
        }
        "traverse_errors" => Value::Map(parts.traverse_errors(&|error| Value::from(error.text()))),
        "traverse_errors_raw" => Value::Map(parts.traverse_errors(&|error| {
            Value::List(alloc::vec![Value::String(error.message.clone()), Value::Map(error.metadata.clone())])
        })),
        "traverse_validations" => Value::Map(parts.traverse_validations(&|validation| {
            let Value::List(mut list) = report::validation(validation) else { return Value::Null };
            list.remove(0);
            Value::List(list)
        })),
        "params" => parts.params.clone().map_or(Value::Null, Value::Map),
        "inspect" => Value::from(inspect(parts)),
        "schema" => describe(parts.schema(), field)?,
        "field_source" => match parts.schema().field(field) {
            Some(found) if !found.is_virtual && found.value_type().is_some() => Value::from(found.column()),
            Some(found) if found.relation().is_some_and(|relation| relation.is_embed()) => {
                Value::from(found.column())
            }
            _ => Value::Null,
        },
        "field_type" => match parts.schema().field(field).map(|found| &found.kind) {
            Some(FieldKind::Value(kind)) => kind.to_notation(),
            Some(FieldKind::Relation(relation)) if relation.is_embed() => Value::from("embed"),
            _ => Value::Null,
        },
        "redact_fields" => {
            let mut names: Vec<Value> = fields_where(parts.schema(), |field| field.redact);
            names.reverse();
            Value::List(names)
        }
        other => return Err(unknown("question", other, QUESTIONS.into_iter())),
    })
}

fn describe(schema: &Schema, what: &str) -> Result<Value, Mistake> {
    let is_column = |field: &Field| {
        !field.is_virtual
            && match &field.kind {
                FieldKind::Value(_) => true,
                FieldKind::Relation(relation) => relation.is_embed(),
                FieldKind::Through { .. } => false,
            }
    };
    let is_embed = |field: &Field| field.relation().is_some_and(|relation| relation.is_embed());
    Ok(match what {
        "fields" => Value::List(fields_where(schema, is_column)),
        "virtual_fields" => Value::List(fields_where(schema, |field| field.is_virtual)),
        "query_fields" => Value::List(fields_where(schema, |field| is_column(field) && field.load_in_query)),
        "embeds" => Value::List(fields_where(schema, is_embed)),
        "associations" => {
            Value::List(fields_where(schema, |field| field.value_type().is_none() && !is_embed(field)))
        }
        "source" => schema.source().map_or(Value::Null, Value::from),
        "primary_key" => Value::List(schema.primary_key_names().into_iter().map(Value::from).collect()),
        "autogenerate_id" => {
            let key = schema.fields().iter().find(|field| field.primary_key && field.autogenerate.is_some());
            match key.and_then(|key| Some((key, key.value_type()?))) {
                Some((key, kind)) => Value::List(alloc::vec![
                    Value::from(&key.name),
                    Value::from(key.column()),
                    kind.to_notation()
                ]),
                None => Value::Null,
            }
        }
        other => {
            let known = [
                "fields",
                "virtual_fields",
                "query_fields",
                "embeds",
                "associations",
                "source",
                "primary_key",
                "autogenerate_id",
            ];
            return Err(unknown("part of a schema", other, known.into_iter()));
        }
    })
}

fn fields_where(schema: &Schema, keep: impl Fn(&Field) -> bool) -> Vec<Value> {
    schema.fields().iter().filter(|field| keep(field)).map(|field| Value::from(&field.name)).collect()
}

fn tagged(tag: &'static str, value: Value) -> Value {
    Value::List(alloc::vec![Value::String(Str::Static(tag)), value])
}

fn error() -> Value {
    Value::String(Str::Static("error"))
}
