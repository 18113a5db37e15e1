//! From the template of an error to the sentence that a user reads, in the user's language.
//!
//! An error of a changeset is a template and its bindings (`"should be at least %{count} character(s)"`, `count: 8`), so
//! that it can be looked up before it is filled in. [`interpolate`] fills it in as it is; a [`Translate`] knows better
//! words. [`Catalog`] is one that reads the `errors.po` of a Phoenix application without change.
//!
//! ```
//! use ectomorph::messages::{Catalog, Translate, render};
//! use ectomorph::value::{Str, Value};
//!
//! let german = Catalog::parse(r#"
//! msgid ""
//! msgstr "Plural-Forms: nplurals=2; plural=(n != 1);\n"
//!
//! msgid "should be at least %{count} character(s)"
//! msgid_plural "should be at least %{count} character(s)"
//! msgstr[0] "muss mindestens ein Zeichen lang sein"
//! msgstr[1] "muss mindestens %{count} Zeichen lang sein"
//! "#)?;
//! let bindings = [(Str::from("count"), Value::from(8))];
//! let message = "should be at least %{count} character(s)";
//! assert_eq!(render(message, &bindings, Some(&german)), "muss mindestens 8 Zeichen lang sein");
//! assert_eq!(render(message, &bindings, None), "should be at least 8 character(s)");
//! # Ok::<(), ectomorph::messages::PoError>(())
//! ```

mod interpolate;
mod plural;
mod po;

pub use interpolate::interpolate;
pub use po::{Catalog, PoError};

use crate::value::{Str, Value};
use alloc::string::String;

#[cfg(test)]
mod tests;

/// Words for messages: a catalog, or a function of the application.
pub trait Translate {
    /// The sentence for a template, filled in; `None` to leave it as it is in the rules.
    fn translate(&self, message: &str, bindings: &[(Str, Value)]) -> Option<String>;
}

impl<F: Fn(&str, &[(Str, Value)]) -> Option<String>> Translate for F {
    fn translate(&self, message: &str, bindings: &[(Str, Value)]) -> Option<String> {
        self(message, bindings)
    }
}

/// The translation of a template, or the template itself, filled in.
pub fn render(message: &str, bindings: &[(Str, Value)], words: Option<&dyn Translate>) -> String {
    words
        .and_then(|words| words.translate(message, bindings))
        .unwrap_or_else(|| interpolate(message, bindings))
}
