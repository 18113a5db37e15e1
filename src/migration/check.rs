//! What is wrong with a command whatever the database, and what it leaves to the defaults.

use super::{Change, Column, ColumnType, Command, Defaults, Index, Reference};
use crate::mistake::Mistake;
use crate::value::Str;

/// How deep types may be nested.
const MAX_DEPTH: usize = 16;

/// Looks whether a command means something.
///
/// # Errors
///
/// A [`Mistake`] that names the column, index or constraint: a scale without precision, a type `datetime`,
/// `nulls_distinct` of an index that is not unique, a constraint that is not one of check and exclusion.
pub fn check_command(command: &Command) -> Result<(), Mistake> {
    match command {
        Command::CreateTable { columns, .. } => columns.iter().try_for_each(check_column),
        Command::AlterTable { changes, .. } if changes.is_empty() => {
            Err(Mistake::new("a table is altered by at least one change"))
        }
        Command::AlterTable { changes, .. } => changes.iter().try_for_each(|change| match change {
            Change::Add { column, .. } | Change::Modify(column) => check_column(column),
            Change::Remove { name, column_type, .. } | Change::RemoveIfExists { name, column_type } => {
                column_type.iter().try_for_each(|column_type| check_type(column_type, name, 0))
            }
        }),
        Command::CreateIndex { index, .. }
        | Command::DropIndex { index, .. }
        | Command::RenameIndex { index, .. } => check_index(index),
        Command::CreateConstraint { constraint } => match (&constraint.check, &constraint.exclude) {
            (None, None) => Err(Mistake::new("a constraint must have either a check or an exclude option")),
            (Some(_), Some(_)) => {
                Err(Mistake::new("a constraint must not have both a check and an exclude option"))
            }
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}

fn check_column(column: &Column) -> Result<(), Mistake> {
    if column.options.scale.is_some() && column.options.precision.is_none() {
        return Err(Mistake::about("column % has a scale, but no precision", &[&column.name]));
    }
    if let Some(before) = &column.options.from {
        check_type(&before.column_type, &column.name, 0)?;
    }
    check_type(&column.column_type, &column.name, 0)
}

fn check_type(column_type: &ColumnType, column: &str, depth: usize) -> Result<(), Mistake> {
    if depth > MAX_DEPTH {
        return Err(Mistake::about("the type of column % is nested too deep (16 levels)", &[column]));
    }
    match column_type {
        ColumnType::Named(name) if name == "datetime" => Err(Mistake::about(
            "column % can't be of type datetime; use utc_datetime or naive_datetime",
            &[column],
        )),
        ColumnType::Named(name) if name.is_empty() => Err(Mistake::about("column % needs a type", &[column])),
        ColumnType::Named(_) => Ok(()),
        ColumnType::Array(of) | ColumnType::Map(of) => check_type(of, column, depth + 1),
        ColumnType::References(_) if depth > 0 => {
            Err(Mistake::about("column % can't be a list or map of references", &[column]))
        }
        ColumnType::References(reference) => match &reference.column_type {
            Some(ColumnType::References(_)) => {
                Err(Mistake::about("the type of the references of column % can't be references", &[column]))
            }
            Some(key_type) => check_type(key_type, column, depth + 1),
            None => Ok(()),
        },
    }
}

fn check_index(index: &Index) -> Result<(), Mistake> {
    if index.nulls_distinct.is_some() && !index.unique {
        return Err(Mistake::about(
            "nulls_distinct of index % can only be used with unique indexes",
            &[&index.name],
        ));
    }
    Ok(())
}

/// Fills in what a command leaves to the defaults: the type and column of references.
pub(super) fn complete(command: &mut Command, defaults: &Defaults) {
    let complete_type = |column_type: &mut ColumnType| {
        if let ColumnType::References(reference) = column_type {
            complete_reference(reference, defaults);
        }
    };
    let complete_column = |column: &mut Column| {
        complete_type(&mut column.column_type);
        if let Some(before) = &mut column.options.from {
            complete_type(&mut before.column_type);
        }
    };
    match command {
        Command::CreateTable { columns, .. } => columns.iter_mut().for_each(complete_column),
        Command::AlterTable { changes, .. } => changes.iter_mut().for_each(|change| match change {
            Change::Add { column, .. } | Change::Modify(column) => complete_column(column),
            Change::Remove { column_type, .. } | Change::RemoveIfExists { column_type, .. } => {
                column_type.iter_mut().for_each(complete_type);
            }
        }),
        _ => {}
    }
}

fn complete_reference(reference: &mut Reference, defaults: &Defaults) {
    reference.column_type.get_or_insert_with(|| defaults.reference_type());
    if reference.column.is_none() {
        reference.column = Some(defaults.foreign_key_column.clone().unwrap_or(Str::Static("id")));
    }
}

/// Puts a command in the prefix of a run.
///
/// # Errors
///
/// A [`Mistake`] if it names another one.
pub(super) fn put_prefix(command: &mut Command, defaults: &Defaults) -> Result<(), Mistake> {
    for place in command.prefixes_mut() {
        match (&place, &defaults.prefix) {
            (None, Some(_)) => *place = defaults.prefix.clone(),
            (None, None) => *place = defaults.default_prefix.clone(),
            (Some(own), Some(run)) if own != run => {
                return Err(Mistake::about("the prefix % is not that of the run, %", &[own, run]));
            }
            (Some(_), _) => {}
        }
    }
    Ok(())
}
