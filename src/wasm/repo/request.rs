//! Reading requests, and doing what they say.

use super::answer::Reply;
use super::error::Failed;
use super::open::Open;
use super::{options, write};
use crate::adapter::now;
use crate::migration::{Migration, Migrator, Target};
use crate::mistake::Mistake;
use crate::query::{Operation, Query, plan};
use crate::repo::{Aggregate, All, Options, Output, Preloads, Queryable, Repo};
use crate::value::{Map, Str, Value, notation};
use crate::wasm::rows::Rows;
use crate::wasm::unpack::Reader;
use std::future::Future;
use std::sync::Arc;

type Result<T = Reply> = core::result::Result<T, Failed>;

/// Does what a request says: `[op, whether it belongs to the open transaction, ..]`.
pub(super) fn perform(open: &Open, reader: &mut Reader<'_>) -> Result {
    reader.list()?;
    let op = reader.word()?;
    let transaction = reader.value(None)? == Value::Bool(true);
    match op {
        "begin" => {
            let repo = at_once(open.repo.begin())?;
            *open.transaction.borrow_mut() = Some(repo);
            return done();
        }
        "commit" | "rollback" => {
            let repo = open.repo(true)?;
            *open.transaction.borrow_mut() = None;
            let keep = op == "commit";
            return open.run(async move {
                if keep {
                    repo.commit().await?
                } else {
                    repo.rollback().await?
                }
                done()
            });
        }
        "migrate" | "migrations" => return migrate(open, op, reader),
        "export" => {
            let bytes = open.glue.with_database(|database| database.export());
            return Ok(Reply::Value(Value::Binary(bytes.into())));
        }
        "import" => {
            let Value::Binary(bytes) = reader.value(None)? else { return Err(unfit("import", "bytes")) };
            let glue = open.glue.clone();
            return open.run(async move {
                if transaction {
                    glue.with_database(|database| database.import(&bytes))?;
                } else {
                    glue.import(&bytes).await?;
                }
                done()
            });
        }
        "query" => return sql(open, transaction, reader),
        "explain" => return explain(open, reader),
        "stream_next" | "stream_end" => return stream_on(open, op, reader),
        "flush" => return open.flush(),
        _ => {}
    }
    let repo = open.repo(transaction)?;
    match op {
        "insert" => write::changeset(open, repo, "insert", reader),
        "update" => write::changeset(open, repo, "update", reader),
        "delete" => write::changeset(open, repo, "delete", reader),
        "insert_or_update" => write::changeset(open, repo, "insert_or_update", reader),
        "insert_all" => write::insert_all(open, repo, reader),
        "update_all" | "delete_all" => write::bulk(open, repo, op, reader),
        "get" => {
            let schema = open.schema(reader.word()?)?;
            let id = reader.value(None)?;
            let found = at_once(repo.get_record(&schema, id))?;
            Ok(found.map(Output::Record).into())
        }
        "stream" => stream(open, &repo, reader),
        "unsafe_validate_unique" => write::unique(open, repo, reader),
        op => read(open, &repo, op, reader),
    }
}

/// `[.., query, options]`: the number of a stream.
fn stream(open: &Open, repo: &Repo, reader: &mut Reader<'_>) -> Result {
    let query = query_of(&reader.value(None)?)?;
    let options = options::read(&reader.value(None)?)?;
    let stream = at_once(repo.stream::<Output>(query, &options))?;
    Ok(Reply::Value(Value::Integer(open.streams.borrow_mut().add(stream))))
}

/// `[.., number]`: the next results, none at the end; or the end before that.
fn stream_on(open: &Open, op: &str, reader: &mut Reader<'_>) -> Result {
    let Value::Integer(number) = reader.value(None)? else { return Err(unfit(op, "the number of a stream")) };
    let taken = open.streams.borrow_mut().take(number);
    let Some(mut stream) = taken.filter(|_| op == "stream_next") else {
        return Ok(Reply::Outputs(Vec::new()));
    };
    let portion = at_once(stream.portion())?;
    if !portion.is_empty() {
        open.streams.borrow_mut().put_back(number, stream);
    }
    Ok(Reply::Outputs(portion))
}

