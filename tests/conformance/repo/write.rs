//! Cases with `steps`: what they give, and what is in the database afterwards.

use super::dataset::Dataset;
use super::{raised, read, schemas, text, wait};
use ectomorph::changeset::{Changeset, Input, Parts};
use ectomorph::query::{Expr, Pin, Query, TypeSpec, Update, UpdateOp};
use ectomorph::repo::{
    Changes, Conflict, Failure, Multi, MultiError, Options, Outcome, Output, Repo, RepoError, RowValue,
    RowsInput, RunError, WriteError,
};
use ectomorph::rules::{CastRelation, ConstraintOptions, Match};
use ectomorph::schema::{Record, RecordState, Relation, Slot};
use ectomorph::value::{Map, Str, Value};
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

/// A new record with fields; those of associations hold records in the notation of results.
fn filled(schema: &Arc<ectomorph::schema::Schema>, fields: &Json) -> Record {
    let mut record = Record::new(schema);
    for (name, json) in fields.as_object().into_iter().flatten() {
        if name.starts_with('$') {
            continue;
        }
        let slot = match (schema.relation(name), json) {
            (Some(relation), Json::Array(list)) => {
                let related = relation.related.schema();
                Slot::Many(list.iter().map(|json| Arc::new(filled(&related, json))).collect())
            }
            (Some(relation), Json::Object(_)) => {
                Slot::One(Some(Arc::new(filled(&relation.related.schema(), json))))
            }
            _ => Slot::Value(text::value(json)),
        };
        assert!(record.set(name, slot), "{name} is a field of {}", schema.name());
    }
    record
}

async fn record_of(repo: &Repo, relation: &Relation, item: &Json) -> Result<Record, Stop> {
    match input_of(repo, relation, item).await? {
        Input::Record(record) => Ok(Arc::unwrap_or_clone(record)),
        _ => panic!("{item} is no record"),
    }
}

async fn input_of(repo: &Repo, relation: &Relation, item: &Json) -> Result<Input, Stop> {
    let _ = relation;
    if let Some(get) = item.get("get") {
        let schema = schemas::get(get[0].as_str().expect("a schema"));
        let found = repo.get_record(&schema, text::value(&get[1])).await?.expect("the record is there");
        return Ok(Input::Record(found));
    }
    if let Some(new) = item.get("new") {
        let schema = schemas::get(new[0].as_str().expect("a schema"));
        return Ok(Input::Record(Arc::new(filled(&schema, &new[1]))));
    }
    if let Some(change) = item.get("change_of") {
        let schema = schemas::get(change[0].as_str().expect("a schema"));
        let found = repo.get_record(&schema, text::value(&change[1])).await?.expect("the record is there");
        let mut changeset = Changeset::<Record>::change(found);
        for (name, value) in change[2].as_object().into_iter().flatten() {
            changeset = changeset.put_change(name.as_str(), text::value(value));
        }
        return Ok(Input::Changeset(Box::new(changeset.into_parts())));
    }
    Ok(match item {
        Json::Null => Input::Null,
        other => Input::Attributes(text::value(other).as_map().cloned().unwrap_or_default()),
    })
}

fn query(step: &Json) -> Result<Query, Stop> {
    let query = read::document(&step["query"]["query"], &step["query"]["params"]);
    Ok(query.map_err(RepoError::from)?)
}

fn updates(json: &Json) -> Vec<Update> {
    let mut updates = Vec::new();
    for (word, fields) in json.as_object().into_iter().flatten() {
        let op = UpdateOp::ALL.into_iter().find(|op| op.name() == word).expect("a kind of update");
        for (field, value) in fields.as_object().into_iter().flatten() {
            let of_field = TypeSpec::Field(0.into(), field.as_str().into());
            let kind = match op {
                UpdateOp::Push | UpdateOp::Pull => TypeSpec::Out(Box::new(of_field)),
                _ => of_field,
            };
            let expr = Expr::Pin(Pin { value: text::value(value), kind: Some(kind) });
            updates.push(Update { op, field: field.as_str().into(), expr });
        }
    }
    updates
}

