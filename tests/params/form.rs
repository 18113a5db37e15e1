//! Urlencoded text and form fields, after Plug's documentation and tests.

use ectomorph::params::{Fields, Limits, ParamsError, from_fields, from_json, from_urlencoded};
use ectomorph::value::{Map, Value};

/// Checks pairs of a query and the JSON of its params.
fn check(cases: &[(&str, &str)]) {
    for (query, expected) in cases {
        let params =
            from_urlencoded(query, &Limits::default()).unwrap_or_else(|error| panic!("{query}: {error}"));
        let expected =
            from_json(expected, &Limits::default()).unwrap_or_else(|error| panic!("{expected}: {error}"));
        assert_eq!(Value::Map(params), expected, "for {query:?}");
    }
}

#[test]
fn plain_names_make_a_flat_map_of_text() {
    check(&[
        ("", "{}"),
        ("foo=bar&baz=bat", r#"{"foo": "bar", "baz": "bat"}"#),
        ("post=1", r#"{"post": "1"}"#),
        ("a=1=2", r#"{"a": "1=2"}"#),
    ]);
}

#[test]
fn a_name_that_comes_again_takes_the_last_value() {
    check(&[
        ("foo=bar&foo=baz", r#"{"foo": "baz"}"#),
        ("x[y][z]=1&x[y][z]=2", r#"{"x": {"y": {"z": "2"}}}"#),
        ("active=false&active=true", r#"{"active": "true"}"#),
    ]);
}

#[test]
fn a_name_without_value_has_the_empty_text() {
    check(&[
        ("key", r#"{"key": ""}"#),
        ("key=", r#"{"key": ""}"#),
        ("=", r#"{"": ""}"#),
        ("=value", r#"{"": "value"}"#),
        ("foo[]", r#"{"foo": [""]}"#),
        ("foo[]=", r#"{"foo": [""]}"#),
    ]);
}

#[test]
fn pairs_between_two_ampersands_are_skipped_when_empty() {
    check(&[("&x=1&&y=2&", r#"{"x": "1", "y": "2"}"#), ("&", "{}"), ("&&&", "{}")]);
}

#[test]
fn brackets_nest_maps() {
    check(&[
        (
            "users[name]=hello&users[age]=17&users[address][street]=foo",
            r#"{"users": {"name": "hello", "age": "17", "address": {"street": "foo"}}}"#,
        ),
        ("x[y][z]=1", r#"{"x": {"y": {"z": "1"}}}"#),
        ("a%5Bb%5D=1", r#"{"a": {"b": "1"}}"#),
    ]);
}

#[test]
fn empty_brackets_make_lists() {
    check(&[
        ("foo[]=bar&foo[]=baz&bat[]=1&bat[]=2", r#"{"foo": ["bar", "baz"], "bat": ["1", "2"]}"#),
        ("x[y][z][]=1&x[y][z][]=2", r#"{"x": {"y": {"z": ["1", "2"]}}}"#),
        ("x[][][]=1", r#"{"x": [[["1"]]]}"#),
        ("x[][][]=1&x[][][]=2", r#"{"x": [[["1", "2"]]]}"#),
        ("x[y][][z]=1", r#"{"x": {"y": [{"z": "1"}]}}"#),
        ("x[y][][z][]=1", r#"{"x": {"y": [{"z": ["1"]}]}}"#),
        ("x[][a]=1&x[][b]=2", r#"{"x": [{"a": "1", "b": "2"}]}"#),
        ("x[]=a&x[][]=b", r#"{"x": ["a", ["b"]]}"#),
    ]);
}

#[test]
fn index_keys_stay_keys() {
    check(&[(
        "items[0][qty]=1&items[0][_persistent_id]=0&items[10][qty]=3&items_sort[]=10&items_sort[]=0&items_drop[]=",
        r#"{"items": {"0": {"qty": "1", "_persistent_id": "0"}, "10": {"qty": "3"}},
            "items_sort": ["10", "0"], "items_drop": [""]}"#,
    )]);
}

#[test]
fn keys_keep_the_order_in_which_they_came_first() {
    let params = from_urlencoded("b=1&a=2&c[z]=1&b=3&c[y]=2", &Limits::default()).unwrap();
    assert_eq!(params.keys().map(|key| key.as_str()).collect::<Vec<_>>(), ["b", "a", "c"]);
    assert_eq!(params.get("c").unwrap().as_map().unwrap().keys().next().unwrap(), &"z");
}

#[test]
fn of_contradicting_names_the_last_that_opens_a_place_wins() {
    check(&[
        ("x=1&x[y]=1", r#"{"x": {"y": "1"}}"#),
        ("x[y]=1&x=1", r#"{"x": "1"}"#),
        ("x[]=1&x[y]=1", r#"{"x": {"y": "1"}}"#),
        ("x[y]=1&x[]=1", r#"{"x": ["1"]}"#),
        ("x[]=1&x[y]=1&x[]=2", r#"{"x": ["1", "2"]}"#),
        ("x[y][][w]=2&x[y]=1", r#"{"x": {"y": "1"}}"#),
        ("x[y][0][w]=2&x[y]=1", r#"{"x": {"y": "1"}}"#),
        // The map was opened by the first pair, so the third does not open it again.
        ("x[y]=1&x=2&x[y]=3", r#"{"x": "2"}"#),
        ("x[][a]=1&x[b]=2&x[][c]=3", r#"{"x": {"b": "2"}}"#),
    ]);
}

#[test]
fn brackets_that_do_not_pair_are_part_of_the_name() {
    check(&[
        ("a[=1", r#"{"a[": "1"}"#),
        ("a]=1", r#"{"a]": "1"}"#),
        ("a[b=1", r#"{"a[b": "1"}"#),
        ("[a]=1", r#"{"[a]": "1"}"#),
        ("[]=1", r#"{"[]": "1"}"#),
        ("a[b]c=1", r#"{"a[b]c": "1"}"#),
        ("a[b]c]=1", r#"{"a": {"b]c": "1"}}"#),
        ("a[b[c]=1", r#"{"a": {"b[c": "1"}}"#),
        ("a[[b]]=1", r#"{"a": {"[b]": "1"}}"#),
        ("a[]]=1", r#"{"a": {"]": "1"}}"#),
        ("a]b[c]=1", r#"{"a]b": {"c": "1"}}"#),
    ]);
}

#[test]
fn percent_escapes_and_pluses_are_decoded() {
    check(&[
        ("my+weird+field=q1%212%22%27w%245%267%2Fz8%29%3F", r#"{"my weird field": "q1!2\"'w$5&7/z8)?"}"#),
        ("name=Jos%C3%A9&city=M%c3%bcnchen", r#"{"name": "José", "city": "München"}"#),
        ("sum=1%2B1%3D2", r#"{"sum": "1+1=2"}"#),
        ("raw=é", r#"{"raw": "é"}"#),
        ("nul=%00", r#"{"nul": "\u0000"}"#),
    ]);
}

#[test]
fn a_percent_sign_without_two_digits_stands_for_itself() {
    check(&[
        ("q=100%", r#"{"q": "100%"}"#),
        ("q=100%+sure", r#"{"q": "100% sure"}"#),
        ("q=%R2%9P", r#"{"q": "%R2%9P"}"#),
        ("q=%4", r#"{"q": "%4"}"#),
        ("q=%%41", r#"{"q": "%A"}"#),
    ]);
}

#[test]
fn text_that_is_not_utf8_is_refused_with_its_place() {
    for (query, at) in [("a=1&b=%93", 4), ("_utf8=%R2%9P%93", 0), ("%ff=1", 0), ("a=1&x[%C3]=1", 4)] {
        let refused = from_urlencoded(query, &Limits::default());
        assert_eq!(refused, Err(ParamsError::InvalidUtf8 { at }), "for {query:?}");
    }
    let raw = from_urlencoded(b"a=1&b=\xC3\x28", &Limits::default());
    assert_eq!(raw, Err(ParamsError::InvalidUtf8 { at: 4 }));
}

/// `plug/queries.json` has `[query, params]` pairs as Plug 1.20 reads them, `null` where it raises.
///
/// Where a list was turned into a map, Plug leaves a key `nil` for its nested elements; a map of text
/// keys has no such key, so the pairs are without it.
#[test]
fn recorded_queries_are_read_as_plug_reads_them() {
    let path = std::env::var("PLUG_QUERIES");
    let recorded =
        path.map_or(include_str!("plug/queries.json").into(), |path| std::fs::read_to_string(path).unwrap());
    let limits = Limits { entries: usize::MAX, bytes: usize::MAX, ..Limits::default() };
    let recorded = from_json(&recorded, &limits).unwrap();
    let pairs = recorded.as_list().unwrap();
    assert!(pairs.len() > 500);
    for pair in pairs {
        let [Value::String(query), expected] = pair.as_list().unwrap() else { panic!("{pair:?} is no pair") };
        let params = from_urlencoded(query.as_str(), &limits);
        match expected {
            Value::Null => {
                assert!(matches!(params, Err(ParamsError::InvalidUtf8 { .. })), "for {query}: {params:?}")
            }
            expected => assert_eq!(params.map(Value::Map).as_ref(), Ok(expected), "for {query}"),
        }
    }
}

#[test]
fn names_that_mean_something_to_javascript_are_plain_keys() {
    check(&[
        ("__proto__[admin]=true", r#"{"__proto__": {"admin": "true"}}"#),
        ("constructor[prototype][x]=1", r#"{"constructor": {"prototype": {"x": "1"}}}"#),
    ]);
}

#[test]
fn fields_of_any_value_go_to_the_place_of_their_name() {
    let upload = Value::from(Map::from([("path", "upload-1")]));
    let fields = [
        ("post[title]", Value::from("Hello")),
        ("post[files][]", upload.clone()),
        ("post[files][]", Value::Null),
    ];
    let params = from_fields(fields, &Limits::default()).unwrap();
    let post = Map::from([("title", Value::from("Hello")), ("files", [upload, Value::Null].into())]);
    assert_eq!(params, Map::from([("post", post)]));
}

#[test]
fn names_of_fields_are_not_decoded() {
    let params = from_fields([("a+b%20c", "1+1")], &Limits::default()).unwrap();
    assert_eq!(params, Map::from([("a+b%20c", "1+1")]));
}

#[test]
fn fields_count_against_the_limits_as_they_arrive() {
    let limits = Limits { bytes: 10, entries: 2, depth: 2 };
    let mut fields = Fields::new(&limits);
    fields.put("a[b]", "1").unwrap();
    fields.put("a[b]", "2").unwrap();
    assert_eq!(fields.put("a", "3"), Err(ParamsError::TooLong { limit: 10, length: 12 }));

    let mut fields = Fields::new(&limits);
    fields.put("a[]", "1").unwrap();
    assert_eq!(fields.put("a[]", "2"), Err(ParamsError::TooManyEntries { limit: 2, at: 1 }));

    let mut fields = Fields::new(&limits);
    assert_eq!(fields.put("a[b][c]", "1"), Err(ParamsError::TooDeep { limit: 2, at: 0 }));
    assert_eq!(fields.finish(), Map::new());
}
