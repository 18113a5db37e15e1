//! Columns: their types and options.

use super::{Condition, Reference};
use crate::types::Type;
use crate::value::{Str, Value};

/// A column of a table. Made by [`column`].
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name.
    pub name: Str,
    /// Its type.
    pub column_type: ColumnType,
    /// What else is said of it.
    pub options: ColumnOptions,
}

/// The type of a column.
///
/// Made of a name (`"string"`), a type of a schema, or [`references`](super::references). The names of Ecto mean on
/// every database what is closest to them; any other name is handed to the database as it is.
#[derive(Clone, Debug, PartialEq)]
pub enum ColumnType {
    /// A type with a name.
    Named(Str),
    /// A list of one type.
    Array(Box<ColumnType>),
    /// A map whose values have one type.
    Map(Box<ColumnType>),
    /// The type of the key of another table, and a foreign key to it.
    References(Box<Reference>),
}

/// What else is said of a column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ColumnOptions {
    /// Whether it is (part of) the key.
    pub primary_key: bool,
    /// The value of rows that give none.
    pub default: Option<ColumnDefault>,
    /// Whether it may be null. Unsaid, it may.
    pub null: Option<bool>,
    /// How long a text may be.
    pub size: Option<Size>,
    /// Digits of a decimal, or of the fraction of a second.
    pub precision: Option<u32>,
    /// Digits after the point of a decimal; needs a precision.
    pub scale: Option<u32>,
    /// A comment the database keeps.
    pub comment: Option<Str>,
    /// The order of its texts.
    pub collation: Option<Str>,
    /// The column it comes after, for MySQL.
    pub after: Option<Str>,
    /// The expression it is computed by, in the words of the database: `ALWAYS AS (a + b) STORED`.
    pub generated: Option<Str>,
    /// Where an identity starts.
    pub start_value: Option<i64>,
    /// The step of an identity.
    pub increment: Option<i64>,
    /// The fields of an interval.
    pub fields: Option<Str>,
    /// A check of this column, for SQLite and for the store.
    pub check: Option<Check>,
    /// What a modified column was before.
    pub from: Option<Box<Before>>,
}

/// The value a column has when a row gives none.
#[derive(Clone, Debug, PartialEq)]
pub enum ColumnDefault {
    /// A value.
    Value(Value),
    /// An expression, in the words of the database.
    Fragment(Str),
}

/// How long a text may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// So many characters.
    Of(u32),
    /// As many as there can be, on MSSQL.
    Max,
}

/// A check of one column.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// The name of the constraint.
    pub name: Str,
    /// What must hold.
    pub expr: Condition,
}

/// What a modified column was before.
#[derive(Clone, Debug, PartialEq)]
pub struct Before {
    /// Its type.
    pub column_type: ColumnType,
    /// Its options; those of the new column if unsaid.
    pub options: Option<ColumnOptions>,
}

/// The type and options of a column that is added or modified.
///
/// ```
/// use ectomorph::migration::column;
/// let price = column("decimal").precision(10).scale(2).null(false).default(0);
/// assert_eq!((price.options.precision, price.options.null), (Some(10), Some(false)));
/// ```
pub fn column(column_type: impl Into<ColumnType>) -> Column {
    Column { name: Str::default(), column_type: column_type.into(), options: ColumnOptions::default() }
}

/// The type of a list.
pub fn array(of: impl Into<ColumnType>) -> ColumnType {
    ColumnType::Array(Box::new(of.into()))
}

/// The type of a map whose values have one type.
pub fn map(of: impl Into<ColumnType>) -> ColumnType {
    ColumnType::Map(Box::new(of.into()))
}

/// A default, or a term of an index, in the words of the database.
///
/// ```
/// use ectomorph::migration::{column, fragment};
/// let inserted_at = column("utc_datetime").default(fragment("now()"));
/// ```
pub fn fragment(expr: impl Into<Str>) -> Fragment {
    Fragment(expr.into())
}

/// Text in the words of the database. Made by [`fragment`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragment(pub Str);

impl From<Fragment> for ColumnDefault {
    fn from(fragment: Fragment) -> ColumnDefault {
        ColumnDefault::Fragment(fragment.0)
    }
}

impl<T: Into<ColumnType>> From<T> for Column {
    fn from(column_type: T) -> Column {
        column(column_type)
    }
}

