//! Names of tables with a prefix, which GlueSQL has not: `app.users` becomes the one word `"app.users"`.

use crate::store::{Database, TableName};
use gluesql_core::sqlparser::tokenizer::Token;

/// What stands before and behind a dot is a table if there is one of that name, and nothing (an alias) stands before it.
pub(super) fn joined(tokens: Vec<Token>, database: &Database) -> Vec<Token> {
    if !database.tables().any(|table| table.definition().name.prefix.is_some()) {
        return tokens;
    }
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
