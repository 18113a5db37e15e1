//! Expressions as documents: `[operator, argument, ..]`, and bare scalars.

use super::tree::NAMES;
use super::{Call, Expr, ExprError, Operator};
use crate::value::{Str, Value};
use alloc::vec::Vec;

/// How deep an expression may be nested.
pub const MAX_DEPTH: usize = 64;

/// How many operators, fields and literals a document's expression may have, elements of lists included.
pub const MAX_NODES: usize = 10_000;

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
    /// Values that JSON does not have stay as they are, for the writer of the whole document to tag. A literal
    /// map is the one expression that Rust can build and documents refuse.
    pub fn to_document(&self) -> Value {
        let mut list = Vec::new();
        match self {
            Expr::Literal(value) => return literal_document(value),
            Expr::Field(name) => list.extend([text("field"), Value::String(name.clone())]),
            Expr::Changed(name) => list.extend([text("changed"), Value::String(name.clone())]),
            Expr::Call(call) => {
                list.push(text(call.operator().name()));
                list.extend(call.operands().iter().map(Expr::to_document));
            }
        }
        Value::List(list)
    }
}

struct Reader {
    nodes: usize,
    depth: usize,
}

impl Reader {
    fn expression(&mut self, document: &Value) -> Result<Expr, ExprError> {
        let list = match document {
            Value::List(list) => list,
            scalar => return self.scalar(scalar).map(Expr::Literal),
        };
        let Some((Value::String(name), arguments)) = list.split_first() else {
            return Err(no_operator());
        };
        self.enter()?;
        let expr = match name.as_str() {
            "field" => Expr::Field(field_name(name, arguments)?),
            "changed" => Expr::Changed(field_name(name, arguments)?),
            "list" => Expr::Literal(self.elements(arguments)?),
            _ => {
                let operator = Operator::named(name).ok_or_else(|| unknown_operator(name))?;
                let mut operands = Vec::with_capacity(arguments.len());
                for (at, argument) in arguments.iter().enumerate() {
                    if operator == Operator::In && at == 1 && is_bare_list(argument) {
                        return Err(no_operator().at(2));
                    }
                    operands.push(self.expression(argument).map_err(|error| error.at(at + 1))?);
                }
                Expr::Call(Call::new(operator, operands).ok_or_else(|| wrong_count(operator))?)
            }
        };
        self.depth -= 1;
        Ok(expr)
    }

    fn elements(&mut self, arguments: &[Value]) -> Result<Value, ExprError> {
        let mut elements = Vec::with_capacity(arguments.len());
        for (at, argument) in arguments.iter().enumerate() {
            elements.push(self.element(argument).map_err(|error| error.at(at + 1))?);
        }
        Ok(Value::List(elements))
    }

    fn element(&mut self, element: &Value) -> Result<Value, ExprError> {
        let Value::List(list) = element else { return self.scalar(element) };
        match list.split_first() {
            Some((Value::String(name), arguments)) if name == "list" => {
                self.enter()?;
                let list = self.elements(arguments)?;
                self.depth -= 1;
                Ok(list)
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

    /// Goes one level down. An error ends the reading, so only a success needs to come up again.
    fn enter(&mut self) -> Result<(), ExprError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(too_deep()) } else { self.count() }
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

/// `["draft", "published"]`: the likeliest slip where a list is meant. `["length", "width"]` would be read wrongly if
/// it were allowed.
fn is_bare_list(document: &Value) -> bool {
    match document.as_list().map(|list| list.first().and_then(Value::as_str)) {
        Some(Some(name)) => !NAMES.contains(&name),
        Some(None) => true,
        None => false,
    }
}

fn no_operator() -> ExprError {
    ExprError::new(&[
        "an expression starts with the name of an operator; write a list of values as [\"list\", ..]",
    ])
}

fn field_name(operator: &str, arguments: &[Value]) -> Result<Str, ExprError> {
    match arguments {
        [Value::String(name)] => Ok(name.clone()),
        _ => Err(ExprError::new(&["\"", operator, "\" takes 1 argument, the name of a field"])),
    }
}

fn wrong_count(operator: Operator) -> ExprError {
    let takes = match operator.arity() {
        None => "at least 1 argument",
        Some(1) => "1 argument",
        Some(_) => "2 arguments",
    };
    ExprError::new(&["\"", operator.name(), "\" takes ", takes])
}

fn unknown_operator(name: &str) -> ExprError {
    ExprError::new(&["unknown operator \"", name, "\""]).or_nearest(name, &mut NAMES.iter().copied())
}

fn literal_document(value: &Value) -> Value {
    let Value::List(elements) = value else { return value.clone() };
    let mut list = Vec::with_capacity(elements.len() + 1);
    list.push(text("list"));
    list.extend(elements.iter().map(literal_document));
    Value::List(list)
}

fn text(name: &'static str) -> Value {
    Value::String(Str::Static(name))
}
