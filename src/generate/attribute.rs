//! Attributes: what a field of a generated schema is, as `name:type:modifier` says it.

use super::names::{check_plain, pascal_case};
use crate::mistake::Mistake;
use crate::value::nearest;

/// How many attributes a schema may have.
pub const MAX_ATTRIBUTES: usize = 500;

/// A field that is to be: `email:string:unique`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Whether no two rows may have the same.
    pub unique: bool,
    /// Whether it is hidden where a changeset or a query is printed.
    pub redact: bool,
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A type that is one word: `string`, `utc_datetime`.
    Plain(&'static str),
    /// A list of these.
    Array(&'static str),
    /// One of some words, stored as text.
    Enum(Vec<String>),
    /// The key of a row of this table.
    References(String),
}

/// The words of types. `datetime` is `naive_datetime`.
const WORDS: [&str; 17] = [
    "integer",
    "float",
    "decimal",
    "boolean",
    "map",
    "string",
    "text",
    "date",
    "time",
    "time_usec",
    "naive_datetime",
    "naive_datetime_usec",
    "utc_datetime",
    "utc_datetime_usec",
    "uuid",
    "binary",
    "datetime",
];

const MODIFIERS: [&str; 2] = ["unique", "redact"];

impl Attribute {
    /// Reads `name`, `name:type` or `name:type:modifier`, with `unique` and `redact` as modifiers. A name alone is a
    /// `string`. `array` takes the type of its elements, `enum` its words, `references` a table.
    ///
    /// ```
    /// use ectomorph::generate::{Attribute, Kind};
    /// let role = Attribute::read("role:enum:admin:user")?;
    /// assert_eq!(role.kind, Kind::Enum(vec!["admin".into(), "user".into()]));
    /// assert_eq!(Attribute::read("email:string:unique")?.unique, true);
    /// # Ok::<(), ectomorph::mistake::Mistake>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A [`Mistake`] that names the attribute: a name or type that can't be, what a type lacks.
    pub fn read(text: &str) -> Result<Attribute, Mistake> {
        let mut parts: Vec<&str> = text.split(':').collect();
        let name = parts.remove(0);
        check_plain("attribute", name)?;
        let mut attribute =
            Attribute { name: name.into(), kind: Kind::Plain("string"), unique: false, redact: false };
        while let Some(modifier) = parts.last().copied().filter(|part| MODIFIERS.contains(part)) {
            match modifier {
                "unique" => attribute.unique = true,
                _ => attribute.redact = true,
            }
            parts.pop();
        }
        if let Some((word, rest)) = parts.split_first() {
            attribute.kind = kind(text, word, rest)?;
        }
        if attribute.unique && matches!(attribute.kind, Kind::Array(_) | Kind::Plain("map")) {
            return Err(Mistake::new(format!("`{text}`: an array or a map can't be unique")));
        }
        Ok(attribute)
    }

    /// Whether forms may set it: keys of other rows are set by the program.
    pub fn is_cast(&self) -> bool {
        !matches!(self.kind, Kind::References(_))
    }

    /// Whether it must be there: all that forms set but maps, lists and what has a default.
    pub fn is_required(&self) -> bool {
        self.is_cast() && !matches!(self.kind, Kind::Array(_) | Kind::Plain("map" | "boolean"))
    }

    /// The name of its enum in Rust and TypeScript: `UserRole`.
    pub(super) fn enum_name(&self, schema: &str) -> String {
        format!("{schema}{}", pascal_case(&self.name))
    }
}

fn kind(text: &str, word: &str, rest: &[&str]) -> Result<Kind, Mistake> {
    let refused = |message: String| Err(Mistake::new(format!("`{text}`: {message}")));
    match word {
        "array" => match rest {
            [element] => Ok(Kind::Array(plain(text, element)?)),
            [] => refused("an array needs the type of its elements: array:string".into()),
            _ => refused("an array has one type of elements: array:string".into()),
        },
        "enum" if rest.is_empty() => refused("an enum needs its words: enum:draft:published".into()),
        "enum" => {
            for (at, value) in rest.iter().enumerate() {
                check_plain("word of the enum", value)?;
                if rest[..at].contains(value) {
                    return refused(format!("the word `{value}` is there twice"));
                }
            }
            Ok(Kind::Enum(rest.iter().map(|word| (*word).to_owned()).collect()))
        }
        "references" => match rest {
            [table] => {
                check_plain("table", table)?;
                Ok(Kind::References((*table).to_owned()))
            }
            _ => refused("references need the table: references:users".into()),
        },
        word => {
            let plain = plain(text, word)?;
            match rest {
                [] => Ok(Kind::Plain(plain)),
                [extra, ..] => {
                    refused(format!("there is no modifier `{extra}`; there are `{}`", MODIFIERS.join("`, `")))
                }
            }
        }
    }
}

fn plain(text: &str, word: &str) -> Result<&'static str, Mistake> {
    if let Some(known) = WORDS.into_iter().find(|known| *known == word) {
        return Ok(if known == "datetime" { "naive_datetime" } else { known });
    }
    let near = nearest(word, WORDS).map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
    Err(Mistake::new(format!(
        "`{text}`: there is no type `{word}`; {near}there are `{}`, `array`, `enum` and `references`",
        WORDS.join("`, `")
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        Attribute::read(text).map_or_else(|mistake| mistake.text(), |attribute| format!("{attribute:?}"))
    }

    #[test]
    fn what_is_not_understood_is_named() {
        for (text, part) in [
            ("age:intger", "did you mean `integer`?"),
            ("role:enum", "enum:draft:published"),
            ("role:enum:a:a", "twice"),
            ("tags:array", "array:string"),
            ("user_id:references", "references:users"),
            ("email:string:uniqe", "no modifier `uniqe`"),
            ("tags:array:string:unique", "can't be unique"),
            ("E-Mail", "number_of_pets"),
            ("", "number_of_pets"),
        ] {
            assert!(refused(text).contains(part), "{text}: {}", refused(text));
        }
    }

    #[test]
    fn modifiers_come_last_and_in_any_order() {
        let secret = Attribute::read("secret:redact:unique").unwrap();
        assert_eq!((secret.kind, secret.unique, secret.redact), (Kind::Plain("string"), true, true));
    }
}
