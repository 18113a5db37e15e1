//! Migration commands as definitions of the [store](crate::store).
//!
//! What a command says is made of tables, keys, indexes, foreign keys and checks of the store, called as PostgreSQL
//! would call them. Conditions that stand in SQL are read ([`condition`]) where they are simple. What the store has not
//! (expressions in indexes but `lower` and `upper` of a column, exclusion constraints, generated columns, statements) is refused by name; what only makes a
//! database faster or smaller (the kind of an index, included columns, storage parameters) means nothing here.

mod alter;
mod condition;
mod execute;
mod gate;
mod kind;

pub use condition::condition;
pub use execute::{allowed_in_transaction, execute, versions};
pub use gate::Gate;

use crate::adapter::{AdapterError, Outcome};
use crate::migration::{
    Column, ColumnType, Command, Constraint, Index, IndexTerm, Match, Mode, OnDelete, OnUpdate, Reference,
    Table,
};
use crate::store::{self, Action, Ddl, Definition, Fold, ForeignKey, Kind, TableName};
use crate::value::Str;
use condition::expression;

/// The changes of definitions that execute a command, in order. `tables` is what there is.
///
/// # Errors
///
/// [`AdapterError::Unsupported`] with what the store has not; [`AdapterError::Query`] with PostgreSQL's code for a
/// condition about columns that are not there. What else is or is not there the store itself says when it makes the
/// change.
///
/// ```
/// use ectomorph::adapters::define::define;
/// use ectomorph::migration::{Command, column, table};
/// use ectomorph::store::{Ddl, Kind};
///
/// let columns = vec![column("bigserial").primary_key().named("id"), column("string").named("name")];
/// let create = Command::CreateTable { table: table("tags"), columns, if_not_exists: false };
/// let made = define(&create, &[]).unwrap();
/// let [Ddl::CreateTable(tags)] = &made[..] else { panic!("one table") };
/// assert_eq!(tags.columns[1].kind, Kind::Text(Some(255)));
/// ```
pub fn define(command: &Command, tables: &[&Definition]) -> Outcome<Vec<Ddl>> {
    Ok(match command {
        Command::CreateTable { table, if_not_exists: true, .. }
            if find(tables, &name_of(table)).is_some() =>
        {
            Vec::new()
        }
        Command::CreateTable { table, columns, .. } => vec![Ddl::CreateTable(create_table(table, columns)?)],
        Command::AlterTable { table, changes } => alter::alter(table, changes, tables)?,
        Command::DropTable { table, if_exists: true, .. } if find(tables, &name_of(table)).is_none() => {
            Vec::new()
        }
        Command::DropTable { table, mode, .. } => {
            vec![Ddl::DropTable { table: name_of(table), cascade: *mode == Mode::Cascade }]
        }
        Command::RenameTable { table, to } if table.prefix == to.prefix => {
            vec![Ddl::RenameTable { table: name_of(table), to: to.name.clone() }]
        }
        Command::RenameTable { .. } => {
            return Err(AdapterError::unsupported("moving a table to another prefix"));
        }
        Command::RenameColumn { table, column, to } => {
            vec![Ddl::RenameColumn { table: name_of(table), column: column.clone(), to: to.clone() }]
        }
        Command::CreateIndex { index, if_not_exists } => {
            if *if_not_exists && has_index(tables, index) {
                Vec::new()
            } else {
                create_index(index, tables)?
            }
        }
        Command::DropIndex { index, if_exists: true, .. } if !has_index(tables, index) => Vec::new(),
        Command::DropIndex { index, .. } => {
            vec![Ddl::DropIndex { prefix: index.prefix.clone(), index: index.name.clone() }]
        }
        Command::RenameIndex { index, to } => {
            let (prefix, index) = (index.prefix.clone(), index.name.clone());
            vec![Ddl::RenameIndex { prefix, index, to: to.clone() }]
        }
        Command::CreateConstraint { constraint } => vec![create_constraint(constraint, tables)?],
        Command::DropConstraint { constraint, if_exists, .. } => {
            let table = TableName { prefix: constraint.prefix.clone(), name: constraint.table.clone() };
            let known = find(tables, &table).is_some_and(|table| has_constraint(table, &constraint.name));
            if *if_exists && !known {
                return Ok(Vec::new());
            }
            vec![Ddl::DropConstraint { table, constraint: constraint.name.clone() }]
        }
        Command::Execute { sql } if sql.is_empty() => Vec::new(),
        Command::Execute { .. } => return Err(AdapterError::unsupported("execute of a statement of SQL")),
    })
}

