//! The arguments of a step.

use crate::mistake::Mistake;
use crate::rules::{Finding, Message};
use crate::value::{Map, Str, Value, nearest};
use alloc::vec::Vec;

static NO_OPTIONS: Map = Map::new();

/// The arguments of a step, taken one by one, and then the options among them, taken by key.
///
/// What is missing or of the wrong kind is taken as empty, and the first mistake is remembered: the reader of a step
/// need not look at each argument's failure, which is most of what it would do.
pub(crate) struct Arguments<'a> {
    pub(crate) step: &'a str,
    rest: &'a [Value],
    options: &'a Map,
    mistake: Option<Mistake>,
}

impl<'a> Arguments<'a> {
    pub(crate) fn new(step: &'a str, rest: &'a [Value]) -> Self {
        Arguments { step, rest, options: &NO_OPTIONS, mistake: None }
    }

    /// The keys of an object that is no step's.
    pub(crate) fn of_object(options: &'a Map) -> Self {
        Arguments { step: "", rest: &[], options, mistake: None }
    }

    /// The first mistake, if one was made or an argument is left over.
    pub(crate) fn finish(self) -> Result<(), Mistake> {
        match self.mistake {
            Some(mistake) => Err(mistake),
            None if self.rest.is_empty() => Ok(()),
            None => Err(Mistake::about("% has too many arguments", &[self.step])),
        }
    }

    /// Remembers a mistake; none is answered for what could not be read.
    pub(crate) fn refuse<T>(&mut self, mistake: Mistake) -> Option<T> {
        self.mistake.get_or_insert(mistake);
        None
    }

    /// What was read, or none and the mistake is remembered.
    pub(crate) fn keep<T>(&mut self, read: Result<T, Mistake>) -> Option<T> {
        read.map_err(|mistake| self.refuse::<()>(mistake)).ok()
    }

    /// Remembers that a value breaks a rule.
    pub(crate) fn wrong<T>(&mut self, rule: &str, got: &Value) -> Option<T> {
        self.refuse(Mistake::about("%: %, got %", &[self.step, rule, got.kind()]))
    }

    /// Remembers that an option's value is no `wanted`.
    pub(crate) fn wrong_option<T>(&mut self, key: &str, wanted: &str, got: &Value) -> Option<T> {
        let colon = if self.step.is_empty() { "" } else { ": " };
        self.refuse(Mistake::about("%%% must be %, got %", &[self.step, colon, key, wanted, got.kind()]))
    }

