//! Hostile texts in databases.

use super::{each_text, places};
use crate::blog::Place;
use ectomorph::Schema;
use ectomorph::adapter::AdapterError;
use ectomorph::migration::{Migration, Migrator, Target};
use ectomorph::query::{
    Key, Operation, Query, constant, field, fragment, from, json, list, pin, pin_list, splice, type_,
};
use ectomorph::repo::{Repo, RepoError, WriteError};
use ectomorph::schema::HasSchema;
use ectomorph::types::Type;
use ectomorph::value::{Map, NaiveDatetime, Value};
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq, Schema)]
#[schema(source = "notes")]
struct Note {
    id: Option<i64>,
    body: Option<String>,
    data: Option<Map>,
    at: Option<NaiveDatetime>,
}

fn tables() -> Migration {
    Migration::new(1, "create_notes").change(|m| {
        m.create("notes", |t| t.add("body", "string").add("data", "map").add("at", "naive_datetime"));
        m.create("canary", |t| t.add("name", "string"));
    })
}

/// An answer, or an error that says what kind it is.
fn typed<T>(place: &str, text: &str, outcome: Result<T, RepoError>) -> Option<T> {
    match outcome {
        Ok(value) => Some(value),
        Err(
            RepoError::Query(_)
            | RepoError::Mistake(_)
            | RepoError::Adapter(
                AdapterError::Query { .. } | AdapterError::Unsupported { .. } | AdapterError::Constraint(_),
            ),
        ) => None,
        // So MySQL says that there is no such prefix.
        Err(RepoError::Adapter(AdapterError::Environment { message }))
            if message.starts_with("Unknown database") =>
        {
            None
        }
        Err(error) => panic!("{place} with {text:?}: {error:?}"),
    }
}

/// Runs whatever takes a text, and looks whether all else is as it was.
async fn everywhere<P: Place>(repo: &Repo, adapter: &P, text: &str) {
    for (place, operation, query) in places::queries(text) {
        match operation {
            Operation::UpdateAll => _ = typed(place, text, repo.update_all(query, &[]).await),
            Operation::DeleteAll => _ = typed(place, text, repo.delete_all(query).await),
            _ => _ = typed(place, text, repo.all::<ectomorph::repo::Output>(query).await),
        }
    }
    for (place, statement) in places::rows(text) {
        // Whatever it writes is undone.
        let transaction = adapter.begin().await.unwrap();
        let done = transaction.run(statement).await.map(drop).map_err(RepoError::Adapter);
        transaction.rollback().await.unwrap();
        typed(place, text, done);
    }
    for (place, commands) in places::commands(text) {
        for command in commands {
            let done = adapter.execute_ddl(&command).await.map(drop).map_err(RepoError::Adapter);
            typed(place, text, done);
        }
    }
}

/// Where a value is written, it comes back, and is found by itself.
async fn values(repo: &Repo, text: &str) {
    let note = Note {
        body: Some(text.to_owned()),
        data: Some(Map::from([(text, Value::from([text]))])),
        ..Note::default()
    };
    let note: Note = match repo.insert(note).await {
        Ok(note) => note,
        Err(WriteError::Failed(error)) => {
            assert!(typed("value", text, Err::<(), _>(error)).is_none());
            assert!(text.contains('\0'), "{text:?} is a value like others");
            return;
        }
        Err(other) => panic!("{text:?}: {other:?}"),
    };
    let id = note.id.unwrap();
    assert_eq!(repo.get_required::<Note>(id).await.unwrap(), note);
    let finds = |place: &'static str, query: Query| async move {
        if let Some(ids) = typed(place, text, repo.all::<i64>(query.select(field("id"))).await) {
            assert_eq!(ids, [id], "{place} with {text:?}");
        }
    };
    let notes = || from(Note::schema());
    let body = || field("body");
    finds("pin", notes().where_(body().eq(pin(text)))).await;
    finds("literal", notes().where_(body().eq(text))).await;
    finds("pinned list", notes().where_(body().in_(pin_list([text])))).await;
    finds("list", notes().where_(body().in_(list([text])))).await;
    finds("type", notes().where_(body().eq(type_(pin(text), Type::String)))).await;
    finds("fragment", notes().where_(fragment("? = ?", [body(), pin(text)]))).await;
    finds("constant", notes().where_(fragment("? = ?", [body(), constant(text)]))).await;
    finds("splice", notes().where_(fragment("? in (?)", [body(), splice(pin_list([text]))]))).await;
    let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    if repo.adapter().name() != "sqlite" {
        finds("like", notes().where_(body().like(pin(escaped)))).await;
    }
    let path = [Key::Name(text.into()), Key::Index(0)];
    let within = from(Note::schema()).where_(field("id").eq(pin(id))).select(json(field("data"), path));
    match typed("JSON path", text, repo.all::<Value>(within).await).as_deref() {
        None => {}
        // MariaDB 10.11 does not find keys that begin so, however they are written.
        Some([Value::Null]) if text.starts_with('-') && repo.adapter().name() == "mysql" => {}
        // MySQL gives the value as JSON.
        Some([Value::Binary(bytes)]) => {
            let json = ectomorph::params::to_json(&text.into());
            assert_eq!(String::from_utf8_lossy(bytes), json);
        }
        Some([Value::String(found)]) => {
            let json = ectomorph::params::to_json(&text.into());
            assert!(*found == *text || **found == *json, "{text:?}: {found:?}");
        }
        Some(other) => panic!("{text:?}: {other:?}"),
    }
    repo.update_all(notes().where_(body().eq(pin(text))).set("body", format!("{text}!")), &[]).await.unwrap();
    assert_eq!(repo.get_required::<Note>(id).await.unwrap().body, Some(format!("{text}!")));
    assert_eq!(repo.delete_all(notes().where_(field("id").eq(pin(id)))).await.unwrap(), 1);
}

