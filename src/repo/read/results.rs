//! What a query gives: rows made into what it selects, with its preloads.

use crate::adapter::{Query as Run, Row, Statement};
use crate::query::plan::Build;
use crate::query::{self, Operation, Planned, Postprocess, Query, Taken};
use crate::repo::build::{Builder, places};
use crate::repo::collect::{Collect, CollectMany};
use crate::repo::preload::branches;
use crate::repo::{FromOutput, Options, Output, Repo, RepoError, joined};
use crate::schema::{Record, Slot};
use crate::value::Value;
use std::sync::Arc;

impl Repo {
    /// Plans a query, prepared as the repo wants it.
    pub(in crate::repo) fn plan(
        &self,
        query: &Query,
        operation: Operation,
        options: &Options,
    ) -> Result<Planned, RepoError> {
        self.plan_as_it_is(&*self.prepared(query, operation, options)?, operation, options)
    }

    /// Plans a query that nobody prepares.
    pub(in crate::repo) fn plan_as_it_is(
        &self,
        query: &Query,
        operation: Operation,
        options: &Options,
    ) -> Result<Planned, RepoError> {
        match options.prefix.as_ref().or(self.default_prefix()) {
            Some(prefix) if query.parts().prefix.is_none() => {
                let mut query = query.clone();
                query.parts_mut().prefix = Some(prefix.clone());
                Ok(self.shared.plans.plan(&query, operation, &self.shared.schemas)?)
            }
            _ => Ok(self.shared.plans.plan(query, operation, &self.shared.schemas)?),
        }
    }

    /// The results of a query.
    pub(in crate::repo) async fn outputs<T: FromOutput>(
        &self,
        query: &Query,
        options: &Options,
    ) -> Result<Vec<T>, RepoError> {
        let planned = self.plan(query, Operation::All, options)?;
        Ok(self.planned_outputs(planned, options).await?.1.unwrap_or_default())
    }

    /// Runs a planned query: how many rows, and the results if it selects any.
    pub(in crate::repo) async fn planned_outputs<T: FromOutput>(
        &self,
        planned: Planned,
        options: &Options,
    ) -> Result<(usize, Option<Vec<T>>), RepoError> {
        let Planned { plan, params, select, preloads } = planned;
        let mut run = Run { any_order: options.any_order, ..Run::new(&plan, params) };
        let Some(select) = select else {
            return Ok((self.statement(Statement::Query(run), options).await?.count, None));
        };
        if preloads.is_empty() && select.assocs.is_empty() {
            // Rows that need nothing else become what is asked for one by one, while they come.
            let collect = Collect::new(&plan.fields, &select);
            run.into = (!plan.fields.is_empty()).then_some(&collect);
            let answer = self.statement(Statement::Query(run), options).await?;
            let rows = match plan.fields.is_empty() {
                // Only literals are selected: the number of rows is all there is to know.
                true => vec![Row::new(); answer.count],
                false => answer.rows,
            };
            return Ok((answer.count, Some(collect.finish(rows)?)));
        }
        if let Some(list) = T::list()
            && let Some(branches) = branches(&list.schema(), &*list, &preloads, &select.take)
            && let Ok(collect) = CollectMany::new(&plan.fields, &select, list)
            && matches!(select.build, Build::From)
        {
            let prefix = collect.prefix();
            run.into = Some(&collect);
            let answer = self.statement(Statement::Query(run), options).await?;
            let (_, mut list) = collect.finish(answer.rows)?;
            self.preload_many(&mut *list, branches, prefix, options).await?;
            let list: Box<dyn std::any::Any> = list;
            return Ok((answer.count, list.downcast::<Vec<T>>().ok().map(|list| *list)));
        }
        let answer = self.statement(Statement::Query(run), options).await?;
        let outputs = self.postprocess(&plan.fields, &select, &preloads, answer.rows, options).await?;
        let outputs = outputs.into_iter().map(T::from_output).collect::<Result<_, _>>()?;
        Ok((answer.count, Some(outputs)))
    }

    /// Makes of rows what the query selects, with its preloads.
    pub(in crate::repo) async fn postprocess(
        &self,
        fields: &[query::plan::Field],
        select: &Postprocess,
        preloads: &[query::Preload],
        rows: Vec<Row>,
        options: &Options,
    ) -> Result<Vec<Output>, RepoError> {
        if preloads.is_empty() && select.assocs.is_empty() {
            return Collect::new(fields, select).finish(rows);
        }
        let joined = if select.assocs.is_empty() {
            joined::plain(fields, select, rows)?
        } else {
            joined::group(fields, select, rows)?
        };
        let (mut roots, mut rows) = joined;
        if !preloads.is_empty() {
            let records: Option<Vec<Arc<Record>>> = roots
                .iter_mut()
                .filter(|root| !root.is_null())
                .map(|root| match std::mem::replace(root, Output::Tuple(Vec::new())) {
                    Output::Record(record) => Some(record),
                    _ => None,
                })
                .collect();
            let Some(records) = records else {
                return Err(RepoError::mistake(
                    "preload: the query must select the record of its first source",
                ));
            };
            let mut loaded =
                Box::pin(self.preload_into(records, preloads, &select.take, &select.assocs, options))
                    .await?
                    .into_iter();
            for root in roots.iter_mut().filter(|root| !root.is_null()) {
                *root = loaded.next().map_or(Output::NULL, Output::Record);
            }
        }
        let builder = Builder::new(fields, &[&select.build]);
        let mut outputs = Vec::with_capacity(roots.len());
        for (root, row) in roots.into_iter().zip(&mut rows) {
            let root = if select.from_as_map { as_map(root, &select.take) } else { root };
            match &select.build {
                Build::From => outputs.push(root),
                build => outputs.push(builder.build(build, row, &root)?),
            }
        }
        Ok(outputs)
    }
}

/// The record of the first source: loaded even if all its values are null.
pub(in crate::repo) fn root(builder: &Builder, from: &Build, row: &mut Row) -> Result<Output, RepoError> {
    match from {
        Build::Record { schema, prefix, fields, .. } => {
            Ok(Output::Record(Arc::new(builder.record(schema, prefix, fields, row)?)))
        }
        other => builder.build(other, row, &Output::NULL),
    }
}

/// What of each row is selected beside the first source: rows that differ in it stay apart.
pub(in crate::repo) fn beside(select: &Postprocess, fields: usize) -> Vec<usize> {
    places(&select.build, fields)
}

/// A record as a map of some of its fields: `select: map(u, [:id, posts: [:title]])`.
pub(in crate::repo) fn as_map(root: Output, take: &[Taken]) -> Output {
    match root {
        Output::Record(record) => record_map(&record, take),
        Output::List(list) => Output::List(list.into_iter().map(|output| as_map(output, take)).collect()),
        other => other,
    }
}

fn record_map(record: &Record, take: &[Taken]) -> Output {
    let entry = |taken: &Taken| {
        let (name, nested) = match taken {
            Taken::Field(name) => (name, None),
            Taken::Assoc(name, nested) => (name, Some(nested)),
        };
        let output = match (record.get(name), nested) {
            (Some(Slot::One(Some(child))), Some(nested)) => record_map(child, nested),
            (Some(Slot::Many(children)), Some(nested)) => {
                Output::List(children.iter().map(|child| record_map(child, nested)).collect())
            }
            (Some(slot), _) => slot.clone().into(),
            (None, _) => Output::NULL,
        };
        (Value::String(name.clone()), output)
    };
    Output::Map(take.iter().map(entry).collect())
}
