//! Inserting many rows.

use super::Action;
use super::generate::Clock;
use super::returning::asked_for;
use crate::adapter::{Cell, InsertAll, Rows, SchemaMeta, Statement};
use crate::query::plan::Build;
use crate::query::{Operation, Postprocess, Query, SourceKind};
use crate::repo::load::{dump_value, load_field};
use crate::repo::{FromOutput, Options, Output, Queryable, Repo, RepoError, Returning};
use crate::schema::{Field, Record, RecordState, Schema, Writable};
use crate::types::Type;
use crate::value::{Map, Str, Value};
use std::sync::Arc;

/// A value of a row.
#[derive(Clone, Debug)]
pub enum RowValue {
    /// The value; it is not cast.
    Value(Value),
    /// A value that rows share, by its key among [`Options::placeholder`].
    Placeholder(Str),
    /// The only value of a query.
    Query(Query),
}

impl<V: Into<Value>> From<V> for RowValue {
    fn from(value: V) -> Self {
        RowValue::Value(value.into())
    }
}

/// Rows to insert.
#[derive(Clone, Debug)]
pub enum RowsInput {
    /// Fields and values, row by row.
    Rows(Vec<Vec<(Str, RowValue)>>),
    /// What a query gives; it selects a map, or the fields of a source.
    Query(Query),
}

/// What can be inserted: rows as maps or lists of fields and values, or a query.
pub trait IntoRows {
    /// The rows.
    fn into_rows(self) -> RowsInput;
}

impl IntoRows for RowsInput {
    fn into_rows(self) -> RowsInput {
        self
    }
}

impl IntoRows for Query {
    fn into_rows(self) -> RowsInput {
        RowsInput::Query(self)
    }
}

impl IntoRows for Vec<Vec<(Str, RowValue)>> {
    fn into_rows(self) -> RowsInput {
        RowsInput::Rows(self)
    }
}

impl IntoRows for Vec<Map> {
    fn into_rows(self) -> RowsInput {
        let row = |map: Map| map.into_iter().map(|(name, value)| (name, RowValue::Value(value))).collect();
        RowsInput::Rows(self.into_iter().map(row).collect())
    }
}

impl<const COUNT: usize> IntoRows for [Map; COUNT] {
    fn into_rows(self) -> RowsInput {
        Vec::from(self).into_rows()
    }
}

impl Repo {
    /// Inserts rows into the table of a schema, or into a table; gives how many.
    ///
    /// Values are of the fields' types, not cast. Nothing is generated but binary keys: no timestamps, no defaults of
    /// the schema.
    ///
    /// # Errors
    /// [`RepoError::Change`] for a value of another type; unknown fields; a violated constraint is an error of the
    /// adapter.
    pub async fn insert_all(&self, target: impl Queryable, rows: impl IntoRows) -> Result<usize, RepoError> {
        Ok(self.insert_all_with::<Output>(target, rows, &Options::default()).await?.0)
    }

    /// [`Repo::insert_all`] with options: `returning`, which gives records (maps, for a table without schema),
    /// `on_conflict`, `placeholder`, `prefix`.
    ///
    /// # Errors
    /// As [`Repo::insert_all`].
    pub async fn insert_all_with<T: FromOutput>(
        &self,
        target: impl Queryable,
        rows: impl IntoRows,
        options: &Options,
    ) -> Result<(usize, Option<Vec<T>>), RepoError> {
        let options = &*self.with_defaults_of(options);
        let meta = self.target(&target.to_query(), options)?;
        let (count, outputs) = self.insert_rows(&meta, rows.into_rows(), options).await?;
        let outputs =
            outputs.map(|outputs| outputs.into_iter().map(T::from_output).collect::<Result<_, _>>());
        Ok((count, outputs.transpose()?))
    }

    fn target(&self, query: &Query, options: &Options) -> Result<SchemaMeta, RepoError> {
        let SourceKind::Table { table, schema } = &query.parts().from.kind else {
            return Err(RepoError::mistake("insert_all inserts into a schema or a table"));
        };
        let prefix = options.prefix.clone().or_else(|| query.parts().prefix.clone());
        let mut meta = match schema {
            Some(schema) => self.meta(&self.shared.schemas.resolve(schema)?, prefix),
            None => SchemaMeta { source: Str::default(), prefix, schema: None },
        };
        if let Some(table) = table {
            meta.source = table.clone();
        }
        Ok(meta)
    }

