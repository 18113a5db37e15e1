//! Expressions as they are written.

use super::function::Function;
use super::schemas::SchemaRef;
use super::tree::{Order, Query};
use crate::types::Type;
use crate::value::{Str, Value};
use alloc::boxed::Box;
use alloc::vec::Vec;

/// A source within a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Binding {
    /// By its place: 0 is `from`, 1 the first join.
    At(usize),
    /// By the name it was given: Ecto's `as(:user)`.
    Named(Str),
    /// By the name it was given in a query around this one: Ecto's `parent_as(:user)`.
    Parent(Str),
}

impl From<usize> for Binding {
    fn from(at: usize) -> Binding {
        Binding::At(at)
    }
}

impl From<&str> for Binding {
    fn from(name: &str) -> Binding {
        Binding::Named(name.into())
    }
}

/// A type within a query: a type, or that of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum TypeSpec {
    /// A type.
    Type(Type),
    /// The type of a field.
    Field(Binding, Str),
    /// A list of values of the type, on the right of `in`.
    In(Box<TypeSpec>),
    /// An array of the type.
    Array(Box<TypeSpec>),
    /// The type of the elements of an array type.
    Out(Box<TypeSpec>),
    /// A list whose values are put into a fragment one by one.
    Splice(Box<TypeSpec>),
}

impl From<Type> for TypeSpec {
    fn from(kind: Type) -> TypeSpec {
        TypeSpec::Type(kind)
    }
}

/// A pinned value, Ecto's `^value`: a param of the query.
#[derive(Clone, Debug, PartialEq)]
pub struct Pin {
    /// The value, before it is cast.
    pub value: Value,
    /// The type it is cast to; when it is not said, that of the field it stands against.
    pub kind: Option<TypeSpec>,
}

/// Part of a fragment.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// SQL as it is.
    Raw(Str),
    /// An expression in its place.
    Expr(Expr),
}

/// A step into a JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// The value of a key.
    Name(Str),
    /// The element of a list.
    Index(i64),
}

/// What becomes of the fields that are taken from a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Take {
    /// A record if the source has a schema, a map otherwise.
    Any,
    /// A record.
    Struct,
    /// A map.
    Map,
}

/// What is taken from a source.
#[derive(Clone, Debug, PartialEq)]
pub enum Taken {
    /// A field.
    Field(Str),
    /// Fields of what is preloaded into an association.
    Assoc(Str, Vec<Taken>),
}

/// Which of Ecto's two functions adds an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DateKind {
    /// `datetime_add`
    Datetime,
    /// `date_add`
    Date,
}

/// What a window function looks at.
#[derive(Clone, Debug, PartialEq)]
pub enum Over {
    /// A window of the query.
    Named(Str),
    /// A window of its own.
    Window(Box<Window>),
}

/// A window: the rows around a row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Window {
    /// Rows with the same values belong together.
    pub partition_by: Vec<Expr>,
    /// Their order.
    pub order_by: Vec<Order>,
    /// Which rows around the row; SQL's words.
    pub frame: Option<Frame>,
}

/// The frame of a window: a fragment, such as `ROWS 2 PRECEDING`.
pub type Frame = Vec<Piece>;

/// What a query selects; an [`Expr`] that may hold rows, tuples and maps too.
pub type Select = Expr;

