//! How many rows a table has: it knows that.

use crate::adapters::glue::node::{Env, Node};
use crate::adapters::glue::select::{Aggregate, AggregateFunction, Core, Distinct, Origin};
use crate::value::Value;

impl Core {
    /// What a query gives that counts all rows of a table and does nothing else; `None` if it is another.
    pub(super) fn count_of_all(&self, env: &Env<'_>) -> Option<Value> {
        let ([source], [Node::Slot(0)], Some(grouping)) =
            (self.sources.as_slice(), self.fields.as_slice(), &self.grouping)
        else {
            return None;
        };
        let Origin::Table { table, access } = &source.rows else { return None };
        let [Aggregate { function: AggregateFunction::Count, operand: None, filter: None, .. }] =
            grouping.aggregates.as_slice()
        else {
            return None;
        };
        let is_all = access.is_full()
            && source.filters.is_empty()
            && self.filters.is_empty()
            && self.joins.is_empty()
            && self.windows.is_empty()
            && self.distinct == Distinct::No
            && grouping.keys.is_empty()
            && grouping.having.is_empty();
        let rows = env.tables.get(*table).filter(|_| is_all)?.len();
        Some(Value::Integer(i64::try_from(rows).unwrap_or(i64::MAX)))
    }
}