    async fn insert_rows(
        &self,
        meta: &SchemaMeta,
        rows: RowsInput,
        options: &Options,
    ) -> Result<(usize, Option<Vec<Output>>), RepoError> {
        let schema = meta.schema.as_ref();
        let returning = match (schema, &options.returning) {
            (Some(schema), returning) => asked_for(schema, returning)?.columns,
            (None, Returning::Default) => Vec::new(),
            (None, Returning::Fields(names)) if !names.is_empty() => names.clone(),
            (None, _) => {
                return Err(RepoError::mistake(
                    "`returning` of a table without a schema must name its columns",
                ));
            }
        };
        let wants = !returning.is_empty();
        if matches!(&rows, RowsInput::Rows(rows) if rows.is_empty()) {
            return Ok((0, wants.then(Vec::new)));
        }
        let (header, rows, placeholders) = match rows {
            RowsInput::Rows(rows) => self.cells(schema, rows, options)?,
            RowsInput::Query(query) => {
                let planned = self.plan(&query, Operation::InsertAll, options)?;
                let header = header(schema.map(|schema| &**schema), planned.select.as_deref())?;
                (header, Rows::Query(planned.plan, planned.params), Vec::new())
            }
        };
        let on_conflict = self.conflict(meta, options)?;
        let insert = InsertAll {
            meta,
            header: &header,
            rows,
            placeholders,
            on_conflict: &on_conflict,
            returning: &returning,
        };
        let answer = self.statement(Statement::InsertAll(insert), options).await?;
        if !wants {
            return Ok((answer.count, None));
        }
        let outputs: Result<Vec<Output>, RepoError> = answer
            .rows
            .into_iter()
            .map(|row| match schema {
                Some(schema) => record(schema, &returning, row, options),
                None => {
                    let named = returning.iter().map(|name| Value::String(name.clone()));
                    Ok(Output::Map(named.zip(row.into_iter().map(Output::Value)).collect()))
                }
            })
            .collect();
        Ok((answer.count, Some(outputs?)))
    }

    /// The columns of rows, the rows in that order, and the placeholders they use.
    fn cells(
        &self,
        schema: Option<&Arc<Schema>>,
        rows: Vec<Vec<(Str, RowValue)>>,
        options: &Options,
    ) -> Result<(Vec<Str>, Rows, Vec<Value>), RepoError> {
        let mut header: Vec<Str> = Vec::new();
        let mut placeholders = Placeholders { given: &options.placeholders, used: Vec::new() };
        let generated: Vec<&Field> = match schema {
            Some(schema) => schema.fields().iter().filter(|field| field.primary_key).collect(),
            None => Vec::new(),
        };
        let mut clock = Clock::new(self.environment());
        let mut cells: Vec<Vec<Cell>> = Vec::with_capacity(rows.len());
        for row in rows {
            // Rows mostly name the same columns in the same order.
            let mut line: Vec<Cell> = vec![Cell::Default; header.len()];
            let mut set = |at: Str, hint: usize, cell: Cell, line: &mut Vec<Cell>| {
                let at = match header.get(hint) {
                    Some(column) if *column == at => hint,
                    _ => header.iter().position(|column| *column == at).unwrap_or_else(|| {
                        header.push(at);
                        header.len() - 1
                    }),
                };
                if line.len() <= at {
                    line.resize(at + 1, Cell::Default);
                }
                line[at] = cell;
            };
            let missing: Vec<&&Field> =
                generated.iter().filter(|field| !row.iter().any(|(name, _)| *name == field.name)).collect();
            for (hint, (name, value)) in row.into_iter().enumerate() {
                let field = schema.map(|schema| column_of(schema, &name)).transpose()?;
                let cell = match value {
                    RowValue::Value(value) => Cell::Value(dumped(schema, field, &name, value)?),
                    RowValue::Query(query) => {
                        let planned = self.plan(&query, Operation::All, options)?;
                        Cell::Query(planned.plan, planned.params)
                    }
                    RowValue::Placeholder(key) => Cell::Placeholder(placeholders.place(&key, schema, field)?),
                };
                let column = field.map_or(name, |field| field.column().clone());
                set(column, hint, cell, &mut line);
            }
            if let Some(schema) = schema {
                for field in missing {
                    if let Some(value) = clock.value(schema, field, Action::Insert)? {
                        let value = dumped(Some(schema), Some(field), &field.name, value)?;
                        set(field.column().clone(), usize::MAX, Cell::Value(value), &mut line);
                    }
                }
            }
            cells.push(line);
        }
        for line in &mut cells {
            line.resize(header.len(), Cell::Default);
        }
        let placeholders = placeholders.used.into_iter().map(|(_, _, value)| value).collect();
        Ok((header, Rows::Cells(cells), placeholders))
    }
}

