//! Rows of plain values as JSON, which hosts read quicker than anything that is written in JavaScript.
//!
//! Portions, each the count of its bytes (4) and those: a JSON array of objects. After each stand the values that JSON has no
//! words for, which the host puts into their places: their count (4), then for each the place of its object in the portion (4),
//! the position of its field (2), and the value. A count of no bytes ends the portions.

use crate::params::push_string;
use crate::repo::{Flat, Takes};
use crate::value::{Value, ValueRef, push_integer, push_padded};
use crate::wasm::pack::{self, pack};

/// A text of that many bytes is long enough: no host makes one of any length.
const PORTION: usize = 1 << 24;

/// The largest integer that a float holds with all below it.
const MAX_SAFE: u64 = (1 << 53) - 1;

/// Writes rows.
#[derive(Default)]
pub(crate) struct Rows {
    out: Vec<u8>,
    /// The portion under way.
    json: String,
    /// How many rows it has.
    rows: u32,
    /// Whether a row is under way that has a value.
    is_open: bool,
    /// For each field or key, what stands before its value: a comma, the name, a colon.
    names: Vec<String>,
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
        self.json.push_str(if self.rows == 0 { "[{" } else { ",{" });
        self.is_open = true;
        true
    }

    fn end_portion(&mut self) {
        self.json.push(']');
        pack::count(&mut self.out, self.json.len());
        self.out.extend_from_slice(self.json.as_bytes());
        self.json.clear();
        pack::count(&mut self.out, self.odd as usize);
        self.out.append(&mut self.beside);
        (self.odd, self.rows) = (0, 0);
    }

    /// A value that the host puts into its place; `instead` stands there until then.
    #[cold]
    fn odd(&mut self, at: usize, value: &Value, instead: &str) {
        self.json.push_str(instead);
        self.beside.extend_from_slice(&self.rows.to_le_bytes());
        self.beside.extend_from_slice(&(at as u16).to_le_bytes());
        pack(&mut self.beside, value);
        self.odd += 1;
    }

    fn plain(&mut self, at: usize, value: &Value) {
        match value {
            Value::Null => self.json.push_str("null"),
            Value::Bool(true) => self.json.push_str("true"),
            Value::Bool(false) => self.json.push_str("false"),
            Value::Integer(number) if number.unsigned_abs() <= MAX_SAFE => {
                push_integer(&mut self.json, *number)
            }
            // An object whose fields are once floats and once not is two kinds of objects to hosts.
            Value::Float(number) => {
                if !short(&mut self.json, *number) {
                    self.odd(at, value, "0.5");
                }
            }
            Value::String(text) => push_string(&mut self.json, text),
            Value::NaiveDatetime(datetime) => {
                self.scratch.clear();
                datetime.push_iso(&mut self.scratch, 'T');
                push_string(&mut self.json, &self.scratch);
            }
            Value::UtcDatetime(datetime) => {
                self.scratch.clear();
                datetime.push_iso(&mut self.scratch, 'T');
                push_string(&mut self.json, &self.scratch);
            }
            Value::Decimal(_) | Value::Date(_) | Value::Time(_) => {
                push_string(&mut self.json, &pack::text_further(value));
            }
            Value::Integer(_) | Value::Binary(_) | Value::List(_) | Value::Map(_) => {
                self.odd(at, value, "null");
            }
        }
    }
}

impl Takes for Rows {
    fn begin(&mut self, flat: &Flat) {
        let name = |name: &str| {
            let mut before = ",".to_owned();
            push_string(&mut before, name);
            before.push(':');
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
            self.json.push_str(&name[usize::from(is_first)..]);
        }
        match value {
            ValueRef::Text(text) => push_string(&mut self.json, text),
            ValueRef::Bytes(bytes) => self.odd(at, &Value::Binary(bytes.into()), "null"),
            ValueRef::Lent(value) => self.plain(at, value),
            ValueRef::Made(value) => self.plain(at, &value),
        }
    }

    fn end(&mut self) {
        self.open_row();
        self.json.push('}');
        self.is_open = false;
        self.rows += 1;
        if self.json.len() >= PORTION {
            self.end_portion();
        }
    }
}

