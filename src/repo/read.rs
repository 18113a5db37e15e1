//! Reads.

use super::build::{Builder, places};
use super::joined;
use super::queryable::{Clauses, call, field, filter, filter_eq, pin};
use super::{FromOutput, Options, Output, Queryable, Repo, RepoError};
use crate::adapter::{Query as Run, Row, Statement};
use crate::query::plan::Build;
use crate::query::{
    self, Expr, Function, Operation, Planned, Postprocess, Query, QueryError, QueryErrorKind, Source,
    SourceKind, Taken,
};
use crate::schema::{HasSchema, Record, Schema, Slot};
use crate::types::Type;
use crate::value::{Str, Value};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

/// How many combinations of fields a schema's plans are kept of.
const MAX_KEY_PLANS: usize = 32;

/// What [`Repo::aggregate`] computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aggregate {
    /// How many rows, or how many where the field is not null.
    Count,
    /// The sum.
    Sum,
    /// The average.
    Avg,
    /// The least.
    Min,
    /// The greatest.
    Max,
}

impl Aggregate {
    fn function(self) -> Function {
        match self {
            Aggregate::Count => Function::Count,
            Aggregate::Sum => Function::Sum,
            Aggregate::Avg => Function::Avg,
            Aggregate::Min => Function::Min,
            Aggregate::Max => Function::Max,
        }
    }
}

/// The plan of reading a record of a schema by fields: only their values differ from call to call.
pub(super) struct KeyPlan {
    // Keeps the address that the plan is found by.
    schema: Arc<Schema>,
    /// Positions and types of the fields.
    keys: Vec<(usize, Type)>,
    planned: Planned,
    build: Build,
    once: bool,
}

/// Plans of reading by fields, by the address of their schema.
pub(super) type KeyPlans = HashMap<usize, Vec<Arc<KeyPlan>>>;

impl Repo {
    /// All results of a query.
    ///
    /// # Errors
    /// The query does not fit its schemas, a result is not a `T`, or the adapter's error.
    pub async fn all<T: FromOutput>(&self, queryable: impl Queryable) -> Result<Vec<T>, RepoError> {
        self.all_with(queryable, &Options::default()).await
    }

    /// [`Repo::all`] with options: `prefix`.
    ///
    /// # Errors
    /// As [`Repo::all`].
    pub async fn all_with<T: FromOutput>(
        &self,
        queryable: impl Queryable,
        options: &Options,
    ) -> Result<Vec<T>, RepoError> {
        convert(self.outputs(&queryable.to_query(), options).await?)
    }

    /// All results whose fields have these values: Ecto's `all_by`.
    ///
    /// # Errors
    /// As [`Repo::all`].
    pub async fn all_by<T: FromOutput>(
        &self,
        queryable: impl Queryable,
        clauses: impl Into<Clauses>,
    ) -> Result<Vec<T>, RepoError> {
        self.all(by(queryable.to_query(), clauses.into())?).await
    }

    /// The only result of a query; `None` if it has none.
    ///
    /// # Errors
    /// As [`Repo::all`]; [`RepoError::MultipleResults`] if there are more.
    pub async fn one<T: FromOutput>(&self, queryable: impl Queryable) -> Result<Option<T>, RepoError> {
        let query = queryable.to_query();
        only(self.outputs(&query, &Options::default()).await?, &query)
    }

    /// The only result of a query: Ecto's `one!`.
    ///
    /// # Errors
    /// As [`Repo::one`]; [`RepoError::NoResults`] if there is none.
    pub async fn one_required<T: FromOutput>(&self, queryable: impl Queryable) -> Result<T, RepoError> {
        let query = queryable.to_query();
        required(only(self.outputs(&query, &Options::default()).await?, &query)?, &query)
    }

    /// The record with that primary key; `None` if there is none.
    ///
    /// # Errors
    /// As [`Repo::get_in`].
    pub async fn get<T: HasSchema>(&self, id: impl Into<Value>) -> Result<Option<T>, RepoError> {
        match self.get_record(&T::schema(), id.into()).await? {
            Some(record) => Ok(Some(T::from_record(&record)?)),
            None => Ok(None),
        }
    }

