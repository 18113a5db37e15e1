//! What the engine asks of its JavaScript host. The page has floats, case tables and regular expressions already;
//! the browser artifact borrows them instead of carrying its own.

#[cfg(feature = "wasm")]
pub(crate) use validators::validate;
#[cfg(feature = "fast")]
pub(crate) use validators::{finding, finding_slot, found_by};

/// What is imported: by the names of wasm-bindgen, or plainly by the small artifact, which has no glue.
macro_rules! imports {
    ($($name:ident as $inner:ident($($argument:ident: $kind:ty),*) -> $answer:ty;)*) => {
        #[cfg(feature = "wasm")]
        use wasm_bindgen::prelude::wasm_bindgen;

        #[cfg(feature = "wasm")]
        #[wasm_bindgen(module = "/src/wasm/host.js")]
        extern "C" {
            $(#[wasm_bindgen(js_name = $name)]
            fn $inner($($argument: $kind),*) -> $answer;)*
        }

        #[cfg(not(feature = "wasm"))]
        #[link(wasm_import_module = "host")]
        #[allow(unsafe_code)]
        unsafe extern "C" {
            $(#[link_name = stringify!($name)]
            safe fn $inner($($argument: $kind),*) -> $answer;)*
        }
    };
}

#[cfg(feature = "export")]
pub(crate) use module::{panicked, set_host};

/// A module of the user's own, whose host hands itself in.
#[cfg(feature = "export")]
mod module {
    use wasm_bindgen::JsValue;
    use wasm_bindgen::prelude::wasm_bindgen;

    #[wasm_bindgen(module = "/src/wasm/host.js")]
    extern "C" {
        /// The functions the engine asks for from now on.
        #[wasm_bindgen(js_name = setHost)]
        pub(crate) fn set_host(functions: JsValue);
        #[wasm_bindgen(js_name = panicked)]
        fn host_panicked(text: usize, length: usize);
    }

    /// The module is about to stop, for this reason.
    pub(crate) fn panicked(reason: &str) {
        host_panicked(reason.as_ptr() as usize, reason.len());
    }
}

mod validators {
    #[cfg(feature = "wasm")]
    mod whole {
        imports! { validate as host_validate(index: u32, length: usize) -> usize; }

        /// Calls a validator of the host with the output, which holds field and value; how long its answer in the input
        /// is.
        pub(crate) fn validate(index: u32, length: usize) -> usize {
            host_validate(index, length)
        }
    }

    #[cfg(feature = "fast")]
    mod fast {
        imports! {
            found_by as host_found_by(rule: u32, value: usize, length: usize) -> u32;
            finding as host_finding(at: u32) -> u32;
            finding_slot as host_finding_slot(at: u32) -> u32;
        }

        /// Calls a rule of the host with a packed value; how many errors it found.
        pub(crate) fn found_by(rule: u32, value: &[u8]) -> u32 {
            host_found_by(rule, value.as_ptr() as usize, value.len())
        }

        /// The number of an error that was found.
        pub(crate) fn finding(at: u32) -> u32 {
            host_finding(at)
        }

        /// The slot it is on.
        pub(crate) fn finding_slot(at: u32) -> u32 {
            host_finding_slot(at)
        }
    }

    #[cfg(feature = "fast")]
    pub(crate) use fast::{finding, finding_slot, found_by};
    #[cfg(feature = "wasm")]
    pub(crate) use whole::validate;
}

#[cfg(not(feature = "regex"))]
pub(crate) use patterns::{pattern_new, pattern_test};
#[cfg(not(feature = "std"))]
pub(crate) use texts::{change_case, float_digits, parse_float};

#[cfg(not(feature = "regex"))]
mod patterns {
    imports! {
        pattern_new as host_pattern_new(source: usize, length: usize, flags: usize, flags_length: usize) -> u32;
        pattern_test as host_pattern_test(id: u32, text: usize, length: usize) -> u32;
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

    imports! {
        parse_float as host_parse_float(text: usize, length: usize) -> f64;
        float_digits as host_float_digits(number: f64, into: usize) -> usize;
        change_case as host_change_case(text: usize, length: usize, upper: u32, into: usize, capacity: usize) -> usize;
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
