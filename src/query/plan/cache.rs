//! Plans kept by the shape of their queries.

use super::planner::{self, Planner};
use super::tree::{Key, Operation, Plan};
use super::types::Kind;
use super::{Planned, Postprocess, key};
use crate::query::error::QueryError;
use crate::query::schemas::Schemas;
use crate::query::tree::Query;
use crate::value::Value;
use alloc::sync::Arc;
use alloc::vec::Vec;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// How many plans are kept. Queries put together from outside could make any number of shapes.
const MAX_PLANS: usize = 1_000;

/// Plans kept by the shape of their queries: of a shape seen before only the params are cast.
///
/// One belongs to one set of schemas.
///
/// ```
/// use ectomorph::query::{Operation, Plans, Schemas, field, from, pin};
/// let (plans, schemas) = (Plans::new(), Schemas::new());
/// let named = |name: &str| from("users").where_(field("name").eq(pin(name))).select(field("id"));
/// let ada = plans.plan(&named("Ada"), Operation::All, &schemas)?;
/// let eve = plans.plan(&named("Eve"), Operation::All, &schemas)?;
/// assert!(std::sync::Arc::ptr_eq(&ada.plan, &eve.plan));
/// assert_eq!(eve.params, ["Eve".into()]);
/// # Ok::<(), ectomorph::query::QueryError>(())
/// ```
#[derive(Debug, Default)]
pub struct Plans {
    by_key: Mutex<HashMap<Key, Arc<Kept>>>,
}

#[derive(Debug)]
struct Kept {
    plan: Arc<Plan>,
    select: Option<Arc<Postprocess>>,
    slots: Vec<Slot>,
}

/// Where a param comes from.
#[derive(Debug)]
enum Slot {
    /// The pin of that number in the order of [`key::shape`], cast.
    Pin(usize, Kind),
    /// A value that is part of the query or of a schema.
    Constant(Value),
}

/// Where the params of a query come from, found out while it is planned.
#[derive(Default)]
pub(super) struct Slots {
    /// The pins of the query in order, by where they are in memory; a copy of a pin is none of them.
    pins: HashMap<usize, usize>,
    all: Vec<Slot>,
    /// Whether a param came from a copy, of which nothing is known.
    is_incomplete: bool,
}

impl Slots {
    fn of(pins: &[&Value]) -> Slots {
        let count = pins.len();
        let pins: HashMap<usize, usize> =
            pins.iter().enumerate().map(|(at, value)| (address(value), at)).collect();
        // A subquery that stands in the query twice: next time there may be two, with values of their own.
        let is_incomplete = pins.len() < count;
        Slots { pins, all: Vec::new(), is_incomplete }
    }

    pub(super) fn add_pin(&mut self, value: &Value, kind: &Kind) {
        match self.pins.get(&address(value)) {
            Some(at) => self.all.push(Slot::Pin(*at, kind.clone())),
            None => self.is_incomplete = true,
        }
    }

    pub(super) fn add_constant(&mut self, value: &Value) {
        self.all.push(Slot::Constant(value.clone()));
    }
}

fn address(value: &Value) -> usize {
    core::ptr::from_ref(value) as usize
}

impl Plans {
    /// No plans yet.
    pub fn new() -> Plans {
        Plans::default()
    }

    /// As [`plan`](super::plan()), with the plan of the last query of this shape if there was one.
    ///
    /// # Errors
    ///
    /// As [`plan`](super::plan()).
    pub fn plan(
        &self,
        query: &Query,
        operation: Operation,
        schemas: &Schemas,
    ) -> Result<Planned, QueryError> {
        let (key, pins) = key::shape(query, operation)?;
        if let Some(kept) = self.kept().get(&key).cloned()
            && let Some(params) = kept.params(&pins)
        {
            let preloads = query.parts().preloads.clone();
            return Ok(Planned { plan: kept.plan.clone(), params, select: kept.select.clone(), preloads });
        }
        // A null may be forbidden where it stands, and what can't be cast is told by the planner.
        self.plan_anew(query, operation, schemas, key)
    }

    fn plan_anew(
        &self,
        query: &Query,
        operation: Operation,
        schemas: &Schemas,
        key: Key,
    ) -> Result<Planned, QueryError> {
        // With its select, the planner need not copy the query, and finds the pins where they are.
        let query = super::ready(query, operation, schemas)?;
        let (_, pins) = key::shape(&query, operation)?;
        let mut planner = Planner::new(schemas);
        planner.slots = Slots::of(&pins);
        let done = planner.query(&query, operation, super::usage(operation))?;
        let (plan, select) = planner::finished(done, key);
        let (plan, select) = (Arc::new(plan), select.map(Arc::new));
        let Planner { params, slots, .. } = planner;
        if !slots.is_incomplete {
            let kept = Kept { plan: plan.clone(), select: select.clone(), slots: slots.all };
            let mut plans = self.kept();
            if plans.len() >= MAX_PLANS {
                plans.clear();
            }
            plans.insert(plan.key.clone(), Arc::new(kept));
        }
        let preloads = query.parts().preloads.clone();
        Ok(Planned { plan, params, select, preloads })
    }

    /// How many plans are kept.
    pub fn len(&self) -> usize {
        self.kept().len()
    }

    /// Whether none is kept.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, HashMap<Key, Arc<Kept>>> {
        self.by_key.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn params(&self, pins: &[&Value]) -> Option<Vec<Value>> {
        if pins.iter().any(|value| value.is_null()) {
            return None;
        }
        let param = |slot: &Slot| match slot {
            Slot::Pin(at, kind) => kind.convert(pins.get(*at)?),
            Slot::Constant(value) => Some(value.clone()),
        };
        self.slots.iter().map(param).collect()
    }
}
