//! Cases with `steps`: what they give, and what is in the database afterwards.

mod given;
mod multi;

use super::dataset::Dataset;
use super::{raised, schemas, text, wait};
use ectomorph::changeset::{Changeset, Input};
use ectomorph::repo::{Options, Output, Repo, RepoError, WriteError};
use ectomorph::rules::{CastRelation, ConstraintOptions, Match};
use ectomorph::schema::{Record, RecordState, Slot};
use given::{filled, input_of, options, query, record_of, rows, updates};
use multi::{multi, multi_result, name_json};
use serde_json::{Value as Json, json};
use std::future::Future;
use std::pin::Pin as Pinned;
use std::sync::Arc;

/// What is expected, and what came out: results of steps and the difference of the database.
pub fn run(repo: &Repo, dataset: &Dataset, case: &Json) -> (Json, Json) {
    let results = case["result"].as_array().expect("a result for each step");
    let expected: Vec<Json> = results
        .iter()
        .map(|result| text::expected(result.get("result").or(result.get("raised")).unwrap_or(&Json::Null)))
        .collect();
    let expected = json!({"results": expected, "state": text::expected(&case["state_after"])});
    let actual = wait(async {
        let before = dataset.snapshot(repo).await;
        let mut results = Vec::new();
        for step in case["steps"].as_array().expect("steps are a list") {
            results.push(match perform(repo, step).await {
                Ok(result) => result,
                Err(Stop::Raised(json)) => json,
                Err(Stop::Rollback(_)) => {
                    json!({"$error": "RuntimeError", "message": "cannot call rollback outside of transaction"})
                }
            });
        }
        let after = dataset.snapshot(repo).await;
        json!({"results": results, "state": dataset.difference(&before, &after)})
    });
    (expected, actual)
}

/// Performs the steps of a case, whatever comes of them.
pub fn perform_all(repo: &Repo, case: &Json) {
    let steps = async {
        for step in case["steps"].as_array().into_iter().flatten() {
            let _ = perform(repo, step).await;
        }
    };
    wait(steps);
}

/// Why steps end early.
enum Stop {
    Raised(Json),
    Rollback(Json),
}

impl From<RepoError> for Stop {
    fn from(error: RepoError) -> Self {
        Stop::Raised(raised(&error))
    }
}

type Performed<'a> = Pinned<Box<dyn Future<Output = Result<Json, Stop>> + 'a>>;

fn perform<'a>(repo: &'a Repo, step: &'a Json) -> Performed<'a> {
    Box::pin(async move {
        let name = step["do"].as_str().expect("a step does something");
        match name {
            "insert" | "update" | "delete" | "insert_or_update" | "insert!" | "update!" | "delete!" => {
                write(repo, name, step).await
            }
            "insert_all" => {
                let (rows, options) = (rows(step)?, options(step));
                let written = match step["schema"].as_str() {
                    Some(schema) => repo.insert_all_with(schemas::get(schema), rows, &options).await,
                    None => {
                        repo.insert_all_with(step["source"].as_str().expect("a table"), rows, &options).await
                    }
                };
                Ok(counted(written?))
            }
            "update_all" => {
                let written =
                    repo.update_all_with(query(step)?, &updates(&step["updates"]), &options(step)).await;
                Ok(counted(written?))
            }
            "delete_all" => Ok(counted(repo.delete_all_with(query(step)?, &options(step)).await?)),
            "multi" => multi_result(repo.run(multi(repo, &step["steps"]).await?).await),
            "multi_list" => {
                let list = multi(repo, &step["steps"]).await?.to_list();
                Ok(list.into_iter().map(|(name, kind)| json!({"$tuple": [name_json(&name), kind]})).collect())
            }
            "transaction" => transaction(repo, step, None).await,
            "transact" => transaction(repo, step, Some(&step["returns"])).await,
            "rescue" => match perform(repo, &step["step"]).await {
                Err(Stop::Raised(_)) => Ok(json!("rescued")),
                other => other,
            },
            "return" => Ok(tuple(&step["value"])),
            "rollback" if repo.in_transaction() => Err(Stop::Rollback(text::expected(&step["value"]))),
            "rollback" => {
                let message = "cannot call rollback outside of transaction";
                Err(Stop::Raised(json!({"$error": "RuntimeError", "message": message})))
            }
            "raise" => Err(Stop::Raised(json!({"$error": "RuntimeError", "message": step["message"]}))),
            other => panic!("the step {other} is unknown"),
        }
    })
}

