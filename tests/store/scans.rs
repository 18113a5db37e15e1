//! Ranges of indexes, in their order.

use crate::{numbers, with};
use ectomorph::store::{Column, Database, Definition, Index, Kind, Range, Table, TableId};
use ectomorph::value::{Decimal, Value};
use proptest::prelude::*;

fn ids(table: &Table, index: &str, range: &Range<'_>) -> Vec<i64> {
    let index = table.index(index).unwrap();
    let forward: Vec<i64> = table.scan(index, range).filter_map(|(_, row)| row[0].as_integer()).collect();
    let mut backward: Vec<i64> =
        table.scan(index, range).rev().filter_map(|(_, row)| row[0].as_integer()).collect();
    backward.reverse();
    assert_eq!(forward, backward);
    assert_eq!(forward.len(), table.count(index, range));
    forward
}

fn pairs() -> (Database, TableId) {
    let definition = numbers("t", &["a", "b", "c"])
        .index(Index::new("ab", ["a", "b"]))
        .index(Index::new("abc", ["a", "b", "c"]));
    let (mut database, t) = with(definition);
    for (a, b) in [
        (Some(1), Some(3)),
        (Some(1), Some(1)),
        (None, Some(2)),
        (Some(2), None),
        (Some(1), None),
        (Some(0), Some(9)),
    ] {
        database.insert(t, &[1, 2, 3], vec![a.into(), b.into(), b.into()]).unwrap();
    }
    (database, t)
}

#[test]
fn the_first_columns_are_equal_and_the_next_lies_between_two_bounds() {
    let (database, t) = pairs();
    let table = database.table(t).unwrap();
    let (one, two, null) = ([Value::from(1)], Value::from(2), [Value::Null]);
    for index in ["ab", "abc"] {
        assert_eq!(ids(table, index, &Range::all()), [6, 2, 1, 5, 4, 3]);
        assert_eq!(ids(table, index, &Range::equal(&one)), [2, 1, 5]);
        assert_eq!(ids(table, index, &Range::equal(&one).from(&two)), [1]);
        assert_eq!(ids(table, index, &Range::equal(&one).to(&two)), [2]);
        assert_eq!(ids(table, index, &Range::equal(&one).from(&one[0]).below(&3.into())), [2]);
        assert_eq!(ids(table, index, &Range::equal(&one).above(&one[0]).to(&3.into())), [1]);
        assert_eq!(ids(table, index, &Range::all().above(&one[0])), [4]);
        assert_eq!(ids(table, index, &Range::all().below(&one[0])), [6]);
        assert_eq!(ids(table, index, &Range::equal(&null)), [3]);
        assert_eq!(ids(table, index, &Range::equal(&[one[0].clone(), Value::Null])), [5]);
        assert_eq!(ids(table, index, &Range::all().above(&two).below(&one[0])), Vec::<i64>::new());
    }
}

#[test]
fn numbers_of_other_kinds_find_their_place() {
    let definition = Definition::new("t")
        .column(Column::new("id", Kind::Integer(64)).sequence())
        .column(Column::new("price", Kind::Decimal(None)))
        .primary_key(["id"])
        .index(Index::new("price", ["price"]));
    let (mut database, t) = with(definition);
    for price in ["-1.5", "0.1", "0.10", "2", "1e30"] {
        database.insert(t, &[1], vec![Decimal::parse(price).into()]).unwrap();
    }
    let table = database.table(t).unwrap();
    assert_eq!(ids(table, "price", &Range::equal(&[0.1.into()])), [2, 3]);
    assert_eq!(ids(table, "price", &Range::all().from(&2.into())), [4, 5]);
    assert_eq!(ids(table, "price", &Range::all().above(&(-2).into()).below(&0.5.into())), [1, 2, 3]);
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        (-3_i64..3).prop_map(Value::from),
        "[ab]{0,2}".prop_map(Value::from),
        "(aaaaaaaaaaaaaa){1}[ab]{0,3}".prop_map(Value::from),
    ]
}

fn known() -> impl Strategy<Value = Value> {
    value().prop_filter("a bound is known", |value| !value.is_null())
}

proptest! {
    #[test]
    fn a_range_has_the_rows_that_a_filter_has(
        given in proptest::collection::vec((value(), value(), value()), 0..60),
        equal in proptest::collection::vec(value(), 0..4),
        from in proptest::option::of(known()),
        to in proptest::option::of(known()),
        width in 1_usize..4,
    ) {
        use ectomorph::store::order;
        let columns = ["a", "b", "c"];
        let mut definition = Definition::new("t").column(Column::new("id", Kind::Integer(64)).sequence());
        for name in columns {
            definition = definition.column(Column::new(name, Kind::Any));
        }
        let index = Index::new("i", columns[..width].iter().copied());
        let (mut database, t) = with(definition.primary_key(["id"]).index(index));
        for (a, b, c) in given {
            database.insert(t, &[1, 2, 3], vec![a, b, c]).unwrap();
        }
        let bounded = equal.len() < width;
        let equal = &equal[..equal.len().min(width)];
        let mut range = Range::equal(equal);
        if let (Some(from), true) = (&from, bounded) {
            range = range.above(from);
        }
        if let (Some(to), true) = (&to, bounded) {
            range = range.to(to);
        }
        let table = database.table(t).unwrap();
        let mut expected: Vec<_> = table.rows().filter(|(_, row)| {
            let key = &row[1..=width];
            let next = key.get(equal.len());
            let above = from.as_ref().filter(|_| bounded).is_none_or(|from| {
                next.is_some_and(|next| order(next, from).is_gt() && !next.is_null())
            });
            let below = to.as_ref().filter(|_| bounded).is_none_or(|to| {
                next.is_some_and(|next| order(next, to).is_le() && !next.is_null())
            });
            key.iter().zip(equal).all(|(a, b)| order(a, b).is_eq()) && above && below
        }).collect();
        expected.sort_by(|(_, a), (_, b)| {
            a[1..=width].iter().zip(&b[1..=width]).map(|(a, b)| order(a, b)).find(|order| order.is_ne())
                .unwrap_or(a[0].as_integer().cmp(&b[0].as_integer()))
        });
        let expected: Vec<i64> = expected.iter().filter_map(|(_, row)| row[0].as_integer()).collect();
        prop_assert_eq!(ids(table, "i", &range), expected);
    }
}
