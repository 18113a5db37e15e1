//! SQL in fragments: the expressions that PostgreSQL and others have in common.
//!
//! | read | |
//! |---|---|
//! | operators | `+ - * / % \|\| = <> != < <= > >= and or not is [not] null/true/false/distinct from, [not] like/ilike/in/between, ~ ~*, -> ->> #> #>> @> <@ && ?` |
//! | literals | numbers, `'text'`, `true`, `null`, `interval '1 day'`, `date '2024-01-01'`, `array[..]` |
//! | forms | `cast(x as t)`, `x::t`, `case`, `extract(f from x)`, `substring(x from a for b)`, `trim(..)`, `position(a in b)`, `x at time zone 'UTC'`, `= any(array)` |
//! | functions | those of [`Function`], `coalesce`, and the aggregates with `distinct`, `order by` and `filter (where ..)` |
//! | names | columns (`name`, `source.name`, `"name"`, `?.name`), what is selected by a name, `excluded.name` in upserts |
//! | sources | `generate_series(..)`, `unnest(..)`, `select a as b, ..` without a table, `values (..), (..)` |
//!
//! All else is refused when the query is prepared, by naming it.

mod forms;
mod rows;

use super::tokens::{Token, tokens};
use super::{Compiler, Result, Shape, refused};
use crate::adapter::AdapterError;
use crate::adapters::glue::node::{Comparison, Function, Node};
use crate::adapters::glue::select::{AggregateFunction, Bound, Core, Origin, Select, Source};
use crate::adapters::glue::value::{Arithmetic, Cast};
use crate::query::plan::{Expr, Piece};
use crate::store::Kind;
use crate::value::Value;

/// Reads SQL from its words.
pub(super) struct Parser<'p, 'c> {
    compiler: &'p mut Compiler<'c>,
    tokens: Vec<Token<'c>>,
    at: usize,
    depth: usize,
}

/// Whether the SQL may hold an aggregate, which then takes the columns in it.
pub(super) fn may_aggregate(pieces: &[Piece]) -> bool {
    pieces.iter().any(|piece| match piece {
        Piece::Raw(sql) => {
            let sql = sql.to_ascii_lowercase();
            sql.split(|char: char| !(char.is_alphanumeric() || char == '_'))
                .any(|word| aggregate_named(word).is_some())
        }
        Piece::Expr(_) => false,
    })
}

fn aggregate_named(name: &str) -> Option<AggregateFunction> {
    Some(match name {
        "count" => AggregateFunction::Count,
        "sum" => AggregateFunction::Sum,
        "avg" => AggregateFunction::Average,
        "min" => AggregateFunction::Min,
        "max" => AggregateFunction::Max,
        "bool_and" | "every" => AggregateFunction::Every,
        "bool_or" => AggregateFunction::Some,
        "array_agg" | "json_agg" | "jsonb_agg" => AggregateFunction::Array,
        "string_agg" => AggregateFunction::Text(Node::Value(Value::Null)),
        "json_object_agg" | "jsonb_object_agg" => AggregateFunction::Object(Node::Value(Value::Null)),
        "stddev" | "stddev_samp" => AggregateFunction::Variance { sample: true, root: true },
        "stddev_pop" => AggregateFunction::Variance { sample: false, root: true },
        "variance" | "var_samp" => AggregateFunction::Variance { sample: true, root: false },
        "var_pop" => AggregateFunction::Variance { sample: false, root: false },
        _ => return None,
    })
}

impl<'c> Compiler<'c> {
    /// A fragment as an expression.
    pub(super) fn fragment(&mut self, pieces: &'c [Piece]) -> Result<Node> {
        let mut parser = self.parser(pieces)?;
        let node = parser.expression()?;
        parser.finish()?;
        Ok(node)
    }

    pub(super) fn parser(&mut self, pieces: &'c [Piece]) -> Result<Parser<'_, 'c>> {
        Ok(Parser { tokens: tokens(pieces)?, compiler: self, at: 0, depth: 0 })
    }

