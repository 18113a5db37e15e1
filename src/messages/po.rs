//! Catalogs of translations in gettext's `.po` format.

use super::plural::Plural;
use super::{Translate, interpolate};
use crate::value::{Str, Value, push_integer};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// The translations of one language, as read from a `.po` file.
///
/// It takes what translators' tools write: several lines for one text, escapes, comments, obsolete entries, contexts
/// (which messages of changesets do not have, so those entries are never used). A fuzzy entry is not used
/// either, for nobody has approved it; nor is an empty translation.
///
/// A message with plural forms takes the form for its binding `count`, by the `Plural-Forms` of the file, or without
/// it by those of its `Language`.
///
/// ```
/// use ectomorph::messages::{Catalog, Translate};
/// let german = Catalog::parse("msgid \"can't be blank\"\nmsgstr \"muss ausgefüllt werden\"\n")?;
/// assert_eq!(german.translate("can't be blank", &[]).as_deref(), Some("muss ausgefüllt werden"));
/// assert_eq!(german.translate("is invalid", &[]), None);
/// # Ok::<(), ectomorph::messages::PoError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Catalog {
    language: String,
    plural: Plural,
    /// By message, so that one is found by bisection.
    entries: Vec<Entry>,
}

#[derive(Clone, Debug)]
struct Entry {
    message: String,
    is_plural: bool,
    forms: Vec<String>,
    line: usize,
}

/// What is wrong with a `.po` file, and on which line.
///
/// ```
/// use ectomorph::messages::Catalog;
/// let error = Catalog::parse("msgid \"is invalid\"\nmsgstr ungültig\n").unwrap_err();
/// assert_eq!(error.to_string(), "line 2: a text stands between double quotes");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoError {
    line: usize,
    message: String,
}

impl Catalog {
    /// Reads the text of a `.po` file.
    ///
    /// # Errors
    ///
    /// The first line that is not of the format, a message that comes twice, a form or a `Plural-Forms` that
    /// cannot be.
    pub fn parse(text: &str) -> Result<Catalog, PoError> {
        let mut reader = Reader::default();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (at, line) in text.lines().enumerate() {
            reader.line = at + 1;
            reader.read(line.trim())?;
        }
        reader.finish_entry()?;
        reader.into_catalog()
    }

    /// The code of the language, `de` or `pt_BR`, or nothing if the file does not say.
    pub fn language(&self) -> &str {
        &self.language
    }

    /// The messages that have a translation, in alphabetical order.
    pub fn messages(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| entry.message.as_str())
    }
}

impl Translate for Catalog {
    fn translate(&self, message: &str, bindings: &[(Str, Value)]) -> Option<String> {
        let at = self.entries.binary_search_by(|entry| entry.message.as_str().cmp(message)).ok()?;
        let entry = &self.entries[at];
        let form = if entry.is_plural { self.plural.form(count(bindings)?)? } else { 0 };
        let text = entry.forms.get(form).filter(|text| !text.is_empty())?;
        Some(interpolate(text, bindings))
    }
}

fn count(bindings: &[(Str, Value)]) -> Option<u64> {
    let (_, count) = bindings.iter().find(|(name, _)| name == "count")?;
    count.as_integer().map(i64::unsigned_abs)
}

impl PoError {
    /// The line, counted from 1.
    pub fn line(&self) -> usize {
        self.line
    }

    /// What is wrong, without the line.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for PoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut place = String::from("line ");
        push_integer(&mut place, self.line as i64);
        f.write_str(&place)?;
        f.write_str(": ")?;
        f.write_str(&self.message)
    }
}

impl core::error::Error for PoError {}

/// More forms than any language has.
const MAX_FORMS: usize = 16;

#[derive(Default)]
struct Reader {
    line: usize,
    draft: Draft,
    /// Where a line that is only a text goes on.
    slot: Slot,
    header: Option<(usize, String)>,
    entries: Vec<Entry>,
}

/// An entry that is being read.
#[derive(Default)]
struct Draft {
    line: usize,
    fuzzy: bool,
    context: Option<String>,
    message: Option<String>,
    plural: Option<String>,
    forms: Vec<Option<String>>,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Slot {
    #[default]
    Nothing,
    Context,
    Message,
    Plural,
    Form(usize),
}

impl Reader {
    fn read(&mut self, line: &str) -> Result<(), PoError> {
        if line.is_empty() {
            return Ok(());
        }
        if let Some(comment) = line.strip_prefix('#') {
            if matches!(self.slot, Slot::Form(_)) {
                self.finish_entry()?;
            }
            let flags = comment.strip_prefix(',').unwrap_or_default();
            self.draft.fuzzy |= flags.split(',').any(|flag| flag.trim() == "fuzzy");
            return Ok(());
        }
        let (slot, text) = if line.starts_with('"') { (self.slot, line) } else { self.keyword(line)? };
        let text = self.unquoted(text.trim_start())?;
        let draft = &mut self.draft;
        let target = match slot {
            Slot::Nothing => return Err(self.error(&["a text needs a msgid or msgstr before it"])),
            Slot::Context => &mut draft.context,
            Slot::Message => &mut draft.message,
            Slot::Plural => &mut draft.plural,
            Slot::Form(form) => {
                if draft.forms.len() <= form {
                    draft.forms.resize(form + 1, None);
                }
                &mut draft.forms[form]
            }
        };
        if self.slot != slot && target.is_some() {
            return Err(self.error(&["this part of the entry is there already"]));
        }
        target.get_or_insert_default().push_str(&text);
        self.slot = slot;
        Ok(())
    }

