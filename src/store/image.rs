//! All tables as blocks of bytes, made one by one: what is in snapshots and in files that are exported.
//!
//! A block is a byte that says what it is, and what follows from that, in the notation of `codec`:
//!
//! | byte | block | then |
//! |---|---|---|
//! | 1 | the tables; the first block | number of tables that there ever were; list of: table, definition, list of sequences (signed), one more than the highest row number |
//! | 2 | rows of a table, in the order of their numbers | table, row number of the first; rows, each but the first after the distance to it from the row before |
//! | 3 | the end; the last block | number of rows |
//! | 4 | rows of a table, by columns (since version 2) | table; chunks, each after its number, in the order of these: see `packed` |
//!
//! In a file rows are numbered anew, without gaps.

use super::chunk::{Chunk, STRETCH};
use super::codec::{Coded, Malformed, Reader, push_number, push_signed};
use super::database::Catalogue;
use super::definition::Definition;
use super::error::StoreError;
use super::journal::{self, JournalError};
use super::records::{push_row, read_row};
use super::slab::{RowId, Slab};
use super::table::{Grown, Plan, Table, TableId};
use crate::value::Value;
use std::sync::Arc;

/// About how many bytes a block has: what is written at once, while others wait.
const BLOCK: usize = 1 << 16;

/// How many tables there may ever be.
pub(super) const MAX_TABLES: usize = 1 << 16;

/// All tables as they were at one time, on their way into blocks.
pub(super) struct Image {
    /// How many tables there ever were.
    ever: usize,
    tables: Vec<Frozen>,
    stage: Stage,
}

struct Frozen {
    id: TableId,
    definition: Arc<Definition>,
    sequences: Vec<i64>,
    rows: Slab,
}

enum Stage {
    Tables,
    /// Rows of a table, from a number on.
    Rows {
        table: usize,
        from: u32,
    },
    End,
    Done,
}

impl Image {
    /// What is in the tables now. It shares the rows, so this takes little time; `dense` copies all of them, numbered anew
    /// without gaps.
    pub(super) fn new(catalogue: &Catalogue, dense: bool) -> Image {
        let frozen = |table: &Table| Frozen {
            id: table.id,
            definition: table.definition.clone(),
            sequences: table.sequences.clone(),
            rows: if dense { table.rows.dense() } else { table.rows.clone() },
        };
        Image {
            ever: catalogue.tables.len(),
            tables: catalogue.tables.iter().flatten().map(frozen).collect(),
            stage: Stage::Tables,
        }
    }

    /// The next block; none after the last.
    pub(super) fn next_block(&mut self) -> Option<Vec<u8>> {
        match self.stage {
            Stage::Tables => {
                self.stage = Stage::Rows { table: 0, from: 0 };
                Some(self.table_block())
            }
            Stage::Rows { table, from } => match self.tables.get(table) {
                Some(frozen) => {
                    let (block, next) = frozen.row_block(from);
                    self.stage = match next {
                        Some(from) => Stage::Rows { table, from },
                        None => Stage::Rows { table: table + 1, from: 0 },
                    };
                    block.or_else(|| self.next_block())
                }
                None => {
                    self.stage = Stage::End;
                    self.next_block()
                }
            },
            Stage::End => {
                self.stage = Stage::Done;
                let mut block = vec![3];
                push_number(&mut block, self.tables.iter().map(|table| table.rows.len() as u64).sum());
                Some(block)
            }
            Stage::Done => None,
        }
    }

    fn table_block(&self) -> Vec<u8> {
        let mut block = vec![1];
        push_number(&mut block, self.ever as u64);
        push_number(&mut block, self.tables.len() as u64);
        for Frozen { id, definition, sequences, rows } in &self.tables {
            push_number(&mut block, id.0.into());
            definition.write(&mut block);
            push_number(&mut block, sequences.len() as u64);
            sequences.iter().for_each(|next| push_signed(&mut block, *next));
            push_number(&mut block, rows.end().into());
        }
        block
    }
}

