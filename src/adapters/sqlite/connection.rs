//! A connection, and where its work is done: in a thread of its own, or, if it is short, where it is asked for.
//!
//! SQLite waits for disks and locks, which a task must not. So each connection has a thread, and goes there with a piece of
//! work and comes back with what came of it: one message there, one back. To wake a thread and to be woken takes several
//! times as long as to find a row by its key; work that is known to be short ([`SqliteConnection::here`]) is done in place.

use super::SqliteOptions;
use super::options::PATIENCE;
use super::run::script;
use rusqlite::{Connection, ErrorCode};
use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// How many instructions of SQLite's machine pass between two looks at whether to go on.
const STRIDE: i32 = 200;

/// How often it is looked before something is not short.
const SHORT: usize = 10;

type Job = Box<dyn FnOnce() + Send>;

/// A connection of SQLite.
pub struct SqliteConnection {
    /// There unless the thread has it.
    sqlite: Option<Box<Connection>>,
    /// Where it comes back from work that nobody waits for any more.
    away: Option<oneshot::Receiver<Box<Connection>>>,
    watch: Arc<Watch>,
    jobs: mpsc::Sender<Job>,
    is_shared: bool,
    /// Whether a transaction is open.
    pub(super) open: bool,
    /// Whether a transaction was dropped without an end: it is undone before anything else happens.
    pub(super) undo: bool,
}

/// Who tells a statement that runs to stop.
struct Watch {
    given_up: AtomicBool,
    /// How many more looks it may take.
    left: AtomicUsize,
}

impl Watch {
    /// Whether to stop.
    fn stops(&self) -> bool {
        // One at a time runs statements, so nothing comes between the two.
        let left = self.left.load(Ordering::Relaxed);
        self.left.store(left.saturating_sub(1), Ordering::Relaxed);
        left == 0 || self.given_up.load(Ordering::Relaxed)
    }
}

thread_local! {
    /// In the thread of a connection, who tells it to stop.
    static OWN: RefCell<Option<Arc<Watch>>> = const { RefCell::new(None) };
}

/// The longest pause between two tries to get a lock.
const PAUSE: Duration = Duration::from_millis(50);

/// Waits for others that write, unless nobody waits for this one: what was given up must not be done when they are ready.
fn is_patient(tries: i32) -> bool {
    let tries = u32::try_from(tries).unwrap_or(u32::MAX);
    let given_up =
        |own: &Option<Arc<Watch>>| own.as_ref().is_some_and(|watch| watch.given_up.load(Ordering::Relaxed));
    if PAUSE.saturating_mul(tries) >= PATIENCE || OWN.with_borrow(given_up) {
        return false;
    }
    std::thread::sleep(Duration::from_millis(1 << tries.min(6)).min(PAUSE));
    !OWN.with_borrow(given_up)
}

/// Opens a database. Two who turn the journal of a new file into a log at the same time would wait for each other: there SQLite has
/// one of them be busy at once, who begins anew.
fn opened(options: &SqliteOptions) -> rusqlite::Result<Connection> {
    let start = Instant::now();
    let mut tries = 0;
    loop {
        match options.open() {
            Err(error) if is_busy(&error) && start.elapsed() < PATIENCE && is_patient(tries) => tries += 1,
            opened => return opened,
        }
    }
}

/// That somebody waits; dropped, the work is given up.
struct Waits<'a>(Option<&'a Watch>);

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        if let Some(watch) = self.0 {
            watch.given_up.store(true, Ordering::Relaxed);
        }
    }
}

impl fmt::Debug for SqliteConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.open { "SqliteConnection(in a transaction)" } else { "SqliteConnection" })
    }
}

/// That the thread is gone.
fn gone<E>(_: E) -> sqlx::Error {
    sqlx::Error::WorkerCrashed
}

/// Whether others are in the way.
pub(super) fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

/// Whether it was stopped.
pub(super) fn is_stopped(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted)
}

impl SqliteConnection {
    /// Starts a thread and has it open a database.
    pub(super) async fn open(options: SqliteOptions) -> Result<rusqlite::Result<Self>, sqlx::Error> {
        let (jobs, work) = mpsc::channel::<Job>();
        std::thread::Builder::new()
            .name("ectomorph-sqlite".to_owned())
            .spawn(move || work.into_iter().for_each(|job| job()))?;
        let watch = Arc::new(Watch { given_up: AtomicBool::new(false), left: AtomicUsize::new(usize::MAX) });
        let (is_shared, looks) = (options.is_shared(), watch.clone());
        let (answer, answered) = oneshot::channel();
        let open = move || {
            OWN.set(Some(looks.clone()));
            let opened = opened(&options).and_then(|sqlite| {
                sqlite.busy_handler(Some(is_patient))?;
                sqlite.progress_handler(STRIDE, Some(move || looks.stops()));
                Ok(sqlite)
            });
            answer.send(opened.map(Box::new)).ok();
        };
        jobs.send(Box::new(open)).map_err(gone)?;
        let mut waits = Waits(Some(&watch));
        let opened = answered.await.map_err(gone)?;
        waits.0 = None;
        drop(waits);
        Ok(opened.map(|sqlite| SqliteConnection {
            sqlite: Some(sqlite),
            away: None,
            watch,
            jobs,
            is_shared,
            open: false,
            undo: false,
        }))
    }

