//! The expression as data, and how Rust writes it.

use crate::value::{Str, Value};
use alloc::sync::Arc;
use core::ops;

/// An expression: literals and fields under operators. Cloning shares the operands.
///
/// The shape says how many operands there are, so that an expression cannot have too few or too many.
///
/// ```
/// use ectomorph::expr::field;
/// let adult_or_accompanied = field("age").gte(18).or(!field("guardian").is_nil());
/// let total = field("price") * field("quantity") + field("shipping").coalesce(0);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Expr {
    /// A value that stands for itself.
    Literal(Value),
    /// The value of a field.
    Field(Str),
    /// Whether a field has a change.
    Changed(Str),
    /// An operator on one operand.
    Unary(Unary, Arc<Expr>),
    /// An operator on two operands.
    Binary(Binary, Arc<[Expr; 2]>),
    /// `and` or `or` over any number of operands.
    Logic(Logic, Arc<[Expr]>),
}

/// The operators on one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unary {
    /// True for false, false for true, unknown for unknown.
    Not,
    /// Whether the operand is null.
    IsNil,
    /// Graphemes of a string, bytes of a binary, elements of a list.
    Length,
}

/// The operators on two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Binary {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// Whether the left operand equals an element of the right one.
    In,
    /// Whether text matches an SQL pattern.
    Like,
    /// Whether text matches an SQL pattern, in upper or lower case.
    Ilike,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// The left operand, or the right one where the left is null.
    Coalesce,
}

/// The operators on any number of operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Logic {
    /// False if an operand is false, else unknown if one is unknown, else true.
    And,
    /// True if an operand is true, else unknown if one is unknown, else false.
    Or,
}

impl Unary {
    /// Every one, as documents name them.
    pub const ALL: [(&'static str, Unary); 3] =
        [("not", Unary::Not), ("is_nil", Unary::IsNil), ("length", Unary::Length)];

    /// Its name in documents.
    pub fn name(self) -> &'static str {
        name_of(&Unary::ALL, self)
    }
}

impl Binary {
    /// Every one, as documents name them.
    pub const ALL: [(&'static str, Binary); 14] = [
        ("==", Binary::Equal),
        ("!=", Binary::NotEqual),
        ("<", Binary::Less),
        ("<=", Binary::LessOrEqual),
        (">", Binary::Greater),
        (">=", Binary::GreaterOrEqual),
        ("in", Binary::In),
        ("like", Binary::Like),
        ("ilike", Binary::Ilike),
        ("+", Binary::Add),
        ("-", Binary::Subtract),
        ("*", Binary::Multiply),
        ("/", Binary::Divide),
        ("coalesce", Binary::Coalesce),
    ];

    /// Its name in documents.
    pub fn name(self) -> &'static str {
        name_of(&Binary::ALL, self)
    }
}

impl Logic {
    /// Every one, as documents name them.
    pub const ALL: [(&'static str, Logic); 2] = [("and", Logic::And), ("or", Logic::Or)];

    /// Its name in documents.
    pub fn name(self) -> &'static str {
        name_of(&Logic::ALL, self)
    }
}

fn name_of<T: PartialEq>(operators: &[(&'static str, T)], sought: T) -> &'static str {
    operators.iter().find(|(_, operator)| *operator == sought).map_or("", |(name, _)| name)
}

/// The value of a field of the record, with its changes: `field("status").eq("draft")`.
pub fn field(name: impl Into<Str>) -> Expr {
    Expr::Field(name.into())
}

/// Whether the changeset has a change of the field: `changed("email")`.
pub fn changed(name: impl Into<Str>) -> Expr {
    Expr::Changed(name.into())
}

macro_rules! binary {
    ($($(#[$doc:meta])* $name:ident $operator:ident)*) => {
        $($(#[$doc])*
        #[must_use]
        pub fn $name(self, other: impl Into<Expr>) -> Expr {
            self.with(Binary::$operator, other.into())
        })*
    };
}

impl Expr {
    binary! {
        /// Whether both are equal.
        eq Equal
        /// Whether they differ.
        ne NotEqual
        /// Whether this is less.
        lt Less
        /// Whether this is less or equal.
        lte LessOrEqual
        /// Whether this is greater.
        gt Greater
        /// Whether this is greater or equal.
        gte GreaterOrEqual
        /// Whether this is an element: `field("role").is_in(["admin", "editor"])`, or of a field that is a list.
        is_in In
        /// Whether this matches an SQL pattern: `field("title").like("Rust%")`.
        like Like
        /// Whether this matches an SQL pattern in upper or lower case.
        ilike Ilike
        /// This, or the other where this is null: `field("likes").coalesce(0)`.
        coalesce Coalesce
    }

    /// Both this and the other. A chain of `and` is one operator on many operands, not a deep tree.
    #[must_use]
    pub fn and(self, other: impl Into<Expr>) -> Expr {
        self.joined(Logic::And, other.into())
    }

    /// This or the other. A chain of `or` is one operator on many operands, not a deep tree.
    #[must_use]
    pub fn or(self, other: impl Into<Expr>) -> Expr {
        self.joined(Logic::Or, other.into())
    }

    /// Whether this is null.
    #[must_use]
    pub fn is_nil(self) -> Expr {
        Expr::Unary(Unary::IsNil, Arc::new(self))
    }

    /// The length of a string, binary or list: `field("tags").length().lte(5)`.
    #[must_use]
    pub fn length(self) -> Expr {
        Expr::Unary(Unary::Length, Arc::new(self))
    }

    fn with(self, operator: Binary, other: Expr) -> Expr {
        Expr::Binary(operator, Arc::new([self, other]))
    }

    fn joined(self, logic: Logic, other: Expr) -> Expr {
        let operands = match self {
            Expr::Logic(same, operands) if same == logic => operands.iter().cloned().chain([other]).collect(),
            first => Arc::from([first, other]),
        };
        Expr::Logic(logic, operands)
    }
}

impl<T: Into<Value>> From<T> for Expr {
    fn from(literal: T) -> Self {
        Expr::Literal(literal.into())
    }
}

impl ops::Not for Expr {
    type Output = Expr;
    fn not(self) -> Expr {
        Expr::Unary(Unary::Not, Arc::new(self))
    }
}

macro_rules! arithmetic {
    ($($trait:ident $method:ident $operator:ident)*) => {
        $(impl<T: Into<Expr>> ops::$trait<T> for Expr {
            type Output = Expr;
            fn $method(self, other: T) -> Expr {
                self.with(Binary::$operator, other.into())
            }
        })*
    };
}

arithmetic! { Add add Add  Sub sub Subtract  Mul mul Multiply  Div div Divide }
