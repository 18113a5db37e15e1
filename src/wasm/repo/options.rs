//! Options of the host, named as in Ecto.

use super::request::query_of;
use crate::mistake::Mistake;
use crate::repo::{Conflict, Options};
use crate::value::{Str, Value, notation};

type Result<T> = core::result::Result<T, super::error::Failed>;

/// Reads options; null for none.
pub(super) fn read(given: &Value) -> Result<Options> {
    let mut options = Options::new();
    let Value::Map(map) = given else { return Ok(options) };
    for (name, value) in map.iter() {
        options = match (name.as_str(), value) {
            (_, Value::Null | Value::Bool(false)) if name != "replace_target" => options,
            ("prefix", Value::String(prefix)) => options.prefix(prefix.clone()),
            ("returning", Value::Bool(true)) => options.returning_all(),
            ("returning", Value::List(fields)) => options.returning(names(fields)),
            ("on_conflict", value) => options.on_conflict(conflict(value)?),
            ("conflict_target", Value::List(fields)) => options.conflict_target(names(fields)),
            ("conflict_target", Value::Map(target)) => {
                match (target.get("constraint"), target.get("fragment")) {
                    (Some(Value::String(name)), _) => options.conflict_constraint(name.clone()),
                    (_, Some(Value::String(sql))) => options.conflict_fragment(sql.clone()),
                    _ => return Err(unfit(name)),
                }
            }
            ("replace_target", Value::Bool(replaced)) if *replaced => options.replace_target(),
            ("replace_target", _) => options,
            ("force", _) => options.force(),
            ("allow_stale", _) => options.allow_stale(),
            ("stale_error_field", Value::String(field)) => options.stale_error_field(field.clone()),
            ("stale_error_message", Value::String(message)) => options.stale_error_message(message.clone()),
            ("max_rows", Value::Integer(rows)) => options.max_rows(usize::try_from(*rows).unwrap_or(1)),
            ("savepoint", _) => options.savepoint(),
            ("placeholders", Value::Map(placeholders)) => {
                let mut options = options;
                for (key, value) in placeholders.iter() {
                    let value =
                        notation::decode(value.clone()).map_err(|error| Mistake::new(error.message()))?;
                    options = options.placeholder(key.clone(), value);
                }
                options
            }
            _ => return Err(unfit(name)),
        };
    }
    Ok(options)
}

/// `"nothing"`, `["replace", fields]`, `["update", query]` and the like.
fn conflict(value: &Value) -> Result<Conflict> {
    let (word, argument) = match value {
        Value::String(word) => (word.as_str(), None),
        Value::List(list) => match list.as_slice() {
            [Value::String(word), argument] => (word.as_str(), Some(argument)),
            _ => return Err(unfit("on_conflict")),
        },
        _ => return Err(unfit("on_conflict")),
    };
    Ok(match (word, argument) {
        ("raise", None) => Conflict::Raise,
        ("nothing", None) => Conflict::Nothing,
        ("replace_all", None) => Conflict::ReplaceAll,
        ("replace_all_except", Some(Value::List(fields))) => Conflict::ReplaceAllExcept(names(fields)),
        ("replace", Some(Value::List(fields))) => Conflict::Replace(names(fields)),
        ("update", Some(query)) => Conflict::Update(query_of(query)?.parts().updates.clone()),
        ("query", Some(query)) => Conflict::Query(query_of(query)?),
        _ => return Err(unfit("on_conflict")),
    })
}

fn names(fields: &[Value]) -> Vec<Str> {
    fields.iter().filter_map(Value::as_str).map(Str::from).collect()
}

fn unfit(option: &str) -> super::error::Failed {
    Mistake::about("the option `%` is unknown or of the wrong kind", &[option]).into()
}
