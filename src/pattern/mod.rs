//! [`Pattern`]: regular expressions that mean one thing everywhere.
//!
//! A pattern is written in the syntax of the [`regex`](https://docs.rs/regex) crate. A server runs it in that
//! crate, in time linear in the text; a page runs it as a JavaScript `RegExp`, translated so that it gives the
//! same answers. A pattern that would mean something else on one of the sides, or could not run there, is
//! refused by every build alike when it is defined, by the name of what is wrong with it.
//!
//! # The dialect
//!
//! | construct | meaning |
//! | --- | --- |
//! | `abc` `\.` `\n \t \r \f \v \a` `\x41` `\u00e9` `\x{1f600}` | characters; any ASCII punctuation may follow a backslash |
//! | `.` | any code point but `\n` (with `s`: any) |
//! | `[a-z_]` `[^@]` `[[:alpha:]]` `[\d\-]` | classes; POSIX classes are ASCII's |
//! | `[a-z&&[^aeiou]]` `[\w--\d]` | both, and one without the other |
//! | `\d \D \s \S \w \W` `\b \B` | digits, white space, word characters and their edges: ASCII's, with `u` Unicode's |
//! | `\p{L}` `\P{Lu}` `\pN` `\p{Greek}` `\p{Alphabetic}` | with `u` only: short general categories, scripts, properties |
//! | `^` `$` | start and end of the text (with `m`: of a line) |
//! | `\A` `\z` | start and end of the text |
//! | `(..)` `(?:..)` `(?<name>..)` `(?P<name>..)` `a\|b` | groups and alternatives |
//! | `* + ? {2} {2,} {2,5}` and the same with `?` | repetitions; counts are 1000 at most |
//! | `(?i)` `(?i-s:..)` | flags for the rest of the group, or for a group |
//!
//! The flags are `i` (caseless), `s`, `m`, `x` (white space and comments stand for nothing, outside of classes)
//! and `u`, which holds for the whole pattern.
//!
//! # Differences from PCRE, the engine of Elixir
//!
//! * `$` and `\z` are the end of the text; PCRE's `$` also matches before a last `\n`.
//! * With `m`, lines end at `\n`; `^` also matches after a `\n` that ends the text.
//! * `.` and classes always match whole code points, also without `u`.
//! * Without `u`, case folding is ASCII's; with `u`, it is Unicode's simple folding: `ſ` is an `s`, the Kelvin
//!   sign is a `k`, `ß` is `ẞ` but not `ss`, and the dotted `İ` and the dotless `ı` are only themselves.
//! * A `[` or `&&` in a class needs a backslash, and so does a `{` that is no repetition.
//!
//! # Time
//!
//! JavaScript engines backtrack: `(a+)+$` may stall the page that runs it (not a server). Nesting a repetition
//! directly in a repetition is seldom needed.

mod class;
mod error;
mod escape;
mod names;
mod parse;
mod refused;
mod tree;
mod write;

#[cfg(test)]
mod tests;

pub use error::PatternError;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use core::fmt;
#[cfg(feature = "regex")]
use refused::Refused;
use tree::Tree;
use write::Engine;

/// A regular expression of the [dialect](self), ready to run. Cloning shares it.
///
/// Two patterns are equal if their source and flags are.
///
/// ```
/// # use ectomorph::pattern::Pattern;
/// let email = Pattern::new(r"^[^\s]+@[^\s]+$", "")?;
/// # #[cfg(feature = "regex")]
/// assert!(email.is_match("ada@example.com"));
/// # Ok::<(), ectomorph::pattern::PatternError>(())
/// ```
#[derive(Clone)]
pub struct Pattern(Arc<Inner>);

struct Inner {
    source: Box<str>,
    flags: Box<str>,
    tree: Tree,
    #[cfg(feature = "regex")]
    regex: regex::Regex,
    /// The number under which the host keeps its `RegExp`.
    #[cfg(all(target_arch = "wasm32", not(feature = "regex")))]
    host: u32,
}

