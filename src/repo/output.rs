//! What a query gives.

use crate::mistake::Mistake;
use crate::schema::{Fields, HasSchema, Many, Record, Slot};
use crate::value::{Date, Decimal, Map, NaiveDatetime, Str, Time, UtcDatetime, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One result of a query: what its select makes of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// A value.
    Value(Value),
    /// A record.
    Record(Arc<Record>),
    /// A tuple.
    Tuple(Vec<Output>),
    /// A list.
    List(Vec<Output>),
    /// A map; mostly with text as keys.
    Map(Vec<(Value, Output)>),
}

impl Output {
    /// Nothing.
    pub const NULL: Output = Output::Value(Value::Null);

    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Output::Value(Value::Null))
    }

    /// The value, if it is one.
    pub fn value(&self) -> Option<&Value> {
        match self {
            Output::Value(value) => Some(value),
            _ => None,
        }
    }

    /// The record, if it is one.
    pub fn record(&self) -> Option<&Arc<Record>> {
        match self {
            Output::Record(record) => Some(record),
            _ => None,
        }
    }

    /// What it is, in words.
    pub fn kind(&self) -> &'static str {
        match self {
            Output::Value(value) => value.kind(),
            Output::Record(_) => "a record",
            Output::Tuple(_) => "a tuple",
            Output::List(_) => "a list",
            Output::Map(_) => "a map",
        }
    }
}

impl From<Value> for Output {
    fn from(value: Value) -> Self {
        Output::Value(value)
    }
}

impl From<Arc<Record>> for Output {
    fn from(record: Arc<Record>) -> Self {
        Output::Record(record)
    }
}

impl From<Slot> for Output {
    fn from(slot: Slot) -> Self {
        match slot {
            Slot::Value(value) => Output::Value(value),
            Slot::One(Some(record)) => Output::Record(record),
            Slot::Many(records) => Output::List(records.into_iter().map(Output::Record).collect()),
            Slot::One(None) | Slot::Absent | Slot::NotLoaded => Output::NULL,
        }
    }
}

/// A Rust type that results of a query can be read into.
///
/// Structs with `#[derive(Schema)]` are, and numbers, text, dates, `Option`s, `Vec`s, `BTreeMap`s and tuples of such, as well as
/// the dynamic [`Output`], [`Value`] and [`Record`].
#[diagnostic::on_unimplemented(
    message = "results of a query can't be read into `{Self}`",
    note = "a struct needs `#[derive(Schema)]`"
)]
pub trait FromOutput: Sized + Send + 'static {
    /// Reads a result.
    ///
    /// # Errors
    /// It is not such a thing.
    fn from_output(output: Output) -> Result<Self, Mistake>;

    /// Reads a result that is a record, from what has its fields.
    ///
    /// # Errors
    /// As [`FromOutput::from_output`].
    #[doc(hidden)]
    fn from_fields(fields: &mut dyn Fields) -> Result<Self, Mistake> {
        Self::from_output(Output::Record(Arc::new(fields.to_record()?)))
    }

    /// Reads a result that is a tuple of something and a record.
    ///
    /// # Errors
    /// As [`FromOutput::from_output`].
    #[doc(hidden)]
    fn from_pair(first: Output, fields: &mut dyn Fields) -> Result<Self, Mistake> {
        Self::from_output(Output::Tuple(vec![first, Output::Record(Arc::new(fields.to_record()?))]))
    }

    /// An empty list of such results, if preloads can be read into them as they are.
    #[doc(hidden)]
    fn list() -> Option<Box<dyn Many>> {
        None
    }
}

fn unfit<T>(wanted: &str, output: &Output) -> Result<T, Mistake> {
    Err(Mistake::new(format!("the query gives {}, not {wanted}", output.kind())))
}

impl<T: HasSchema> FromOutput for T {
    fn from_output(output: Output) -> Result<Self, Mistake> {
        match output {
            Output::Record(record) => T::from_record(&record),
            other => unfit(&format!("a record of `{}`", T::schema().name()), &other),
        }
    }

    fn from_fields(fields: &mut dyn Fields) -> Result<Self, Mistake> {
        T::read(fields)
    }

    fn list() -> Option<Box<dyn Many>> {
        Some(Box::new(Vec::<T>::new()))
    }
}

impl FromOutput for Output {
    fn from_output(output: Output) -> Result<Self, Mistake> {
        Ok(output)
    }
}

impl FromOutput for Arc<Record> {
    fn from_output(output: Output) -> Result<Self, Mistake> {
        match output {
            Output::Record(record) => Ok(record),
            other => unfit("a record", &other),
        }
    }
}

impl FromOutput for Record {
    fn from_output(output: Output) -> Result<Self, Mistake> {
        Arc::<Record>::from_output(output).map(Arc::unwrap_or_clone)
    }
}