/// Reads by a query: `[.., query, options or what the op takes]`.
fn read(open: &Open, repo: &Repo, op: &str, reader: &mut Reader<'_>) -> Result {
    let query = query_of(&reader.value(None)?)?;
    let argument = notation::decode(reader.value(None)?).map_err(|error| Mistake::new(error.message()))?;
    at_once::<_, Failed>(async {
        Ok(match op {
            "all" => {
                let options = options::read(&argument)?;
                let mut rows = Rows::default();
                if !open.shapes.borrow().has_room() {
                    return Ok(Reply::Outputs(repo.all_with(query, &options).await?));
                }
                match repo.all_flat(&query, &options, &mut rows).await? {
                    All::Flat(flat) => Reply::Rows(flat, rows.finish()),
                    All::Made(outputs) => Reply::Outputs(outputs),
                }
            }
            "one" => repo.one::<Output>(query).await?.into(),
            "one_required" => Reply::Output(repo.one_required(query).await?),
            "get_in" => repo.get_in::<Output>(query, argument).await?.into(),
            "get_required" => Reply::Output(repo.get_required_in(query, argument).await?),
            "get_by" => repo.get_by_in::<Output>(query, clauses(argument)).await?.into(),
            "get_by_required" => Reply::Output(repo.get_by_required_in(query, clauses(argument)).await?),
            "all_by" => Reply::Outputs(repo.all_by(query, clauses(argument)).await?),
            "exists" => Reply::Value(Value::Bool(repo.exists(query).await?)),
            "aggregate" => aggregate(repo, query, &argument).await?,
            "preload" => preload(repo, &query, &argument).await?,
            other => return Err(Mistake::about("a repo has no op `%`", &[other]).into()),
        })
    })
}

/// `[function, field]`; without a field, rows are counted.
async fn aggregate(repo: &Repo, query: Query, argument: &Value) -> Result {
    let (word, field) = match argument.as_list() {
        Some([Value::String(word), field]) => (word, field.as_str()),
        _ => return Err(unfit("aggregate", "[function, field]")),
    };
    let function = match word.as_str() {
        "count" => Aggregate::Count,
        "sum" => Aggregate::Sum,
        "avg" => Aggregate::Avg,
        "min" => Aggregate::Min,
        "max" => Aggregate::Max,
        other => return Err(Mistake::about("aggregate has no function `%`", &[other]).into()),
    };
    Ok(match field {
        Some(field) => Reply::Output(repo.aggregate(query, function, field).await?),
        None => Reply::Value(Value::Integer(repo.count(query).await? as i64)),
    })
}

/// `[records, whether what is loaded is read again]`; the query is of their schema and names the associations.
async fn preload(repo: &Repo, query: &Query, argument: &Value) -> Result {
    let Some([Value::List(records), force]) = argument.as_list() else {
        return Err(unfit("preload", "[records, force]"));
    };
    let schema = write::schema_of(repo, query)?;
    let mut read = Vec::with_capacity(records.len());
    for record in records {
        read.push(Arc::new(write::loaded(&schema, record)?));
    }
    let wanted = Preloads::from(query.parts().preloads.clone());
    let options = if *force == Value::Bool(true) { Options::new().force() } else { Options::new() };
    let records = repo.preload_records(read, wanted, &options).await?;
    Ok(Reply::Outputs(records.into_iter().map(Output::Record).collect()))
}

/// Raw SQL is GlueSQL's, which not every artifact carries.
#[cfg(not(feature = "glue"))]
fn sql(_: &Open, _: bool, _: &mut Reader<'_>) -> Result {
    Err(crate::adapter::AdapterError::unsupported("raw SQL without `sql: true` in openRepo").into())
}

/// `[.., sql, params]`: the count and the rows.
#[cfg(feature = "glue")]
fn sql(open: &Open, transaction: bool, reader: &mut Reader<'_>) -> Result {
    let sql = text(reader)?;
    let params = notation::decode(reader.value(None)?).map_err(|error| Mistake::new(error.message()))?;
    let glue = open.glue.clone();
    open.run(async move {
        let params = params.as_list().unwrap_or_default();
        let answer = if transaction {
            glue.query_inside(&sql, params).await?
        } else {
            glue.query(&sql, params).await?
        };
        let row = |row: Vec<Value>| Output::List(row.into_iter().map(Output::Value).collect());
        Ok(Reply::Counted(answer.count, Some(answer.rows.into_iter().map(row).collect())))
    })
}

