//! Values and simple things as bytes.

use super::{Coded, MAX_DEPTH, Malformed, Reader, push_bytes, push_large_number, push_number, push_signed};
use crate::value::{Date, Decimal, Map, NaiveDatetime, Str, Time, UtcDatetime, Value};

impl Coded for Value {
    fn write(&self, into: &mut Vec<u8>) {
        match self {
            Value::Null => into.push(0),
            Value::Bool(false) => into.push(1),
            Value::Bool(true) => into.push(2),
            Value::Integer(number) => {
                into.push(3);
                push_signed(into, *number);
            }
            Value::Float(number) => {
                into.push(4);
                into.extend_from_slice(&number.to_bits().to_le_bytes());
            }
            Value::Decimal(decimal) => {
                into.extend_from_slice(&[5, decimal.is_negative().into()]);
                push_signed(into, decimal.exponent().into());
                push_large_number(into, decimal.coefficient());
            }
            Value::String(text) => {
                into.push(6);
                push_bytes(into, text.as_bytes());
            }
            Value::Binary(bytes) => {
                into.push(7);
                push_bytes(into, bytes);
            }
            Value::Date(date) => {
                into.push(8);
                push_signed(into, date.unix_days());
            }
            Value::Time(time) => {
                into.push(9);
                write_time(*time, into);
            }
            Value::NaiveDatetime(naive) => {
                into.push(10);
                write_datetime(*naive, into);
            }
            Value::UtcDatetime(utc) => {
                into.push(11);
                write_datetime(utc.naive(), into);
            }
            Value::Map(map) => {
                into.push(12);
                push_number(into, map.len() as u64);
                for (key, value) in map.iter() {
                    push_bytes(into, key.as_bytes());
                    value.write(into);
                }
            }
            Value::List(list) => {
                into.push(13);
                list.write(into);
            }
        }
    }

    fn read(from: &mut Reader<'_>) -> Result<Value, Malformed> {
        Ok(match from.byte()? {
            0 => Value::Null,
            1 => Value::Bool(false),
            2 => Value::Bool(true),
            3 => Value::Integer(from.signed()?),
            4 => {
                let bytes = from.take(8)?.try_into().map_err(|_| Malformed("a float"))?;
                Value::Float(f64::from_bits(u64::from_le_bytes(bytes)))
            }
            5 => {
                let negative = bool::read(from)?;
                let exponent = i32::try_from(from.signed()?).map_err(|_| Malformed("an exponent"))?;
                let decimal = Decimal::from_parts(negative, from.large_number()?, exponent);
                Value::Decimal(decimal.ok_or(Malformed("a decimal of 38 digits"))?)
            }
            6 => Value::String(Str::read(from)?),
            7 => Value::Binary(from.bytes()?.into()),
            8 => Value::Date(read_date(from)?),
            9 => Value::Time(read_time(from)?),
            10 => Value::NaiveDatetime(read_datetime(from)?),
            11 => Value::UtcDatetime(UtcDatetime::new(read_datetime(from)?)),
            12 => deeper(from, |from| {
                let count = from.count()?;
                (0..count).map(|_| Ok((Str::read(from)?, Value::read(from)?))).collect::<Result<Vec<_>, _>>()
            })
            .and_then(map)?,
            13 => Value::List(deeper(from, Vec::read)?),
            _ => return Err(Malformed("a value")),
        })
    }
}

/// Keys are checked by sorting: a map finds them by looking through all.
fn map(entries: Vec<(Str, Value)>) -> Result<Value, Malformed> {
    let mut keys: Vec<&str> = entries.iter().map(|(key, _)| key.as_str()).collect();
    keys.sort_unstable();
    if keys.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(Malformed("keys that differ"));
    }
    Ok(Value::Map(Map::from_distinct(entries)))
}

fn deeper<T>(
    from: &mut Reader<'_>,
    read: impl FnOnce(&mut Reader<'_>) -> Result<T, Malformed>,
) -> Result<T, Malformed> {
    from.depth += 1;
    if from.depth > MAX_DEPTH {
        return Err(Malformed("a value that is nested less than 128 levels deep"));
    }
    let result = read(from);
    from.depth -= 1;
    result
}

fn write_time(time: Time, into: &mut Vec<u8>) {
    let seconds = u64::from(time.hour()) * 3600 + u64::from(time.minute()) * 60 + u64::from(time.second());
    push_number(into, seconds * 1_000_000 + u64::from(time.microsecond()));
    into.push(time.precision());
}

fn read_time(from: &mut Reader<'_>) -> Result<Time, Malformed> {
    let microseconds = i64::try_from(from.number()?).map_err(|_| Malformed("a time"))?;
    let (seconds, rest) = (microseconds / 1_000_000, microseconds % 1_000_000);
    let time = Time::new(seconds / 3600, seconds / 60 % 60, seconds % 60, rest, from.byte()?);
    time.ok_or(Malformed("a time"))
}

fn read_date(from: &mut Reader<'_>) -> Result<Date, Malformed> {
    Date::from_unix_days(from.signed()?).ok_or(Malformed("a date"))
}

fn write_datetime(naive: NaiveDatetime, into: &mut Vec<u8>) {
    push_signed(into, naive.date().unix_days());
    write_time(naive.time(), into);
}

fn read_datetime(from: &mut Reader<'_>) -> Result<NaiveDatetime, Malformed> {
    Ok(NaiveDatetime::new(read_date(from)?, read_time(from)?))
}

impl Coded for bool {
    fn write(&self, into: &mut Vec<u8>) {
        into.push((*self).into());
    }

    fn read(from: &mut Reader<'_>) -> Result<bool, Malformed> {
        match from.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Malformed("a flag")),
        }
    }
}

