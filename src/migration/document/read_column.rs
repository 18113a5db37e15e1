//! Reading columns: types, options, references.

use super::object::{Object, Result, choose, names};
use crate::migration::{
    Before, Change, Check, Column, ColumnDefault, ColumnOptions, ColumnType, Match, OnDelete, OnUpdate,
    PrimaryKeyColumn, Reference, Size,
};
use crate::mistake::Mistake;
use crate::rules::unknown;
use crate::value::{Str, Value};

/// How deep types and the `from` of a column may be nested.
const MAX_DEPTH: usize = 16;

const OPS: [&str; 5] = ["add", "add_if_not_exists", "modify", "remove", "remove_if_exists"];

/// A column of a table that is created.
pub(super) fn read_column(value: &Value) -> Result<Column> {
    match read_change(value)? {
        Change::Add { column, if_not_exists: false } => Ok(column),
        _ => Err(Mistake::new("only `add` is possible in a table that is created")),
    }
}

/// A change of a table that is altered.
pub(super) fn read_change(value: &Value) -> Result<Change> {
    let mut object = Object::new("column", value)?;
    let op = object.text("op")?.unwrap_or(Str::Static("add"));
    let name = object.needed_text("name")?;
    let column_type = object.value("type").map(|value| read_type(value, 0)).transpose()?;
    let options = object.value("opts").map(|value| read_options(value, 0)).transpose()?.unwrap_or_default();
    object.finish()?;
    let column = |column_type: Option<ColumnType>, options| match column_type {
        Some(column_type) => Ok(Column { name: name.clone(), column_type, options }),
        None => Err(Mistake::about("column % needs its type", &[&name])),
    };
    Ok(match &*op {
        "add" => Change::Add { column: column(column_type, options)?, if_not_exists: false },
        "add_if_not_exists" => Change::Add { column: column(column_type, options)?, if_not_exists: true },
        "modify" => Change::Modify(column(column_type, options)?),
        "remove" => Change::Remove { name, column_type, options },
        "remove_if_exists" => Change::RemoveIfExists { name, column_type },
        other => return Err(unknown("op", other, OPS.into_iter())),
    })
}

fn read_type(value: &Value, depth: usize) -> Result<ColumnType> {
    if depth > MAX_DEPTH {
        return Err(Mistake::new("a type is nested too deep (16 levels)"));
    }
    if let Value::String(name) = value {
        return Ok(ColumnType::Named(name.clone()));
    }
    let mut object = Object::new("type", value)?;
    let column_type = if let Some(of) = object.value("array") {
        ColumnType::Array(Box::new(read_type(of, depth + 1)?))
    } else if let Some(of) = object.value("map") {
        ColumnType::Map(Box::new(read_type(of, depth + 1)?))
    } else {
        ColumnType::References(Box::new(read_reference(object.needed("references")?, depth)?))
    };
    object.finish()?;
    Ok(column_type)
}

fn read_options(value: &Value, depth: usize) -> Result<ColumnOptions> {
    let mut object = Object::new("column's opts", value)?;
    let options = options_of(&mut object, depth)?;
    object.finish()?;
    Ok(options)
}

fn options_of(object: &mut Object<'_>, depth: usize) -> Result<ColumnOptions> {
    Ok(ColumnOptions {
        primary_key: object.flag("primary_key")?.unwrap_or(false),
        default: object.said("default").map(read_default),
        null: object.flag("null")?,
        size: match object.value("size") {
            Some(Value::String(max)) if max == "max" => Some(Size::Max),
            _ => object.count("size")?.map(Size::Of),
        },
        precision: object.count("precision")?,
        scale: object.count("scale")?,
        comment: object.text("comment")?,
        collation: object.text("collation")?,
        after: object.text("after")?,
        generated: object.text("generated")?,
        start_value: object.integer("start_value")?,
        increment: object.integer("increment")?,
        fields: object.text("fields")?,
        check: object.value("check").map(read_check).transpose()?,
        from: object.value("from").map(|from| read_before(from, depth + 1)).transpose()?.map(Box::new),
    })
}

/// A fragment is an object with that key alone.
fn read_default(value: &Value) -> ColumnDefault {
    if let Value::Map(map) = value
        && map.len() == 1
        && let Some(Value::String(fragment)) = map.get("fragment")
    {
        return ColumnDefault::Fragment(fragment.clone());
    }
    ColumnDefault::Value(value.clone())
}

