//! Preloads: associations of records that are there, read by queries of their own.
//!
//! One query an association, whatever the number of records, nested ones after those they are nested in. As in
//! Ecto: what is loaded stays, unless forced; a through association is found by walking its path.

mod expand;
mod fetch;
mod through;
mod typed;

use super::{Options, Repo, RepoError};
use crate::query::plan::AssocRow;
use crate::query::{Preload, PreloadFunction, PreloadWith, Query, Taken};
use crate::schema::{Cardinality, Record, Slot};
use crate::value::{Str, Value};
use expand::{Assoc, Expanded, expand};
use fetch::Groups;
use std::sync::Arc;
pub(super) use typed::branches;

/// Associations to preload: `"posts"`, `["posts", "profile"]`, or built with [`Preloads::of`].
///
/// ```
/// use ectomorph::repo::Preloads;
/// // Posts with their tags, and comments with their users.
/// let wanted = Preloads::of("posts").nested("tags").and(Preloads::of("comments").nested("user"));
/// # let _ = wanted;
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Preloads(pub(super) Vec<Preload>);

impl Preloads {
    /// An association.
    pub fn of(assoc: impl Into<Str>) -> Self {
        Preloads(vec![Preload { assoc: assoc.into(), with: PreloadWith::Table, nested: Vec::new() }])
    }

    /// An association whose records a query gives: its order, its conditions, what it selects.
    pub fn with_query(assoc: impl Into<Str>, query: Query) -> Self {
        Preloads(vec![Preload { assoc: assoc.into(), with: PreloadWith::Query(query), nested: Vec::new() }])
    }

    /// An association whose records a function gives for the keys of their parents.
    pub fn with_function(
        assoc: impl Into<Str>,
        function: impl Fn(&[Value]) -> Vec<Record> + Send + Sync + 'static,
    ) -> Self {
        let with = PreloadWith::Function(PreloadFunction(Arc::new(function)));
        Preloads(vec![Preload { assoc: assoc.into(), with, nested: Vec::new() }])
    }

    /// What is preloaded into the records of these associations.
    pub fn nested(mut self, inner: impl Into<Preloads>) -> Self {
        let inner = inner.into();
        for preload in &mut self.0 {
            preload.nested.extend(inner.0.iter().cloned());
        }
        self
    }

    /// More associations.
    pub fn and(mut self, others: impl Into<Preloads>) -> Self {
        self.0.extend(others.into().0);
        self
    }
}

impl From<&str> for Preloads {
    fn from(assoc: &str) -> Self {
        Preloads::of(assoc)
    }
}

impl From<Vec<Preload>> for Preloads {
    fn from(preloads: Vec<Preload>) -> Self {
        Preloads(preloads)
    }
}

impl<P: Into<Preloads>, const COUNT: usize> From<[P; COUNT]> for Preloads {
    fn from(all: [P; COUNT]) -> Self {
        Preloads(all.into_iter().flat_map(|preloads| preloads.into().0).collect())
    }
}

impl<T> From<crate::schema::FieldName<T>> for Preloads {
    fn from(assoc: crate::schema::FieldName<T>) -> Self {
        Preloads::of(assoc)
    }
}

impl Repo {
    /// The record with associations read.
    ///
    /// # Errors
    /// As [`Repo::all`]; there is no such association.
    pub async fn preload<T: crate::changeset::Data>(
        &self,
        record: T,
        preloads: impl Into<Preloads>,
    ) -> Result<T, RepoError> {
        let loaded = self.preload_records(vec![record.into_record()], preloads, &Options::default()).await?;
        match loaded.into_iter().next() {
            Some(record) => Ok(T::of_record(record)?),
            None => Err(RepoError::mistake("preload lost its record")),
        }
    }

    /// The records with associations read.
    ///
    /// # Errors
    /// As [`Repo::preload`].
    pub async fn preload_all<T: crate::changeset::Data>(
        &self,
        records: Vec<T>,
        preloads: impl Into<Preloads>,
    ) -> Result<Vec<T>, RepoError> {
        let records = records.into_iter().map(T::into_record).collect();
        let loaded = self.preload_records(records, preloads, &Options::default()).await?;
        loaded.into_iter().map(|record| Ok(T::of_record(record)?)).collect()
    }

    /// Dynamic records, all of one schema, with associations read; options are `force` and `prefix`.
    ///
    /// # Errors
    /// As [`Repo::preload`].
    pub async fn preload_records(
        &self,
        records: Vec<Arc<Record>>,
        preloads: impl Into<Preloads>,
        options: &Options,
    ) -> Result<Vec<Arc<Record>>, RepoError> {
        self.preload_into(records, &preloads.into().0, &[], &[], options).await
    }

