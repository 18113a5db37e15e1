//! What is tried on every input, one function a target. A panic is a finding.
//!
//! To add a target: a function and a line in [`TARGETS`] here, a file in `fuzz_targets/` with its
//! `[[bin]]` in Cargo.toml, a few small inputs in `seeds/<target>/`, words in `dictionaries/<target>.dict`.

use ectomorph::params::{Limits, ParamsError, from_json, from_urlencoded, to_json, to_urlencoded};
use ectomorph::value::Value;

/// What is tried on an input.
pub type Target = fn(&[u8]);

/// Every target by its name.
pub const TARGETS: [(&str, Target); 2] = [("params_form", params_form), ("params_json", params_json)];

const TIGHT: Limits = Limits { bytes: 256, depth: 3, entries: 6 };

/// Forms: what is read comes back through both notations, and tight limits refuse but never change it.
pub fn params_form(input: &[u8]) {
    let limits = Limits::default();
    let read = from_urlencoded(input, &limits);
    let tight = from_urlencoded(input, &TIGHT);
    let Ok(params) = read else {
        assert!(tight.is_err());
        return;
    };
    if let Ok(tight) = tight {
        assert_eq!(tight, params);
    }
    if let Ok(text) = to_urlencoded(&params) {
        assert_eq!(from_urlencoded(&text, &limits).as_ref(), Ok(&params));
    }
    let value = Value::Map(params);
    assert_eq!(from_json(to_json(&value), &limits), Ok(value));
}

/// JSON: read or refused as by serde_json, and what is read comes back.
pub fn params_json(input: &[u8]) {
    let limits = Limits::default();
    let tight = from_json(input, &TIGHT);
    match from_json(input, &limits) {
        Ok(value) => {
            if let Ok(tight) = tight {
                assert_eq!(tight, value);
            }
            let theirs: Value = serde_json::from_slice(input).expect("serde_json reads it too");
            let text = to_json(&value);
            let again = from_json(&text, &limits).expect("what was written can be read");
            // Integers beyond 64 bits are floats to serde_json, and written as text.
            if !has_decimal(&value) {
                assert_eq!(value, theirs);
                assert_eq!(value, again);
                assert_eq!(serde_json::from_str::<Value>(&text).expect("what was written is JSON"), value);
            }
        }
        Err(ParamsError::InvalidJson { at, .. } | ParamsError::InvalidUtf8 { at }) => {
            assert!(at <= input.len());
            assert!(tight.is_err());
            assert!(serde_json::from_slice::<Value>(input).is_err());
        }
        Err(_) => assert!(tight.is_err()),
    }
}

fn has_decimal(value: &Value) -> bool {
    match value {
        Value::Decimal(_) => true,
        Value::List(list) => list.iter().any(has_decimal),
        Value::Map(map) => map.iter().any(|(_, value)| has_decimal(value)),
        _ => false,
    }
}