    /// The record with that primary key: Ecto's `get!`.
    ///
    /// # Errors
    /// As [`Repo::get`]; [`RepoError::NoResults`] if there is none.
    pub async fn get_required<T: HasSchema>(&self, id: impl Into<Value>) -> Result<T, RepoError> {
        self.get_required_in(T::schema(), id).await
    }

    /// The record of a schema known at run time with that primary key; `None` if there is none.
    ///
    /// # Errors
    /// As [`Repo::get_in`].
    pub async fn get_record(
        &self,
        schema: &Arc<Schema>,
        id: Value,
    ) -> Result<Option<Arc<Record>>, RepoError> {
        sole_key_field(schema)?;
        if id.is_null() {
            return Err(null_key());
        }
        self.record_by(schema, vec![(schema.primary_key()[0], id)]).await
    }

    /// The only record of a schema whose fields, none of them compared with null, have these values.
    async fn record_by(
        &self,
        schema: &Arc<Schema>,
        keys: Vec<(usize, Value)>,
    ) -> Result<Option<Arc<Record>>, RepoError> {
        let slow = |keys: Vec<(usize, Value)>| {
            let mut query = schema.to_query();
            keys.into_iter().for_each(|(at, value)| filter_eq(&mut query, &schema.fields()[at].name, value));
            query
        };
        let Some(plan) = self.key_plan(schema, &keys)? else { return self.one(slow(keys)).await };
        let mut params = Vec::with_capacity(keys.len());
        for ((_, kind), (_, value)) in plan.keys.iter().zip(&keys) {
            match kind.cast(value).ok().and_then(|value| kind.dump(&value).ok()) {
                Some(param) => params.push(param),
                // What is not of the type is an error that names the query, which the planner gives.
                None => return self.one(slow(keys)).await,
            }
        }
        let run = Run { plan: &plan.planned.plan, params };
        let answer = self.statement(Statement::Query(run), false).await?;
        let count = answer.rows.len();
        if count > 1 {
            return Err(RepoError::MultipleResults { count, query: slow(keys).to_text() });
        }
        let Some(mut row) = answer.rows.into_iter().next() else { return Ok(None) };
        let builder = Builder { fields: &plan.planned.plan.fields, once: plan.once };
        let Build::Record { schema, prefix, fields, .. } = &plan.build else { return Ok(None) };
        Ok(Some(Arc::new(builder.record(schema, prefix, fields, &mut row)?)))
    }

    /// The result of a query with that primary key; `None` if there is none.
    ///
    /// # Errors
    /// As [`Repo::all`]; the id is null, or the schema has not exactly one primary key.
    pub async fn get_in<T: FromOutput>(
        &self,
        queryable: impl Queryable,
        id: impl Into<Value>,
    ) -> Result<Option<T>, RepoError> {
        self.one(self.by_key(queryable.to_query(), id.into())?).await
    }

    /// The result of a query with that primary key: Ecto's `get!`.
    ///
    /// # Errors
    /// As [`Repo::get_in`]; [`RepoError::NoResults`] if there is none.
    pub async fn get_required_in<T: FromOutput>(
        &self,
        queryable: impl Queryable,
        id: impl Into<Value>,
    ) -> Result<T, RepoError> {
        self.one_required(self.by_key(queryable.to_query(), id.into())?).await
    }

    /// The only record whose fields have these values; `None` if there is none.
    ///
    /// # Errors
    /// As [`Repo::one`]; a value is null.
    pub async fn get_by<T: HasSchema>(&self, clauses: impl Into<Clauses>) -> Result<Option<T>, RepoError> {
        match self.get_record_by(&T::schema(), clauses).await? {
            Some(record) => Ok(Some(T::from_record(&record)?)),
            None => Ok(None),
        }
    }

    /// The only record of a schema known at run time whose fields have these values; `None` if there is none.
    ///
    /// # Errors
    /// As [`Repo::get_by`].
    pub async fn get_record_by(
        &self,
        schema: &Arc<Schema>,
        clauses: impl Into<Clauses>,
    ) -> Result<Option<Arc<Record>>, RepoError> {
        let clauses = clauses.into();
        let mut keys = Vec::with_capacity(clauses.0.len());
        for (name, value) in &clauses.0 {
            match schema.position(name) {
                Some(at) if !value.is_null() => keys.push((at, value.clone())),
                // The way that says what is wrong.
                _ => return self.get_by_in(schema, clauses).await,
            }
        }
        self.record_by(schema, keys).await
    }

