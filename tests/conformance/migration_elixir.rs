//! A reader of the Elixir that migrations are written in: calls, blocks, literals, `if` and `fn`.

use std::fmt;

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// An atom; nil, true and false among them.
    Atom(String),
    /// Text.
    Text(String),
    /// An integer.
    Integer(i64),
    /// A float.
    Float(f64),
    /// A list. A keyword list is a list of pairs.
    List(Vec<Node>),
    /// A tuple.
    Tuple(Vec<Node>),
    /// A map.
    Map(Vec<(Node, Node)>),
    /// A call, perhaps on a value, perhaps with blocks (`do`, `else`).
    Call { on: Option<Box<Node>>, name: String, arguments: Vec<Node>, blocks: Vec<(String, Vec<Node>)> },
    /// `fn -> .. end`.
    Function(Vec<Node>),
}

/// What can't be read, and where.
#[derive(Debug)]
pub struct Unreadable(String);

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

type Result<T> = std::result::Result<T, Unreadable>;

/// Reads the statements of a function's body.
pub fn read(text: &str) -> Result<Vec<Node>> {
    let mut parser = Parser { tokens: tokens(text)?, at: 0, bare: false };
    let body = parser.block(&[])?;
    match parser.peek() {
        Token::End => Ok(body),
        other => Err(Unreadable(format!("{other:?} is left over"))),
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Name(String),
    Atom(String),
    /// `key:` before a value.
    Key(String),
    Text(String),
    Integer(i64),
    Float(f64),
    Sign(&'static str),
    Line,
    End,
}

const SIGNS: [&str; 27] = [
    "%{", "<-", "->", "::", "=>", "==", "!=", "<=", ">=", "&&", "||", "|>", "<>", "(", ")", "[", "]", "{",
    "}", ",", ".", "+", "-", "<", ">", "!", "=",
];

fn tokens(text: &str) -> Result<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let word = |text: &str| {
            let end = text.find(|char: char| !(char.is_alphanumeric() || char == '_' || char == '@'));
            let end = end.unwrap_or(text.len());
            // `nil?` and `query!` are names too, `a != b` is not.
            let marked = text[end..].starts_with(['?', '!']) && !text[end..].starts_with("!=");
            end + usize::from(marked)
        };
        let token = if first == '\n' || first == ';' {
            rest = &rest[1..];
            Token::Line
        } else if first.is_whitespace() {
            rest = &rest[first.len_utf8()..];
            continue;
        } else if first == '#' {
            rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
            continue;
        } else if first == '"' {
            let (text, left) = quoted(rest, '"')?;
            rest = left;
            // `"key": value`
            match rest.strip_prefix(": ") {
                Some(left) => {
                    rest = left;
                    Token::Key(text)
                }
                None => Token::Text(text),
            }
        } else if rest.starts_with("~w") {
            let (words, left) = quoted(&rest[2..], closing(rest)?)?;
            rest = left.strip_prefix('a').unwrap_or(left);
            let atoms = left.starts_with('a');
            tokens.push(Token::Sign("["));
            for word in words.split_whitespace() {
                tokens.push(if atoms { Token::Atom(word.into()) } else { Token::Text(word.into()) });
                tokens.push(Token::Sign(","));
            }
            Token::Sign("]")
        } else if rest.starts_with("~s") || rest.starts_with("~S") {
            let close = closing(rest)?;
            let (text, left) = quoted(&rest[2..], close)?;
            rest = left;
            Token::Text(text)
        } else if rest.starts_with(":\"") {
            let (text, left) = quoted(&rest[1..], '"')?;
            rest = left;
            Token::Atom(text)
        } else if first == ':' {
            let end = 1 + word(&rest[1..]);
            let atom = rest[1..end].to_owned();
            rest = &rest[end..];
            Token::Atom(atom)
        } else if first.is_ascii_digit() {
            number(&mut rest)?
        } else if first.is_alphabetic() || first == '_' || first == '@' {
            let end = word(rest);
            let name = rest[..end].to_owned();
            rest = &rest[end..];
            if rest.starts_with(':') && !rest.starts_with("::") {
                rest = &rest[1..];
                Token::Key(name)
            } else {
                Token::Name(name)
            }
        } else {
            let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign));
            let sign = sign.ok_or_else(|| Unreadable(format!("{first:?} is no sign")))?;
            rest = &rest[sign.len()..];
            Token::Sign(sign)
        };
        tokens.push(token);
    }
    Ok(tokens)
}

