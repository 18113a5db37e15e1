//! SQL as text to the statement it is.
//!
//! GlueSQL's own way in is a parser of all statements there are. Ours names the few that run, so that what parses the
//! others (users and grants, functions, procedures) is in no artifact.

use super::error::failed;
use super::prefix::joined;
use crate::adapter::AdapterError;
use crate::store::Database;
use gluesql_core::error::Error;
use gluesql_core::sqlparser::ast::Statement;
use gluesql_core::sqlparser::dialect::{Dialect, PostgreSqlDialect, Precedence};
use gluesql_core::sqlparser::keywords::Keyword;
use gluesql_core::sqlparser::parser::{Parser, ParserError};
use gluesql_core::sqlparser::tokenizer::{Token, Tokenizer};
use std::any::{Any, TypeId};

/// The only statement in a text, if it is one that reads or writes rows.
///
/// # Errors
/// What is no SQL, more than one statement, and changes of tables and transactions, which migrations and the repo do.
pub(super) fn parse(sql: &str, database: &Database) -> Result<Statement, AdapterError> {
    let tokens = Tokenizer::new(&Rows, sql).tokenize().map_err(|error| malformed(&error))?;
    let mut parser = Parser::new(&Rows).with_tokens(joined(tokens, database));
    while parser.consume_token(&Token::SemiColon) {}
    let statement = statement(&mut parser)?;
    let ends = parser.consume_token(&Token::SemiColon);
    while parser.consume_token(&Token::SemiColon) {}
    match parser.peek_token() {
        end if end.token == Token::EOF => Ok(statement),
        _ if ends => Err(AdapterError::unsupported("several statements in one text of raw SQL")),
        other => Err(expected(&parser, "end of statement", other)),
    }
}

fn statement(parser: &mut Parser) -> Result<Statement, AdapterError> {
    let first = parser.next_token();
    let keyword = match &first.token {
        Token::Word(word) => word.keyword,
        Token::LParen => Keyword::SELECT,
        _ => Keyword::NoKeyword,
    };
    let parsed = match keyword {
        Keyword::SELECT | Keyword::WITH | Keyword::VALUES => {
            parser.prev_token();
            parser.parse_query().map(Statement::Query)
        }
        Keyword::INSERT => parser.parse_insert(),
        Keyword::UPDATE => parser.parse_update(),
        Keyword::DELETE => parser.parse_delete(),
        Keyword::SHOW => parser.parse_show(),
        Keyword::START
        | Keyword::BEGIN
        | Keyword::END
        | Keyword::COMMIT
        | Keyword::ROLLBACK
        | Keyword::SAVEPOINT
        | Keyword::RELEASE => {
            return Err(AdapterError::unsupported("transactions in raw SQL: use those of the repo"));
        }
        Keyword::CREATE | Keyword::ALTER | Keyword::DROP | Keyword::TRUNCATE | Keyword::COMMENT => {
            return Err(AdapterError::unsupported("changes of tables in raw SQL: use migrations"));
        }
        _ => return Err(expected(parser, "select, insert, update, delete or show", first)),
    };
    parsed.map_err(|error| malformed(&error))
}

fn expected(
    parser: &Parser,
    what: &str,
    found: gluesql_core::sqlparser::tokenizer::TokenWithLocation,
) -> AdapterError {
    match parser.expected::<Statement>(what, found) {
        Err(error) => malformed(&error),
        Ok(_) => malformed(&ParserError::RecursionLimitExceeded),
    }
}

fn malformed(error: &dyn std::fmt::Display) -> AdapterError {
    failed(Error::Parser(error.to_string()))
}

/// PostgreSQL's dialect, of which GlueSQL understands a part, without statements of its own.
#[derive(Debug)]
struct Rows;

const POSTGRES: PostgreSqlDialect = PostgreSqlDialect {};

impl Dialect for Rows {
    fn dialect(&self) -> TypeId {
        POSTGRES.type_id()
    }

    fn identifier_quote_style(&self, identifier: &str) -> Option<char> {
        POSTGRES.identifier_quote_style(identifier)
    }

    fn is_delimited_identifier_start(&self, first: char) -> bool {
        POSTGRES.is_delimited_identifier_start(first)
    }

    fn is_identifier_start(&self, first: char) -> bool {
        POSTGRES.is_identifier_start(first)
    }

    fn is_identifier_part(&self, part: char) -> bool {
        POSTGRES.is_identifier_part(part)
    }

    fn supports_unicode_string_literal(&self) -> bool {
        POSTGRES.supports_unicode_string_literal()
    }

    fn is_custom_operator_part(&self, part: char) -> bool {
        POSTGRES.is_custom_operator_part(part)
    }

    fn get_next_precedence(&self, parser: &Parser) -> Option<Result<u8, ParserError>> {
        POSTGRES.get_next_precedence(parser)
    }

    fn supports_filter_during_aggregation(&self) -> bool {
        POSTGRES.supports_filter_during_aggregation()
    }

    fn supports_group_by_expr(&self) -> bool {
        POSTGRES.supports_group_by_expr()
    }

    fn prec_value(&self, precedence: Precedence) -> u8 {
        POSTGRES.prec_value(precedence)
    }

    fn allow_extract_custom(&self) -> bool {
        POSTGRES.allow_extract_custom()
    }

    fn allow_extract_single_quotes(&self) -> bool {
        POSTGRES.allow_extract_single_quotes()
    }
}
