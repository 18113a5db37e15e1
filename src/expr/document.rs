//! Expressions as documents: `[operator, argument, ..]`, and bare scalars.

use super::{Binary, Expr, ExprError, Logic, Unary};
use crate::value::{Str, Value};
use alloc::sync::Arc;
use alloc::vec::Vec;

/// How deep an expression may be nested.
pub const MAX_DEPTH: usize = 64;

/// How many operators, fields and literals a document's expression may have, elements of lists included.
pub const MAX_NODES: usize = 10_000;

/// The operators that [`Unary`], [`Binary`] and [`Logic`] do not name.
const OTHERS: [&str; 3] = ["field", "changed", "list"];

impl Expr {
    /// Reads an expression from a document, whose tagged values (`{"$date": ..}`) are decoded already.
    ///
    /// ```
    /// use ectomorph::expr::{Expr, field};
    /// use ectomorph::value::Value;
    /// let document = Value::from([Value::from("<"), Value::from(["field", "likes"]), Value::from(5)]);
    /// assert_eq!(Expr::from_document(&document), Ok(field("likes").lt(5)));
    /// ```
    ///
    /// # Errors
    ///
    /// Names the place and what is wrong there: an unknown operator, a wrong number or kind of arguments, an
    /// object, an expression deeper than [`MAX_DEPTH`] or larger than [`MAX_NODES`].
    pub fn from_document(document: &Value) -> Result<Expr, ExprError> {
        Reader { nodes: 0, depth: 0 }.expression(document)
    }

    /// The document of the expression; [`Expr::from_document`] reads it back.
    ///
    /// Values that JSON does not have stay as they are, for the writer of the whole document to tag. A map as a
    /// literal, and `and`/`or` without operands, are the expressions that Rust can build and documents refuse.
    pub fn to_document(&self) -> Value {
        match self {
            Expr::Literal(value) => literal_document(value),
            Expr::Field(name) => call("field", [Value::from(name)]),
            Expr::Changed(name) => call("changed", [Value::from(name)]),
            Expr::Unary(operator, operand) => call(operator.name(), [operand.to_document()]),
            Expr::Binary(operator, operands) => call(operator.name(), operands.iter().map(Expr::to_document)),
            Expr::Logic(operator, operands) => call(operator.name(), operands.iter().map(Expr::to_document)),
        }
    }
}

struct Reader {
    nodes: usize,
    depth: usize,
}

impl Reader {
    fn expression(&mut self, document: &Value) -> Result<Expr, ExprError> {
        let Value::List(call) = document else { return self.scalar(document).map(Expr::Literal) };
        self.nested(|reader| reader.call(call))
    }

    fn call(&mut self, call: &[Value]) -> Result<Expr, ExprError> {
        let Some((Value::String(name), arguments)) = call.split_first() else {
            return Err(ExprError::new(&[
                "an expression starts with the name of an operator; write a list of values as [\"list\", ..]",
            ]));
        };
        if let Some(operator) = find(&Binary::ALL, name) {
            let [left, right] = arguments else { return Err(wrong_count(name, "2 arguments")) };
            return Ok(Expr::Binary(operator, Arc::new([self.argument(1, left)?, self.argument(2, right)?])));
        }
        if let Some(operator) = find(&Unary::ALL, name) {
            let [operand] = arguments else { return Err(wrong_count(name, "1 argument")) };
            return Ok(Expr::Unary(operator, Arc::new(self.argument(1, operand)?)));
        }
        if let Some(operator) = find(&Logic::ALL, name) {
            if arguments.is_empty() {
                return Err(wrong_count(name, "at least 1 argument"));
            }
            let operands: Result<Vec<_>, _> =
                arguments.iter().enumerate().map(|(at, operand)| self.argument(at + 1, operand)).collect();
            return Ok(Expr::Logic(operator, operands?.into()));
        }
        match name.as_str() {
            "field" => field_name(name, arguments).map(Expr::Field),
            "changed" => field_name(name, arguments).map(Expr::Changed),
            "list" => self.elements(arguments).map(Expr::Literal),
            _ => Err(unknown_operator(name)),
        }
    }

    fn argument(&mut self, index: usize, document: &Value) -> Result<Expr, ExprError> {
        self.expression(document).map_err(|error| error.at(index))
    }

    fn elements(&mut self, elements: &[Value]) -> Result<Value, ExprError> {
        let element = |(at, element)| self.element(element).map_err(|error: ExprError| error.at(at + 1));
        elements.iter().enumerate().map(element).collect::<Result<_, _>>().map(Value::List)
    }

    fn element(&mut self, element: &Value) -> Result<Value, ExprError> {
        let Value::List(call) = element else { return self.scalar(element) };
        match call.split_first() {
            Some((Value::String(name), elements)) if name == "list" => {
                self.nested(|reader| reader.elements(elements))
            }
            _ => Err(ExprError::new(&["an element of a list is a literal or a [\"list\", ..]"])),
        }
    }

    fn scalar(&mut self, value: &Value) -> Result<Value, ExprError> {
        self.count()?;
        match value {
            Value::Map(_) => Err(ExprError::new(&[
                "an object is not an expression; only tagged values such as {\"$date\": ..} are",
            ])),
            value => Ok(value.clone()),
        }
    }

    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, ExprError>) -> Result<T, ExprError> {
        self.count()?;
        if self.depth == MAX_DEPTH {
            return Err(too_deep());
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    fn count(&mut self) -> Result<(), ExprError> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(ExprError::new(&["the expression has more than 10000 parts"]));
        }
        Ok(())
    }
}

pub(super) fn too_deep() -> ExprError {
    ExprError::new(&["the expression is nested more than 64 levels deep"])
}

fn field_name(operator: &str, arguments: &[Value]) -> Result<Str, ExprError> {
    match arguments {
        [Value::String(name)] => Ok(name.clone()),
        [other] => {
            Err(ExprError::new(&["\"", operator, "\" takes the name of a field, not ", other.kind()]).at(1))
        }
        _ => Err(wrong_count(operator, "1 argument, the name of a field")),
    }
}

fn wrong_count(operator: &str, takes: &str) -> ExprError {
    ExprError::new(&["\"", operator, "\" takes ", takes])
}

fn unknown_operator(name: &str) -> ExprError {
    let binary = Binary::ALL.iter().map(|(name, _)| *name);
    let unary = Unary::ALL.iter().map(|(name, _)| *name);
    let logic = Logic::ALL.iter().map(|(name, _)| *name);
    ExprError::new(&["unknown operator \"", name, "\""])
        .or_nearest(name, binary.chain(unary).chain(logic).chain(OTHERS))
}

fn find<T: Copy>(operators: &[(&'static str, T)], name: &str) -> Option<T> {
    operators.iter().find(|(known, _)| *known == name).map(|(_, operator)| *operator)
}

fn literal_document(value: &Value) -> Value {
    match value {
        Value::List(elements) => call("list", elements.iter().map(literal_document)),
        scalar => scalar.clone(),
    }
}

fn call(operator: &'static str, arguments: impl IntoIterator<Item = Value>) -> Value {
    Value::List(core::iter::once(Value::String(Str::Static(operator))).chain(arguments).collect())
}