/// What closes a sigil.
fn closing(sigil: &str) -> Result<char> {
    Ok(match sigil[2..].chars().next() {
        Some('(') => ')',
        Some('[') => ']',
        Some('{') => '}',
        Some('<') => '>',
        Some(other) => other,
        None => return Err(Unreadable("an empty sigil".into())),
    })
}

fn number(rest: &mut &str) -> Result<Token> {
    let end = rest.find(|char: char| !(char.is_ascii_digit() || char == '_' || char == '.' || char == 'e'));
    let digits = rest[..end.unwrap_or(rest.len())].replace('_', "");
    *rest = &rest[end.unwrap_or(rest.len())..];
    let wrong = || Unreadable(format!("{digits} is no number"));
    if digits.contains('.') {
        digits.parse().map(Token::Float).map_err(|_| wrong())
    } else {
        digits.parse().map(Token::Integer).map_err(|_| wrong())
    }
}

/// The text within quotes, and what follows it.
fn quoted(text: &str, close: char) -> Result<(String, &str)> {
    if let Some(heredoc) = text.strip_prefix("\"\"\"\n") {
        let end = heredoc.find("\"\"\"").ok_or_else(|| Unreadable("a text without end".into()))?;
        let body = heredoc[..end].rsplit_once('\n').map_or("", |(body, _)| body);
        let margin = heredoc[..end].rsplit('\n').next().unwrap_or_default().len();
        let lines = body.lines().map(|line| line.get(margin..).unwrap_or_default());
        let text = lines.map(|line| line.to_owned() + "\n").collect();
        return Ok((text, &heredoc[end + 3..]));
    }
    let mut read = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((at, char)) = chars.next() {
        match char {
            '\\' => match chars.next() {
                Some((_, 'n')) => read.push('\n'),
                Some((_, 't')) => read.push('\t'),
                Some((_, '0')) => read.push('\0'),
                Some((_, other)) => read.push(other),
                None => break,
            },
            char if char == close => return Ok((read, &text[at + char.len_utf8()..])),
            char => read.push(char),
        }
    }
    Err(Unreadable(format!("{text} is a text without end")))
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    /// Within arguments without parentheses: a block belongs to the call that has them.
    bare: bool,
}

impl Parser {
    fn peek(&self) -> &Token {
        self.tokens.get(self.at).unwrap_or(&Token::End)
    }

    fn next(&mut self) -> Token {
        let token = self.peek().clone();
        self.at += 1;
        token
    }

    fn skip_lines(&mut self) {
        while *self.peek() == Token::Line {
            self.at += 1;
        }
    }

