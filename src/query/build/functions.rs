//! Expressions: the functions of `Ecto.Query.API`.

use crate::query::expr::{Binding, DateKind, Expr, Key, Over, Piece, Pin, Take, Taken, TypeSpec, Window};
use crate::query::function::Function;
use crate::query::schemas::SchemaRef;
use crate::query::tree::Query;
use crate::types::Type;
use crate::value::{Str, Value};
use alloc::boxed::Box;
use alloc::vec::Vec;

/// What can stand in an expression: another, or a value as a literal.
///
/// Values from outside are [pinned](pin): only those are cast to the type of the field they stand against.
pub trait Operand {
    /// The expression.
    fn operand(self) -> Expr;
}

impl Operand for Expr {
    fn operand(self) -> Expr {
        self
    }
}

impl Operand for &Expr {
    fn operand(self) -> Expr {
        self.clone()
    }
}

impl Operand for Query {
    fn operand(self) -> Expr {
        Expr::Subquery(self)
    }
}

impl<const N: usize, E: Operand> Operand for [E; N] {
    fn operand(self) -> Expr {
        Expr::List(self.into_iter().map(Operand::operand).collect())
    }
}

impl<E: Operand> Operand for Vec<E> {
    fn operand(self) -> Expr {
        Expr::List(self.into_iter().map(Operand::operand).collect())
    }
}

macro_rules! literals {
    ($($kind:ty)*) => {
        $(
            impl Operand for $kind {
                fn operand(self) -> Expr {
                    Expr::Literal(self.into())
                }
            }

            impl From<$kind> for Expr {
                fn from(literal: $kind) -> Expr {
                    Expr::Literal(literal.into())
                }
            }
        )*
    };
}

literals! { bool i64 i32 i16 u32 f64 &str alloc::string::String Str Value crate::value::Decimal }

/// What can be pinned: a value, or an expression made elsewhere, Ecto's `dynamic`.
pub trait Pinned {
    /// The expression it becomes.
    fn pinned(self) -> Expr;
}

impl<V: Into<Value>> Pinned for V {
    fn pinned(self) -> Expr {
        Expr::Pin(Pin { value: self.into(), kind: None })
    }
}

/// An expression made elsewhere, in its place: Ecto's `^dynamic`.
impl Pinned for Expr {
    fn pinned(self) -> Expr {
        self
    }
}

/// The values of a list from outside, one param: for the right side of [`Expr::in_`].
///
/// ```
/// use ectomorph::query::{field, from, pin_list};
/// let query = from("users").where_(field("id").in_(pin_list([1, 3])));
/// assert_eq!(query.to_text(), "from u0 in \"users\",\n  where: u0.id in ^[1, 3]");
/// ```
pub fn pin_list<V: Into<Value>>(values: impl IntoIterator<Item = V>) -> Expr {
    pin(Value::List(values.into_iter().map(Into::into).collect()))
}

/// A value from outside, a param: cast to the type of the field it stands against.
///
/// ```
/// use ectomorph::query::{field, from, pin};
/// let query = from("users").where_(field("age").gt(pin("18")));
/// assert_eq!(query.to_text(), "from u0 in \"users\",\n  where: u0.age > ^\"18\"");
/// ```
pub fn pin(value: impl Into<Value>) -> Expr {
    value.pinned()
}

/// A field of the first source.
pub fn field(name: impl Into<Str>) -> Expr {
    Binding::At(0).field(name)
}

/// The source at a place: 0 is `from`, 1 the first join.
pub fn at(place: usize) -> Binding {
    Binding::At(place)
}

/// The source of that name: Ecto's `as(:user)`.
pub fn named(name: impl Into<Str>) -> Binding {
    Binding::Named(name.into())
}

/// The source of that name in a query around this one.
pub fn parent_as(name: impl Into<Str>) -> Binding {
    Binding::Parent(name.into())
}

/// A whole row of a source.
pub fn bound(binding: impl Into<Binding>) -> Expr {
    Expr::Source(binding.into())
}

/// Some fields of a source, as records.
pub fn take_struct<N: Into<Str>>(of: impl Into<Binding>, fields: impl IntoIterator<Item = N>) -> Expr {
    Expr::Take(of.into(), Take::Struct, fields.into_iter().map(|name| Taken::Field(name.into())).collect())
}

/// Some fields of a source, as maps.
pub fn take_map<N: Into<Str>>(of: impl Into<Binding>, fields: impl IntoIterator<Item = N>) -> Expr {
    Expr::Take(of.into(), Take::Map, fields.into_iter().map(|name| Taken::Field(name.into())).collect())
}

