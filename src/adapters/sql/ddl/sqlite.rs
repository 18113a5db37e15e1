//! SQLite.

use super::Ddl;
use super::expression::{Words, condition};
use super::text::{
    Quotes, Result, backslash_quoted, bad_default, bare_word, join, json, key_of, null, plain_literal,
    unsupported, when,
};
use crate::migration::{
    Change, Column, ColumnDefault, ColumnOptions, ColumnType, Command, Index, OnDelete, OnUpdate, Reference,
    Table,
};
use crate::value::{Str, Value};

const QUOTES: Quotes = Quotes('"', '"');

/// SQLite's dialect.
pub struct Sqlite;

impl Ddl for Sqlite {
    fn name(&self) -> &'static str {
        "sqlite"
    }

    fn texts(&self, command: &Command) -> Result<Vec<String>> {
        Ok(match command {
            Command::CreateTable { table, columns, if_not_exists } => {
                vec![create_table(table, columns, *if_not_exists)?]
            }
            Command::AlterTable { table, changes } => {
                let name = qualified(&table.prefix, &table.name)?;
                let change = |change| Ok(format!("ALTER TABLE {name} {}", change_text(table, change)?));
                changes.iter().map(change).collect::<Result<_>>()?
            }
            Command::DropTable { table, if_exists, .. } => {
                let name = qualified(&table.prefix, &table.name)?;
                vec![format!("DROP TABLE {}{name}", when(*if_exists, "IF EXISTS "))]
            }
            Command::RenameTable { table, to } => vec![format!(
                "ALTER TABLE {} RENAME TO {}",
                qualified(&table.prefix, &table.name)?,
                QUOTES.name(&to.name)?
            )],
            Command::RenameColumn { table, column, to } => vec![format!(
                "ALTER TABLE {} RENAME COLUMN {} TO {}",
                qualified(&table.prefix, &table.name)?,
                QUOTES.name(column)?,
                QUOTES.name(to)?
            )],
            Command::CreateIndex { index, if_not_exists } => vec![create_index(index, *if_not_exists)?],
            Command::DropIndex { index, if_exists, .. } => vec![drop_index(index, *if_exists)?],
            Command::RenameIndex { index, to } => {
                let renamed = Index { name: to.clone(), ..index.clone() };
                vec![drop_index(index, false)?, create_index(&renamed, false)?]
            }
            Command::CreateConstraint { .. } => {
                return Err(unsupported("adding a constraint to a table in SQLite"));
            }
            Command::DropConstraint { .. } => {
                return Err(unsupported("dropping a constraint of a table in SQLite"));
            }
            Command::Execute { sql } => vec![sql.to_string()],
        })
    }
}

fn qualified(prefix: &Option<Str>, name: &str) -> Result<String> {
    match prefix {
        Some(_) => Err(unsupported("table prefixes in SQLite")),
        None => QUOTES.name(name),
    }
}

fn create_table(table: &Table, columns: &[Column], if_not_exists: bool) -> Result<String> {
    let key = key_of(columns);
    let composite = key.len() > 1;
    let exists = when(if_not_exists, "IF NOT EXISTS ");
    let mut create = format!("CREATE TABLE {exists}{} (", qualified(&table.prefix, &table.name)?);
    create += &join(columns, ", ", |column| definition(table, column, &column.options, !composite))?;
    if composite {
        create += &format!(", PRIMARY KEY ({})", QUOTES.names(key)?);
    }
    for column in columns {
        if let ColumnType::References(reference) = &column.column_type
            && !reference.with.is_empty()
        {
            create += &format!(
                ", FOREIGN KEY ({}) {}",
                QUOTES.names(reference.pairs(&column.name).map(|(ours, _)| ours))?,
                references(reference, table, &column.name)?
            );
        }
    }
    create.push(')');
    if let Some(options) = &table.options {
        create += &format!(" {options}");
    }
    Ok(create)
}

fn change_text(table: &Table, change: &Change) -> Result<String> {
    Ok(match change {
        Change::Add { column, if_not_exists: false } => {
            let mut options = column.options.clone();
            // A column that is added may be NOT NULL only with a constant default, and the time is none.
            if matches!(column.column_type.name(), Some("utc_datetime" | "naive_datetime")) {
                options.null = None;
            }
            format!("ADD COLUMN {}", definition(table, column, &options, true)?)
        }
        Change::Modify(_) => return Err(unsupported("modify of a column in SQLite")),
        Change::Remove { name, .. } => format!("DROP COLUMN {}", QUOTES.name(name)?),
        Change::Add { .. } => return Err(unsupported("add_if_not_exists in SQLite")),
        Change::RemoveIfExists { .. } => return Err(unsupported("remove_if_exists in SQLite")),
    })
}

fn definition(table: &Table, column: &Column, options: &ColumnOptions, key: bool) -> Result<String> {
    let Column { name, column_type, .. } = column;
    let reference = match column_type {
        ColumnType::References(reference) => Some(&**reference),
        _ => None,
    };
    let stored = reference.map_or_else(|| column_type.clone(), Reference::key_type);
    let mut text = format!("{} {}", QUOTES.name(name)?, type_name(&stored, options));
    text += &default(options, &stored)?;
    text += null(options);
    if let Some(check) = &options.check {
        text += &format!(
            " CONSTRAINT {} CHECK ({})",
            bare_word("name", &check.name)?,
            condition(&check.expr, Words::Sqlite)?
        );
    }
    if key && options.primary_key {
        text += match stored.name() {
            Some("serial" | "bigserial") => " PRIMARY KEY AUTOINCREMENT",
            _ => " PRIMARY KEY",
        };
    }
    // That of several columns is told after the columns.
    if let Some(reference) = reference
        && reference.with.is_empty()
    {
        let constraint = QUOTES.name(&reference.constraint_name(&table.name, name))?;
        text += &format!(" CONSTRAINT {constraint} {}", references(reference, table, name)?);
    }
    Ok(text)
}

