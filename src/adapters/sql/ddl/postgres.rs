//! PostgreSQL.

use super::Ddl;
use super::expression::{Words, condition};
use super::text::{
    Quotes, Result, bad_default, join, json, key_of, key_of_changes, null, plain_literal, single_quoted,
    unsupported, when,
};
use crate::adapter::AdapterError;
use crate::migration::{
    Before, Change, Column, ColumnDefault, ColumnOptions, ColumnType, Command, Constraint, Index, Match,
    Mode, OnDelete, OnUpdate, Reference, Size, Table,
};
use crate::value::{Str, Value};

const QUOTES: Quotes = Quotes('"', '"');

/// PostgreSQL's dialect.
pub struct Postgres;

impl Ddl for Postgres {
    fn name(&self) -> &'static str {
        "postgres"
    }

    fn texts(&self, command: &Command) -> Result<Vec<String>> {
        Ok(match command {
            Command::CreateTable { table, columns, if_not_exists } => {
                create_table(table, columns, *if_not_exists)?
            }
            Command::AlterTable { table, changes } => alter_table(table, changes)?,
            Command::DropTable { table, mode, if_exists } => vec![format!(
                "DROP TABLE {}{}{}",
                when(*if_exists, "IF EXISTS "),
                QUOTES.qualified(&table.prefix, &table.name)?,
                cascade(*mode)
            )],
            Command::RenameTable { table, to } => vec![format!(
                "ALTER TABLE {} RENAME TO {}",
                QUOTES.qualified(&table.prefix, &table.name)?,
                QUOTES.name(&to.name)?
            )],
            Command::RenameColumn { table, column, to } => vec![format!(
                "ALTER TABLE {} RENAME {} TO {}",
                QUOTES.qualified(&table.prefix, &table.name)?,
                QUOTES.name(column)?,
                QUOTES.name(to)?
            )],
            Command::CreateIndex { index, if_not_exists } => create_index(index, *if_not_exists)?,
            Command::DropIndex { index, mode, if_exists } => vec![format!(
                "DROP INDEX {}{}{}{}",
                when(index.concurrently, "CONCURRENTLY "),
                when(*if_exists, "IF EXISTS "),
                QUOTES.qualified(&index.prefix, &index.name)?,
                cascade(*mode)
            )],
            Command::RenameIndex { index, to } => vec![format!(
                "ALTER INDEX {} RENAME TO {}",
                QUOTES.qualified(&index.prefix, &index.name)?,
                QUOTES.name(to)?
            )],
            Command::CreateConstraint { constraint } => create_constraint(constraint)?,
            Command::DropConstraint { constraint, mode, if_exists } => vec![format!(
                "ALTER TABLE {} DROP CONSTRAINT {}{}{}",
                QUOTES.qualified(&constraint.prefix, &constraint.table)?,
                when(*if_exists, "IF EXISTS "),
                QUOTES.name(&constraint.name)?,
                cascade(*mode)
            )],
            Command::Execute { sql } => vec![sql.to_string()],
        })
    }
}

fn create_table(table: &Table, columns: &[Column], if_not_exists: bool) -> Result<Vec<String>> {
    let name = QUOTES.qualified(&table.prefix, &table.name)?;
    let mut create = String::from("CREATE ");
    if let Some(modifiers) = &table.modifiers {
        create += &format!("{modifiers} ");
    }
    create += &format!("TABLE {}{name} (", when(if_not_exists, "IF NOT EXISTS "));
    create += &join(columns, ", ", |column| {
        let mut text = definition(column)?;
        if let ColumnType::References(reference) = &column.column_type {
            text += &format!(", {}", foreign_key(reference, table, &column.name)?);
        }
        Ok(text)
    })?;
    create += &key(&key_of(columns), ", ")?;
    create.push(')');
    if let Some(options) = &table.options {
        create += &format!(" {options}");
    }
    with_comments(create, table, name, columns.iter())
}

fn alter_table(table: &Table, changes: &[Change]) -> Result<Vec<String>> {
    let name = QUOTES.qualified(&table.prefix, &table.name)?;
    let mut alter = format!("ALTER TABLE {name} ");
    alter += &join(changes, ", ", |change| change_text(table, change))?;
    alter += &key(&key_of_changes(changes), ", ADD ")?;
    let columns = changes.iter().filter_map(|change| match change {
        Change::Add { column, .. } | Change::Modify(column) => Some(column),
        _ => None,
    });
    with_comments(alter, table, name, columns)
}