impl Column {
    /// The column with a name.
    pub fn named(mut self, name: impl Into<Str>) -> Column {
        self.name = name.into();
        self
    }

    /// Makes it (part of) the key.
    pub fn primary_key(mut self) -> Column {
        self.options.primary_key = true;
        self
    }

    /// Sets the value of rows that give none: a value or a [`fragment`].
    pub fn default(mut self, default: impl Into<ColumnDefault>) -> Column {
        self.options.default = Some(default.into());
        self
    }

    /// Says whether it may be null.
    pub fn null(mut self, null: bool) -> Column {
        self.options.null = Some(null);
        self
    }

    /// Limits the length of a text.
    pub fn size(mut self, size: u32) -> Column {
        self.options.size = Some(Size::Of(size));
        self
    }

    /// Sets the digits of a decimal, or of the fraction of a second.
    pub fn precision(mut self, precision: u32) -> Column {
        self.options.precision = Some(precision);
        self
    }

    /// Sets the digits after the point of a decimal.
    pub fn scale(mut self, scale: u32) -> Column {
        self.options.scale = Some(scale);
        self
    }

    /// Leaves a comment in the database.
    pub fn comment(mut self, comment: impl Into<Str>) -> Column {
        self.options.comment = Some(comment.into());
        self
    }

    /// Sets the order of its texts.
    pub fn collation(mut self, collation: impl Into<Str>) -> Column {
        self.options.collation = Some(collation.into());
        self
    }

    /// Puts it after another column, on MySQL.
    pub fn after(mut self, column: impl Into<Str>) -> Column {
        self.options.after = Some(column.into());
        self
    }

    /// Lets the database compute it.
    pub fn generated(mut self, expr: impl Into<Str>) -> Column {
        self.options.generated = Some(expr.into());
        self
    }

    /// Says what a modified column was before, so that the change can be reversed.
    pub fn from(mut self, before: impl Into<Column>) -> Column {
        let before = before.into();
        let options = (before.options != ColumnOptions::default()).then_some(before.options);
        self.options.from = Some(Box::new(Before { column_type: before.column_type, options }));
        self
    }

    /// Adds a check of this column.
    pub fn check(mut self, name: impl Into<Str>, expr: impl Into<Condition>) -> Column {
        self.options.check = Some(Check { name: name.into(), expr: expr.into() });
        self
    }
}

impl ColumnType {
    /// The name, if it has one.
    pub fn name(&self) -> Option<&str> {
        match self {
            ColumnType::Named(name) => Some(name),
            _ => None,
        }
    }
}

impl From<&str> for ColumnType {
    fn from(name: &str) -> ColumnType {
        ColumnType::Named(name.into())
    }
}

impl From<Str> for ColumnType {
    fn from(name: Str) -> ColumnType {
        ColumnType::Named(name)
    }
}

impl From<Reference> for ColumnType {
    fn from(reference: Reference) -> ColumnType {
        ColumnType::References(Box::new(reference))
    }
}

/// The type of the column a field of this type is kept in: texts for enums, what a custom type dumps.
impl From<&Type> for ColumnType {
    fn from(field: &Type) -> ColumnType {
        let name = match field {
            Type::Id => "bigint",
            Type::BinaryId => "binary_id",
            Type::Integer => "integer",
            Type::Float => "float",
            Type::Boolean => "boolean",
            Type::Binary => "binary",
            Type::Map | Type::Any => "map",
            Type::MapOf(of) => return map(&**of),
            Type::Array(of) => return array(&**of),
            Type::Decimal => "decimal",
            Type::Date => "date",
            Type::Time => "time",
            Type::TimeUsec => "time_usec",
            Type::NaiveDatetime => "naive_datetime",
            Type::NaiveDatetimeUsec => "naive_datetime_usec",
            Type::UtcDatetime => "utc_datetime",
            Type::UtcDatetimeUsec => "utc_datetime_usec",
            Type::Uuid => "uuid",
            _ => "string",
        };
        ColumnType::Named(Str::Static(name))
    }
}

impl<T: Into<Value>> From<T> for ColumnDefault {
    fn from(value: T) -> ColumnDefault {
        ColumnDefault::Value(value.into())
    }
}