fn read_check(value: &Value) -> Result<Check> {
    let mut object = Object::new("check", value)?;
    let name = object.needed_text("name")?;
    let expr = object.condition("expr")?.ok_or_else(|| Mistake::new("a check needs its expr"))?;
    let check = Check { name, expr };
    object.finish()?;
    Ok(check)
}

fn read_before(value: &Value, depth: usize) -> Result<Before> {
    if depth > MAX_DEPTH {
        return Err(Mistake::new("from is nested too deep (16 levels)"));
    }
    if let Value::String(_) = value {
        return Ok(Before { column_type: read_type(value, 0)?, options: None });
    }
    let mut object = Object::new("from", value)?;
    let before = Before {
        column_type: read_type(object.needed("type")?, 0)?,
        options: object.value("opts").map(|options| read_options(options, depth)).transpose()?,
    };
    object.finish()?;
    Ok(before)
}

/// What a table says of its key: options, and perhaps a name and a type.
pub(super) fn read_options_of_key(value: &Value) -> Result<PrimaryKeyColumn> {
    let mut object = Object::new("primary key", value)?;
    let name = object.text("name")?;
    let column_type = object.value("type").map(|value| read_type(value, 0)).transpose()?;
    let options = options_of(&mut object, 0)?;
    object.finish()?;
    Ok(PrimaryKeyColumn { name, column_type, options })
}

fn read_reference(value: &Value, depth: usize) -> Result<Reference> {
    let mut object = Object::new("reference", value)?;
    let on_update = [
        ("nothing", OnUpdate::Nothing),
        ("update_all", OnUpdate::UpdateAll),
        ("nilify_all", OnUpdate::NilifyAll),
        ("restrict", OnUpdate::Restrict),
    ];
    let kinds = [("simple", Match::Simple), ("partial", Match::Partial), ("full", Match::Full)];
    let mut reference = Reference {
        table: object.needed_text("table")?,
        name: object.text("name")?,
        column: Some(object.text("column")?.unwrap_or(Str::Static("id"))),
        prefix: object.text("prefix")?,
        column_type: Some(match object.value("type") {
            Some(value) => read_type(value, depth + 1)?,
            None => ColumnType::Named(Str::Static("bigserial")),
        }),
        on_delete: object.value("on_delete").map(read_on_delete).transpose()?.unwrap_or_default(),
        on_update: match object.text("on_update")? {
            Some(word) => choose("on_update", &word, &on_update)?,
            None => OnUpdate::Nothing,
        },
        not_validated: object.flag("validate")? == Some(false),
        with: object.value("with").map(read_with).transpose()?.unwrap_or_default(),
        match_with: object.text("match")?.map(|word| choose("match", &word, &kinds)).transpose()?,
    };
    // Ecto keeps the prefix a second time among the options.
    if let Some(options @ Value::Map(_)) = object.value("options") {
        let mut options = Object::new("reference's options", options)?;
        let prefix = options.text("prefix")?;
        options.finish()?;
        reference.prefix = reference.prefix.or(prefix);
    } else if let Some([_, ..]) = object.list("options", 1)? {
        return Err(Mistake::new("options of a reference must be an object with its prefix"));
    }
    object.finish()?;
    Ok(reference)
}

fn read_on_delete(value: &Value) -> Result<OnDelete> {
    if let Value::String(word) = value {
        return Ok(match &**word {
            "nothing" => OnDelete::Nothing,
            "delete_all" => OnDelete::DeleteAll,
            "nilify_all" => OnDelete::NilifyAll,
            "default_all" => OnDelete::DefaultAll,
            "restrict" => OnDelete::Restrict,
            other => {
                let words = ["nothing", "delete_all", "nilify_all", "default_all", "restrict"];
                return Err(unknown("on_delete", other, words.into_iter()));
            }
        });
    }
    let mut object = Object::new("on_delete", value)?;
    let action = if let Some(columns) = object.value("nilify") {
        OnDelete::Nilify(names("nilify", columns)?)
    } else {
        OnDelete::Default(names("default", object.needed("default")?)?)
    };
    object.finish()?;
    Ok(action)
}

fn read_with(value: &Value) -> Result<Vec<(Str, Str)>> {
    if let Value::List(list) = value
        && list.is_empty()
    {
        return Ok(Vec::new());
    }
    Object::new("reference's with", value)?
        .entries()
        .map(|(ours, theirs)| match theirs {
            Value::String(theirs) => Ok((ours.clone(), theirs.clone())),
            other => Err(Mistake::about("with must name a column for %, got %", &[ours, other.kind()])),
        })
        .collect()
}
