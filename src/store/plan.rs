//! Definitions resolved: names to positions, foreign keys to the indexes that serve them, indexes to trees.

use super::database::Catalogue;
use super::definition::{Default, Definition, ForeignKey, TableName};
use super::error::{DefinitionErrorKind, StoreError, ViolationKind};
use super::key::{is_exact, prefix};
use super::slab::RowId;
use super::table::{Foreign, Grown, Ordered, Plan, Table, TableId};
use super::tree::Tree;
use crate::expr::Expr;
use crate::value::Str;
use std::cmp::Ordering;
use std::sync::Arc;

impl Catalogue {
    pub(super) fn table(&self, id: TableId) -> Option<&Table> {
        self.tables.get(id.0 as usize)?.as_ref()
    }

    pub(super) fn table_mut(&mut self, id: TableId) -> Option<&mut Table> {
        self.tables.get_mut(id.0 as usize)?.as_mut()
    }

    /// Resolves all definitions anew, and makes the trees of indexes that are new. The trees of `reshaped`, whose rows
    /// have other columns now, are all made anew.
    ///
    /// # Errors
    /// A name of something that is not there, a foreign key to what is not unique, two rows with one key.
    pub(super) fn resolve(&mut self, reshaped: Option<TableId>) -> Result<(), StoreError> {
        let mut plans = self.plans()?;
        for table in self.tables.iter_mut().flatten() {
            let plan = plans[table.id.0 as usize].take().unwrap_or_default();
            let keep = reshaped != Some(table.id);
            if !self.dormant {
                table.plant(&plan, keep)?;
            }
            table.plan = Arc::new(plan);
        }
        Ok(())
    }

    /// From now on there are trees, which were left out while rows were loaded: of each table when one of its is first
    /// asked for.
    pub(super) fn wake(&mut self) {
        self.dormant = false;
        self.tables.iter_mut().flatten().for_each(|table| table.trees = Grown::default());
    }

    /// Makes all trees at once.
    ///
    /// # Errors
    /// Two rows with one key.
    pub(super) fn plant(&mut self) -> Result<(), StoreError> {
        for table in self.tables.iter_mut().flatten() {
            let plan = table.plan.clone();
            table.plant(&plan, false)?;
        }
        Ok(())
    }

    /// Sequences do not go back when definitions do.
    pub(super) fn keep_sequences(&mut self, other: &Catalogue) {
        for table in self.tables.iter_mut().flatten() {
            let Some(Some(theirs)) = other.tables.get(table.id.0 as usize) else { continue };
            for (column, next) in table.definition.columns.iter().zip(&mut table.sequences) {
                if let Some(at) = theirs.position(&column.name) {
                    *next = (*next).max(theirs.sequences[at]);
                }
            }
        }
    }

    fn plans(&self) -> Result<Vec<Option<Plan>>, StoreError> {
        let mut plans: Vec<Option<Plan>> = Vec::with_capacity(self.tables.len());
        for table in &self.tables {
            plans.push(table.as_ref().map(|table| own_indexes(&table.definition)).transpose()?);
        }
        for table in self.tables.iter().flatten() {
            for (at, foreign_key) in table.definition.foreign_keys.iter().enumerate() {
                let foreign = self.foreign(table, foreign_key, &mut plans)?;
                if let Some(Some(parent)) = plans.get_mut(foreign.parent.0 as usize) {
                    parent.incoming.push((table.id, at));
                }
                if let Some(Some(plan)) = plans.get_mut(table.id.0 as usize) {
                    plan.foreign.push(foreign);
                }
            }
        }
        for (plan, table) in plans.iter_mut().zip(&self.tables) {
            let (Some(plan), Some(table)) = (plan, table) else { continue };
            plan.plain = vec![true; table.definition.columns.len()];
            for index in &plan.indexes {
                let filter = index.filter.iter().flat_map(|filter| filter.fields());
                let filter = filter.filter_map(|field| table.definition.position(&field));
                filter.chain(index.columns.iter().copied()).for_each(|column| plan.plain[column] = false);
            }
            for (at, column) in table.definition.columns.iter().enumerate() {
                let Default::Folded(fold, of) = &column.default else { continue };
                let source = table.definition.position(of).ok_or_else(|| no_column(&table.definition, of))?;
                plan.folded.push((at, *fold, source));
                plan.plain[at] = false;
                plan.plain[source] = false;
            }
        }
        Ok(plans)
    }

