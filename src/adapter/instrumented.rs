//! An adapter that tells what it does, and fails when told to.

use super::{
    Adapter, AdapterError, Answer, Begin, Capability, Cursor, Environment, Outcome, Query, Statement, Task,
    Transaction, Waited,
};
use std::sync::Arc;
use std::time::Duration;

/// What an instrumented adapter tells.
#[derive(Debug)]
pub struct Event<'a> {
    /// The adapter's name.
    pub adapter: &'a str,
    /// `all`, `insert`, ... ([`Statement::name`]), or `begin`, `commit`, `rollback`, `savepoint`, `release`,
    /// `rollback to savepoint`; of migrations `ddl` and `lock`.
    pub operation: &'a str,
    /// The main table.
    pub source: Option<&'a str>,
    /// The statement as the adapter sends it; empty unless [`Instrumented::with_text`].
    pub text: &'a str,
    /// Its params, in order, without those of redacted fields; empty unless [`Instrumented::with_text`].
    pub params: &'a [crate::value::Value],
    /// How many rows, or what went wrong.
    pub result: Result<usize, &'a AdapterError>,
    /// How long it took, once it had a connection.
    pub nanoseconds: u64,
    /// How long it waited for one; of statements in transactions, and where there is no pool, nothing is known.
    pub waited: Option<Waited>,
}

