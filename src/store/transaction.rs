//! What a transaction did, and how it is undone.

use super::chunk::Chunk;
use super::database::{Catalogue, Database};
use super::error::StoreError;
use super::referential::Pending;
use super::slab::{Hidden, KeptColumns, Row, RowId};
use super::table::{Ordered, TableId};
use crate::value::Value;
use std::sync::Arc;

/// A place within a transaction that it can be undone to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    undo: usize,
    redo: usize,
}

impl Mark {
    pub(super) const START: Mark = Mark { undo: 0, redo: 0 };
}

/// One step back.
pub(super) enum Undo {
    Insert(TableId, RowId),
    Update(TableId, RowId, Row),
    Delete(TableId, RowId, Row),
    /// Values of columns that no index has, as they were.
    Change(TableId, RowId, Vec<(usize, Value)>),
    /// Many rows changed in columns that no index has: those columns of the chunks that they are in, as they were.
    Columns(TableId, Vec<KeptColumns>),
    /// Many rows went: the chunks that they were in, as they were.
    Chunks(TableId, Vec<(u32, Arc<Chunk>)>),
    /// Many rows went, and are hidden where they lie.
    Hidden(TableId, Vec<Hidden>),
    /// Definitions changed. The copy shares all rows, so it costs little.
    Define(Box<Catalogue>),
}

/// What the open transaction did.
#[derive(Default)]
pub(super) struct Log {
    open: bool,
    /// Whether it is being made durable: nothing else may happen until then.
    sealed: bool,
    pub undo: Vec<Undo>,
    /// Whether there is a journal.
    pub records: bool,
    /// What is done, as records of the journal, if there is one.
    pub redo: Vec<u8>,
    /// Sequences that have moved since they were last written to the journal, and whether it may be any. They do not
    /// go back with the transaction.
    pub moved: Vec<(TableId, usize)>,
    pub all_moved: bool,
    /// Whether a sequence was set, which is worth a commit of its own.
    pub set_sequence: bool,
    /// What the current statement still has to look after.
    pub pending: Pending,
}

impl Log {
    pub(super) fn begin(&mut self) -> Result<(), StoreError> {
        if self.open {
            return Err(StoreError::Transaction("a transaction is open; nest with a savepoint"));
        }
        self.open = true;
        Ok(())
    }

    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    pub(super) fn close(&mut self) -> Result<(), StoreError> {
        self.mark()?;
        self.open = false;
        self.set_sequence = false;
        self.undo.clear();
        self.redo.clear();
        // A large transaction should not leave its size behind.
        self.undo.shrink_to(1024);
        self.redo.shrink_to(1 << 16);
        Ok(())
    }

    pub(super) fn opened(&self) -> Result<(), StoreError> {
        if self.open { Ok(()) } else { Err(StoreError::Transaction("no transaction is open")) }
    }

    pub(super) fn is_sealed(&self) -> bool {
        self.sealed
    }

    pub(super) fn seal(&mut self, sealed: bool) {
        self.sealed = sealed;
    }

    /// Whether the transaction did nothing that the journal should keep.
    pub(super) fn is_idle(&self) -> bool {
        self.redo.is_empty() && !self.set_sequence
    }

    pub(super) fn mark(&self) -> Result<Mark, StoreError> {
        self.opened()?;
        if self.sealed {
            return Err(StoreError::Transaction("the transaction is being committed; wait for it"));
        }
        Ok(Mark { undo: self.undo.len(), redo: self.redo.len() })
    }
}

/// Where a statement began, and whether it is a transaction of its own.
pub(super) struct Started {
    mark: Mark,
    alone: bool,
}

impl Database {
    pub(super) fn start_statement(&mut self) -> Result<Started, StoreError> {
        let alone = !self.log.is_open();
        if alone {
            self.begin()?;
        }
        Ok(Started { mark: self.log.mark()?, alone })
    }

    pub(super) fn end_statement<T>(
        &mut self,
        started: Started,
        result: Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        match (&result, started.alone) {
            (Ok(_), false) => {}
            (Ok(_), true) => self.commit()?,
            (Err(_), false) => self.undo(started.mark),
            (Err(_), true) => self.rollback()?,
        }
        result
    }

    /// Ends the transaction: what it took out is gone for good.
    pub(super) fn end(&mut self) -> Result<(), StoreError> {
        self.log.mark()?;
        for step in &self.log.undo {
            if let Undo::Hidden(id, hidden) = step
                && let Some(table) = self.catalogue.table_mut(*id)
            {
                hidden.iter().for_each(|hidden| table.rows.release(hidden));
            }
        }
        self.log.close()
    }

    /// Takes back everything since the mark, the last first.
    pub(super) fn undo(&mut self, mark: Mark) {
        self.log.pending.clear();
        if mark == Mark::START {
            self.log.set_sequence = false;
        }
        while self.log.undo.len() > mark.undo {
            let Some(step) = self.log.undo.pop() else { break };
            self.undo_step(step);
        }
        self.log.redo.truncate(mark.redo);
    }

    fn undo_step(&mut self, step: Undo) {
        let all = |_: &Ordered| true;
        let id = match step {
            Undo::Insert(id, _)
            | Undo::Update(id, ..)
            | Undo::Delete(id, ..)
            | Undo::Change(id, ..)
            | Undo::Columns(id, _)
            | Undo::Chunks(id, _)
            | Undo::Hidden(id, _) => id,
            Undo::Define(mut catalogue) => {
                catalogue.keep_sequences(&self.catalogue);
                self.catalogue = *catalogue;
                self.version += 1;
                return;
            }
        };
        let Some(table) = self.catalogue.table_mut(id) else { return };
        match step {
            Undo::Insert(_, row) => {
                table.unlink(row, &all);
                table.rows.remove(row);
            }
            Undo::Update(_, id, before) => {
                if let Some(after) = table.rows.row(id) {
                    table.replace(id, &after, &before).ok();
                }
            }
            Undo::Delete(_, id, before) => {
                table.rows.put(id, &before);
                table.link(id, &all).ok();
            }
            Undo::Change(_, id, before) => table.set_back(id, &before),
            // Of a chunk that comes again the first is the one to be put back: what is undone last, stays.
            Undo::Columns(_, kept) => {
                kept.iter().rev().for_each(|columns| table.rows.put_back_columns(columns));
            }
            Undo::Chunks(_, chunks) => {
                for (number, chunk) in chunks.into_iter().rev() {
                    for id in table.rows.put_back(number, chunk) {
                        table.link(id, &all).ok();
                    }
                }
            }
            Undo::Hidden(_, hidden) => {
                for chunk in hidden.iter().rev() {
                    for id in table.rows.restore(chunk) {
                        table.link(id, &all).ok();
                    }
                }
            }
            Undo::Define(_) => {}
        }
    }
}
