//! Names of tables with a prefix, which GlueSQL has not: `app.users` becomes the one word `"app.users"`.

use crate::store::{Database, TableName};
use gluesql_core::error::{Error, Result};
use gluesql_core::sqlparser::ast::Statement;
use gluesql_core::sqlparser::dialect::PostgreSqlDialect;
use gluesql_core::sqlparser::parser::Parser;
use gluesql_core::sqlparser::tokenizer::{Token, Tokenizer};

/// The statements in a text, with names of tables of the database that have a prefix made one word.
pub(super) fn parse(sql: &str, database: &Database) -> Result<Vec<Statement>> {
    if !database.tables().any(|table| table.definition().name.prefix.is_some()) {
        return gluesql_core::parse_sql::parse(sql);
    }
    let malformed = |error: &dyn std::fmt::Display| Error::Parser(error.to_string());
    let dialect = PostgreSqlDialect {};
    let tokens = Tokenizer::new(&dialect, sql).tokenize().map_err(|error| malformed(&error))?;
    let tokens = joined(tokens, database);
    Parser::new(&dialect).with_tokens(tokens).parse_statements().map_err(|error| malformed(&error))
}

/// What stands before and behind a dot is a table if there is one of that name, and nothing (an alias) stands before it.
fn joined(tokens: Vec<Token>, database: &Database) -> Vec<Token> {
    let mut made: Vec<Token> = Vec::with_capacity(tokens.len());
    for token in tokens {
        let name = match (made.as_slice(), &token) {
            ([before @ .., Token::Word(prefix), Token::Period], Token::Word(name))
                if before.last() != Some(&Token::Period) =>
            {
                Some(TableName::within(Some(prefix.value.as_str()), name.value.as_str()))
            }
            _ => None,
        };
        match name.filter(|name| database.table_named(name).is_some()) {
            Some(name) => {
                made.truncate(made.len() - 2);
                made.push(Token::make_word(&name.to_string(), Some('"')));
            }
            None => made.push(token),
        }
    }
    made
}
