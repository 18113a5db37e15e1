//! Values for the property tests.

use ectomorph::value::{Map, Value};
use proptest::prelude::*;

/// Text with the characters that mean something to some reader.
pub fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z]{0,4}", "[\\[\\]=&+% \"\\\\a\0\n]{0,6}", "\\PC{0,4}", any::<String>()]
}

/// Any value that JSON can say, integers beyond 64 bits aside.
pub fn json_value() -> impl Strategy<Value = Value> {
    let plain = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_filter("finite", |number| number.is_finite()).prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    plain.prop_recursive(6, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::List),
            prop::collection::vec((text(), inner), 0..24)
                .prop_map(|list| Value::Map(list.into_iter().collect())),
        ]
    })
}

/// Params that a form can say: text, lists of text, and maps, none of them empty.
pub fn form_params() -> impl Strategy<Value = Map> {
    let leaf = prop_oneof![
        text().prop_map(Value::from),
        prop::collection::vec(text().prop_map(Value::from), 1..4).prop_map(Value::List),
    ];
    let nested = leaf.prop_recursive(5, 48, 6, |inner| {
        let key = text().prop_filter("nests", |key| !key.is_empty() && !key.contains("]["));
        let map = prop::collection::vec((key, inner.clone()), 1..6)
            .prop_map(|list| Value::Map(list.into_iter().collect()));
        // Of the elements of a list, one may be a list.
        let list = (
            prop::collection::vec(text().prop_map(Value::from), 0..3),
            inner.prop_filter("a list", |value| value.as_list().is_some()),
        )
            .prop_map(|(mut list, nested)| {
                list.push(nested);
                Value::List(list)
            });
        prop_oneof![3 => map, 1 => list]
    });
    let root = text().prop_filter("plain", |key| !key.is_empty() && !key.contains('['));
    prop::collection::vec((root, nested), 0..20).prop_map(|list| list.into_iter().collect())
}

/// Queries of a few names that often meet, as an adversary of the reader would write them.
pub fn query() -> impl Strategy<Value = String> {
    let step =
        prop_oneof![Just("[]"), Just("[a]"), Just("[b]"), Just("["), Just("]"), Just("[0]"), Just("%5B%5D")];
    let name = ("[xy]", prop::collection::vec(step, 0..4)).prop_map(|(root, steps)| root + &steps.concat());
    let pair = (name, "(=[1-3+%é]{0,3})?").prop_map(|(name, value)| name + &value);
    prop::collection::vec(pair, 0..6).prop_map(|pairs| pairs.join("&"))
}
