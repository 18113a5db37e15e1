//! SQL Server, as far as it goes without one: everything up to the text that is sent and down from the bytes that come
//! back. No SQL is run here.

mod server;

use crate::blog::User;
use ectomorph::adapter::{Adapter, AdapterError, Begin, Isolation, System, ViolationKind};
use ectomorph::adapters::mssql::MsSql;
use ectomorph::adapters::server::Config;
use ectomorph::migration::{Migrate, Migration, Migrator, Target};
use ectomorph::query::Schemas;
use ectomorph::repo::{Repo, WriteError};
use ectomorph::value::{Date, Decimal, Map, NaiveDatetime, Time, UtcDatetime, Value};
use server::{Log, Reply, start};
use std::sync::Arc;

fn config(port: u16) -> Config {
    let url = format!("mssql://sa:secret@127.0.0.1:{port}/hello?encrypt=off");
    Config::url(url).unwrap().pool_size(2)
}

async fn connected(reply: impl Fn(&str) -> Reply + Send + Sync + 'static) -> (MsSql, Log) {
    let (port, log) = start(reply);
    (MsSql::connect_with(config(port)).await.unwrap(), log)
}

/// What was sent; without the pool's questions whether somebody is there.
fn sent(log: &Log) -> Vec<String> {
    let mut log = log.lock().unwrap();
    std::mem::take(&mut *log).into_iter().filter(|text| text != "SELECT 1").collect()
}

#[tokio::test]
async fn values_of_every_kind_go_through_the_protocol_and_back() {
    let (mssql, log) = connected(|_| Reply::Echo).await;
    let naive = NaiveDatetime::from_iso("2024-02-29T23:59:59.123456").unwrap();
    let long = "long ".repeat(5000);
    let params: Vec<Value> = vec![
        Value::Null,
        true.into(),
        i64::MIN.into(),
        (-0.5).into(),
        "Zoë's 你好 🦀".into(),
        long.as_str().into(),
        Decimal::parse("-12345.678").unwrap().into(),
        Decimal::parse("9999999999999999999999999999999999").unwrap().into(),
        Value::Binary([0, 255, 16].as_slice().into()),
        Value::Binary(vec![7; 9000].as_slice().into()),
        Value::Binary(std::array::from_fn::<u8, 16, _>(|at| u8::try_from(at).unwrap()).as_slice().into()),
        Date::new(2024, 2, 29).unwrap().into(),
        Time::new(23, 59, 59, 999_999, 6).unwrap().into(),
        naive.into(),
        UtcDatetime::new(naive).into(),
    ];
    let answer = mssql.query("SELECT @1, '@2'", params.clone()).await.unwrap();
    assert_eq!(answer.rows, [params]);
    assert_eq!(sent(&log), ["SELECT @P1, '@2'"]);
}

#[tokio::test]
async fn a_password_that_is_wrong_is_said_and_not_shown() {
    let (port, _) = start(|_| Reply::Count(0));
    let error = MsSql::connect_with(config(port).password("sesame")).await.unwrap_err();
    let message = "Login failed for user 'sa'.: see that username and password are right";
    assert_eq!(error, AdapterError::environment(message));
    let shown = config(port).password("sesame").show_sensitive_data_on_connection_error();
    let error = MsSql::connect_with(shown).await.unwrap_err().to_string();
    assert!(error.contains("127.0.0.1") && !error.contains("sesame"), "{error}");
    let error =
        Repo::connect(format!("mssql://sa:secret@127.0.0.1:{port}/x?encrypt=maybe")).await.unwrap_err();
    assert!(error.to_string().contains("`encrypt=maybe` is nothing that is understood"), "{error}");
}

#[cfg(feature = "tls")]
#[tokio::test]
async fn a_server_that_encrypts_nothing_is_refused_unless_that_is_asked_for() {
    let (port, _) = start(|_| Reply::Count(0));
    let error = MsSql::connect(format!("mssql://sa:secret@127.0.0.1:{port}/hello")).await.unwrap_err();
    let expected = "Server does not allow the requested encryption level";
    assert!(error.to_string().contains(expected), "{error}");
}

