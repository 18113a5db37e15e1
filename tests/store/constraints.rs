//! Keys, checks, not-null, kinds, sequences, and statements that happen or don't.

use crate::{broken, create, numbers, put, rows, with};
use ectomorph::expr::field;
use ectomorph::store::{Column, Database, Definition, Index, Kind, Outcome};
use ectomorph::value::{Decimal, Value};

#[test]
fn a_key_is_there_once_and_nulls_differ_unless_asked_otherwise() {
    let mut same_nulls = Index::new("same", ["c"]).unique();
    same_nulls.nulls_distinct = false;
    let definition =
        numbers("t", &["a", "b", "c"]).index(Index::new("pair", ["a", "b"]).unique()).index(same_nulls);
    let (mut database, t) = with(definition);
    put(&mut database, t, &[Some(1), Some(1), Some(1), Some(1)]).unwrap();
    assert_eq!(
        broken(put(&mut database, t, &[Some(1), None, None, None])),
        ("unique_violation", "t_pkey".into())
    );
    assert_eq!(
        broken(put(&mut database, t, &[Some(2), Some(1), Some(1), None])),
        ("unique_violation", "pair".into())
    );
    put(&mut database, t, &[Some(2), Some(1), None, None]).unwrap();
    put(&mut database, t, &[Some(3), Some(1), None, Some(3)]).unwrap();
    assert_eq!(
        broken(put(&mut database, t, &[Some(4), None, None, None])),
        ("unique_violation", "same".into())
    );
    assert_eq!(rows(&database, t).len(), 3);
}

#[test]
fn a_partial_index_is_unique_among_the_rows_it_has() {
    let definition =
        numbers("t", &["a", "live"]).index(Index::new("live_a", ["a"]).unique().filter(field("live").eq(1)));
    let (mut database, t) = with(definition);
    put(&mut database, t, &[Some(1), Some(7), Some(1)]).unwrap();
    put(&mut database, t, &[Some(2), Some(7), Some(0)]).unwrap();
    put(&mut database, t, &[Some(3), Some(7), None]).unwrap();
    assert_eq!(
        broken(put(&mut database, t, &[Some(4), Some(7), Some(1)])),
        ("unique_violation", "live_a".into())
    );
    let second = database.table(t).unwrap().get(&[2.into()]).unwrap().0;
    assert_eq!(broken(database.update(t, second, vec![(2, 1.into())])).0, "unique_violation");
    let first = database.table(t).unwrap().get(&[1.into()]).unwrap().0;
    database.update(t, first, vec![(2, 0.into())]).unwrap();
    assert_eq!(database.update(t, second, vec![(2, 1.into())]), Ok(true));
    let table = database.table(t).unwrap();
    assert_eq!(table.find(table.index("live_a").unwrap(), &[7.into()]).unwrap().0, second);
}

#[test]
fn not_null_comes_before_checks_and_these_come_by_name_before_keys() {
    let definition = Definition::new("t")
        .column(Column::new("a", Kind::Integer(64)).not_null())
        .column(Column::new("b", Kind::Integer(64)))
        .primary_key(["a"])
        .check("z_small", field("b").lt(10))
        .check("b_positive", field("b").gt(0));
    let (mut database, t) = with(definition);
    put(&mut database, t, &[Some(1), None]).unwrap();
    assert_eq!(broken(put(&mut database, t, &[None, Some(-1)])), ("not_null_violation", "a".into()));
    assert_eq!(broken(put(&mut database, t, &[Some(1), Some(-1)])), ("check_violation", "b_positive".into()));
    assert_eq!(broken(put(&mut database, t, &[Some(1), Some(10)])), ("check_violation", "z_small".into()));
    assert_eq!(broken(put(&mut database, t, &[Some(1), Some(5)])), ("unique_violation", "t_pkey".into()));
}

#[test]
fn values_are_stored_as_their_column_has_them() {
    for (kind, value, stored) in [
        (Kind::Float, Value::from(1), Value::from(1.0)),
        (Kind::Decimal(Some((5, 2))), Value::from(1.005), Decimal::parse("1.01").into()),
        (Kind::Decimal(Some((5, 2))), Value::from(-7), Decimal::parse("-7.00").into()),
        (Kind::Decimal(Some((5, 2))), Decimal::parse("0.004").into(), Decimal::parse("0.00").into()),
        (Kind::Text(Some(2)), "né".into(), "né".into()),
        (Kind::Binary, "a".into(), Value::Binary([b'a'].as_slice().into())),
        (Kind::List(Box::new(Kind::Float)), Value::from([1, 2]), Value::from([1.0, 2.0])),
    ] {
        let admitted = kind.admit(value).unwrap();
        assert_eq!(format!("{admitted:?}"), format!("{stored:?}"));
    }
    for (kind, value, words) in [
        (Kind::Integer(16), Value::from(40_000), "the integer is out of range"),
        (Kind::Integer(64), Value::from(1.5), "a float is no integer"),
        (
            Kind::Decimal(Some((5, 2))),
            Value::from(1_000),
            "the number has more than 5 digits, 2 after the point",
        ),
        (Kind::Text(Some(1)), "né".into(), "the text has more than 1 characters"),
        (Kind::Uuid, Value::Binary([1].as_slice().into()), "binary data is no uuid of sixteen bytes"),
        (Kind::List(Box::new(Kind::Boolean)), Value::from([1]), "an integer is no boolean"),
    ] {
        assert_eq!(kind.admit(value).unwrap_err().1, words);
    }
}

