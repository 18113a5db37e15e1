//! What the engine asks of its JavaScript host. The page has floats, case tables and regular expressions already;
//! the browser artifact borrows them instead of carrying its own.

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(module = "/src/wasm/host.js")]
extern "C" {
    #[wasm_bindgen(js_name = "validate")]
    fn host_validate(index: u32, length: usize) -> usize;
}

/// Calls a validator of the host with the output, which holds field and value; how long its answer in the input is.
pub(crate) fn validate(index: u32, length: usize) -> usize {
    host_validate(index, length)
}

#[cfg(not(feature = "regex"))]
pub(crate) use patterns::{pattern_new, pattern_test};
#[cfg(not(feature = "std"))]
pub(crate) use texts::{change_case, float_digits, parse_float};

#[cfg(not(feature = "regex"))]
mod patterns {
    use wasm_bindgen::prelude::wasm_bindgen;

    #[wasm_bindgen(module = "/src/wasm/host.js")]
    extern "C" {
        #[wasm_bindgen(js_name = "pattern_new")]
        fn host_pattern_new(source: usize, source_length: usize, flags: usize, flags_length: usize) -> u32;
        #[wasm_bindgen(js_name = "pattern_test")]
        fn host_pattern_test(id: u32, text: usize, length: usize) -> u32;
    }

    /// Compiles a translated pattern; its id.
    pub(crate) fn pattern_new(source: &str, flags: &str) -> u32 {
        host_pattern_new(source.as_ptr() as usize, source.len(), flags.as_ptr() as usize, flags.len())
    }

    /// Whether a pattern matches.
    pub(crate) fn pattern_test(id: u32, text: &str) -> bool {
        host_pattern_test(id, text.as_ptr() as usize, text.len()) != 0
    }
}

#[cfg(not(feature = "std"))]
mod texts {
    use alloc::string::String;
    use alloc::vec;
    use wasm_bindgen::prelude::wasm_bindgen;

    #[wasm_bindgen(module = "/src/wasm/host.js")]
    extern "C" {
        #[wasm_bindgen(js_name = "parse_float")]
        fn host_parse_float(text: usize, length: usize) -> f64;
        #[wasm_bindgen(js_name = "float_digits")]
        fn host_float_digits(number: f64, into: usize) -> usize;
        #[wasm_bindgen(js_name = "change_case")]
        fn host_change_case(text: usize, length: usize, upper: u32, into: usize, capacity: usize) -> usize;
    }

    /// `Number(text)`.
    pub(crate) fn parse_float(text: &str) -> f64 {
        host_parse_float(text.as_ptr() as usize, text.len())
    }

    /// The longest `String(number)` has 25 characters.
    const DIGITS: usize = 32;

    /// Appends `String(number)`.
    pub(crate) fn float_digits(number: f64, into: &mut String) {
        let mut digits = [0_u8; DIGITS];
        let length = host_float_digits(number, digits.as_mut_ptr() as usize);
        for digit in digits.iter().take(length) {
            into.push(char::from(*digit));
        }
    }

    /// A character's other case takes at most three times its bytes: `ΐ` becomes three of two bytes each.
    const GROWTH: usize = 3;

    /// The text in upper or lower case, character by character.
    pub(crate) fn change_case(text: &str, upper: bool) -> String {
        let mut bytes = vec![0_u8; text.len() * GROWTH];
        let (from, into) = (text.as_ptr() as usize, bytes.as_mut_ptr() as usize);
        let length = host_change_case(from, text.len(), upper.into(), into, bytes.len());
        bytes.truncate(length);
        String::from_utf8(bytes).unwrap_or_default()
    }
}
