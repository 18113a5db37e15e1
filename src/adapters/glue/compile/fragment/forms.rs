//! Names, key words and functions.

use super::super::tokens::Token;
use super::super::{Result, refused};
use super::rows::interval;
use super::{Parser, aggregate_named};
use crate::adapter::AdapterError;
use crate::adapters::glue::node::{Comparison, Function, Node, UnitNode};
use crate::adapters::glue::select::{Aggregate, AggregateFunction, Order};
use crate::adapters::glue::value::{Arithmetic, Cast};
use crate::value::Value;

impl Parser<'_, '_> {
    pub(super) fn after_word(&mut self, word: &str) -> Result<Node> {
        match word {
            "true" | "false" => return Ok(Node::Value((word == "true").into())),
            "null" => return Ok(Node::Value(Value::Null)),
            "case" => return self.case(),
            "interval" => {
                return Err(AdapterError::unsupported(
                    "an interval that is not added to a date in a fragment",
                ));
            }
            "current_date" | "current_timestamp" | "localtimestamp"
                if !matches!(self.peek(), Some(Token::Sign("("))) =>
            {
                return Function::named(word)
                    .map(|function| Node::Call(function, Vec::new()))
                    .ok_or_else(|| self.unexpected());
            }
            "date" | "timestamp" | "timestamptz" | "time" => {
                if let Some(Token::Value(value)) = self.peek().cloned() {
                    self.at += 1;
                    let to = match word {
                        "date" => Cast::Date,
                        "time" => Cast::Time,
                        "timestamp" => Cast::Naive,
                        _ => Cast::Utc,
                    };
                    return Ok(Node::Cast(Box::new(Node::Value(value)), to));
                }
            }
            "array" if self.take("[") => return Ok(Node::List(self.list("]")?)),
            _ => {}
        }
        if !self.take("(") {
            return self.column(word);
        }
        match word {
            "cast" => {
                let node = self.expression()?;
                self.expect_word("as")?;
                let to = self.type_name()?;
                self.expect(")")?;
                return Ok(Node::Cast(Box::new(node), to));
            }
            "coalesce" => return Ok(Node::Coalesce(self.list(")")?)),
            "extract" => {
                let field = self.name_or_text()?;
                self.expect_word("from")?;
                let of = self.expression()?;
                self.expect(")")?;
                return Ok(Node::Call(Function::Extract, vec![Node::Value(Value::from(field)), of]));
            }
            "position" => {
                let part = self.additive()?;
                self.expect_word("in")?;
                let whole = self.additive()?;
                self.expect(")")?;
                return Ok(Node::Call(Function::Position, vec![whole, part]));
            }
            "trim" => {
                let side = ["both", "leading", "trailing"].iter().find(|side| self.take_word(side)).copied();
                let function = match side {
                    Some("leading") => Function::LeftTrim,
                    Some("trailing") => Function::RightTrim,
                    _ => Function::Trim,
                };
                if self.take_word("from") {
                    let text = self.expression()?;
                    self.expect(")")?;
                    return Ok(Node::Call(function, vec![text]));
                }
                let first = self.expression()?;
                if self.take_word("from") {
                    let text = self.expression()?;
                    self.expect(")")?;
                    return Ok(Node::Call(function, vec![text, first]));
                }
                let mut all = vec![first];
                if self.take(",") {
                    all.push(self.expression()?);
                }
                self.expect(")")?;
                return Ok(Node::Call(function, all));
            }
            "substring" => {
                let text = self.expression()?;
                let mut all = vec![text];
                if self.take_word("from") {
                    all.push(self.expression()?);
                    if self.take_word("for") {
                        all.push(self.expression()?);
                    }
                    self.expect(")")?;
                } else if self.take(",") {
                    all.extend(self.list(")")?);
                } else {
                    return Err(self.unexpected());
                }
                return Ok(Node::Call(Function::Substring, all));
            }
            _ => {}
        }
        if let Some(function) = aggregate_named(word) {
            return self.aggregate(function);
        }
        let Some(function) = Function::named(word) else {
            return Err(AdapterError::unsupported(format!("function {word} in a fragment")));
        };
        let operands = self.list(")")?;
        let (least, most) = function.arity();
        if operands.len() < least || operands.len() > most {
            return Err(refused(
                "42883",
                format!("function {word} does not take {} arguments", operands.len()),
            ));
        }
        if matches!(self.peek(), Some(Token::Word(word)) if word == "over") {
            return Err(AdapterError::unsupported("over in a fragment"));
        }
        Ok(Node::Call(function, operands))
    }

