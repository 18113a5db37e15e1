//! Preloads into structs that were read just now: their associations are read into structs at once, without records.

use super::expand::{Assoc, Expanded, expand};
use super::fetch::{Fetched, Groups, assoc_query, by_function, firsts, key_of};
use crate::adapter::{Query as Run, Statement};
use crate::query::{Operation, Preload, PreloadWith, Taken};
use crate::repo::collect::CollectMany;
use crate::repo::key::Key;
use crate::repo::{Options, Repo, RepoError};
use crate::schema::{Many, Schema};
use crate::value::{Str, Value};
use std::sync::Arc;

/// An association to read into structs, and what is read into those.
pub(in crate::repo) struct Branch {
    assoc: Assoc,
    nested: Vec<Branch>,
}

/// The associations that preloads mean; none if one needs records: it leads through another, or into an embed.
pub(in crate::repo) fn branches(
    schema: &Arc<Schema>,
    many: &dyn Many,
    preloads: &[Preload],
    take: &[Taken],
) -> Option<Vec<Branch>> {
    let mut expanded = Expanded::default();
    // What is wrong with them is said on the other way.
    expand(schema, preloads, take, &[], &mut expanded).ok()?;
    if !expanded.throughs.is_empty() || !expanded.filled.is_empty() {
        return None;
    }
    let branch = |assoc: Assoc| {
        let related = many.related(assoc.position)?;
        let schema = related.schema();
        let nested = branches(&schema, &*related, &assoc.nested, &assoc.take)?;
        Arc::ptr_eq(&schema, &assoc.relation.related.schema()).then_some(Branch { assoc, nested })
    };
    expanded.assocs.into_iter().map(branch).collect()
}

/// The keys of parents, and each value of those once.
fn owners(many: &dyn Many, position: usize) -> (Vec<Option<Key>>, Vec<Value>) {
    let value = |at: usize| many.value(at, position);
    let keys: Vec<Option<Key>> = (0..many.count()).map(|at| key_of(&value(at))).collect();
    let ids = firsts(&keys).into_iter().map(value).collect();
    (keys, ids)
}

impl Repo {
    /// Reads associations into structs.
    pub(in crate::repo) async fn preload_many(
        &self,
        many: &mut dyn Many,
        branches: Vec<Branch>,
        prefix: Option<&Str>,
        options: &Options,
    ) -> Result<(), RepoError> {
        let prefix = options.prefix.as_ref().or(prefix).cloned();
        for Branch { assoc, nested } in branches {
            let (keys, ids) = owners(many, assoc.owner_position);
            let Some(children) = many.related(assoc.position) else { continue };
            let (of, mut children, own) = self.fetch_many(ids, children, &assoc, &prefix, options).await?;
            Box::pin(self.preload_many(&mut *children, nested, own.as_ref(), options)).await?;
            let groups = Groups::new(&of);
            let cardinality = assoc.relation.cardinality();
            let of: Vec<&[usize]> = keys.iter().map(|key| groups.places(key.as_ref(), cardinality)).collect();
            many.fill(assoc.position, children, &of)?;
        }
        Ok(())
    }

    /// Reads the records of an association: for each the key of its parent, and the prefix that they have.
    async fn fetch_many(
        &self,
        ids: Vec<Value>,
        mut children: Box<dyn Many>,
        assoc: &Assoc,
        prefix: &Option<Str>,
        options: &Options,
    ) -> Result<(Vec<Key>, Box<dyn Many>, Option<Str>), RepoError> {
        if ids.is_empty() {
            return Ok((Vec::new(), children, None));
        }
        let Fetched { keys, records } = match &assoc.with {
            PreloadWith::Function(function) => by_function(assoc, (function.0)(&ids))?,
            _ => {
                let (query, any_order) = assoc_query(assoc, ids, prefix)?;
                let options = options.of_preloads(any_order);
                let planned = self.plan(&query, Operation::All, &options)?;
                if let (Some(select), true) = (&planned.select, planned.preloads.is_empty()) {
                    match CollectMany::new(&planned.plan.fields, select, children) {
                        Ok(collect) => {
                            let own = collect.prefix().cloned();
                            let run = Run::new(&planned.plan, planned.params);
                            let run = Run { into: Some(&collect), any_order, ..run };
                            let answer = self.statement(Statement::Query(run), &options).await?;
                            let (keys, children) = collect.finish(answer.rows)?;
                            return Ok((keys, children, own));
                        }
                        Err(given_back) => children = given_back,
                    }
                }
                self.fetch_planned(planned, assoc, &options).await?
            }
        };
        let own = records.first().and_then(|record| record.prefix.clone());
        for record in &records {
            children.read(&mut &**record)?;
        }
        Ok((keys, children, own))
    }
}