#[test]
fn sequences_go_on_whatever_becomes_of_the_row() {
    let (mut database, t) = with(numbers("t", &["a"]).check("positive", field("a").gt(0)));
    assert!(database.insert(t, &[1], vec![(-1).into()]).is_err());
    database.begin().unwrap();
    database.insert(t, &[1], vec![5.into()]).unwrap();
    database.rollback().unwrap();
    database.insert(t, &[1], vec![5.into()]).unwrap();
    database.insert(t, &[0, 1], vec![10.into(), 6.into()]).unwrap();
    database.statement(|statement| statement.set_sequence(t, 0, 1001)).unwrap();
    database.insert(t, &[1], vec![7.into()]).unwrap();
    let expected = [[Some(3), Some(5)], [Some(10), Some(6)], [Some(1001), Some(7)]];
    assert_eq!(rows(&database, t), expected);
}

#[test]
fn a_statement_happens_or_does_not() {
    let (mut database, t) = with(numbers("t", &["a"]).index(Index::new("t_a_index", ["a"]).unique()));
    put(&mut database, t, &[Some(1), Some(1)]).unwrap();
    database.begin().unwrap();
    put(&mut database, t, &[Some(2), Some(2)]).unwrap();
    let failed = database.statement(|statement| {
        statement.insert(t, &[0, 1], vec![3.into(), 3.into()])?;
        let first = statement.table(t).unwrap().get(&[1.into()]).unwrap().0;
        statement.delete(t, first)?;
        statement.insert(t, &[0, 1], vec![4.into(), 2.into()])
    });
    assert_eq!(broken(failed), ("unique_violation", "t_a_index".into()));
    assert_eq!(rows(&database, t), [[Some(1), Some(1)], [Some(2), Some(2)]]);
    database.commit().unwrap();
    assert_eq!(rows(&database, t).len(), 2);
}

#[test]
fn a_conflict_is_an_answer_when_asked_for() {
    let (mut database, t) = with(numbers("t", &["a"]).index(Index::new("t_a_index", ["a"]).unique()));
    put(&mut database, t, &[Some(1), Some(7)]).unwrap();
    let there = database.table(t).unwrap().get(&[1.into()]).unwrap().0;
    let index = database.table(t).unwrap().index("t_a_index").unwrap();
    let outcome = database.statement(|statement| statement.try_insert(t, &[1], vec![7.into()], Some(index)));
    let proposed = [Value::from(1), Value::from(7)].into();
    assert_eq!(outcome, Ok(Outcome::Conflict { row: there, index, proposed }));
    // Another key than the one that was asked for is an error still.
    let primary = database.table(t).unwrap().primary().unwrap();
    let failed = database.statement(|statement| statement.try_insert(t, &[1], vec![7.into()], Some(primary)));
    assert_eq!(broken(failed), ("unique_violation", "t_a_index".into()));
    let outcome = database.statement(|statement| statement.try_insert(t, &[1], vec![8.into()], None));
    assert!(matches!(outcome, Ok(Outcome::Inserted(_))));
}

#[test]
fn transactions_do_not_nest_but_savepoints_do() {
    let mut database = Database::new();
    let t = create(&mut database, numbers("t", &[]));
    assert_eq!(database.commit().unwrap_err().to_string(), "no transaction is open");
    database.begin().unwrap();
    assert_eq!(database.begin().unwrap_err().code(), "invalid_transaction_state");
    put(&mut database, t, &[Some(1)]).unwrap();
    let outer = database.savepoint().unwrap();
    put(&mut database, t, &[Some(2)]).unwrap();
    let inner = database.savepoint().unwrap();
    put(&mut database, t, &[Some(3)]).unwrap();
    database.rollback_to(inner).unwrap();
    assert_eq!(rows(&database, t), [[Some(1)], [Some(2)]]);
    database.rollback_to(outer).unwrap();
    assert_eq!(rows(&database, t), [[Some(1)]]);
    database.rollback().unwrap();
    assert!(rows(&database, t).is_empty());
}
