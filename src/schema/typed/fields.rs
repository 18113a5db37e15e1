//! What structs are read from.

use crate::mistake::Mistake;
use crate::schema::{Record, Schema, Slot};
use crate::value::ValueRef;
use alloc::sync::Arc;

/// What a struct is read from: a record, or a row of a database that never becomes one. Fields have the positions of
/// [`Schema::fields`], and each is asked for once.
pub trait Fields {
    /// The schema.
    fn schema(&self) -> &Arc<Schema>;

    /// The value of a field.
    ///
    /// # Errors
    ///
    /// What is stored is none of the field's type.
    fn value(&mut self, position: usize) -> Result<ValueRef<'_>, Mistake>;

    /// What an association or embed holds.
    ///
    /// # Errors
    ///
    /// What is stored are no records of its schema.
    fn slot(&mut self, position: usize) -> Result<&Slot, Mistake>;

    /// Goes through the records of an association or embed, naming with each how many there are, and tells whether it has any place for them: an association
    /// that was not read has none.
    ///
    /// # Errors
    ///
    /// As [`Fields::slot`]; the first one of `each`.
    fn children(
        &mut self,
        position: usize,
        each: &mut dyn FnMut(usize, &mut dyn Fields) -> Result<(), Mistake>,
    ) -> Result<bool, Mistake> {
        let slot = self.slot(position)?;
        let records = slot.records();
        records.iter().try_for_each(|record| each(records.len(), &mut &**record))?;
        Ok(matches!(slot, Slot::One(_) | Slot::Many(_)))
    }

    /// All of it as a record.
    ///
    /// # Errors
    ///
    /// As the other two.
    fn to_record(&mut self) -> Result<Record, Mistake>;
}

impl Fields for &Record {
    fn schema(&self) -> &Arc<Schema> {
        Record::schema(self)
    }

    fn value(&mut self, position: usize) -> Result<ValueRef<'_>, Mistake> {
        Ok(ValueRef::Lent(Record::slot(self, position).value()))
    }

    fn slot(&mut self, position: usize) -> Result<&Slot, Mistake> {
        Ok(Record::slot(self, position))
    }

    fn to_record(&mut self) -> Result<Record, Mistake> {
        Ok(Record::clone(self))
    }
}
