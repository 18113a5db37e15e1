//! One row of a plain table by its key: the shortest way there is, past plans and statements.
//!
//! Most of what a page asks of its database is one row, and then finding out what is to be done costs more than doing
//! it. So what can be known of a schema is found out once ([`Direct`]), and what can go wrong is nobody's here: where
//! anything is not as usual, nothing is done, and the repo does it, or says why it can't be done.

use super::Glue;
use super::state::State;
use crate::adapter::Environment;
use crate::repo::{Action, dump_value, generated_beside, loads_as_it_is};
use crate::schema::{Autogenerate, Field, FieldKind, Schema, Storage, Writable};
use crate::store::{Database, TableId, TableName};
use crate::types::Type;
use crate::value::{Str, Value};
use std::sync::Arc;

/// The short way to the rows of a schema.
pub struct Direct {
    schema: Arc<Schema>,
    /// The definitions that the rest is for.
    version: u64,
    table: TableId,
    /// For each field its column; associations have none.
    columns: Vec<Option<usize>>,
    /// The field that is the primary key.
    key: usize,
    /// Whether writes make values of fields: times, UUIDs.
    generates: bool,
}

/// What came of an insertion: the key, and the values of fields that were generated.
pub type Inserted = (Value, Vec<(usize, Value)>);

impl Direct {
    /// The schema whose rows it leads to.
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// The types of the fields, in their order: `None` for associations.
    pub fn kinds(&self) -> impl Iterator<Item = Option<&Type>> {
        self.schema.fields().iter().map(Field::value_type)
    }

    /// How many fields there are.
    pub fn width(&self) -> usize {
        self.columns.len()
    }

    /// The field that is the primary key.
    pub fn key(&self) -> usize {
        self.key
    }

    /// The column of the key.
    fn key_column(&self) -> usize {
        self.columns[self.key].unwrap_or_default()
    }

    fn name_of(&self, field: usize) -> &Str {
        &self.schema.fields()[field].name
    }

    /// Values of fields, and what a write generates beside them, as those of columns; and what was generated.
    fn dumped(
        &self,
        environment: &dyn Environment,
        action: Action,
        mut values: Vec<(usize, Value)>,
    ) -> Option<Dumped> {
        let mut generated = Vec::new();
        if self.generates {
            let is_given = |field| values.iter().any(|(given, _)| *given == field);
            generated = generated_beside(environment, &self.schema, action, &is_given).ok()?;
            values.extend(generated.iter().cloned());
        }
        let dumped = values.into_iter().map(|(field, value)| {
            let kind = self.schema.fields()[field].value_type()?;
            let value = match (kind, value) {
                (Type::String, value @ Value::String(_))
                | (Type::Integer | Type::Id, value @ Value::Integer(_))
                | (Type::Float, value @ Value::Float(_)) => value,
                (kind, value) => {
                    dump_value(action.name(), self.schema.name(), self.name_of(field), kind, &value).ok()?
                }
            };
            Some((self.columns[field]?, value))
        });
        Some(Dumped { columns: dumped.collect::<Option<_>>()?, generated })
    }
}

/// What is written of a row.
struct Dumped {
    /// Columns and their values.
    columns: Vec<(usize, Value)>,
    /// Of fields, what the write generated.
    generated: Vec<(usize, Value)>,
}

impl Glue {
    /// The short way to the rows of a schema; `None` if there is none: of a table with one primary key are all fields
    /// columns that are written and read as they are, or associations, which others look after.
    pub fn direct(&self, schema: &Arc<Schema>) -> Option<Direct> {
        let Storage::Table { source, prefix: None } = schema.storage() else { return None };
        let [key] = schema.primary_key() else { return None };
        let name = TableName { prefix: None, name: source.clone() };
        self.with_database(|database| {
            let table = database.table_named(&name)?;
            // A row is found by the primary key of the table, which is to be that of the schema.
            let primary = table.indexes().next().filter(|index| index.primary)?;
            let columns = schema.fields().iter().map(|field| match is_plain(field) {
                Plain::Column => Some(Some(table.position(field.column())?)),
                Plain::Association => Some(None),
                Plain::Not => None,
            });
            let columns = columns.collect::<Option<Vec<_>>>()?;
            if primary.columns.len() != 1 || primary.columns.first().copied() != columns[*key] {
                return None;
            }
            let generates = schema
                .fields()
                .iter()
                .any(|field| !matches!(field.autogenerate, None | Some(Autogenerate::Id)));
            let (schema, version, table) = (schema.clone(), database.version(), table.id());
            Some(Direct { schema, version, table, columns, key: *key, generates })
        })
    }