impl Coded for Str {
    fn write(&self, into: &mut Vec<u8>) {
        push_bytes(into, self.as_bytes());
    }

    fn read(from: &mut Reader<'_>) -> Result<Str, Malformed> {
        std::str::from_utf8(from.bytes()?).map(Str::from).map_err(|_| Malformed("text in UTF-8"))
    }
}

impl<T: Coded> Coded for Vec<T> {
    fn write(&self, into: &mut Vec<u8>) {
        push_number(into, self.len() as u64);
        self.iter().for_each(|element| element.write(into));
    }

    fn read(from: &mut Reader<'_>) -> Result<Vec<T>, Malformed> {
        let count = from.count()?;
        // Elements are larger than their bytes: room is made for what is there, not for what is said.
        let mut elements = Vec::with_capacity(count.min(1024));
        for _ in 0..count {
            elements.push(T::read(from)?);
        }
        Ok(elements)
    }
}

impl<T: Coded> Coded for Option<T> {
    fn write(&self, into: &mut Vec<u8>) {
        into.push(self.is_some().into());
        self.iter().for_each(|thing| thing.write(into));
    }

    fn read(from: &mut Reader<'_>) -> Result<Option<T>, Malformed> {
        bool::read(from)?.then(|| T::read(from)).transpose()
    }
}

/// Whether a value is nested less deep than can be read back.
pub(in crate::store) fn is_shallow(value: &Value, levels: usize) -> bool {
    match value {
        Value::List(list) => levels > 0 && list.iter().all(|value| is_shallow(value, levels - 1)),
        Value::Map(map) => levels > 0 && map.iter().all(|(_, value)| is_shallow(value, levels - 1)),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(bytes: &[u8]) -> Result<Value, Malformed> {
        let mut reader = Reader::new(bytes);
        let value = Value::read(&mut reader)?;
        if reader.is_done() { Ok(value) } else { Err(Malformed("nothing more")) }
    }

    fn written(value: &Value) -> Vec<u8> {
        let mut bytes = Vec::new();
        value.write(&mut bytes);
        bytes
    }

    #[test]
    fn every_kind_of_value_comes_back_as_it_was() {
        let naive = NaiveDatetime::from_iso("2024-02-29T23:59:59.120").unwrap();
        for value in [
            Value::Null,
            true.into(),
            false.into(),
            i64::MIN.into(),
            i64::MAX.into(),
            (-0.0).into(),
            f64::MIN_POSITIVE.into(),
            Decimal::parse("-0.00").into(),
            Decimal::from_parts(true, 10_u128.pow(38) - 1, -6_144).into(),
            "".into(),
            "naïve 🦀".into(),
            Value::Binary([0, 255].as_slice().into()),
            Date::from_iso("-9999-01-01").unwrap().into(),
            Time::from_iso("23:59:59.999999").unwrap().into(),
            naive.into(),
            UtcDatetime::new(naive).into(),
            Map::from([("b", Value::from([1, 2])), ("a", Map::new().into())]).into(),
            Value::List(vec![]),
        ] {
            let back = read(&written(&value)).unwrap();
            // Debug tells -0.0 from 0.0, and text from bytes.
            assert_eq!(format!("{back:?}"), format!("{value:?}"));
        }
    }

    #[test]
    fn what_is_malformed_is_refused_by_what_it_should_be() {
        for (bytes, expected) in [
            (&[][..], "more bytes"),
            (&[14], "a value"),
            (&[5, 2], "a flag"),
            (&[6, 1, 0xff], "text in UTF-8"),
            (&[9, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01, 6], "a time"),
            (&[12, 2, 1, b'a', 0, 1, b'a', 0], "keys that differ"),
            (&[13, 200, 1], "as many elements as are counted"),
            (&[0, 0], "nothing more"),
        ] {
            assert_eq!(read(bytes).unwrap_err().0, expected, "{bytes:?}");
        }
        let deep = (0..MAX_DEPTH).fold(Value::Null, |value, _| Value::List(vec![value]));
        assert!(is_shallow(&deep, MAX_DEPTH) && read(&written(&deep)).is_ok());
        let deeper = Value::List(vec![deep]);
        assert!(!is_shallow(&deeper, MAX_DEPTH) && read(&written(&deeper)).is_err());
    }

    proptest! {
        #[test]
        fn bytes_are_read_or_refused_and_what_is_read_comes_back(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            if let Ok(value) = read(&bytes) {
                prop_assert_eq!(format!("{:?}", read(&written(&value)).unwrap()), format!("{value:?}"));
            }
        }
    }
}
