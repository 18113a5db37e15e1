//! Random writes on the store's adapter and on the naive one: results and rows are the same.

use crate::blog::{Post, Still, Tag, User, repo, wait};
use ectomorph::Changeset;
use ectomorph::adapters::glue::Glue;
use ectomorph::changeset::Parts;
use ectomorph::query::{
    Condition, Direction, Expr, Function, Order, Pin, Query, Schemas, TypeSpec, Update, UpdateOp,
};
use ectomorph::repo::{Conflict, Options, Output, Queryable, Repo, RepoError, RowValue, WriteError};
use ectomorph::schema::{HasSchema, Record, RecordState, Slot};
use ectomorph::store::{Column, Database, Ddl, Definition, ForeignKey, Index, Kind};
use ectomorph::value::{Str, Value};
use std::sync::Arc;

/// Numbers that look random; the same for the same seed.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }

    fn id(&mut self) -> i64 {
        i64::try_from(self.below(6)).unwrap_or(0) + 1
    }

    fn one_in(&mut self, chances: u64) -> bool {
        self.below(chances) == 0
    }

    fn text(&mut self, words: &[&str]) -> Value {
        let at = usize::try_from(self.below(words.len() as u64 + 1)).unwrap_or(0);
        words.get(at).map_or(Value::Null, |word| (*word).into())
    }
}

