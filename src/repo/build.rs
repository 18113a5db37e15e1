//! From rows to what a query selects.

use super::key::Key;
use super::load::{load, load_field};
use super::{Output, RepoError};
use crate::adapter::{Outcome, Row, RowView};
use crate::query::plan::{Build, Field, Load};
use crate::schema::{Record, RecordState, Schema, Slot};
use crate::types::Type;
use crate::value::{Str, Value, ValueRef};
use std::sync::Arc;

/// Makes outputs of rows.
pub(super) struct Builder<'a> {
    /// How values at places are loaded.
    pub fields: &'a [Field],
    /// Whether each place is read once, so that its value can be taken out of the row.
    pub once: bool,
}

impl<'a> Builder<'a> {
    /// A builder that will read the places of `builds`.
    pub fn new(fields: &'a [Field], builds: &[&Build]) -> Self {
        let mut seen = vec![false; fields.len()];
        let once = builds.iter().all(|build| mark(build, &mut seen));
        Builder { fields, once }
    }

    /// What `build` makes of a row; `from` is what the first source has become.
    pub fn build(&self, build: &Build, row: &mut Row, from: &Output) -> Result<Output, RepoError> {
        Ok(match build {
            Build::From => from.clone(),
            Build::Literal(value) => Output::Value(value.clone()),
            Build::Field(place) => {
                let field = &self.fields[*place];
                let name = field.alias.as_deref().unwrap_or("select");
                load(&field.load, self.take(row, *place), name)?.into()
            }
            Build::Record { schema, source: _, prefix, fields } => {
                if fields.iter().all(|(_, place)| row[*place].is_null()) {
                    return Ok(Output::NULL);
                }
                Output::Record(Arc::new(self.record(schema, prefix, fields, row)?))
            }
            Build::Row { fields, nullable } => {
                if *nullable && fields.iter().all(|(_, place)| row[*place].is_null()) {
                    return Ok(Output::NULL);
                }
                let mut entries = Vec::with_capacity(fields.len());
                for (name, place) in fields {
                    let output = load(&self.fields[*place].load, self.take(row, *place), name)?.into();
                    entries.push((Value::String(name.clone()), output));
                }
                Output::Map(entries)
            }
            Build::Tuple(parts) => Output::Tuple(self.each(parts, row, from)?),
            Build::List(parts) => Output::List(self.each(parts, row, from)?),
            Build::Map(entries) => Output::Map(self.entries(entries, row, from)?),
            Build::Update(base, entries) => {
                let base = self.build(base, row, from)?;
                let entries = self.entries(entries, row, from)?;
                if base.is_null() { base } else { update(base, entries, "map update")? }
            }
            Build::Struct(schema, values) => {
                let mut record = Record::new(schema);
                record.state = RecordState::Loaded;
                for (name, build) in values {
                    let output = self.build(build, row, from)?;
                    set(&mut record, name, output, "struct")?;
                }
                Output::Record(Arc::new(record))
            }
            Build::Merge(left, right) => {
                let left = self.build(left, row, from)?;
                let right = self.build(right, row, from)?;
                merge(left, right)?
            }
        })
    }

    /// The selected value at a place.
    pub fn field(&self, place: usize, row: &mut dyn RowView) -> Result<Output, RepoError> {
        self.loaded(place, row.value(place)?)
    }

    fn loaded(&self, place: usize, stored: ValueRef<'_>) -> Result<Output, RepoError> {
        let field = &self.fields[place];
        let name = field.alias.as_deref().unwrap_or("select");
        Ok(load(&field.load, stored.into_value(), name)?.into())
    }

    /// The selected value at a place, as a key.
    pub fn key(&self, place: usize, row: &mut dyn RowView) -> Result<Key, RepoError> {
        // Most keys are integers, which are loaded as they are.
        let plain = matches!(&self.fields[place].load, Load::Any | Load::Type(Type::Id | Type::Integer));
        match row.value(place)? {
            ValueRef::Made(Value::Integer(number)) if plain => Ok(Key::Integer(number)),
            stored => {
                let loaded = self.loaded(place, stored)?;
                Ok(Key::of(loaded.value().unwrap_or(&Value::Null)))
            }
        }
    }

    /// A loaded record, whatever its values.
    pub fn record(
        &self,
        schema: &Arc<Schema>,
        prefix: &Option<Str>,
        fields: &[(usize, usize)],
        row: &mut Row,
    ) -> Result<Record, RepoError> {
        let slots = match self.once {
            true => slots(schema, fields, row)?,
            false => slots(schema, fields, &mut Lent(row))?,
        };
        Ok(Record::loaded(schema, prefix.clone(), slots))
    }

