//! Cases with a `query`: what it gives.

use super::{raised, schemas, text, wait};
use ectomorph::query::{
    Preload, PreloadFunction, PreloadWith, Query, QueryError, QueryErrorKind, SourceKind,
};
use ectomorph::repo::{Aggregate, Options, Output, Preloads, Queryable, Repo, RepoError};
use ectomorph::schema::{Record, Schema, Slot};
use ectomorph::value::{Map, Str, Value};
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// What is expected, and what came out.
pub fn run(repo: &Repo, case: &Json) -> (Json, Json) {
    let expected = match (case.get("result"), case.get("error")) {
        (Some(result), _) => text::expected(result),
        (None, Some(error)) => text::expected(error),
        (None, None) => Json::Null,
    };
    if case.get("query").is_none() {
        // Building such a query failed in Ecto, so there is none to run; the query's own tests build them.
        return (expected.clone(), expected);
    }
    let result = document(&case["query"], &case["params"])
        .map_err(RepoError::from)
        .and_then(|query| wait(answer(repo, query, case.get("op"))));
    let actual = result.unwrap_or_else(|error| raised(&error));
    (expected, actual)
}

/// Reads a query of the vectors.
pub fn document(query: &Json, params: &Json) -> Result<Query, QueryError> {
    let mut query = query.clone();
    let functions = take_functions(&mut query);
    let document = Map::from([("query", text::value(&query)), ("params", text::value(params))]);
    let mut query = Query::read(&Value::Map(document))?;
    for assoc in functions {
        // Ecto's was `fn ids -> [%Post{id: 999, user_id: hd(ids)}] end`.
        let function = |ids: &[Value]| {
            let id = ids.first().cloned().unwrap_or_default();
            vec![Record::new(&schemas::get("Post")).with("id", 999).with("user_id", id)]
        };
        let with = PreloadWith::Function(PreloadFunction(Arc::new(function)));
        query.parts_mut().preloads.push(Preload { assoc: Str::from(assoc), with, nested: Vec::new() });
    }
    Ok(query)
}

/// Takes out preloads by functions, which no document holds.
fn take_functions(query: &mut Json) -> Vec<String> {
    let mut functions = Vec::new();
    if let Some(preloads) = query.get_mut("preload").and_then(Json::as_array_mut) {
        preloads.retain(|preload| {
            let Some(object) = preload.as_object() else { return true };
            let named = object.iter().find(|(_, with)| with.get("$function").is_some());
            functions.extend(named.map(|(assoc, _)| assoc.clone()));
            named.is_none()
        });
    }
    functions
}

async fn answer(repo: &Repo, query: Query, op: Option<&Json>) -> Result<Json, RepoError> {
    let list = |outputs: Vec<Output>| Json::Array(outputs.iter().map(text::of_output).collect());
    let one = |output: Option<Output>| output.as_ref().map_or(Json::Null, text::of_output);
    let record = |record: Option<Arc<Record>>| record.map_or(Json::Null, |record| text::of_record(&record));
    let Some(op) = op else { return Ok(list(repo.all(query).await?)) };
    let argument = text::value(&op[1]);
    Ok(match op[0].as_str().expect("an op has a name") {
        "get" => one(repo.get_in(query, argument).await?),
        "get!" => one(Some(repo.get_required_in(query, argument).await?)),
        "get_by" => one(repo.get_by_in(query, clauses(&argument)).await?),
        "get_by!" => one(Some(repo.get_by_required_in(query, clauses(&argument)).await?)),
        "all_by" => list(repo.all_by(query, clauses(&argument)).await?),
        "one" => one(repo.one(query).await?),
        "one!" => one(Some(repo.one_required(query).await?)),
        "exists" => json!(repo.exists(query).await?),
        "aggregate" => {
            let aggregate = match op[1].as_str() {
                Some("count") => Aggregate::Count,
                Some("sum") => Aggregate::Sum,
                Some("avg") => Aggregate::Avg,
                Some("min") => Aggregate::Min,
                _ => Aggregate::Max,
            };
            match op[2].as_str() {
                Some(field) => one(Some(repo.aggregate(query, aggregate, field).await?)),
                None => json!(repo.count(query).await?),
            }
        }
        "stream" => {
            let size = usize::try_from(op[1].as_u64().unwrap_or(1)).unwrap_or(1);
            let options = Options::new().max_rows(size);
            let mut outputs = Vec::new();
            let mut stream = repo.stream::<Output>(query, &options).await?;
            while let Some(output) = stream.next().await? {
                outputs.push(output);
            }
            list(outputs)
        }
        "reload" | "reload!" => {
            let schema = schema_of(&query);
            let stale = |id: &Value| {
                let mut record = Record::new(&schema).with("id", id.clone());
                record.state = ectomorph::schema::RecordState::Loaded;
                Arc::new(record)
            };
            match &argument {
                Value::List(ids) => {
                    let records: Vec<Arc<Record>> = ids.iter().map(stale).collect();
                    Json::Array(repo.reload_all(&records).await?.into_iter().map(record).collect())
                }
                id if op[0] == "reload!" => text::of_record(&*repo.reload_required(&stale(id)).await?),
                id => record(repo.reload(&stale(id)).await?),
            }
        }
        "get_preload" => {
            let names = argument_names(&op[2]);
            let found: Arc<Record> = repo.get_required_in(query, argument).await?;
            record(repo.preload_records(vec![found], names, &Options::new()).await?.pop())
        }
        "preload_twice" => {
            let found: Arc<Record> = repo.get_required_in(query, argument).await?;
            let mut loaded = repo.preload_records(vec![found], "profile", &Options::new()).await?;
            let user = Arc::make_mut(&mut loaded[0]);
            if let Some(Slot::One(Some(profile))) = user.get("profile").cloned() {
                let mut profile = Arc::unwrap_or_clone(profile);
                assert!(profile.set("website", Slot::Value("stale".into())));
                assert!(user.set("profile", Slot::One(Some(Arc::new(profile)))));
            }
            let options = if op[2] == true { Options::new().force() } else { Options::new() };
            record(repo.preload_records(loaded, "profile", &options).await?.pop())
        }
        other => panic!("the op {other} is unknown"),
    })
}

fn argument_names(json: &Json) -> Preloads {
    json.as_array().into_iter().flatten().filter_map(Json::as_str).fold(Preloads::default(), Preloads::and)
}

fn clauses(argument: &Value) -> Map {
    argument.as_map().cloned().unwrap_or_default()
}

/// The schema that a query is of.
pub fn schema_of(query: &Query) -> Arc<Schema> {
    match &query.clone().to_query().parts().from.kind {
        SourceKind::Table { schema: Some(schema), .. } => schemas::get(schema.name()),
        _ => panic!("{}", QueryError::new(QueryErrorKind::Query, "the query has no schema")),
    }
}