    pub(crate) fn peek(&self) -> Option<&'a Value> {
        self.rest.first()
    }

    pub(crate) fn next(&mut self) -> Option<&'a Value> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }

    pub(crate) fn value(&mut self, what: &str) -> &'a Value {
        if let Some(value) = self.next() {
            return value;
        }
        self.refuse(Mistake::about("% lacks its argument `%`", &[self.step, what])).unwrap_or(&Value::Null)
    }

    pub(crate) fn name(&mut self) -> Str {
        self.text("field")
    }

    pub(crate) fn text(&mut self, what: &str) -> Str {
        match self.value(what) {
            Value::String(text) => text.clone(),
            other => self.wrong("its argument must be a string", other).unwrap_or_default(),
        }
    }

    /// A field or a list of fields.
    pub(crate) fn names(&mut self) -> Vec<Str> {
        let value = self.value("fields");
        let list = match value {
            Value::String(_) => core::slice::from_ref(value),
            Value::List(list) => list,
            other => self.wrong("fields must be a list of strings", other).unwrap_or(&[]),
        };
        let mut names = Vec::with_capacity(list.len());
        for name in list {
            match name {
                Value::String(name) => names.push(name.clone()),
                other => return self.wrong("a field must be a string", other).unwrap_or_default(),
            }
        }
        names
    }

    pub(crate) fn map(&mut self) -> Option<&'a Map> {
        match self.next() {
            None | Some(Value::Null) => None,
            Some(Value::Map(map)) => Some(map),
            Some(other) => self.wrong("options must be an object", other),
        }
    }

    /// Takes the options, of which the step has these.
    pub(crate) fn options(&mut self, known: &[&str]) {
        let Some(options) = self.map() else { return };
        self.options = options;
        for (key, value) in options.entries() {
            if !known.contains(&key.as_str()) {
                let mistake =
                    Mistake::about("% has no option `%` that takes %", &[self.step, key, value.kind()]);
                return self.refuse(mistake).unwrap_or_default();
            }
        }
    }

    /// Refuses keys other than the `known`.
    pub(crate) fn known_keys(&mut self, what: &str, known: &[&str]) {
        for (key, _) in self.options.entries() {
            self.position(what, key, known);
        }
    }

    pub(crate) fn option(&self, key: &str) -> Option<&'a Value> {
        self.options.get(key)
    }

    pub(crate) fn flag(&mut self, key: &str) -> Option<bool> {
        match self.option(key)? {
            Value::Bool(flag) => Some(*flag),
            other => self.wrong_option(key, "true or false", other),
        }
    }

    pub(crate) fn text_option(&mut self, key: &str) -> Option<Str> {
        match self.option(key)? {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => self.wrong_option(key, "a string", other),
        }
    }

    /// An object; empty if it is not there.
    pub(crate) fn object(&mut self, key: &str) -> &'a Map {
        self.object_in(self.options, key)
    }

    /// An object inside another one.
    pub(crate) fn object_in(&mut self, options: &'a Map, key: &str) -> &'a Map {
        match options.get(key) {
            None => &NO_OPTIONS,
            Some(Value::Map(map)) => map,
            Some(other) => self.wrong_option(key, "an object", other).unwrap_or(&NO_OPTIONS),
        }
    }

    /// A list of names; empty if it is not there.
    pub(crate) fn names_option(&mut self, key: &str) -> Vec<Str> {
        let mut names = Vec::new();
        for name in self.option(key).and_then(Value::as_list).unwrap_or(&[]) {
            match name {
                Value::String(name) => names.push(name.clone()),
                other => self.wrong_option(key, "a list of names", other).unwrap_or_default(),
            }
        }
        if let Some(other) = self.option(key).filter(|value| value.as_list().is_none()) {
            self.wrong_option(key, "a list of names", other).unwrap_or_default()
        }
        names
    }

    pub(crate) fn map_option(&mut self, key: &str) -> Option<Map> {
        match self.option(key)? {
            Value::Map(map) => Some(map.clone()),
            other => self.wrong_option(key, "an object", other),
        }
    }

    pub(crate) fn list_option(&mut self, key: &str) -> Option<Vec<Value>> {
        match self.option(key)? {
            Value::List(list) => Some(list.clone()),
            other => self.wrong_option(key, "a list", other),
        }
    }

    pub(crate) fn count(&mut self, key: &str) -> Option<u64> {
        match self.option(key)? {
            Value::Null => None,
            Value::Integer(count) if *count >= 0 => Some(*count as u64),
            other => self.wrong_option(key, "an integer from 0", other),
        }
    }

    /// One of a few words.
    pub(crate) fn choice<T: Copy, const N: usize>(
        &mut self,
        key: &str,
        all: [T; N],
        name: fn(T) -> &'static str,
    ) -> Option<T> {
        let word = self.text_option(key)?;
        self.one_of(key, &word, all, name)
    }

    /// The one of `all` that has a name.
    pub(crate) fn one_of<T: Copy, const N: usize>(
        &mut self,
        what: &str,
        word: &str,
        all: [T; N],
        name: fn(T) -> &'static str,
    ) -> Option<T> {
        let at = self.position(what, word, &all.map(name))?;
        all.get(at).copied()
    }

    /// Where among `known` a word stands.
    pub(crate) fn position(&mut self, what: &str, word: &str, known: &[&str]) -> Option<usize> {
        let found = known.iter().position(|known| *known == word);
        found.or_else(|| self.refuse(unknown(what, word, known.iter().copied())))
    }

    pub(crate) fn message(&mut self, key: &str) -> Option<Message> {
        match self.option(key)? {
            Value::Null => None,
            value => self.read_message(value),
        }
    }

    /// A message: a string, or `[string, {extra}]`.
    pub(crate) fn read_message(&mut self, value: &Value) -> Option<Message> {
        match value {
            Value::String(text) => return Some(Message { text: text.clone(), extra: Map::new() }),
            Value::List(list) => {
                if let [Value::String(text), Value::Map(extra)] = list.as_slice() {
                    return Some(Message { text: text.clone(), extra: extra.clone() });
                }
            }
            _ => {}
        }
        self.wrong("a message is a string or [string, {metadata}]", value)
    }

    pub(crate) fn findings(&mut self, key: &str) -> Vec<Finding> {
        let list = self.list_option(key).unwrap_or_default();
        let mut findings = Vec::with_capacity(list.len());
        for entry in &list {
            let (field, message, metadata) = match entry.as_list() {
                Some([Value::String(field), Value::String(message)]) => (field, message, &NO_OPTIONS),
                Some([Value::String(field), Value::String(message), Value::Map(metadata)]) => {
                    (field, message, metadata)
                }
                _ => {
                    return self
                        .wrong("errors must be a list of [field, message, metadata?]", entry)
                        .unwrap_or_default();
                }
            };
            findings.push(Finding {
                field: field.clone(),
                message: message.clone(),
                metadata: metadata.clone(),
            });
        }
        findings
    }
}

/// The mistake of a word that is not known, with the nearest that is.
pub(crate) fn unknown<'a>(what: &str, word: &str, mut known: impl Iterator<Item = &'a str>) -> Mistake {
    unknown_of(what, word, &mut known)
}

#[cold]
fn unknown_of(what: &str, word: &str, known: &mut dyn Iterator<Item = &str>) -> Mistake {
    match nearest(word, known) {
        Some(hint) => Mistake::about("unknown % `%`; did you mean `%`?", &[what, word, hint]),
        None => Mistake::about("unknown % `%`", &[what, word]),
    }
}