    fn take(&self, row: &mut Row, place: usize) -> Value {
        if self.once { std::mem::take(&mut row[place]) } else { row[place].clone() }
    }

    fn each(&self, parts: &[Build], row: &mut Row, from: &Output) -> Result<Vec<Output>, RepoError> {
        parts.iter().map(|part| self.build(part, row, from)).collect()
    }

    fn entries(
        &self,
        entries: &[(Build, Build)],
        row: &mut Row,
        from: &Output,
    ) -> Result<Vec<(Value, Output)>, RepoError> {
        let mut built: Vec<(Value, Output)> = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            let Output::Value(key) = self.build(key, row, from)? else {
                return Err(RepoError::mistake("the key of a selected map must be a value"));
            };
            let value = self.build(value, row, from)?;
            put(&mut built, key, value);
        }
        Ok(built)
    }
}

/// A row that is read more than once.
struct Lent<'r>(&'r Row);

impl RowView for Lent<'_> {
    fn value(&mut self, place: usize) -> Outcome<ValueRef<'_>> {
        Ok(ValueRef::Lent(&self.0[place]))
    }

    fn take_row(&mut self) -> Outcome<Row> {
        Ok(self.0.clone())
    }
}

/// What the fields of a record hold that is read from a row.
pub(super) fn slots(
    schema: &Schema,
    fields: &[(usize, usize)],
    row: &mut dyn RowView,
) -> Result<Vec<Slot>, RepoError> {
    let mut slots = Vec::with_capacity(schema.fields().len());
    let mut next = fields.iter().peekable();
    for (at, field) in schema.fields().iter().enumerate() {
        slots.push(match next.next_if(|(position, _)| *position == at) {
            Some((_, place)) => load_field(field, row.value(*place)?.into_value())?,
            None => Slot::new(schema, field),
        });
    }
    // Those that were asked for out of order.
    for (position, place) in next {
        slots[*position] = load_field(&schema.fields()[*position], row.value(*place)?.into_value())?;
    }
    Ok(slots)
}

fn put(entries: &mut Vec<(Value, Output)>, key: Value, value: Output) {
    match entries.iter_mut().find(|(other, _)| *other == key) {
        Some((_, old)) => *old = value,
        None => entries.push((key, value)),
    }
}

/// Marks the places a build reads; false if one was read before.
fn mark(build: &Build, seen: &mut [bool]) -> bool {
    let mut fresh = |place: &usize| !std::mem::replace(&mut seen[*place], true);
    match build {
        Build::From | Build::Literal(_) => true,
        Build::Field(place) => fresh(place),
        Build::Record { fields, .. } => fields.iter().all(|(_, place)| fresh(place)),
        Build::Row { fields, .. } => fields.iter().all(|(_, place)| fresh(place)),
        Build::Tuple(parts) | Build::List(parts) => parts.iter().all(|part| mark(part, seen)),
        Build::Map(entries) => entries.iter().all(|(key, value)| mark(key, seen) && mark(value, seen)),
        Build::Update(base, entries) => {
            mark(base, seen) && entries.iter().all(|(key, value)| mark(key, seen) && mark(value, seen))
        }
        Build::Struct(_, values) => values.iter().all(|(_, value)| mark(value, seen)),
        Build::Merge(left, right) => mark(left, seen) && mark(right, seen),
    }
}

/// The places that a build reads, in order.
pub(super) fn places(build: &Build, count: usize) -> Vec<usize> {
    let mut seen = vec![false; count];
    mark_all(build, &mut seen);
    seen.iter().enumerate().filter_map(|(place, seen)| seen.then_some(place)).collect()
}

fn mark_all(build: &Build, seen: &mut [bool]) {
    match build {
        Build::From | Build::Literal(_) => {}
        Build::Field(place) => seen[*place] = true,
        Build::Record { fields, .. } => fields.iter().for_each(|(_, place)| seen[*place] = true),
        Build::Row { fields, .. } => fields.iter().for_each(|(_, place)| seen[*place] = true),
        Build::Tuple(parts) | Build::List(parts) => parts.iter().for_each(|part| mark_all(part, seen)),
        Build::Map(entries) => entries.iter().for_each(|(key, value)| {
            mark_all(key, seen);
            mark_all(value, seen);
        }),
        Build::Update(base, entries) => {
            mark_all(base, seen);
            entries.iter().for_each(|(key, value)| {
                mark_all(key, seen);
                mark_all(value, seen);
            });
        }
        Build::Struct(_, values) => values.iter().for_each(|(_, value)| mark_all(value, seen)),
        Build::Merge(left, right) => {
            mark_all(left, seen);
            mark_all(right, seen);
        }
    }
}

