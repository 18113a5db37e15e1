//! Reads by keys and by fields.

use super::{by, required};
use crate::adapter::{Query as Run, Statement};
use crate::query::plan::Build;
use crate::query::{self, Expr, Function, Operation, Planned, Query, QueryError, QueryErrorKind, SourceKind};
use crate::repo::collect::Columns;
use crate::repo::queryable::{Clauses, call, field, filter, filter_eq, pin};
use crate::repo::{FromOutput, Options, Queryable, Repo, RepoError};
use crate::schema::{HasSchema, Record, Schema};
use crate::types::Type;
use crate::value::Value;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

/// How many combinations of fields a schema's plans are kept of.
const MAX_KEY_PLANS: usize = 32;

/// The plan of reading a record of a schema by fields: only their values differ from call to call.
pub(in crate::repo) struct KeyPlan {
    // Keeps the address that the plan is found by.
    schema: Arc<Schema>,
    /// Positions and types of the fields.
    keys: Vec<(usize, Type)>,
    planned: Planned,
    build: Build,
}

/// Plans of reading by fields, by the address of their schema.
pub(in crate::repo) type KeyPlans = HashMap<usize, Vec<Arc<KeyPlan>>>;

impl Repo {
    /// The record with that primary key; `None` if there is none.
    ///
    /// # Errors
    /// As [`Repo::get_in`].
    pub async fn get<T: HasSchema>(&self, id: impl Into<Value>) -> Result<Option<T>, RepoError> {
        self.with_key(&T::schema(), id.into()).await
    }

    /// The record with that primary key: Ecto's `get!`.
    ///
    /// # Errors
    /// As [`Repo::get`]; [`RepoError::NoResults`] if there is none.
    pub async fn get_required<T: HasSchema>(&self, id: impl Into<Value>) -> Result<T, RepoError> {
        let (schema, id) = (T::schema(), id.into());
        match self.with_key(&schema, id.clone()).await? {
            Some(found) => Ok(found),
            None => Err(RepoError::NoResults { query: self.by_key(schema.to_query(), id)?.to_text() }),
        }
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
        self.with_key(schema, id).await
    }

    async fn with_key<T: FromOutput>(&self, schema: &Arc<Schema>, id: Value) -> Result<Option<T>, RepoError> {
        sole_key_field(schema)?;
        if id.is_null() {
            return Err(null_key());
        }
        self.with_values(schema, vec![(schema.primary_key()[0], id)]).await
    }

    /// The only record of a schema whose fields, none of them compared with null, have these values.
    async fn with_values<T: FromOutput>(
        &self,
        schema: &Arc<Schema>,
        keys: Vec<(usize, Value)>,
    ) -> Result<Option<T>, RepoError> {
        let slow = |keys: Vec<(usize, Value)>| {
            let mut query = schema.to_query();
            keys.into_iter().for_each(|(at, value)| filter_eq(&mut query, &schema.fields()[at].name, value));
            query
        };
        let planned = match self.default_prefix().is_some() || self.prepares() {
            false => self.key_plan(schema, &keys)?,
            true => None,
        };
        let Some(plan) = planned else { return self.one(slow(keys)).await };
        let mut params = Vec::with_capacity(keys.len());
        for ((_, kind), (_, value)) in plan.keys.iter().zip(&keys) {
            match kind.cast(value).ok().and_then(|value| kind.adapter_dump(&value).ok()) {
                Some(param) => params.push(param),
                // What is not of the type is an error that names the query, which the planner gives.
                None => return self.one(slow(keys)).await,
            }
        }
        let run = Run::new(&plan.planned.plan, params);
        let answer = self.statement(Statement::Query(run), &Options::default()).await?;
        let count = answer.rows.len();
        if count > 1 {
            return Err(RepoError::MultipleResults { count, query: slow(keys).to_text() });
        }
        let Some(mut row) = answer.rows.into_iter().next() else { return Ok(None) };
        let Build::Record { schema, prefix, fields, .. } = &plan.build else { return Ok(None) };
        Columns::new(schema, prefix, fields).read(&mut row, T::from_fields).map(Some)
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
        self.with_clauses(&T::schema(), clauses.into()).await
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
        self.with_clauses(schema, clauses.into()).await
    }

    async fn with_clauses<T: FromOutput>(
        &self,
        schema: &Arc<Schema>,
        clauses: Clauses,
    ) -> Result<Option<T>, RepoError> {
        let mut keys = Vec::with_capacity(clauses.0.len());
        for (name, value) in &clauses.0 {
            match schema.position(name) {
                Some(at) if !value.is_null() => keys.push((at, value.clone())),
                // The way that says what is wrong.
                _ => return self.get_by_in(schema, clauses).await,
            }
        }
        self.with_values(schema, keys).await
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
        let plan = Arc::new(KeyPlan { schema: schema.clone(), keys: kinds, planned, build });
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
