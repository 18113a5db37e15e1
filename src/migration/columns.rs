//! What a block of `create` or `alter` holds.

use super::{Change, Column, ColumnDefault, ColumnOptions, ColumnType, Defaults, column};
use crate::value::Str;

/// The columns of a table that is created; `t` in the examples.
pub struct Columns<'a> {
    defaults: &'a Defaults,
    pub(super) columns: Vec<Column>,
}

/// The changes of a table that is altered; `t` in the examples.
pub struct Changes<'a> {
    defaults: &'a Defaults,
    pub(super) changes: Vec<Change>,
}

impl<'a> Columns<'a> {
    pub(super) fn new(defaults: &'a Defaults) -> Self {
        Columns { defaults, columns: Vec::new() }
    }

    /// Adds a column: a type, or a [`column`] with options.
    pub fn add(mut self, name: impl Into<Str>, column: impl Into<Column>) -> Self {
        self.columns.push(column.into().named(name));
        self
    }

    /// Adds `inserted_at` and `updated_at`, never null.
    pub fn timestamps(self) -> Self {
        self.timestamps_with(Timestamps::new())
    }

    /// Adds the times of a row, as told.
    pub fn timestamps_with(mut self, timestamps: Timestamps) -> Self {
        self.columns.extend(timestamps.columns(self.defaults));
        self
    }
}

impl<'a> Changes<'a> {
    pub(super) fn new(defaults: &'a Defaults) -> Self {
        Changes { defaults, changes: Vec::new() }
    }

    /// Adds a column: a type, or a [`column`] with options.
    pub fn add(mut self, name: impl Into<Str>, column: impl Into<Column>) -> Self {
        self.changes.push(Change::Add { column: column.into().named(name), if_not_exists: false });
        self
    }

    /// Adds a column unless there is one of its name. Can't be reversed.
    pub fn add_if_not_exists(mut self, name: impl Into<Str>, column: impl Into<Column>) -> Self {
        self.changes.push(Change::Add { column: column.into().named(name), if_not_exists: true });
        self
    }

    /// Gives a column another type, default or nullability. Can be reversed when the column says what it was
    /// ([`Column::from`]).
    pub fn modify(mut self, name: impl Into<Str>, column: impl Into<Column>) -> Self {
        self.changes.push(Change::Modify(column.into().named(name)));
        self
    }

    /// Drops a column. Can't be reversed; use [`remove_typed`](Changes::remove_typed).
    pub fn remove(mut self, name: impl Into<Str>) -> Self {
        let options = ColumnOptions::default();
        self.changes.push(Change::Remove { name: name.into(), column_type: None, options });
        self
    }

    /// Drops a column of which it says how it is added again.
    pub fn remove_typed(mut self, name: impl Into<Str>, column: impl Into<Column>) -> Self {
        let Column { column_type, options, .. } = column.into();
        self.changes.push(Change::Remove { name: name.into(), column_type: Some(column_type), options });
        self
    }

    /// Drops a column if there is one. Can't be reversed.
    pub fn remove_if_exists(mut self, name: impl Into<Str>) -> Self {
        self.changes.push(Change::RemoveIfExists { name: name.into(), column_type: None });
        self
    }

    /// Drops a column if there is one, with the foreign key its type is. Can't be reversed.
    pub fn remove_if_exists_typed(
        mut self,
        name: impl Into<Str>,
        column_type: impl Into<ColumnType>,
    ) -> Self {
        let column_type = Some(column_type.into());
        self.changes.push(Change::RemoveIfExists { name: name.into(), column_type });
        self
    }

    /// Adds `inserted_at` and `updated_at`, never null.
    pub fn timestamps(self) -> Self {
        self.timestamps_with(Timestamps::new())
    }

    /// Adds the times of a row, as told.
    pub fn timestamps_with(mut self, timestamps: Timestamps) -> Self {
        let columns = timestamps.columns(self.defaults);
        self.changes.extend(columns.map(|column| Change::Add { column, if_not_exists: false }));
        self
    }
}

/// How the times of a row are kept.
///
/// ```
/// use ectomorph::migration::Timestamps;
/// let created = Timestamps::new().inserted_at("created_at").without_updated_at().of_type("utc_datetime_usec");
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timestamps {
    inserted_at: Option<Option<Str>>,
    updated_at: Option<Option<Str>>,
    column_type: Option<ColumnType>,
    options: ColumnOptions,
}

impl Timestamps {
    /// `inserted_at` and `updated_at`, never null, of type `naive_datetime`, unless the migrator was told otherwise.
    pub fn new() -> Timestamps {
        <Timestamps as Default>::default()
    }

    /// Renames `inserted_at`.
    pub fn inserted_at(mut self, name: impl Into<Str>) -> Timestamps {
        self.inserted_at = Some(Some(name.into()));
        self
    }

    /// Renames `updated_at`.
    pub fn updated_at(mut self, name: impl Into<Str>) -> Timestamps {
        self.updated_at = Some(Some(name.into()));
        self
    }

    /// Leaves out `inserted_at`.
    pub fn without_inserted_at(mut self) -> Timestamps {
        self.inserted_at = Some(None);
        self
    }

    /// Leaves out `updated_at`.
    pub fn without_updated_at(mut self) -> Timestamps {
        self.updated_at = Some(None);
        self
    }

    /// Sets the type of both.
    pub fn of_type(mut self, column_type: impl Into<ColumnType>) -> Timestamps {
        self.column_type = Some(column_type.into());
        self
    }

    /// Says whether they may be null.
    pub fn null(mut self, null: bool) -> Timestamps {
        self.options.null = Some(null);
        self
    }

    /// Sets the value of rows that give none.
    pub fn default(mut self, default: impl Into<ColumnDefault>) -> Timestamps {
        self.options.default = Some(default.into());
        self
    }

    /// Sets the type and all options of both.
    pub fn like(mut self, column: impl Into<Column>) -> Timestamps {
        let column = column.into();
        self.column_type = Some(column.column_type);
        self.options = column.options;
        self
    }

    fn columns(self, defaults: &Defaults) -> impl Iterator<Item = Column> {
        let general = &defaults.timestamps;
        let column_type = self.column_type.or_else(|| general.column_type.clone());
        let mut both = column(column_type.unwrap_or(ColumnType::Named(Str::Static("naive_datetime"))));
        both.options = self.options;
        let options = &mut both.options;
        options.null = options.null.or(general.options.null).or(Some(false));
        options.default = options.default.take().or_else(|| general.options.default.clone());
        options.precision = options.precision.or(general.options.precision);
        let name = |own: Option<Option<Str>>, general: &Option<Option<Str>>, plain: &'static str| {
            own.or_else(|| general.clone()).unwrap_or(Some(Str::Static(plain)))
        };
        let inserted_at = name(self.inserted_at, &general.inserted_at, "inserted_at");
        let updated_at = name(self.updated_at, &general.updated_at, "updated_at");
        [inserted_at, updated_at].into_iter().flatten().map(move |name| both.clone().named(name))
    }
}
