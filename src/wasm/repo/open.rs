//! A database that is open: what outlives a request.

use super::answer::{Reply, Shapes};
use super::error::Failed;
use super::exports::find;
use super::world::{Storage, World};
use crate::adapter::now;
use crate::adapters::glue::{Direct, Executor, Glue};
use crate::mistake::Mistake;
use crate::query::Schemas;
use crate::repo::{Output, Repo, Stream};
use crate::rules::NoValidators;
use crate::schema::{Schema, read_schema};
use crate::store::{Database, Durability};
use crate::types::Types;
use crate::value::{Map, Value, notation};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

/// A request that waits for the storage.
type Work = Pin<Box<dyn Future<Output = Result<Reply, Failed>>>>;

/// A database that is open.
pub(super) struct Open {
    pub(super) repo: Repo,
    pub(super) glue: Glue,
    /// The repo of the open transaction.
    pub(super) transaction: RefCell<Option<Repo>>,
    pub(super) shapes: RefCell<Shapes>,
    /// Streams that are not at their end, by their numbers.
    pub(super) streams: RefCell<Streams>,
    /// Short ways, by their numbers.
    pub(super) ways: RefCell<Vec<Direct>>,
    /// Whether the storage may take its time.
    waits: bool,
    /// The request under way, if it waits for the storage. There is one at a time.
    work: RefCell<Option<Work>>,
}

/// Streams by number; a number is given once.
#[derive(Default)]
pub(super) struct Streams {
    open: BTreeMap<i64, Stream<Output>>,
    last: i64,
}

impl Streams {
    pub(super) fn add(&mut self, stream: Stream<Output>) -> i64 {
        self.last += 1;
        self.open.insert(self.last, stream);
        self.last
    }

    /// The stream, which is to be put back unless it is at its end.
    pub(super) fn take(&mut self, number: i64) -> Option<Stream<Output>> {
        self.open.remove(&number)
    }

    pub(super) fn put_back(&mut self, number: i64, stream: Stream<Output>) {
        self.open.insert(number, stream);
    }
}

/// The database that a storage keeps, or an empty one.
fn opened(config: &Map) -> Result<Glue, Failed> {
    let durability = match config.get("durability").and_then(Value::as_str) {
        Some("relaxed") => Durability::Relaxed,
        _ => Durability::Strict,
    };
    let database = match config.get("storage") {
        Some(Value::Integer(number)) => Database::open(Storage(*number as u32), durability)?,
        _ => Database::new(),
    };
    let glue = Glue::new(database, Arc::new(World));
    // Of the two executors only ours is there on wasm32.
    glue.set_executor(Executor::Own);
    Ok(glue)
}

impl Open {
    /// Opens a database as `{"schemas": [..], "storage": number or null, "waits": bool, "durability": ".."}` says; with
    /// `"beside": handle` one that is open already, for somebody else: with schemas, a transaction and streams of their own. Who
    /// calls sees to it that they take turns, also while a transaction is open.
    pub(super) fn new(config: &Map) -> Result<Open, Failed> {
        let mut schemas = Schemas::new();
        for document in config.get("schemas").and_then(Value::as_list).unwrap_or_default() {
            let document =
                notation::decode(document.clone()).map_err(|error| Mistake::new(error.message()))?;
            schemas.add(read_schema(&document, &Types::default(), &NoValidators)?);
        }
        let glue = match config.get("beside") {
            Some(Value::Integer(handle)) => {
                find(*handle as u32).ok_or_else(|| Mistake::new("the repo is closed"))?.glue.clone()
            }
            _ => opened(config)?,
        };
        let repo = Repo::with(Arc::new(glue.clone()), Arc::new(World), schemas);
        Ok(Open {
            repo,
            glue,
            transaction: RefCell::default(),
            shapes: RefCell::default(),
            streams: RefCell::default(),
            ways: RefCell::default(),
            waits: config.get("waits") == Some(&Value::Bool(true)),
            work: RefCell::default(),
        })
    }

    /// Whether the storage may take its time.
    pub(super) fn waits(&self) -> bool {
        self.waits
    }

    /// Does what may have to wait for the storage. If it does, it is kept for [`Open::resume`].
    pub(super) fn run(
        &self,
        work: impl Future<Output = Result<Reply, Failed>> + 'static,
    ) -> Result<Reply, Failed> {
        if !self.waits {
            // Nothing waits, so nothing has to be kept.
            return now(work).unwrap_or(Err(Failed::Waits));
        }
        *self.work.borrow_mut() = Some(Box::pin(work));
        self.resume()
    }

    /// Goes on with the request that waits.
    pub(super) fn resume(&self) -> Result<Reply, Failed> {
        let work = self.work.borrow_mut().take();
        let mut work = work.ok_or_else(|| Mistake::new("no request waits"))?;
        // The host knows when asking again makes sense.
        match work.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(done) => done,
            Poll::Pending => {
                *self.work.borrow_mut() = Some(work);
                Err(Failed::Waits)
            }
        }
    }

    /// Makes durable what is written.
    pub(super) fn flush(&self) -> Result<Reply, Failed> {
        let glue = self.glue.clone();
        self.run(async move {
            poll_fn(|context| glue.with_database(|database| database.poll_flush(context))).await?;
            Ok(Reply::Value(Value::Null))
        })
    }

    /// The repo of a request: that of the open transaction, if it belongs to it.
    pub(super) fn repo(&self, transaction: bool) -> Result<Repo, Failed> {
        if !transaction {
            return Ok(self.repo.clone());
        }
        let repo = self.transaction.borrow().clone();
        repo.ok_or_else(|| Failed::Repo(crate::repo::RepoError::Over))
    }

    /// The schema of that name.
    pub(super) fn schema(&self, name: &str) -> Result<Arc<Schema>, Failed> {
        let found = self.repo.schema(name).cloned();
        found.ok_or_else(|| {
            Mistake::about("the schema `%` is unknown; add it to the schemas of the repo", &[name]).into()
        })
    }
}
