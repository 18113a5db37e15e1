//! Conditions of SQL as expressions: what checks and partial indexes of migrations say.

use super::kind::{coerce, field_type};
use crate::adapter::{AdapterError, Outcome};
use crate::expr::{Call, Expr, MAX_DEPTH, Operator, field};
use crate::migration::Condition;
use crate::store::Kind;
use crate::value::{Decimal, Value};

/// How long a condition may be.
const MAX_BYTES: usize = 10_000;

/// Reads a condition: comparisons of columns and literals, `and`, `or`, `not`, `is null`, `in`, `between`, `like`,
/// `ilike`, `+`, `-`, `*` and `coalesce`. `kinds` are the columns.
///
/// # Errors
///
/// [`AdapterError::Unsupported`] with what it does not understand; [`AdapterError::Query`] for a column that is not
/// there or a comparison of kinds that never compare.
///
/// ```
/// use ectomorph::adapters::define::condition;
/// use ectomorph::expr::field;
/// use ectomorph::store::Kind;
///
/// let kinds = |column: &str| (column == "age").then_some(Kind::Integer(32));
/// assert_eq!(condition("age >= 18 AND age < 100", &kinds), Ok(field("age").gte(18).and(field("age").lt(100))));
/// assert!(condition("lower(name) = 'x'", &kinds).is_err());
/// ```
pub fn condition(sql: &str, kinds: &dyn Fn(&str) -> Option<Kind>) -> Outcome<Expr> {
    let expr = Parser::new(sql, kinds)?.whole()?;
    checked(expr, &format!("{sql:?}"), kinds)
}

/// The expression of a condition of a migration.
pub(super) fn expression(of: &Condition, kinds: &dyn Fn(&str) -> Option<Kind>) -> Outcome<Expr> {
    match of {
        Condition::Sql(sql) => condition(sql, kinds),
        Condition::Expr(expr) => checked(expr.clone(), "an expression", kinds),
    }
}

fn checked(expr: Expr, what: &str, kinds: &dyn Fn(&str) -> Option<Kind>) -> Outcome<Expr> {
    let types = |column: &str| kinds(column).as_ref().map(field_type);
    match expr.check_condition(&types) {
        Ok(()) => Ok(expr),
        Err(error) => Err(AdapterError::Query {
            message: format!("condition {what}: {error}"),
            code: Some(crate::value::Str::Static("42804")),
        }),
    }
}

/// The value of a literal of SQL, such as a default; none for anything else.
pub(super) fn literal(sql: &str) -> Option<Value> {
    match Parser::new(sql, &|_| None).ok()?.whole().ok()? {
        Expr::Literal(value) => Some(value),
        _ => None,
    }
}

struct Parser<'a> {
    sql: &'a str,
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    kinds: &'a dyn Fn(&str) -> Option<Kind>,
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    /// A word, in small letters, that may be a keyword.
    Word(String),
    /// A quoted name.
    Name(String),
    Text(String),
    Number(String),
    Sign(&'static str),
}

const SIGNS: [&str; 14] = ["<>", "!=", "<=", ">=", "=", "<", ">", "(", ")", ",", ".", "+", "-", "*"];