    /// The slot that a keyword opens, and the rest of the line.
    fn keyword<'a>(&mut self, line: &'a str) -> Result<(Slot, &'a str), PoError> {
        let end = line.find(|c: char| c.is_whitespace() || c == '"').unwrap_or(line.len());
        let (keyword, rest) = line.split_at(end);
        if matches!(keyword, "msgctxt" | "msgid") && matches!(self.slot, Slot::Form(_)) {
            self.finish_entry()?;
        }
        let slot = match keyword {
            "msgctxt" if self.slot == Slot::Nothing => Slot::Context,
            "msgid" if matches!(self.slot, Slot::Nothing | Slot::Context) => Slot::Message,
            "msgid_plural" if self.slot == Slot::Message => Slot::Plural,
            "msgstr" if self.slot == Slot::Message => Slot::Form(0),
            "msgctxt" | "msgid" | "msgid_plural" | "msgstr" => {
                return Err(self.error(&["\"", keyword, "\" cannot come here"]));
            }
            _ => self.form(keyword)?,
        };
        if self.slot == Slot::Nothing {
            self.draft.line = self.line;
        }
        Ok((slot, rest))
    }

    /// `msgstr[1]`
    fn form(&self, keyword: &str) -> Result<Slot, PoError> {
        let Some(index) = keyword.strip_prefix("msgstr[").and_then(|rest| rest.strip_suffix(']')) else {
            let expected = "unknown keyword; there are msgctxt, msgid, msgid_plural, msgstr and msgstr[0]: ";
            return Err(self.error(&[expected, keyword]));
        };
        if self.draft.plural.is_none() {
            return Err(self.error(&["\"", keyword, "\" needs a msgid_plural before it"]));
        }
        match index.parse() {
            Ok(form) if form < MAX_FORMS => Ok(Slot::Form(form)),
            _ => Err(self.error(&["\"", keyword, "\" is no plural form from 0 to 15"])),
        }
    }

    fn unquoted(&self, text: &str) -> Result<String, PoError> {
        let quoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        let quoted = quoted.ok_or_else(|| self.error(&["a text stands between double quotes"]))?;
        let mut unquoted = String::with_capacity(quoted.len());
        let mut chars = quoted.chars();
        while let Some(char) = chars.next() {
            unquoted.push(match char {
                '\\' => match chars.next() {
                    Some('n') => '\n',
                    Some('t') => '\t',
                    Some('r') => '\r',
                    Some(char @ ('"' | '\\')) => char,
                    _ => {
                        return Err(self.error(&["an escape is one of \\n, \\t, \\r, \\\" and \\\\"]));
                    }
                },
                '"' => return Err(self.error(&["a double quote within a text is written \\\""])),
                char => char,
            });
        }
        Ok(unquoted)
    }

    fn finish_entry(&mut self) -> Result<(), PoError> {
        let draft = core::mem::take(&mut self.draft);
        let slot = core::mem::take(&mut self.slot);
        let (Slot::Form(_), Some(message)) = (slot, draft.message) else {
            if slot == Slot::Nothing {
                return Ok(());
            }
            return Err(PoError { line: draft.line, message: String::from("the entry has no msgstr") });
        };
        let mut forms: Vec<_> = draft.forms.into_iter().map(Option::unwrap_or_default).collect();
        if message.is_empty() && draft.context.is_none() {
            // A tool marks the header of a new file as fuzzy; it counts all the same.
            self.header = forms.drain(..).next().map(|header| (draft.line, header));
        } else if !draft.fuzzy && draft.context.is_none() {
            self.entries.push(Entry { message, is_plural: draft.plural.is_some(), forms, line: draft.line });
        }
        Ok(())
    }

    fn into_catalog(mut self) -> Result<Catalog, PoError> {
        self.entries.sort_by(|a, b| a.message.cmp(&b.message).then(a.line.cmp(&b.line)));
        let (line, header) = self.header.take().unwrap_or_default();
        let field = |name: &str| header.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
        let language = field("Language:").unwrap_or_default();
        let plural = match field("Plural-Forms:").filter(|forms| !forms.is_empty()) {
            Some(forms) => {
                Plural::parse(forms).map_err(|message| PoError { line, message: String::from(message) })?
            }
            None => Plural::of_language(language),
        };
        for (at, entry) in self.entries.iter().enumerate() {
            self.line = entry.line;
            if at > 0 && self.entries[at - 1].message == entry.message {
                let mut first = String::new();
                push_integer(&mut first, self.entries[at - 1].line as i64);
                return Err(self.error(&[
                    "\"",
                    &entry.message,
                    "\" is translated on line ",
                    &first,
                    " already",
                ]));
            }
            if entry.forms.len() > plural.forms() {
                return Err(self.error(&["\"", &entry.message, "\" has more forms than the language"]));
            }
        }
        Ok(Catalog { language: String::from(language), plural, entries: self.entries })
    }

    fn error(&self, parts: &[&str]) -> PoError {
        PoError { line: self.line, message: parts.concat() }
    }
}
