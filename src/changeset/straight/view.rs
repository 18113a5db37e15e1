//! The record with its changes, as structs read it.

use super::cell::{Cells, Change};
use super::plan::Plan;
use crate::mistake::Mistake;
use crate::schema::{Cardinality, Fields, Record, Schema, Slot};
use crate::value::ValueRef;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// A record whose cells begin at `first`.
pub(super) struct View<'w, 'a> {
    cells: &'w Cells<'a>,
    plan: &'w Plan,
    record: &'w Arc<Record>,
    first: usize,
    /// A slot that was made for whoever asks for it.
    slot: Slot,
}

impl<'w, 'a> View<'w, 'a> {
    pub(super) fn new(cells: &'w Cells<'a>, plan: &'w Plan, record: &'w Arc<Record>, first: usize) -> Self {
        View { cells, plan, record, first, slot: Slot::Absent }
    }

    #[inline]
    fn change(&self, position: usize) -> &'w Change<'a> {
        match self.plan.by_position.get(position) {
            Some(Some(lane)) => &self.cells.at(self.first + lane).change,
            _ => &Change::None,
        }
    }
}

impl Fields for View<'_, '_> {
    fn schema(&self) -> &Arc<Schema> {
        self.record.schema()
    }

    fn value(&mut self, position: usize) -> Result<ValueRef<'_>, Mistake> {
        Ok(match self.change(position) {
            Change::Text(text) => ValueRef::Text(text),
            Change::Value(value) => ValueRef::Lent(value),
            _ => ValueRef::Lent(self.record.slot(position).value()),
        })
    }

    fn slot(&mut self, position: usize) -> Result<&Slot, Mistake> {
        let Some(Some(lane)) = self.plan.by_position.get(position) else {
            return Ok(self.record.slot(position));
        };
        let Some(children) = &self.plan.lanes[*lane].children else {
            return Ok(self.record.slot(position));
        };
        let mut records = Vec::new();
        let is_changed = matches!(self.change(position), Change::Children { .. });
        self.children(position, &mut |_, fields| {
            records.push(Arc::new(fields.to_record()?));
            Ok(())
        })?;
        if !is_changed {
            return Ok(self.record.slot(position));
        }
        self.slot = match children.cardinality {
            Cardinality::One => Slot::One(records.pop()),
            Cardinality::Many => Slot::Many(records),
        };
        Ok(&self.slot)
    }

    fn children(
        &mut self,
        position: usize,
        each: &mut dyn FnMut(usize, &mut dyn Fields) -> Result<(), Mistake>,
    ) -> Result<bool, Mistake> {
        let lane = self.plan.by_position.get(position).copied().flatten();
        let children = lane.and_then(|lane| self.plan.lanes[lane].children.as_deref());
        match (self.change(position), children) {
            (Change::Children { first, count }, Some(children)) => {
                for index in 0..*count {
                    let first = first + index * children.plan.lanes.len();
                    let mut child = View::new(self.cells, &children.plan, &children.record, first);
                    each(*count, &mut child)?;
                }
                Ok(true)
            }
            _ => {
                let mut record: &Record = self.record;
                record.children(position, each)
            }
        }
    }

    fn to_record(&mut self) -> Result<Record, Mistake> {
        let mut record = Record::clone(self.record);
        for lane in &self.plan.lanes {
            let Some(position) = lane.position else { continue };
            let slot = match self.change(position) {
                Change::None => continue,
                Change::Children { .. } => self.slot(position)?.clone(),
                Change::Text(_) | Change::Value(_) => Slot::Value(self.value(position)?.into_value()),
            };
            record.set_slot(position, slot);
        }
        Ok(record)
    }
}