    /// Does something short: `None` if it turns out not to be, and then nothing was done; or if the connection is not here.
    /// Who would have to wait for others is [busy](is_busy) at once.
    pub(super) fn here<T>(&mut self, work: impl FnOnce(&Connection) -> T) -> Option<T> {
        let sqlite = self.sqlite.as_deref().filter(|_| !self.is_shared && !self.undo)?;
        sqlite.busy_timeout(Duration::ZERO).ok()?;
        let done = work(sqlite);
        sqlite.busy_handler(Some(is_patient)).ok()?;
        Some(done)
    }

    /// The same, for what can be stopped after some time without a trace: what reads.
    pub(super) fn here_within<T>(&mut self, work: impl FnOnce(&Connection) -> T) -> Option<T> {
        self.watch.left.store(SHORT, Ordering::Relaxed);
        let done = self.here(work);
        self.watch.left.store(usize::MAX, Ordering::Relaxed);
        done
    }

    /// Has the thread do something. It is stopped if nobody waits for it any more.
    pub(super) async fn there<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&Connection) -> T + Send + 'static,
    ) -> Result<T, sqlx::Error> {
        let answered = self.start(work).await?;
        self.finish(answered).await
    }

    /// Gives the thread something to do.
    pub(super) async fn start<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&Connection) -> T + Send + 'static,
    ) -> Result<oneshot::Receiver<T>, sqlx::Error> {
        let sqlite = self.back().await?;
        let (answer, answered) = oneshot::channel();
        let (home, away) = oneshot::channel();
        let job = move || {
            let done = work(&sqlite);
            // Home before the answer, which is waited for. Where nobody is there any more, it is closed.
            home.send(sqlite).ok();
            answer.send(done).ok();
        };
        self.away = Some(away);
        self.jobs.send(Box::new(job)).map_err(gone)?;
        Ok(answered)
    }

    /// Waits for the answer.
    pub(super) async fn finish<T>(&mut self, answered: oneshot::Receiver<T>) -> Result<T, sqlx::Error> {
        let mut waits = Waits(Some(&self.watch));
        let done = answered.await;
        waits.0 = None;
        drop(waits);
        self.sqlite = Some(self.back().await?);
        done.map_err(gone)
    }

    /// The connection, which may still be away with what was given up.
    async fn back(&mut self) -> Result<Box<Connection>, sqlx::Error> {
        if let Some(sqlite) = self.sqlite.take() {
            return Ok(sqlite);
        }
        let away = self.away.as_mut().ok_or(sqlx::Error::WorkerCrashed)?;
        let back = away.await;
        // What has answered, if only that nobody comes back any more, can't be asked again.
        self.away = None;
        self.watch.given_up.store(false, Ordering::Relaxed);
        back.map_err(gone)
    }

    /// Whether it may be used again: it is here or comes back, and its thread is there.
    pub(super) async fn lives(&mut self) -> Result<(), sqlx::Error> {
        self.settle().await?;
        self.sqlite = Some(self.back().await?);
        Ok(())
    }

    /// Undoes what a transaction left that was dropped.
    pub(super) async fn settle(&mut self) -> Result<(), sqlx::Error> {
        if !self.undo {
            return Ok(());
        }
        // Some errors end a transaction by themselves, and then there is none to undo.
        let undo = |sqlite: &Connection| match sqlite.is_autocommit() {
            true => Ok(()),
            false => script(sqlite, "ROLLBACK"),
        };
        self.there(undo).await?.map_err(super::link::error)?;
        (self.undo, self.open) = (false, false);
        Ok(())
    }

    /// Closes it.
    pub(super) async fn shut(&mut self) -> Result<(), sqlx::Error> {
        let sqlite = self.back().await?;
        let (answer, answered) = oneshot::channel();
        let close = move || {
            drop(sqlite);
            answer.send(()).ok();
        };
        self.jobs.send(Box::new(close)).map_err(gone)?;
        answered.await.map_err(gone)
    }
}

