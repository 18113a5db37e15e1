//! What is told of statements.

use crate::blog::Place;
use ectomorph::Schema;
use ectomorph::adapter::{Instrumented, System};
use ectomorph::query::{field, from, pin, subquery};
use ectomorph::repo::{Options, Repo, RepoError, log};
use ectomorph::schema::HasSchema;
use ectomorph::value::{Map, Value};
use std::sync::{Arc, Mutex};

#[derive(Clone, Debug, PartialEq, Schema)]
#[schema(source = "accounts")]
struct Account {
    id: Option<i64>,
    name: Option<String>,
    #[field(redact)]
    secret: Option<String>,
}

/// A line without how long it took: `db`, and `idle` where it is told how long the connection was; none waits for a connection.
fn timeless(line: &str) -> String {
    let (head, rest) = line.split_once('\n').unwrap();
    let mut words = Vec::new();
    for word in head.split(' ') {
        match word.split_once('=') {
            Some((name @ ("db" | "queue" | "idle"), time)) => {
                let (whole, tenth) = time.strip_suffix("ms").unwrap().split_once('.').unwrap();
                assert!(whole.parse::<u64>().is_ok() && tenth.len() == 1, "{line}");
                words.extend((name != "queue").then_some(name));
            }
            _ => words.push(word),
        }
    }
    format!("{}\n{rest}", words.join(" "))
}