fn name_of(table: &Table) -> TableName {
    TableName { prefix: table.prefix.clone(), name: table.name.clone() }
}

fn find<'a>(tables: &[&'a Definition], name: &TableName) -> Option<&'a Definition> {
    tables.iter().find(|table| table.name == *name).copied()
}

fn has_index(tables: &[&Definition], index: &Index) -> bool {
    let within = tables.iter().filter(|table| table.name.prefix == index.prefix);
    within.flat_map(|table| &table.indexes).any(|known| known.name == index.name)
}

fn has_constraint(table: &Definition, name: &str) -> bool {
    table.primary_key.as_ref().is_some_and(|key| key.name == *name)
        || table.foreign_keys.iter().any(|key| key.name == *name)
        || table.checks.iter().any(|check| check.name == *name)
        || table.indexes.iter().any(|index| index.unique && index.name == *name)
}

fn create_table(table: &Table, columns: &[Column]) -> Outcome<Definition> {
    if let Some(modifiers) = &table.modifiers
        && !modifiers.eq_ignore_ascii_case("unlogged")
    {
        return Err(AdapterError::unsupported(format!("modifiers {modifiers:?} of a table")));
    }
    if let Some(options) = &table.options
        && !options.to_lowercase().starts_with("with (")
    {
        return Err(AdapterError::unsupported(format!("options {options:?} of a table")));
    }
    let mut definition = Definition::new(name_of(table));
    definition.comment = table.comment.clone();
    for column in columns {
        definition.columns.push(store_column(column)?);
        if let ColumnType::References(reference) = &column.column_type {
            definition.foreign_keys.push(foreign_key(reference, table, &column.name)?);
        }
    }
    let key: Vec<Str> = columns
        .iter()
        .filter(|column| column.options.primary_key)
        .map(|column| column.name.clone())
        .collect();
    if !key.is_empty() {
        definition = definition.primary_key(key);
    }
    for column in columns {
        if let Some(check) = &column.options.check {
            let expr = expression(&check.expr, &|name| kind_in(&definition, name))?;
            definition = definition.check(check.name.clone(), expr);
        }
    }
    Ok(definition)
}

fn kind_in(definition: &Definition, column: &str) -> Option<Kind> {
    definition.columns.iter().find(|known| known.name == *column).map(|column| column.kind.clone())
}

fn store_column(column: &Column) -> Outcome<store::Column> {
    let Column { name, column_type, options } = column;
    let refused = |feature: &str| Err(AdapterError::unsupported(format!("{feature} of column {name}")));
    if options.generated.is_some() {
        return refused("generated");
    }
    if options.start_value.is_some_and(|start| start != 1) || options.increment.is_some_and(|step| step != 1)
    {
        return refused("start_value or increment");
    }
    if let Some(collation) = &options.collation
        && !["c", "posix", "ucs_basic"].contains(&&*collation.to_lowercase())
    {
        return refused("collation");
    }
    let kind = kind::kind(column_type, options)?;
    let default = kind::default(column_type, options, &kind)?;
    let counts = default == store::Default::Sequence;
    Ok(store::Column {
        name: name.clone(),
        nullable: options.null.unwrap_or(!options.primary_key && !counts),
        default,
        declared: declared(column_type),
        comment: options.comment.clone(),
        kind,
    })
}

/// The type in the words of the migration.
fn declared(column_type: &ColumnType) -> Option<Str> {
    match column_type {
        ColumnType::Named(name) => Some(name.clone()),
        ColumnType::References(reference) => declared(&reference.key_type()),
        ColumnType::Array(_) | ColumnType::Map(_) => None,
    }
}

