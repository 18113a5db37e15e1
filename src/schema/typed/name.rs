//! Names of fields that the compiler knows.

use crate::schema::Record;
use crate::value::Str;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;

/// The name of a field of `T`. `#[derive(Schema)]` makes one for each field: `User::email`.
///
/// A misspelt name does not compile, nor does the name of a field of another schema.
pub struct FieldName<T> {
    name: &'static str,
    of: PhantomData<fn() -> T>,
}

impl<T> FieldName<T> {
    /// The name of a field. Derived schemas have them ready; a name made by hand is checked when it is used.
    pub const fn new(name: &'static str) -> Self {
        FieldName { name, of: PhantomData }
    }

    /// The name as text.
    pub const fn as_str(self) -> &'static str {
        self.name
    }
}

impl<T> Clone for FieldName<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for FieldName<T> {}

impl<T> fmt::Debug for FieldName<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl<T> From<FieldName<T>> for Str {
    fn from(name: FieldName<T>) -> Self {
        Str::Static(name.name)
    }
}

/// What names a field of `T`: a [`FieldName`], or text for a [`Record`], whose schema is only known at run time.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not name a field of `{T}`",
    label = "not a field of `{T}`",
    note = "`#[derive(Schema)]` gives the names as constants: `{T}::field`"
)]
pub trait Named<T> {
    /// The name.
    fn name(self) -> Str;
}

impl<T> Named<T> for FieldName<T> {
    fn name(self) -> Str {
        self.into()
    }
}

impl Named<Record> for &str {
    fn name(self) -> Str {
        Str::from(self)
    }
}

impl Named<Record> for String {
    fn name(self) -> Str {
        Str::from(self)
    }
}

impl Named<Record> for Str {
    fn name(self) -> Str {
        self
    }
}

/// One name of a field of `T`, or several: `User::email`, `[User::name, User::email]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not name fields of `{T}`",
    label = "not a field of `{T}`, nor a list of them",
    note = "`#[derive(Schema)]` gives the names as constants: `{T}::field`"
)]
pub trait Names<T> {
    /// The names.
    fn names(self) -> Vec<Str>;
}

impl<T> Names<T> for FieldName<T> {
    fn names(self) -> Vec<Str> {
        Vec::from([self.into()])
    }
}

impl Names<Record> for &str {
    fn names(self) -> Vec<Str> {
        Vec::from([Str::from(self)])
    }
}

impl<T, N: Named<T>, const COUNT: usize> Names<T> for [N; COUNT] {
    fn names(self) -> Vec<Str> {
        self.into_iter().map(Named::name).collect()
    }
}

impl<T, N: Named<T>> Names<T> for Vec<N> {
    fn names(self) -> Vec<Str> {
        self.into_iter().map(Named::name).collect()
    }
}

impl<T, N: Named<T> + Copy> Names<T> for &[N] {
    fn names(self) -> Vec<Str> {
        self.iter().map(|name| name.name()).collect()
    }
}
