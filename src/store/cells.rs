//! The values of one column in a chunk of rows, packed by what they are.
//!
//! Numbers, flags, dates and times are words of as few bytes as the largest needs; texts and bytes stand one behind the
//! other; what is neither, or not of one kind, are values. A column becomes what its values ask for, chunk by chunk, so
//! the definition of a table has no say in it.

use super::bits::Bits;
use crate::value::{Date, NaiveDatetime, Time, UtcDatetime, Value, ValueRef};

/// The values of a column of a chunk, by place.
#[derive(Clone, Debug, Default)]
pub(super) enum Cells {
    /// Null everywhere.
    #[default]
    Nulls,
    Words(Words),
    Texts(Texts),
    Values(Vec<Value>),
}

/// Values of one form, each a word.
#[derive(Clone, Debug)]
pub(super) struct Words {
    pub form: Form,
    /// How many bytes a word has: 1, 2, 4 or 8.
    pub width: u8,
    pub bytes: Vec<u8>,
    pub nulls: Bits,
}

/// Texts or bytes.
#[derive(Clone, Debug)]
pub(super) struct Texts {
    /// Whether they are bytes, which need not be text.
    pub binary: bool,
    /// Where each ends; it begins where the one before ends.
    pub ends: Vec<u16>,
    pub bytes: Vec<u8>,
    pub nulls: Bits,
}

/// What a word means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The integer.
    Integer,
    /// The bits of the float.
    Float,
    /// 0 or 1.
    Boolean,
    /// Days since 1970.
    Date,
    /// The time of day: seconds if it shows no digits after them, else microseconds.
    Time(u8),
    /// The time since 1970, in the same units.
    Naive(u8),
    /// The same, in UTC.
    Utc(u8),
}

