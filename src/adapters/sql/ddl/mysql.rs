//! MySQL and MariaDB.

use super::Ddl;
use super::expression::{Words, condition};
use super::text::{
    Quotes, Result, backslash_quoted, bad_default, bare_word, join, json, key_of, key_of_changes, null,
    plain_literal, unsupported, when,
};
use crate::adapter::AdapterError;
use crate::migration::{
    Before, Change, Column, ColumnDefault, ColumnOptions, ColumnType, Command, Constraint, Index, Mode,
    OnDelete, OnUpdate, Reference, Size, Table,
};
use crate::value::Value;

const QUOTES: Quotes = Quotes('`', '`');

/// MySQL's dialect.
pub struct MySql;

impl Ddl for MySql {
    fn name(&self) -> &'static str {
        "mysql"
    }

    fn texts(&self, command: &Command) -> Result<Vec<String>> {
        Ok(match command {
            Command::CreateTable { table, columns, if_not_exists } => {
                vec![create_table(table, columns, *if_not_exists)?]
            }
            Command::AlterTable { table, changes } => alter_table(table, changes)?,
            Command::DropTable { table, mode, if_exists } => vec![format!(
                "DROP TABLE {}{}{}",
                when(*if_exists, "IF EXISTS "),
                QUOTES.qualified(&table.prefix, &table.name)?,
                when(*mode == Mode::Cascade, " CASCADE")
            )],
            Command::RenameTable { table, to } => vec![format!(
                "RENAME TABLE {} TO {}",
                QUOTES.qualified(&table.prefix, &table.name)?,
                QUOTES.qualified(&to.prefix, &to.name)?
            )],
            Command::RenameColumn { table, column, to } => vec![format!(
                "ALTER TABLE {} RENAME COLUMN {} TO {}",
                QUOTES.qualified(&table.prefix, &table.name)?,
                QUOTES.name(column)?,
                QUOTES.name(to)?
            )],
            Command::CreateIndex { if_not_exists: true, .. } => {
                return Err(unsupported("create if not exists for an index in MySQL"));
            }
            Command::CreateIndex { index, .. } => vec![create_index(index)?],
            Command::DropIndex { if_exists: true, .. } => {
                return Err(unsupported("drop if exists for an index in MySQL"));
            }
            Command::DropIndex { mode: Mode::Cascade, .. } => {
                return Err(unsupported("cascade in drop of an index in MySQL"));
            }
            Command::DropIndex { index, .. } => vec![format!(
                "DROP INDEX {} ON {}{}",
                QUOTES.name(&index.name)?,
                QUOTES.qualified(&index.prefix, &index.table)?,
                when(index.concurrently, " LOCK=NONE")
            )],
            Command::RenameIndex { index, to } => vec![format!(
                "ALTER TABLE {} RENAME INDEX {} TO {}",
                QUOTES.name(&index.table)?,
                QUOTES.name(&index.name)?,
                QUOTES.name(to)?
            )],
            Command::CreateConstraint { constraint } => vec![create_constraint(constraint)?],
            Command::DropConstraint { if_exists: true, .. } => {
                return Err(unsupported("drop if exists for a constraint in MySQL"));
            }
            Command::DropConstraint { mode: Mode::Cascade, .. } => {
                return Err(unsupported("cascade in drop of a constraint in MySQL"));
            }
            Command::DropConstraint { constraint, .. } => vec![format!(
                "ALTER TABLE {} DROP CONSTRAINT {}",
                QUOTES.qualified(&constraint.prefix, &constraint.table)?,
                QUOTES.name(&constraint.name)?
            )],
            Command::Execute { sql } => vec![sql.to_string()],
        })
    }
}

fn create_table(table: &Table, columns: &[Column], if_not_exists: bool) -> Result<String> {
    let mut create = String::from("CREATE ");
    if let Some(modifiers) = &table.modifiers {
        create += &format!("{modifiers} ");
    }
    let name = QUOTES.qualified(&table.prefix, &table.name)?;
    create += &format!("TABLE {}{name}", when(if_not_exists, "IF NOT EXISTS "));
    if !columns.is_empty() {
        let definitions = join(columns, ", ", |column| {
            let mut text = definition(column)?;
            if let ColumnType::References(reference) = &column.column_type {
                text += &format!(", {}", foreign_key("FOREIGN KEY", reference, table, &column.name)?);
            }
            Ok(text)
        })?;
        create += &format!(" ({definitions}{})", key(&key_of(columns), ", ")?);
    }
    if let Some(comment) = &table.comment {
        create += &format!(" COMMENT = {}", backslash_quoted(comment));
    }
    let engine = table.engine.as_deref().unwrap_or("INNODB").to_uppercase();
    create += &format!(" ENGINE = {}", bare_word("engine", &engine)?);
    if let Some(options) = &table.options {
        create += &format!(" {options}");
    }
    Ok(create)
}