fn rows(step: &Json) -> Result<RowsInput, Stop> {
    if step.get("query").is_some() {
        return Ok(RowsInput::Query(query(step)?));
    }
    let mut rows = Vec::new();
    for row in step["rows"].as_array().into_iter().flatten() {
        let mut cells: Vec<(Str, RowValue)> = Vec::new();
        for (name, cell) in row.as_object().into_iter().flatten() {
            let value = match cell {
                Json::Array(pair) if pair.first() == Some(&json!("placeholder")) => {
                    RowValue::Placeholder(pair[1].as_str().expect("a key").into())
                }
                Json::Object(object) if object.contains_key("query") => {
                    let query = read::document(&cell["query"], &cell["params"]);
                    RowValue::Query(query.map_err(RepoError::from)?)
                }
                other => RowValue::Value(text::value(other)),
            };
            cells.push((name.as_str().into(), value));
        }
        rows.push(cells);
    }
    Ok(RowsInput::Rows(rows))
}

fn options(step: &Json) -> Options {
    let mut options = Options::new();
    for (key, given) in step["opts"].as_object().into_iter().flatten() {
        let word = || given.as_str().expect("text").to_owned();
        options = match key.as_str() {
            "returning" if given == &Json::Bool(true) => options.returning_all(),
            "returning" => options.returning(names(given)),
            "force" => options.force(),
            "allow_stale" => options.allow_stale(),
            "stale_error_field" => options.stale_error_field(word()),
            "stale_error_message" => options.stale_error_message(word()),
            "mode" => options.savepoint(),
            "prefix" => options.prefix(word()),
            "on_conflict" => options.on_conflict(conflict(given)),
            "conflict_target" => match given {
                Json::String(field) => options.conflict_target([field.as_str()]),
                Json::Array(pair) if pair[0] == "unsafe_fragment" => {
                    options.conflict_fragment(pair[1].as_str().expect("SQL"))
                }
                Json::Array(pair) if pair[0] == "constraint" => {
                    options.conflict_constraint(pair[1].as_str().expect("a name"))
                }
                list => options.conflict_target(names(list)),
            },
            "placeholders" => {
                given.as_object().into_iter().flatten().fold(options, |options, (key, value)| {
                    options.placeholder(key.as_str(), text::value(value))
                })
            }
            other => panic!("the option {other} is unknown"),
        };
    }
    options
}

fn conflict(json: &Json) -> Conflict {
    let fields = || names(&json[1]).into_iter().map(Str::from).collect();
    match (json, json.as_str(), json.get(0).and_then(Json::as_str)) {
        (_, Some("nothing"), _) => Conflict::Nothing,
        (_, Some("replace_all"), _) => Conflict::ReplaceAll,
        (_, Some("raise"), _) => Conflict::Raise,
        (_, _, Some("replace")) => Conflict::Replace(fields()),
        (_, _, Some("replace_all_except")) => Conflict::ReplaceAllExcept(fields()),
        (Json::Object(object), _, _) if object.contains_key("query") => {
            Conflict::Query(read::document(&json["query"], &json["params"]).expect("a query"))
        }
        (Json::Object(_), _, _) => Conflict::Update(updates(json)),
        _ => panic!("{json} is no on_conflict"),
    }
}

/// Names of a multi's operations are any term in Ecto: ours are text, here the JSON of the term.
fn name_of(json: &Json) -> Str {
    text::expected(json).to_string().into()
}

fn name_json(name: &str) -> Json {
    serde_json::from_str(name).unwrap_or_else(|_| json!(name))
}

type Built<'a> = Pinned<Box<dyn Future<Output = Result<Multi, Stop>> + 'a>>;

fn multi<'a>(repo: &'a Repo, steps: &'a Json) -> Built<'a> {
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

fn atom(json: &Json) -> Json {
    json.clone()
}

fn run_ok(changes: &Changes, uses: &str) -> Result<Outcome, RunError> {
    let mut seen: Vec<Value> = changes.iter().map(|(name, _)| text::value(&name_json(name))).collect();
    seen.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
    let record: Record = changes.get(uses)?;
    let map = Map::from([("id", record.value("id").clone()), ("seen", Value::List(seen))]);
    Ok(Value::Map(map).into())
}

fn multi_result(done: Result<Changes, MultiError>) -> Result<Json, Stop> {
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
