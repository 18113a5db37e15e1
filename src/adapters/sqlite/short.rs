//! Which statements are short enough to be run where they are asked for.

use crate::adapter::Statement;
use crate::query::Function;
use crate::query::plan::{Expr, Operation, Plan, Source};
use crate::schema::Field;
use crate::value::Str;

/// How a statement runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// It reads the row of a key: in place, as long as that is what it turns out to be.
    Key,
    /// It writes a row within a transaction, which has the lock for that: in place. What reaches the disk does when the
    /// transaction ends.
    Row,
    /// In the thread.
    Thread,
}

impl Way {
    /// That of a statement, on a connection that has a transaction open or not.
    pub fn of(statement: Option<&Statement<'_>>, in_transaction: bool) -> Way {
        match statement {
            Some(Statement::Query(query)) if reads_a_key(query.plan) => Way::Key,
            Some(Statement::Insert(_)) if in_transaction => Way::Row,
            _ => Way::Thread,
        }
    }
}

/// Whether a plan reads columns of the one row of a table that has a key, and asks for nothing that takes long.
fn reads_a_key(plan: &Plan) -> bool {
    let [Source::Table { schema: Some(schema), .. }] = &*plan.sources else { return false };
    fn column(expr: &Expr) -> Option<&Str> {
        match expr {
            Expr::Column(column) => Some(&column.name),
            _ => None,
        }
    }
    fn equal(expr: &Expr) -> Option<&Str> {
        match expr {
            Expr::Call(Function::Eq, sides) => match &**sides {
                [side, Expr::Param(_) | Expr::Literal(_)] => column(side),
                _ => None,
            },
            _ => None,
        }
    }
    let is_plain = plan.operation == Operation::All
        && plan.ctes.is_empty()
        && plan.groups.is_empty()
        && plan.havings.is_empty()
        && plan.windows.is_empty()
        && plan.combinations.is_empty()
        && plan.distinct.is_none()
        && plan.orders.is_empty()
        && plan.offset.is_none()
        && plan.fields.iter().all(|field| column(&field.expr).is_some())
        && plan.filters.iter().all(|filter| !filter.or && equal(&filter.expr).is_some());
    let is_given =
        |field: &&Field| plan.filters.iter().any(|filter| equal(&filter.expr) == Some(field.column()));
    let keys = schema.primary_key().len();
    is_plain
        && keys > 0
        && schema.fields().iter().filter(|field| field.primary_key).filter(is_given).count() == keys
}