/// A tuple.
pub fn tuple<E: Operand>(elements: impl IntoIterator<Item = E>) -> Expr {
    Expr::Tuple(elements.into_iter().map(Operand::operand).collect())
}

/// A list.
pub fn list<E: Operand>(elements: impl IntoIterator<Item = E>) -> Expr {
    Expr::List(elements.into_iter().map(Operand::operand).collect())
}

/// A map.
pub fn map<K: Into<Str>, E: Operand>(pairs: impl IntoIterator<Item = (K, E)>) -> Expr {
    let pair = |(key, value): (K, E)| (Expr::Literal(Value::String(key.into())), value.operand());
    Expr::Map(pairs.into_iter().map(pair).collect())
}

/// A record made of expressions.
pub fn struct_<K: Into<Str>, E: Operand>(
    schema: impl Into<SchemaRef>,
    fields: impl IntoIterator<Item = (K, E)>,
) -> Expr {
    let pair = |(key, value): (K, E)| (key.into(), value.operand());
    Expr::Struct(schema.into(), fields.into_iter().map(pair).collect())
}

/// Two maps, or a record and a map, in one.
pub fn merge(left: impl Operand, right: impl Operand) -> Expr {
    Expr::Merge(Box::new(left.operand()), Box::new(right.operand()))
}

/// SQL with expressions in place of its `?`; `\?` is a question mark.
///
/// ```
/// use ectomorph::query::{field, fragment, from};
/// let query = from("users").where_(fragment("lower(?)", [field("name")]).eq("ada"));
/// assert_eq!(query.to_text(), "from u0 in \"users\",\n  where: fragment(\"lower(?)\", u0.name) == \"ada\"");
/// ```
pub fn fragment<E: Operand>(sql: &str, arguments: impl IntoIterator<Item = E>) -> Expr {
    let mut arguments = arguments.into_iter();
    let mut pieces = Vec::new();
    let mut raw = alloc::string::String::new();
    let mut letters = sql.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if letters.peek() == Some(&'?') => {
                letters.next();
                raw.push('?');
            }
            '?' => match arguments.next() {
                Some(argument) => {
                    if !raw.is_empty() {
                        pieces.push(Piece::Raw(core::mem::take(&mut raw).into()));
                    }
                    pieces.push(Piece::Expr(argument.operand()));
                }
                None => raw.push('?'),
            },
            letter => raw.push(letter),
        }
    }
    if !raw.is_empty() {
        pieces.push(Piece::Raw(raw.into()));
    }
    Expr::Fragment(pieces)
}

/// In a fragment: the elements of a list, one param each.
pub fn splice(list: impl Operand) -> Expr {
    Expr::Splice(Box::new(list.operand()))
}

/// In a fragment: a name, quoted.
pub fn identifier(name: impl Into<Str>) -> Expr {
    Expr::Identifier(name.into())
}

/// In a fragment: a value written in place.
pub fn constant(value: impl Into<Value>) -> Expr {
    Expr::Constant(value.into())
}

/// An expression as of a type.
pub fn type_(expr: impl Operand, kind: impl Into<TypeSpec>) -> Expr {
    Expr::Type(Box::new(expr.operand()), kind.into())
}

/// The selected expression of that name, in `group_by` and `order_by`.
pub fn selected_as(name: impl Into<Str>) -> Expr {
    Expr::SelectedAs(name.into())
}

/// A value within a JSON field.
pub fn json(expr: impl Operand, path: impl IntoIterator<Item = Key>) -> Expr {
    Expr::JsonPath(Box::new(expr.operand()), path.into_iter().collect())
}

/// A date-time so many units later: `datetime_add(o.placed_at, 1, "month")`.
pub fn datetime_add(from: impl Operand, count: impl Operand, unit: &str) -> Expr {
    date_call(DateKind::Datetime, from.operand(), count.operand(), unit)
}

/// A date so many units later.
pub fn date_add(from: impl Operand, count: impl Operand, unit: &str) -> Expr {
    date_call(DateKind::Date, from.operand(), count.operand(), unit)
}

fn date_call(kind: DateKind, from: Expr, count: Expr, unit: &str) -> Expr {
    let (from, count) = (Box::new(from), Box::new(count));
    Expr::DateAdd { kind, from, count, unit: Box::new(unit.operand()) }
}

/// The number of rows.
pub fn count_all() -> Expr {
    Expr::Call(Function::Count, Vec::new())
}

macro_rules! calls {
    ($($name:ident $function:ident ($($argument:ident),*) $about:literal;)*) => {
        $(
            #[doc = $about]
            pub fn $name($($argument: impl Operand),*) -> Expr {
                Expr::Call(Function::$function, Vec::from([$($argument.operand()),*]))
            }
        )*
    };
}