impl Pattern {
    /// Understands and compiles a pattern. `flags` is any of `i`, `s`, `m`, `x` and `u`, or empty.
    ///
    /// # Errors
    ///
    /// Whatever is not in the [dialect](self), by its name, and patterns that are too large: more than 4096
    /// bytes, 50 groups and classes within each other, or counts whose product builds too large an automaton.
    ///
    /// ```
    /// # use ectomorph::pattern::Pattern;
    /// let error = Pattern::new(r"^(?<!no)spam$", "i").unwrap_err();
    /// assert_eq!((error.construct(), error.text()), ("look-behind", "(?<!"));
    /// ```
    pub fn new(source: &str, flags: &str) -> Result<Self, PatternError> {
        let tree = parse::parse(source, flags)?;
        Ok(Pattern(Arc::new(Inner {
            #[cfg(feature = "regex")]
            regex: compile(&tree, source)?,
            #[cfg(all(target_arch = "wasm32", not(feature = "regex")))]
            host: crate::host::pattern_new(&write::write(&tree, Engine::JavaScript), js_flags(&tree)),
            source: source.into(),
            flags: flags.into(),
            tree,
        })))
    }

    /// The pattern as it was defined.
    pub fn source(&self) -> &str {
        &self.0.source
    }

    /// The flags as they were given.
    pub fn flags(&self) -> &str {
        &self.0.flags
    }

    /// Whether the pattern matches anywhere in `text`.
    ///
    /// Exists where there is an engine: with feature `regex`, or on wasm32, where the host has one. Other builds
    /// can define patterns, and ship them, but not run them.
    ///
    /// ```
    /// # use ectomorph::pattern::Pattern;
    /// let word = Pattern::new(r"^\w+$", "")?;
    /// assert!(word.is_match("cafe"));
    /// assert!(!word.is_match("café"));
    /// assert!(Pattern::new(r"^\w+$", "u")?.is_match("café"));
    /// # Ok::<(), ectomorph::pattern::PatternError>(())
    /// ```
    #[cfg(feature = "regex")]
    pub fn is_match(&self, text: &str) -> bool {
        self.0.regex.is_match(text)
    }

    /// Whether the pattern matches anywhere in `text`.
    #[cfg(all(target_arch = "wasm32", not(feature = "regex")))]
    pub fn is_match(&self, text: &str) -> bool {
        crate::host::pattern_test(self.0.host, text)
    }

    /// Source and flags for JavaScript's `new RegExp`, which then tests texts with the same answers.
    ///
    /// The flags are `u`, or `iu` where case beyond ASCII has to be folded: `u` makes the engine read code points
    /// instead of UTF-16 units. Its successor `v` would only shorten set operations, and engines that are a few
    /// years old refuse it. Look-behind is used for `\b` with `u` and `^` with `m` only.
    ///
    /// ```
    /// # use ectomorph::pattern::Pattern;
    /// let pattern = Pattern::new(r"^\s*[a-f\d]+$", "i")?;
    /// assert_eq!(pattern.to_js(), (r"^[\x09-\x0d ]*[a-fA-F0-9]+$".to_string(), "u"));
    /// # Ok::<(), ectomorph::pattern::PatternError>(())
    /// ```
    pub fn to_js(&self) -> (String, &'static str) {
        (write::write(&self.0.tree, Engine::JavaScript), js_flags(&self.0.tree))
    }
}

fn js_flags(tree: &Tree) -> &'static str {
    if tree.needs_engine_folding { "iu" } else { "u" }
}

/// Compiles with room to spare for all that the parser accepts.
#[cfg(feature = "regex")]
fn compile(tree: &Tree, source: &str) -> Result<regex::Regex, PatternError> {
    regex::RegexBuilder::new(&write::write(tree, Engine::Native)).size_limit(128 << 20).build().map_err(
        |_| {
            let refused = Refused { refusal: refused::LARGE_PATTERN, start: 0, end: 0 };
            PatternError::new(refused, source)
        },
    )
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.source() == other.source() && self.flags() == other.flags()
    }
}

impl Eq for Pattern {}

impl fmt::Debug for Pattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Pattern").field(&self.source()).field(&self.flags()).finish()
    }
}
