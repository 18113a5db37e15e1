//! [`Column`]: what a look at a cell can tell. The same looks, at strings, are in `pkg/src/batch/sight.ts`.

use crate::fast::automaton::Automaton;
use alloc::boxed::Box;
use alloc::vec::Vec;

/// A number of so many digits is exact.
const MAX_DIGITS: usize = 15;
const POWERS: [f64; MAX_DIGITS + 1] =
    [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/// What is in a cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Seen {
    /// Perhaps an error.
    Unsure,
    /// Nothing, which is right.
    Blank,
    /// A text that is right as it is.
    Text,
    /// A number, a boolean as 0 or 1, or the place of a text among those that it may be.
    Number(f64),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Unsure,
    Text,
    Integer,
    Float,
    Boolean,
    Date,
    Uuid,
}

/// What rules ask of a cell.
pub(super) struct Column {
    kind: Kind,
    blank: bool,
    /// So many characters at the start must be ones that can be seen, and are a grapheme each.
    lead: usize,
    /// The most code points.
    max: usize,
    at_least: f64,
    above: f64,
    at_most: f64,
    below: f64,
    patterns: Vec<Matcher>,
    among: Vec<Members>,
    not_among: Vec<Members>,
}

impl Column {
    pub(super) fn read(input: &mut Input) -> Column {
        Column {
            kind: match input.word() {
                1 => Kind::Text,
                2 => Kind::Integer,
                3 => Kind::Float,
                4 => Kind::Boolean,
                5 => Kind::Date,
                6 => Kind::Uuid,
                _ => Kind::Unsure,
            },
            blank: input.word() != 0,
            lead: input.word() as usize,
            max: input.word() as usize,
            at_least: input.float(),
            above: input.float(),
            at_most: input.float(),
            below: input.float(),
            patterns: (0..input.count()).map(|_| Matcher::new(&input.bytes())).collect(),
            among: (0..input.count()).map(|_| Members::read(input)).collect(),
            not_among: (0..input.count()).map(|_| Members::read(input)).collect(),
        }
    }

    #[inline]
    pub(super) fn look(&self, cell: &[u8]) -> Seen {
        if cell.is_empty() {
            return if self.blank && self.kind != Kind::Unsure { Seen::Blank } else { Seen::Unsure };
        }
        match self.kind {
            Kind::Unsure => Seen::Unsure,
            Kind::Text => self.text(cell),
            Kind::Integer => self.within(integer(cell)),
            Kind::Float => self.within(float(cell)),
            Kind::Boolean => match cell {
                b"true" | b"1" => Seen::Number(1.0),
                b"false" | b"0" => Seen::Number(0.0),
                _ => Seen::Unsure,
            },
            Kind::Date => certain(is_date(cell)),
            Kind::Uuid => certain(is_uuid(cell)),
        }
    }

    fn text(&self, cell: &[u8]) -> Seen {
        if !starts_visibly(cell, self.lead) {
            return Seen::Unsure;
        }
        // No more bytes than code points are allowed, mostly.
        if cell.len() > self.max && cell.iter().filter(|byte| **byte & 0xc0 != 0x80).count() > self.max {
            return Seen::Unsure;
        }
        if self.not_among.iter().any(|members| members.find(cell).is_some())
            || !self.patterns.iter().all(|pattern| pattern.is_match(cell))
        {
            return Seen::Unsure;
        }
        let mut place = None;
        for members in self.among.iter().rev() {
            place = members.find(cell);
            if place.is_none() {
                return Seen::Unsure;
            }
        }
        place.map_or(Seen::Text, |place| Seen::Number(f64::from(place)))
    }

    fn within(&self, number: Option<f64>) -> Seen {
        match number {
            Some(number)
                if number >= self.at_least
                    && number <= self.at_most
                    && number > self.above
                    && number < self.below =>
            {
                Seen::Number(number)
            }
            _ => Seen::Unsure,
        }
    }
}

fn certain(is: bool) -> Seen {
    if is { Seen::Text } else { Seen::Unsure }
}

/// Whether a text begins with so many characters that are no space (the first), no mark and no control.
fn starts_visibly(cell: &[u8], lead: usize) -> bool {
    let mut rest = cell;
    for index in 0..lead {
        rest = match rest {
            [byte, rest @ ..] if byte.is_ascii_graphic() || (index > 0 && *byte == b' ') => rest,
            // Latin letters, and those of Greek and Cyrillic, and ideographs: U+00C0, U+0380 and U+4000 onwards.
            [0xc3..=0xcb | 0xce..=0xd1, _, rest @ ..] | [0xe4..=0xe9, _, _, rest @ ..] => rest,
            _ => return false,
        };
    }
    true
}

/// A few digits, perhaps behind a minus.
fn integer(cell: &[u8]) -> Option<f64> {
    number(cell, false)
}

/// A few digits, perhaps with a point among them, as the nearest float.
fn float(cell: &[u8]) -> Option<f64> {
    number(cell, true)
}

#[inline]
fn number(cell: &[u8], has_point: bool) -> Option<f64> {
    if cell.len() > MAX_DIGITS {
        return None;
    }
    let (minus, digits) = match cell {
        [b'-', digits @ ..] => (true, digits),
        _ => (false, cell),
    };
    if !digits.last()?.is_ascii_digit() || !digits.first()?.is_ascii_digit() {
        return None;
    }
    let mut number = 0_u64;
    let mut point = None;
    for (index, byte) in digits.iter().enumerate() {
        match byte {
            b'0'..=b'9' => number = number * 10 + u64::from(byte - b'0'),
            b'.' if has_point && point.is_none() => point = Some(digits.len() - 1 - index),
            _ => return None,
        }
    }
    // Both are exact, so that their quotient is rounded once.
    let number = number as f64 / POWERS.get(point.unwrap_or_default())?;
    match (minus, number == 0.0) {
        // Minus zero is a number of its own.
        (true, true) => None,
        (true, false) => Some(-number),
        (false, _) => Some(number),
    }
}