/// Who listens.
pub type Observer = dyn Fn(&Event<'_>) + Send + Sync;

/// Fault injection: given the operation, perhaps an error to answer with; the adapter is then not asked.
///
/// Fail a test's third statement, every commit, or each statement in turn.
pub type Fault = dyn Fn(&str) -> Option<AdapterError> + Send + Sync;

/// Wraps an adapter. Transactions begun through it are wrapped too.
#[derive(Clone)]
pub struct Instrumented<A: ?Sized> {
    inner: Arc<A>,
    probe: Arc<Probe>,
}

struct Probe {
    environment: Arc<dyn Environment>,
    observer: Option<Arc<Observer>>,
    fault: Option<Arc<Fault>>,
    text: bool,
}

impl<A: Adapter + ?Sized> Instrumented<A> {
    /// Wraps `inner`.
    pub fn new(inner: Arc<A>, environment: Arc<dyn Environment>) -> Self {
        Instrumented {
            inner,
            probe: Arc::new(Probe { environment, observer: None, fault: None, text: false }),
        }
    }

    /// Tells `observer` of every statement.
    pub fn observe(self, observer: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Self {
        self.with(|probe| probe.observer = Some(Arc::new(observer)))
    }

    /// Asks `fault` before every statement.
    pub fn fault(self, fault: impl Fn(&str) -> Option<AdapterError> + Send + Sync + 'static) -> Self {
        self.with(|probe| probe.fault = Some(Arc::new(fault)))
    }

    /// Has events carry the text of statements and their params.
    pub fn with_text(self) -> Self {
        self.with(|probe| probe.text = true)
    }

    /// The wrapped adapter.
    pub fn inner(&self) -> &Arc<A> {
        &self.inner
    }

    fn with(self, change: impl FnOnce(&mut Probe)) -> Self {
        let old = &self.probe;
        let mut probe = Probe {
            environment: old.environment.clone(),
            observer: old.observer.clone(),
            fault: old.fault.clone(),
            text: old.text,
        };
        change(&mut probe);
        Instrumented { inner: self.inner, probe: Arc::new(probe) }
    }

    /// What `inner` does, told to the same observer.
    pub(crate) fn around<B: ?Sized>(&self, inner: Arc<B>) -> Instrumented<B> {
        Instrumented { inner, probe: self.probe.clone() }
    }

    /// Runs `task` unless a fault is due, and tells of it.
    pub(crate) fn measured<'a, T: Send + Unpin + 'a>(
        &'a self,
        told: Told,
        count: fn(&T) -> usize,
        task: impl FnOnce() -> Task<'a, Outcome<T>> + Send + 'a,
    ) -> Task<'a, Outcome<T>> {
        if let Some(error) = self.probe.fault.as_ref().and_then(|fault| fault(told.operation)) {
            self.tell(&told, Err(&error), 0, None);
            return Task::ready(Err(error));
        }
        Task::later(async move {
            let start = self.probe.environment.ticks();
            let (outcome, waited) = Waited::heard(task()).await;
            let elapsed = self.probe.environment.ticks().saturating_sub(start);
            let elapsed = elapsed.saturating_sub(waited.map_or(0, |waited| waited.queue));
            self.tell(&told, outcome.as_ref().map(count), elapsed, waited);
            outcome
        })
    }

    fn tell(
        &self,
        told: &Told,
        result: Result<usize, &AdapterError>,
        nanoseconds: u64,
        waited: Option<Waited>,
    ) {
        if let Some(observer) = &self.probe.observer {
            observer(&Event {
                adapter: self.inner.name(),
                operation: told.operation,
                source: told.source.as_deref(),
                text: &told.text,
                params: &told.params,
                result,
                nanoseconds,
                waited,
            });
        }
    }

    fn told(&self, statement: &Statement<'_>) -> Told {
        let told = Told::of(statement.name());
        if self.probe.observer.is_none() {
            return told;
        }
        let source = statement.source().map(Box::from);
        if !self.probe.text {
            return Told { source, ..told };
        }
        Told { source, text: self.inner.describe(statement), params: statement.shown_params(), ..told }
    }
}

/// What an event says of its statement, which is gone by then.
pub(crate) struct Told {
    operation: &'static str,
    source: Option<Box<str>>,
    text: String,
    params: Vec<crate::value::Value>,
}

impl Told {
    pub(crate) fn of(operation: &'static str) -> Told {
        Told::saying(operation, String::new())
    }

    /// With the text that is sent.
    pub(crate) fn saying(operation: &'static str, text: String) -> Told {
        Told { operation, source: None, text, params: Vec::new() }
    }
}

impl<A: Adapter + ?Sized + 'static> Adapter for Instrumented<A> {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn supports(&self, capability: Capability) -> bool {
        self.inner.supports(capability)
    }

    fn run<'a>(&'a self, statement: Statement<'a>) -> Task<'a, Outcome> {
        let told = self.told(&statement);
        self.measured(told, |answer: &Answer| answer.count, move || self.inner.run(statement))
    }

    fn run_within<'a>(&'a self, statement: Statement<'a>, time: Duration) -> Task<'a, Outcome> {
        let told = self.told(&statement);
        self.measured(told, |answer: &Answer| answer.count, move || self.inner.run_within(statement, time))
    }

    fn stream<'a>(&'a self, query: Query<'a>, size: usize) -> Task<'a, Outcome<Box<dyn Cursor>>> {
        let told = self.told(&Statement::Query(query.clone()));
        self.measured(told, |_| 0, move || self.inner.stream(query, size))
    }

    fn stream_within<'a>(
        &'a self,
        query: Query<'a>,
        size: usize,
        time: Duration,
    ) -> Task<'a, Outcome<Box<dyn Cursor>>> {
        let told = self.told(&Statement::Query(query.clone()));
        self.measured(told, |_| 0, move || self.inner.stream_within(query, size, time))
    }

    fn begin(&self) -> Task<'_, Outcome<Arc<dyn Transaction>>> {
        self.begin_with(Begin::default())
    }

    fn begin_with(&self, begin: Begin) -> Task<'_, Outcome<Arc<dyn Transaction>>> {
        let begun = self.measured(Told::of("begin"), |_| 0, move || self.inner.begin_with(begin));
        Task::later(async move {
            let inner = begun.await?;
            Ok(Arc::new(self.around(inner)) as Arc<dyn Transaction>)
        })
    }

    fn checkout(&self) -> Task<'_, Outcome<Option<Arc<dyn Adapter>>>> {
        Task::later(async move {
            let inner = self.inner.checkout().await?;
            Ok(inner.map(|inner| Arc::new(self.around(inner)) as Arc<dyn Adapter>))
        })
    }

    fn describe(&self, statement: &Statement<'_>) -> String {
        self.inner.describe(statement)
    }
}

impl<A: Transaction + ?Sized + 'static> Transaction for Instrumented<A> {
    fn commit(&self) -> Task<'_, Outcome<()>> {
        self.measured(Told::of("commit"), |_| 0, || self.inner.commit())
    }

    fn rollback(&self) -> Task<'_, Outcome<()>> {
        self.measured(Told::of("rollback"), |_| 0, || self.inner.rollback())
    }

    fn savepoint(&self) -> Task<'_, Outcome<()>> {
        self.measured(Told::of("savepoint"), |_| 0, || self.inner.savepoint())
    }

    fn release(&self) -> Task<'_, Outcome<()>> {
        self.measured(Told::of("release"), |_| 0, || self.inner.release())
    }

    fn rollback_to_savepoint(&self) -> Task<'_, Outcome<()>> {
        self.measured(Told::of("rollback to savepoint"), |_| 0, || self.inner.rollback_to_savepoint())
    }
}