    fn take(&mut self, sign: &'static str) -> bool {
        let there = *self.peek() == Token::Sign(sign);
        self.at += usize::from(there);
        there
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Token::Name(name) if name == word)
    }

    fn expect(&mut self, sign: &'static str) -> Result<()> {
        if self.take(sign) {
            return Ok(());
        }
        Err(Unreadable(format!("`{sign}` is missing before {:?}", self.peek())))
    }

    /// Statements up to one of these words.
    fn block(&mut self, ends: &[&str]) -> Result<Vec<Node>> {
        let mut statements = Vec::new();
        loop {
            self.skip_lines();
            let over = match self.peek() {
                Token::End => true,
                Token::Name(name) => ends.contains(&name.as_str()),
                _ => false,
            };
            if over {
                return Ok(statements);
            }
            statements.push(self.expression(0)?);
        }
    }

    fn expression(&mut self, level: usize) -> Result<Node> {
        const LEVELS: [&[&str]; 6] = [
            &["=", "<-"],
            &["or", "||"],
            &["and", "&&"],
            &["==", "!="],
            &["<", ">", "<=", ">="],
            &["<>", "+", "-"],
        ];
        let Some(operators) = LEVELS.get(level) else { return self.unary() };
        let mut left = self.expression(level + 1)?;
        loop {
            let operator = match self.peek() {
                Token::Name(name) => operators.iter().find(|operator| *operator == name),
                Token::Sign(sign) => operators.iter().find(|operator| *operator == sign),
                _ => None,
            };
            let Some(operator) = operator else { return Ok(left) };
            self.at += 1;
            self.skip_lines();
            let right = self.expression(level + 1)?;
            left = call(operator, vec![left, right]);
        }
    }

    fn unary(&mut self) -> Result<Node> {
        if self.is_word("not") || *self.peek() == Token::Sign("!") {
            self.at += 1;
            return Ok(call("not", vec![self.unary()?]));
        }
        if self.take("-") {
            return Ok(match self.unary()? {
                Node::Integer(number) => Node::Integer(-number),
                Node::Float(number) => Node::Float(-number),
                other => call("-", vec![other]),
            });
        }
        let mut node = self.primary()?;
        while self.take(".") {
            let Token::Name(name) = self.next() else {
                return Err(Unreadable("a name is missing after a point".into()));
            };
            let arguments = if self.take("(") { self.arguments(")")? } else { Vec::new() };
            node = Node::Call { on: Some(Box::new(node)), name, arguments, blocks: Vec::new() };
        }
        Ok(node)
    }

    fn primary(&mut self) -> Result<Node> {
        Ok(match self.next() {
            Token::Atom(name) => Node::Atom(name),
            Token::Text(text) => Node::Text(text),
            Token::Integer(number) => Node::Integer(number),
            Token::Float(number) => Node::Float(number),
            Token::Sign("(") => {
                let node = self.expression(0)?;
                self.expect(")")?;
                node
            }
            Token::Sign("[") => {
                let (elements, pairs) = self.items("]")?;
                Node::List([elements, pairs].concat())
            }
            Token::Sign("{") => Node::Tuple(self.arguments("}")?),
            Token::Sign("%{") => Node::Map(self.entries()?),
            Token::Name(name) if name == "fn" => {
                self.expect("->")?;
                let body = self.block(&["end"])?;
                self.at += 1;
                Node::Function(body)
            }
            Token::Name(name) => match name.as_str() {
                "nil" | "true" | "false" => Node::Atom(name),
                alias if alias.starts_with(char::is_uppercase) => self.alias(name)?,
                _ => self.call(name)?,
            },
            other => return Err(Unreadable(format!("{other:?} starts no expression"))),
        })
    }

    /// The name of a module is an atom.
    fn alias(&mut self, mut name: String) -> Result<Node> {
        while *self.peek() == Token::Sign(".")
            && matches!(self.tokens.get(self.at + 1), Some(Token::Name(next)) if next.starts_with(char::is_uppercase))
        {
            self.at += 1;
            let Token::Name(next) = self.next() else { break };
            name = format!("{name}.{next}");
        }
        Ok(Node::Atom(format!("Elixir.{name}")))
    }

    fn call(&mut self, name: String) -> Result<Node> {
        let mut arguments = Vec::new();
        if self.take("(") {
            arguments = self.arguments(")")?;
        } else if !matches!(self.peek(), Token::Line | Token::End | Token::Sign(_)) && !self.is_operator() {
            let outer = std::mem::replace(&mut self.bare, true);
            arguments = self.bare_arguments()?;
            self.bare = outer;
        }
        let mut blocks = Vec::new();
        if self.is_word("do") && !self.bare {
            let outer = std::mem::replace(&mut self.bare, false);
            let mut word = "do".to_owned();
            while word != "end" {
                self.at += 1;
                let body = self.block(&["else", "end"])?;
                blocks.push((word, body));
                let Token::Name(next) = self.peek().clone() else {
                    return Err(Unreadable(format!("the block of {name} has no end")));
                };
                word = next;
            }
            self.at += 1;
            self.bare = outer;
        }
        Ok(Node::Call { on: None, name, arguments, blocks })
    }

    /// What stands between brackets: positional items, and the pairs of keywords at the end.
    fn items(&mut self, close: &'static str) -> Result<(Vec<Node>, Vec<Node>)> {
        let (mut items, mut pairs) = (Vec::new(), Vec::new());
        loop {
            self.skip_lines();
            if self.take(close) {
                return Ok((items, pairs));
            }
            self.item(&mut items, &mut pairs)?;
            self.skip_lines();
            if !self.take(",") {
                self.expect(close)?;
                return Ok((items, pairs));
            }
        }
    }

    fn item(&mut self, items: &mut Vec<Node>, pairs: &mut Vec<Node>) -> Result<()> {
        if let Token::Key(key) = self.peek().clone() {
            self.at += 1;
            self.skip_lines();
            pairs.push(Node::Tuple(vec![Node::Atom(key), self.expression(0)?]));
        } else {
            items.push(self.expression(0)?);
        }
        Ok(())
    }

    /// The arguments of a call: keywords at the end are one list.
    fn arguments(&mut self, close: &'static str) -> Result<Vec<Node>> {
        let (mut items, pairs) = self.items(close)?;
        if !pairs.is_empty() {
            items.push(Node::List(pairs));
        }
        Ok(items)
    }

    /// Arguments without parentheses.
    fn bare_arguments(&mut self) -> Result<Vec<Node>> {
        let (mut items, mut pairs) = (Vec::new(), Vec::new());
        loop {
            self.item(&mut items, &mut pairs)?;
            if !self.take(",") {
                break;
            }
            self.skip_lines();
        }
        if !pairs.is_empty() {
            items.push(Node::List(pairs));
        }
        Ok(items)
    }

    /// The entries of a map.
    fn entries(&mut self) -> Result<Vec<(Node, Node)>> {
        let mut entries = Vec::new();
        loop {
            self.skip_lines();
            if self.take("}") {
                return Ok(entries);
            }
            let key = if let Token::Key(key) = self.peek().clone() {
                self.at += 1;
                Node::Atom(key)
            } else {
                let key = self.expression(0)?;
                self.expect("=>")?;
                key
            };
            self.skip_lines();
            entries.push((key, self.expression(0)?));
            self.skip_lines();
            if !self.take(",") {
                self.expect("}")?;
                return Ok(entries);
            }
        }
    }

    fn is_operator(&self) -> bool {
        ["do", "end", "else", "and", "or"].into_iter().any(|word| self.is_word(word))
    }
}