#[tokio::test]
async fn an_insert_answers_with_its_key_and_a_violation_is_an_error_of_the_changeset() {
    let (mssql, log) = connected(|text| match text.contains("INSERT INTO [users]") {
        true => Reply::Numbers(vec![1001]),
        false => Reply::Error(
            2601,
            "Cannot insert duplicate key row in object 'dbo.users' with unique index 'users_email_index'. The duplicate key value is (a@x).",
        ),
    })
    .await;
    let repo = Repo::with(Arc::new(mssql), Arc::new(System), Schemas::new());
    let ada = || Map::from([("name", "Ada"), ("email", "a@x")]);
    let user = repo.insert(User::registration().apply(User::default(), &ada())).await.unwrap();
    assert_eq!((user.id, user.name.as_deref()), (Some(1001), Some("Ada")));
    let sent = sent(&log);
    assert_eq!(sent.len(), 1, "{sent:?}");
    assert!(sent[0].starts_with("INSERT INTO [users] ("), "{sent:?}");
    assert!(sent[0].ends_with(") OUTPUT INSERTED.[id] VALUES (@P1,@P2,@P3,@P4)"), "{sent:?}");
    let changes = Map::from([("email", "b@x")]);
    match repo.update(User::registration().apply(user, &changes)).await {
        Err(WriteError::Invalid(changeset)) => {
            let errors = &changeset.errors;
            assert_eq!(
                (errors[0].field.as_str(), errors[0].message.as_str()),
                ("email", "has already been taken")
            );
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn transactions_have_levels_savepoints_and_one_end() {
    let (mssql, log) = connected(|text| match text.contains("broken") {
        true => Reply::Error(547, "The INSERT statement conflicted with the CHECK constraint \"positive\"."),
        false => Reply::Count(1),
    })
    .await;
    let begin = Begin { isolation: Some(Isolation::Serializable), ..Begin::default() };
    let transaction = mssql.begin_with(begin).await.unwrap();
    transaction.savepoint().await.unwrap();
    let repo = Repo::with(transaction_adapter(&transaction), Arc::new(System), Schemas::new());
    let error = repo.insert_all("broken", [Map::from([("n", 1)])]).await.unwrap_err();
    assert!(error.to_string().contains("positive"), "{error}");
    // Nothing runs until the savepoint is gone back to.
    assert!(repo.insert_all("tags", [Map::from([("n", 1)])]).await.is_err());
    transaction.rollback_to_savepoint().await.unwrap();
    repo.insert_all("tags", [Map::from([("n", 2)])]).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(
        sent(&log),
        [
            "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; BEGIN TRANSACTION",
            "SAVE TRANSACTION ectomorph_1",
            "INSERT INTO [broken] ([n]) VALUES (@P1)",
            "ROLLBACK TRANSACTION ectomorph_1",
            "INSERT INTO [tags] ([n]) VALUES (@P1)",
            "COMMIT TRANSACTION",
        ]
    );
}

#[tokio::test]
async fn a_transaction_that_is_dropped_is_undone_before_its_connection_does_anything_else() {
    let (port, log) = start(|_| Reply::Count(0));
    let mssql = MsSql::connect_with(config(port).pool_size(1)).await.unwrap();
    drop(mssql.begin().await.unwrap());
    mssql.begin().await.unwrap().rollback().await.unwrap();
    let begin = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; BEGIN TRANSACTION";
    let undo = "IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION";
    assert_eq!(sent(&log), [begin, undo, begin, undo]);
}

/// A transaction as the adapter of a repo.
fn transaction_adapter(
    transaction: &Arc<dyn ectomorph::adapter::Transaction>,
) -> Arc<dyn ectomorph::adapter::Adapter> {
    transaction.clone()
}

#[tokio::test]
async fn a_stream_reads_on_where_it_was() {
    let next = std::sync::atomic::AtomicI64::new(0);
    let (mssql, log) = connected(move |text| match text.contains("FETCH NEXT") {
        true => {
            let from = next.fetch_add(2, std::sync::atomic::Ordering::Relaxed);
            Reply::Numbers((from..(from + 2).min(3)).collect())
        }
        false => Reply::Count(0),
    })
    .await;
    let repo = Repo::with(Arc::new(mssql), Arc::new(System), Schemas::new());
    let query = ectomorph::query!(from u in User, select: u.id);
    let options = ectomorph::repo::Options::new().max_rows(2);
    let mut stream = repo.stream::<i64>(query, &options).await.unwrap();
    let mut ids = Vec::new();
    while let Some(id) = stream.next().await.unwrap() {
        ids.push(id);
    }
    assert_eq!(ids, [0, 1, 2]);
    let sent = sent(&log);
    assert!(sent[1].starts_with("DECLARE ectomorph_cursor_"), "{sent:?}");
    assert!(sent[1].contains(
        "CURSOR GLOBAL FORWARD_ONLY STATIC READ_ONLY FOR SELECT u0.[id] FROM [users] AS u0; OPEN "
    ));
    assert!(sent[4].starts_with("CLOSE ectomorph_cursor_"), "{sent:?}");
}

#[tokio::test]
async fn migrators_take_a_lock_and_their_commands_are_in_a_transaction() {
    let (mssql, log) = connected(|text| match text.starts_with("SELECT [version]") {
        true => Reply::Numbers(Vec::new()),
        false => Reply::Count(1),
    })
    .await;
    let migration = Migration::new(20240101000000, "create_tags").change(|m| {
        m.create("tags", |t| t.add("name", "string"));
    });
    let migrator = Migrator::new(Arc::new(mssql.clone()), Arc::new(System), [migration]);
    assert!(mssql.supports_ddl_transaction());
    assert_eq!(migrator.migrate(Target::All).await.unwrap(), [20240101000000]);
    let sent = sent(&log);
    let place = |part: &str| {
        sent.iter().position(|text| text.contains(part)).unwrap_or_else(|| panic!("{part} in {sent:#?}"))
    };
    let lock = place("EXEC sp_getapplock @Resource = N'ectomorph_[schema_migrations]'");
    let create = place("CREATE TABLE [tags]");
    let version = place("INSERT INTO [schema_migrations]");
    assert!(lock < create && create < version, "{sent:#?}");
}

#[tokio::test]
async fn a_connection_that_ends_is_an_error_of_the_environment_and_the_next_is_new() {
    let (mssql, _) = connected(|text| match text.contains("gone") {
        true => Reply::Gone,
        false => Reply::Count(3),
    })
    .await;
    let repo = Repo::with(Arc::new(mssql.clone()), Arc::new(System), Schemas::new());
    let error = mssql.query("SELECT 'gone'", Vec::new()).await.unwrap_err();
    assert!(matches!(error, AdapterError::Environment { .. }), "{error:?}");
    assert_eq!(repo.insert_all("tags", [Map::from([("n", 1)])]).await.unwrap(), 3);
}

#[tokio::test]
async fn violations_say_which_column_is_null() {
    let (mssql, _) = connected(|_| {
        Reply::Error(
            515,
            "Cannot insert the value NULL into column 'name', table 'hello.dbo.users'; column does not allow nulls. INSERT fails.",
        )
    })
    .await;
    let repo = Repo::with(Arc::new(mssql), Arc::new(System), Schemas::new());
    let error = repo.insert_all("users", [Map::from([("n", 1)])]).await.unwrap_err();
    let ectomorph::repo::RepoError::Adapter(AdapterError::Constraint(violations)) = error else {
        panic!("{error:?}");
    };
    assert_eq!((violations[0].kind, violations[0].name.as_str()), (ViolationKind::NotNull, "name"));
    assert_eq!(violations[0].table, "users");
}