impl Drop for SqliteConnection {
    fn drop(&mut self) {
        // Closing may write; and nobody has to wait for it.
        if let Some(sqlite) = self.sqlite.take() {
            self.jobs.send(Box::new(move || drop(sqlite))).ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Never ends.
    const LONG: &str =
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";

    async fn connection(url: &str) -> SqliteConnection {
        SqliteConnection::open(url.parse().unwrap()).await.unwrap().unwrap()
    }

    #[tokio::test]
    async fn a_new_file_is_opened_by_many_at_the_same_time() {
        let folder = std::env::temp_dir().join(format!("ectomorph-new-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        for number in 0..50 {
            let url = format!("sqlite://{}/{number}.db", folder.display());
            let open = || SqliteConnection::open(url.parse().unwrap());
            let (one, two, three, four) = tokio::join!(open(), open(), open(), open());
            for opened in [one, two, three, four] {
                opened.unwrap().unwrap().shut().await.unwrap();
            }
        }
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[tokio::test]
    async fn what_turns_out_to_be_long_is_stopped_in_place_and_leaves_no_trace() {
        let mut connection = connection("sqlite::memory:").await;
        let long = connection.here_within(|sqlite| script(sqlite, LONG)).unwrap();
        assert!(is_stopped(&long.unwrap_err()));
        let insert = "CREATE TABLE tags (name text); INSERT INTO tags VALUES ('rust')";
        assert_eq!(connection.here_within(|sqlite| script(sqlite, insert)), Some(Ok(())));
        // Nothing is left of the limit.
        let many = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 10000) SELECT count(*) FROM n";
        assert_eq!(connection.here(|sqlite| script(sqlite, many)), Some(Ok(())));
    }

    #[tokio::test]
    async fn work_that_is_given_up_is_stopped_and_the_connection_comes_back() {
        let mut connection = connection("sqlite::memory:").await;
        for _ in 0..3 {
            let work = connection.there(|sqlite| script(sqlite, LONG));
            assert!(tokio::time::timeout(Duration::from_millis(20), work).await.is_err());
            assert!(connection.here(|_| ()).is_none(), "the thread has it");
            assert_eq!(connection.there(|sqlite| script(sqlite, "SELECT 1")).await.unwrap(), Ok(()));
            assert!(connection.here(|_| ()).is_some());
        }
    }

    #[tokio::test]
    async fn what_is_given_up_while_it_waits_for_others_is_not_done_after_them() {
        let folder = std::env::temp_dir().join(format!("ectomorph-late-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let url = format!("sqlite://{}/late.db", folder.display());
        let (mut one, mut other) = (connection(&url).await, connection(&url).await);
        let begin = "CREATE TABLE tags (name text); BEGIN IMMEDIATE";
        assert_eq!(one.there(move |sqlite| script(sqlite, begin)).await.unwrap(), Ok(()));
        let insert = other.there(|sqlite| script(sqlite, "INSERT INTO tags VALUES ('late')"));
        assert!(tokio::time::timeout(Duration::from_millis(20), insert).await.is_err());
        // It comes back while the others still have the lock.
        let back = tokio::time::timeout(Duration::from_secs(5), other.lives()).await;
        assert!(matches!(back, Ok(Ok(()))), "{back:?}");
        assert_eq!(one.there(|sqlite| script(sqlite, "COMMIT")).await.unwrap(), Ok(()));
        let count = |sqlite: &Connection| {
            sqlite.query_row("SELECT count(*) FROM tags", [], |row| row.get::<_, i64>(0))
        };
        assert_eq!(one.there(count).await.unwrap(), Ok(0));
        one.shut().await.unwrap();
        other.shut().await.unwrap();
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[tokio::test]
    async fn a_connection_that_was_lost_with_its_thread_is_not_used_again() {
        let mut connection = connection("sqlite::memory:").await;
        assert!(connection.lives().await.is_ok());
        let lost = connection.there::<()>(|_| panic!("on purpose")).await;
        assert!(matches!(lost, Err(sqlx::Error::WorkerCrashed)), "{lost:?}");
        for _ in 0..2 {
            assert!(connection.here(|_| ()).is_none());
            assert!(connection.there(|_| ()).await.is_err());
            assert!(connection.lives().await.is_err());
        }
    }

    #[tokio::test]
    async fn who_would_have_to_wait_in_place_is_busy_at_once() {
        let folder = std::env::temp_dir().join(format!("ectomorph-busy-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let url = format!("sqlite://{}/busy.db", folder.display());
        let (mut one, mut other) = (connection(&url).await, connection(&url).await);
        assert_eq!(one.here(|sqlite| script(sqlite, "BEGIN IMMEDIATE")), Some(Ok(())));
        let refused = other.here(|sqlite| script(sqlite, "BEGIN IMMEDIATE")).unwrap().unwrap_err();
        assert!(is_busy(&refused));
        let waits = other.there(|sqlite| script(sqlite, "BEGIN IMMEDIATE"));
        let ends = async {
            tokio::time::sleep(Duration::from_millis(20)).await;
            one.there(|sqlite| script(sqlite, "COMMIT")).await
        };
        let (begun, ended) = tokio::join!(waits, ends);
        assert_eq!((begun.unwrap(), ended.unwrap()), (Ok(()), Ok(())));
        one.shut().await.unwrap();
        other.shut().await.unwrap();
        std::fs::remove_dir_all(folder).unwrap();
    }
}
