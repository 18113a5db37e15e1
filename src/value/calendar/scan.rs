//! Reads the parts of ISO 8601 texts, as Elixir's `Calendar.ISO` does.

use super::{Date, Time};

/// A place in a text.
pub(super) struct Scan<'a> {
    rest: &'a [u8],
}

impl<'a> Scan<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Scan { rest: text.as_bytes() }
    }

    pub(super) fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    /// Steps over `byte`, if it is next.
    pub(super) fn accept(&mut self, byte: u8) -> bool {
        let next = self.rest.first() == Some(&byte);
        if next {
            self.rest = &self.rest[1..];
        }
        next
    }

    /// `2024-01-31` with an optional sign.
    pub(super) fn date(&mut self) -> Option<Date> {
        let negative = self.accept(b'-');
        if !negative {
            self.accept(b'+');
        }
        let year = self.digits(4)?;
        let month = self.after(b'-')?.digits(2)?;
        let day = self.after(b'-')?.digits(2)?;
        Date::new(if negative { -year } else { year }, month, day)
    }

    /// `10:20:30` with an optional fraction, whose digits after the sixth are dropped.
    pub(super) fn time(&mut self) -> Option<Time> {
        let hour = self.digits(2)?;
        let minute = self.after(b':')?.digits(2)?;
        let second = self.after(b':')?.digits(2)?;
        let (mut microsecond, mut precision) = (0, 0);
        if self.accept(b'.') || self.accept(b',') {
            microsecond = self.digits(1)?;
            precision = 1;
            while let Some(digit) = self.digits(1) {
                if precision < 6 {
                    microsecond = microsecond * 10 + digit;
                    precision += 1;
                }
            }
            microsecond *= 10_i64.pow(6 - precision);
        }
        Time::new(hour, minute, second, microsecond, precision as u8)
    }

    /// The rest of the text: nothing, `Z`, `+02:00`, `+0200` or `+02`. Minutes, if there is an offset.
    pub(super) fn offset(&mut self) -> Option<Option<i16>> {
        match self.rest {
            b"" => return Some(None),
            b"Z" => return Some(Some(0)),
            // ISO 8601 has no negative zero, and Elixir refuses it in this form alone.
            b"-00:00" => return None,
            _ => {}
        }
        let negative = self.accept(b'-');
        if !negative && !self.accept(b'+') {
            return None;
        }
        let hour = self.digits(2)?;
        let colon = self.accept(b':');
        let minute = if self.is_done() && !colon { 0 } else { self.digits(2)? };
        if hour > 23 || minute > 59 || !self.is_done() {
            return None;
        }
        let minutes = (hour * 60 + minute) as i16;
        Some(Some(if negative { -minutes } else { minutes }))
    }

    fn after(&mut self, byte: u8) -> Option<&mut Self> {
        self.accept(byte).then_some(self)
    }

    /// Exactly `count` digits.
    fn digits(&mut self, count: usize) -> Option<i64> {
        let (digits, rest) = self.rest.split_at_checked(count)?;
        let mut number = 0;
        for digit in digits {
            if !digit.is_ascii_digit() {
                return None;
            }
            number = number * 10 + i64::from(digit - b'0');
        }
        self.rest = rest;
        Some(number)
    }
}
