//! What SQL Server's errors mean.

use super::link::Refused;
use crate::adapter::{AdapterError, Statement, Violation, ViolationKind};
use crate::adapters::server::{of_server, wrong};
use crate::value::Str;

/// An error as one of an adapter.
pub fn refused(error: sqlx::Error, about: Option<&Statement<'_>>) -> AdapterError {
    match of_server::<Refused>(error) {
        Ok(said) => meaning(said.0.code(), said.0.message(), about),
        Err(refused) => refused,
    }
}

/// What the number of an error and its words mean, which are the same in all languages but for the words around the names.
fn meaning(number: u32, message: &str, about: Option<&Statement<'_>>) -> AdapterError {
    let table = about.and_then(Statement::source).unwrap_or_default();
    let violated = |kind, name: &str| AdapterError::Constraint(vec![Violation::new(kind, table, name)]);
    match number {
        // Violation of UNIQUE KEY constraint 'NAME'. Cannot insert duplicate key in object 'dbo.users'. The duplicate ...
        2627 => violated(ViolationKind::Unique, quoted(message, 0)),
        // Cannot insert duplicate key row in object 'dbo.users' with unique index 'NAME'. The duplicate key value is ...
        2601 => violated(ViolationKind::Unique, quoted(message, 1)),
        // The INSERT statement conflicted with the FOREIGN KEY constraint "NAME". The conflict occurred in ...
        547 => {
            let kind = match message.contains(" CHECK ") {
                true => ViolationKind::Check,
                false => ViolationKind::ForeignKey,
            };
            violated(kind, quoted(message, 0))
        }
        // Cannot insert the value NULL into column 'NAME', table 'hello.dbo.users'; column does not allow nulls. ...
        515 => {
            let column = quoted(message, 0);
            let mut violation = Violation::new(ViolationKind::NotNull, table, column);
            violation.columns = vec![column.into()];
            AdapterError::Constraint(vec![violation])
        }
        3930 => AdapterError::Aborted,
        18456 | 18452 | 18470 | 18486..=18488 => wrong(message, "see that username and password are right"),
        4060 | 911 => wrong(message, "create the database first"),
        17809 | 10928 | 10929 => wrong(message, "lower `pool_size`, or raise what the server admits"),
        // The server stops, or the connection is not what it was.
        6005 | 6006 | 17142 | 40197 | 40501 | 40613 | 10053 | 10054 => AdapterError::environment(message),
        number => AdapterError::Query { message: message.to_owned(), code: code(number).map(Str::Static) },
    }
}

/// PostgreSQL's code of an error, where it has the same.
fn code(number: u32) -> Option<&'static str> {
    Some(match number {
        1205 => "40P01",
        3960 | 41302 | 41305 | 41325 => "40001",
        1222 => "55P03",
        208 | 3701 => "42P01",
        2714 | 1913 => "42P07",
        207 => "42703",
        2705 => "42701",
        102 | 105 | 156 | 170 | 319 => "42601",
        220 | 8115 => "22003",
        2628 | 8152 => "22001",
        8134 => "22012",
        512 => "21000",
        241 | 245 | 248 | 8114 | 8169 => "22P02",
        229 | 230 | 262 | 297 => "42501",
        1801 => "42P04",
        _ => return None,
    })
}

/// One of the names in quotes.
fn quoted(message: &str, at: usize) -> &str {
    message.split(['\'', '"']).nth(at * 2 + 1).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ViolationKind::{Check, ForeignKey, NotNull, Unique};

    #[test]
    fn violations_have_the_names_of_their_constraints() {
        let cases = [
            (
                2627,
                Unique,
                "users_email_key",
                "Violation of UNIQUE KEY constraint 'users_email_key'. Cannot insert duplicate key in object 'dbo.users'. The duplicate key value is (it's \"x\").",
            ),
            (
                2627,
                Unique,
                "users_pkey",
                "Violation of PRIMARY KEY constraint 'users_pkey'. Cannot insert duplicate key in object 'dbo.users'. The duplicate key value is (1).",
            ),
            (
                2601,
                Unique,
                "users_email_index",
                "Cannot insert duplicate key row in object 'dbo.users' with unique index 'users_email_index'. The duplicate key value is (a@x).",
            ),
            (
                547,
                ForeignKey,
                "posts_user_id_fkey",
                "The INSERT statement conflicted with the FOREIGN KEY constraint \"posts_user_id_fkey\". The conflict occurred in database \"hello\", table \"dbo.users\", column 'id'.",
            ),
            (
                547,
                ForeignKey,
                "posts_user_id_fkey",
                "The DELETE statement conflicted with the REFERENCE constraint \"posts_user_id_fkey\". The conflict occurred in database \"hello\", table \"dbo.posts\", column 'user_id'.",
            ),
            (
                547,
                Check,
                "quantity_positive",
                "The UPDATE statement conflicted with the CHECK constraint \"quantity_positive\". The conflict occurred in database \"hello\", table \"dbo.line_items\", column 'quantity'.",
            ),
            (
                515,
                NotNull,
                "name",
                "Cannot insert the value NULL into column 'name', table 'hello.dbo.users'; column does not allow nulls. INSERT fails.",
            ),
        ];
        for (number, kind, name, message) in cases {
            let AdapterError::Constraint(violations) = meaning(number, message, None) else {
                panic!("{message}");
            };
            assert_eq!((violations[0].kind, violations[0].name.as_str()), (kind, name), "{message}");
        }
    }

    #[test]
    fn other_errors_are_told_apart() {
        let query = |number: u32| match meaning(number, "words", None) {
            AdapterError::Query { code, .. } => code.map(|code| code.to_string()).unwrap_or_default(),
            other => panic!("{other:?}"),
        };
        let codes = [1205, 3960, 208, 8134, 50000].map(query);
        assert_eq!(codes, ["40P01", "40001", "42P01", "22012", ""]);
        let login = meaning(18456, "Login failed for user 'sa'.", None);
        assert_eq!(
            login.to_string(),
            "Login failed for user 'sa'.: see that username and password are right"
        );
        assert!(matches!(meaning(3930, "words", None), AdapterError::Aborted));
    }
}
