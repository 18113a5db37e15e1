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

#[cfg(test)]
mod tests {
    use super::{Operation, Statement, Way};
    use crate::adapter::Query as Call;
    use crate::query::plan::plan;
    use crate::query::{Direction, Expr, JoinKind, Query, Schemas, field, fragment, from, pin, sum};
    use crate::schema::Field;
    use crate::schema::Schema;
    use crate::types::Type;

    fn way(query: &Query) -> Way {
        let planned = plan(query, Operation::All, &Schemas::new()).unwrap();
        Way::of(Some(&Statement::Query(Call::new(&planned.plan, planned.params))), true)
    }

    #[test]
    fn what_reads_the_row_of_a_key_is_short_and_nothing_else() {
        let text = |name| Field::new(name, Type::String);
        let users =
            Schema::build("User", "users").field(text("name")).field(Field::new("karma", Type::Integer));
        let users = users.finish().unwrap();
        let rates =
            Schema::build("Rate", "rates").field(text("from").primary_key()).field(text("to").primary_key());
        let rates = rates.finish().unwrap();
        let of = |id: i64| from(users.clone()).where_(field("id").eq(pin(id)));
        let rate = from(rates).where_(field("from").eq(pin("eur")));
        let short = [
            of(1),
            of(1).where_(field("name").eq(pin("Ada"))).limit(1),
            of(1).select(field("name")),
            rate.clone().where_(field("to").eq(pin("usd"))),
        ];
        for query in short {
            assert_eq!(way(&query), Way::Key, "{query}");
        }
        let long = [
            from(users.clone()),
            from("users").where_(field("id").eq(pin(1))).select(field("name")),
            from(users.clone()).where_(field("name").eq(pin("Ada"))),
            from(users.clone()).where_(field("id").gt(pin(1))),
            of(1).or_where(field("name").eq(pin("Ada"))),
            of(1).select(sum(field("karma"))),
            of(1).where_(field("karma").gt(fragment::<Expr>("slow()", []))),
            of(1).order_by(Direction::Asc, fragment::<Expr>("slow()", [])),
            of(1).join(JoinKind::Cross, users.clone(), None),
            rate,
        ];
        for query in long {
            assert_eq!(way(&query), Way::Thread, "{query}");
        }
        assert_eq!(Way::of(None, true), Way::Thread);
    }
}