    /// Whether definitions are still those that a way was found in.
    pub fn is_current(&self, direct: &Direct) -> bool {
        self.with_database(|database| database.version() == direct.version)
    }

    /// Does something with the database if nobody else does, and if definitions are what they were.
    fn directly<T>(
        &self,
        direct: &Direct,
        work: impl FnOnce(&mut Database, &dyn Environment) -> Option<T>,
    ) -> Option<T> {
        self.with_state(|state: &mut State| {
            if state.open.is_some() || state.settling.is_some() || state.database.version() != direct.version
            {
                return None;
            }
            work(&mut state.database, &*state.environment)
        })
    }

    /// The row with that key, value by value in the order of fields, nothing for associations; false if there is none.
    /// `None` if the repo must look.
    pub fn get_direct(
        &self,
        direct: &Direct,
        key: Value,
        take: &mut dyn FnMut(Option<&Value>),
    ) -> Option<bool> {
        self.directly(direct, |database, _| {
            let table = database.table(direct.table)?;
            let Some((_, row)) = table.get(&[key]) else { return Some(false) };
            for (column, kind) in direct.columns.iter().zip(direct.kinds()) {
                let (Some(column), Some(kind)) = (column, kind) else {
                    take(None);
                    continue;
                };
                let value = row.get(*column)?;
                if loads_as_it_is(kind, value) {
                    take(Some(value));
                } else {
                    take(Some(&kind.adapter_load(value).ok()?));
                }
            }
            Some(true)
        })
    }

    /// Inserts a row of these values of fields. `None` if the repo must do it: nothing was done.
    pub fn insert_direct(&self, direct: &Direct, values: Vec<(usize, Value)>) -> Option<Inserted> {
        self.directly(direct, |database, environment| {
            let row = direct.dumped(environment, Action::Insert, values)?;
            let (columns, values): (Vec<_>, Vec<_>) = row.columns.into_iter().unzip();
            let inserted = database.attempt(direct.table, |statement| {
                let id = statement.insert(direct.table, &columns, values)?;
                let table = statement.table(direct.table);
                Ok(table.map(|table| table.cell(id, direct.key_column()).to_value()))
            });
            Some((inserted.ok()??, row.generated))
        })
    }

    /// Changes fields of the row with that key; what was generated beside them. `None` if the repo must do it, or say that
    /// there is no such row: nothing was done.
    pub fn update_direct(
        &self,
        direct: &Direct,
        key: Value,
        values: Vec<(usize, Value)>,
    ) -> Option<Vec<(usize, Value)>> {
        self.directly(direct, |database, environment| {
            let changed = direct.dumped(environment, Action::Update, values)?;
            let table = database.table(direct.table)?;
            let id = table.find_each(table.primary()?, &|_| &key)?;
            let done = database.update(direct.table, id, changed.columns);
            done.is_ok_and(|found| found).then_some(changed.generated)
        })
    }
}

/// What a field is to the short way.
enum Plain {
    Column,
    Association,
    Not,
}

fn is_plain(field: &Field) -> Plain {
    let written = matches!(field.writable, Writable::Always) && !field.is_virtual;
    // The repo reads back what the database makes.
    let is_read_once = field.load_in_query && !field.read_after_writes;
    match &field.kind {
        FieldKind::Value(_) if written && is_read_once => Plain::Column,
        FieldKind::Relation(relation) if !relation.is_embed() => Plain::Association,
        FieldKind::Through { .. } => Plain::Association,
        _ => Plain::Not,
    }
}
