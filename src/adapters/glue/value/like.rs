//! LIKE and ILIKE with a pattern that is read once.

/// A pattern of LIKE: `%` is any text, `_` one character, a backslash takes the next character as it is.
#[derive(Clone, Debug)]
pub(in super::super) struct Pattern {
    parts: Vec<Part>,
    ignore_case: bool,
    /// The text between two `%`, if the pattern is nothing else: by far the most frequent.
    contained: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
enum Part {
    Any,
    One,
    Char(char),
}

impl Pattern {
    /// Reads a pattern; `None` when it ends in a backslash, which PostgreSQL refuses.
    pub(in super::super) fn new(pattern: &str, ignore_case: bool) -> Option<Pattern> {
        let mut parts = Vec::new();
        let mut chars = pattern.chars();
        while let Some(char) = chars.next() {
            match char {
                '%' if parts.last() == Some(&Part::Any) => {}
                '%' => parts.push(Part::Any),
                '_' => parts.push(Part::One),
                '\\' => push(&mut parts, chars.next()?, ignore_case),
                _ => push(&mut parts, char, ignore_case),
            }
        }
        let contained = match parts.as_slice() {
            [Part::Any, middle @ .., Part::Any] => middle
                .iter()
                .map(|part| match part {
                    Part::Char(char) => Some(*char),
                    _ => None,
                })
                .collect(),
            _ => None,
        };
        Some(Pattern { parts, ignore_case, contained })
    }

    /// Whether all of `text` matches.
    pub(in super::super) fn matches(&self, text: &str) -> bool {
        if !self.ignore_case {
            return self.matches_folded(text);
        }
        if text.is_ascii() {
            return self.matches_folded(&text.to_ascii_lowercase());
        }
        self.matches_folded(&text.to_lowercase())
    }

    fn matches_folded(&self, text: &str) -> bool {
        if let Some(contained) = &self.contained {
            return text.contains(contained.as_str());
        }
        let (mut rest, mut at) = (text.chars(), 0);
        let mut retry: Option<(std::str::Chars<'_>, usize)> = None;
        loop {
            let matched = match self.parts.get(at) {
                Some(Part::Any) => {
                    at += 1;
                    retry = Some((rest.clone(), at));
                    continue;
                }
                Some(Part::One) => rest.next().is_some(),
                Some(Part::Char(wanted)) => rest.next() == Some(*wanted),
                None if rest.as_str().is_empty() => return true,
                None => false,
            };
            if matched {
                at += 1;
                continue;
            }
            // Only the last `%` can help: it takes one character more.
            let Some((from, after)) = &mut retry else { return false };
            if from.next().is_none() {
                return false;
            }
            (rest, at) = (from.clone(), *after);
        }
    }
}

fn push(parts: &mut Vec<Part>, char: char, ignore_case: bool) {
    if ignore_case {
        parts.extend(char.to_lowercase().map(Part::Char));
    } else {
        parts.push(Part::Char(char));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_those_of_sql() {
        for (text, pattern, like, ilike) in [
            ("Ada Lovelace", "A%", true, true),
            ("Ada Lovelace", "a%", false, true),
            ("Eve", "E_e", true, true),
            ("100%", "%\\%%", true, true),
            ("100", "%\\%%", false, false),
            ("José Ó", "%ó%", false, true),
            ("", "%", true, true),
            ("abcabd", "%ab_", true, true),
            ("abc", "a%b", false, false),
            ("x", "", false, false),
        ] {
            assert_eq!(Pattern::new(pattern, false).unwrap().matches(text), like, "{text} like {pattern}");
            assert_eq!(Pattern::new(pattern, true).unwrap().matches(text), ilike, "{text} ilike {pattern}");
        }
        assert!(Pattern::new("a\\", false).is_none());
    }
}