#[derive(Clone, Debug)]
enum Operation {
    InsertUser { id: Option<i64>, name: Value, email: Value, declared: bool, conflict: u64, savepoint: bool },
    UpdateUser { id: i64, field: &'static str, value: Value, lock: Option<i64>, savepoint: bool },
    DeleteUser(i64),
    InsertPost { user: Option<i64>, tags: Vec<Value> },
    MovePosts { below: i64, user: Option<i64> },
    DeleteUsers { above: i64 },
    InsertTags { names: Vec<Value>, conflict: bool },
    Transaction(Vec<Operation>, bool),
}

const NAMES: [&str; 3] = ["Ada", "Alan", "Grace"];
const EMAILS: [&str; 4] = ["a@b", "c@d", "e@f", "g@h"];
const TAGS: [&str; 5] = ["math", "looms", "code", "ships", "bugs"];

fn operation(random: &mut Random, nested: bool) -> Operation {
    let user = |random: &mut Random| (!random.one_in(3)).then(|| random.id());
    match random.below(if nested { 7 } else { 8 }) {
        0 => Operation::InsertUser {
            id: random.one_in(4).then(|| random.id()),
            name: random.text(&NAMES),
            email: random.text(&EMAILS),
            declared: random.one_in(2),
            conflict: random.below(6),
            savepoint: random.one_in(2),
        },
        1 => {
            let email = random.one_in(2);
            Operation::UpdateUser {
                id: random.id(),
                field: if email { "email" } else { "name" },
                value: random.text(if email { &EMAILS } else { &NAMES }),
                lock: random.one_in(3).then(|| random.id() % 3),
                savepoint: random.one_in(2),
            }
        }
        2 => Operation::DeleteUser(random.id()),
        3 => Operation::InsertPost {
            user: user(random),
            tags: (0..random.below(3)).map(|_| random.text(&TAGS)).collect(),
        },
        4 => Operation::MovePosts { below: random.id(), user: user(random) },
        5 => Operation::DeleteUsers { above: random.id() },
        6 => Operation::InsertTags {
            names: (0..random.below(4)).map(|_| random.text(&TAGS)).collect(),
            conflict: random.one_in(2),
        },
        _ => {
            let operations = (0..random.below(5)).map(|_| operation(random, true)).collect();
            Operation::Transaction(operations, random.one_in(3))
        }
    }
}

fn told<T: std::fmt::Debug>(result: Result<T, RepoError>) -> String {
    match result {
        Ok(value) => format!("{value:?}"),
        Err(RepoError::Constraint(undeclared)) => format!("undeclared {}", undeclared.violation.name),
        Err(RepoError::Adapter(ectomorph::adapter::AdapterError::Constraint(violations))) => {
            let names: Vec<&str> = violations.iter().map(|violation| violation.name.as_str()).collect();
            format!("violated {names:?}")
        }
        Err(error) => format!("{}: {error}", error.name()),
    }
}

fn shown(record: &Record) -> String {
    let fields = record.schema().fields().iter().enumerate();
    let slots = fields.map(|(at, field)| match record.slot(at) {
        Slot::Many(records) => {
            format!("{}: {:?}", field.name, records.iter().map(|child| shown(child)).collect::<Vec<_>>())
        }
        slot => format!("{}: {:?}", field.name, slot.value()),
    });
    format!("{} {:?}", record.state.name(), slots.collect::<Vec<_>>())
}

fn blamed(parts: &Parts) -> String {
    let errors: Vec<_> =
        parts.errors.iter().map(|error| format!("{} {}", error.field, error.text())).collect();
    let children = parts.changes.iter().flat_map(|(_, change)| change.changesets()).map(blamed);
    format!("{errors:?} {:?}", children.collect::<Vec<_>>())
}

fn written(result: Result<Record, WriteError<Changeset<Record>>>) -> String {
    match result {
        Ok(record) => shown(&record),
        Err(WriteError::Invalid(changeset)) => format!("invalid {}", blamed(&changeset)),
        Err(WriteError::Failed(error)) => told::<()>(Err(error)),
    }
}

fn set(field: &str, value: Value) -> Update {
    let kind = Some(TypeSpec::Field(0.into(), field.into()));
    Update { op: UpdateOp::Set, field: field.into(), expr: Expr::Pin(Pin { value, kind }) }
}

fn compared(query: impl Queryable, function: Function, id: i64) -> Query {
    let mut query = query.to_query();
    let expr = Expr::Call(
        function,
        vec![Expr::Field(0.into(), "id".into()), Expr::Pin(Pin { value: id.into(), kind: None })],
    );
    query.parts_mut().wheres.push(Condition { or: false, expr });
    query
}

async fn perform(repo: &Repo, operation: &Operation) -> String {
    let savepoint = |on: bool| if on { Options::new().savepoint() } else { Options::new() };
    let loaded = |id: i64| {
        let mut record = Record::new(&User::schema()).with("id", id).with("email", "was");
        record.state = RecordState::Loaded;
        record
    };
    match operation.clone() {
        Operation::InsertUser { id, name, email, declared, conflict, savepoint: on } => {
            let record = Record::new(&User::schema()).with("id", id).with("name", name).with("email", email);
            let mut changeset = Changeset::change(record);
            if declared {
                changeset = changeset.unique_constraint("email");
            }
            let options = match conflict {
                1 => savepoint(on).on_conflict(Conflict::Nothing),
                2 => savepoint(on).on_conflict(Conflict::Nothing).conflict_target(["email"]),
                3 => {
                    let replaced = Conflict::Replace(vec!["name".into(), "email".into()]);
                    savepoint(on).on_conflict(replaced).conflict_target(["email"]).returning_all()
                }
                4 => {
                    let updated = Conflict::Update(vec![set("name", "Upserted".into())]);
                    savepoint(on).on_conflict(updated).conflict_target(["id"]).returning(["name"])
                }
                _ => savepoint(on),
            };
            written(repo.insert_with(changeset, &options).await)
        }
        Operation::UpdateUser { id, field, value, lock, savepoint: on } => {
            let mut changeset =
                Changeset::change(loaded(id)).force_change(field, value).unique_constraint("email");
            if let Some(lock) = lock {
                changeset = changeset.force_change("lock_version", lock).optimistic_lock("lock_version");
            }
            written(repo.update_with(changeset, &savepoint(on).stale_error_field("id")).await)
        }
        Operation::DeleteUser(id) => {
            written(repo.delete_with(loaded(id), &Options::new().stale_error_field("id")).await)
        }
        Operation::InsertPost { user, tags } => {
            let record = Record::new(&Post::schema()).with("title", "x").with("user_id", user);
            let tag = |name: Value| {
                let tag = Changeset::change(Record::new(&Tag::schema()));
                tag.put_change("name", name).unique_constraint("name")
            };
            let tags: Vec<_> = tags.into_iter().map(tag).collect();
            let changeset =
                Changeset::change(record).foreign_key_constraint("user_id").put_assoc("tags", tags);
            written(repo.insert(changeset).await)
        }
        Operation::MovePosts { below, user } => {
            let query = compared(Post::schema(), Function::Lt, below);
            told(repo.update_all(query, &[set("user_id", user.into())]).await)
        }
        Operation::DeleteUsers { above } => {
            told(repo.delete_all(compared(User::schema(), Function::Gt, above)).await)
        }
        Operation::InsertTags { names, conflict } => {
            let rows: Vec<Vec<(Str, RowValue)>> =
                names.into_iter().map(|name| vec![("name".into(), name.into())]).collect();
            let mut options = Options::new().returning_all();
            if conflict {
                options = options.on_conflict(Conflict::Nothing);
            }
            let inserted = repo.insert_all_with::<Arc<Record>>(Tag::schema(), rows, &options).await;
            told(inserted.map(|(count, tags)| {
                (count, tags.map(|tags| tags.iter().map(|tag| shown(tag)).collect::<Vec<_>>()))
            }))
        }
        Operation::Transaction(operations, fails) => {
            let done = repo
                .transaction(async |repo| {
                    let mut results = Vec::new();
                    for operation in &operations {
                        results.push(Box::pin(perform(&repo, operation)).await);
                    }
                    if fails {
                        Err(RepoError::Multi { message: format!("{results:?}") })
                    } else {
                        Ok(results)
                    }
                })
                .await;
            told(done)
        }
    }
}

async fn rows(repo: &Repo) -> String {
    let mut all = String::new();
    let tables = [
        ("users", &["id", "name", "email", "lock_version"][..]),
        ("posts", &["id", "title", "user_id", "notes"]),
        ("tags", &["id", "name"]),
        ("posts_tags", &["post_id", "tag_id"]),
    ];
    for (table, columns) in tables {
        let mut query = table.to_query();
        let fields = columns.iter().map(|column| Expr::Field(0.into(), (*column).into()));
        query.parts_mut().select = Some(Expr::Tuple(fields.clone().collect()));
        let orders = fields.map(|expr| Order { direction: Direction::Asc, expr }).take(2);
        query.parts_mut().order_bys = orders.collect();
        all += &format!("{table} {:?}\n", repo.all::<Output>(query).await);
    }
    all
}

/// The tables of the blog in the store.
fn glue() -> Repo {
    let key = |name: &str| Column::new(name.to_owned(), Kind::Integer(64));
    let word = |name: &str| Column::new(name.to_owned(), Kind::Text(Some(255)));
    let time = |name: &str| Column::new(name.to_owned(), Kind::NaiveDatetime(0)).not_null();
    let refers = |table: &str, column: &str, to: &str| {
        ForeignKey::new(format!("{table}_{column}_fkey"), [column.to_owned()], to, ["id"])
    };
    let users = Definition::new("users")
        .column(key("id").sequence())
        .column(word("name").not_null())
        .column(word("email"))
        .column(key("lock_version").not_null())
        .column(time("inserted_at"))
        .column(time("updated_at"))
        .primary_key(["id"])
        .index(Index::new("users_email_index", ["email"]).unique());
    let posts = Definition::new("posts")
        .column(key("id").sequence())
        .column(word("title"))
        .column(key("user_id"))
        .column(Column::new("notes", Kind::Json))
        .primary_key(["id"])
        .foreign_key(refers("posts", "user_id", "users"));
    let tags = Definition::new("tags")
        .column(key("id").sequence())
        .column(word("name").not_null())
        .primary_key(["id"])
        .index(Index::new("tags_name_index", ["name"]).unique());
    let posts_tags = Definition::new("posts_tags")
        .column(key("post_id").not_null())
        .column(key("tag_id").not_null())
        .foreign_key(refers("posts_tags", "post_id", "posts"))
        .foreign_key(refers("posts_tags", "tag_id", "tags"));
    let mut database = Database::new();
    for table in [users, posts, tags, posts_tags] {
        database.define(Ddl::CreateTable(table)).expect("a table");
    }
    let adapter = Glue::new(database, Arc::new(Still::default()));
    Repo::with(Arc::new(adapter), Arc::new(Still::default()), Schemas::new())
}

/// Unoptimized, the naive adapter takes its time: it copies the database at each statement.
const SEQUENCES: u64 = if cfg!(debug_assertions) { 1000 } else { 5000 };

#[test]
fn random_writes_give_the_same_on_the_store_as_on_lists() {
    for seed in 1..=SEQUENCES {
        let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let (naive, glue) = (repo(), glue());
        let mut done = Vec::new();
        for _ in 0..12 {
            let operation = operation(&mut random, false);
            done.push(operation.clone());
            let (on_lists, on_store) = (wait(perform(&naive, &operation)), wait(perform(&glue, &operation)));
            assert_eq!(on_store, on_lists, "seed {seed}: {done:#?}");
            assert_eq!(wait(rows(&glue)), wait(rows(&naive)), "seed {seed}: {done:#?}");
        }
    }
}
