//! Reading commands.

use super::object::{Object, Result, choose};
use super::read_column::{read_change, read_column, read_options_of_key};
use super::{MAX_COLUMNS, MAX_COMMANDS};
use crate::migration::{
    Change, Command, Constraint, Direction, Index, IndexColumn, IndexTerm, Mode, Operation, PrimaryKey,
    Statement, Table, check_command,
};
use crate::mistake::Mistake;
use crate::rules::unknown;
use crate::value::Value;

const COMMANDS: [&str; 10] = [
    "create",
    "create_if_not_exists",
    "alter",
    "drop",
    "drop_if_exists",
    "rename",
    "rename_column",
    "rename_index",
    "execute",
    "flush",
];

/// Reads the operations of a function of a migration.
///
/// # Errors
///
/// A [`Mistake`] with the number of the command and what is wrong with it.
pub fn read_operations(operations: &Value) -> Result<Vec<Operation>> {
    let Value::List(list) = operations else {
        return Err(Mistake::about("commands must be a list, got %", &[operations.kind()]));
    };
    if list.len() > MAX_COMMANDS {
        return Err(Mistake::new("too many commands (1000)"));
    }
    let mut read = Vec::with_capacity(list.len());
    for (at, command) in list.iter().enumerate() {
        let operation = read_operation(command);
        read.push(operation.map_err(|mistake| mistake.at(&format!("command {}", at + 1)))?);
    }
    Ok(read)
}

fn read_operation(value: &Value) -> Result<Operation> {
    let mut object = Object::new("command", value)?;
    match &*object.needed_text("command")? {
        "flush" => {
            object.finish()?;
            Ok(Operation::Flush)
        }
        "execute" if !object.has("sql") => {
            let up =
                object.text("up")?.ok_or_else(|| Mistake::new("execute needs what it runs: up, or sql"))?;
            let down = object.text("down")?.map(Statement::Sql);
            object.finish()?;
            Ok(Operation::Execute { up: Statement::Sql(up), down })
        }
        _ => read_command(value).map(Operation::Command),
    }
}

/// Reads a command as it is handed to an adapter.
///
/// # Errors
///
/// A [`Mistake`] with the place and what is wrong: an unknown command, key or option, a wrong kind of value, and what
/// [`check_command`] refuses.
///
/// ```
/// use ectomorph::migration::read_command;
/// use ectomorph::params::{Limits, from_json};
/// let drop = from_json(r#"{"command": "drop", "table": {"name": "users"}}"#, &Limits::default()).unwrap();
/// assert_eq!(read_command(&drop).unwrap().describe(), "drop table users");
/// ```
pub fn read_command(value: &Value) -> Result<Command> {
    let mut object = Object::new("command", value)?;
    let name = object.needed_text("command")?;
    let maybe = name.ends_with("exists");
    let command = match &*name {
        "create" | "create_if_not_exists" if object.has("index") => {
            Command::CreateIndex { index: read_index(object.needed("index")?)?, if_not_exists: maybe }
        }
        "create" if object.has("constraint") => {
            Command::CreateConstraint { constraint: read_constraint(object.needed("constraint")?)? }
        }
        "create" | "create_if_not_exists" => {
            let table = read_table("table", object.needed("table")?)?;
            let columns = numbered(object.list("columns", MAX_COLUMNS)?, read_column)?;
            Command::CreateTable { table, columns, if_not_exists: maybe }
        }
        "alter" => {
            let table = read_table("table", object.needed("table")?)?;
            let changes: Vec<Change> = numbered(object.list("columns", MAX_COLUMNS)?, read_change)?;
            Command::AlterTable { table, changes }
        }
        "drop" | "drop_if_exists" => {
            let mode = match object.text("mode")? {
                Some(mode) => {
                    choose("mode", &mode, &[("restrict", Mode::Restrict), ("cascade", Mode::Cascade)])?
                }
                None => Mode::Restrict,
            };
            if object.has("index") {
                Command::DropIndex { index: read_index(object.needed("index")?)?, mode, if_exists: maybe }
            } else if object.has("constraint") {
                let constraint = read_constraint(object.needed("constraint")?)?;
                Command::DropConstraint { constraint, mode, if_exists: maybe }
            } else {
                let table = read_table("table", object.needed("table")?)?;
                Command::DropTable { table, mode, if_exists: maybe }
            }
        }
        "rename" => Command::RenameTable {
            table: read_table("table", object.needed("table")?)?,
            to: match object.needed("to")? {
                Value::String(name) => name.clone().into(),
                other => read_table("table", other)?,
            },
        },
        "rename_column" => Command::RenameColumn {
            table: read_table("table", object.needed("table")?)?,
            column: object.needed_text("column")?,
            to: object.needed_text("to")?,
        },
        "rename_index" => Command::RenameIndex {
            index: read_index(object.needed("index")?)?,
            to: object.needed_text("to")?,
        },
        "execute" => {
            let sql = object.text("sql")?;
            Command::Execute { sql: sql.ok_or_else(|| Mistake::new("a command needs its sql"))? }
        }
        other => return Err(unknown("command", other, COMMANDS.into_iter())),
    };
    object.finish()?;
    check_command(&command)?;
    Ok(command)
}