    /// The only record whose fields have these values: Ecto's `get_by!`.
    ///
    /// # Errors
    /// As [`Repo::get_by`]; [`RepoError::NoResults`] if there is none.
    pub async fn get_by_required<T: HasSchema>(&self, clauses: impl Into<Clauses>) -> Result<T, RepoError> {
        self.get_by_required_in(T::schema(), clauses).await
    }

    /// The only result of a query whose fields have these values; `None` if there is none.
    ///
    /// # Errors
    /// As [`Repo::one`]; a value is null.
    pub async fn get_by_in<T: FromOutput>(
        &self,
        queryable: impl Queryable,
        clauses: impl Into<Clauses>,
    ) -> Result<Option<T>, RepoError> {
        self.one(by(queryable.to_query(), clauses.into())?).await
    }

    /// The only result of a query whose fields have these values.
    ///
    /// # Errors
    /// As [`Repo::get_by_in`]; [`RepoError::NoResults`] if there is none.
    pub async fn get_by_required_in<T: FromOutput>(
        &self,
        queryable: impl Queryable,
        clauses: impl Into<Clauses>,
    ) -> Result<T, RepoError> {
        self.one_required(by(queryable.to_query(), clauses.into())?).await
    }

    /// Whether the query has a result.
    ///
    /// # Errors
    /// As [`Repo::all`].
    pub async fn exists(&self, queryable: impl Queryable) -> Result<bool, RepoError> {
        let mut query = queryable.to_query();
        let parts = query.parts_mut();
        parts.preloads.clear();
        parts.assocs.clear();
        if parts.combinations.is_empty() {
            parts.select = Some(Expr::Literal(Value::Integer(1)));
            parts.distinct = None;
            // An order says nothing about whether there are rows, unless it is by what is selected no more.
            parts.order_bys.clear();
        }
        parts.limit = Some(Expr::Literal(Value::Integer(1)));
        Ok(!self.outputs(&query, &Options::default()).await?.is_empty())
    }

    /// How many results the query has.
    ///
    /// # Errors
    /// As [`Repo::all`].
    pub async fn count(&self, queryable: impl Queryable) -> Result<usize, RepoError> {
        let query = aggregate_query(queryable.to_query(), Aggregate::Count, None)?;
        self.one_required(query).await
    }

    /// The aggregate of a field over the results of a query.
    ///
    /// # Errors
    /// As [`Repo::all`]; the query has a `group_by`.
    pub async fn aggregate<T: FromOutput>(
        &self,
        queryable: impl Queryable,
        aggregate: Aggregate,
        field: impl Into<Str>,
    ) -> Result<T, RepoError> {
        self.one_required(aggregate_query(queryable.to_query(), aggregate, Some(field.into()))?).await
    }

    /// The record as it is stored now; `None` if it is gone.
    ///
    /// # Errors
    /// As [`Repo::all`]; the record has no key.
    pub async fn reload(&self, record: &Record) -> Result<Option<Arc<Record>>, RepoError> {
        let id = sole_key(record)?;
        let mut query = key_query(record.schema().to_query(), id)?;
        query.parts_mut().prefix.clone_from(&record.prefix);
        self.one(query).await
    }

    /// The record as it is stored now: Ecto's `reload!`.
    ///
    /// # Errors
    /// As [`Repo::reload`]; [`RepoError::NoResults`] if it is gone.
    pub async fn reload_required(&self, record: &Record) -> Result<Arc<Record>, RepoError> {
        let query = key_query(record.schema().to_query(), sole_key(record)?)?;
        required(self.reload(record).await?, &query)
    }

    /// The records as they are stored now, each in its place; `None` for those that are gone.
    ///
    /// # Errors
    /// As [`Repo::reload`]; the records are of different schemas.
    pub async fn reload_all(&self, records: &[Arc<Record>]) -> Result<Vec<Option<Arc<Record>>>, RepoError> {
        let Some(first) = records.first() else { return Ok(Vec::new()) };
        let schema = first.schema();
        let mut ids = Vec::with_capacity(records.len());
        for record in records {
            if !Arc::ptr_eq(record.schema(), schema) {
                return Err(RepoError::mistake("reload expects records of one schema"));
            }
            ids.push(sole_key(record)?);
        }
        let key = schema.primary_key_names()[0].to_owned();
        let mut query = schema.to_query();
        filter(&mut query, call(Function::In, field(0, key.as_str()), pin(Value::List(ids.clone()))));
        query.parts_mut().prefix.clone_from(&first.prefix);
        let found: Vec<Arc<Record>> = self.all(query).await?;
        let place = |id: &Value| found.iter().find(|record| record.value(&key) == id).cloned();
        Ok(ids.iter().map(place).collect())
    }