/// Whether a text is a day as `2024-02-29`.
fn is_date(cell: &[u8]) -> bool {
    let [a, b, c, d, b'-', e, f, b'-', g, h] = *cell else { return false };
    if ![a, b, c, d, e, f, g, h].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let number = |tens: u8, ones: u8| u32::from(tens - b'0') * 10 + u32::from(ones - b'0');
    let (year, month, day) = (number(a, b) * 100 + number(c, d), number(e, f), number(g, h));
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        1..=12 => 31,
        _ => 0,
    };
    year > 0 && day > 0 && day <= days
}

/// Whether a text is a UUID as it is written: in small letters.
fn is_uuid(cell: &[u8]) -> bool {
    cell.len() == 36
        && cell.iter().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_digit() || (b'a'..=b'f').contains(byte),
        })
}

/// The states of patterns up to this many have a place for each byte.
const FEW: usize = 64;

/// A pattern: with a table of few states widened, so that a byte is one step.
enum Matcher {
    Wide {
        /// The state after each byte in each state.
        next: Box<[u8]>,
        ends: Box<[u8]>,
    },
    Narrow(Automaton),
}

impl Matcher {
    /// Of a table in the form of [`Automaton`].
    fn new(bytes: &[u8]) -> Matcher {
        Matcher::widened(bytes).unwrap_or_else(|| Matcher::Narrow(Automaton::new(bytes)))
    }

    fn widened(bytes: &[u8]) -> Option<Matcher> {
        let [classes, low, high, rest @ ..] = bytes else { return None };
        let states = usize::from(u16::from_le_bytes([*low, *high]));
        let (map, rest) = rest.split_at_checked(129)?;
        let (ends, table) = rest.split_at_checked(states)?;
        if states > FEW {
            return None;
        }
        let mut next = Vec::with_capacity(states << 8);
        for state in 0..states {
            for byte in 0..=u8::MAX {
                let class = map.get(usize::from(byte).min(128))?;
                let at = 2 * (state * usize::from(*classes) + usize::from(*class));
                // A code point counts once, at its first byte, and the last two states are for good.
                let stays = byte & 0xc0 == 0x80 || state + 2 >= states;
                next.push(if stays { state as u8 } else { *table.get(at)? });
            }
        }
        Some(Matcher::Wide { next: next.into(), ends: ends.into() })
    }

    fn is_match(&self, text: &[u8]) -> bool {
        match self {
            Matcher::Narrow(automaton) => automaton.is_match(text),
            Matcher::Wide { next, ends } => {
                let step = |state: u8, byte: &u8| {
                    next.get(usize::from(state) << 8 | usize::from(*byte)).copied().unwrap_or_default()
                };
                let state = text.iter().fold(0, step);
                ends.get(usize::from(state)).is_some_and(|ends| *ends != 0)
            }
        }
    }
}

/// Texts that a cell may be one of.
struct Members {
    texts: Vec<Box<[u8]>>,
    /// Places among the texts, plus one, by their hash.
    table: Box<[u32]>,
}

impl Members {
    fn read(input: &mut Input) -> Members {
        let texts: Vec<Box<[u8]>> = (0..input.count()).map(|_| input.bytes()).collect();
        let mut table = alloc::vec![0_u32; (texts.len() * 4).next_power_of_two()].into_boxed_slice();
        let mask = table.len() - 1;
        for (index, text) in texts.iter().enumerate() {
            let mut at = hash(text) & mask;
            while table.get(at).is_some_and(|taken| *taken != 0) {
                at = (at + 1) & mask;
            }
            if let Some(place) = table.get_mut(at) {
                *place = index as u32 + 1;
            }
        }
        Members { texts, table }
    }

    fn find(&self, cell: &[u8]) -> Option<u32> {
        let mask = self.table.len() - 1;
        let mut at = hash(cell) & mask;
        loop {
            let place = self.table.get(at)?.checked_sub(1)?;
            if self.texts.get(place as usize).is_some_and(|text| **text == *cell) {
                return Some(place);
            }
            at = (at + 1) & mask;
        }
    }
}

fn hash(text: &[u8]) -> usize {
    let hash =
        text.iter().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
    (hash ^ hash >> 15) as usize
}

/// Packed words: numbers, and texts by their length in bytes. What is missing reads as nothing.
pub(super) struct Input<'a> {
    pub(super) words: &'a [u32],
}

impl Input<'_> {
    pub(super) fn word(&mut self) -> u32 {
        let Some((word, rest)) = self.words.split_first() else { return 0 };
        self.words = rest;
        *word
    }

    /// How many follow: no more than words do.
    pub(super) fn count(&mut self) -> usize {
        (self.word() as usize).min(self.words.len())
    }

    fn float(&mut self) -> f64 {
        let low = u64::from(self.word());
        f64::from_bits(low | u64::from(self.word()) << 32)
    }

    fn bytes(&mut self) -> Box<[u8]> {
        let length = self.word() as usize;
        let (words, rest) = self.words.split_at(length.div_ceil(4).min(self.words.len()));
        self.words = rest;
        words.iter().flat_map(|word| word.to_le_bytes()).take(length).collect()
    }
}