/// A value on loan from where it is packed.
#[derive(Clone, Copy, Debug)]
pub enum Cell<'a> {
    /// Null.
    Null,
    /// A word of a form.
    Word(Form, i64),
    /// Text.
    Text(&'a [u8]),
    /// Bytes.
    Binary(&'a [u8]),
    /// Any other value.
    Value(&'a Value),
}

const SECOND: i64 = 1_000_000;

impl Form {
    /// How many microseconds one is, of a time of that precision.
    fn unit(precision: u8) -> i64 {
        if precision == 0 { SECOND } else { 1 }
    }

    /// The value of a word; null if there is none.
    pub(super) fn value(self, word: i64) -> Value {
        let moment =
            |precision: u8| UtcDatetime::from_unix(word.checked_mul(Form::unit(precision))?, precision);
        match self {
            Form::Integer => Value::Integer(word),
            Form::Float => Value::Float(f64::from_bits(word as u64)),
            Form::Boolean => Value::Bool(word != 0),
            Form::Date => Date::from_unix_days(word).map_or(Value::Null, Value::Date),
            Form::Time(precision) => {
                let microseconds = Form::microseconds(precision, word);
                Time::from_microsecond_of_day(microseconds, precision).map_or(Value::Null, Value::Time)
            }
            Form::Naive(precision) => {
                moment(precision).map_or(Value::Null, |utc| Value::NaiveDatetime(utc.naive()))
            }
            Form::Utc(precision) => moment(precision).map_or(Value::Null, Value::UtcDatetime),
        }
    }

    /// The microseconds that a word of a time or datetime means.
    pub(super) fn microseconds(precision: u8, word: i64) -> i64 {
        word.saturating_mul(Form::unit(precision))
    }
}

/// A value, as it would be packed.
impl<'a> From<&'a Value> for Cell<'a> {
    #[inline]
    fn from(value: &'a Value) -> Cell<'a> {
        let moment = |naive: NaiveDatetime| {
            let microseconds = UtcDatetime::new(naive).unix_microseconds();
            microseconds.div_euclid(Form::unit(naive.time().precision()))
        };
        match value {
            Value::Null => Cell::Null,
            Value::Integer(number) => Cell::Word(Form::Integer, *number),
            Value::String(text) => Cell::Text(text.as_bytes()),
            Value::Float(float) => Cell::Word(Form::Float, float.to_bits() as i64),
            Value::Bool(flag) => Cell::Word(Form::Boolean, i64::from(*flag)),
            Value::Binary(bytes) => Cell::Binary(bytes),
            Value::Date(date) => Cell::Word(Form::Date, date.unix_days()),
            Value::Time(time) => {
                let precision = time.precision();
                Cell::Word(Form::Time(precision), time.microsecond_of_day() / Form::unit(precision))
            }
            Value::NaiveDatetime(naive) => Cell::Word(Form::Naive(naive.time().precision()), moment(*naive)),
            Value::UtcDatetime(utc) => {
                Cell::Word(Form::Utc(utc.naive().time().precision()), moment(utc.naive()))
            }
            Value::Decimal(_) | Value::Map(_) | Value::List(_) => Cell::Value(value),
        }
    }
}

impl<'a> Cell<'a> {
    /// The value, whose text or bytes stay where they are.
    #[inline]
    pub fn lend(self) -> ValueRef<'a> {
        match self {
            Cell::Text(bytes) => ValueRef::Text(std::str::from_utf8(bytes).unwrap_or_default()),
            Cell::Binary(bytes) => ValueRef::Bytes(bytes),
            Cell::Value(value) => ValueRef::Lent(value),
            Cell::Null | Cell::Word(..) => ValueRef::Made(self.to_value()),
        }
    }

    /// The value.
    #[inline]
    pub fn to_value(self) -> Value {
        match self {
            Cell::Null => Value::Null,
            Cell::Word(Form::Integer, number) => Value::Integer(number),
            Cell::Word(form, word) => form.value(word),
            // What is packed as text was text, or was looked at when it was read.
            Cell::Text(bytes) => Value::from(std::str::from_utf8(bytes).unwrap_or_default()),
            Cell::Binary(bytes) => Value::Binary(bytes.into()),
            Cell::Value(value) => value.clone(),
        }
    }

    /// Whether it is null.
    pub fn is_null(self) -> bool {
        matches!(self, Cell::Null)
    }
}

impl Cells {
    /// The value at a place.
    #[inline]
    pub(super) fn get(&self, at: usize) -> Cell<'_> {
        match self {
            Cells::Nulls => Cell::Null,
            Cells::Words(words) if words.nulls.has(at) => Cell::Null,
            Cells::Words(words) => Cell::Word(words.form, words.get(at)),
            Cells::Texts(texts) if texts.nulls.has(at) => Cell::Null,
            Cells::Texts(texts) if texts.binary => Cell::Binary(texts.get(at)),
            Cells::Texts(texts) => Cell::Text(texts.get(at)),
            Cells::Values(values) => values.get(at).map_or(Cell::Null, Cell::from),
        }
    }

    /// Puts a value at a place, of `length` that there are: at the end it is one more.
    pub(super) fn put(&mut self, at: usize, length: usize, value: &Value) {
        let cell = Cell::from(value);
        if matches!(self, Cells::Nulls) {
            *self = match cell {
                Cell::Null => return,
                Cell::Word(form, _) => Cells::Words(Words::nulls(form, length)),
                Cell::Text(_) => Cells::Texts(Texts::nulls(false, length)),
                Cell::Binary(_) => Cells::Texts(Texts::nulls(true, length)),
                Cell::Value(_) => Cells::Values(vec![Value::Null; length]),
            };
        }
        let fits = match (&mut *self, cell) {
            (Cells::Words(words), Cell::Word(form, word)) if words.form == form => {
                words.put(at, word);
                words.nulls.set(at, false);
                true
            }
            (Cells::Words(words), Cell::Null) => {
                words.put(at, 0);
                words.nulls.set(at, true);
                true
            }
            (Cells::Texts(texts), Cell::Null) => {
                texts.nulls.set(at, true);
                texts.put(at, &[])
            }
            (Cells::Texts(texts), Cell::Text(bytes) | Cell::Binary(bytes))
                if texts.binary == matches!(cell, Cell::Binary(_)) =>
            {
                let fits = texts.put(at, bytes);
                if fits {
                    texts.nulls.set(at, false);
                }
                fits
            }
            _ => false,
        };
        if fits {
            return;
        }
        if !matches!(self, Cells::Values(_)) {
            *self = Cells::Values((0..length).map(|at| self.get(at).to_value()).collect());
        }
        if let Cells::Values(values) = self {
            match values.get_mut(at) {
                Some(place) => *place = value.clone(),
                None => values.push(value.clone()),
            }
        }
    }

    /// Lets go of what a place holds that nobody reads any more, where that is done at once.
    pub(super) fn forget(&mut self, at: usize) {
        if let Cells::Values(values) = self
            && let Some(value) = values.get_mut(at)
        {
            *value = Value::Null;
        }
    }

    /// Lets go of all that is at no `living` place.
    pub(super) fn compact(&mut self, living: &Bits) {
        let Cells::Texts(texts) = self else { return };
        let mut kept = Texts::nulls(texts.binary, 0);
        for at in 0..texts.ends.len() {
            let lives = living.has(at);
            kept.put(at, if lives { texts.get(at) } else { &[] });
            kept.nulls.set(at, texts.nulls.has(at) || !lives);
        }
        *texts = kept;
    }

    /// Gives back memory that is left over.
    pub(super) fn shrink(&mut self) {
        match self {
            Cells::Nulls => {}
            Cells::Words(words) => words.bytes.shrink_to_fit(),
            Cells::Texts(texts) => {
                texts.ends.shrink_to_fit();
                texts.bytes.shrink_to_fit();
            }
            Cells::Values(values) => values.shrink_to_fit(),
        }
    }
}

