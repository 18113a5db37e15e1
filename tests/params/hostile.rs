//! Input whose writer means harm: it is refused at once, or read in time proportional to its length.

use ectomorph::params::{
    Limits, ParamsError, from_fields, from_json, from_urlencoded, to_json, to_urlencoded,
};
use ectomorph::value::{Map, Value};

const UNLIMITED: Limits = Limits { bytes: usize::MAX, depth: usize::MAX, entries: usize::MAX };

#[test]
fn the_default_limits_are_those_of_the_documentation() {
    assert_eq!(Limits::default(), Limits { bytes: 8_000_000, depth: 32, entries: 10_000 });
}

#[test]
fn input_beyond_the_limit_of_bytes_is_refused_unread() {
    // Neither UTF-8 nor JSON, so any look at it would give another error.
    let body = vec![0xFF; 100_000_000];
    let refused = Err(ParamsError::TooLong { limit: 8_000_000, length: 100_000_000 });
    assert_eq!(from_urlencoded(&body, &Limits::default()), refused);
    assert_eq!(from_json(&body, &Limits::default()).map(|_| unreachable!()), refused);
}

#[test]
fn input_as_long_as_the_limit_is_read() {
    let limits = Limits { bytes: 5, ..Limits::default() };
    assert!(from_urlencoded("abc=1", &limits).is_ok());
    assert!(from_json("[1,2]", &limits).is_ok());
    assert_eq!(from_urlencoded("abc=12", &limits), Err(ParamsError::TooLong { limit: 5, length: 6 }));
    assert_eq!(from_json("[1,23]", &limits), Err(ParamsError::TooLong { limit: 5, length: 6 }));
}

#[test]
fn nesting_ten_thousand_deep_is_refused() {
    let name = format!("a{}=1", "[a]".repeat(10_000));
    let lists = "[".repeat(10_000);
    let maps = "{\"a\":".repeat(10_000);
    assert_eq!(from_urlencoded(&name, &Limits::default()), Err(ParamsError::TooDeep { limit: 32, at: 0 }));
    assert_eq!(from_json(&lists, &Limits::default()), Err(ParamsError::TooDeep { limit: 32, at: 32 }));
    assert_eq!(from_json(&maps, &Limits::default()), Err(ParamsError::TooDeep { limit: 32, at: 160 }));
    // However high the limit is set, the stack has the last word.
    assert_eq!(from_urlencoded(&name, &UNLIMITED), Err(ParamsError::TooDeep { limit: 127, at: 0 }));
    assert_eq!(from_json(&lists, &UNLIMITED), Err(ParamsError::TooDeep { limit: 127, at: 127 }));
}

#[test]
fn nesting_as_deep_as_the_limit_is_read() {
    for depth in [1, 32, 127] {
        let limits = Limits { depth, ..UNLIMITED };
        let name = format!("a{}=1", "[a]".repeat(depth - 1));
        let list = "[".repeat(depth) + &"]".repeat(depth);
        let params = from_urlencoded(&name, &limits).unwrap();
        assert_eq!(to_urlencoded(&params).unwrap(), name);
        assert_eq!(to_json(&from_json(&list, &limits).unwrap()), list);
        let limits = Limits { depth: depth - 1, ..UNLIMITED };
        assert_eq!(from_urlencoded(&name, &limits), Err(ParamsError::TooDeep { limit: depth - 1, at: 0 }));
        assert_eq!(from_json(&list, &limits), Err(ParamsError::TooDeep { limit: depth - 1, at: depth - 1 }));
    }
}

#[test]
fn more_entries_than_the_limit_are_refused_in_every_shape() {
    let limits = Limits { entries: 10, ..Limits::default() };
    let join = |make: &dyn Fn(usize) -> String, separator: &str| {
        (0..11).map(make).collect::<Vec<_>>().join(separator)
    };
    let queries = [
        join(&|n| format!("k{n}=1"), "&"),
        join(&|_| "a[]=1".into(), "&"),
        join(&|n| format!("a[{n}]=1"), "&"),
        "a".to_string() + &"[]".repeat(10) + "=1",
        "a".to_string() + &"[b]".repeat(10) + "=1",
    ];
    for query in &queries {
        let refused = from_urlencoded(query, &limits);
        assert!(
            matches!(refused, Err(ParamsError::TooManyEntries { limit: 10, .. })),
            "{query}: {refused:?}"
        );
    }
    let texts = [
        "[".to_string() + &join(&|_| "1".into(), ",") + "]",
        "{".to_string() + &join(&|n| format!("\"k{n}\":1"), ",") + "}",
        "[".repeat(12) + &"]".repeat(12),
        "{\"a\":".repeat(11) + "1" + &"}".repeat(11),
    ];
    for text in &texts {
        let refused = from_json(text, &limits);
        assert!(matches!(refused, Err(ParamsError::TooManyEntries { limit: 10, .. })), "{text}: {refused:?}");
    }
}

