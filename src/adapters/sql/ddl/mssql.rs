//! Microsoft SQL Server.

use super::Ddl;
use super::expression::{Words, condition};
use super::text::{
    Quotes, Result, bad_default, bare_word, join, key_of, key_of_changes, null, plain_literal, unsupported,
    when,
};
use crate::adapter::AdapterError;
use crate::migration::{
    Before, Change, Column, ColumnDefault, ColumnOptions, ColumnType, Command, Constraint, Index, Mode,
    OnDelete, OnUpdate, Reference, Size, Table,
};
use crate::value::{Str, Value};

const QUOTES: Quotes = Quotes('[', ']');

/// The dialect of Microsoft SQL Server.
pub struct Mssql;

impl Ddl for Mssql {
    fn name(&self) -> &'static str {
        "mssql"
    }

    fn texts(&self, command: &Command) -> Result<Vec<String>> {
        let statement = match command {
            Command::CreateTable { table, columns, if_not_exists } => {
                create_table(table, columns, *if_not_exists)?
            }
            Command::AlterTable { table, changes } => alter_table(table, changes)?,
            Command::DropTable { mode: Mode::Cascade, .. } => {
                return Err(unsupported("cascade in drop of a table in MSSQL"));
            }
            Command::DropTable { table, if_exists, .. } => format!(
                "{}DROP TABLE {}; ",
                if_table(*if_exists, "IF EXISTS", table),
                QUOTES.qualified(&table.prefix, &table.name)?
            ),
            Command::RenameTable { table, to } => format!(
                "EXEC sp_rename '{}', '{}'",
                bare(&[table.prefix.as_deref(), Some(&table.name)])?,
                bare(&[to.prefix.as_deref(), Some(&to.name)])?
            ),
            Command::RenameColumn { table, column, to } => format!(
                "EXEC sp_rename '{}', '{}', 'COLUMN'",
                bare(&[table.prefix.as_deref(), Some(&table.name), Some(column)])?,
                bare(&[Some(to)])?
            ),
            Command::CreateIndex { index, if_not_exists } => create_index(index, *if_not_exists)?,
            Command::DropIndex { mode: Mode::Cascade, .. } => {
                return Err(unsupported("cascade in drop of an index in MSSQL"));
            }
            Command::DropIndex { index, if_exists, .. } => format!(
                "{}DROP INDEX {} ON {}{}; ",
                if_index(*if_exists, "IF EXISTS", index)?,
                QUOTES.name(&index.name)?,
                QUOTES.qualified(&index.prefix, &index.table)?,
                when(index.concurrently, " LOCK=NONE")
            ),
            Command::RenameIndex { index, to } => format!(
                "sp_rename N'{}', N'{}', N'INDEX'",
                bare(&[Some(&index.table), Some(&index.name)])?,
                bare(&[Some(to)])?
            ),
            Command::CreateConstraint { constraint } => create_constraint(constraint)?,
            Command::DropConstraint { mode: Mode::Cascade, .. } => {
                return Err(unsupported("cascade in drop of a constraint in MSSQL"));
            }
            Command::DropConstraint { constraint, if_exists, .. } => format!(
                "{}ALTER TABLE {} DROP CONSTRAINT {}; ",
                if_check(*if_exists, constraint),
                QUOTES.qualified(&constraint.prefix, &constraint.table)?,
                QUOTES.name(&constraint.name)?
            ),
            Command::Execute { sql } => sql.to_string(),
        };
        Ok(vec![statement])
    }
}

/// Names within a text, parted by points.
fn bare(names: &[Option<&str>]) -> Result<String> {
    join(names.iter().flatten(), ".", |name| {
        QUOTES.name(name)?;
        Ok(escaped(name))
    })
}

fn escaped(text: &str) -> String {
    text.replace('\'', "''")
}

fn key_name(table: &Table) -> Result<String> {
    match &table.prefix {
        Some(prefix) => QUOTES.name(&format!("{prefix}_{}_pkey", table.name)),
        None => QUOTES.name(&format!("{}_pkey", table.name)),
    }
}

fn key(columns: &[&str]) -> Result<String> {
    Ok(format!("PRIMARY KEY CLUSTERED ({})", QUOTES.names(columns.iter().copied())?))
}