impl FromOutput for Value {
    fn from_output(output: Output) -> Result<Self, Mistake> {
        Ok(match output {
            Output::Value(value) => value,
            Output::List(list) | Output::Tuple(list) => {
                Value::List(list.into_iter().map(Value::from_output).collect::<Result<_, _>>()?)
            }
            Output::Map(entries) => {
                let mut map = Map::with_capacity(entries.len());
                for (key, output) in entries {
                    let Value::String(key) = key else {
                        return Err(Mistake::new(format!("a map with {} as key is no value", key.kind())));
                    };
                    map.insert(key, Value::from_output(output)?);
                }
                Value::Map(map)
            }
            other @ Output::Record(_) => return unfit("a value", &other),
        })
    }
}

impl<T: FromOutput> FromOutput for Option<T> {
    fn from_output(output: Output) -> Result<Self, Mistake> {
        if output.is_null() { Ok(None) } else { T::from_output(output).map(Some) }
    }

    fn from_fields(fields: &mut dyn Fields) -> Result<Self, Mistake> {
        T::from_fields(fields).map(Some)
    }
}

impl<T: FromOutput> FromOutput for Vec<T> {
    fn from_output(output: Output) -> Result<Self, Mistake> {
        match output {
            Output::List(list) => list.into_iter().map(T::from_output).collect(),
            Output::Value(Value::List(list)) => {
                list.into_iter().map(|value| T::from_output(Output::Value(value))).collect()
            }
            other => unfit("a list", &other),
        }
    }
}

impl<K: FromOutput + Ord, V: FromOutput> FromOutput for BTreeMap<K, V> {
    fn from_output(output: Output) -> Result<Self, Mistake> {
        match output {
            Output::Map(entries) => entries
                .into_iter()
                .map(|(key, value)| Ok((K::from_output(Output::Value(key))?, V::from_output(value)?)))
                .collect(),
            Output::Value(Value::Map(map)) => map
                .into_iter()
                .map(|(key, value)| {
                    let key = K::from_output(Output::Value(Value::String(key)))?;
                    Ok((key, V::from_output(Output::Value(value))?))
                })
                .collect(),
            other => unfit("a map", &other),
        }
    }
}

macro_rules! values {
    ($($target:ty => $wanted:literal $pattern:pat => $read:expr;)*) => {
        $(impl FromOutput for $target {
            fn from_output(output: Output) -> Result<Self, Mistake> {
                match output {
                    Output::Value($pattern) => $read,
                    other => unfit($wanted, &other),
                }
            }
        })*
    };
}

fn integer<T: TryFrom<i64>>(number: i64) -> Result<T, Mistake> {
    T::try_from(number)
        .map_err(|_| Mistake::new(format!("the number {number} does not fit the Rust type it is read into")))
}

values! {
    bool => "a boolean" Value::Bool(flag) => Ok(flag);
    i64 => "an integer" Value::Integer(number) => Ok(number);
    i32 => "an integer" Value::Integer(number) => integer(number);
    i16 => "an integer" Value::Integer(number) => integer(number);
    u64 => "an integer" Value::Integer(number) => integer(number);
    u32 => "an integer" Value::Integer(number) => integer(number);
    u16 => "an integer" Value::Integer(number) => integer(number);
    u8 => "an integer" Value::Integer(number) => integer(number);
    usize => "an integer" Value::Integer(number) => integer(number);
    f64 => "a float" Value::Float(number) => Ok(number);
    Decimal => "a decimal" Value::Decimal(decimal) => Ok(decimal);
    Str => "text" Value::String(text) => Ok(text);
    String => "text" Value::String(text) => Ok(text.as_str().to_owned());
    Date => "a date" Value::Date(date) => Ok(date);
    Time => "a time" Value::Time(time) => Ok(time);
    NaiveDatetime => "a naive datetime" Value::NaiveDatetime(datetime) => Ok(datetime);
    UtcDatetime => "a UTC datetime" Value::UtcDatetime(datetime) => Ok(datetime);
    Map => "a map" Value::Map(map) => Ok(map);
}

macro_rules! tuples {
    ($($count:literal ($($name:ident)*))*) => {
        $(impl<$($name: FromOutput),*> FromOutput for ($($name,)*) {
            fn from_output(output: Output) -> Result<Self, Mistake> {
                match output {
                    Output::Tuple(parts) if parts.len() == $count => {
                        let mut parts = parts.into_iter();
                        Ok(($($name::from_output(parts.next().unwrap_or(Output::NULL))?,)*))
                    }
                    other => unfit(concat!("a tuple of ", $count), &other),
                }
            }
        })*
    };
}

tuples! {
    1 (A)
    2 (A B)
    3 (A B C)
    4 (A B C D)
    5 (A B C D E)
    6 (A B C D E F)
}