impl Node {
    /// The same with a variable's value in its places.
    pub fn with(&self, variable: &str, value: &Node) -> Node {
        let all = |nodes: &[Node]| nodes.iter().map(|node| node.with(variable, value)).collect::<Vec<_>>();
        match self {
            Node::Call { on: None, name, arguments, blocks }
                if name == variable && arguments.is_empty() && blocks.is_empty() =>
            {
                value.clone()
            }
            Node::Call { on, name, arguments, blocks } => Node::Call {
                on: on.as_ref().map(|on| Box::new(on.with(variable, value))),
                name: name.clone(),
                arguments: all(arguments),
                blocks: blocks.iter().map(|(word, body)| (word.clone(), all(body))).collect(),
            },
            Node::List(list) => Node::List(all(list)),
            Node::Tuple(tuple) => Node::Tuple(all(tuple)),
            Node::Map(entries) => Node::Map(
                entries
                    .iter()
                    .map(|(key, entry)| (key.with(variable, value), entry.with(variable, value)))
                    .collect(),
            ),
            Node::Function(body) => Node::Function(all(body)),
            other => other.clone(),
        }
    }

    /// The name, if this is a variable.
    pub fn variable(&self) -> Option<&str> {
        match self {
            Node::Call { on: None, name, arguments, blocks } if arguments.is_empty() && blocks.is_empty() => {
                Some(name)
            }
            _ => None,
        }
    }
}

fn call(name: &str, arguments: Vec<Node>) -> Node {
    Node::Call { on: None, name: name.to_owned(), arguments, blocks: Vec::new() }
}