fn with_comments<'a>(
    statement: String,
    table: &Table,
    name: String,
    columns: impl Iterator<Item = &'a Column>,
) -> Result<Vec<String>> {
    let mut statements = vec![statement];
    if let Some(comment) = &table.comment {
        statements.push(format!("COMMENT ON TABLE {name} IS {}", quoted(comment)?));
    }
    for column in columns {
        if let Some(comment) = &column.options.comment {
            let column = QUOTES.name(&column.name)?;
            statements.push(format!("COMMENT ON COLUMN {name}.{column} IS {}", quoted(comment)?));
        }
    }
    Ok(statements)
}

fn key(columns: &[&str], before: &str) -> Result<String> {
    if columns.is_empty() {
        return Ok(String::new());
    }
    Ok(format!("{before}PRIMARY KEY ({})", QUOTES.names(columns.iter().copied())?))
}

fn change_text(table: &Table, change: &Change) -> Result<String> {
    Ok(match change {
        Change::Add { column, if_not_exists } => {
            let exists = when(*if_not_exists, "IF NOT EXISTS ");
            let mut text = format!("ADD COLUMN {exists}{}", definition(column)?);
            if let ColumnType::References(reference) = &column.column_type {
                text += &format!(", ADD {}", foreign_key(reference, table, &column.name)?);
            }
            text
        }
        Change::Modify(column) => modify(table, column)?,
        Change::Remove { name, column_type, .. } => {
            format!(
                "{}DROP COLUMN {}",
                drop_foreign_key(column_type.as_ref(), table, name, "")?,
                QUOTES.name(name)?
            )
        }
        Change::RemoveIfExists { name, column_type } => format!(
            "{}DROP COLUMN IF EXISTS {}",
            drop_foreign_key(column_type.as_ref(), table, name, "IF EXISTS ")?,
            QUOTES.name(name)?
        ),
    })
}

fn modify(table: &Table, column: &Column) -> Result<String> {
    let Column { name, column_type, options } = column;
    let before = options.from.as_deref().map(|Before { column_type, .. }| column_type);
    let quoted_name = QUOTES.name(name)?;
    let mut text = drop_foreign_key(before, table, name, "")?;
    text += &format!("ALTER COLUMN {quoted_name} TYPE {}", stored_type(column_type, options)?);
    let mut stored = column_type.clone();
    if let ColumnType::References(reference) = column_type {
        text += &format!(", ADD {}", foreign_key(reference, table, name)?);
        stored = reference.key_type();
    }
    match options.null {
        Some(true) => text += &format!(", ALTER COLUMN {quoted_name} DROP NOT NULL"),
        Some(false) => text += &format!(", ALTER COLUMN {quoted_name} SET NOT NULL"),
        None => {}
    }
    if options.default.is_some() {
        text += &format!(", ALTER COLUMN {quoted_name} SET{}", default(options, &stored)?);
    }
    text += &collation(options)?;
    Ok(text)
}

fn definition(column: &Column) -> Result<String> {
    let Column { name, column_type, options } = column;
    let stored = match column_type {
        ColumnType::References(reference) => &reference.key_type(),
        other => other,
    };
    Ok(format!(
        "{} {}{}{}{}",
        QUOTES.name(name)?,
        stored_type(column_type, options)?,
        default(options, stored)?,
        null(options),
        collation(options)?
    ))
}

/// The type of a column; that of a reference to a serial is the integer.
fn stored_type(column_type: &ColumnType, options: &ColumnOptions) -> Result<String> {
    let ColumnType::References(reference) = column_type else { return full_type(column_type, options) };
    match reference.key_type() {
        ColumnType::Named(name) if name == "serial" => Ok("integer".to_owned()),
        ColumnType::Named(name) if name == "bigserial" || name == "identity" => Ok("bigint".to_owned()),
        other => full_type(&other, options),
    }
}

fn full_type(column_type: &ColumnType, options: &ColumnOptions) -> Result<String> {
    let name = sized_type(column_type, options)?;
    match &options.generated {
        Some(expr) => Ok(format!("{name} GENERATED {expr}")),
        None if column_type.name() == Some("identity") => {
            let positive = |number: Option<i64>| number.filter(|number| *number > 0);
            let start = positive(options.start_value).map(|start| format!("START WITH {start}"));
            let step = positive(options.increment).map(|step| format!("INCREMENT BY {step}"));
            let sequence: Vec<String> = start.into_iter().chain(step).collect();
            let sequence =
                if sequence.is_empty() { String::new() } else { format!("({}) ", sequence.join(" ")) };
            Ok(format!("{name} GENERATED BY DEFAULT AS IDENTITY{sequence}"))
        }
        None => Ok(name),
    }
}

