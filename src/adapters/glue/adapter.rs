//! The contract of adapters, kept.

use super::prepare::Cache;
use super::state::State;
use crate::adapter::{
    Adapter, AdapterError, Answer, Begin, Capability, Cursor, Environment, Outcome, Query, Statement, Task,
    Transaction,
};
use crate::adapters::define::Gate;
use crate::adapters::refusal::refused;
use crate::query::Operation;
use crate::store::Database;
use crate::value::{Str, Value};
use core::task::{Context, Poll, Waker};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A database in this program: tables of the [store](crate::store), queried by our own code and by GlueSQL.
///
/// Clones are the same database. While a transaction is open, statements outside of it wait for its end.
#[derive(Clone)]
pub struct Glue {
    shared: Arc<Mutex<State>>,
    /// Lets one migrator in at a time.
    pub(super) gate: Gate,
}

/// Who runs the joins of a query. Both give the same rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Executor {
    /// GlueSQL, where it gives what SQL asks; our own code otherwise, and on wasm32, which has no other.
    #[default]
    GlueSql,
    /// Our own code.
    Own,
}

impl Glue {
    /// An adapter on a database.
    pub fn new(mut database: Database, environment: Arc<dyn Environment>) -> Glue {
        let clock = environment.clone();
        database.set_functions(Arc::new(move |name| function(name, &*clock)));
        Glue {
            gate: Gate::default(),
            shared: Arc::new(Mutex::new(State {
                database,
                cache: Cache::default(),
                environment,
                joins: Executor::default(),
                open: None,
                next: 1,
                marks: Vec::new(),
                aborted: false,
                waiting: Vec::new(),
                settling: None,
                refused: Vec::new(),
            })),
        }
    }

    /// Says who runs the joins that both executors can.
    pub fn set_executor(&self, executor: Executor) {
        self.lock().joins = executor;
    }

    /// Looks at the database, or changes it past all queries: for imports and tests. Nothing else runs meanwhile.
    ///
    /// Within a transaction what is done belongs to it.
    pub fn with_database<T>(&self, work: impl FnOnce(&mut Database) -> T) -> T {
        work(&mut self.lock().database)
    }

    /// Puts what is in a file of [`Database::export`] in the place of everything: done when it is as durable as asked for.
    pub fn import<'a>(&'a self, file: &'a [u8]) -> Task<'a, Outcome<()>> {
        self.alone(move |state| state.database.import(file).map_err(refused))
    }

    /// The number of the transaction that is open.
    #[cfg(all(target_arch = "wasm32", feature = "glue"))]
    pub(super) fn open_transaction(&self) -> Option<u64> {
        self.lock().open
    }

    /// Does something with all that is behind the lock.
    pub(super) fn with_state<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A statement that panicked was undone by nobody, but statements don't panic; data is whole in any case.
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something as soon as no transaction of others is open.
    pub(super) fn soon<'a, T: Send + 'a>(
        &self,
        own: Option<u64>,
        work: impl FnOnce(&mut State) -> Outcome<T> + Send + 'a,
    ) -> Task<'a, Outcome<T>> {
        let mut work = Some(work);
        {
            let mut state = self.lock();
            if (state.open == own || state.open.is_none())
                && let Some(work) = work.take()
            {
                return Task::ready(run(&mut state, own, work));
            }
        }
        let adapter = self.clone();
        Task::later(core::future::poll_fn(move |context| {
            let mut state = adapter.lock();
            if state.open.is_some() && state.open != own && !state.settled(context) {
                state.waiting.push(context.waker().clone());
                return Poll::Pending;
            }
            match work.take() {
                Some(work) => Poll::Ready(run(&mut state, own, work)),
                None => Poll::Pending,
            }
        }))
    }
}

/// Within a transaction nothing runs after an error until a savepoint is rolled back, as in PostgreSQL.
fn run<T>(state: &mut State, own: Option<u64>, work: impl FnOnce(&mut State) -> Outcome<T>) -> Outcome<T> {
    if own.is_none() {
        return work(state);
    }
    if state.open != own {
        return Err(AdapterError::query("the transaction is over"));
    }
    if state.aborted {
        return Err(AdapterError::Aborted);
    }
    let outcome = work(state);
    state.aborted = outcome.is_err();
    outcome
}