fn foreign_key(reference: &Reference, table: &Table, column: &str) -> Outcome<ForeignKey> {
    if reference.match_with == Some(Match::Partial) {
        return Err(AdapterError::unsupported("match: partial of references"));
    }
    let prefix = reference.prefix.clone().or_else(|| table.prefix.clone());
    let mut key = ForeignKey::new(
        reference.constraint_name(&table.name, column),
        reference.pairs(column).map(|(ours, _)| ours),
        TableName { prefix, name: reference.table.clone() },
        reference.pairs(column).map(|(_, theirs)| theirs),
    );
    key.full = reference.match_with == Some(Match::Full);
    key.on_delete = match &reference.on_delete {
        OnDelete::Nothing => Action::Nothing,
        OnDelete::DeleteAll => Action::Cascade,
        OnDelete::NilifyAll => Action::Nilify(None),
        OnDelete::Nilify(columns) => Action::Nilify(Some(columns.clone())),
        OnDelete::DefaultAll => Action::Default(None),
        OnDelete::Default(columns) => Action::Default(Some(columns.clone())),
        OnDelete::Restrict => Action::Restrict,
    };
    key.on_update = match reference.on_update {
        OnUpdate::Nothing => Action::Nothing,
        OnUpdate::UpdateAll => Action::Cascade,
        OnUpdate::NilifyAll => Action::Nilify(None),
        OnUpdate::Restrict => Action::Restrict,
    };
    Ok(key)
}

fn create_index(index: &Index, tables: &[&Definition]) -> Outcome<Vec<Ddl>> {
    if let Some(using) = &index.using
        && !["btree", "hash"].contains(&&*using.to_lowercase())
    {
        return Err(AdapterError::unsupported(format!("an index using {using}")));
    }
    let table = TableName { prefix: index.prefix.clone(), name: index.table.clone() };
    let definition = find(tables, &table);
    let mut changes = Vec::new();
    let mut columns: Vec<Str> = Vec::with_capacity(index.columns.len());
    for each in &index.columns {
        columns.push(match &each.term {
            IndexTerm::Column(name) => name.clone(),
            IndexTerm::Expression(text) => {
                let column = folded(text, definition)?;
                let name = column.name.clone();
                if definition.is_none_or(|known| known.position(&name).is_none()) && !columns.contains(&name)
                {
                    changes.push(Ddl::AddColumn { table: table.clone(), column });
                }
                name
            }
        });
    }
    let mut made = store::Index::new(index.name.clone(), columns);
    made.unique = index.unique;
    made.nulls_distinct = index.nulls_distinct != Some(false);
    made.comment = index.comment.clone();
    if let (Some(filter), Some(definition)) = (&index.condition, definition) {
        made.filter = Some(expression(filter, &|name| kind_in(definition, name))?);
    }
    changes.push(Ddl::CreateIndex { table, index: made });
    Ok(changes)
}

/// The column that is what an expression in an index says: `lower` or `upper` of a column of text.
fn folded(text: &str, definition: Option<&Definition>) -> Outcome<store::Column> {
    let of = |fold: Fold| {
        let (name, rest) = text.trim().split_once('(')?;
        let column = rest.strip_suffix(')')?.trim().trim_matches('"');
        let kind = kind_in(definition?, column)?;
        let fits = name.trim().eq_ignore_ascii_case(fold.name()) && matches!(kind, Kind::Text(_));
        fits.then(|| store::Column::folded(fold, column))
    };
    of(Fold::Lower).or_else(|| of(Fold::Upper)).ok_or_else(|| {
        AdapterError::unsupported(format!(
            "the expression {text:?} in an index: there are lower(column) and upper(column) of text"
        ))
    })
}

fn create_constraint(constraint: &Constraint, tables: &[&Definition]) -> Outcome<Ddl> {
    let Some(check) = &constraint.check else {
        return Err(AdapterError::unsupported(format!("the exclusion constraint {}", constraint.name)));
    };
    let table = TableName { prefix: constraint.prefix.clone(), name: constraint.table.clone() };
    let Some(definition) = find(tables, &table) else {
        let message = format!("relation \"{table}\" does not exist");
        return Err(AdapterError::Query { message, code: Some(Str::Static("42P01")) });
    };
    let check = store::Check {
        name: constraint.name.clone(),
        condition: expression(check, &|name| kind_in(definition, name))?,
        comment: constraint.comment.clone(),
    };
    Ok(Ddl::AddCheck { table, check, validate: !constraint.not_validated })
}