    /// Plans a query.
    pub(super) fn plan(
        &self,
        query: &Query,
        operation: Operation,
        options: &Options,
    ) -> Result<Planned, RepoError> {
        match &options.prefix {
            Some(prefix) if query.parts().prefix.is_none() => {
                let mut query = query.clone();
                query.parts_mut().prefix = Some(prefix.clone());
                Ok(self.shared.plans.plan(&query, operation, &self.shared.schemas)?)
            }
            _ => Ok(self.shared.plans.plan(query, operation, &self.shared.schemas)?),
        }
    }

    /// The results of a query.
    pub(super) async fn outputs(&self, query: &Query, options: &Options) -> Result<Vec<Output>, RepoError> {
        let planned = self.plan(query, Operation::All, options)?;
        self.planned_outputs(planned, options).await.map(|(_, outputs)| outputs.unwrap_or_default())
    }

    /// Runs a planned query: how many rows, and the results if it selects any.
    pub(super) async fn planned_outputs(
        &self,
        planned: Planned,
        options: &Options,
    ) -> Result<(usize, Option<Vec<Output>>), RepoError> {
        let Planned { plan, params, select, preloads } = planned;
        let run = Run { plan: &plan, params };
        let answer = self.statement(Statement::Query(run), options.savepoint).await?;
        let Some(select) = select else { return Ok((answer.count, None)) };
        let rows = match plan.fields.is_empty() {
            // Only literals are selected: the number of rows is all there is to know.
            true => vec![Row::new(); answer.count],
            false => answer.rows,
        };
        let outputs = self.postprocess(&plan.fields, &select, &preloads, rows, options).await?;
        Ok((answer.count, Some(outputs)))
    }

    /// Makes of rows what the query selects, with its preloads.
    pub(super) async fn postprocess(
        &self,
        fields: &[query::plan::Field],
        select: &Postprocess,
        preloads: &[query::Preload],
        rows: Vec<Row>,
        options: &Options,
    ) -> Result<Vec<Output>, RepoError> {
        if preloads.is_empty() && select.assocs.is_empty() {
            return simple(fields, select, rows);
        }
        let joined = if select.assocs.is_empty() {
            joined::plain(fields, select, rows)?
        } else {
            joined::group(fields, select, rows)?
        };
        let (mut roots, mut rows) = joined;
        if !preloads.is_empty() {
            let records: Option<Vec<Arc<Record>>> = roots
                .iter_mut()
                .filter(|root| !root.is_null())
                .map(|root| match std::mem::replace(root, Output::Tuple(Vec::new())) {
                    Output::Record(record) => Some(record),
                    _ => None,
                })
                .collect();
            let Some(records) = records else {
                return Err(RepoError::mistake(
                    "preload: the query must select the record of its first source",
                ));
            };
            let mut loaded =
                Box::pin(self.preload_into(records, preloads, &select.take, &select.assocs, options))
                    .await?
                    .into_iter();
            for root in roots.iter_mut().filter(|root| !root.is_null()) {
                *root = loaded.next().map_or(Output::NULL, Output::Record);
            }
        }
        let builder = Builder::new(fields, &[&select.build]);
        let mut outputs = Vec::with_capacity(roots.len());
        for (root, row) in roots.into_iter().zip(&mut rows) {
            let root = if select.from_as_map { as_map(root, &select.take) } else { root };
            match &select.build {
                Build::From => outputs.push(root),
                build => outputs.push(builder.build(build, row, &root)?),
            }
        }
        Ok(outputs)
    }