    /// A fragment as a source.
    pub(super) fn fragment_source(&mut self, pieces: &'c [Piece]) -> Result<(Origin, Shape)> {
        let mut parser = self.parser(pieces)?;
        while parser.tokens.first() == Some(&Token::Sign("("))
            && parser.tokens.last() == Some(&Token::Sign(")"))
            && parser.wrapped()
        {
            parser.tokens.pop();
            parser.tokens.remove(0);
        }
        let (origin, columns) = parser.rows()?;
        parser.finish()?;
        Ok((origin, Shape { columns, ..Shape::default() }))
    }

    /// A fragment as a query.
    pub(super) fn select_fragment(&mut self, pieces: &'c [Piece]) -> Result<Select> {
        self.scopes.push(super::Scope::default());
        let made = self.fragment_source(pieces);
        self.scopes.pop();
        let (rows, shape) = made?;
        let fields =
            (0..shape.columns.len()).map(|column| Node::Column { up: 0, source: 0, column }).collect();
        let core = Core { sources: vec![Source::of(rows)], fields, ..Core::default() };
        Ok(Select { core, columns: shape.columns, ..Select::default() })
    }
}

impl<'c> Parser<'_, 'c> {
    fn peek(&self) -> Option<&Token<'c>> {
        self.tokens.get(self.at)
    }

    /// Whether the first bracket closes at the end.
    fn wrapped(&self) -> bool {
        let mut open = 0;
        for (at, token) in self.tokens.iter().enumerate() {
            match token {
                Token::Sign("(") => open += 1,
                Token::Sign(")") => open -= 1,
                _ => {}
            }
            if open == 0 {
                return at + 1 == self.tokens.len();
            }
        }
        false
    }

    pub(super) fn word(&mut self) -> Option<String> {
        match self.peek() {
            Some(Token::Word(word)) => {
                let word = word.clone();
                self.at += 1;
                Some(word)
            }
            _ => None,
        }
    }

    pub(super) fn take_word(&mut self, wanted: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Word(word)) if word == wanted);
        self.at += usize::from(found);
        found
    }

    fn take_words(&mut self, wanted: &[&str]) -> bool {
        let found = wanted
            .iter()
            .enumerate()
            .all(|(ahead, wanted)| matches!(self.tokens.get(self.at + ahead), Some(Token::Word(word)) if word == wanted));
        if found {
            self.at += wanted.len();
        }
        found
    }

    pub(super) fn expect_word(&mut self, wanted: &str) -> Result<()> {
        if self.take_word(wanted) { Ok(()) } else { Err(self.unexpected()) }
    }

    fn take(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Sign(other)) if *other == sign);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, sign: &str) -> Result<()> {
        if self.take(sign) { Ok(()) } else { Err(self.unexpected()) }
    }

    pub(super) fn finish(&self) -> Result<()> {
        if self.at < self.tokens.len() { Err(self.unexpected()) } else { Ok(()) }
    }

    fn unexpected(&self) -> AdapterError {
        let near = match self.peek() {
            None => "the end of a fragment".to_owned(),
            Some(Token::Word(word)) => format!("`{word}` in a fragment"),
            Some(Token::Quoted(name)) => format!("`\"{name}\"` in a fragment"),
            Some(Token::Sign(sign)) => format!("`{sign}` in a fragment"),
            Some(Token::Value(_)) => "a literal in this place of a fragment".to_owned(),
            Some(Token::Expr(_)) => "an expression in this place of a fragment".to_owned(),
        };
        AdapterError::unsupported(near)
    }

    /// One bound of a frame.
    pub(super) fn bound(&mut self) -> Result<Bound> {
        if self.take_words(&["unbounded", "preceding"]) {
            return Ok(Bound::First);
        }
        if self.take_words(&["unbounded", "following"]) {
            return Ok(Bound::Last);
        }
        if self.take_words(&["current", "row"]) {
            return Ok(Bound::Current);
        }
        let by = self.additive()?;
        match self.word().as_deref() {
            Some("preceding") => Ok(Bound::Preceding(by)),
            Some("following") => Ok(Bound::Following(by)),
            _ => Err(self.unexpected()),
        }
    }

    fn expression(&mut self) -> Result<Node> {
        if self.depth > 60 {
            return Err(AdapterError::unsupported("a fragment nested so deeply"));
        }
        self.depth += 1;
        let made = self.any_of();
        self.depth -= 1;
        made
    }

    fn any_of(&mut self) -> Result<Node> {
        let mut all = vec![self.all_of()?];
        while self.take_word("or") {
            all.push(self.all_of()?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Node::Or(all) })
    }

    fn all_of(&mut self) -> Result<Node> {
        let mut all = vec![self.negated()?];
        while self.take_word("and") {
            all.push(self.negated()?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Node::And(all) })
    }

    fn negated(&mut self) -> Result<Node> {
        if self.take_word("not") {
            return Ok(Node::Not(Box::new(self.negated()?)));
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Result<Node> {
        let mut left = self.additive()?;
        loop {
            let comparison = match self.peek() {
                Some(Token::Sign("=")) => Some(Comparison::Equal),
                Some(Token::Sign("<>" | "!=")) => Some(Comparison::NotEqual),
                Some(Token::Sign("<")) => Some(Comparison::Less),
                Some(Token::Sign("<=")) => Some(Comparison::LessOrEqual),
                Some(Token::Sign(">")) => Some(Comparison::Greater),
                Some(Token::Sign(">=")) => Some(Comparison::GreaterOrEqual),
                _ => None,
            };
            if let Some(comparison) = comparison {
                self.at += 1;
                if comparison == Comparison::Equal
                    && (self.take_words(&["any"]) || self.take_words(&["some"]))
                {
                    self.expect("(")?;
                    let list = self.expression()?;
                    self.expect(")")?;
                    left = Node::InArray(Box::new(left), Box::new(list), self.compiler.cache());
                    continue;
                }
                let right = self.additive()?;
                left = Node::Compare(comparison, Box::new(left), Box::new(right));
                continue;
            }
            if self.take_word("is") {
                let not = self.take_word("not");
                left = if self.take_word("null") {
                    Node::IsNull(Box::new(left))
                } else if self.take_word("true") {
                    Node::Call(Function::IsTrue, vec![left])
                } else if self.take_word("false") {
                    Node::Call(Function::IsFalse, vec![left])
                } else if self.take_word("unknown") {
                    Node::IsNull(Box::new(left))
                } else if self.take_words(&["distinct", "from"]) {
                    let right = self.additive()?;
                    Node::Compare(Comparison::Distinct, Box::new(left), Box::new(right))
                } else {
                    return Err(self.unexpected());
                };
                if not {
                    left = Node::Not(Box::new(left));
                }
                continue;
            }
            let not = matches!((self.peek(), self.tokens.get(self.at + 1)),
                (Some(Token::Word(not)), Some(Token::Word(next)))
                    if not == "not" && ["like", "ilike", "in", "between"].contains(&next.as_str()));
            self.at += usize::from(not);
            let made = if self.take_word("like") || self.take_word("ilike") {
                let ignore_case = matches!(&self.tokens[self.at - 1], Token::Word(word) if word == "ilike");
                let pattern = Box::new(self.additive()?);
                Some(Node::Like {
                    text: Box::new(left.clone()),
                    pattern,
                    ignore_case,
                    cache: self.compiler.cache(),
                })
            } else if self.take_word("between") {
                let low = self.additive()?;
                self.expect_word("and")?;
                let high = self.additive()?;
                Some(Node::And(vec![
                    Node::Compare(Comparison::GreaterOrEqual, Box::new(left.clone()), Box::new(low)),
                    Node::Compare(Comparison::LessOrEqual, Box::new(left.clone()), Box::new(high)),
                ]))
            } else if self.take_word("in") {
                Some(self.in_list(left.clone())?)
            } else {
                let signs =
                    [("~", false, false), ("~*", true, false), ("!~", false, true), ("!~*", true, true)];
                let found = signs
                    .iter()
                    .find(|(sign, ..)| matches!(self.peek(), Some(Token::Sign(other)) if other == sign));
                match found {
                    Some((_, ignore_case, negated)) => {
                        self.at += 1;
                        let pattern = Box::new(self.additive()?);
                        let text = Box::new(left.clone());
                        let regex = Node::Regex {
                            text,
                            pattern,
                            ignore_case: *ignore_case,
                            cache: self.compiler.cache(),
                        };
                        Some(if *negated { Node::Not(Box::new(regex)) } else { regex })
                    }
                    None => None,
                }
            };
            match made {
                Some(made) => left = if not { Node::Not(Box::new(made)) } else { made },
                None if not => return Err(self.unexpected()),
                None => return Ok(left),
            }
        }
    }

    fn in_list(&mut self, item: Node) -> Result<Node> {
        self.expect("(")?;
        if let (Some(Token::Expr(splice)), Some(Token::Sign(")"))) =
            (self.peek(), self.tokens.get(self.at + 1))
            && let Expr::Splice(list) = *splice
        {
            let list: &'c Expr = list;
            self.at += 2;
            let list = self.compiler.expression(list)?;
            return Ok(Node::InArray(Box::new(item), Box::new(list), self.compiler.cache()));
        }
        let list = self.list(")")?;
        Ok(Node::In(Box::new(item), list, self.compiler.cache()))
    }

    /// Expressions up to a closing bracket.
    fn list(&mut self, end: &str) -> Result<Vec<Node>> {
        let mut all = Vec::new();
        if self.take(end) {
            return Ok(all);
        }
        loop {
            all.push(self.expression()?);
            if self.take(end) {
                return Ok(all);
            }
            self.expect(",")?;
        }
    }

    fn additive(&mut self) -> Result<Node> {
        let mut left = self.joined()?;
        loop {
            let operation = match self.peek() {
                Some(Token::Sign("+")) => Arithmetic::Add,
                Some(Token::Sign("-")) => Arithmetic::Subtract,
                _ => return Ok(left),
            };
            self.at += 1;
            if self.take_word("interval") {
                left = self.later(left, operation == Arithmetic::Subtract)?;
                continue;
            }
            let right = self.joined()?;
            left = Node::Arithmetic(operation, Box::new(left), Box::new(right));
        }
    }

    /// The operators of texts, lists and JSON stand between those of sums and products.
    fn joined(&mut self) -> Result<Node> {
        let mut left = self.multiplied()?;
        loop {
            let Some(Token::Sign(sign)) = self.peek() else { return Ok(left) };
            let sign = *sign;
            left = match sign {
                "||" | "&&" | "@>" | "<@" | "?" => {
                    self.at += 1;
                    let right = self.multiplied()?;
                    let function = Function::named(sign).ok_or_else(|| self.unexpected())?;
                    Node::Call(function, vec![left, right])
                }
                "->" | "->>" => {
                    self.at += 1;
                    let key = self.multiplied()?;
                    Node::Path(Box::new(left), vec![key], sign == "->>")
                }
                "#>" | "#>>" => {
                    self.at += 1;
                    let keys = match self.multiplied()? {
                        Node::Value(Value::String(text)) => text
                            .trim_matches(['{', '}'])
                            .split(',')
                            .filter(|key| !key.is_empty())
                            .map(|key| Node::Value(Value::from(key.trim().trim_matches('"'))))
                            .collect(),
                        Node::List(keys) => keys,
                        _ => return Err(AdapterError::unsupported("a computed JSON path in a fragment")),
                    };
                    Node::Path(Box::new(left), keys, sign == "#>>")
                }
                _ => return Ok(left),
            };
        }
    }

    fn multiplied(&mut self) -> Result<Node> {
        let mut left = self.unary()?;
        loop {
            let operation = match self.peek() {
                Some(Token::Sign("*")) => Arithmetic::Multiply,
                Some(Token::Sign("/")) => Arithmetic::Divide,
                Some(Token::Sign("%")) => Arithmetic::Remainder,
                Some(Token::Sign("^")) => {
                    self.at += 1;
                    let right = self.unary()?;
                    left = Node::Call(Function::Power, vec![left, right]);
                    continue;
                }
                _ => return Ok(left),
            };
            self.at += 1;
            let right = self.unary()?;
            left = Node::Arithmetic(operation, Box::new(left), Box::new(right));
        }
    }

    fn unary(&mut self) -> Result<Node> {
        if self.take("-") {
            return Ok(Node::Negate(Box::new(self.unary()?)));
        }
        if self.take("+") {
            return self.unary();
        }
        self.postfix()
    }

    fn postfix(&mut self) -> Result<Node> {
        let mut node = self.primary()?;
        loop {
            if self.take("::") {
                let to = self.type_name()?;
                node = Node::Cast(Box::new(node), to);
            } else if self.take("[") {
                let index = self.expression()?;
                self.expect("]")?;
                // Arrays are counted from one.
                let index = Node::Arithmetic(
                    Arithmetic::Subtract,
                    Box::new(index),
                    Box::new(Node::Value(Value::Integer(1))),
                );
                node = Node::Path(Box::new(node), vec![index], false);
            } else if self.take_words(&["at", "time", "zone"]) {
                match self.primary()? {
                    Node::Value(zone)
                        if zone.as_str().is_some_and(|zone| {
                            ["utc", "etc/utc", "z"].contains(&zone.to_ascii_lowercase().as_str())
                        }) =>
                    {
                        let to = match self.compiler.kind(&node) {
                            Kind::NaiveDatetime(_) => Cast::Utc,
                            _ => Cast::Naive,
                        };
                        node = Node::Cast(Box::new(node), to);
                    }
                    _ => return Err(AdapterError::unsupported("time zones other than UTC in a fragment")),
                }
            } else if self.take_word("collate") {
                match self.peek() {
                    Some(Token::Quoted(name)) if name == "C" || name == "POSIX" => self.at += 1,
                    _ => return Err(AdapterError::unsupported("collations other than \"C\" in a fragment")),
                }
            } else {
                return Ok(node);
            }
        }
    }

    fn primary(&mut self) -> Result<Node> {
        let Some(token) = self.peek().cloned() else { return Err(self.unexpected()) };
        match token {
            Token::Expr(Expr::Source(source))
                if matches!(self.tokens.get(self.at + 1), Some(Token::Sign("."))) =>
            {
                self.at += 2;
                let name = self.name()?;
                let shape = self.compiler.scope()?.sources.get_mut(*source);
                match shape.and_then(|shape| shape.ask(&name)) {
                    Some(column) => Ok(Node::Column { up: 0, source: *source, column }),
                    None => Err(refused("42703", format!("column \"{name}\" does not exist"))),
                }
            }
            Token::Expr(expr) => {
                self.at += 1;
                self.compiler.expression(expr)
            }
            Token::Value(value) => {
                self.at += 1;
                Ok(Node::Value(value))
            }
            Token::Quoted(_) => {
                let name = self.name()?;
                self.column(&name)
            }
            Token::Sign("(") => {
                self.at += 1;
                let node = self.expression()?;
                self.expect(")")?;
                Ok(node)
            }
            Token::Word(word) => {
                self.at += 1;
                self.after_word(&word)
            }
            Token::Sign(_) => Err(self.unexpected()),
        }
    }

    fn column(&mut self, name: &str) -> Result<Node> {
        if self.take(".") {
            let column = self.name()?;
            return self.compiler.qualified_column(name, &column);
        }
        self.compiler.named_column(name)
    }

    fn name(&mut self) -> Result<String> {
        match self.peek().cloned() {
            Some(Token::Word(name) | Token::Quoted(name)) => {
                self.at += 1;
                Ok(name)
            }
            Some(Token::Expr(Expr::Identifier(name))) => {
                self.at += 1;
                Ok(name.as_str().to_owned())
            }
            _ => Err(self.unexpected()),
        }
    }
}