/// A list of two that starts with `ok` or `error` is a tuple.
fn tuple(json: &Json) -> Json {
    match json.get(0).and_then(Json::as_str) {
        Some("ok" | "error") => json!({ "$tuple": text::expected(json) }),
        _ => text::expected(json),
    }
}

/// What a transaction fails with.
enum End {
    Error(RepoError),
    Stop(Stop),
    Value(Json),
}

impl From<RepoError> for End {
    fn from(error: RepoError) -> Self {
        End::Error(error)
    }
}

async fn transaction(repo: &Repo, step: &Json, returns: Option<&Json>) -> Result<Json, Stop> {
    let done = repo
        .transaction(async |repo| {
            let mut results = Vec::new();
            for step in step["steps"].as_array().into_iter().flatten() {
                results.push(perform(&repo, step).await.map_err(End::Stop)?);
            }
            match returns.map(|returns| (returns[0].as_str(), returns)) {
                None => Ok(Json::Array(results)),
                Some((Some("ok"), returns)) => Ok(text::expected(&returns[1])),
                Some((Some("error"), returns)) => Err(End::Value(text::expected(&returns[1]))),
                Some(_) => Err(End::Stop(Stop::Raised(json!({"$error": "ArgumentError"})))),
            }
        })
        .await;
    match done {
        Ok(result) => Ok(json!({"$tuple": ["ok", result]})),
        Err(End::Value(value) | End::Stop(Stop::Rollback(value))) => Ok(json!({"$tuple": ["error", value]})),
        Err(End::Error(RepoError::RolledBack)) => Ok(json!({"$tuple": ["error", "rollback"]})),
        Err(End::Error(error)) => Err(error.into()),
        Err(End::Stop(stop)) => Err(stop),
    }
}

async fn write(repo: &Repo, name: &str, step: &Json) -> Result<Json, Stop> {
    let changeset = changeset(repo, step).await?;
    let options = options(step);
    let written = match name.trim_end_matches('!') {
        "insert" => repo.insert_with(changeset, &options).await,
        "update" => repo.update_with(changeset, &options).await,
        "delete" => repo.delete_with(changeset, &options).await,
        _ => repo.insert_or_update_with(changeset, &options).await,
    };
    match written {
        Ok(record) if name.ends_with('!') => Ok(text::of_record(&record)),
        Ok(record) => Ok(json!({"$tuple": ["ok", text::of_record(&record)]})),
        Err(WriteError::Invalid(changeset)) if name.ends_with('!') => {
            let parts = changeset.into_parts();
            Err(Stop::Raised(json!({
                "$error": "Ecto.InvalidChangesetError",
                "changeset": text::of_changeset(&parts),
            })))
        }
        Err(WriteError::Invalid(changeset)) => {
            Ok(json!({"$tuple": ["error", text::of_changeset(&changeset)]}))
        }
        Err(WriteError::Failed(error)) => Err(error.into()),
    }
}

fn counted((count, rows): (usize, Option<Vec<Output>>)) -> Json {
    let rows = rows.map_or(Json::Null, |rows| rows.iter().map(text::of_output).collect());
    json!({"$tuple": [count, rows]})
}

