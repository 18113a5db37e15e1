//! The keys of one object of a document.

use crate::expr::Expr;
use crate::migration::Condition;
use crate::mistake::Mistake;
use crate::rules::unknown;
use crate::value::{Map, Str, Value};

/// An object that is read key by key. What was not asked for is refused in the end.
pub(super) struct Object<'a> {
    what: &'static str,
    map: &'a Map,
    known: Vec<&'static str>,
}

pub(super) type Result<T> = std::result::Result<T, Mistake>;

impl<'a> Object<'a> {
    pub(super) fn new(what: &'static str, value: &'a Value) -> Result<Object<'a>> {
        match value {
            Value::Map(map) => Ok(Object { what, map, known: Vec::new() }),
            other => Err(Mistake::about("a % must be an object, got %", &[what, other.kind()])),
        }
    }

    /// What the key holds, unless that is null.
    pub(super) fn value(&mut self, key: &'static str) -> Option<&'a Value> {
        self.said(key).filter(|value| !value.is_null())
    }

    /// What the key holds, null too.
    pub(super) fn said(&mut self, key: &'static str) -> Option<&'a Value> {
        self.known.push(key);
        self.map.get(key)
    }

    pub(super) fn text(&mut self, key: &'static str) -> Result<Option<Str>> {
        match self.value(key) {
            None => Ok(None),
            Some(Value::String(text)) if text.contains('\0') => {
                Err(Mistake::about("% of a % can't hold a null byte", &[key, self.what]))
            }
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(other) => Err(self.wrong(key, "a string", other)),
        }
    }

    /// Text that must be there.
    pub(super) fn needed_text(&mut self, key: &'static str) -> Result<Str> {
        match self.text(key)? {
            Some(text) if !text.is_empty() => Ok(text),
            _ => Err(self.missing(key)),
        }
    }

    /// SQL, or an expression.
    pub(super) fn condition(&mut self, key: &'static str) -> Result<Option<Condition>> {
        match self.value(key) {
            Some(expr @ Value::List(_)) => match Expr::from_document(expr) {
                Ok(expr) => Ok(Some(Condition::Expr(expr))),
                Err(error) => Err(Mistake::new(error.to_string()).at(key)),
            },
            Some(Value::String(_)) | None => Ok(self.text(key)?.map(Condition::Sql)),
            Some(other) => Err(self.wrong(key, "a string or an expression", other)),
        }
    }

    pub(super) fn flag(&mut self, key: &'static str) -> Result<Option<bool>> {
        match self.value(key) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(other) => Err(self.wrong(key, "true or false", other)),
        }
    }

    pub(super) fn integer(&mut self, key: &'static str) -> Result<Option<i64>> {
        match self.value(key) {
            None => Ok(None),
            Some(Value::Integer(number)) => Ok(Some(*number)),
            Some(other) => Err(self.wrong(key, "an integer", other)),
        }
    }

    /// A number of digits or characters.
    pub(super) fn count(&mut self, key: &'static str) -> Result<Option<u32>> {
        match self.integer(key)? {
            None => Ok(None),
            Some(number) => match u32::try_from(number) {
                Ok(number) => Ok(Some(number)),
                Err(_) => Err(Mistake::about("% of a % must be a number from 0 on", &[key, self.what])),
            },
        }
    }

    pub(super) fn list(&mut self, key: &'static str, most: usize) -> Result<Option<&'a [Value]>> {
        match self.value(key) {
            None => Ok(None),
            Some(Value::List(list)) if list.len() > most => {
                let most = most.to_string();
                Err(Mistake::about("% of a % has too many elements (%)", &[key, self.what, &most]))
            }
            Some(Value::List(list)) => Ok(Some(list)),
            Some(other) => Err(self.wrong(key, "a list", other)),
        }
    }

    /// What must be there.
    pub(super) fn needed(&mut self, key: &'static str) -> Result<&'a Value> {
        self.value(key).ok_or_else(|| self.missing(key))
    }

    /// Refuses keys that nobody asked for.
    pub(super) fn finish(self) -> Result<()> {
        let Object { what, map, known } = self;
        match map.keys().find(|key| !known.contains(&key.as_str())) {
            Some(key) => Err(unknown(&format!("key of a {what}"), key, known.into_iter())),
            None => Ok(()),
        }
    }

    /// Every key with its value.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'a Str, &'a Value)> {
        self.map.iter()
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.map.get(key).is_some_and(|value| !value.is_null())
    }

    pub(super) fn wrong(&self, key: &str, wanted: &str, got: &Value) -> Mistake {
        Mistake::about("% of a % must be %, got %", &[key, self.what, wanted, got.kind()])
    }

    fn missing(&self, key: &str) -> Mistake {
        Mistake::about("a % needs its %", &[self.what, key])
    }
}

/// A list of names.
pub(super) fn names(what: &'static str, value: &Value) -> Result<Vec<Str>> {
    let Value::List(list) = value else {
        return Err(Mistake::about("% must be a list of names, got %", &[what, value.kind()]));
    };
    list.iter()
        .map(|name| match name {
            Value::String(name) => Ok(name.clone()),
            other => Err(Mistake::about("% must be a list of names, not of %", &[what, other.kind()])),
        })
        .collect()
}

/// The member of `words` that is called `word`.
pub(super) fn choose<T: Copy>(what: &str, word: &str, words: &[(&'static str, T)]) -> Result<T> {
    match words.iter().find(|(name, _)| *name == word) {
        Some((_, member)) => Ok(*member),
        None => Err(unknown(what, word, words.iter().map(|(name, _)| *name))),
    }
}