fn create_table(table: &Table, columns: &[Column], if_not_exists: bool) -> Result<String> {
    if table.modifiers.is_some() {
        return Err(unsupported("modifiers of a created table in MSSQL"));
    }
    let exists = if_table(if_not_exists, "IF NOT EXISTS", table);
    let mut create = format!("{exists}CREATE TABLE {}", QUOTES.qualified(&table.prefix, &table.name)?);
    if !columns.is_empty() {
        let definitions = join(columns, ", ", |column| {
            let mut text = definition(table, column)?;
            if let ColumnType::References(reference) = &column.column_type {
                text += &format!(", {}", foreign_key(reference, table, &column.name)?);
            }
            Ok(text)
        })?;
        create += &format!(" ({definitions}");
        let columns = key_of(columns);
        if !columns.is_empty() {
            create += &format!(", CONSTRAINT {} {}", key_name(table)?, key(&columns)?);
        }
        create.push(')');
    }
    if let Some(options) = &table.options {
        create += &format!(" {options}");
    }
    Ok(create + "; ")
}

fn alter_table(table: &Table, changes: &[Change]) -> Result<String> {
    let alter = format!("ALTER TABLE {} ", QUOTES.qualified(&table.prefix, &table.name)?);
    let mut text = join(changes, "", |change| change_text(&alter, table, change))?;
    let columns = key_of_changes(changes);
    if !columns.is_empty() {
        text += &format!("{alter}ADD CONSTRAINT {} {}", key_name(table)?, key(&columns)?);
    }
    Ok(text)
}

fn change_text(alter: &str, table: &Table, change: &Change) -> Result<String> {
    if let Change::Add { column: Column { column_type, .. }, .. }
    | Change::Modify(Column { column_type, .. })
    | Change::Remove { column_type: Some(column_type), .. } = change
        && matches!(column_type, ColumnType::References(reference) if reference.not_validated)
    {
        return Err(unsupported("validate: false of references in MSSQL"));
    }
    Ok(match change {
        Change::Add { column, if_not_exists: true } => {
            if let ColumnType::References(_) = column.column_type {
                return Err(unsupported("add_if_not_exists of references in MSSQL"));
            }
            let exists = if_column("IF NOT EXISTS", "' AND ", table, &column.name);
            format!("{exists}{alter}ADD {}; ", definition(table, column)?)
        }
        Change::Add { column, if_not_exists: false } => {
            let mut text = format!("{alter}ADD {}; ", definition(table, column)?);
            if let ColumnType::References(reference) = &column.column_type {
                text += &format!("{alter}ADD {}; ", foreign_key(reference, table, &column.name)?);
            }
            text
        }
        Change::Modify(column) => modify(alter, table, column)?,
        Change::Remove { name, column_type: None, .. } => {
            format!("{alter}DROP COLUMN {}; ", QUOTES.name(name)?)
        }
        // Ecto ends this one with nothing.
        Change::Remove { name, .. } => format!("{alter}DROP COLUMN {}", QUOTES.name(name)?),
        Change::RemoveIfExists { name, .. } => {
            let exists = if_column("IF EXISTS", "'  AND ", table, name);
            format!("{exists}{alter}DROP COLUMN {}; ", QUOTES.name(name)?)
        }
    })
}

fn modify(alter: &str, table: &Table, column: &Column) -> Result<String> {
    let Column { name, column_type, options } = column;
    let quoted_name = QUOTES.name(name)?;
    let mut text = String::new();
    if let Some(Before { column_type: ColumnType::References(before), .. }) = options.from.as_deref() {
        let constraint = QUOTES.name(&before.constraint_name(&table.name, name))?;
        text += &format!("{alter}DROP CONSTRAINT {constraint}; ");
    }
    if options.default.is_some() {
        let constraint = default_name(table, name)?;
        text += &format!(
            "IF (OBJECT_ID(N'{}', 'D') IS NOT NULL) {alter}DROP CONSTRAINT {constraint}; ",
            escaped(&constraint)
        );
    }
    match column_type {
        ColumnType::References(reference) => {
            text += &format!("{alter}ALTER COLUMN {}; ", definition(table, column)?);
            text += &format!("{alter}ADD {}; ", foreign_key(reference, table, name)?);
        }
        _ => {
            text += &format!(
                "{alter}ALTER COLUMN {quoted_name} {}{}{}; ",
                full_type(column_type, options)?,
                null(options),
                collation(options)?
            );
        }
    }
    let default = default(table, name, options)?;
    if !default.is_empty() {
        text += &format!("{alter}ADD{default} FOR {quoted_name}; ");
    }
    Ok(text)
}

fn definition(table: &Table, column: &Column) -> Result<String> {
    let Column { name, column_type, options } = column;
    let stored = match column_type {
        ColumnType::References(reference) => match reference.key_type() {
            ColumnType::Named(name) if name == "id" || name == "bigserial" => "BIGINT".to_owned(),
            ColumnType::Named(name) if name == "serial" => "INT".to_owned(),
            other => full_type(&other, options)?,
        },
        other => full_type(other, options)?,
    };
    Ok(format!(
        "{} {stored}{}{}{}",
        QUOTES.name(name)?,
        null(options),
        default(table, name, options)?,
        collation(options)?
    ))
}