/// Writes a float that is a number of few digits divided by a power of ten; false if it is none. Such a division gives the
/// nearest float there is, as reading the text does, so it comes back as it was.
fn short(out: &mut String, number: f64) -> bool {
    const MOST: f64 = 1e15;
    for (places, scale) in [1.0, 10.0, 100.0, 1000.0, 10_000.0].into_iter().enumerate() {
        let scaled = number * scale;
        // Whole in spite of what the multiplication rounded, or not at all.
        let whole = (scaled + 0.5f64.copysign(scaled)) as i64;
        if whole as f64 / scale == number && scaled.abs() < MOST && (whole != 0 || !number.is_sign_negative())
        {
            let unit = scale as u64;
            if whole < 0 {
                out.push('-');
            }
            push_integer(out, (whole.unsigned_abs() / unit) as i64);
            if places > 0 {
                out.push('.');
                push_padded(out, (whole.unsigned_abs() % unit) as u32, places);
            }
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Date, Decimal, NaiveDatetime, Str};

    fn read(bytes: &[u8], at: &mut usize, count: usize) -> u32 {
        let mut number = [0; 4];
        number[..count].copy_from_slice(&bytes[*at..*at + count]);
        *at += count;
        u32::from_le_bytes(number)
    }

    /// The portions: their JSON, and for each value beside it the row, the field and the value.
    type Portion = (serde_json::Value, Vec<(u32, u32, Value)>);

    fn portions(bytes: &[u8]) -> Vec<Portion> {
        let (mut portions, mut at) = (Vec::new(), 0);
        loop {
            let length = read(bytes, &mut at, 4) as usize;
            if length == 0 {
                assert_eq!(at, bytes.len());
                return portions;
            }
            let json = serde_json::from_slice(&bytes[at..at + length]).unwrap();
            at += length;
            let odd = (0..read(bytes, &mut at, 4)).map(|_| {
                let (row, field) = (read(bytes, &mut at, 4), read(bytes, &mut at, 2));
                let value = crate::wasm::unpack::Reader::new(&bytes[at..]).value(None).unwrap();
                let mut packed = Vec::new();
                pack(&mut packed, &value);
                at += packed.len();
                (row, field, value)
            });
            let odd = odd.collect();
            portions.push((json, odd));
        }
    }

    fn written(keys: &[&'static str], rows: &[&[Value]]) -> Vec<Portion> {
        let mut writer = Rows::default();
        writer.begin(&Flat::Map(keys.iter().map(|key| Str::Static(key)).collect()));
        for row in rows {
            row.iter().enumerate().for_each(|(at, value)| writer.value(at, ValueRef::Lent(value)));
            writer.end();
        }
        portions(&writer.finish())
    }

    #[test]
    fn no_rows_are_no_portion() {
        assert_eq!(written(&["id"], &[]), []);
    }

    #[test]
    fn what_json_has_words_for_is_json() {
        let naive = NaiveDatetime::from_iso("2026-01-02T03:04:05").unwrap();
        let date = Date::from_iso("2026-01-02").unwrap();
        let text = "a \"quote\", a \\, a \n, a \u{1}, naïve 🦀";
        let row: [Value; 8] = [
            Value::Null,
            true.into(),
            (-42).into(),
            9_007_199_254_740_991_i64.into(),
            text.into(),
            naive.into(),
            date.into(),
            Decimal::parse("1.50").into(),
        ];
        let keys = ["__proto__", "b", "c", "d", "e", "f", "g", "h"];
        let json = serde_json::json!({
            "__proto__": null, "b": true, "c": -42, "d": 9_007_199_254_740_991_i64, "e": text,
            "f": "2026-01-02T03:04:05", "g": "2026-01-02", "h": "1.50",
        });
        assert_eq!(written(&keys, &[&row, &row]), [(serde_json::json!([json, json]), vec![])]);
        assert_eq!(written(&[], &[&[], &[]]), [(serde_json::json!([{}, {}]), vec![])]);
    }

    #[test]
    fn what_json_has_no_words_for_stands_beside() {
        let large = Value::from(9_007_199_254_740_992_i64);
        let bytes = Value::Binary([0, 255].as_slice().into());
        let list = Value::List(vec![1.into()]);
        let rows: [&[Value]; 2] = [&[large.clone(), 1.into()], &[bytes.clone(), list.clone()]];
        let json = serde_json::json!([{ "a": null, "b": 1 }, { "a": null, "b": null }]);
        assert_eq!(written(&["a", "b"], &rows), [(json, vec![(0, 0, large), (1, 0, bytes), (1, 1, list)])]);
    }

    #[test]
    fn floats_come_back_to_the_bit() {
        let mut floats = vec![
            0.0,
            1.0,
            -1.0,
            0.1,
            -0.1,
            123.45,
            999.99,
            0.3,
            1e15,
            1e14,
            123_456_789.125,
            1e300,
            5e-324,
            0.1 + 0.2,
            4.35,
            1.005,
            2.5,
            8.41,
            -0.0001,
            1.0 / 3.0,
            f64::MAX,
        ];
        let mut state = 1_u64;
        for _ in 0..20_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            floats.push((state >> 40) as f64 / 100.0);
            floats.push(f64::from_bits(state) / 1000.0);
        }
        floats.retain(|float| float.is_finite());
        let rows: Vec<Value> = floats.iter().copied().map(Value::from).collect();
        let rows: Vec<&[Value]> = rows.iter().map(std::slice::from_ref).collect();
        let [(json, odd)] = &written(&["a"], &rows)[..] else { panic!("one portion") };
        let mut back: Vec<f64> =
            json.as_array().unwrap().iter().map(|row| row["a"].as_f64().unwrap()).collect();
        for (row, _, value) in odd {
            back[*row as usize] = match value {
                Value::Float(float) => *float,
                other => panic!("{other:?}"),
            };
        }
        let bits = |floats: &[f64]| floats.iter().map(|float| float.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&back), bits(&floats));
        let beside = written(&["a"], &[&[f64::NAN.into()], &[(-0.0).into()]]);
        assert_eq!(beside[0].1.len(), 2);
    }

    #[test]
    fn long_answers_come_in_portions() {
        let long = Value::from("x".repeat(PORTION / 2));
        let rows = [std::slice::from_ref(&long); 5];
        let lengths: Vec<usize> =
            written(&["a"], &rows).iter().map(|(json, _)| json.as_array().unwrap().len()).collect();
        assert_eq!(lengths, [2, 2, 1]);
    }
}