    /// The plan of reading by these fields, made when first asked for; `None` if one is no column.
    fn key_plan(
        &self,
        schema: &Arc<Schema>,
        keys: &[(usize, Value)],
    ) -> Result<Option<Arc<KeyPlan>>, RepoError> {
        let address = Arc::as_ptr(schema) as usize;
        let same =
            |plan: &&Arc<KeyPlan>| plan.keys.iter().map(|(at, _)| at).eq(keys.iter().map(|(at, _)| at));
        // The map is whole even if a thread panicked beside it.
        let plans = self.shared.key_plans.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(plan) = plans.get(&address).and_then(|plans| plans.iter().find(same)) {
            return Ok(Some(plan.clone()));
        }
        drop(plans);
        let mut query = schema.to_query();
        let mut kinds = Vec::with_capacity(keys.len());
        for (at, _) in keys {
            let named = &schema.fields()[*at];
            let Some(kind) = named.value_type().filter(|_| !named.is_virtual) else { return Ok(None) };
            // Any value will do: the plan holds none.
            let any = query::Pin { value: Value::Integer(0), kind: Some(Type::Any.into()) };
            filter(&mut query, call(Function::Eq, field(0, &named.name), Expr::Pin(any)));
            kinds.push((*at, kind.clone()));
        }
        let planned = self.plan(&query, Operation::All, &Options::default())?;
        let build = planned.select.as_ref().and_then(|select| select.from.clone()).unwrap_or(Build::From);
        let once = Builder::new(&planned.plan.fields, &[&build]).once;
        let plan = Arc::new(KeyPlan { schema: schema.clone(), keys: kinds, planned, build, once });
        let mut plans = self.shared.key_plans.write().unwrap_or_else(PoisonError::into_inner);
        let of_schema = plans.entry(Arc::as_ptr(&plan.schema) as usize).or_default();
        // Combinations of fields are few in a program; whoever makes them up gets each planned.
        if of_schema.len() < MAX_KEY_PLANS {
            of_schema.push(plan.clone());
        }
        Ok(Some(plan))
    }

    fn by_key(&self, query: Query, id: Value) -> Result<Query, RepoError> {
        let schema = match &query.parts().from.kind {
            SourceKind::Table { schema: Some(schema), .. } => self.shared.schemas.resolve(schema)?,
            _ => {
                let error =
                    QueryError::new(QueryErrorKind::Query, "expected a from expression with a schema");
                return Err(error.in_query(|| query.to_text()).into());
            }
        };
        key_query_of(query, &schema, id)
    }
}

/// What a select without preloads and joined records makes of rows.
fn simple(
    fields: &[query::plan::Field],
    select: &Postprocess,
    rows: Vec<Row>,
) -> Result<Vec<Output>, RepoError> {
    let mut outputs = Vec::with_capacity(rows.len());
    let from = select.from.as_ref();
    let mut builds = vec![&select.build];
    builds.extend(from);
    let builder = Builder::new(fields, &builds);
    for mut row in rows {
        let root = match from {
            Some(from) => root(&builder, from, &mut row)?,
            None => Output::NULL,
        };
        let root = if select.from_as_map { as_map(root, &select.take) } else { root };
        outputs.push(match &select.build {
            Build::From => root,
            build => builder.build(build, &mut row, &root)?,
        });
    }
    Ok(outputs)
}

/// The record of the first source: loaded even if all its values are null.
pub(super) fn root(builder: &Builder, from: &Build, row: &mut Row) -> Result<Output, RepoError> {
    match from {
        Build::Record { schema, prefix, fields, .. } => {
            Ok(Output::Record(Arc::new(builder.record(schema, prefix, fields, row)?)))
        }
        other => builder.build(other, row, &Output::NULL),
    }
}

/// What of each row is selected beside the first source: rows that differ in it stay apart.
pub(super) fn beside(select: &Postprocess, fields: usize) -> Vec<usize> {
    places(&select.build, fields)
}

/// A record as a map of some of its fields: `select: map(u, [:id, posts: [:title]])`.
fn as_map(root: Output, take: &[Taken]) -> Output {
    match root {
        Output::Record(record) => record_map(&record, take),
        Output::List(list) => Output::List(list.into_iter().map(|output| as_map(output, take)).collect()),
        other => other,
    }
}