fn statement(state: &mut State, statement: Statement<'_>) -> Outcome<Answer> {
    match statement {
        Statement::Query(query) => state.query(query.plan, &query.params, query.into),
        Statement::Insert(insert) => state.insert(insert),
        Statement::InsertAll(insert) => state.insert_all(insert),
        Statement::Update(update) => state.update(update),
        Statement::Delete(delete) => state.delete(delete),
    }
}

impl Glue {
    /// Does something that is a transaction of its own: it is done when what it wrote is as durable as asked for.
    pub(super) fn alone<'a, T: Send + 'a>(
        &self,
        work: impl FnOnce(&mut State) -> Outcome<T> + Send + 'a,
    ) -> Task<'a, Outcome<T>> {
        let adapter = self.clone();
        let mut given = Some(work);
        let mut answer = None;
        let mut step = move |context: &mut Context<'_>| {
            let mut state = adapter.lock();
            if let Some(work) = given.take() {
                if state.open.is_some() && !state.settled(context) {
                    given = Some(work);
                    state.waiting.push(context.waker().clone());
                    return Poll::Pending;
                }
                match written(&mut state, work) {
                    Ok(done) => answer = Some(done),
                    Err(error) => return Poll::Ready(Err(error)),
                }
            }
            let Some((number, done)) = answer.take() else { return Poll::Pending };
            if state.settling == Some(number) && !state.settled(context) {
                answer = Some((number, done));
                return Poll::Pending;
            }
            Poll::Ready(state.outcome(number).map(|()| done))
        };
        // Most databases answer at once, and then there is nothing to wait for.
        match step(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(outcome) => Task::ready(outcome),
            Poll::Pending => Task::later(core::future::poll_fn(step)),
        }
    }
}

/// Does something in a transaction whose end is then to be settled.
fn written<T>(state: &mut State, work: impl FnOnce(&mut State) -> Outcome<T>) -> Outcome<(u64, T)> {
    let number = begin(state)?;
    match work(state) {
        Ok(answer) => {
            state.settling = Some(number);
            Ok((number, answer))
        }
        Err(error) => {
            state.open = None;
            state.database.rollback().map_err(refused)?;
            state.wake();
            Err(error)
        }
    }
}

/// Whether a statement only reads.
fn reads(statement: &Statement<'_>) -> bool {
    match statement {
        Statement::Query(query) => {
            matches!(query.plan.operation, Operation::All | Operation::InsertAll)
        }
        _ => false,
    }
}

impl Adapter for Glue {
    fn name(&self) -> &str {
        "glue"
    }

    fn supports(&self, _: Capability) -> bool {
        true
    }

    fn run<'a>(&'a self, given: Statement<'a>) -> Task<'a, Outcome> {
        if reads(&given) {
            self.soon(None, move |state| statement(state, given))
        } else {
            self.alone(move |state| statement(state, given))
        }
    }

    fn stream<'a>(&'a self, query: Query<'a>, size: usize) -> Task<'a, Outcome<Box<dyn Cursor>>> {
        self.soon(None, move |state| state.stream(query, size))
    }

    fn begin(&self) -> Task<'_, Outcome<Arc<dyn Transaction>>> {
        let adapter = self.clone();
        self.soon(None, move |state| {
            Ok(Arc::new(GlueTransaction { number: begin(state)?, adapter }) as Arc<dyn Transaction>)
        })
    }

    fn begin_with(&self, _: Begin) -> Task<'_, Outcome<Arc<dyn Transaction>>> {
        // Transactions run one after the other, which is more than any level asks for.
        self.begin()
    }

    fn describe(&self, statement: &Statement<'_>) -> String {
        match statement.source() {
            Some(source) => format!("{} {source}", statement.name()),
            None => statement.name().to_owned(),
        }
    }
}

pub(super) fn begin(state: &mut State) -> Outcome<u64> {
    state.database.begin().map_err(refused)?;
    let number = state.next;
    state.next += 1;
    state.open = Some(number);
    state.aborted = false;
    state.marks.clear();
    Ok(number)
}

/// An open transaction.
pub(super) struct GlueTransaction {
    pub(super) number: u64,
    pub(super) adapter: Glue,
}

