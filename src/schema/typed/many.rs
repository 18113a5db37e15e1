//! Lists of structs whose type only the program knows: what preloads read, and put into one another.

use super::{Fields, HasSchema};
use crate::mistake::Mistake;
use crate::schema::Schema;
use crate::value::Value;
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::any::Any;

/// A list of structs of one schema.
pub trait Many: Any + Send {
    /// Their schema.
    fn schema(&self) -> Arc<Schema>;

    /// How many there are.
    fn count(&self) -> usize;

    /// Reads one more.
    ///
    /// # Errors
    ///
    /// As [`HasSchema::read`].
    fn read(&mut self, fields: &mut dyn Fields) -> Result<(), Mistake>;

    /// The value that one of them has in the field at a position.
    fn value(&self, at: usize, position: usize) -> Value;

    /// An empty list for the records of the association at a position, if they can be put there.
    fn related(&self, position: usize) -> Option<Box<dyn Many>>;

    /// Puts into the association of each those of the children that `of` has for it.
    ///
    /// # Errors
    ///
    /// The children are of another type.
    fn fill(&mut self, position: usize, children: Box<dyn Many>, of: &[&[usize]]) -> Result<(), Mistake>;

    /// Its structs, to be taken out: each as often as `of` names it.
    fn into_pool(self: Box<Self>, of: &[&[usize]]) -> Box<dyn Any>;
}

/// Structs to be taken out.
#[cfg_attr(
    not(feature = "derive"),
    expect(dead_code, reason = "derived structs alone have associations that are filled")
)]
pub struct Pool<T> {
    /// Each with how often it is still wanted.
    structs: Vec<(Option<T>, usize)>,
}

#[cfg(feature = "derive")]
impl<T: HasSchema> Pool<T> {
    /// Takes one; those that are wanted again are copied, by way of their record.
    fn take(&mut self, at: usize) -> Result<Option<T>, Mistake> {
        let Some((one, wanted)) = self.structs.get_mut(at) else { return Ok(None) };
        *wanted -= 1;
        match (&one, *wanted) {
            (Some(one), 1..) => T::from_record(&one.to_record()).map(Some),
            _ => Ok(one.take()),
        }
    }

    /// Takes several out of a pool.
    pub(super) fn take_all(pool: &mut dyn Any, of: &[usize]) -> Result<Vec<T>, Mistake> {
        let Some(pool) = pool.downcast_mut::<Pool<T>>() else {
            return Err(Mistake::new("the children of an association are of another type"));
        };
        let mut taken = Vec::with_capacity(of.len());
        for at in of {
            taken.extend(pool.take(*at)?);
        }
        Ok(taken)
    }
}

impl<T: HasSchema> Many for Vec<T> {
    fn schema(&self) -> Arc<Schema> {
        T::schema()
    }

    fn count(&self) -> usize {
        self.len()
    }

    fn read(&mut self, fields: &mut dyn Fields) -> Result<(), Mistake> {
        self.push(T::read(fields)?);
        Ok(())
    }

    fn value(&self, at: usize, position: usize) -> Value {
        self[at].value_at(position)
    }

    fn related(&self, position: usize) -> Option<Box<dyn Many>> {
        T::related(position)
    }

    fn fill(&mut self, position: usize, children: Box<dyn Many>, of: &[&[usize]]) -> Result<(), Mistake> {
        let mut pool = children.into_pool(of);
        for (one, of) in self.iter_mut().zip(of) {
            one.fill(position, &mut *pool, of)?;
        }
        Ok(())
    }

    fn into_pool(self: Box<Self>, of: &[&[usize]]) -> Box<dyn Any> {
        let mut structs: Vec<(Option<T>, usize)> = self.into_iter().map(|one| (Some(one), 0)).collect();
        for at in of.iter().copied().flatten() {
            structs[*at].1 += 1;
        }
        Box::new(Pool { structs })
    }
}