    /// Fills associations. `joined` are those that a join has filled already: only what is nested in them is read.
    pub(super) async fn preload_into(
        &self,
        mut records: Vec<Arc<Record>>,
        preloads: &[Preload],
        take: &[Taken],
        joined: &[AssocRow],
        options: &Options,
    ) -> Result<Vec<Arc<Record>>, RepoError> {
        let Some(sample) = records.first() else { return Ok(records) };
        if preloads.is_empty() {
            return Ok(records);
        }
        let schema = sample.schema().clone();
        if records.iter().any(|record| !Arc::ptr_eq(record.schema(), &schema)) {
            return Err(RepoError::mistake("preload expects records of one schema"));
        }
        let prefix = options.prefix.clone().or_else(|| sample.prefix.clone());
        let mut expanded = Expanded::default();
        expand(&schema, preloads, take, joined, &mut expanded)?;
        for (position, nested) in &expanded.filled {
            records = self.preload_filled(records, *position, nested, joined, options).await?;
        }
        for assoc in &expanded.assocs {
            records = self.preload_assoc(records, assoc, &prefix, joined, options).await?;
        }
        for walk in &expanded.throughs {
            through::fill(&mut records, walk)?;
        }
        Ok(records)
    }

    /// Preloads into records that are in a slot already: those of embeds, and of through associations that were joined.
    async fn preload_filled(
        &self,
        mut records: Vec<Arc<Record>>,
        position: usize,
        nested: &[Preload],
        joined: &[AssocRow],
        options: &Options,
    ) -> Result<Vec<Arc<Record>>, RepoError> {
        let name = records[0].schema().fields()[position].name.clone();
        let sub = joined.iter().find(|assoc| assoc.assoc == name).map_or(&[][..], |assoc| &assoc.nested);
        let mut children = Vec::new();
        for record in &records {
            children.extend(record.slot(position).records().iter().cloned());
        }
        let loaded = Box::pin(self.preload_into(children, nested, &[], sub, options)).await?;
        let mut loaded = loaded.into_iter();
        for record in &mut records {
            let count = record.slot(position).records().len();
            if count == 0 {
                continue;
            }
            let own = loaded.by_ref().take(count).collect();
            let slot = put_back(record.slot(position), own);
            Arc::make_mut(record).set_slot(position, slot);
        }
        Ok(records)
    }

    /// Reads one association, or what is nested in it where it is loaded.
    async fn preload_assoc(
        &self,
        mut records: Vec<Arc<Record>>,
        assoc: &Assoc,
        prefix: &Option<Str>,
        joined: &[AssocRow],
        options: &Options,
    ) -> Result<Vec<Arc<Record>>, RepoError> {
        let name = &assoc.relation.field;
        let from_join = joined.iter().find(|joined| joined.assoc == *name);
        let keep = !options.force || from_join.is_some();
        let (fresh, loaded): (Vec<usize>, Vec<usize>) = (0..records.len())
            .partition(|at| !(keep && *records[*at].slot(assoc.position) != Slot::NotLoaded));
        // Records whose association is loaded are gone through for what is nested.
        let mut children: Vec<Arc<Record>> = Vec::new();
        for at in &loaded {
            children.extend(records[*at].slot(assoc.position).records().iter().cloned());
        }
        let kept = children.len();
        let owner = assoc.owner_position;
        let fetched = self.fetch(&records, &fresh, assoc, prefix, options).await?;
        children.extend(fetched.records);
        let nested_joined = from_join.map_or(&[][..], |joined| &joined.nested);
        let nested =
            Box::pin(self.preload_into(children, &assoc.nested, &assoc.take, nested_joined, options)).await?;
        let (of_loaded, fetched_records) = nested.split_at(kept);
        if !assoc.nested.is_empty() {
            let mut own = of_loaded.iter().cloned();
            for at in loaded {
                let count = records[at].slot(assoc.position).records().len();
                let slot = put_back(records[at].slot(assoc.position), own.by_ref().take(count).collect());
                Arc::make_mut(&mut records[at]).set_slot(assoc.position, slot);
            }
        }
        let groups = Groups::new(&fetched.keys);
        for at in fresh {
            let key = fetch::key_of(records[at].slot(owner).value());
            let places = groups.places(key.as_ref(), assoc.relation.cardinality());
            let own = places.iter().map(|place| fetched_records[*place].clone()).collect();
            let slot = match assoc.relation.cardinality() {
                Cardinality::One => put_back(&Slot::One(None), own),
                Cardinality::Many => Slot::Many(own),
            };
            Arc::make_mut(&mut records[at]).set_slot(assoc.position, slot);
        }
        Ok(records)
    }
}

/// The records of a slot, put back changed.
fn put_back(slot: &Slot, mut records: Vec<Arc<Record>>) -> Slot {
    match slot {
        Slot::One(_) => Slot::One(records.pop()),
        _ => Slot::Many(records),
    }
}