impl<'a> Parser<'a> {
    fn new(sql: &'a str, kinds: &'a dyn Fn(&str) -> Option<Kind>) -> Outcome<Parser<'a>> {
        let mut parser = Parser { sql, tokens: Vec::new(), at: 0, depth: 0, kinds };
        if sql.len() > MAX_BYTES {
            return Err(AdapterError::unsupported("a condition of more than 10000 bytes"));
        }
        let mut rest = sql.trim_start();
        while let Some(first) = rest.chars().next() {
            let (token, used) = if first == '\'' || first == '"' {
                let (text, used) = quoted(rest, first).ok_or_else(|| parser.unsupported(rest))?;
                (if first == '"' { Token::Name(text) } else { Token::Text(text) }, used)
            } else if first.is_ascii_digit() {
                let end = rest.find(|char: char| !(char.is_ascii_digit() || char == '.'));
                let end = end.unwrap_or(rest.len());
                (Token::Number(rest[..end].to_owned()), end)
            } else if first.is_alphabetic() || first == '_' {
                let end = rest.find(|char: char| !(char.is_alphanumeric() || char == '_'));
                let end = end.unwrap_or(rest.len());
                (Token::Word(rest[..end].to_lowercase()), end)
            } else {
                let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign));
                let sign = sign.ok_or_else(|| parser.unsupported(rest))?;
                (Token::Sign(sign), sign.len())
            };
            parser.tokens.push(token);
            rest = rest[used..].trim_start();
        }
        Ok(parser)
    }

    fn unsupported(&self, what: &str) -> AdapterError {
        AdapterError::unsupported(format!("{what:?} in the condition {:?}", self.sql))
    }

    /// What stands here is not understood.
    fn stuck(&self) -> AdapterError {
        match self.tokens.get(self.at) {
            None => self.unsupported("the end"),
            Some(Token::Sign(sign)) => self.unsupported(sign),
            Some(Token::Word(text) | Token::Name(text) | Token::Text(text) | Token::Number(text)) => {
                self.unsupported(text)
            }
        }
    }

    fn whole(mut self) -> Outcome<Expr> {
        let expr = self.or()?;
        if self.at < self.tokens.len() { Err(self.stuck()) } else { Ok(expr) }
    }

    fn sign(&mut self, sign: &'static str) -> bool {
        let there = self.tokens.get(self.at) == Some(&Token::Sign(sign));
        self.at += usize::from(there);
        there
    }

    fn word(&mut self, word: &str) -> bool {
        let there = matches!(self.tokens.get(self.at), Some(Token::Word(found)) if found == word);
        self.at += usize::from(there);
        there
    }

    fn expect(&mut self, sign: &'static str) -> Outcome<()> {
        if self.sign(sign) { Ok(()) } else { Err(self.stuck()) }
    }

    fn expect_word(&mut self, word: &str) -> Outcome<()> {
        if self.word(word) { Ok(()) } else { Err(self.stuck()) }
    }

    fn or(&mut self) -> Outcome<Expr> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.unsupported("more nesting than an expression may have"));
        }
        let mut operands = vec![self.and()?];
        while self.word("or") {
            operands.push(self.and()?);
        }
        self.depth -= 1;
        Ok(one_or_call(Operator::Or, operands))
    }

    fn and(&mut self) -> Outcome<Expr> {
        let mut operands = vec![self.not()?];
        while self.word("and") {
            operands.push(self.not()?);
        }
        Ok(one_or_call(Operator::And, operands))
    }

    fn not(&mut self) -> Outcome<Expr> {
        let mut negations = 0_usize;
        while self.word("not") {
            negations += 1;
        }
        let expr = self.comparison()?;
        Ok(if negations % 2 == 1 { !expr } else { expr })
    }

    fn comparison(&mut self) -> Outcome<Expr> {
        let left = self.sum()?;
        let operators = [
            ("=", Operator::Equal),
            ("<>", Operator::NotEqual),
            ("!=", Operator::NotEqual),
            ("<=", Operator::LessOrEqual),
            (">=", Operator::GreaterOrEqual),
            ("<", Operator::Less),
            (">", Operator::Greater),
        ];
        for (sign, operator) in operators {
            if self.sign(sign) {
                let right = self.sum()?;
                return self.compare(operator, left, right);
            }
        }
        if self.word("is") {
            let negated = self.word("not");
            let expr = if self.word("null") {
                left.is_nil()
            } else if self.word("true") {
                coalesced(left, false)
            } else {
                self.expect_word("false")?;
                !coalesced(left, true)
            };
            return Ok(if negated { !expr } else { expr });
        }
        let negated = self.word("not");
        let expr = if self.word("in") {
            self.expect("(")?;
            let mut list = vec![self.member(&left)?];
            while self.sign(",") {
                list.push(self.member(&left)?);
            }
            self.expect(")")?;
            call(Operator::In, left, Expr::Literal(Value::List(list)))
        } else if self.word("between") {
            let low = self.sum()?;
            self.expect_word("and")?;
            let high = self.sum()?;
            let from = self.compare(Operator::GreaterOrEqual, left.clone(), low)?;
            from.and(self.compare(Operator::LessOrEqual, left, high)?)
        } else if self.word("like") {
            let right = self.sum()?;
            call(Operator::Like, left, right)
        } else if self.word("ilike") {
            let right = self.sum()?;
            call(Operator::Ilike, left, right)
        } else if negated {
            return Err(self.stuck());
        } else {
            left
        };
        Ok(if negated { !expr } else { expr })
    }

    /// An element of a list, with the kind of what is looked for. Null would make the answer unknown.
    fn member(&mut self, left: &Expr) -> Outcome<Value> {
        match self.sum()? {
            Expr::Literal(value) if !value.is_null() => self.as_kind_of(left, value),
            _ => Err(self.unsupported("what is no literal in a list")),
        }
    }

    /// A comparison whose text literals are read as values of the column they are compared with.
    fn compare(&self, operator: Operator, left: Expr, right: Expr) -> Outcome<Expr> {
        let (left, right) = match (left, right) {
            (left, Expr::Literal(value)) => {
                let value = self.as_kind_of(&left, value)?;
                (left, Expr::Literal(value))
            }
            (Expr::Literal(value), right) => (Expr::Literal(self.as_kind_of(&right, value)?), right),
            both => both,
        };
        Ok(call(operator, left, right))
    }

    fn as_kind_of(&self, column: &Expr, value: Value) -> Outcome<Value> {
        match (column, &value) {
            (Expr::Field(name), Value::String(_)) => match (self.kinds)(name) {
                Some(kind) => coerce(&kind, value),
                None => Ok(value),
            },
            _ => Ok(value),
        }
    }

    fn sum(&mut self) -> Outcome<Expr> {
        let mut left = self.product()?;
        loop {
            if self.sign("+") {
                left = left + self.product()?;
            } else if self.sign("-") {
                left = left - self.product()?;
            } else {
                return Ok(left);
            }
        }
    }

    fn product(&mut self) -> Outcome<Expr> {
        let mut left = self.atom()?;
        while self.sign("*") {
            left = left * self.atom()?;
        }
        Ok(left)
    }

    fn atom(&mut self) -> Outcome<Expr> {
        let Some(token) = self.tokens.get(self.at).cloned() else { return Err(self.stuck()) };
        self.at += 1;
        match token {
            Token::Text(text) => Ok(Expr::Literal(text.into())),
            Token::Number(digits) => self.number(&digits, false),
            Token::Sign("-") => match self.tokens.get(self.at).cloned() {
                Some(Token::Number(digits)) => {
                    self.at += 1;
                    self.number(&digits, true)
                }
                _ => Err(self.stuck()),
            },
            Token::Sign("(") => {
                let expr = self.or()?;
                self.expect(")")?;
                Ok(expr)
            }
            Token::Name(name) => self.column(name),
            Token::Word(word) => match word.as_str() {
                "true" => Ok(Expr::Literal(true.into())),
                "false" => Ok(Expr::Literal(false.into())),
                "null" => Ok(Expr::Literal(Value::Null)),
                "coalesce" if self.sign("(") => {
                    let first = self.sum()?;
                    self.expect(",")?;
                    let second = self.sum()?;
                    self.expect(")")?;
                    Ok(call(Operator::Coalesce, first, second))
                }
                _ => self.column(word),
            },
            Token::Sign(_) => {
                self.at -= 1;
                Err(self.stuck())
            }
        }
    }

    fn number(&self, digits: &str, negative: bool) -> Outcome<Expr> {
        let text = if negative { format!("-{digits}") } else { digits.to_owned() };
        let integer = text.parse().map(Value::Integer).ok();
        let value = integer.or_else(|| Decimal::parse(&text).map(Value::Decimal));
        value.map(Expr::Literal).ok_or_else(|| self.unsupported(digits))
    }

    /// A column, perhaps with its table in front.
    fn column(&mut self, first: String) -> Outcome<Expr> {
        let mut name = first;
        if self.sign(".") {
            name = match self.tokens.get(self.at).cloned() {
                Some(Token::Word(name) | Token::Name(name)) => name,
                _ => return Err(self.stuck()),
            };
            self.at += 1;
        }
        if self.tokens.get(self.at) == Some(&Token::Sign("(")) {
            return Err(self.unsupported(&format!("{name}()")));
        }
        if (self.kinds)(&name).is_none() {
            let message = format!("column \"{name}\" does not exist");
            return Err(AdapterError::Query { message, code: Some(crate::value::Str::Static("42703")) });
        }
        Ok(field(name))
    }
}

fn call(operator: Operator, left: Expr, right: Expr) -> Expr {
    // Operators of two operands are given two.
    Call::new(operator, [left, right]).map_or(Expr::Literal(Value::Null), Expr::Call)
}

fn one_or_call(operator: Operator, mut operands: Vec<Expr>) -> Expr {
    match operands.len() {
        1 => operands.remove(0),
        _ => Call::new(operator, operands).map_or(Expr::Literal(Value::Null), Expr::Call),
    }
}

fn coalesced(expr: Expr, or: bool) -> Expr {
    call(Operator::Coalesce, expr, Expr::Literal(or.into()))
}

/// The text within quotes that are doubled inside, and how many bytes it took.
fn quoted(text: &str, quote: char) -> Option<(String, usize)> {
    let mut read = String::new();
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, char)) = chars.next() {
        if char != quote {
            read.push(char);
        } else if chars.peek().is_some_and(|(_, next)| *next == quote) {
            chars.next();
            read.push(quote);
        } else {
            return Some((read, at + 1));
        }
    }
    None
}
