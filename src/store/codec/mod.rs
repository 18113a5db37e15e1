//! Values, rows and definitions as bytes: what frames of the journal and blocks of snapshots are made of.
//!
//! | thing | bytes |
//! |---|---|
//! | number | 7 bits a byte, the lowest first; the high bit says that more follow |
//! | signed number | a number, of which the lowest bit is the sign: 0, -1, 1, -2, .. are 0, 1, 2, 3, .. |
//! | flag | 0 or 1 |
//! | text, bytes | how many bytes there are, and these; text is UTF-8 |
//! | list | how many elements there are, and these |
//! | option | a flag, and the thing if there is one |
//! | row | the list of its values |
//!
//! A value is a byte that says what it is, and what follows from that:
//!
//! | byte | value | then |
//! |---|---|---|
//! | 0 | null | |
//! | 1, 2 | false, true | |
//! | 3 | integer | signed number |
//! | 4 | float | 8 bytes, IEEE 754, the lowest first |
//! | 5 | decimal | flag: negative; signed number: exponent; number: coefficient |
//! | 6, 7 | string, binary | bytes |
//! | 8 | date | signed number: days since 1970-01-01 |
//! | 9 | time | number: microseconds of the day; a byte: precision |
//! | 10, 11 | naive datetime, UTC datetime | the date, then the time |
//! | 12 | map | a list of texts and values |
//! | 13 | list | a list of values |
//!
//! Definitions and their changes are their parts in the order of their fields; see `definition.rs`.

mod definition;
mod value;

pub(super) use value::is_shallow;

use std::fmt;

/// How deep a value may be nested.
pub(super) const MAX_DEPTH: usize = 128;

/// Bytes that mean nothing: what was expected in their place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Malformed(pub &'static str);

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}", self.0)
    }
}

/// What has a form in bytes.
pub(super) trait Coded: Sized {
    fn write(&self, into: &mut Vec<u8>);
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed>;
}

/// Bytes that are read from the front.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
    /// Values around the one that is read.
    depth: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { rest: bytes, depth: 0 }
    }

    pub(super) fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(Malformed("more bytes"))?;
        self.rest = rest;
        Ok(taken)
    }

    pub(super) fn byte(&mut self) -> Result<u8, Malformed> {
        self.take(1).map(|bytes| bytes[0])
    }

    pub(super) fn number(&mut self) -> Result<u64, Malformed> {
        // Mostly it is one byte.
        match self.rest {
            [byte @ ..0x80, rest @ ..] => {
                self.rest = rest;
                Ok(u64::from(*byte))
            }
            _ => u64::try_from(self.large_number()?).map_err(|_| Malformed("a number of 64 bits")),
        }
    }

    pub(super) fn large_number(&mut self) -> Result<u128, Malformed> {
        let mut number = 0_u128;
        for shift in (0..=126).step_by(7) {
            let byte = self.byte()?;
            let bits = u128::from(byte & 0x7f);
            if bits << shift >> shift != bits {
                break;
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(Malformed("a number of 128 bits"))
    }

    pub(super) fn signed(&mut self) -> Result<i64, Malformed> {
        let number = self.number()?;
        Ok((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    pub(super) fn small(&mut self) -> Result<u32, Malformed> {
        u32::try_from(self.number()?).map_err(|_| Malformed("a number of 32 bits"))
    }

    /// How many elements follow. Each has a byte at least, so no count can be larger than what is left.
    pub(super) fn count(&mut self) -> Result<usize, Malformed> {
        let count = usize::try_from(self.number()?).unwrap_or(usize::MAX);
        if count > self.rest.len() { Err(Malformed("as many elements as are counted")) } else { Ok(count) }
    }

    pub(super) fn bytes(&mut self) -> Result<&'a [u8], Malformed> {
        let count = self.count()?;
        self.take(count)
    }
}

pub(super) fn push_number(into: &mut Vec<u8>, number: u64) {
    if number < 0x80 {
        into.push(number as u8);
    } else {
        push_large_number(into, number.into());
    }
}

pub(super) fn push_large_number(into: &mut Vec<u8>, mut number: u128) {
    while number >= 0x80 {
        into.push(number as u8 | 0x80);
        number >>= 7;
    }
    into.push(number as u8);
}

pub(super) fn push_signed(into: &mut Vec<u8>, number: i64) {
    push_number(into, (number << 1) as u64 ^ (number >> 63) as u64);
}

pub(super) fn push_bytes(into: &mut Vec<u8>, bytes: &[u8]) {
    push_number(into, bytes.len() as u64);
    into.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        let mut bytes = Vec::new();
        let numbers = [0, 1, 127, 128, 16_383, 16_384, u64::from(u32::MAX), u64::MAX - 1, u64::MAX];
        let signed = [0, -1, 1, 63, -64, 64, i64::MAX, i64::MIN];
        numbers.iter().for_each(|number| push_number(&mut bytes, *number));
        signed.iter().for_each(|number| push_signed(&mut bytes, *number));
        push_large_number(&mut bytes, u128::MAX);
        let mut reader = Reader::new(&bytes);
        assert_eq!(numbers.map(|_| reader.number().unwrap()), numbers);
        assert_eq!(signed.map(|_| reader.signed().unwrap()), signed);
        assert_eq!(reader.large_number(), Ok(u128::MAX));
        assert!(reader.is_done());
    }

    #[test]
    fn what_is_too_large_or_cut_is_refused() {
        let mut reader = Reader::new(&[0xff; 30]);
        assert_eq!(reader.large_number(), Err(Malformed("a number of 128 bits")));
        assert_eq!(Reader::new(&[0x80]).number(), Err(Malformed("more bytes")));
        assert_eq!(Reader::new(&[5, 1]).bytes(), Err(Malformed("as many elements as are counted")));
        assert_eq!(
            Reader::new(&[0xff, 0xff, 0xff, 0xff, 0x1f]).small(),
            Err(Malformed("a number of 32 bits"))
        );
    }
}