fn default_name(table: &Table, column: &str) -> Result<String> {
    let prefix = table.prefix.as_deref().unwrap_or_default();
    QUOTES.name(&format!("DF_{prefix}_{}_{column}", table.name))
}

fn default(table: &Table, column: &str, options: &ColumnOptions) -> Result<String> {
    let literal = match &options.default {
        None | Some(ColumnDefault::Value(Value::Null)) => return Ok(String::new()),
        Some(ColumnDefault::Fragment(sql)) => sql.to_string(),
        Some(ColumnDefault::Value(Value::String(text))) => format!("N'{}'", escaped(text)),
        Some(ColumnDefault::Value(Value::Bool(flag))) => u8::from(*flag).to_string(),
        Some(ColumnDefault::Value(value)) => plain_literal(value).ok_or_else(|| bad_default(value))?,
    };
    Ok(format!(" CONSTRAINT {} DEFAULT ({literal})", default_name(table, column)?))
}

fn collation(options: &ColumnOptions) -> Result<String> {
    match &options.collation {
        Some(collation) => Ok(format!(" COLLATE {}", bare_word("collation", collation)?)),
        None => Ok(String::new()),
    }
}

fn full_type(column_type: &ColumnType, options: &ColumnOptions) -> Result<String> {
    let mut text = sized_type(column_type, options)?;
    if let Some(generated) = &options.generated {
        text += &format!(" AS {generated}");
    }
    Ok(text)
}

fn sized_type(column_type: &ColumnType, options: &ColumnOptions) -> Result<String> {
    let name = match column_type {
        ColumnType::Array(_) => return Err(unsupported("array type in MSSQL")),
        ColumnType::References(_) => return Err(unsupported("references within a type")),
        ColumnType::Map(_) => "map",
        ColumnType::Named(name) => name,
    };
    let fraction = options.precision.filter(|precision| *precision <= 7).unwrap_or(6);
    let fixed = match name {
        "id" => "bigint",
        "serial" => "int IDENTITY(1,1)",
        "bigserial" => "bigint IDENTITY(1,1)",
        "binary_id" | "uuid" => "uniqueidentifier",
        "boolean" => "bit",
        "time" => "time(0)",
        "utc_datetime" | "naive_datetime" => "datetime",
        "time_usec" => return Ok(format!("time({fraction})")),
        "utc_datetime_usec" | "naive_datetime_usec" => return Ok(format!("datetime2({fraction})")),
        _ => "",
    };
    if !fixed.is_empty() {
        return Ok(fixed.to_owned());
    }
    Ok(match (name, options.size, options.precision) {
        ("string", None, _) => "nvarchar(255)".to_owned(),
        ("string" | "map", Some(Size::Max), _) | ("map", None, _) => "nvarchar(max)".to_owned(),
        ("string" | "map", Some(Size::Of(size @ 1..=4000)), _) => format!("nvarchar({size})"),
        ("binary", None | Some(Size::Max), _) => "varbinary(max)".to_owned(),
        ("binary", Some(Size::Of(size @ 1..=8000)), _) => format!("varbinary({size})"),
        ("float", None, _) => "float".to_owned(),
        (other, Some(Size::Of(size)), _) => format!("{other}({size})"),
        (other, Some(Size::Max), _) => format!("{other}(max)"),
        (other, None, Some(precision)) => format!("{other}({precision},{})", options.scale.unwrap_or(0)),
        (other, None, None) => other.to_owned(),
    })
}

fn foreign_key(reference: &Reference, table: &Table, column: &str) -> Result<String> {
    if reference.match_with.is_some() {
        return Err(unsupported("match of references in MSSQL"));
    }
    let on_delete = match &reference.on_delete {
        OnDelete::Nothing => " ON DELETE NO ACTION",
        OnDelete::DeleteAll => " ON DELETE CASCADE",
        OnDelete::NilifyAll => " ON DELETE SET NULL",
        OnDelete::DefaultAll => " ON DELETE SET DEFAULT",
        OnDelete::Restrict => "",
        OnDelete::Nilify(_) => return Err(unsupported("on_delete: nilify of some columns in MSSQL")),
        OnDelete::Default(_) => return Err(unsupported("on_delete: default of some columns in MSSQL")),
    };
    let on_update = match reference.on_update {
        OnUpdate::Nothing => " ON UPDATE NO ACTION",
        OnUpdate::UpdateAll => " ON UPDATE CASCADE",
        OnUpdate::NilifyAll => " ON UPDATE SET NULL",
        OnUpdate::Restrict => "",
    };
    let prefix = reference.prefix.clone().or_else(|| table.prefix.clone());
    Ok(format!(
        "CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {}({}){on_delete}{on_update}",
        QUOTES.name(&reference.constraint_name(&table.name, column))?,
        QUOTES.names(reference.pairs(column).map(|(ours, _)| ours))?,
        QUOTES.qualified(&prefix, &reference.table)?,
        QUOTES.names(reference.pairs(column).map(|(_, theirs)| theirs))?,
    ))
}

