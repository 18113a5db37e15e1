use super::{Edited, holds, literal, value};
use crate::expr::{Expr, changed, field};
use crate::value::{Map, Value};

const TRUE: Option<bool> = Some(true);
const FALSE: Option<bool> = Some(false);
const UNKNOWN: Option<bool> = None;

#[test]
fn and_has_the_truth_table_of_sql() {
    for (left, right, expected) in [
        (TRUE, TRUE, TRUE),
        (TRUE, FALSE, FALSE),
        (TRUE, UNKNOWN, UNKNOWN),
        (FALSE, TRUE, FALSE),
        (FALSE, FALSE, FALSE),
        (FALSE, UNKNOWN, FALSE),
        (UNKNOWN, TRUE, UNKNOWN),
        (UNKNOWN, FALSE, FALSE),
        (UNKNOWN, UNKNOWN, UNKNOWN),
    ] {
        assert_eq!(holds(literal(left).and(right)), expected, "{left:?} and {right:?}");
        assert_eq!(value(literal(left).and(right)), Value::from(expected), "{left:?} and {right:?}");
    }
}

#[test]
fn or_has_the_truth_table_of_sql() {
    for (left, right, expected) in [
        (TRUE, TRUE, TRUE),
        (TRUE, FALSE, TRUE),
        (TRUE, UNKNOWN, TRUE),
        (FALSE, TRUE, TRUE),
        (FALSE, FALSE, FALSE),
        (FALSE, UNKNOWN, UNKNOWN),
        (UNKNOWN, TRUE, TRUE),
        (UNKNOWN, FALSE, UNKNOWN),
        (UNKNOWN, UNKNOWN, UNKNOWN),
    ] {
        assert_eq!(holds(literal(left).or(right)), expected, "{left:?} or {right:?}");
        assert_eq!(value(literal(left).or(right)), Value::from(expected), "{left:?} or {right:?}");
    }
}

#[test]
fn not_has_the_truth_table_of_sql() {
    for (operand, expected) in [(TRUE, FALSE), (FALSE, TRUE), (UNKNOWN, UNKNOWN)] {
        assert_eq!(holds(!literal(operand)), expected);
        assert_eq!(value(!literal(operand)), Value::from(expected));
    }
}

#[test]
fn longer_chains_decide_by_one_operand() {
    assert_eq!(holds(literal(UNKNOWN).and(true).and(false)), FALSE);
    assert_eq!(holds(literal(true).and(true).and(true)), TRUE);
    assert_eq!(holds(literal(true).and(UNKNOWN).and(true)), UNKNOWN);
    assert_eq!(holds(literal(UNKNOWN).or(false).or(true)), TRUE);
    assert_eq!(holds(literal(false).or(false).or(false)), FALSE);
}

#[test]
fn a_chain_is_one_operator_until_the_other_one_comes() {
    let (a, b, c) = (field("a"), field("b"), field("c"));
    let operands = |expr| match expr {
        Expr::Call(call) => call.operands().to_vec(),
        other => panic!("not a call: {other:?}"),
    };
    assert_eq!(operands(a.clone().and(b.clone()).and(c.clone())), [a.clone(), b.clone(), c.clone()]);
    assert_eq!(operands(a.clone().and(b.clone()).or(c.clone())), [a.and(b), c]);
}

#[test]
fn what_is_no_boolean_is_an_unknown_condition() {
    for odd in [literal(1), literal("true"), literal([true]), literal(1) + 1, literal("a").length()] {
        assert_eq!(odd.holds(&Map::new()), UNKNOWN, "{odd:?}");
        assert_eq!(holds(odd.clone().and(false)), FALSE);
        assert_eq!(value(!odd), Value::Null);
    }
}

#[test]
fn null_compared_with_anything_is_unknown() {
    for other in [Value::Null, Value::from(1), Value::from("a"), Value::from(true), Value::from([1])] {
        let null = || literal(Value::Null);
        for comparison in [
            null().eq(other.clone()),
            null().ne(other.clone()),
            null().lt(other.clone()),
            null().lte(other.clone()),
            null().gt(other.clone()),
            null().gte(other.clone()),
            literal(other.clone()).eq(null()),
            literal(other.clone()).ne(null()),
            literal(other.clone()).gte(null()),
        ] {
            assert_eq!(comparison.holds(&Map::new()), UNKNOWN, "{comparison:?}");
        }
    }
}

#[test]
fn is_nil_is_never_unknown() {
    assert_eq!(holds(literal(Value::Null).is_nil()), TRUE);
    assert_eq!(holds(literal("").is_nil()), FALSE);
    assert_eq!(holds(field("no such field").is_nil()), TRUE);
    assert_eq!(holds((literal(1) / 0).is_nil()), TRUE);
}

#[test]
fn in_is_unknown_only_when_null_could_have_been_the_one() {
    let numbers = || [Value::from(1), Value::from(2)];
    let with_null = || [Value::from(1), Value::Null];
    assert_eq!(holds(literal(1).is_in(numbers())), TRUE);
    assert_eq!(holds(literal(1.0).is_in(numbers())), TRUE);
    assert_eq!(holds(literal(3).is_in(numbers())), FALSE);
    assert_eq!(holds(literal(1).is_in(with_null())), TRUE);
    assert_eq!(holds(literal(3).is_in(with_null())), UNKNOWN);
    assert_eq!(holds(literal(Value::Null).is_in(numbers())), UNKNOWN);
    assert_eq!(holds(literal(Value::Null).is_in(Vec::new())), FALSE);
    assert_eq!(holds(literal(1).is_in(Vec::new())), FALSE);
    assert_eq!(holds(literal(1).is_in(Value::Null)), UNKNOWN);
    assert_eq!(holds(literal(1).is_in(1)), UNKNOWN);
}

#[test]
fn coalesce_takes_the_first_that_is_not_null() {
    assert_eq!(value(literal(Value::Null).coalesce(0)), Value::from(0));
    assert_eq!(value(literal(5).coalesce(0)), Value::from(5));
    assert_eq!(value(literal(Value::Null).coalesce(Value::Null)), Value::Null);
    assert_eq!(holds(literal(Value::Null).coalesce(true)), TRUE);
    assert_eq!(holds(literal(false).coalesce(true)), FALSE);
}

#[test]
fn fields_and_changes_come_from_the_scope() {
    let edited = Edited {
        post: Map::from([("title", Value::from("Ecto")), ("starts_on", 3.into()), ("ends_on", 2.into())]),
        changes: &["ends_on"],
    };
    let in_order = field("ends_on").gte(field("starts_on"));
    assert_eq!(in_order.holds(&edited), FALSE);
    assert_eq!(changed("ends_on").holds(&edited), TRUE);
    assert_eq!(changed("starts_on").holds(&edited), FALSE);
    assert_eq!(changed("ends_on").evaluate(&edited).into_owned(), Value::from(true));
    assert_eq!(changed("ends_on").and(!in_order).holds(&edited), TRUE);
    assert_eq!(changed("ends_on").holds(&edited.post), FALSE);
}

#[test]
fn fields_are_borrowed_from_the_scope() {
    let post = Map::from([("title", "Ecto")]);
    let title = field("title");
    let found = title.evaluate(&post);
    assert!(core::ptr::eq(&*found, post.get("title").unwrap()));
    let or_default = field("subtitle").coalesce(field("title"));
    assert!(core::ptr::eq(&*or_default.evaluate(&post), post.get("title").unwrap()));
}