impl Frozen {
    /// Rows from a number on, if there are any; the number to go on with, if there may be more. A block has rows by columns
    /// or one by one, as they are packed.
    fn row_block(&self, from: u32) -> (Option<Vec<u8>>, Option<u32>) {
        let mut stretches = self.rows.stretches().skip(from as usize / STRETCH);
        let mut stretches = stretches.by_ref().filter(|stretch| stretch.places().next().is_some()).peekable();
        let Some(first) = stretches.peek().copied() else { return (None, None) };
        let whole = from <= first.first.0 && first.chunk.is_packed();
        let mut block = vec![if whole { 4 } else { 2 }];
        push_number(&mut block, self.id.0.into());
        if whole {
            for stretch in stretches {
                if block.len() >= BLOCK || !stretch.chunk.is_packed() {
                    return (Some(block), Some(stretch.first.0));
                }
                push_number(&mut block, u64::from(stretch.first.0) / STRETCH as u64);
                stretch.chunk.write(&mut block);
            }
            return (Some(block), None);
        }
        let mut before = None;
        for id in first.places().map(|place| first.id(place)).filter(|id| id.0 >= from) {
            let Some(row) = self.rows.row(id) else { continue };
            if block.len() >= BLOCK {
                return (Some(block), Some(id.0));
            }
            push_number(&mut block, (id.0 - before.unwrap_or(0)).into());
            push_row(&mut block, &row);
            before = Some(id.0);
        }
        (before.map(|_| block), first.first.0.checked_add(STRETCH as u32))
    }
}

/// Blocks on their way into tables.
#[derive(Default)]
pub(super) struct Loading {
    pub catalogue: Catalogue,
    rows: u64,
    begun: bool,
    ended: bool,
    /// Whether rows must be without gaps: a few bytes must not ask for much memory.
    dense: bool,
}

impl Loading {
    /// Nothing yet. No index is kept.
    pub(super) fn new(dense: bool) -> Loading {
        let catalogue = Catalogue { dormant: true, ..Catalogue::default() };
        Loading { catalogue, dense, ..Loading::default() }
    }