async fn logged<P: Place>(table: &str) -> Option<Vec<String>> {
    let url = P::fresh().await?;
    let adapter = Arc::new(P::connect(&url).await.unwrap());
    let migration = ectomorph::migration::Migration::new(1, "create_accounts").change(|m| {
        m.create("accounts", |t| t.add("name", "string").add("secret", "string"));
        m.create_index(ectomorph::migration::unique_index("accounts", ["name"]));
    });
    let migrator = ectomorph::migration::Migrator::new(adapter.clone(), Arc::new(System), [migration]);
    migrator.migrate(ectomorph::migration::Target::All).await.unwrap();
    // Then a connection lies ready.
    Repo::new(adapter.clone()).all::<Account>(Account::schema()).await.unwrap();
    let lines = Arc::new(Mutex::new(Vec::new()));
    let into = lines.clone();
    let told = Instrumented::new(adapter, Arc::new(System))
        .observe(move |event| into.lock().unwrap().push(log::line(event)))
        .with_text();
    let repo = Repo::new(Arc::new(told));
    let account = |name: &str| Account { id: None, name: Some(name.into()), secret: Some("sesame".into()) };
    let ada: Account = repo.insert(account("Ada")).await.unwrap();
    repo.transaction(async |repo: Repo| -> Result<(), RepoError> {
        repo.update_all(from(Account::schema()).set("secret", "sesame").set("name", "Ada"), &[]).await?;
        Ok(())
    })
    .await
    .unwrap();
    let with_secret = |secret: &str| {
        let name = field("name").ne(pin("Eve"));
        from(Account::schema())
            .where_(name)
            .where_(field("secret").eq(pin(secret)).or(field("id").eq(pin(7))))
    };
    repo.all::<Account>(with_secret("sesame")).await.unwrap();
    let ids = from("accounts").where_(field("id").in_(subquery(with_secret("sesame").select(field("id")))));
    repo.all::<i64>(ids.where_(field("name").eq(pin("Bob"))).select(field("id"))).await.unwrap();
    let rows = [Map::from([("name", "Bob"), ("secret", "sesame")])];
    repo.insert_all(Account::schema(), rows).await.unwrap();
    assert!(repo.insert(account("Ada")).await.is_err());
    let rules = ectomorph::Rules::cast([Account::secret]);
    let changeset = rules.apply(ada.clone(), &Map::from([("secret", "sesame!")]));
    repo.update_with(changeset, &Options::new()).await.unwrap();
    repo.delete(ada).await.unwrap();
    let lines: Vec<_> = lines.lock().unwrap().iter().map(|line| timeless(line)).collect();
    for line in &lines {
        assert!(!line.contains("sesame"), "{line}");
        assert!(line.contains(" db idle\n") || line.contains(" db\n"), "{line}");
    }
    let sources = lines.iter().filter(|line| line.starts_with(&format!("QUERY OK source={table:?}"))).count();
    assert_eq!(sources, lines.len() - 3, "{lines:#?}");
    Some(lines)
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn statements_are_logged_as_ecto_does_without_what_is_redacted() {
    use ectomorph::adapters::postgres::Postgres;
    let Some(lines) = logged::<Postgres>("accounts").await else { return };
    let hidden = "\"**redacted**\"";
    let ok = "QUERY OK source=\"accounts\" db idle\n";
    let within = "QUERY OK source=\"accounts\" db\n";
    let insert = r#"INSERT INTO "accounts" ("name","secret") VALUES ($1,$2)"#;
    let columns = r#"a0."id", a0."name", a0."secret" FROM "accounts" AS a0"#;
    let found = r#"WHERE (a0."name" != $1) AND ((a0."secret" = $2) OR (a0."id" = $3))"#;
    let nested = r#"WHERE (a0."id" IN (SELECT sa0."id" FROM "accounts" AS sa0 WHERE (sa0."name" != $1) AND ((sa0."secret" = $2) OR (sa0."id" = $3)))) AND (a0."name" = $4)"#;
    assert_eq!(
        lines,
        [
            format!("{ok}{insert} RETURNING \"id\" [\"Ada\", {hidden}]"),
            "QUERY OK db idle\nbegin []".to_owned(),
            format!(
                "{within}UPDATE \"accounts\" AS a0 SET \"secret\" = $1, \"name\" = $2 [{hidden}, \"Ada\"]"
            ),
            "QUERY OK db\ncommit []".to_owned(),
            format!("{ok}SELECT {columns} {found} [\"Eve\", {hidden}, 7]"),
            format!("{ok}SELECT a0.\"id\" FROM \"accounts\" AS a0 {nested} [\"Eve\", {hidden}, 7, \"Bob\"]"),
            format!("{ok}{insert} [\"Bob\", {hidden}]"),
            format!(
                "QUERY ERROR source=\"accounts\" db idle\n{insert} RETURNING \"id\" [\"Ada\", {hidden}]\n\
                 unique constraint `accounts_name_index` of `accounts` is violated"
            ),
            format!("{ok}UPDATE \"accounts\" SET \"secret\" = $1 WHERE \"id\" = $2 [{hidden}, 1]"),
            format!("{ok}DELETE FROM \"accounts\" WHERE \"id\" = $1 [1]"),
        ]
    );
}

#[cfg(feature = "mysql")]
#[tokio::test]
async fn statements_of_mysql_are_logged_without_what_is_redacted() {
    logged::<ectomorph::adapters::mysql::MySql>("accounts").await;
}

#[cfg(feature = "sqlite")]
#[tokio::test]
async fn statements_of_sqlite_are_logged_without_what_is_redacted() {
    logged::<ectomorph::adapters::sqlite::Sqlite>("accounts").await.unwrap();
}

#[tokio::test]
async fn statements_of_the_database_in_memory_are_logged_without_what_is_redacted() {
    let lines = logged::<ectomorph::adapters::glue::Glue>("accounts").await.unwrap();
    assert_eq!(lines[0], "QUERY OK source=\"accounts\" db\ninsert accounts [\"Ada\", \"**redacted**\"]");
}

/// What somebody heard who listens to `tracing`.
#[cfg(feature = "tracing")]
#[tokio::test]
async fn statements_are_told_to_tracing() {
    use tracing::field::{Field, Visit};
    use tracing::span::{Attributes, Id, Record};
    use tracing::{Event, Level, Metadata, Subscriber};

    #[derive(Clone, Default)]
    struct Listener(Arc<Mutex<Vec<String>>>);

    struct Words(Vec<String>);

    impl Visit for Words {
        fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
            if field.name() != "db" {
                self.0.push(format!("{}={value:?}", field.name()));
            }
        }
    }

    impl Subscriber for Listener {
        fn enabled(&self, metadata: &Metadata<'_>) -> bool {
            metadata.target() == "ectomorph::query" && *metadata.level() == Level::DEBUG
        }
        fn new_span(&self, _: &Attributes<'_>) -> Id {
            Id::from_u64(1)
        }
        fn record(&self, _: &Id, _: &Record<'_>) {}
        fn record_follows_from(&self, _: &Id, _: &Id) {}
        fn event(&self, event: &Event<'_>) {
            let mut words = Words(Vec::new());
            event.record(&mut words);
            self.0.lock().unwrap().push(words.0.join(" | "));
        }
        fn enter(&self, _: &Id) {}
        fn exit(&self, _: &Id) {}
    }

    let listener = Listener::default();
    let heard = listener.0.clone();
    let _guard = tracing::subscriber::set_default(listener);
    let glue = ectomorph::adapters::glue::Glue::connect("tracing").await.unwrap();
    let repo = Repo::new(Arc::new(glue)).observe(log::trace);
    let error = repo.all::<Value>(from("nowhere").select(field("id"))).await.unwrap_err();
    let heard = heard.lock().unwrap().clone();
    let [event] = &heard[..] else { panic!("{heard:?}") };
    let (message, fields) = event.split_once(" | ").unwrap();
    assert!(message.starts_with("message=QUERY ERROR source=\"nowhere\" db="), "{message}");
    assert!(message.ends_with(&format!("ms\nall nowhere []\n{error}")), "{message}");
    assert_eq!(fields, "adapter=\"glue\" | operation=\"all\" | source=\"nowhere\"");
}
