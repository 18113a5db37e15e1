//! [`Assoc`]: records of another table, which may not have been read.

use super::{Associated, HasSchema};
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

/// An association of a Rust type: `Assoc<Vec<Post>>` for many, `Assoc<Author>` for one.
///
/// It says whether the records were read at all, so that nobody takes "not loaded" for "none".
///
/// ```
/// use ectomorph::schema::Assoc;
/// # #[cfg(feature = "derive")] {
/// # use ectomorph::Schema;
/// #[derive(Schema, Debug, PartialEq)]
/// #[schema(source = "comments")]
/// struct Comment {
///     id: Option<i64>,
///     body: String,
/// }
///
/// let unread: Assoc<Vec<Comment>> = Assoc::NotLoaded;
/// assert_eq!(unread.loaded(), None);
/// let read = Assoc::from(vec![Comment::default()]);
/// assert_eq!(read.loaded().map(Vec::len), Some(1));
/// let none: Assoc<Comment> = Assoc::from(None);
/// assert_eq!(none.loaded(), Some(&None));
/// # }
/// ```
#[derive(Default)]
pub enum Assoc<T: Associated> {
    /// It was not read.
    #[default]
    NotLoaded,
    /// It was read: a `Vec<Post>` of many, an `Option<Box<Author>>` of one.
    Loaded(T::Loaded),
}

impl<T: Associated> Assoc<T> {
    /// What was read; `None` if it was not.
    pub fn loaded(&self) -> Option<&T::Loaded> {
        match self {
            Assoc::NotLoaded => None,
            Assoc::Loaded(loaded) => Some(loaded),
        }
    }

    /// What was read, to keep; `None` if it was not.
    pub fn into_loaded(self) -> Option<T::Loaded> {
        match self {
            Assoc::NotLoaded => None,
            Assoc::Loaded(loaded) => Some(loaded),
        }
    }

    /// Whether it was read.
    pub fn is_loaded(&self) -> bool {
        matches!(self, Assoc::Loaded(_))
    }
}

impl<T: HasSchema> From<Vec<T>> for Assoc<Vec<T>> {
    fn from(many: Vec<T>) -> Self {
        Assoc::Loaded(many)
    }
}

impl<T: HasSchema> From<T> for Assoc<T> {
    fn from(one: T) -> Self {
        Assoc::Loaded(Some(Box::new(one)))
    }
}

impl<T: HasSchema> From<Option<T>> for Assoc<T> {
    fn from(one: Option<T>) -> Self {
        Assoc::Loaded(one.map(Box::new))
    }
}

impl<T: Associated<Loaded: Clone>> Clone for Assoc<T> {
    fn clone(&self) -> Self {
        match self {
            Assoc::NotLoaded => Assoc::NotLoaded,
            Assoc::Loaded(loaded) => Assoc::Loaded(loaded.clone()),
        }
    }
}

impl<T: Associated<Loaded: PartialEq>> PartialEq for Assoc<T> {
    fn eq(&self, other: &Self) -> bool {
        self.loaded() == other.loaded()
    }
}

impl<T: Associated<Loaded: fmt::Debug>> fmt::Debug for Assoc<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Assoc::NotLoaded => f.write_str("NotLoaded"),
            Assoc::Loaded(loaded) => loaded.fmt(f),
        }
    }
}
