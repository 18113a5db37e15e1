//! Values as SQL Server stores them, and back.
//!
//! A `uniqueidentifier` has its first three groups in the other order of bytes, so sixteen bytes go as one, which tiberius turns
//! around, unless they are written to a field that is `binary`.

use crate::adapter::{AdapterError, Cell, Outcome, Rows, Statement};
use crate::adapters::server::{Kind, Stored, text_of_json};
use crate::types::Type;
use crate::value::{Date, Decimal, NaiveDatetime, Time, UtcDatetime, Value, ValueRef};
use tiberius::numeric::Numeric;
use tiberius::{ColumnData, Uuid, time};

/// The days from 0001-01-01 and from 1900-01-01 to 1970-01-01.
const SINCE_YEAR_1: i64 = 719_162;
const SINCE_1900: i64 = 25_567;

/// The digits of a second that are sent: `datetime2(7)`.
const SCALE: u8 = 7;

/// What stands at the placeholders of a statement.
pub fn params(params: Vec<Value>, about: Option<&Statement<'_>>) -> Outcome<Vec<ColumnData<'static>>> {
    let mut kinds = about.map(kinds).unwrap_or_default().into_iter();
    params.into_iter().map(|value| param(value, kinds.next().unwrap_or(Kind::Any))).collect()
}

/// What the first params of a write are written to.
fn kinds<'a>(about: &'a Statement<'a>) -> Vec<Kind<'a>> {
    match about {
        Statement::Insert(insert) => {
            insert.fields.iter().map(|(column, _)| Kind::of_column(insert.meta, column)).collect()
        }
        Statement::Update(update) => {
            update.fields.iter().map(|(column, _)| Kind::of_column(update.meta, column)).collect()
        }
        Statement::InsertAll(insert) => {
            let Rows::Cells(rows) = &insert.rows else { return Vec::new() };
            let shared = insert.placeholders.iter().map(|_| Kind::Any);
            let cells = rows.iter().flat_map(|row| row.iter().zip(insert.header));
            // The params of a query in a cell are in between.
            let known = cells.take_while(|(cell, _)| !matches!(cell, Cell::Query(..)));
            let known = known.filter(|(cell, _)| matches!(cell, Cell::Value(_)));
            shared.chain(known.map(|(_, column)| Kind::of_column(insert.meta, column))).collect()
        }
        Statement::Query(_) | Statement::Delete(_) => Vec::new(),
    }
}

fn param(value: Value, kind: Kind<'_>) -> Outcome<ColumnData<'static>> {
    let is_binary = matches!(kind, Kind::Type(kind) if kind.base() == Type::Binary);
    let beyond = |what: &str| AdapterError::Query {
        message: format!("{what} is beyond what SQL Server has"),
        code: Some(crate::value::Str::Static("22003")),
    };
    Ok(match value {
        // Null has a type here. That of text becomes any other by itself, but bytes.
        Value::Null if is_binary => ColumnData::Binary(None),
        Value::Null => ColumnData::String(None),
        Value::Bool(flag) => ColumnData::Bit(Some(flag)),
        Value::Integer(number) => ColumnData::I64(Some(number)),
        Value::Float(number) => ColumnData::F64(Some(number)),
        Value::Decimal(decimal) => {
            ColumnData::Numeric(Some(numeric(&decimal).ok_or_else(|| beyond("a decimal"))?))
        }
        Value::String(text) => ColumnData::String(Some(text.to_string().into())),
        Value::Binary(bytes) => match <[u8; 16]>::try_from(&*bytes) {
            Ok(bytes) if !is_binary => ColumnData::Guid(Some(Uuid::from_bytes(bytes))),
            _ => ColumnData::Binary(Some(bytes.to_vec().into())),
        },
        Value::Date(date) => ColumnData::Date(Some(day(&date).ok_or_else(|| beyond("a date"))?)),
        Value::Time(time) => ColumnData::Time(Some(of_day(&time))),
        Value::NaiveDatetime(naive) => {
            ColumnData::DateTime2(Some(moment(&naive).ok_or_else(|| beyond("a date"))?))
        }
        Value::UtcDatetime(utc) => {
            let moment = moment(&utc.naive()).ok_or_else(|| beyond("a date"))?;
            ColumnData::DateTimeOffset(Some(time::DateTimeOffset::new(moment, 0)))
        }
        Value::Map(_) | Value::List(_) => ColumnData::String(Some(text_of_json(&value).into())),
    })
}

fn numeric(decimal: &Decimal) -> Option<Numeric> {
    let coefficient = i128::try_from(decimal.coefficient()).ok()?;
    let signed = if decimal.is_negative() { -coefficient } else { coefficient };
    let (digits, scale) = match decimal.exponent() {
        exponent @ ..=0 => (signed, u8::try_from(-i64::from(exponent)).ok()?),
        exponent => (signed.checked_mul(10_i128.checked_pow(exponent.unsigned_abs())?)?, 0),
    };
    // Thirty-eight digits at most, before and behind the point together.
    let fits = scale <= 38 && digits.unsigned_abs() < 10_u128.pow(38);
    let numeric = fits.then(|| Numeric::new_with_scale(digits, scale))?;
    (numeric.precision() <= 38).then_some(numeric)
}

fn day(date: &Date) -> Option<time::Date> {
    let days = u32::try_from(date.unix_days() + SINCE_YEAR_1).ok()?;
    (date.year() <= 9999).then(|| time::Date::new(days))
}

fn of_day(time: &Time) -> time::Time {
    let seconds = (u64::from(time.hour()) * 60 + u64::from(time.minute())) * 60 + u64::from(time.second());
    time::Time::new((seconds * 1_000_000 + u64::from(time.microsecond())) * 10, SCALE)
}

fn moment(naive: &NaiveDatetime) -> Option<time::DateTime2> {
    Some(time::DateTime2::new(day(&naive.date())?, of_day(&naive.time())))
}

/// A row, whose values are taken out.
pub struct OfResult(pub Vec<Option<ColumnData<'static>>>);

impl Stored for OfResult {
    fn count(&self) -> usize {
        self.0.len()
    }

    fn value(&mut self, at: usize) -> Result<ValueRef<'_>, String> {
        let stored = self.0.get_mut(at).and_then(Option::take);
        stored.map_or(Ok(ValueRef::NULL), |data| value(data).map(ValueRef::Made))
    }
}

fn value(data: ColumnData<'static>) -> Result<Value, String> {
    fn or_null<T>(stored: Option<T>, read: impl FnOnce(T) -> Result<Value, String>) -> Result<Value, String> {
        stored.map_or(Ok(Value::Null), read)
    }
    let none = || "a date is none that a calendar has".to_owned();
    match data {
        ColumnData::U8(number) => or_null(number, |number| Ok(Value::Integer(number.into()))),
        ColumnData::I16(number) => or_null(number, |number| Ok(Value::Integer(number.into()))),
        ColumnData::I32(number) => or_null(number, |number| Ok(Value::Integer(number.into()))),
        ColumnData::I64(number) => or_null(number, |number| Ok(Value::Integer(number))),
        ColumnData::F32(number) => or_null(number, |number| Ok(Value::Float(number.into()))),
        ColumnData::F64(number) => or_null(number, |number| Ok(Value::Float(number))),
        ColumnData::Bit(flag) => or_null(flag, |flag| Ok(Value::Bool(flag))),
        ColumnData::String(text) => or_null(text, |text| Ok(Value::String((&*text).into()))),
        ColumnData::Xml(xml) => {
            or_null(xml, |xml| Ok(Value::String(xml.into_owned().into_string().as_str().into())))
        }
        ColumnData::Guid(guid) => or_null(guid, |guid| Ok(Value::Binary(guid.as_bytes().as_slice().into()))),
        ColumnData::Binary(bytes) => or_null(bytes, |bytes| Ok(Value::Binary((&*bytes).into()))),
        ColumnData::Numeric(number) => or_null(number, |number| Ok(decimal(number))),
        ColumnData::Date(date) => or_null(date, |date| date_of(date).map(Value::from).ok_or_else(none)),
        ColumnData::Time(time) => or_null(time, |time| time_of(time).map(Value::from).ok_or_else(none)),
        ColumnData::DateTime2(at) => or_null(at, |at| naive_of(at).map(Value::from).ok_or_else(none)),
        ColumnData::DateTimeOffset(at) => or_null(at, |at| {
            // It is UTC on the way; the offset is for people.
            naive_of(at.datetime2()).map(|naive| UtcDatetime::new(naive).into()).ok_or_else(none)
        }),
        ColumnData::DateTime(at) => or_null(at, |at| {
            // It counts three hundredths of a second, and shows the nearest milliseconds.
            let milliseconds = (u64::from(at.seconds_fragments()) * 10 + 1) / 3;
            legacy(at.days().into(), milliseconds * 1_000, 3).ok_or_else(none)
        }),
        ColumnData::SmallDateTime(at) => or_null(at, |at| {
            legacy(at.days().into(), u64::from(at.seconds_fragments()) * 60_000_000, 0).ok_or_else(none)
        }),
    }
}

fn decimal(number: Numeric) -> Value {
    let (coefficient, negative) = (number.value().unsigned_abs(), number.value() < 0);
    match Decimal::from_parts(negative, coefficient, -i32::from(number.scale())) {
        Some(decimal) => decimal.into(),
        // More digits than our decimals have.
        None => number.to_string().as_str().into(),
    }
}

fn date_of(date: time::Date) -> Option<Date> {
    Date::from_unix_days(i64::from(date.days()) - SINCE_YEAR_1)
}

/// A time of day; what is beyond microseconds is left out.
fn time_of(time: time::Time) -> Option<Time> {
    let (scale, increments) = (u32::from(time.scale()), time.increments());
    let microseconds = match scale {
        0..=6 => increments.checked_mul(10_u64.pow(6 - scale))?,
        7..=9 => increments / 10_u64.pow(scale - 6),
        _ => return None,
    };
    clock(microseconds, time.scale().min(6))
}

fn clock(microseconds: u64, precision: u8) -> Option<Time> {
    let seconds = i64::try_from(microseconds / 1_000_000).ok()?;
    let microsecond = i64::try_from(microseconds % 1_000_000).ok()?;
    Time::new(seconds / 3600, seconds / 60 % 60, seconds % 60, microsecond, precision)
}

fn naive_of(at: time::DateTime2) -> Option<NaiveDatetime> {
    Some(NaiveDatetime::new(date_of(at.date())?, time_of(at.time())?))
}

/// What `datetime` and `smalldatetime` hold: days since 1900, and the time of day.
fn legacy(days: i64, microseconds: u64, precision: u8) -> Option<Value> {
    let date = Date::from_unix_days(days - SINCE_1900)?;
    Some(NaiveDatetime::new(date, clock(microseconds, precision)?).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapter::{Insert, OnConflict, SchemaMeta};
    use crate::adapters::server::load_plain;
    use crate::schema::{Field, Schema};
    use crate::value::Map;
    use tiberius::ColumnType;

    fn sent(value: impl Into<Value>) -> ColumnData<'static> {
        param(value.into(), Kind::Any).unwrap()
    }

    fn back(data: ColumnData<'static>) -> Value {
        let read = tiberius::Row::builder().column("it", ColumnType::Null, data).build();
        value(read.into_iter().next().unwrap()).unwrap()
    }

    fn load(kind: Kind<'_>, stored: Value) -> Value {
        load_plain(kind, ValueRef::Made(stored)).into_value()
    }

    #[test]
    fn values_come_back_as_they_went() {
        let decimals =
            ["0", "0.00", "-97.22", "1.50", "9999999999999999999999999999999999", "120E+3", "-0.001"];
        for text in decimals {
            let decimal = Decimal::parse(text).unwrap();
            let read = back(sent(decimal));
            assert_eq!(
                read.to_decimal().map(|read| read.compare(&decimal)),
                Some(std::cmp::Ordering::Equal),
                "{text}"
            );
        }
        assert_eq!(back(sent(Decimal::parse("1.50").unwrap())), Decimal::parse("1.50").unwrap().into());
        let naive = NaiveDatetime::from_iso("2024-02-29T23:59:59.123456").unwrap();
        let values: [Value; 12] = [
            Value::Null,
            true.into(),
            (-5_i64).into(),
            i64::MAX.into(),
            1.25.into(),
            "Zoë's 你好".into(),
            Value::Binary([0, 255, 16].as_slice().into()),
            Value::Binary([7; 16].as_slice().into()),
            Date::new(1, 1, 1).unwrap().into(),
            Date::new(9999, 12, 31).unwrap().into(),
            naive.into(),
            UtcDatetime::new(naive).into(),
        ];
        for value in values {
            assert_eq!(back(sent(value.clone())), value);
        }
        let time = Time::new(14, 5, 9, 250_000, 6).unwrap();
        assert_eq!(back(sent(time)), time.into());
    }

    #[test]
    fn what_the_server_can_not_hold_is_refused_before_it_is_sent() {
        let refused = [
            Value::from(Decimal::parse("1E+40").unwrap()),
            Decimal::parse("1E-40").unwrap().into(),
            Date::new(0, 12, 31).unwrap().into(),
        ];
        for value in refused {
            let error = param(value.clone(), Kind::Any).unwrap_err();
            assert!(
                matches!(&error, AdapterError::Query { code: Some(code), .. } if *code == "22003"),
                "{value:?}: {error}"
            );
        }
    }

    #[test]
    fn uuids_are_turned_around_and_binaries_are_not() {
        let bytes: [u8; 16] = std::array::from_fn(|at| u8::try_from(at).unwrap());
        let value = Value::Binary(bytes.as_slice().into());
        let text = "00010203-0405-0607-0809-0a0b0c0d0e0f";
        assert_eq!(sent(value.clone()), ColumnData::Guid(Some(Uuid::from_bytes(bytes))));
        let binary = param(value.clone(), Kind::Type(&Type::Binary)).unwrap();
        assert_eq!(binary, ColumnData::Binary(Some(bytes.to_vec().into())));
        let guid = back(ColumnData::Guid(Some(Uuid::from_bytes(bytes))));
        assert_eq!(load(Kind::Type(&Type::Uuid), guid.clone()), value);
        assert_eq!(load(Kind::Type(&Type::BinaryId), guid), text.into());
        assert_eq!(load(Kind::Type(&Type::Uuid), text.into()), value);
    }

    #[test]
    fn old_moments_and_money_are_read() {
        // 1900-01-01 and two days; 300 in a second.
        let at = ColumnData::DateTime(Some(time::DateTime::new(2, 300 * 3661 + 1)));
        assert_eq!(back(at), NaiveDatetime::from_iso("1900-01-03T01:01:01.003").unwrap().into());
        let small = ColumnData::SmallDateTime(Some(time::SmallDateTime::new(45_350, 90)));
        assert_eq!(back(small), NaiveDatetime::from_iso("2024-03-01T01:30:00").unwrap().into());
        let money = ColumnData::Numeric(Some(Numeric::new_with_scale(-123_400, 4)));
        assert_eq!(back(money), Decimal::parse("-12.3400").unwrap().into());
    }

    #[test]
    fn columns_say_what_params_are_written_to() {
        let schema = Schema::build("File", "files")
            .field(Field::new("name", Type::String))
            .field(Field::new("data", Type::Binary));
        let schema = schema.finish().unwrap();
        let meta = SchemaMeta { source: "files".into(), prefix: None, schema: Some(schema) };
        let on_conflict = OnConflict::default();
        let fields = vec![("name".into(), Value::Null), ("data".into(), Value::Null)];
        let insert = Insert { meta: &meta, fields, on_conflict: &on_conflict, returning: &[] };
        let written = params(vec![Value::Null, Value::Null], Some(&Statement::Insert(insert))).unwrap();
        assert_eq!(written, [ColumnData::String(None), ColumnData::Binary(None)]);
    }

    #[test]
    fn json_and_numbers_are_read_as_their_types() {
        let map = Type::Map;
        let written = sent(Value::Map(Map::from([("a", 1)])));
        assert_eq!(written, ColumnData::String(Some("{\"a\":1}".into())));
        assert_eq!(load(Kind::Type(&map), back(written)), Value::Map(Map::from([("a", 1)])));
        assert_eq!(load(Kind::Type(&Type::Float), 2.into()), 2.0.into());
        assert_eq!(load(Kind::Type(&Type::Boolean), 1.into()), true.into());
        assert_eq!(load(Kind::Any, "{\"a\":1}".into()), "{\"a\":1}".into());
    }
}
