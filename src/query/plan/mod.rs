//! Plans: what a query is to an adapter.
//!
//! [`plan`] resolves a query against schemas, as Ecto's planner does. The [`Plan`] holds no values of params: it is
//! the shape of the query, and two queries that differ in params alone have equal plans with the same
//! [key](Plan::key), by which adapters keep what they prepare.

mod assoc;
mod cache;
mod check;
mod columns;
mod inner;
mod key;
mod loads;
mod output;
mod planner;
mod preloads;
mod prepared;
mod resolve;
mod select;
mod sources;
mod tree;
mod types;

pub use cache::Plans;
pub use preloads::unknown_preload;
pub use prepared::Prepared;
pub use select::{AssocRow, Build, Postprocess};
pub use tree::{
    Assignment, Column, Condition, CteRows, Expr, Field, Join, Key, Load, Operation, Order, Over, Piece,
    Plan, PlanCte, PlanDistinct, Source, Window,
};

use super::error::QueryError;
use super::schemas::Schemas;
use super::tree::{Preload, Query};
use crate::value::Value;
use alloc::sync::Arc;
use alloc::vec::Vec;
use planner::{Planner, Use};

/// A query ready to run.
#[derive(Clone, Debug)]
pub struct Planned {
    /// What the adapter runs.
    pub plan: Arc<Plan>,
    /// The params, cast and dumped, in the order of [`Expr::Param`].
    pub params: Vec<Value>,
    /// What a row becomes; `None` for writes that select nothing.
    pub select: Option<Arc<Postprocess>>,
    /// Associations to read afterwards.
    pub preloads: Vec<Preload>,
}

/// Resolves a query.
///
/// # Errors
///
/// As Ecto: fields and associations that its schemas have not, params that can't be cast, clauses that the operation
/// does not admit, and so on.
pub fn plan(query: &Query, operation: Operation, schemas: &Schemas) -> Result<Planned, QueryError> {
    let (key, _) = key::shape(query, operation)?;
    let query = ready(query, operation, schemas)?;
    let mut planner = Planner::new(schemas);
    let done = planner.query(&query, operation, usage(operation))?;
    let (plan, select) = planner::finished(done, key);
    let preloads = query.parts().preloads.clone();
    Ok(Planned { plan: Arc::new(plan), params: planner.params, select: select.map(Arc::new), preloads })
}

/// The query with what it selects where it reads and does not say.
fn ready(query: &Query, operation: Operation, schemas: &Schemas) -> Result<Query, QueryError> {
    let mut query = query.clone();
    if matches!(operation, Operation::All | Operation::InsertAll) {
        check::ensure_select(&mut query).map_err(|error| error.in_query(|| query.text_with(schemas)))?;
    }
    Ok(query)
}

fn usage(operation: Operation) -> Use {
    Use::Rows { keep_literals: operation == Operation::InsertAll }
}