fn sized_type(column_type: &ColumnType, options: &ColumnOptions) -> Result<String> {
    if let ColumnType::Array(of) = column_type {
        return Ok(sized_type(of, options)? + "[]");
    }
    let name = type_name(column_type)?;
    let ColumnOptions { size, precision, scale, fields, .. } = options;
    Ok(match column_type.name().unwrap_or_default() {
        "time" | "utc_datetime" | "naive_datetime" => name + "(0)",
        "time_usec" | "utc_datetime_usec" | "naive_datetime_usec" => match precision {
            Some(precision) => format!("{name}({precision})"),
            None => name,
        },
        "duration" => {
            let fields = fields.as_ref().map(|fields| format!(" {fields}")).unwrap_or_default();
            let precision = precision.map(|precision| format!("({precision})")).unwrap_or_default();
            name + &fields + &precision
        }
        plain => match (size, precision) {
            (Some(Size::Of(size)), _) => format!("{name}({size})"),
            (Some(Size::Max), _) => format!("{name}(max)"),
            (None, Some(precision)) => format!("{name}({precision},{})", scale.unwrap_or(0)),
            (None, None) if plain == "string" => name + "(255)",
            (None, None) => name,
        },
    })
}

fn type_name(column_type: &ColumnType) -> Result<String> {
    Ok(match column_type {
        ColumnType::Array(of) => type_name(of)? + "[]",
        ColumnType::Map(_) => "jsonb".to_owned(),
        ColumnType::References(_) => return Err(unsupported("references within a type")),
        ColumnType::Named(name) => match &**name {
            "id" => "integer",
            "identity" => "bigint",
            "binary_id" => "uuid",
            "string" => "varchar",
            "bitstring" => "varbit",
            "binary" => "bytea",
            "map" => "jsonb",
            "time_usec" => "time",
            "utc_datetime" | "utc_datetime_usec" | "naive_datetime" | "naive_datetime_usec" => "timestamp",
            "duration" => "interval",
            other => other,
        }
        .to_owned(),
    })
}

fn default(options: &ColumnOptions, column_type: &ColumnType) -> Result<String> {
    Ok(match &options.default {
        None => String::new(),
        Some(ColumnDefault::Fragment(sql)) => format!(" DEFAULT {sql}"),
        Some(ColumnDefault::Value(Value::Null)) => " DEFAULT NULL".to_owned(),
        Some(ColumnDefault::Value(value)) => format!(" DEFAULT {}", literal(value, column_type)?),
    })
}

fn literal(value: &Value, column_type: &ColumnType) -> Result<String> {
    match (value, column_type) {
        (Value::List(list), ColumnType::Array(of)) => {
            let elements = join(list, ",", |element| literal(element, of))?;
            Ok(format!("ARRAY[{elements}]::{}", type_name(column_type)?))
        }
        (Value::String(text), _) => quoted(text),
        (Value::Map(_), ColumnType::Named(name)) if name == "map" => quoted(&json(value)),
        _ => plain_literal(value).ok_or_else(|| bad_default(value)),
    }
}

fn quoted(text: &str) -> Result<String> {
    if text.contains('\0') {
        return Err(AdapterError::query("a default or comment can't hold a null byte"));
    }
    Ok(single_quoted(text))
}

fn collation(options: &ColumnOptions) -> Result<String> {
    match &options.collation {
        Some(collation) => Ok(format!(" COLLATE {}", QUOTES.name(collation)?)),
        None => Ok(String::new()),
    }
}

