//! Changes of columns.

use super::{expression, find, foreign_key, kind, kind_in, name_of, store_column};
use crate::adapter::Outcome;
use crate::migration::{Before, Change, Column, ColumnType, Table};
use crate::store::{self, ColumnChange, Ddl, Definition};
use crate::value::Str;

pub(super) fn alter(table: &Table, changes: &[Change], tables: &[&Definition]) -> Outcome<Vec<Ddl>> {
    let known = find(tables, &name_of(table));
    let mut made = Vec::new();
    let mut key = Vec::new();
    for change in changes {
        match change {
            Change::Add { column, if_not_exists: true } if has(known, &column.name) => {}
            Change::Add { column, .. } => {
                add(table, column, known, &mut made)?;
                key.extend(column.options.primary_key.then(|| column.name.clone()));
            }
            Change::Modify(column) => {
                modify(table, column, &mut made)?;
                key.extend(column.options.primary_key.then(|| column.name.clone()));
            }
            Change::RemoveIfExists { name, .. } if !has(known, name) => {}
            Change::RemoveIfExists { name, .. } => remove(table, name, &mut made),
            Change::Remove { name, column_type, .. } => {
                drop_foreign_key(table, name, column_type.as_ref(), &mut made);
                remove(table, name, &mut made);
            }
        }
    }
    if !key.is_empty() {
        let name = format!("{}_pkey", table.name).into();
        made.push(Ddl::AddPrimaryKey { table: name_of(table), name, columns: key });
    }
    if table.comment.is_some() {
        made.push(Ddl::Comment { table: name_of(table), column: None, comment: table.comment.clone() });
    }
    Ok(made)
}

fn has(table: Option<&Definition>, column: &str) -> bool {
    table.is_some_and(|table| table.position(column).is_some())
}

fn add(table: &Table, column: &Column, known: Option<&Definition>, made: &mut Vec<Ddl>) -> Outcome<()> {
    let mut added = store_column(column)?;
    // A key is made of columns that are there, and forbids nulls itself.
    if column.options.primary_key && column.options.null.is_none() && added.default == store::Default::Null {
        added.nullable = true;
    }
    let own_kind = added.kind.clone();
    made.push(Ddl::AddColumn { table: name_of(table), column: added });
    if let ColumnType::References(reference) = &column.column_type {
        let foreign_key = foreign_key(reference, table, &column.name)?;
        made.push(Ddl::AddForeignKey {
            table: name_of(table),
            foreign_key,
            validate: !reference.not_validated,
        });
    }
    if let Some(check) = &column.options.check {
        let kinds = |name: &str| {
            let own = (column.name == *name).then(|| own_kind.clone());
            own.or_else(|| kind_in(known?, name))
        };
        let condition = expression(&check.expr, &kinds)?;
        let check = store::Check { name: check.name.clone(), condition, comment: None };
        made.push(Ddl::AddCheck { table: name_of(table), check, validate: true });
    }
    Ok(())
}

fn modify(table: &Table, column: &Column, made: &mut Vec<Ddl>) -> Outcome<()> {
    let Column { name, column_type, options } = column;
    if let Some(Before { column_type, .. }) = options.from.as_deref() {
        drop_foreign_key(table, name, Some(column_type), made);
    }
    let as_new = store_column(column)?;
    let default = match options.default {
        Some(_) => Some(kind::default(column_type, options, &as_new.kind)?),
        None => None,
    };
    let change = ColumnChange { kind: Some((as_new.kind, as_new.declared)), nullable: options.null, default };
    made.push(Ddl::ModifyColumn { table: name_of(table), column: name.clone(), change });
    if let ColumnType::References(reference) = column_type {
        let foreign_key = foreign_key(reference, table, name)?;
        made.push(Ddl::AddForeignKey {
            table: name_of(table),
            foreign_key,
            validate: !reference.not_validated,
        });
    }
    if options.comment.is_some() {
        let (column, comment) = (Some(name.clone()), options.comment.clone());
        made.push(Ddl::Comment { table: name_of(table), column, comment });
    }
    Ok(())
}

fn remove(table: &Table, column: &Str, made: &mut Vec<Ddl>) {
    made.push(Ddl::DropColumn { table: name_of(table), column: column.clone() });
}

fn drop_foreign_key(table: &Table, column: &str, column_type: Option<&ColumnType>, made: &mut Vec<Ddl>) {
    if let Some(ColumnType::References(reference)) = column_type {
        let constraint = reference.constraint_name(&table.name, column);
        made.push(Ddl::DropConstraint { table: name_of(table), constraint });
    }
}