/// The record or changeset that a step is about.
async fn changeset(repo: &Repo, step: &Json) -> Result<Changeset<Record>, Stop> {
    let schema = schemas::get(step["schema"].as_str().expect("a step has a schema"));
    let mut record = match (step.get("load"), step.get("raw")) {
        (Some(id), _) => {
            let found =
                repo.get_record(&schema, text::value(id)).await?.expect("the record to load is there");
            let names = step["preload"].as_array().into_iter().flatten().filter_map(Json::as_str);
            let preloads: Vec<&str> = names.collect();
            let mut records = vec![found];
            for name in preloads {
                records = repo.preload_records(records, name, &Options::new()).await?;
            }
            Arc::unwrap_or_clone(records.remove(0))
        }
        (None, Some(fields)) => {
            let mut record = filled(&schema, fields);
            record.state = RecordState::Loaded;
            record
        }
        (None, None) => filled(&schema, step.get("data").unwrap_or(&json!({}))),
    };
    for (name, items) in step["nested"].as_object().into_iter().flatten() {
        let relation = schema.relation(name).expect("an association").clone();
        let slot = match items {
            Json::Array(items) => {
                let mut many = Vec::new();
                for item in items {
                    many.push(Arc::new(record_of(repo, &relation, item).await?));
                }
                Slot::Many(many)
            }
            item => Slot::One(Some(Arc::new(record_of(repo, &relation, item).await?))),
        };
        assert!(record.set(name, slot));
    }
    let mut changeset = match step.get("cast") {
        Some(params) => {
            let fields = schema.fields().iter().filter(|field| field.value_type().is_some());
            let names: Vec<&str> =
                fields.map(|field| field.name.as_str()).filter(|name| *name != "id").collect();
            Changeset::cast(record, &text::value(params), &names[..])
        }
        None => Changeset::change(record),
    };
    for name in names(&step["cast_embed"]) {
        changeset = changeset.cast_embed(name.as_str(), CastRelation::new());
    }
    for (name, given) in step["cast_assoc"].as_object().into_iter().flatten() {
        let mut options = CastRelation::new();
        if given.get("required") == Some(&Json::Bool(true)) {
            options = options.required();
        }
        changeset = changeset.cast_assoc(name.as_str(), options);
    }
    for name in names(&step["required"]) {
        changeset = changeset.validate_required([name.as_str()]);
    }
    for (name, value) in step["change"].as_object().into_iter().flatten() {
        changeset = changeset.put_change(name.as_str(), text::value(value));
    }
    for (name, items) in step["put_assoc"].as_object().into_iter().flatten() {
        let relation = schema.relation(name).expect("an association").clone();
        let input = match items {
            Json::Array(items) => {
                let mut list = Vec::new();
                for item in items {
                    list.push(input_of(repo, &relation, item).await?);
                }
                Input::List(list)
            }
            item => input_of(repo, &relation, item).await?,
        };
        changeset = changeset.put_assoc(name.as_str(), input);
    }
    for constraint in step["constraints"].as_array().into_iter().flatten() {
        changeset = constrained(changeset, constraint);
    }
    if let Some(field) = step["optimistic_lock"].as_str() {
        changeset = changeset.optimistic_lock(field);
    }
    Ok(changeset)
}

fn names(json: &Json) -> Vec<String> {
    match json {
        Json::Object(object) => object.keys().cloned().collect(),
        Json::Array(list) => list.iter().filter_map(Json::as_str).map(ToOwned::to_owned).collect(),
        _ => Vec::new(),
    }
}

fn constrained(changeset: Changeset<Record>, constraint: &Json) -> Changeset<Record> {
    let fields: Vec<String> = match &constraint[1] {
        Json::String(field) => vec![field.clone()],
        list => names(list),
    };
    let given = &constraint[2];
    let mut options = ConstraintOptions::new();
    if let Some(name) = given["name"].as_str() {
        options = options.name(name);
    }
    if let Some(message) = given["message"].as_str() {
        options = options.message(message);
    }
    if let Some(key) = given["error_key"].as_str() {
        options = options.error_key(key);
    }
    if let Some(word) = given["match"].as_str() {
        let matching = Match::ALL.into_iter().find(|matching| matching.name() == word);
        options = options.matching(matching.expect("a match"));
    }
    let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
    match constraint[0].as_str().expect("a kind of constraint") {
        "unique" => changeset.unique_constraint_with(&fields[..], options),
        "foreign_key" => changeset.foreign_key_constraint_with(fields[0], options),
        "check" => changeset.check_constraint_with(fields[0], options),
        "exclusion" => changeset.exclusion_constraint_with(fields[0], options),
        "assoc" => changeset.assoc_constraint_with(fields[0], options),
        "no_assoc" => changeset.no_assoc_constraint_with(fields[0], options),
        other => panic!("{other} is no constraint"),
    }
}
