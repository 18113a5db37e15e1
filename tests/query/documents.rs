//! Documents fail closed, by name and place.

use ectomorph::query::{Query, QueryErrorKind};

fn message(query: &str) -> String {
    let error = Query::from_json(format!("{{\"query\": {query}}}")).unwrap_err();
    assert_eq!(error.kind(), QueryErrorKind::Document);
    error.message().to_owned()
}

fn clause(clause: &str) -> String {
    message(&format!("{{\"from\": {{\"source\": \"users\"}}, {clause}}}"))
}

#[test]
fn what_is_not_known_is_refused_by_name_and_place() {
    for (query, expected) in [
        ("{}", "a query needs a `from`"),
        ("[]", "a query is an object, not a list"),
        (
            "{\"from\": {}}",
            "from: a source needs a `source`, a `schema`, a `subquery`, a `fragment` or `values`",
        ),
        (
            "{\"from\": {\"source\": \"users\", \"hint\": 1}}",
            "from: the key `hint` is unknown in a source; known are as, named, prefix, source, schema, subquery, \
             fragment, values",
        ),
    ] {
        assert_eq!(message(query), expected);
    }
    for (query, expected) in [
        ("\"wehre\": []", "the key `wehre` is unknown in a query; did you mean `where`?"),
        ("\"where\": [[\"=\", 1, 2]]", "where: 0: =: the operator `=` is unknown"),
        (
            "\"where\": [[\"ilik\", 1, 2]]",
            "where: 0: ilik: the operator `ilik` is unknown; did you mean `ilike`?",
        ),
        ("\"where\": [[\"==\", 1]]", "where: 0: ==: `==` does not take 1 argument(s)"),
        ("\"select\": [\"field\", \"b0\"]", "select: field: `field` does not take 1 argument(s)"),
        (
            "\"where\": [[\"in\", [\"field\", \"b0\", \"id\"], [1, 2]]]",
            "where: 0: in: an expression starts with the name of an operator; write a list of values as [\"list\", ..]",
        ),
        ("\"limit\": {\"param\": 0}", "limit: there is no param 0: `params` has 0"),
        (
            "\"limit\": {\"parm\": 0}",
            "limit: the key `parm` is unknown in an expression; did you mean `param`?",
        ),
        (
            "\"order_by\": [[\"up\", 1]]",
            "order_by: 0: the direction `up` is unknown; known are asc, asc_nulls_first, asc_nulls_last, desc, \
             desc_nulls_first, desc_nulls_last",
        ),
        (
            "\"join\": [{\"source\": \"posts\", \"qual\": \"iner\"}]",
            "join: 0: the join `iner` is unknown; did you mean `inner`?",
        ),
        (
            "\"select\": [\"type\", 1, \"interger\"]",
            "select: type: the type \"interger\" is unknown; did you mean \"integer\"?",
        ),
        ("\"with_ties\": 1", "with_ties: true or false must stand here, not an integer"),
    ] {
        assert_eq!(clause(query), expected);
    }
}

#[test]
fn params_are_known_by_their_keys_too() {
    let error = Query::from_json("{\"query\": {\"from\": {\"source\": \"a\"}}, \"params\": [{\"val\": 1}]}");
    assert_eq!(error.unwrap_err().message(), "the key `val` is unknown in a param; known are value, type");
}

#[test]
fn depth_and_size_are_limited() {
    let deep = format!("{}1{}", "[\"not\",".repeat(70), "]".repeat(70));
    assert!(clause(&format!("\"select\": {deep}")).ends_with("the query is nested more than 64 levels deep"));
    let very_deep = format!("{}1{}", "[\"not\",".repeat(50_000), "]".repeat(50_000));
    assert!(!clause(&format!("\"select\": {very_deep}")).is_empty());
    let many = format!("[\"list\"{}]", ",1".repeat(30_000));
    assert!(clause(&format!("\"select\": {many}")).ends_with("the query has more than 20000 parts"));
    let inner = (0..80)
        .fold("{\"source\":\"a\"}".to_owned(), |inner, _| format!("{{\"subquery\": {{\"from\": {inner}}}}}"));
    assert!(!message(&format!("{{\"from\": {inner}}}")).is_empty());
}
