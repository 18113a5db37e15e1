//! Results that hold plain values alone, handed on without being made.

use super::build::Builder;
use super::collect::Made;
use super::load::load_ref;
use super::{Options, Repo, RepoError};
use crate::adapter::{Query as Run, RowSink, RowView, Statement};
use crate::query::plan::{Build, Field, Load};
use crate::query::{Operation, Planned, Postprocess, Query};
use crate::schema::{FieldKind, Schema, Slot};
use crate::types::Type;
use crate::value::{Str, Value, ValueRef};
use std::sync::Arc;

/// What each result is.
pub(crate) enum Flat {
    /// A loaded record.
    Record(Arc<Schema>),
    /// A map with these keys.
    Map(Vec<Str>),
}

/// Takes the values of results, one after the other.
pub(crate) trait Takes: Send {
    /// Says what results are. Those of a record leave out associations.
    fn begin(&mut self, flat: &Flat);

    /// A value of the result under way: by the position of its field, or of its key.
    fn value(&mut self, at: usize, value: ValueRef<'_>);

    /// The result has all its values.
    fn end(&mut self);
}

impl Repo {
    /// All results of a query, handed to `takes`; what each is. `None` if they are not flat: nothing was done then.
    pub(crate) async fn all_flat<'t>(
        &self,
        query: &Query,
        options: &Options,
        takes: &'t mut (dyn Takes + 't),
    ) -> Result<Option<Flat>, RepoError> {
        let Planned { plan, params, select, preloads } = self.plan(query, Operation::All, options)?;
        let Some(select) = select.filter(|select| preloads.is_empty() && select.assocs.is_empty()) else {
            return Ok(None);
        };
        let Some((flat, parts)) = parts(&plan.fields, &select) else { return Ok(None) };
        takes.begin(&flat);
        let given = Given { parts, takes: Made::new(takes) };
        let run = Run { into: Some(&given), ..Run::new(&plan, params) };
        let answer = self.statement(Statement::Query(run), options).await?;
        for mut row in answer.rows {
            given.row(&mut row);
        }
        given.takes.finish()?;
        Ok(Some(flat))
    }
}

/// Rows on the way to whoever takes them.
struct Given<'q, 't> {
    parts: Vec<Part<'q>>,
    takes: Made<&'t mut (dyn Takes + 't)>,
}

/// A value of each result.
struct Part<'q> {
    /// The position of its field or key.
    at: usize,
    name: &'q str,
    from: From<'q>,
}

enum From<'q> {
    /// The place in a row, and the type it is loaded by, unless it is what it is.
    Place(usize, Option<&'q Type>),
    /// The same in all.
    Constant(Value),
}

impl RowSink for Given<'_, '_> {
    fn row(&self, row: &mut dyn RowView) {
        self.takes.add(|takes| {
            for Part { at, name, from } in &self.parts {
                let value = match from {
                    From::Place(place, None) => row.value(*place)?,
                    From::Place(place, Some(kind)) => load_ref(kind, row.value(*place)?, name)?,
                    From::Constant(value) => ValueRef::Lent(value),
                };
                takes.value(*at, value);
            }
            takes.end();
            Ok(())
        });
    }
}

/// What results are, and where their values come from; `None` if they are more than that.
fn parts<'q>(fields: &'q [Field], select: &'q Postprocess) -> Option<(Flat, Vec<Part<'q>>)> {
    if fields.is_empty() || select.from_as_map || !Builder::new(fields, &builds(select)).once {
        return None;
    }
    match (&select.build, &select.from) {
        (Build::From, Some(Build::Record { schema, fields: places, .. })) => {
            let parts = schema.fields().iter().enumerate().filter_map(|(at, field)| {
                let place = places.iter().find(|(position, _)| *position == at).map(|(_, place)| *place);
                let from = match (&field.kind, place) {
                    (FieldKind::Value(kind), Some(place)) => From::Place(place, Some(kind)),
                    (_, Some(_)) => return Some(None),
                    (_, None) => match Slot::new(schema, field) {
                        Slot::Value(value) => From::Constant(value),
                        Slot::Absent | Slot::NotLoaded => return None,
                        Slot::One(_) | Slot::Many(_) => return Some(None),
                    },
                };
                Some(Some(Part { at, name: &field.name, from }))
            });
            Some((Flat::Record(schema.clone()), parts.collect::<Option<_>>()?))
        }
        (Build::Map(entries), _) => {
            let mut keys: Vec<Str> = Vec::with_capacity(entries.len());
            let mut parts = Vec::with_capacity(entries.len());
            for (at, entry) in entries.iter().enumerate() {
                let (Build::Literal(Value::String(key)), Build::Field(place)) = entry else { return None };
                let field = fields.get(*place)?;
                let kind = match &field.load {
                    Load::Any => None,
                    Load::Type(kind) => Some(kind),
                    Load::Try(_) | Load::Embed(..) => return None,
                };
                if keys.contains(key) {
                    return None;
                }
                keys.push(key.clone());
                let name = field.alias.as_deref().unwrap_or("select");
                parts.push(Part { at, name, from: From::Place(*place, kind) });
            }
            Some((Flat::Map(keys), parts))
        }
        _ => None,
    }
}

fn builds(select: &Postprocess) -> Vec<&Build> {
    let mut builds = vec![&select.build];
    builds.extend(&select.from);
    builds
}