fn record_map(record: &Record, take: &[Taken]) -> Output {
    let entry = |taken: &Taken| {
        let (name, nested) = match taken {
            Taken::Field(name) => (name, None),
            Taken::Assoc(name, nested) => (name, Some(nested)),
        };
        let output = match (record.get(name), nested) {
            (Some(Slot::One(Some(child))), Some(nested)) => record_map(child, nested),
            (Some(Slot::Many(children)), Some(nested)) => {
                Output::List(children.iter().map(|child| record_map(child, nested)).collect())
            }
            (Some(slot), _) => slot.clone().into(),
            (None, _) => Output::NULL,
        };
        (Value::String(name.clone()), output)
    };
    Output::Map(take.iter().map(entry).collect())
}

fn convert<T: FromOutput>(outputs: Vec<Output>) -> Result<Vec<T>, RepoError> {
    outputs.into_iter().map(|output| Ok(T::from_output(output)?)).collect()
}

fn only<T: FromOutput>(outputs: Vec<Output>, query: &Query) -> Result<Option<T>, RepoError> {
    let count = outputs.len();
    match outputs.into_iter().next() {
        None => Ok(None),
        Some(output) if count == 1 => Ok(Some(T::from_output(output)?)),
        Some(_) => Err(RepoError::MultipleResults { count, query: query.to_text() }),
    }
}

pub(super) fn required<T>(found: Option<T>, query: &Query) -> Result<T, RepoError> {
    found.ok_or_else(|| RepoError::NoResults { query: query.to_text() })
}

fn by(mut query: Query, clauses: Clauses) -> Result<Query, RepoError> {
    for (name, value) in clauses.0 {
        if value.is_null() {
            let message =
                format!("null given for `{name}`: comparing with null is never true; use is_nil in a query");
            return Err(QueryError::new(QueryErrorKind::Argument, message).into());
        }
        filter_eq(&mut query, name, value);
    }
    Ok(query)
}

fn null_key() -> RepoError {
    RepoError::mistake("cannot get a record by a key that is null")
}

fn sole_key_field(schema: &Schema) -> Result<&str, RepoError> {
    match schema.primary_key() {
        [at] => Ok(&schema.fields()[*at].name),
        keys => Err(RepoError::mistake(format!(
            "`{}` must have exactly one primary key to be got by it, it has {}; use get_by",
            schema.name(),
            keys.len()
        ))),
    }
}

fn key_query(query: Query, id: Value) -> Result<Query, RepoError> {
    match &query.parts().from.kind {
        SourceKind::Table { schema: Some(crate::query::SchemaRef::Known(schema)), .. } => {
            let schema = schema.clone();
            key_query_of(query, &schema, id)
        }
        _ => Err(RepoError::mistake("expected a query of a schema")),
    }
}

fn key_query_of(mut query: Query, schema: &Schema, id: Value) -> Result<Query, RepoError> {
    if id.is_null() {
        return Err(null_key());
    }
    let key = sole_key_field(schema)?.to_owned();
    filter_eq(&mut query, key, id);
    Ok(query)
}

fn sole_key(record: &Record) -> Result<Value, RepoError> {
    let key = sole_key_field(record.schema())?;
    match record.value(key) {
        Value::Null => Err(RepoError::mistake(format!(
            "cannot reload a record of `{}` whose key is null",
            record.schema().name()
        ))),
        id => Ok(id.clone()),
    }
}

fn aggregate_query(mut query: Query, aggregate: Aggregate, of: Option<Str>) -> Result<Query, RepoError> {
    if !query.parts().group_bys.is_empty() {
        let error = QueryError::new(QueryErrorKind::Query, "cannot aggregate on query with group_by");
        return Err(error.in_query(|| query.to_text()).into());
    }
    let parts = query.parts_mut();
    parts.preloads.clear();
    parts.assocs.clear();
    let plain = parts.distinct.is_none()
        && parts.limit.is_none()
        && parts.offset.is_none()
        && parts.combinations.is_empty();
    let arguments: Vec<Expr> = of.iter().map(|name| field(0, name)).collect();
    if plain {
        parts.order_bys.clear();
    } else {
        // The clause says which rows count: they are rows of a subquery.
        if let Some(name) = &of {
            parts.select = Some(field(0, name));
        }
        let prefix = parts.prefix.clone();
        let source = Source { kind: SourceKind::Subquery(query), name: None, prefix: None };
        query = Query::of(source);
        query.parts_mut().prefix = prefix;
    }
    query.parts_mut().select = Some(Expr::Call(aggregate.function(), arguments));
    Ok(query)
}
