//! The expression as data, and how Rust writes it.

use crate::value::{Str, Value};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ops;

/// An expression: literals and fields under operators. Cloning shares the operands.
///
/// Walk over it with [`Call::operator`] and [`Call::operands`].
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
    /// An operator on its operands.
    Call(Call),
}

/// An operator with as many operands as it takes.
///
/// The parts are private, so that whoever walks over an expression may rely on their number.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    operator: Operator,
    operands: Arc<[Expr]>,
}

/// What can be done with values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Operator {
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
    /// False if an operand is false, else unknown if one is unknown, else true.
    And,
    /// True if an operand is true, else unknown if one is unknown, else false.
    Or,
    /// True for false, false for true, unknown for unknown.
    Not,
    /// Whether the operand is null.
    IsNil,
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
    /// Graphemes of a string, bytes of a binary, elements of a list.
    Length,
    /// The left operand, or the right one where the left is null.
    Coalesce,
}

/// What an expression of a document may start with: the operators, in their order, and what makes no call.
pub(super) const NAMES: [&str; 22] = [
    "==", "!=", "<", "<=", ">", ">=", "and", "or", "not", "is_nil", "in", "like", "ilike", "+", "-", "*",
    "/", "length", "coalesce", "field", "changed", "list",
];

impl Operator {
    /// Every operator.
    pub const ALL: [Operator; 19] = [
        Operator::Equal,
        Operator::NotEqual,
        Operator::Less,
        Operator::LessOrEqual,
        Operator::Greater,
        Operator::GreaterOrEqual,
        Operator::And,
        Operator::Or,
        Operator::Not,
        Operator::IsNil,
        Operator::In,
        Operator::Like,
        Operator::Ilike,
        Operator::Add,
        Operator::Subtract,
        Operator::Multiply,
        Operator::Divide,
        Operator::Length,
        Operator::Coalesce,
    ];

    /// Its name in documents.
    pub fn name(self) -> &'static str {
        NAMES[self as usize]
    }

    /// How many operands it takes; `None` for one or more.
    pub fn arity(self) -> Option<usize> {
        match self {
            Operator::And | Operator::Or => None,
            Operator::Not | Operator::IsNil | Operator::Length => Some(1),
            _ => Some(2),
        }
    }

    pub(super) fn named(name: &str) -> Option<Operator> {
        let at = NAMES.iter().position(|known| *known == name)?;
        Operator::ALL.get(at).copied()
    }
}

impl Call {
    /// The call of an operator; `None` if it takes another number of operands.
    pub fn new(operator: Operator, operands: impl Into<Arc<[Expr]>>) -> Option<Call> {
        let operands = operands.into();
        let fits = operator.arity().map_or(!operands.is_empty(), |arity| operands.len() == arity);
        fits.then_some(Call { operator, operands })
    }

    /// What is done.
    pub fn operator(&self) -> Operator {
        self.operator
    }

    /// What it is done with.
    pub fn operands(&self) -> &[Expr] {
        &self.operands
    }
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
            self.with(Operator::$operator, other.into())
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
        self.joined(Operator::And, other.into())
    }

    /// This or the other. A chain of `or` is one operator on many operands, not a deep tree.
    #[must_use]
    pub fn or(self, other: impl Into<Expr>) -> Expr {
        self.joined(Operator::Or, other.into())
    }

    /// Whether this is null.
    #[must_use]
    pub fn is_nil(self) -> Expr {
        self.under(Operator::IsNil)
    }

    /// The length of a string, binary or list: `field("tags").length().lte(5)`.
    #[must_use]
    pub fn length(self) -> Expr {
        self.under(Operator::Length)
    }

    /// The fields that the expression looks at, each one once, in the order of their first appearance.
    ///
    /// ```
    /// use ectomorph::expr::{changed, field};
    /// let in_order = changed("ends_on").and(field("ends_on").gte(field("starts_on")));
    /// assert_eq!(in_order.fields(), ["ends_on", "starts_on"]);
    /// ```
    pub fn fields(&self) -> Vec<Str> {
        let mut fields = Vec::new();
        self.collect_fields(&mut fields);
        fields
    }

    fn collect_fields(&self, fields: &mut Vec<Str>) {
        match self {
            Expr::Literal(_) => {}
            Expr::Field(name) | Expr::Changed(name) => {
                if !fields.contains(name) {
                    fields.push(name.clone());
                }
            }
            Expr::Call(call) => call.operands.iter().for_each(|operand| operand.collect_fields(fields)),
        }
    }

    fn under(self, operator: Operator) -> Expr {
        Expr::Call(Call { operator, operands: Arc::from([self]) })
    }

    fn with(self, operator: Operator, other: Expr) -> Expr {
        Expr::Call(Call { operator, operands: Arc::from([self, other]) })
    }

    fn joined(self, operator: Operator, other: Expr) -> Expr {
        match self {
            Expr::Call(call) if call.operator == operator => {
                let operands = call.operands.iter().cloned().chain([other]).collect();
                Expr::Call(Call { operator, operands })
            }
            first => first.with(operator, other),
        }
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
        self.under(Operator::Not)
    }
}

macro_rules! arithmetic {
    ($($trait:ident $method:ident $operator:ident)*) => {
        $(impl<T: Into<Expr>> ops::$trait<T> for Expr {
            type Output = Expr;
            fn $method(self, other: T) -> Expr {
                self.with(Operator::$operator, other.into())
            }
        })*
    };
}

arithmetic! { Add add Add  Sub sub Subtract  Mul mul Multiply  Div div Divide }