impl Words {
    fn nulls(form: Form, length: usize) -> Words {
        let width = if form == Form::Float { 8 } else { 1 };
        Words { form, width, bytes: vec![0; length * usize::from(width)], nulls: Bits::first(length) }
    }

    /// The word at a place.
    #[inline]
    pub(super) fn get(&self, at: usize) -> i64 {
        match self.width {
            1 => self.bytes.get(at).map_or(0, |byte| i64::from(*byte as i8)),
            2 => self.bytes.as_chunks().0.get(at).map_or(0, |word| i16::from_le_bytes(*word).into()),
            4 => self.bytes.as_chunks().0.get(at).map_or(0, |word| i32::from_le_bytes(*word).into()),
            _ => self.bytes.as_chunks().0.get(at).map_or(0, |word| i64::from_le_bytes(*word)),
        }
    }

    /// The places whose words are not less than `low` nor more than `high`.
    pub(super) fn within(&self, low: i64, high: i64) -> Bits {
        /// Words of a width, as far as they are in bounds: a subtraction and a comparison each, and nothing to guess.
        macro_rules! within {
            ($word:ty, $unsigned:ty, $words:expr) => {{
                let mut bits = Bits::default();
                let (least, most) = (i64::from(<$word>::MIN), i64::from(<$word>::MAX));
                if low > most || high < least || low > high {
                    return bits;
                }
                let (low, high) = (low.max(least) as $word, high.min(most) as $word);
                let span = high.wrapping_sub(low) as $unsigned;
                for (bits, words) in bits.0.iter_mut().zip($words.chunks(64)) {
                    let mut found = 0;
                    for (at, word) in words.iter().enumerate() {
                        let word = <$word>::from_le_bytes(*word);
                        found |= u64::from(word.wrapping_sub(low) as $unsigned <= span) << at;
                    }
                    *bits = found;
                }
                bits
            }};
        }
        match self.width {
            1 => within!(i8, u8, self.bytes.as_chunks().0),
            2 => within!(i16, u16, self.bytes.as_chunks().0),
            4 => within!(i32, u32, self.bytes.as_chunks().0),
            _ => within!(i64, u64, self.bytes.as_chunks().0),
        }
    }

    fn length(&self) -> usize {
        self.bytes.len() / usize::from(self.width)
    }

    fn put(&mut self, at: usize, word: i64) {
        let needed = match word {
            _ if self.form == Form::Float => 8,
            -0x80..=0x7f => 1,
            -0x8000..=0x7fff => 2,
            -0x8000_0000..=0x7fff_ffff => 4,
            _ => 8,
        };
        if needed > self.width {
            self.widen(needed);
        }
        let width = usize::from(self.width);
        let word = &word.to_le_bytes()[..width];
        match self.bytes.get_mut(at * width..(at + 1) * width) {
            Some(place) => place.copy_from_slice(word),
            None => self.bytes.extend_from_slice(word),
        }
    }

    fn widen(&mut self, width: u8) {
        let length = self.length();
        let mut bytes = Vec::with_capacity((length + 1) * usize::from(width));
        for at in 0..length {
            bytes.extend_from_slice(&self.get(at).to_le_bytes()[..usize::from(width)]);
        }
        (self.width, self.bytes) = (width, bytes);
    }
}

impl Texts {
    fn nulls(binary: bool, length: usize) -> Texts {
        Texts { binary, ends: vec![0; length], bytes: Vec::new(), nulls: Bits::first(length) }
    }