    pub(super) fn name_or_text(&mut self) -> Result<String> {
        if let Some(Token::Value(Value::String(text))) = self.peek().cloned() {
            self.at += 1;
            return Ok(text.as_str().to_owned());
        }
        self.name()
    }

    /// An aggregate, from its first argument on.
    pub(super) fn aggregate(&mut self, mut function: AggregateFunction) -> Result<Node> {
        if self.compiler.in_aggregate {
            return Err(refused("42803", "aggregate function calls cannot be nested"));
        }
        self.compiler.in_aggregate = true;
        let made = self.arguments(&mut function);
        self.compiler.in_aggregate = false;
        let (operand, distinct, orders, filter) = made?;
        if matches!(self.peek(), Some(Token::Word(word)) if word == "over") {
            return Err(AdapterError::unsupported("over in a fragment"));
        }
        self.compiler.add_aggregate(Aggregate { function, operand, distinct, filter, orders })
    }

    #[allow(clippy::type_complexity)]
    pub(super) fn arguments(
        &mut self,
        function: &mut AggregateFunction,
    ) -> Result<(Option<Node>, bool, Vec<Order>, Option<Node>)> {
        let mut operand = None;
        let mut distinct = false;
        let mut orders = Vec::new();
        if self.take("*") {
            self.expect(")")?;
        } else if !self.take(")") {
            distinct = self.take_word("distinct");
            operand = Some(self.expression()?);
            if let AggregateFunction::Text(other) | AggregateFunction::Object(other) = function {
                self.expect(",")?;
                *other = self.expression()?;
            }
            if self.take_words(&["order", "by"]) {
                orders = self.orders()?;
            }
            self.expect(")")?;
        }
        let filter = if self.take_words(&["filter"]) {
            self.expect("(")?;
            self.expect_word("where")?;
            let filter = self.expression()?;
            self.expect(")")?;
            Some(filter)
        } else {
            None
        };
        Ok((operand, distinct, orders, filter))
    }

    pub(super) fn orders(&mut self) -> Result<Vec<Order>> {
        let mut orders = Vec::new();
        loop {
            let by = self.expression()?;
            let descending = self.take_word("desc");
            if !descending {
                self.take_word("asc");
            }
            let mut nulls_first = descending;
            if self.take_words(&["nulls", "first"]) {
                nulls_first = true;
            } else if self.take_words(&["nulls", "last"]) {
                nulls_first = false;
            }
            orders.push(Order { by, descending, nulls_first });
            if !self.take(",") {
                return Ok(orders);
            }
        }
    }

    pub(super) fn case(&mut self) -> Result<Node> {
        let operand = if matches!(self.peek(), Some(Token::Word(word)) if word == "when") {
            None
        } else {
            Some(self.expression()?)
        };
        let mut whens = Vec::new();
        while self.take_word("when") {
            let when = self.expression()?;
            let when = match &operand {
                Some(operand) => Node::Compare(Comparison::Equal, Box::new(operand.clone()), Box::new(when)),
                None => when,
            };
            self.expect_word("then")?;
            whens.push((when, self.expression()?));
        }
        let otherwise = if self.take_word("else") { Some(Box::new(self.expression()?)) } else { None };
        self.expect_word("end")?;
        Ok(Node::Case { whens, otherwise })
    }

    /// `base + interval '1 month 2 days'`, after the word.
    pub(super) fn later(&mut self, base: Node, back: bool) -> Result<Node> {
        let Some(Token::Value(Value::String(text))) = self.peek().cloned() else {
            return Err(self.unexpected());
        };
        self.at += 1;
        let mut parts = interval(&text)?;
        if self.take("*") {
            let by = self.unary()?;
            let [(amount, _)] = parts.as_mut_slice() else {
                return Err(AdapterError::unsupported(
                    "a multiple of an interval of several units in a fragment",
                ));
            };
            *amount = Node::Arithmetic(Arithmetic::Multiply, Box::new(amount.clone()), Box::new(by));
        }
        Ok(parts.into_iter().fold(base, |base, (amount, unit)| {
            let amount = if back { Node::Negate(Box::new(amount)) } else { amount };
            Node::Later {
                base: Box::new(base),
                amount: Box::new(amount),
                unit: UnitNode::Known(unit),
                date: false,
            }
        }))
    }
}
