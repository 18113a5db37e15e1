//! Steps of `multi`.

use super::super::{schemas, text};
use super::{Stop, changeset, counted, filled, options, query, rows, updates};
use ectomorph::changeset::Parts;
use ectomorph::repo::{Changes, Failure, Multi, MultiError, Outcome, Output, Repo, RepoError, RunError};
use ectomorph::schema::Record;
use ectomorph::value::{Map, Str, Value};
use serde_json::{Value as Json, json};
use std::future::Future;
use std::pin::Pin as Pinned;
use std::sync::Arc;

/// Names of a multi's operations are any term in Ecto: ours are text, here the JSON of the term.
pub(super) fn name_of(json: &Json) -> Str {
    text::expected(json).to_string().into()
}

pub(super) fn name_json(name: &str) -> Json {
    serde_json::from_str(name).unwrap_or_else(|_| json!(name))
}

pub(super) type Built<'a> = Pinned<Box<dyn Future<Output = Result<Multi, Stop>> + 'a>>;

pub(super) fn multi<'a>(repo: &'a Repo, steps: &'a Json) -> Built<'a> {
    Box::pin(async move {
        let mut built = Multi::new();
        for pair in steps.as_array().into_iter().flatten() {
            let (name, step) = (name_of(&pair[0]), &pair[1]);
            built = match step["do"].as_str().expect("a step does something") {
                "insert" => built.insert_with(name, changeset(repo, step).await?, options(step)),
                "update" => built.update_with(name, changeset(repo, step).await?, options(step)),
                "delete" => built.delete_with(name, changeset(repo, step).await?, options(step)),
                "insert_or_update" => built.insert_or_update(name, changeset(repo, step).await?),
                "insert_all" => {
                    let schema = schemas::get(step["schema"].as_str().expect("a schema"));
                    built.insert_all(name, schema, rows(step)?, options(step))
                }
                "update_all" => {
                    built.update_all(name, query(step)?, updates(&step["updates"]), options(step))
                }
                "delete_all" => built.delete_all(name, query(step)?, options(step)),
                "put" => built.put(name, text::value(&step["value"])),
                "error" => built.error(name, text::value(&step["value"])),
                "run_ok" => {
                    let uses = name_of(&atom(&step["uses"]));
                    built.run(name, move |_, changes| async move { run_ok(&changes, &uses) })
                }
                "run_error" => {
                    let value = text::value(&step["value"]);
                    built.run(name, move |_, _| async move {
                        Err(RunError::Failure(Failure::Value(value.into())))
                    })
                }
                "run_bad_return" => built.run(name, |_, _| async move {
                    Err(RunError::Error(RepoError::Multi {
                        message: "an operation gave something else".into(),
                    }))
                }),
                "insert_fn" => {
                    let schema = schemas::get(step["schema"].as_str().expect("a schema"));
                    let record = filled(&schema, &step["data"]);
                    let (from, key) =
                        (name_of(&atom(&step["from"])), step["fk"].as_str().expect("a key").to_owned());
                    built.run(name, move |repo, changes| async move {
                        let parent: Record = changes.get(&from)?;
                        let child = record.with(&key, parent.value("id").clone());
                        let written = repo.insert(child).await?;
                        Ok(Output::Record(Arc::new(written)).into())
                    })
                }
                "merge" => {
                    let inner = multi(repo, &step["steps"]).await?;
                    built.merge(move |_| inner)
                }
                "append" => built.append(multi(repo, &step["steps"]).await?),
                "prepend" => built.prepend(multi(repo, &step["steps"]).await?),
                other => panic!("the operation {other} is unknown"),
            };
        }
        Ok(built)
    })
}

pub(super) fn atom(json: &Json) -> Json {
    json.clone()
}

pub(super) fn run_ok(changes: &Changes, uses: &str) -> Result<Outcome, RunError> {
    let mut seen: Vec<Value> = changes.iter().map(|(name, _)| text::value(&name_json(name))).collect();
    seen.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
    let record: Record = changes.get(uses)?;
    let map = Map::from([("id", record.value("id").clone()), ("seen", Value::List(seen))]);
    Ok(Value::Map(map).into())
}

pub(super) fn multi_result(done: Result<Changes, MultiError>) -> Result<Json, Stop> {
    let outcome = |outcome: &Outcome| match outcome {
        Outcome::Output(output) => text::of_output(output),
        Outcome::Rows(count, rows) => counted((*count, rows.clone())),
        Outcome::Any(_) => Json::Null,
    };
    let all =
        |changes: &Changes| text::pairs(changes.iter().map(|(name, done)| (name_json(name), outcome(done))));
    match done {
        Ok(changes) => Ok(json!({"$tuple": ["ok", all(&changes)]})),
        Err(MultiError::Failed { name, failure, changes }) => {
            let failure = match failure {
                Failure::Invalid(parts) => text::of_changeset(&Parts::clone(&parts)),
                Failure::Value(value) => outcome(&value),
            };
            Ok(json!({"$tuple": ["error", name_json(&name), failure, all(&changes)]}))
        }
        Err(MultiError::Error(error)) => Err(error.into()),
    }
}