calls! {
    count Count (expr) "The number of rows where it is not null.";
    count_distinct CountDistinct (expr) "The number of its distinct values.";
    sum Sum (expr) "The sum.";
    avg Avg (expr) "The average.";
    min Min (expr) "The least.";
    max Max (expr) "The greatest.";
    coalesce Coalesce (expr, other) "The first that is not null.";
    exists Exists (query) "Whether the query has rows.";
    all All (query) "Compared with: every row of the query.";
    any Any (query) "Compared with: some row of the query.";
    row_number RowNumber () "The number of the row in its window, from 1.";
    rank Rank () "The rank of the row in its window, with gaps.";
    dense_rank DenseRank () "The rank of the row in its window, without gaps.";
    percent_rank PercentRank () "The rank of the row in its window, between 0 and 1.";
    cume_dist CumeDist () "The part of the window up to the row.";
    ntile Ntile (buckets) "The bucket of the row, out of so many.";
    lag Lag (expr) "The value one row before.";
    lead Lead (expr) "The value one row after.";
    first_value FirstValue (expr) "The value of the frame's first row.";
    last_value LastValue (expr) "The value of the frame's last row.";
    nth_value NthValue (expr, nth) "The value of the frame's row of that number.";
}

impl Binding {
    /// A field of the source.
    pub fn field(self, name: impl Into<Str>) -> Expr {
        Expr::Field(self, name.into())
    }
}

macro_rules! comparisons {
    ($($name:ident $function:ident $about:literal;)*) => {
        $(
            #[doc = $about]
            pub fn $name(self, other: impl Operand) -> Expr {
                self.compare(Function::$function, other)
            }
        )*
    };
}

#[allow(clippy::should_implement_trait)]
impl Expr {
    comparisons! {
        eq Eq "Equal to the other.";
        ne Ne "Not equal to the other.";
        lt Lt "Less than the other.";
        lte Lte "Less than the other, or equal.";
        gt Gt "Greater than the other.";
        gte Gte "Greater than the other, or equal.";
        and And "Both.";
        or Or "One or both.";
        in_ In "Among a list, the elements of an array, or the rows of a subquery of one column.";
        like Like "Matches a pattern with `%` and `_`.";
        ilike Ilike "Matches a pattern, whatever the case.";
        add Add "The sum.";
        sub Subtract "The difference.";
        mul Multiply "The product.";
        div Divide "The quotient.";
        coalesce Coalesce "This, or the other if this is null.";
    }

    /// Null.
    pub fn is_nil(self) -> Expr {
        Expr::Call(Function::IsNil, [self].into())
    }

    /// Not.
    pub fn not(self) -> Expr {
        Expr::Call(Function::Not, [self].into())
    }

    /// Of the rows alone that meet a condition.
    pub fn filter(self, condition: impl Operand) -> Expr {
        Expr::Filter(Box::new(self), Box::new(condition.operand()))
    }

    /// Over a window of the query.
    pub fn over(self, window: impl Into<Str>) -> Expr {
        Expr::Over(Box::new(self), Over::Named(window.into()))
    }

    /// Over a window of its own.
    pub fn over_window(self, window: Window) -> Expr {
        Expr::Over(Box::new(self), Over::Window(Box::new(window)))
    }

    /// As of a type.
    pub fn as_type(self, kind: Type) -> Expr {
        type_(self, kind)
    }

    /// With a name, by which `group_by` and `order_by` can refer to it.
    pub fn select_as(self, name: impl Into<Str>) -> Expr {
        Expr::SelectAs(Box::new(self), name.into())
    }

    /// The pieces of a fragment, such as the frame of a window; none for any other expression.
    pub fn pieces(self) -> Option<Vec<Piece>> {
        match self {
            Expr::Fragment(pieces) => Some(pieces),
            _ => None,
        }
    }

    /// With some keys set anew: `%{post | title: ..}`.
    pub fn update<K: Into<Str>, E: Operand>(self, pairs: impl IntoIterator<Item = (K, E)>) -> Expr {
        let pair = |(key, value): (K, E)| (Expr::Literal(Value::String(key.into())), value.operand());
        Expr::MapUpdate(Box::new(self), pairs.into_iter().map(pair).collect())
    }
}

impl core::ops::Not for Expr {
    type Output = Expr;
    fn not(self) -> Expr {
        Expr::not(self)
    }
}

macro_rules! arithmetic {
    ($($operator:ident $method:ident;)*) => {
        $(impl<E: Operand> core::ops::$operator<E> for Expr {
            type Output = Expr;
            fn $method(self, other: E) -> Expr {
                Expr::$method(self, other)
            }
        })*
    };
}

arithmetic! { Add add; Sub sub; Mul mul; Div div; }