    fn foreign(
        &self,
        child: &Table,
        foreign_key: &ForeignKey,
        plans: &mut [Option<Plan>],
    ) -> Result<Foreign, StoreError> {
        let ForeignKey { name, references, .. } = foreign_key;
        let parent_id = self.names.get(references).ok_or_else(|| no_table(references))?;
        let plan_of = |id: TableId| id.0 as usize;
        let Some(Some(parent)) = self.tables.get(plan_of(*parent_id)) else {
            return Err(no_table(references));
        };
        let columns = positions(&child.definition, &foreign_key.columns)?;
        let referenced = positions(&parent.definition, &foreign_key.referenced)?;
        if columns.len() != referenced.len() || columns.is_empty() {
            return Err(StoreError::definition(
                DefinitionErrorKind::NotUnique,
                format!("foreign key \"{name}\" must refer to as many columns as it has"),
            ));
        }
        // The order of the columns of an index, as places in the foreign key.
        let places = |index: &Ordered, columns: &[usize]| -> Option<Vec<usize>> {
            let first = index.columns.get(..columns.len())?;
            let places: Option<Vec<usize>> =
                first.iter().map(|column| columns.iter().position(|other| other == column)).collect();
            places.filter(|_| index.filter.is_none())
        };
        let parent_indexes = plans[plan_of(*parent_id)].as_ref().map_or(&[][..], |plan| &plan.indexes);
        let served = parent_indexes.iter().enumerate().find_map(|(at, index)| {
            let fits = index.unique && index.columns.len() == referenced.len();
            Some((at, places(index, &referenced).filter(|_| fits)?))
        });
        let Some((parent_index, parent_key)) = served else {
            return Err(StoreError::definition(
                DefinitionErrorKind::NotUnique,
                format!(
                    "foreign key \"{name}\" refers to columns of table \"{references}\" that are not unique; give it a \
                     unique index"
                ),
            ));
        };
        let Some(Some(plan)) = plans.get_mut(plan_of(child.id)) else { return Err(no_table(references)) };
        let serving =
            plan.indexes.iter().enumerate().find_map(|(at, index)| Some((at, places(index, &columns)?)));
        let (child_index, child_key) = serving.unwrap_or_else(|| {
            // Every foreign key has an index: looking for what refers must not take a walk over all rows.
            plan.indexes.push(Ordered {
                name: name.clone(),
                columns: columns.clone(),
                unique: false,
                nulls_distinct: true,
                filter: None,
                defined: false,
            });
            (plan.indexes.len() - 1, (0..columns.len()).collect())
        });
        Ok(Foreign {
            columns,
            referenced,
            parent: *parent_id,
            parent_index,
            parent_key,
            child_index,
            child_key,
        })
    }
}

impl Table {
    /// Takes over the trees that still serve, and makes the others.
    fn plant(&mut self, plan: &Plan, keep: bool) -> Result<(), StoreError> {
        let old = self.plan.clone();
        if keep {
            self.trees();
        }
        let trees = std::mem::take(&mut self.trees).into_inner().unwrap_or_default();
        let mut trees: Vec<Option<Tree>> = trees.into_iter().map(Some).collect();
        let mut planted = Vec::with_capacity(plan.indexes.len());
        for index in &plan.indexes {
            let same = |other: &Ordered| {
                other.columns == index.columns
                    && other.filter == index.filter
                    && (other.unique || !index.unique)
                    && (!other.nulls_distinct || index.nulls_distinct || !index.unique)
            };
            let kept = old
                .indexes
                .iter()
                .enumerate()
                .find(|(at, other)| keep && same(other) && trees.get(*at).is_some_and(Option::is_some));
            let tree = match kept.and_then(|(at, _)| trees.get_mut(at)?.take()) {
                Some(tree) => tree,
                None => self.grow(index)?,
            };
            planted.push(tree);
        }
        self.trees = Grown::from(planted);
        Ok(())
    }

    /// The trees, which are made now if they were not asked for before.
    pub(super) fn trees(&self) -> &[Tree] {
        let grown = || {
            let entries = self.plan.indexes.iter().map(|index| self.entries(index));
            entries.map(|entries| Tree::from_sorted(entries.into_iter())).collect()
        };
        self.trees.get_or_init(grown)
    }

