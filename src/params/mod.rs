//! Params: untrusted input, as forms and JSON bring it.
//!
//! Params are a [`Map`](crate::value::Map) of text, lists and maps, read from an urlencoded body
//! ([`from_urlencoded`]), from the fields of a multipart form ([`from_fields`], or [`Fields`] where they
//! arrive one by one) or from JSON ([`from_json`]). Names of form fields nest as in Plug:
//!
//! | name | params |
//! |---|---|
//! | `title=a` | `{"title": "a"}` |
//! | `user[name]=a` | `{"user": {"name": "a"}}` |
//! | `tags[]=a&tags[]=b` | `{"tags": ["a", "b"]}` |
//! | `comments[0][body]=a` | `{"comments": {"0": {"body": "a"}}}`: keys are text, the changeset puts them in order |
//!
//! Whoever writes the input wishes to exhaust the reader: every reader takes [`Limits`], works in time
//! and memory proportional to the input, and refuses with a [`ParamsError`] that says what was too much.
//!
//! ```
//! use ectomorph::params::{Limits, from_urlencoded};
//! use ectomorph::value::Map;
//!
//! let params = from_urlencoded("title=Hello+world&tags[]=rust&tags[]=ecto", &Limits::default())?;
//! assert_eq!(params.get("title").and_then(|title| title.as_str()), Some("Hello world"));
//! assert_eq!(params.get("tags"), Some(&["rust", "ecto"].into()));
//! # Ok::<(), ectomorph::params::ParamsError>(())
//! ```

// Pages and Node cut CSV in an artifact of its own.
#[cfg(any(feature = "std", feature = "batch"))]
pub(crate) mod csv;
mod encode;
mod entries;
mod error;
mod fields;
mod form;
mod json;

#[cfg(any(feature = "std", feature = "batch"))]
pub use csv::CsvFault;
pub use encode::{EncodeError, to_urlencoded};
pub use error::ParamsError;
pub use fields::{Fields, from_fields};
#[cfg(any(feature = "mssql", feature = "sqlite"))]
pub(crate) use form::escaped;
pub use form::from_urlencoded;
#[cfg(feature = "std")]
pub(crate) use json::Token;
#[cfg(all(feature = "wasm", feature = "repo", any(test, target_arch = "wasm32")))]
pub(crate) use json::push_string;
pub use json::{Json, from_json, to_json};

use crate::value::{Value, to_text};
use alloc::string::String;

/// The deepest nesting that is ever read, whatever [`Limits::depth`] says.
///
/// Nested values are read, compared and dropped by recursion, so the stack has to suffice for it.
pub const MAX_DEPTH: usize = 127;

/// How much input is read before it is refused.
///
/// The defaults suit the forms and requests of an application; raise one by name where a page needs more.
///
/// ```
/// use ectomorph::params::{Limits, ParamsError, from_urlencoded};
///
/// let limits = Limits { entries: 3, ..Limits::default() };
/// let refused = from_urlencoded("tags[]=a&tags[]=b&tags[]=c", &limits);
/// assert_eq!(refused, Err(ParamsError::TooManyEntries { limit: 3, at: 18 }));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the whole input; 8,000,000, as in Plug.
    pub bytes: usize,
    /// Maps and lists within each other, the params themselves being the first; 32. Above
    /// [`MAX_DEPTH`] it has no effect.
    pub depth: usize,
    /// Keys and list elements of the whole input together; 10,000. Each costs far more memory than the
    /// three bytes that ask for it, and some rules compare every element with every other. A key of a form counts once,
    /// one of JSON as often as it comes.
    pub entries: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { bytes: 8_000_000, depth: 32, entries: 10_000 }
    }
}

impl Limits {
    fn max_depth(&self) -> usize {
        self.depth.min(MAX_DEPTH)
    }

    fn check_bytes(&self, length: usize) -> Result<(), ParamsError> {
        if length > self.bytes {
            return Err(ParamsError::TooLong { limit: self.bytes, length });
        }
        Ok(())
    }
}

/// The text of a plain value where it leaves as a form or JSON: ISO 8601 throughout.
///
/// `None` for lists, maps and bytes that are not text.
fn plain_text(value: &Value) -> Option<String> {
    let mut text = String::new();
    match value {
        Value::NaiveDatetime(datetime) => datetime.push_iso(&mut text, 'T'),
        Value::UtcDatetime(datetime) => datetime.push_iso(&mut text, 'T'),
        other => return to_text(other),
    }
    Some(text)
}