fn alter_table(table: &Table, changes: &[Change]) -> Result<Vec<String>> {
    let name = QUOTES.qualified(&table.prefix, &table.name)?;
    let changed = join(changes, ", ", |change| change_text(table, change))?;
    let mut statements =
        vec![format!("ALTER TABLE {name} {changed}{}", key(&key_of_changes(changes), ", ADD ")?)];
    if let Some(comment) = &table.comment {
        statements.push(format!("ALTER TABLE {name} COMMENT {}", backslash_quoted(comment)));
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
    if let Change::Add { column: Column { column_type, .. }, .. }
    | Change::Modify(Column { column_type, .. })
    | Change::Remove { column_type: Some(column_type), .. } = change
        && matches!(column_type, ColumnType::References(reference) if reference.not_validated)
    {
        return Err(unsupported("validate: false of references in MySQL"));
    }
    Ok(match change {
        Change::Add { column, if_not_exists } => {
            let exists = when(*if_not_exists, "IF NOT EXISTS ");
            let mut text = format!("ADD {exists}{}", definition(column)?);
            if let ColumnType::References(reference) = &column.column_type {
                let kind = if *if_not_exists { "FOREIGN KEY IF NOT EXISTS" } else { "FOREIGN KEY" };
                text += &format!(", ADD {}", foreign_key(kind, reference, table, &column.name)?);
            }
            text
        }
        Change::Modify(column) => {
            let before = column.options.from.as_deref().map(|Before { column_type, .. }| column_type);
            let mut text = drop_foreign_key(before, table, &column.name, "")?;
            text += &format!("MODIFY {}", definition(column)?);
            if let ColumnType::References(reference) = &column.column_type {
                text += &format!(", ADD {}", foreign_key("FOREIGN KEY", reference, table, &column.name)?);
            }
            text
        }
        Change::Remove { name, column_type, .. } => {
            format!("{}DROP {}", drop_foreign_key(column_type.as_ref(), table, name, "")?, QUOTES.name(name)?)
        }
        Change::RemoveIfExists { name, column_type } => format!(
            "{}DROP IF EXISTS {}",
            drop_foreign_key(column_type.as_ref(), table, name, "IF EXISTS ")?,
            QUOTES.name(name)?
        ),
    })
}

fn definition(column: &Column) -> Result<String> {
    let options = &column.options;
    let mut text = format!("{} {}", QUOTES.name(&column.name)?, stored_type(&column.column_type, options)?);
    text += &match &options.default {
        None => String::new(),
        Some(ColumnDefault::Fragment(sql)) => format!(" DEFAULT {sql}"),
        Some(ColumnDefault::Value(Value::Null)) => " DEFAULT NULL".to_owned(),
        Some(ColumnDefault::Value(Value::String(text))) => format!(" DEFAULT {}", backslash_quoted(text)),
        Some(ColumnDefault::Value(value @ Value::Map(_))) => {
            format!(" DEFAULT ({})", backslash_quoted(&json(value)))
        }
        Some(ColumnDefault::Value(value)) => {
            format!(" DEFAULT {}", plain_literal(value).ok_or_else(|| bad_default(value))?)
        }
    };
    if let Some(collation) = &options.collation {
        text += &format!(" COLLATE {}", Quotes('"', '"').name(collation)?);
    }
    text += null(options);
    if let Some(comment) = &options.comment {
        text += &format!(" COMMENT {}", backslash_quoted(comment));
    }
    if let Some(after) = &options.after {
        text += &format!(" AFTER {}", QUOTES.name(after)?);
    }
    Ok(text)
}

fn stored_type(column_type: &ColumnType, options: &ColumnOptions) -> Result<String> {
    let ColumnType::References(reference) = column_type else { return full_type(column_type, options) };
    match reference.key_type() {
        ColumnType::Named(name) if name == "serial" || name == "bigserial" => {
            Ok("BIGINT UNSIGNED".to_owned())
        }
        other => full_type(&other, options),
    }
}

fn full_type(column_type: &ColumnType, options: &ColumnOptions) -> Result<String> {
    let plain = column_type.name().unwrap_or_default();
    let name = type_name(column_type)?;
    let mut text = match (plain, options.size, options.precision) {
        ("time" | "utc_datetime" | "naive_datetime", ..) => name.to_owned(),
        ("time_usec" | "utc_datetime_usec" | "naive_datetime_usec", _, precision) => {
            format!("{name}({})", precision.unwrap_or(6))
        }
        ("binary", Some(Size::Of(size)), _) => format!("varbinary({size})"),
        (_, Some(Size::Of(size)), _) => format!("{name}({size})"),
        (_, Some(Size::Max), _) => format!("{name}(max)"),
        (_, None, Some(precision)) => format!("{name}({precision},{})", options.scale.unwrap_or(0)),
        ("string", None, None) => "varchar(255)".to_owned(),
        _ => name.to_owned(),
    };
    if let Some(generated) = &options.generated {
        text += &format!(" AS {generated}");
    }
    Ok(text)
}

fn type_name(column_type: &ColumnType) -> Result<&str> {
    Ok(match column_type {
        ColumnType::Array(_) => return Err(unsupported("array type in MySQL")),
        ColumnType::References(_) => return Err(unsupported("references within a type")),
        ColumnType::Map(_) => "json",
        ColumnType::Named(name) => match &**name {
            "id" => "integer",
            "serial" | "bigserial" => "bigint unsigned not null auto_increment",
            "binary_id" | "uuid" => "binary(16)",
            "string" => "varchar",
            "float" => "double",
            "binary" => "blob",
            "map" => "json",
            "time_usec" => "time",
            "utc_datetime" | "utc_datetime_usec" | "naive_datetime" | "naive_datetime_usec" => "datetime",
            other => other,
        },
    })
}

fn foreign_key(kind: &str, reference: &Reference, table: &Table, column: &str) -> Result<String> {
    if reference.match_with.is_some() {
        return Err(unsupported("match of references in MySQL"));
    }
    let on_delete = match &reference.on_delete {
        OnDelete::Nothing => "",
        OnDelete::DeleteAll => " ON DELETE CASCADE",
        OnDelete::NilifyAll => " ON DELETE SET NULL",
        OnDelete::Restrict => " ON DELETE RESTRICT",
        OnDelete::Nilify(_) => return Err(unsupported("on_delete: nilify of some columns in MySQL")),
        OnDelete::DefaultAll => return Err(unsupported("on_delete: default_all in MySQL")),
        OnDelete::Default(_) => return Err(unsupported("on_delete: default of some columns in MySQL")),
    };
    let on_update = match reference.on_update {
        OnUpdate::Nothing => "",
        OnUpdate::UpdateAll => " ON UPDATE CASCADE",
        OnUpdate::NilifyAll => " ON UPDATE SET NULL",
        OnUpdate::Restrict => " ON UPDATE RESTRICT",
    };
    let prefix = reference.prefix.clone().or_else(|| table.prefix.clone());
    Ok(format!(
        "CONSTRAINT {} {kind} ({}) REFERENCES {}({}){on_delete}{on_update}",
        QUOTES.name(&reference.constraint_name(&table.name, column))?,
        QUOTES.names(reference.pairs(column).map(|(ours, _)| ours))?,
        QUOTES.qualified(&prefix, &reference.table)?,
        QUOTES.names(reference.pairs(column).map(|(_, theirs)| theirs))?,
    ))
}

fn drop_foreign_key(
    column_type: Option<&ColumnType>,
    table: &Table,
    column: &str,
    exists: &str,
) -> Result<String> {
    let Some(ColumnType::References(reference)) = column_type else { return Ok(String::new()) };
    let name = QUOTES.name(&reference.constraint_name(&table.name, column))?;
    Ok(format!("DROP FOREIGN KEY {exists}{name}, "))
}

fn create_index(index: &Index) -> Result<String> {
    if index.condition.is_some() {
        return Err(unsupported("where in an index in MySQL"));
    }
    if index.nulls_distinct == Some(false) {
        return Err(unsupported("nulls_distinct: false in an index in MySQL"));
    }
    let mut create = format!(
        "CREATE{} INDEX {} ON {} ({})",
        when(index.unique, " UNIQUE"),
        QUOTES.name(&index.name)?,
        QUOTES.qualified(&index.prefix, &index.table)?,
        join(&index.columns, ", ", |column| QUOTES.index_column(column, Some("MySQL")))?
    );
    if let Some(using) = &index.using {
        create += &format!(" USING {using}");
    }
    create += when(index.concurrently, " LOCK=NONE");
    Ok(create)
}

fn create_constraint(constraint: &Constraint) -> Result<String> {
    let Some(check) = &constraint.check else {
        return Err(match constraint.exclude {
            Some(_) => unsupported("exclusion constraint in MySQL"),
            None => AdapterError::query("a constraint must have either a check or an exclude option"),
        });
    };
    Ok(format!(
        "ALTER TABLE {} ADD CONSTRAINT {} CHECK ({}){}",
        QUOTES.qualified(&constraint.prefix, &constraint.table)?,
        QUOTES.name(&constraint.name)?,
        condition(check, Words::MySql)?,
        when(constraint.not_validated, " NOT ENFORCED")
    ))
}