#[test]
fn a_key_that_comes_again_counts_again_in_json_alone() {
    let limits = Limits { entries: 1, ..Limits::default() };
    assert_eq!(from_urlencoded("a=1&a=2&a=3", &limits).unwrap().len(), 1);
    let again = r#"{"a": 1, "a": 2}"#;
    assert_eq!(from_json(again, &limits), Err(ParamsError::TooManyEntries { limit: 1, at: 9 }));
    let limits = Limits { entries: 2, ..Limits::default() };
    assert_eq!(from_json(again, &limits), Ok(Map::from([("a", 2)]).into()));
}

/// A reader that looks through all keys for each key would take hours here.
#[test]
fn a_million_keys_are_read_in_linear_time() {
    let count = 1_000_000;
    let form: String = (0..count).map(|n| format!("k{n}=1&")).collect();
    let params = from_urlencoded(&form, &UNLIMITED).unwrap();
    assert_eq!(params.len(), count);
    assert_eq!(params.keys().next_back().unwrap(), &"k999999");
    let limits = Limits { bytes: usize::MAX, ..Limits::default() };
    assert_eq!(
        from_urlencoded(&form, &limits),
        Err(ParamsError::TooManyEntries { limit: 10_000, at: 78_890 })
    );

    let json = (0..count).map(|n| format!("\"k{n}\":1")).collect::<Vec<_>>().join(",");
    let value = from_json(format!("{{{json}}}"), &UNLIMITED).unwrap();
    assert_eq!(value.as_map().unwrap().len(), count);
}

#[test]
fn many_elements_are_read_in_linear_time() {
    let count = 200_000;
    let form: String = (0..count).rev().map(|n| format!("a[{n}][b]=1&")).collect();
    let params = from_urlencoded(&form, &UNLIMITED).unwrap();
    assert_eq!(params.get("a").unwrap().as_map().unwrap().len(), count);
    assert!(params == params.clone(), "and so are they compared");

    let fields = (0..count).map(|_| ("tags[]", Value::Null));
    let params = from_fields(fields, &UNLIMITED).unwrap();
    assert_eq!(params.get("tags").unwrap().as_list().unwrap().len(), count);
}

#[test]
fn long_texts_and_numbers_are_read_in_linear_time() {
    let text = "a".repeat(7_000_000);
    assert_eq!(
        from_urlencoded(format!("a={text}"), &Limits::default()).unwrap().get("a"),
        Some(&text.as_str().into())
    );
    assert_eq!(from_json(format!("\"{text}\""), &Limits::default()), Ok(text.as_str().into()));
    let escaped = "\\u0061".repeat(1_000_000);
    assert_eq!(from_json(format!("\"{escaped}\""), &Limits::default()), Ok("a".repeat(1_000_000).into()));
    let digits = "9".repeat(1_000_000);
    assert_eq!(from_json(&digits, &Limits::default()), Err(ParamsError::NumberOutOfRange { at: 0 }));
    assert_eq!(from_json(format!("0.{digits}"), &Limits::default()), Ok(Value::Float(1.0)));
    let brackets = format!("a[{}]=1", "[".repeat(1_000_000));
    assert_eq!(from_urlencoded(&brackets, &Limits::default()).unwrap().len(), 1);
}

#[test]
fn every_error_says_what_was_wrong_where_and_what_to_do() {
    let cases = [
        (
            ParamsError::TooLong { limit: 8_000_000, length: 8_000_001 },
            "invalid params: 8000001 bytes are more than the limit of 8000000; send less, or raise `Limits::bytes`",
        ),
        (
            ParamsError::TooDeep { limit: 32, at: 7 },
            "invalid params at byte 7: nested deeper than the limit of 32; send flatter data, or raise `Limits::depth`",
        ),
        (
            ParamsError::TooManyEntries { limit: 10, at: 9 },
            "invalid params at byte 9: more keys and list elements than the limit of 10; send fewer, or raise `Limits::entries`",
        ),
        (
            ParamsError::InvalidUtf8 { at: 3 },
            "invalid params at byte 3: the text is not UTF-8; send the form or JSON in UTF-8",
        ),
        (
            from_json("[1,", &Limits::default()).unwrap_err(),
            "invalid params at byte 3: expected a JSON value",
        ),
        (
            ParamsError::NumberOutOfRange { at: 0 },
            "invalid params at byte 0: the number is out of range; send it as a string to keep its digits",
        ),
    ];
    for (error, message) in cases {
        assert_eq!(error.to_string(), message);
    }
}