    pub(super) fn take(&mut self, block: &[u8]) -> Result<(), String> {
        let mut from = Reader::new(block);
        let taken = match (from.byte(), self.ended) {
            (Ok(1), false) if !self.begun => self.take_tables(&mut from),
            (Ok(2), false) if self.begun => self.take_rows(&mut from),
            (Ok(3), false) if self.begun => self.take_end(&mut from),
            (Ok(4), false) if self.begun => self.take_chunks(&mut from),
            _ => Err(Malformed("a block")),
        };
        let taken = taken.and_then(|()| if from.is_done() { Ok(()) } else { Err(Malformed("nothing more")) });
        taken.map_err(|error| error.to_string())?;
        if self.ended {
            self.catalogue.resolve(None).map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    /// Whether there was nothing, or everything.
    pub(super) fn is_whole(&self) -> bool {
        self.ended || !self.begun
    }

    fn take_tables(&mut self, from: &mut Reader<'_>) -> Result<(), Malformed> {
        self.begun = true;
        let ever = from.small()? as usize;
        if ever > MAX_TABLES {
            return Err(Malformed("fewer tables"));
        }
        self.catalogue.tables.resize_with(ever, || None);
        for _ in 0..from.count()? {
            let id = TableId(from.small()?);
            let definition = Definition::read(from)?;
            let sequences = (0..from.count()?).map(|_| from.signed()).collect::<Result<Vec<_>, _>>()?;
            let end = from.small()?;
            let place = self.catalogue.tables.get_mut(id.0 as usize);
            let place = place.filter(|place| place.is_none()).ok_or(Malformed("a table of its own"))?;
            if sequences.len() != definition.columns.len() {
                return Err(Malformed("as many sequences as columns"));
            }
            if self.catalogue.names.insert(definition.name.clone(), id).is_some() {
                return Err(Malformed("tables with names of their own"));
            }
            let rows = if self.dense { Slab::default() } else { Slab::of_end(end) };
            *place = Some(Table {
                id,
                definition: Arc::new(definition),
                plan: Arc::new(Plan::default()),
                rows,
                trees: Grown::default(),
                sequences,
            });
        }
        Ok(())
    }

    fn take_rows(&mut self, from: &mut Reader<'_>) -> Result<(), Malformed> {
        let id = TableId(from.small()?);
        let table = self.catalogue.table_mut(id).ok_or(Malformed("a table that is there"))?;
        let mut at = 0_u32;
        let mut first = true;
        while !from.is_done() {
            let distance = from.small()?;
            at = at.checked_add(distance).ok_or(Malformed("a row number"))?;
            let ordered = first || distance > 0;
            let fits = if self.dense { at == table.rows.end() } else { at < table.rows.end() };
            if !fits || !ordered || table.rows.has(RowId(at)) {
                return Err(Malformed("rows in the order of their numbers"));
            }
            let row = read_row(from, table)?;
            table.rows.put(RowId(at), &row);
            self.rows += 1;
            first = false;
        }
        Ok(())
    }

    fn take_chunks(&mut self, from: &mut Reader<'_>) -> Result<(), Malformed> {
        let id = TableId(from.small()?);
        let table = self.catalogue.table_mut(id).ok_or(Malformed("a table that is there"))?;
        let width = table.definition.columns.len();
        while !from.is_done() {
            let number = from.small()?;
            let chunk = Chunk::read(from, width)?;
            self.rows += chunk.present.count() as u64;
            if !table.rows.load(number, chunk, self.dense) {
                return Err(Malformed("rows in the order of their numbers"));
            }
        }
        Ok(())
    }

    fn take_end(&mut self, from: &mut Reader<'_>) -> Result<(), Malformed> {
        if from.number()? != self.rows {
            return Err(Malformed("as many rows as there were"));
        }
        self.ended = true;
        self.catalogue.tables.iter_mut().flatten().for_each(|table| table.rows.settle());
        Ok(())
    }
}

/// A file with everything in it.
pub(super) fn write_file(catalogue: &Catalogue) -> Vec<u8> {
    let mut image = Image::new(catalogue, true);
    let mut file = journal::file_head();
    let mut index = 0;
    while let Some(block) = image.next_block() {
        file.extend_from_slice(&journal::file_block(index, &block));
        index += 1;
    }
    file
}

/// What is in a file. No index is kept, and no constraint is looked at.
pub(super) fn read_file(file: &[u8]) -> Result<Catalogue, JournalError> {
    let mut loading = Loading::new(true);
    journal::read_file(file, &mut |block| loading.take(block))?;
    if !loading.ended {
        return Err(JournalError::corrupt(None, file.len(), "blocks are missing"));
    }
    Ok(loading.catalogue)
}

impl Catalogue {
    /// Looks at every row as if it were inserted: kinds, not-null, checks, foreign keys. Keys were looked at when trees were
    /// made.
    pub(super) fn verify(&mut self) -> Result<(), StoreError> {
        for table in self.tables.iter_mut().flatten() {
            for (position, column) in table.definition.columns.iter().enumerate() {
                for id in table.rows.ids() {
                    let value = table.rows.cell(id, position).to_value();
                    let admitted = column.kind.admit(value.clone());
                    let admitted = admitted.map_err(|(kind, words)| table.misfit(position, kind, words))?;
                    // What is no number is not even identical to itself.
                    let same = admitted.is_identical(&value)
                        || matches!((&admitted, &value), (Value::Float(_), Value::Float(_)));
                    if !same {
                        let words = "the value is not in the form of the column".into();
                        return Err(table.misfit(position, super::error::MisfitKind::Type, words));
                    }
                }
            }
            for (_, row) in table.rows.iter() {
                table.check(&row)?;
            }
        }
        for table in self.tables.iter().flatten() {
            for at in 0..table.plan.foreign.len() {
                if table.rows.iter().any(|(_, row)| !self.is_founded(table, at, &row)) {
                    let key = &table.definition.foreign_keys[at];
                    let name = &table.definition.name.name;
                    let kind = super::error::ViolationKind::ForeignKey;
                    return Err(StoreError::broken(kind, &key.name, name, &key.columns));
                }
            }
        }
        Ok(())
    }
}