/// An expression of a query.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// A value written in the query.
    Literal(Value),
    /// A value pinned from outside.
    Pin(Pin),
    /// A field of a source.
    Field(Binding, Str),
    /// A whole row of a source.
    Source(Binding),
    /// Some fields of a source, as a record or a map.
    Take(Binding, Take, Vec<Taken>),
    /// An operator or function with its arguments.
    Call(Function, Vec<Expr>),
    /// A list.
    List(Vec<Expr>),
    /// A tuple.
    Tuple(Vec<Expr>),
    /// A map; a key is mostly a literal.
    Map(Vec<(Expr, Expr)>),
    /// A record or map with some keys set anew: `%{post | title: ..}`.
    MapUpdate(Box<Expr>, Vec<(Expr, Expr)>),
    /// A record made of expressions: `%Post{title: ..}`.
    Struct(SchemaRef, Vec<(Str, Expr)>),
    /// Two maps, or a record and a map, in one.
    Merge(Box<Expr>, Box<Expr>),
    /// An aggregate of the rows that meet a condition.
    Filter(Box<Expr>, Box<Expr>),
    /// An aggregate or window function over a window.
    Over(Box<Expr>, Over),
    /// The rows of a query, as a value or a list of values.
    Subquery(Query),
    /// An expression with its type said.
    Type(Box<Expr>, TypeSpec),
    /// SQL with expressions in it.
    Fragment(Vec<Piece>),
    /// In a fragment: the elements of a pinned list, one by one.
    Splice(Box<Expr>),
    /// In a fragment: a name, quoted.
    Identifier(Str),
    /// In a fragment: a value, written in place instead of sent as a param.
    Constant(Value),
    /// A value within a JSON value.
    JsonPath(Box<Expr>, Vec<Key>),
    /// A date or date-time so many units later.
    DateAdd {
        /// Of which of the two.
        kind: DateKind,
        /// From when.
        from: Box<Expr>,
        /// How many.
        count: Box<Expr>,
        /// Of what: `day`, `month`.
        unit: Box<Expr>,
    },
    /// Gives the selected expression a name.
    SelectAs(Box<Expr>, Str),
    /// The selected expression of that name.
    SelectedAs(Str),
}

impl Expr {
    /// Shows the expression and all within it, but not into subqueries.
    pub fn visit(&self, see: &mut dyn FnMut(&Expr)) {
        see(self);
        self.children(&mut |child| child.visit(see));
    }

    /// Whether it is nested no deeper than so many levels; subqueries count as one.
    pub(super) fn is_within(&self, levels: usize) -> bool {
        let Some(below) = levels.checked_sub(1) else { return false };
        let mut is_within = true;
        self.children(&mut |child| is_within = is_within && child.is_within(below));
        is_within
    }

    /// Shows what it is made of.
    fn children(&self, see: &mut dyn FnMut(&Expr)) {
        match self {
            Expr::Call(_, all) | Expr::List(all) | Expr::Tuple(all) => all.iter().for_each(see),
            Expr::Map(pairs) => visit_pairs(pairs, see),
            Expr::MapUpdate(base, pairs) => {
                see(base);
                visit_pairs(pairs, see);
            }
            Expr::Struct(_, fields) => fields.iter().for_each(|(_, expr)| see(expr)),
            Expr::Merge(a, b) | Expr::Filter(a, b) => {
                see(a);
                see(b);
            }
            Expr::Over(call, over) => {
                see(call);
                if let Over::Window(window) = over {
                    window.children(see);
                }
            }
            Expr::Type(inner, _)
            | Expr::Splice(inner)
            | Expr::JsonPath(inner, _)
            | Expr::SelectAs(inner, _) => see(inner),
            Expr::Fragment(pieces) => visit_pieces(pieces, see),
            Expr::DateAdd { from, count, unit, .. } => {
                [from, count, unit].into_iter().for_each(|expr| see(expr));
            }
            Expr::Literal(_)
            | Expr::Pin(_)
            | Expr::Field(..)
            | Expr::Source(_)
            | Expr::Take(..)
            | Expr::Subquery(_)
            | Expr::Identifier(_)
            | Expr::Constant(_)
            | Expr::SelectedAs(_) => {}
        }
    }
}

impl Window {
    fn children(&self, see: &mut dyn FnMut(&Expr)) {
        self.partition_by.iter().for_each(&mut *see);
        self.order_by.iter().for_each(|order| see(&order.expr));
        visit_pieces(self.frame.as_deref().unwrap_or_default(), see);
    }
}

fn visit_pairs(pairs: &[(Expr, Expr)], see: &mut dyn FnMut(&Expr)) {
    for (key, value) in pairs {
        see(key);
        see(value);
    }
}

fn visit_pieces(pieces: &[Piece], see: &mut dyn FnMut(&Expr)) {
    for piece in pieces {
        if let Piece::Expr(expr) = piece {
            see(expr);
        }
    }
}
