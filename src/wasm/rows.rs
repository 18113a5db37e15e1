//! Rows of plain values as JSON, which hosts read quicker than anything that is written in JavaScript.
//!
//! Portions, each the count of its bytes (4) and those: a JSON array of objects. After each stand the values that JSON has no
//! words for, which the host puts into their places: their count (4), then for each the place of its object in the portion (4),
//! the position of its field (2), and the value. A count of no bytes ends the portions.

use crate::repo::{Flat, Takes};
use crate::value::{Value, ValueRef};
use crate::wasm::pack::{self, pack};

/// A text of that many bytes is long enough: no host makes one of any length.
const PORTION: usize = 1 << 24;

/// The largest integer that a float holds with all below it.
const MAX_SAFE: u64 = (1 << 53) - 1;

/// Writes rows.
#[derive(Default)]
pub(crate) struct Rows {
    out: Vec<u8>,
    /// Where the portion under way begins.
    start: usize,
    /// How many rows it has.
    rows: u32,
    /// Whether a row is under way that has a value.
    is_open: bool,
    /// For each field or key, what stands before its value: a comma, the name, a colon.
    names: Vec<Vec<u8>>,
    /// What JSON has no words for, and how many values that are.
    beside: Vec<u8>,
    odd: u32,
    scratch: String,
}

impl Rows {
    /// All that was written.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        if self.rows > 0 {
            self.end_portion();
        }
        self.out.extend_from_slice(&[0; 4]);
        self.out
    }

    /// Begins a row, if none is under way; whether it did.
    fn open_row(&mut self) -> bool {
        if self.is_open {
            return false;
        }
        if self.rows == 0 {
            self.start = self.out.len();
            self.out.extend_from_slice(&[0, 0, 0, 0, b'[', b'{']);
        } else {
            self.out.extend_from_slice(b",{");
        }
        self.is_open = true;
        true
    }

    fn end_portion(&mut self) {
        self.out.push(b']');
        let length = self.out.len() - self.start - 4;
        self.out[self.start..self.start + 4].copy_from_slice(&(length as u32).to_le_bytes());
        pack::count(&mut self.out, self.odd as usize);
        self.out.append(&mut self.beside);
        (self.odd, self.rows) = (0, 0);
    }

    /// A value that the host puts into its place; `instead` stands there until then.
    #[cold]
    fn odd(&mut self, at: usize, value: &Value, instead: &[u8]) {
        self.out.extend_from_slice(instead);
        self.beside.extend_from_slice(&self.rows.to_le_bytes());
        self.beside.extend_from_slice(&(at as u16).to_le_bytes());
        pack(&mut self.beside, value);
        self.odd += 1;
    }

    fn plain(&mut self, at: usize, value: &Value) {
        match value {
            Value::Null => self.out.extend_from_slice(b"null"),
            Value::Bool(true) => self.out.extend_from_slice(b"true"),
            Value::Bool(false) => self.out.extend_from_slice(b"false"),
            Value::Integer(number) if number.unsigned_abs() <= MAX_SAFE => integer(&mut self.out, *number),
            // An object whose fields are once floats and once not is two kinds of objects to hosts.
            Value::Float(number) => {
                if !short(&mut self.out, *number) {
                    self.odd(at, value, b"0.5");
                }
            }
            Value::String(text) => quoted(&mut self.out, text.as_bytes()),
            Value::NaiveDatetime(datetime) => {
                self.scratch.clear();
                datetime.push_iso(&mut self.scratch, 'T');
                quoted(&mut self.out, self.scratch.as_bytes());
            }
            Value::UtcDatetime(datetime) => {
                self.scratch.clear();
                datetime.push_iso(&mut self.scratch, 'T');
                quoted(&mut self.out, self.scratch.as_bytes());
            }
            Value::Decimal(_) | Value::Date(_) | Value::Time(_) => {
                quoted(&mut self.out, pack::text_further(value).as_bytes());
            }
            Value::Integer(_) | Value::Binary(_) | Value::List(_) | Value::Map(_) => {
                self.odd(at, value, b"null");
            }
        }
    }
}

impl Takes for Rows {
    fn begin(&mut self, flat: &Flat) {
        let name = |name: &str| {
            let mut before = vec![b','];
            quoted(&mut before, name.as_bytes());
            before.push(b':');
            before
        };
        self.names = match flat {
            Flat::Record(schema) => schema.fields().iter().map(|field| name(&field.name)).collect(),
            Flat::Map(keys) => keys.iter().map(|key| name(key)).collect(),
        };
    }

    fn value(&mut self, at: usize, value: ValueRef<'_>) {
        let is_first = self.open_row();
        if let Some(name) = self.names.get(at) {
            self.out.extend_from_slice(&name[usize::from(is_first)..]);
        }
        match value {
            ValueRef::Text(text) => quoted(&mut self.out, text.as_bytes()),
            ValueRef::Bytes(bytes) => self.odd(at, &Value::Binary(bytes.into()), b"null"),
            ValueRef::Lent(value) => self.plain(at, value),
            ValueRef::Made(value) => self.plain(at, &value),
        }
    }

    fn end(&mut self) {
        self.open_row();
        self.out.push(b'}');
        self.is_open = false;
        self.rows += 1;
        if self.out.len() - self.start >= PORTION {
            self.end_portion();
        }
    }
}

/// Writes an integer.
fn integer(out: &mut Vec<u8>, number: i64) {
    let mut digits = [0; 20];
    let (mut at, mut left) = (digits.len(), number.unsigned_abs());
    loop {
        at -= 1;
        digits[at] = b'0' + (left % 10) as u8;
        left /= 10;
        if left == 0 {
            break;
        }
    }
    if number < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(&digits[at..]);
}

/// Writes a float that is a number of few digits divided by a power of ten; false if it is none. Such a division gives the
/// nearest float there is, as reading the text does, so it comes back as it was.
fn short(out: &mut Vec<u8>, number: f64) -> bool {
    const MOST: f64 = 1e15;
    for (places, scale) in [1.0, 10.0, 100.0, 1000.0, 10_000.0].into_iter().enumerate() {
        let scaled = number * scale;
        // Whole in spite of what the multiplication rounded, or not at all.
        let whole = (scaled + 0.5f64.copysign(scaled)) as i64;
        if whole as f64 / scale == number && scaled.abs() < MOST && (whole != 0 || !number.is_sign_negative()) {
            let unit = scale as u64;
            if whole < 0 {
                out.push(b'-');
            }
            integer(out, (whole.unsigned_abs() / unit) as i64);
            if places > 0 {
                out.push(b'.');
                let part = whole.unsigned_abs() % unit;
                let mut unit = unit / 10;
                while unit > 0 {
                    out.push(b'0' + (part / unit % 10) as u8);
                    unit /= 10;
                }
            }
            return true;
        }
    }
    false
}

/// Writes a text, as JSON has it.
fn quoted(out: &mut Vec<u8>, text: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    out.push(b'"');
    let mut from = 0;
    for (at, byte) in text.iter().enumerate() {
        if *byte >= b' ' && *byte != b'"' && *byte != b'\\' {
            continue;
        }
        out.extend_from_slice(&text[from..at]);
        from = at + 1;
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', *byte]),
            _ => {
                let (high, low) = (usize::from(byte >> 4), usize::from(byte & 15));
                out.extend_from_slice(&[b'\\', b'u', b'0', b'0', DIGITS[high], DIGITS[low]]);
            }
        }
    }
    out.extend_from_slice(&text[from..]);
    out.push(b'"');
}