fn numbered<T>(list: Option<&[Value]>, read: fn(&Value) -> Result<T>) -> Result<Vec<T>> {
    let list = list.unwrap_or_default().iter().enumerate();
    list.map(|(at, value)| read(value).map_err(|mistake| mistake.at(&format!("column {}", at + 1)))).collect()
}

fn read_table(what: &'static str, value: &Value) -> Result<Table> {
    let mut object = Object::new(what, value)?;
    let table = Table {
        name: object.needed_text("name")?,
        prefix: object.text("prefix")?,
        comment: object.text("comment")?,
        primary_key: match object.value("primary_key") {
            None | Some(Value::Bool(false)) => PrimaryKey::None,
            Some(Value::Bool(true)) => PrimaryKey::Default,
            Some(key) => PrimaryKey::Column(Box::new(read_options_of_key(key)?)),
        },
        engine: object.text("engine")?,
        options: object.text("options")?,
        modifiers: object.text("modifiers")?,
    };
    object.finish()?;
    Ok(table)
}

fn read_index(value: &Value) -> Result<Index> {
    let mut object = Object::new("index", value)?;
    let mut index = Index {
        table: object.needed_text("table")?,
        prefix: object.text("prefix")?,
        name: object.text("name")?.unwrap_or_default(),
        columns: match object.value("columns") {
            // One column with a direction, as a keyword list of Elixir is written.
            Some(directed @ Value::Map(_)) => read_index_columns(directed)?,
            _ => {
                let list = object.list("columns", MAX_COLUMNS)?.unwrap_or_default();
                list.iter().map(read_index_columns).collect::<Result<Vec<_>>>()?.concat()
            }
        },
        unique: object.flag("unique")?.unwrap_or(false),
        concurrently: object.flag("concurrently")?.unwrap_or(false),
        using: object.text("using")?,
        include: match object.list("include", MAX_COLUMNS)? {
            Some(list) => list.iter().map(read_term).collect::<Result<_>>()?,
            None => Vec::new(),
        },
        only: object.flag("only")?.unwrap_or(false),
        nulls_distinct: object.flag("nulls_distinct")?,
        condition: object.condition("where")?,
        comment: object.text("comment")?,
        options: object.text("options")?,
    };
    object.finish()?;
    if index.columns.is_empty() {
        return Err(Mistake::new("an index needs its columns"));
    }
    if index.name.is_empty() {
        index.name = index.default_name();
    }
    Ok(index)
}

/// A column of an index, or some with directions.
fn read_index_columns(value: &Value) -> Result<Vec<IndexColumn>> {
    let directed = |direction: &str, term: &Value| {
        let direction = choose("direction", direction, &Direction::ALL)?;
        Ok(IndexColumn { term: read_term(term)?, direction: Some(direction) })
    };
    match value {
        Value::Map(map) if !map.contains_key("column") && !map.contains_key("expression") => {
            map.iter().map(|(direction, term)| directed(direction, term)).collect()
        }
        Value::List(pair) => match pair.as_slice() {
            [Value::String(direction), term] => Ok(vec![directed(direction, term)?]),
            _ => Err(Mistake::new("a column of an index that is a list must be a direction and a column")),
        },
        other => Ok(vec![IndexColumn { term: read_term(other)?, direction: None }]),
    }
}

fn read_term(value: &Value) -> Result<IndexTerm> {
    let term = match value {
        Value::String(text) => IndexTerm::from(text.as_str()),
        Value::Map(_) => {
            let mut object = Object::new("column of an index", value)?;
            let term = match object.text("column")? {
                Some(name) => IndexTerm::Column(name),
                None => IndexTerm::Expression(object.needed_text("expression")?),
            };
            object.finish()?;
            term
        }
        other => return Err(Mistake::about("a column of an index must be a name, got %", &[other.kind()])),
    };
    if term.text().is_empty() {
        return Err(Mistake::new("a column of an index needs its name"));
    }
    Ok(term)
}

fn read_constraint(value: &Value) -> Result<Constraint> {
    let mut object = Object::new("constraint", value)?;
    let constraint = Constraint {
        table: object.needed_text("table")?,
        prefix: object.text("prefix")?,
        name: object.needed_text("name")?,
        check: object.condition("check")?,
        exclude: object.text("exclude")?,
        comment: object.text("comment")?,
        not_validated: object.flag("validate")? == Some(false),
    };
    object.finish()?;
    Ok(constraint)
}