/// `[.., query, operation]`: the query as Ecto prints it, and how it is run.
fn explain(open: &Open, reader: &mut Reader<'_>) -> Result {
    let query = query_of(&reader.value(None)?)?;
    let operation = match text(reader)?.as_str() {
        "update_all" => Operation::UpdateAll,
        "delete_all" => Operation::DeleteAll,
        _ => Operation::All,
    };
    let planned = plan(&query, operation, open.repo.schemas())?;
    let steps = open.glue.explain(&planned.plan)?;
    let told = [("query", query.text_with(open.repo.schemas())), ("plan", steps)];
    Ok(Reply::Value(Value::Map(told.map(|(key, text)| (key, Value::from(text))).into())))
}

/// `[[migration, ..], up, target, number]`.
fn migrate(open: &Open, op: &str, reader: &mut Reader<'_>) -> Result {
    let mut migrations = Vec::new();
    for document in reader.value(None)?.as_list().unwrap_or_default() {
        let document = notation::decode(document.clone()).map_err(|error| Mistake::new(error.message()))?;
        migrations.push(Migration::read(&document)?);
    }
    let migrator = Migrator::new(Arc::new(open.glue.clone()), Arc::new(super::world::World), migrations);
    if op == "migrations" {
        let all = at_once(migrator.migrations())?.into_iter().map(|status| {
            let name = status.name.map_or(Value::Null, Value::String);
            Value::Map(Map::from([
                ("version", Value::Integer(status.version)),
                ("name", name),
                ("up", Value::Bool(status.up)),
            ]))
        });
        return Ok(Reply::Value(Value::List(all.collect())));
    }
    let up = reader.value(None)? == Value::Bool(true);
    let word = text(reader)?;
    let number = match reader.value(None)? {
        Value::Integer(number) => number,
        _ => 0,
    };
    let target = match word.as_str() {
        "all" => Target::All,
        "step" => Target::Step(usize::try_from(number).unwrap_or(0)),
        "to" => Target::To(number),
        "to_exclusive" => Target::ToExclusive(number),
        other => return Err(Mistake::about("migrations have no target `%`", &[other]).into()),
    };
    open.run(async move {
        let versions = if up { migrator.migrate(target).await? } else { migrator.rollback(target).await? };
        Ok(Reply::Value(Value::List(versions.into_iter().map(Value::Integer).collect())))
    })
}

/// A query: its document `{query, params}`.
pub(super) fn query_of(document: &Value) -> Result<Query> {
    let document = notation::decode(document.clone()).map_err(|error| Mistake::new(error.message()))?;
    Ok(Query::read(&document)?)
}

/// What a future gives that never waits.
pub(super) fn at_once<T, E: Into<Failed>>(
    future: impl Future<Output = core::result::Result<T, E>>,
) -> Result<T> {
    now(future).ok_or(Failed::Waits)?.map_err(Into::into)
}

pub(super) fn text(reader: &mut Reader<'_>) -> Result<Str> {
    match reader.value(None)? {
        Value::String(text) => Ok(text),
        other => Err(Mistake::about("a request has text in this place, not %", &[other.kind()]).into()),
    }
}

pub(super) fn done() -> Result {
    Ok(Reply::Value(Value::Null))
}

pub(super) fn unfit(op: &str, wanted: &str) -> Failed {
    Mistake::about("% takes %", &[op, wanted]).into()
}

fn clauses(argument: Value) -> Map {
    match argument {
        Value::Map(map) => map,
        _ => Map::new(),
    }
}

/// The query of all rows of a schema or table.
pub(super) fn source_of(open: &Open, given: &Value) -> Result<Query> {
    match given {
        Value::String(table) => Ok(table.as_str().to_query()),
        Value::Map(map) => match (map.get("schema"), map.get("source")) {
            (Some(Value::String(name)), _) => Ok(open.schema(name)?.to_query()),
            (_, Some(Value::String(table))) => Ok(table.as_str().to_query()),
            _ => Err(unfit("insert_all", "a schema or a table")),
        },
        _ => Err(unfit("insert_all", "a schema or a table")),
    }
}