impl GlueTransaction {
    /// Ends the transaction, if it is still open.
    fn end(&self, keep: bool) -> Outcome<()> {
        let mut state = self.adapter.lock();
        // What is being made durable is no longer this transaction's to end.
        if state.open != Some(self.number) || state.settling.is_some() {
            return if keep { Err(AdapterError::query("the transaction is over")) } else { Ok(()) };
        }
        let aborted = std::mem::replace(&mut state.aborted, false);
        let ended = if keep && !aborted { state.database.commit() } else { state.database.rollback() };
        if ended.is_err() {
            // A transaction that can't be kept is undone.
            let _ = state.database.rollback();
        }
        state.open = None;
        state.wake();
        ended.map_err(refused)?;
        if keep && aborted { Err(AdapterError::Aborted) } else { Ok(()) }
    }

    /// Does something about savepoints, also when a statement failed.
    fn mark(&self, work: impl FnOnce(&mut State) -> Outcome<()>) -> Task<'_, Outcome<()>> {
        let mut state = self.adapter.lock();
        if state.open != Some(self.number) {
            return Task::ready(Err(AdapterError::query("the transaction is over")));
        }
        Task::ready(work(&mut state))
    }
}

impl Drop for GlueTransaction {
    fn drop(&mut self) {
        let _ = self.end(false);
    }
}

impl Adapter for GlueTransaction {
    fn name(&self) -> &str {
        "glue"
    }

    fn supports(&self, capability: Capability) -> bool {
        self.adapter.supports(capability)
    }

    fn run<'a>(&'a self, given: Statement<'a>) -> Task<'a, Outcome> {
        self.adapter.soon(Some(self.number), move |state| statement(state, given))
    }

    fn stream<'a>(&'a self, query: Query<'a>, size: usize) -> Task<'a, Outcome<Box<dyn Cursor>>> {
        self.adapter.soon(Some(self.number), move |state| state.stream(query, size))
    }

    fn begin(&self) -> Task<'_, Outcome<Arc<dyn Transaction>>> {
        Task::ready(Err(AdapterError::query("a transaction is open: nest with a savepoint")))
    }

    fn describe(&self, statement: &Statement<'_>) -> String {
        self.adapter.describe(statement)
    }
}

impl Transaction for GlueTransaction {
    fn commit(&self) -> Task<'_, Outcome<()>> {
        {
            let mut state = self.adapter.lock();
            if state.open != Some(self.number) || state.aborted {
                drop(state);
                return Task::ready(self.end(true));
            }
            state.settling = Some(self.number);
        }
        let step = move |context: &mut Context<'_>| {
            let mut state = self.adapter.lock();
            if state.settling == Some(self.number) && !state.settled(context) {
                return Poll::Pending;
            }
            Poll::Ready(state.outcome(self.number))
        };
        match step(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(outcome) => Task::ready(outcome),
            Poll::Pending => Task::later(core::future::poll_fn(step)),
        }
    }

    fn rollback(&self) -> Task<'_, Outcome<()>> {
        Task::ready(self.end(false))
    }

    fn savepoint(&self) -> Task<'_, Outcome<()>> {
        self.mark(|state| {
            if state.aborted {
                return Err(AdapterError::Aborted);
            }
            let mark = state.database.savepoint().map_err(refused)?;
            state.marks.push(mark);
            Ok(())
        })
    }

    fn release(&self) -> Task<'_, Outcome<()>> {
        self.mark(|state| {
            if state.aborted {
                return Err(AdapterError::Aborted);
            }
            state.marks.pop();
            Ok(())
        })
    }

    fn rollback_to_savepoint(&self) -> Task<'_, Outcome<()>> {
        self.mark(|state| match state.marks.pop() {
            Some(mark) => {
                state.aborted = false;
                state.database.rollback_to(mark).map_err(refused)
            }
            None => Err(AdapterError::query("there is no savepoint")),
        })
    }
}

/// What a column's default that is a function gives.
fn function(name: &str, environment: &dyn Environment) -> Option<Value> {
    let now = || crate::value::UtcDatetime::from_unix(environment.unix_microseconds(), 6);
    let name = name.trim().trim_end_matches("()").to_ascii_lowercase();
    Some(match name.as_str() {
        "now" | "current_timestamp" | "clock_timestamp" | "statement_timestamp" | "localtimestamp" => {
            Value::UtcDatetime(now()?)
        }
        "current_date" => Value::Date(now()?.naive().date()),
        "current_time" | "localtime" => Value::Time(now()?.naive().time()),
        "gen_random_uuid" | "uuid_generate_v4" => {
            let mut random = [0; 16];
            environment.fill(&mut random);
            let text: Str = crate::types::uuid::v4(random);
            Value::Binary(crate::types::uuid::parse(&text)?.as_slice().into())
        }
        _ => return None,
    })
}
