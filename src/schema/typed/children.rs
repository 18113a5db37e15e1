//! Rust types of the fields that hold records of another schema.

use super::{Assoc, HasSchema};
use crate::mistake::Mistake;
use crate::schema::{Record, Slot};
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// What an [`Assoc`] can be of: a type with a schema, or a `Vec` of one.
#[diagnostic::on_unimplemented(
    message = "`Assoc<{Self}>` holds no records",
    label = "not a type with a schema, nor a `Vec` of one",
    note = "write `Assoc<Vec<Post>>` for many and `Assoc<Author>` for one, with `#[derive(Schema)]` on the type"
)]
pub trait Associated {
    /// The type of one record.
    type Related: HasSchema;
    /// What is there once it was read.
    type Loaded;
    /// As the slot of a record.
    fn to_slot(loaded: &Self::Loaded) -> Slot;
    /// The way back.
    ///
    /// # Errors
    ///
    /// As [`HasSchema::from_record`].
    fn from_slot(slot: &Slot) -> Result<Self::Loaded, Mistake>;
    /// What these are, once they were read.
    fn from_many(many: Vec<Self::Related>) -> Self::Loaded;
}

impl<T: HasSchema> Associated for T {
    type Related = T;
    type Loaded = Option<Box<T>>;

    fn to_slot(loaded: &Option<Box<T>>) -> Slot {
        one_to_slot(loaded.as_deref())
    }

    fn from_slot(slot: &Slot) -> Result<Option<Box<T>>, Mistake> {
        Ok(one_from_slot(slot)?.map(Box::new))
    }

    fn from_many(many: Vec<T>) -> Option<Box<T>> {
        many.into_iter().next().map(Box::new)
    }
}

impl<T: HasSchema> Associated for Vec<T> {
    type Related = T;
    type Loaded = Vec<T>;

    fn to_slot(loaded: &Vec<T>) -> Slot {
        many_to_slot(loaded)
    }

    fn from_slot(slot: &Slot) -> Result<Vec<T>, Mistake> {
        many_from_slot(slot)
    }

    fn from_many(many: Vec<T>) -> Vec<T> {
        many
    }
}

/// The type of a field that holds records of another schema: an [`Assoc`] for an association; an `Option<T>`, a `T`
/// or a `Vec<T>` for an embed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not hold records of a schema",
    label = "not the type of an association or embed",
    note = "an association is an `Assoc<Vec<Post>>` or `Assoc<Author>`, an embed an `Option<Address>`, `Address` or `Vec<Item>`, with `#[derive(Schema)]` on the type inside"
)]
pub trait Children: Sized {
    /// The type of one record.
    type Related: HasSchema;
    /// Whether there always is a record.
    const ALWAYS: bool = false;
    /// As the slot of a record.
    fn to_slot(&self) -> Slot;
    /// The way back.
    ///
    /// # Errors
    ///
    /// As [`HasSchema::from_record`].
    fn from_slot(slot: &Slot) -> Result<Self, Mistake>;
    /// What holds these.
    fn from_many(many: Vec<Self::Related>) -> Self;
}

impl<T: Associated> Children for Assoc<T> {
    type Related = T::Related;

    fn to_slot(&self) -> Slot {
        self.loaded().map_or(Slot::NotLoaded, T::to_slot)
    }

    fn from_slot(slot: &Slot) -> Result<Self, Mistake> {
        match slot {
            Slot::One(_) | Slot::Many(_) => T::from_slot(slot).map(Assoc::Loaded),
            _ => Ok(Assoc::NotLoaded),
        }
    }

    fn from_many(many: Vec<T::Related>) -> Self {
        Assoc::Loaded(T::from_many(many))
    }
}

impl<T: HasSchema> Children for Option<T> {
    type Related = T;

    fn to_slot(&self) -> Slot {
        one_to_slot(self.as_ref())
    }

    fn from_slot(slot: &Slot) -> Result<Self, Mistake> {
        one_from_slot(slot)
    }

    fn from_many(many: Vec<T>) -> Self {
        many.into_iter().next()
    }
}

impl<T: HasSchema> Children for T {
    type Related = T;
    const ALWAYS: bool = true;

    fn to_slot(&self) -> Slot {
        one_to_slot(Some(self))
    }

    fn from_slot(slot: &Slot) -> Result<Self, Mistake> {
        Ok(one_from_slot(slot)?.unwrap_or_default())
    }

    fn from_many(many: Vec<T>) -> Self {
        many.into_iter().next().unwrap_or_default()
    }
}

impl<T: HasSchema> Children for Vec<T> {
    type Related = T;

    fn to_slot(&self) -> Slot {
        many_to_slot(self)
    }

    fn from_slot(slot: &Slot) -> Result<Self, Mistake> {
        many_from_slot(slot)
    }

    fn from_many(many: Vec<T>) -> Self {
        many
    }
}

macro_rules! kinds {
    ($($(#[$attribute:meta])* $kind:ident: $($rust:ty),+;)*) => {
        $($(#[$attribute])* pub trait $kind: Children {}
        $(impl<T: HasSchema> $kind for $rust {})+)*
    };
}

kinds! {
    /// The type of a `#[has_one]` or `#[belongs_to]`.
    #[diagnostic::on_unimplemented(message = "`#[has_one]` and `#[belongs_to]` are for `Assoc<Author>`, not `{Self}`")]
    AssocOne: Assoc<T>;
    /// The type of a `#[has_many]` or `#[many_to_many]`.
    #[diagnostic::on_unimplemented(message = "`#[has_many]` and `#[many_to_many]` are for `Assoc<Vec<Post>>`, not `{Self}`")]
    AssocMany: Assoc<Vec<T>>;
    /// The type of an `#[embeds_one]`.
    #[diagnostic::on_unimplemented(message = "`#[embeds_one]` is for `Option<Address>` or `Address`, not `{Self}`")]
    EmbedOne: Option<T>, T;
    /// The type of an `#[embeds_many]`.
    #[diagnostic::on_unimplemented(message = "`#[embeds_many]` is for `Vec<Item>`, not `{Self}`")]
    EmbedMany: Vec<T>;
}

fn one_to_slot<T: HasSchema>(one: Option<&T>) -> Slot {
    Slot::One(one.map(|child| Arc::new(child.to_record())))
}

fn one_from_slot<T: HasSchema>(slot: &Slot) -> Result<Option<T>, Mistake> {
    slot.records().first().map(|record| T::from_record(record)).transpose()
}

fn many_to_slot<T: HasSchema>(many: &[T]) -> Slot {
    Slot::Many(many.iter().map(|child| Arc::new(child.to_record())).collect())
}

fn many_from_slot<T: HasSchema>(slot: &Slot) -> Result<Vec<T>, Mistake> {
    slot.records().iter().map(|record: &Arc<Record>| T::from_record(record)).collect()
}