fn create_index(index: &Index, if_not_exists: bool) -> Result<String> {
    if index.using.is_some() {
        return Err(unsupported("using in an index in MSSQL"));
    }
    if index.nulls_distinct == Some(true) {
        return Err(unsupported("nulls_distinct: true in an index in MSSQL"));
    }
    let mut create = format!(
        "{}CREATE{} INDEX {} ON {} ({})",
        if_index(if_not_exists, "IF NOT EXISTS", index)?,
        when(index.unique, " UNIQUE"),
        QUOTES.name(&index.name)?,
        QUOTES.qualified(&index.prefix, &index.table)?,
        join(&index.columns, ", ", |column| QUOTES.index_column(column, Some("MSSQL")))?
    );
    if !index.include.is_empty() {
        create += &format!(" INCLUDE ({})", join(&index.include, ", ", |term| QUOTES.term(term))?);
    }
    if let Some(filter) = &index.condition {
        create += &format!(" WHERE ({})", condition(filter, Words::Mssql)?);
    }
    let online = index.concurrently.then_some("ONLINE=ON");
    let with: Vec<&str> = online.into_iter().chain(index.options.as_deref()).collect();
    if !with.is_empty() {
        create += &format!(" WITH({})", with.join(","));
    }
    create.push(';');
    Ok(create)
}

fn create_constraint(constraint: &Constraint) -> Result<String> {
    if constraint.exclude.is_some() {
        return Err(unsupported("exclusion constraint in MSSQL; use a check"));
    }
    if constraint.not_validated {
        return Err(unsupported("validate: false of a constraint in MSSQL"));
    }
    let Some(check) = &constraint.check else {
        return Err(AdapterError::query("a constraint must have either a check or an exclude option"));
    };
    Ok(format!(
        "ALTER TABLE {} ADD CONSTRAINT {} CHECK ({}); ",
        QUOTES.qualified(&constraint.prefix, &constraint.table)?,
        QUOTES.name(&constraint.name)?,
        condition(check, Words::Mssql)?
    ))
}

fn if_table(asked: bool, exists: &str, table: &Table) -> String {
    if !asked {
        return String::new();
    }
    let schema = table.prefix.as_ref().map(|prefix| format!(" AND [TABLE_SCHEMA] = '{}'", escaped(prefix)));
    let (name, schema) = (escaped(&table.name), schema.unwrap_or_default());
    format!("{exists} (SELECT * FROM [INFORMATION_SCHEMA].[TABLES] WHERE [TABLE_NAME] = '{name}'{schema}) ")
}

fn if_column(exists: &str, and: &str, table: &Table, column: &str) -> String {
    let prefix = table.prefix.as_ref().map(|prefix| escaped(prefix) + ".").unwrap_or_default();
    let (table, column) = (escaped(&table.name), escaped(column));
    format!(
        "{exists} (SELECT 1 FROM [sys].[columns] WHERE [name] = N'{column}{and}[object_id] = OBJECT_ID(N'{prefix}{table}')) "
    )
}

fn if_index(asked: bool, exists: &str, index: &Index) -> Result<String> {
    if !asked {
        return Ok(String::new());
    }
    let table = bare(&[index.prefix.as_deref(), Some(&index.table)])?;
    let name = escaped(&index.name);
    Ok(format!(
        "{exists} (SELECT name FROM sys.indexes WHERE name = N'{name}' AND object_id = OBJECT_ID(N'{table}')) "
    ))
}

/// Ecto asks here whether there is none.
fn if_check(asked: bool, constraint: &Constraint) -> String {
    if !asked {
        return String::new();
    }
    let schema = |prefix: &Str| format!(" AND [CONSTRAINT_SCHEMA] = N'{}'", escaped(prefix));
    let schema = constraint.prefix.as_ref().map(schema).unwrap_or_default();
    let name = escaped(&constraint.name);
    format!(
        "IF NOT EXISTS (SELECT * FROM [INFORMATION_SCHEMA].[CHECK_CONSTRAINTS] WHERE [CONSTRAINT_NAME] = N'{name}'{schema}) "
    )
}