/// What values are kept as. SQLite looks at sizes of decimals only.
fn type_name(column_type: &ColumnType, options: &ColumnOptions) -> String {
    let name = match column_type {
        ColumnType::Named(name) => &**name,
        _ => return "TEXT".to_owned(),
    };
    match name {
        "id" | "serial" | "bigserial" | "boolean" | "integer" | "bigint" => "INTEGER".to_owned(),
        "float" => "NUMERIC".to_owned(),
        "binary" => "BLOB".to_owned(),
        "string"
        | "date"
        | "time"
        | "time_usec"
        | "utc_datetime"
        | "utc_datetime_usec"
        | "naive_datetime"
        | "naive_datetime_usec"
        | "timestamp"
        | "array"
        | "binary_id"
        | "map"
        | "uuid" => "TEXT".to_owned(),
        "decimal" => match options.precision {
            Some(precision) => format!("DECIMAL({precision},{})", options.scale.unwrap_or(0)),
            None => "DECIMAL".to_owned(),
        },
        other => other.to_uppercase(),
    }
}

fn default(options: &ColumnOptions, column_type: &ColumnType) -> Result<String> {
    let Some(default) = &options.default else { return Ok(String::new()) };
    let of_lists =
        matches!(column_type, ColumnType::Array(_)) || matches!(column_type.name(), Some("map" | "array"));
    Ok(match default {
        ColumnDefault::Fragment(sql) => format!(" DEFAULT {sql}"),
        ColumnDefault::Value(Value::Null) => " DEFAULT NULL".to_owned(),
        ColumnDefault::Value(Value::String(text)) => format!(" DEFAULT {}", backslash_quoted(text)),
        ColumnDefault::Value(value @ Value::Map(_)) => {
            format!(" DEFAULT ({})", backslash_quoted(&json(value)))
        }
        ColumnDefault::Value(value @ Value::List(_)) if of_lists => {
            format!(" DEFAULT ({})", backslash_quoted(&json(value)))
        }
        ColumnDefault::Value(value) => {
            format!(" DEFAULT {}", plain_literal(value).ok_or_else(|| bad_default(value))?)
        }
    })
}

fn references(reference: &Reference, table: &Table, column: &str) -> Result<String> {
    let on_delete = match reference.on_delete {
        OnDelete::NilifyAll => " ON DELETE SET NULL",
        OnDelete::DefaultAll => " ON DELETE SET DEFAULT",
        OnDelete::DeleteAll => " ON DELETE CASCADE",
        OnDelete::Restrict => " ON DELETE RESTRICT",
        OnDelete::Nothing | OnDelete::Nilify(_) | OnDelete::Default(_) => "",
    };
    let on_update = match reference.on_update {
        OnUpdate::NilifyAll => " ON UPDATE SET NULL",
        OnUpdate::UpdateAll => " ON UPDATE CASCADE",
        OnUpdate::Restrict => " ON UPDATE RESTRICT",
        OnUpdate::Nothing => "",
    };
    let prefix = reference.prefix.clone().or_else(|| table.prefix.clone());
    Ok(format!(
        "REFERENCES {}({}){on_delete}{on_update}",
        qualified(&prefix, &reference.table)?,
        QUOTES.names(reference.pairs(column).map(|(_, theirs)| theirs))?,
    ))
}

fn check_index(index: &Index) -> Result<()> {
    let missing = if index.concurrently {
        "concurrently"
    } else if index.only {
        "only"
    } else if !index.include.is_empty() {
        "include"
    } else if index.using.is_some() {
        "using"
    } else if index.nulls_distinct.is_some() {
        "nulls_distinct"
    } else if index.columns.iter().any(|column| column.direction.is_some()) {
        "direction"
    } else {
        return Ok(());
    };
    Err(unsupported(format!("{missing} of an index in SQLite")))
}

fn create_index(index: &Index, if_not_exists: bool) -> Result<String> {
    check_index(index)?;
    let mut create = format!(
        "CREATE {}INDEX {}{} ON {} ({})",
        when(index.unique, "UNIQUE "),
        when(if_not_exists, "IF NOT EXISTS "),
        QUOTES.name(&index.name)?,
        qualified(&index.prefix, &index.table)?,
        join(&index.columns, ", ", |column| QUOTES.term(&column.term))?
    );
    if let Some(filter) = &index.condition {
        create += &format!(" WHERE {}", condition(filter, Words::Sqlite)?);
    }
    Ok(create)
}

fn drop_index(index: &Index, if_exists: bool) -> Result<String> {
    // A drop says nothing of the columns' directions.
    let named = Index { columns: Vec::new(), ..index.clone() };
    check_index(&named)?;
    Ok(format!("DROP INDEX {}{}", when(if_exists, "IF EXISTS "), qualified(&index.prefix, &index.name)?))
}