    /// The tree of an index, of the rows that are there.
    fn grow(&self, index: &Ordered) -> Result<Tree, StoreError> {
        let entries = self.entries(index);
        let twice = |pair: &[Entry]| {
            self.order_entries(index, &pair[0], &pair[1]).is_eq()
                && index.is_exclusive(self.rows.key(pair[0].1, &index.columns))
        };
        if index.unique && entries.windows(2).any(twice) {
            let columns = &self.definition.columns;
            let names: Vec<Str> = index.columns.iter().map(|at| columns[*at].name.clone()).collect();
            let table = &self.definition.name.name;
            return Err(StoreError::broken(ViolationKind::Unique, &index.name, table, &names));
        }
        Ok(Tree::from_sorted(entries.into_iter()))
    }

    /// The entries of an index in order, those of equal keys in that of their rows.
    fn entries(&self, index: &Ordered) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::with_capacity(self.rows.len());
        let mut sorted = true;
        for id in self.rows.ids().filter(|id| self.is_in(*id, index)) {
            let bits = prefix(self.rows.key(id, &index.columns));
            sorted &= entries.last().is_none_or(|(before, _)| *before < bits);
            entries.push((bits, id));
        }
        if !sorted {
            // Stable, and fast where there are few keys.
            entries.sort_by(|left, right| self.order_entries(index, left, right));
        }
        entries
    }

    fn order_entries(&self, index: &Ordered, (bits, id): &Entry, (other_bits, other): &Entry) -> Ordering {
        bits.cmp(other_bits).then_with(|| match is_exact(*bits) {
            true => Ordering::Equal,
            false => self.rows.order(*id, *other, &index.columns),
        })
    }
}

/// The bits of a key, and the row that has it.
type Entry = (u128, RowId);

/// The indexes of a definition, and the order of its checks.
fn own_indexes(definition: &Definition) -> Result<Plan, StoreError> {
    let mut plan = Plan { has_primary: definition.primary_key.is_some(), ..Plan::default() };
    if let Some(key) = &definition.primary_key {
        plan.indexes.push(Ordered {
            name: key.name.clone(),
            columns: positions(definition, &key.columns)?,
            unique: true,
            nulls_distinct: true,
            filter: None,
            defined: true,
        });
    }
    for index in &definition.indexes {
        if let Some(filter) = &index.filter {
            condition(definition, &index.name, filter)?;
        }
        plan.indexes.push(Ordered {
            name: index.name.clone(),
            columns: positions(definition, &index.columns)?,
            unique: index.unique,
            nulls_distinct: index.nulls_distinct,
            filter: index.filter.clone(),
            defined: true,
        });
    }
    for check in &definition.checks {
        condition(definition, &check.name, &check.condition)?;
    }
    plan.checks = (0..definition.checks.len()).collect();
    plan.checks.sort_by(|a, b| definition.checks[*a].name.cmp(&definition.checks[*b].name));
    Ok(plan)
}

/// A condition must be one that the journal can keep, on columns that are there.
fn condition(definition: &Definition, name: &Str, condition: &Expr) -> Result<(), StoreError> {
    if let Some(field) = condition.fields().iter().find(|field| definition.position(field).is_none()) {
        return Err(no_column(definition, field));
    }
    if Expr::from_document(&condition.to_document()).as_ref() != Ok(condition) {
        return Err(StoreError::definition(
            DefinitionErrorKind::Invalid,
            format!("the condition of \"{name}\" has no document: use literals that are no maps"),
        ));
    }
    Ok(())
}

pub(super) fn positions(definition: &Definition, names: &[Str]) -> Result<Vec<usize>, StoreError> {
    if names.is_empty() {
        return Err(StoreError::definition(
            DefinitionErrorKind::Invalid,
            format!("a key or index of table \"{}\" needs a column", definition.name),
        ));
    }
    names.iter().map(|name| definition.position(name).ok_or_else(|| no_column(definition, name))).collect()
}

pub(super) fn no_column(definition: &Definition, column: &str) -> StoreError {
    StoreError::definition(
        DefinitionErrorKind::UnknownColumn,
        format!("column \"{column}\" of table \"{}\" does not exist", definition.name),
    )
}

pub(super) fn no_table(name: &TableName) -> StoreError {
    StoreError::definition(DefinitionErrorKind::UnknownTable, format!("table \"{name}\" does not exist"))
}
