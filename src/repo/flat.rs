//! Results that hold plain values alone, handed on without being made.

use super::build::Builder;
use super::collect::Made;
use super::load::load_ref;
use super::{Options, Output, Repo, RepoError};
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

/// All results of a query.
pub(crate) enum All {
    /// They were handed on; what each is.
    Flat(Flat),
    /// They are more than plain values.
    Made(Vec<Output>),
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
    /// All results of a query: handed to `takes` if they are flat, else made.
    pub(crate) async fn all_flat<'t>(
        &self,
        query: &Query,
        options: &Options,
        takes: &'t mut (dyn Takes + 't),
    ) -> Result<All, RepoError> {
        let Planned { plan, params, select, preloads } = self.plan(query, Operation::All, options)?;
        let plain = select.as_ref().filter(|select| preloads.is_empty() && select.assocs.is_empty());
        let Some((flat, parts)) = plain.and_then(|select| parts(&plan.fields, select)) else {
            let planned = Planned { plan, params, select, preloads };
            return Ok(All::Made(self.planned_outputs(planned, options).await?.1.unwrap_or_default()));
        };
        takes.begin(&flat);
        let given = Given { parts, takes: Made::new(takes) };
        let run = Run { into: Some(&given), ..Run::new(&plan, params) };
        let answer = self.statement(Statement::Query(run), options).await?;
        for mut row in answer.rows {
            given.row(&mut row);
        }
        given.takes.finish()?;
        Ok(All::Flat(flat))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapter::{System, now};
    use crate::adapters::glue::Glue;
    use crate::query::{Direction, count, field, map};
    use crate::repo::Queryable;
    use crate::schema::{Autogenerate, Field, Related};
    use crate::store::{Column, Database, Ddl, Definition, Kind};

    /// Keeps values as they come.
    #[derive(Default)]
    struct Kept(Vec<(usize, Value)>, Vec<Vec<(usize, Value)>>);

    impl Takes for Kept {
        fn begin(&mut self, _: &Flat) {}

        fn value(&mut self, at: usize, value: ValueRef<'_>) {
            self.0.push((at, value.into_value()));
        }

        fn end(&mut self) {
            self.1.push(std::mem::take(&mut self.0));
        }
    }

    fn opened() -> (Repo, Arc<Schema>) {
        let comment = Schema::build("Comment", "comments").field(Field::new("id", Type::Id).primary_key());
        let comment = comment.field(Field::new("post_id", Type::Id)).finish().unwrap();
        let post = Schema::build("Post", "posts")
            .field(Field::new("id", Type::Id).primary_key().autogenerate(Autogenerate::Id))
            .has_many("comments", Related::Schema(comment), "post_id")
            .field(Field::new("note", Type::String).virtual_field().default("none"))
            .field(Field::new("title", Type::String))
            .finish()
            .unwrap();
        let table = Definition::new("posts")
            .column(Column::new("title", Kind::Text(None)))
            .column(Column::new("id", Kind::Integer(64)).sequence())
            .primary_key(["id"]);
        let comments = Definition::new("comments")
            .column(Column::new("id", Kind::Integer(64)).sequence())
            .column(Column::new("post_id", Kind::Integer(64)))
            .primary_key(["id"]);
        let mut database = Database::new();
        let table = database.define(Ddl::CreateTable(table)).unwrap().unwrap();
        for title in ["one", "two", "three"] {
            database.insert(table, &[0], vec![title.into()]).unwrap();
        }
        database.insert(table, &[0], vec![Value::Null]).unwrap();
        database.define(Ddl::CreateTable(comments)).unwrap();
        (Repo::new(Arc::new(Glue::new(database, Arc::new(System)))), post)
    }

    fn flat(repo: &Repo, query: &Query) -> Option<Vec<Vec<(usize, Value)>>> {
        let mut kept = Kept::default();
        match now(repo.all_flat(query, &Options::new(), &mut kept)).unwrap().unwrap() {
            All::Flat(Flat::Record(_) | Flat::Map(_)) => Some(kept.1),
            All::Made(made) => {
                assert_eq!((made.len(), kept.1.len()), (4, 0));
                None
            }
        }
    }

    #[test]
    fn records_are_handed_on_by_their_fields_without_associations() {
        let (repo, post) = opened();
        let row = |id: i64, title: Value| vec![(0, id.into()), (2, "none".into()), (3, title)];
        let all = flat(&repo, &post.clone().to_query());
        assert_eq!(
            all,
            Some(vec![
                row(1, "one".into()),
                row(2, "two".into()),
                row(3, "three".into()),
                row(4, Value::Null),
            ])
        );
        let some = post
            .clone()
            .to_query()
            .where_(field("id").gt(1))
            .order_by(Direction::Desc, field("title"))
            .limit(1)
            .offset(1);
        assert_eq!(flat(&repo, &some), Some(vec![row(2, "two".into())]));
        let none = post.clone().to_query().where_(field("id").gt(9));
        assert_eq!(flat(&repo, &none), Some(vec![]));
    }

    #[test]
    fn maps_are_handed_on_by_their_keys_and_what_is_more_is_made() {
        let (repo, post) = opened();
        let query = post
            .clone()
            .to_query()
            .where_(field("id").lt(3))
            .select(map([("b", field("title")), ("a", field("id"))]));
        let rows = [("one", 1), ("two", 2)].map(|(title, id)| vec![(0, title.into()), (1, id.into())]);
        assert_eq!(flat(&repo, &query), Some(rows.to_vec()));
        let counted = post.clone().to_query().select(map([("n", count(field("id")))]));
        assert_eq!(flat(&repo, &counted), Some(vec![vec![(0, 4.into())]]));
        for query in
            [post.clone().to_query().select(field("title")), post.clone().to_query().preload("comments")]
        {
            assert_eq!(flat(&repo, &query), None);
        }
    }
}