/// Placeholders: those given, and those used so far with the type of their column and dumped.
struct Placeholders<'a> {
    given: &'a [(Str, Value)],
    used: Vec<(Str, Option<Type>, Value)>,
}

impl Placeholders<'_> {
    fn place(
        &mut self,
        key: &Str,
        schema: Option<&Arc<Schema>>,
        field: Option<&Field>,
    ) -> Result<usize, RepoError> {
        let kind = field.and_then(Field::value_type).cloned();
        if let Some(at) = self.used.iter().position(|(used, _, _)| used == key) {
            if self.used[at].1 != kind {
                return Err(RepoError::mistake(format!(
                    "the placeholder `{key}` can only be used with columns of one type"
                )));
            }
            return Ok(at);
        }
        let Some((_, value)) = self.given.iter().find(|(given, _)| given == key) else {
            return Err(RepoError::mistake(format!("the placeholder `{key}` is not given")));
        };
        let value = dumped(schema, field, key, value.clone())?;
        self.used.push((key.clone(), kind, value));
        Ok(self.used.len() - 1)
    }
}

fn dumped(
    schema: Option<&Arc<Schema>>,
    field: Option<&Field>,
    name: &str,
    value: Value,
) -> Result<Value, RepoError> {
    match (schema, field.and_then(Field::value_type)) {
        (Some(schema), Some(kind)) => dump_value("insert_all", schema.name(), name, kind, &value),
        _ => Ok(value),
    }
}

/// The column that a field of a row means.
fn column_of<'a>(schema: &'a Schema, name: &str) -> Result<&'a Field, RepoError> {
    let field = &schema.fields()[schema.expect_position(name)?];
    let embed = field.relation().is_some_and(|relation| relation.is_embed());
    if (field.value_type().is_some() && !field.is_virtual || embed) && field.writable != Writable::Never {
        return Ok(field);
    }
    Err(RepoError::mistake(format!(
        "insert_all can't write `{name}` of `{}`: it is virtual, read only or an association",
        schema.name()
    )))
}

/// The columns that a query's fields go into.
fn header(schema: Option<&Schema>, select: Option<&Postprocess>) -> Result<Vec<Str>, RepoError> {
    let mut names: Vec<(usize, Str)> = Vec::new();
    let unfit = || {
        RepoError::mistake(
            "insert_all: the query must select a map of fields, `map`, `struct` or a source with a schema",
        )
    };
    let select = select.ok_or_else(unfit)?;
    let build = match (&select.build, &select.from) {
        (Build::From, Some(from)) => from,
        (build, _) => build,
    };
    name_places(build, select, &mut names).ok_or_else(unfit)?;
    names.sort_by_key(|(place, _)| *place);
    let column = |(_, name): (usize, Str)| match schema {
        Some(schema) => Ok(column_of(schema, &name)?.column().clone()),
        None => Ok(name),
    };
    names.into_iter().map(column).collect()
}

fn name_places(build: &Build, select: &Postprocess, names: &mut Vec<(usize, Str)>) -> Option<()> {
    match build {
        Build::From => name_places(select.from.as_ref()?, select, names)?,
        Build::Record { schema, fields, .. } => {
            names.extend(fields.iter().map(|(at, place)| (*place, schema.fields()[*at].name.clone())));
        }
        Build::Row { fields, .. } => {
            names.extend(fields.iter().map(|(name, place)| (*place, name.clone())));
        }
        Build::Map(entries) => name_entries(entries, names)?,
        Build::Update(base, entries) => {
            name_places(base, select, names)?;
            name_entries(entries, names)?;
        }
        Build::Merge(left, right) => {
            name_places(left, select, names)?;
            name_places(right, select, names)?;
        }
        _ => return None,
    }
    Some(())
}

fn name_entries(entries: &[(Build, Build)], names: &mut Vec<(usize, Str)>) -> Option<()> {
    for (key, value) in entries {
        match (key, value) {
            (Build::Literal(Value::String(name)), Build::Field(place)) => {
                names.retain(|(_, known)| known != name);
                names.push((*place, name.clone()));
            }
            _ => return None,
        }
    }
    Some(())
}

/// The record of a written row.
fn record(
    schema: &Arc<Schema>,
    columns: &[Str],
    row: Vec<Value>,
    options: &Options,
) -> Result<Output, RepoError> {
    let mut record = Record::new(schema);
    record.state = RecordState::Loaded;
    record.prefix.clone_from(&options.prefix);
    for (column, value) in columns.iter().zip(row) {
        let Some(at) = schema.fields().iter().position(|field| field.column() == column) else { continue };
        record.set_slot(at, load_field(&schema.fields()[at], value)?);
    }
    Ok(Output::Record(Arc::new(record)))
}