    fn start(&self, at: usize) -> usize {
        at.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| usize::from(*end))
    }

    /// The bytes at a place.
    #[inline]
    pub(super) fn get(&self, at: usize) -> &[u8] {
        let end = self.ends.get(at).map_or(0, |end| usize::from(*end));
        self.bytes.get(self.start(at)..end).unwrap_or_default()
    }

    /// Puts bytes at a place; false if there would be more than an end can tell.
    fn put(&mut self, at: usize, bytes: &[u8]) -> bool {
        let before = self.get(at).len();
        if self.bytes.len() - before + bytes.len() > usize::from(u16::MAX) {
            return false;
        }
        let start = self.start(at);
        if at >= self.ends.len() {
            self.bytes.extend_from_slice(bytes);
            self.ends.push(self.bytes.len() as u16);
        } else if before == bytes.len() {
            self.bytes[start..start + before].copy_from_slice(bytes);
        } else {
            self.bytes.splice(start..start + before, bytes.iter().copied());
            for end in &mut self.ends[at..] {
                *end = (usize::from(*end) - before + bytes.len()) as u16;
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Decimal, Map};

    fn shown(values: &[Value]) -> String {
        format!("{values:?}")
    }

    fn all() -> Vec<Value> {
        let naive = |text: &str| Value::from(NaiveDatetime::from_iso(text).unwrap());
        let utc = |text: &str| Value::from(UtcDatetime::from_iso(text).unwrap());
        vec![
            Value::Null,
            true.into(),
            0.into(),
            (-129).into(),
            40_000.into(),
            i64::MIN.into(),
            i64::MAX.into(),
            (-0.0).into(),
            f64::NAN.into(),
            Decimal::parse("-0.00").into(),
            "".into(),
            "naïve 🦀".into(),
            "a text that is longer than the others".into(),
            Value::Binary([0, 255].as_slice().into()),
            Date::from_iso("-9999-01-01").unwrap().into(),
            Date::from_iso("9999-12-31").unwrap().into(),
            Time::from_iso("23:59:59.999999").unwrap().into(),
            Time::from_iso("23:59:59").unwrap().into(),
            naive("-9999-01-01T00:00:00"),
            naive("1969-12-31T23:59:58"),
            naive("1969-12-31T23:59:58.000001"),
            utc("9999-12-31T23:59:59.999999Z"),
            utc("9999-12-31T23:59:59.9Z"),
            Map::from([("a", 1)]).into(),
            Value::List(vec![1.into()]),
        ]
    }

    #[test]
    fn every_value_comes_back_as_it_was_put_whatever_is_beside_it() {
        for first in all() {
            for second in all() {
                let mut cells = Cells::default();
                let put = [first.clone(), second.clone(), Value::Null, first.clone(), second.clone()];
                for (at, value) in put.iter().enumerate() {
                    cells.put(at, at, value);
                }
                // One in the midst becomes another.
                cells.put(3, put.len(), &second);
                let expected = [first.clone(), second.clone(), Value::Null, second.clone(), second.clone()];
                let got: Vec<Value> = (0..put.len()).map(|at| cells.get(at).to_value()).collect();
                assert_eq!(shown(&got), shown(&expected));
            }
        }
    }

    #[test]
    fn values_of_one_kind_are_packed_and_others_are_not() {
        let packed = |values: &[Value]| {
            let mut cells = Cells::default();
            values.iter().enumerate().for_each(|(at, value)| cells.put(at, at, value));
            match cells {
                Cells::Nulls => "nulls".to_owned(),
                Cells::Words(words) => format!("words of {}", words.width),
                Cells::Texts(texts) => format!("{} bytes of text", texts.bytes.len()),
                Cells::Values(_) => "values".to_owned(),
            }
        };
        assert_eq!(packed(&[Value::Null, Value::Null]), "nulls");
        assert_eq!(packed(&[Value::Null, 1.into(), (-128).into()]), "words of 1");
        assert_eq!(packed(&[1.into(), 128.into()]), "words of 2");
        assert_eq!(packed(&[(-32_769).into(), 1.into()]), "words of 4");
        assert_eq!(packed(&[1.into(), (1_i64 << 40).into()]), "words of 8");
        assert_eq!(packed(&[1.5.into(), Value::Null]), "words of 8");
        assert_eq!(packed(&["ab".into(), Value::Null, "c".into()]), "3 bytes of text");
        assert_eq!(packed(&["ab".into(), 1.into()]), "values");
        let long = Value::from("x".repeat(40_000));
        assert_eq!(packed(&[long.clone(), "y".into()]), "40001 bytes of text");
        assert_eq!(packed(&[long.clone(), long]), "values");
    }

    #[test]
    fn what_no_living_row_has_goes() {
        let mut cells = Cells::default();
        (0..10).for_each(|at| cells.put(at, at, &Value::from(format!("text {at}"))));
        let mut living = Bits::default();
        [2, 7].into_iter().for_each(|at| living.set(at, true));
        cells.compact(&living);
        assert_eq!(cells.get(2).to_value(), Value::from("text 2"));
        assert_eq!(cells.get(7).to_value(), Value::from("text 7"));
        assert!(matches!(cells, Cells::Texts(Texts { ref bytes, .. }) if bytes.len() == 12));
        cells.put(5, 10, &"again".into());
        let got: Vec<Value> = [2, 5, 7].into_iter().map(|at| cells.get(at).to_value()).collect();
        assert_eq!(got, [Value::from("text 2"), "again".into(), "text 7".into()]);
    }
}