fn foreign_key(reference: &Reference, table: &Table, column: &str) -> Result<String> {
    let on_delete = match &reference.on_delete {
        OnDelete::Nothing => String::new(),
        OnDelete::DeleteAll => " ON DELETE CASCADE".to_owned(),
        OnDelete::NilifyAll => " ON DELETE SET NULL".to_owned(),
        OnDelete::Nilify(columns) => format!(" ON DELETE SET NULL ({})", some(columns)?),
        OnDelete::DefaultAll => " ON DELETE SET DEFAULT".to_owned(),
        OnDelete::Default(columns) => format!(" ON DELETE SET DEFAULT ({})", some(columns)?),
        OnDelete::Restrict => " ON DELETE RESTRICT".to_owned(),
    };
    let on_update = match reference.on_update {
        OnUpdate::Nothing => "",
        OnUpdate::UpdateAll => " ON UPDATE CASCADE",
        OnUpdate::NilifyAll => " ON UPDATE SET NULL",
        OnUpdate::Restrict => " ON UPDATE RESTRICT",
    };
    let kind = match reference.match_with {
        None => "",
        Some(Match::Simple) => " MATCH SIMPLE",
        Some(Match::Partial) => " MATCH PARTIAL",
        Some(Match::Full) => " MATCH FULL",
    };
    let prefix = reference.prefix.clone().or_else(|| table.prefix.clone());
    Ok(format!(
        "CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {}({}){kind}{on_delete}{on_update}{}",
        QUOTES.name(&reference.constraint_name(&table.name, column))?,
        QUOTES.names(reference.pairs(column).map(|(ours, _)| ours))?,
        QUOTES.qualified(&prefix, &reference.table)?,
        QUOTES.names(reference.pairs(column).map(|(_, theirs)| theirs))?,
        when(reference.not_validated, " NOT VALID"),
    ))
}

fn some(columns: &[Str]) -> Result<String> {
    QUOTES.names(columns.iter().map(Str::as_str))
}

fn drop_foreign_key(
    column_type: Option<&ColumnType>,
    table: &Table,
    column: &str,
    exists: &str,
) -> Result<String> {
    let Some(ColumnType::References(reference)) = column_type else { return Ok(String::new()) };
    let name = QUOTES.name(&reference.constraint_name(&table.name, column))?;
    Ok(format!("DROP CONSTRAINT {exists}{name}, "))
}

fn create_index(index: &Index, if_not_exists: bool) -> Result<Vec<String>> {
    let mut create = format!(
        "CREATE {}INDEX {}{}{} ON {}{}",
        when(index.unique, "UNIQUE "),
        when(index.concurrently, "CONCURRENTLY "),
        when(if_not_exists, "IF NOT EXISTS "),
        QUOTES.name(&index.name)?,
        when(index.only, "ONLY "),
        QUOTES.qualified(&index.prefix, &index.table)?
    );
    if let Some(using) = &index.using {
        create += &format!(" USING {using}");
    }
    create += &format!(" ({})", join(&index.columns, ", ", |column| QUOTES.index_column(column, None))?);
    if !index.include.is_empty() {
        create += &format!(" INCLUDE ({})", join(&index.include, ", ", |term| QUOTES.term(term))?);
    }
    create += match index.nulls_distinct {
        None => "",
        Some(true) => " NULLS DISTINCT",
        Some(false) => " NULLS NOT DISTINCT",
    };
    if let Some(options) = &index.options {
        create += &format!(" WITH ({options})");
    }
    if let Some(filter) = &index.condition {
        create += &format!(" WHERE {}", condition(filter, Words::Postgres)?);
    }
    let mut statements = vec![create];
    if let Some(comment) = &index.comment {
        let name = QUOTES.qualified(&index.prefix, &index.name)?;
        statements.push(format!("COMMENT ON INDEX {name} IS {}", quoted(comment)?));
    }
    Ok(statements)
}

fn create_constraint(constraint: &Constraint) -> Result<Vec<String>> {
    let table = QUOTES.qualified(&constraint.prefix, &constraint.table)?;
    let name = QUOTES.name(&constraint.name)?;
    let rule = match (&constraint.check, &constraint.exclude) {
        (Some(check), _) => format!("CHECK ({})", condition(check, Words::Postgres)?),
        (None, Some(exclude)) => format!("EXCLUDE USING {exclude}"),
        (None, None) => {
            return Err(AdapterError::query("a constraint must have either a check or an exclude option"));
        }
    };
    let not_valid = when(constraint.not_validated, " NOT VALID");
    let mut statements = vec![format!("ALTER TABLE {table} ADD CONSTRAINT {name} {rule}{not_valid}")];
    if let Some(comment) = &constraint.comment {
        statements.push(format!("COMMENT ON CONSTRAINT {name} ON {table} IS {}", quoted(comment)?));
    }
    Ok(statements)
}

fn cascade(mode: Mode) -> &'static str {
    when(mode == Mode::Cascade, " CASCADE")
}