/// Where a name can be written at all, it is the name, to the letter.
async fn names<P: Place>(repo: &Repo, adapter: &P, text: &str) {
    let owned = text.to_owned();
    let create = Migration::new(2, "hostile")
        .up(move |m| _ = m.create(owned.as_str(), |t| t.add(owned.as_str(), "string")));
    let run = create.run(true, &Default::default()).unwrap();
    let [ectomorph::migration::Step::Command(command)] = &run.steps[..] else { panic!("one step") };
    let made = adapter.execute_ddl(command).await.map(drop).map_err(RepoError::Adapter);
    if typed("table", text, made).is_none() {
        return;
    }
    let rows = [Map::from([(text, "here")])];
    assert_eq!(repo.insert_all(text, rows).await.unwrap(), 1, "{text:?}");
    let found = from(text)
        .where_(field(text).eq(pin("here")))
        .group_by(field(text))
        .select(type_(field(text), Type::String));
    assert_eq!(repo.all::<String>(found).await.unwrap(), ["here"], "{text:?}");
    assert_eq!(repo.delete_all(from(text)).await.unwrap(), 1, "{text:?}");
    let drop = ectomorph::migration::Command::DropTable {
        table: text.into(),
        mode: Default::default(),
        if_exists: false,
    };
    adapter.execute_ddl(&drop).await.unwrap();
}

fn hostile_texts_do_nothing<P: Place>(cases: u32) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (repo, adapter) = {
        let Some(url) = runtime.block_on(P::fresh()) else { return };
        let adapter = Arc::new(runtime.block_on(P::connect(&url)).unwrap());
        let system = Arc::new(ectomorph::adapter::System);
        runtime.block_on(Migrator::new(adapter.clone(), system, [tables()]).migrate(Target::All)).unwrap();
        (Repo::new(adapter.clone()), adapter)
    };
    runtime.block_on(repo.insert_all("canary", [Map::from([("name", "alive")])])).unwrap();
    each_text(cases, |text| {
        // A table of that name may be dropped by that name.
        if text.trim().eq_ignore_ascii_case("canary") {
            return;
        }
        runtime.block_on(async {
            // What a text before this one left where it failed.
            repo.delete_all("notes").await.unwrap();
            values(&repo, text).await;
            names(&repo, &*adapter, text).await;
            everywhere(&repo, &*adapter, text).await;
            let alive = from("canary").where_(field("name").eq(pin("alive")));
            assert_eq!(repo.count(alive).await.unwrap(), 1, "{text:?}");
            assert_eq!(repo.count("notes").await.unwrap(), 0, "{text:?}");
        });
    });
}

#[cfg(feature = "sqlite")]
#[test]
fn hostile_texts_do_nothing_in_sqlite() {
    hostile_texts_do_nothing::<ectomorph::adapters::sqlite::Sqlite>(30);
}

#[cfg(feature = "postgres")]
#[test]
fn hostile_texts_do_nothing_in_postgres() {
    hostile_texts_do_nothing::<ectomorph::adapters::postgres::Postgres>(40);
}

#[cfg(feature = "mysql")]
#[test]
fn hostile_texts_do_nothing_in_mysql() {
    hostile_texts_do_nothing::<ectomorph::adapters::mysql::MySql>(25);
}