/// Sets keys that must be there.
fn update(base: Output, entries: Vec<(Value, Output)>, what: &str) -> Result<Output, RepoError> {
    match base {
        Output::Map(mut map) => {
            for (key, value) in entries {
                if !map.iter().any(|(known, _)| *known == key) {
                    return Err(missing_key(&key, "map", what));
                }
                put(&mut map, key, value);
            }
            Ok(Output::Map(map))
        }
        Output::Record(mut record) => {
            let changed = Arc::make_mut(&mut record);
            for (key, value) in entries {
                match &key {
                    Value::String(name) => set(changed, name, value, what)?,
                    _ => return Err(missing_key(&key, changed.schema().name(), what)),
                }
            }
            Ok(Output::Record(record))
        }
        // A JSON column holds maps too.
        Output::Value(Value::Map(map)) => {
            let map = map.into_iter().map(|(key, value)| (Value::String(key), Output::Value(value)));
            update(Output::Map(map.collect()), entries, what)
        }
        other => {
            Err(RepoError::mistake(format!("{what}: the left side must be a map, got {}", other.kind())))
        }
    }
}

fn missing_key(key: &Value, of: &str, what: &str) -> RepoError {
    let key = crate::value::to_text(key).unwrap_or_default();
    RepoError::mistake(format!("{what}: `{of}` does not have the key `{key}`"))
}

/// Sets a field of a record to what was built for it.
fn set(record: &mut Record, name: &str, output: Output, what: &str) -> Result<(), RepoError> {
    let Some(position) = record.schema().position(name) else {
        return Err(missing_key(&name.into(), record.schema().name(), what));
    };
    let slot = match (&record.schema().fields()[position].relation(), output) {
        (None, Output::Value(value)) => Slot::Value(value),
        (None, Output::List(list)) => {
            Slot::Value(Value::List(list.into_iter().filter_map(|output| output.value().cloned()).collect()))
        }
        (None, Output::Map(map)) => Slot::Value(Value::Map(
            map.into_iter()
                .filter_map(|(key, value)| match (key, value) {
                    (Value::String(key), Output::Value(value)) => Some((key, value)),
                    _ => None,
                })
                .collect(),
        )),
        (Some(_), Output::Record(child)) => Slot::One(Some(child)),
        (Some(_), Output::Value(Value::Null)) => Slot::One(None),
        (Some(_), Output::List(list)) => {
            Slot::Many(list.into_iter().filter_map(|output| output.record().cloned()).collect())
        }
        (_, other) => {
            return Err(RepoError::mistake(format!("{what}: field `{name}` can't hold {}", other.kind())));
        }
    };
    record.set_slot(position, slot);
    Ok(())
}

fn merge(left: Output, right: Output) -> Result<Output, RepoError> {
    match (left, right) {
        (Output::Record(left), Output::Record(right)) => {
            if !Arc::ptr_eq(left.schema(), right.schema()) {
                return Err(RepoError::mistake(format!(
                    "cannot merge records of `{}` and `{}`",
                    left.schema().name(),
                    right.schema().name()
                )));
            }
            Ok(Output::Record(right))
        }
        (
            left @ (Output::Map(_) | Output::Record(_) | Output::Value(Value::Map(_))),
            Output::Value(Value::Null),
        ) => Ok(left),
        (left, Output::Value(Value::Map(map))) => {
            let map = map.into_iter().map(|(key, value)| (Value::String(key), Output::Value(value)));
            merge(left, Output::Map(map.collect()))
        }
        (Output::Value(Value::Map(map)), right) => {
            let map = map.into_iter().map(|(key, value)| (Value::String(key), Output::Value(value)));
            merge(Output::Map(map.collect()), right)
        }
        (Output::Map(mut left), Output::Map(right)) => {
            right.into_iter().for_each(|(key, value)| put(&mut left, key, value));
            Ok(Output::Map(left))
        }
        (Output::Map(mut left), Output::Record(right)) => {
            let fields = right.schema().fields().iter().enumerate();
            for (at, field) in fields {
                put(&mut left, Value::String(field.name.clone()), right.slot(at).clone().into());
            }
            Ok(Output::Map(left))
        }
        (left @ Output::Record(_), Output::Map(right)) => update(left, right, "merge"),
        (Output::Map(_) | Output::Record(_), right) => Err(RepoError::mistake(format!(
            "cannot merge: the right side is not a map, got {}",
            right.kind()
        ))),
        (left, _) => {
            Err(RepoError::mistake(format!("cannot merge: the left side is not a map, got {}", left.kind())))
        }
    }
}
