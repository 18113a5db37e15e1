//! What MySQL's and MariaDB's errors mean.

use crate::adapter::{AdapterError, Statement, Violation, ViolationKind};
use crate::adapters::server::{of_server, wrong};
use crate::value::Str;
use sqlx::mysql::MySqlDatabaseError;

/// An error as one of an adapter.
pub fn refused(error: sqlx::Error, about: Option<&Statement<'_>>) -> AdapterError {
    let error = match of_server::<MySqlDatabaseError>(error) {
        Ok(error) => error,
        Err(refused) => return refused,
    };
    let table = about.and_then(Statement::source).unwrap_or_default();
    let message = error.message();
    let violated = |kind, name: &str| AdapterError::Constraint(vec![Violation::new(kind, table, name)]);
    match error.number() {
        // The key may stand behind the name of its table.
        1062 | 1586 => {
            let key = quoted(message, " for key ");
            let own = key.strip_prefix(table).and_then(|key| key.strip_prefix('.'));
            violated(ViolationKind::Unique, own.unwrap_or(key))
        }
        1216 | 1217 | 1451 | 1452 => violated(ViolationKind::ForeignKey, quoted(message, "CONSTRAINT ")),
        3819 => violated(ViolationKind::Check, quoted(message, "Check constraint ")),
        4025 => violated(ViolationKind::Check, quoted(message, "CONSTRAINT ")),
        1048 => violated(ViolationKind::NotNull, quoted(message, "Column ")),
        1364 => violated(ViolationKind::NotNull, quoted(message, "Field ")),
        1044 | 1045 | 1698 => wrong(message, "see that username and password are right"),
        1049 => wrong(message, "create the database first"),
        1040 | 1203 => wrong(message, "lower `pool_size`, or raise `max_connections` of the server"),
        1053 | 1077 | 1079 | 1152..=1161 | 1927 => AdapterError::environment(message),
        number => AdapterError::Query { message: message.to_owned(), code: code(number).map(Str::Static) },
    }
}

/// PostgreSQL's code of an error, where it has the same.
fn code(number: u16) -> Option<&'static str> {
    Some(match number {
        1020 => "40001",
        1213 => "40P01",
        1205 => "55P03",
        1146 | 1051 => "42P01",
        1050 => "42P07",
        1054 => "42703",
        1060 => "42701",
        1064 => "42601",
        1264 | 1690 => "22003",
        1406 => "22001",
        1365 => "22012",
        1242 => "21000",
        1292 | 1366 => "22P02",
        _ => return None,
    })
}

/// The name in quotes behind some words.
fn quoted<'a>(message: &'a str, behind: &str) -> &'a str {
    // The last ones: a value in front of them may hold them too.
    let rest = message.rsplit_once(behind).map_or("", |(_, rest)| rest);
    let mut parts = rest.splitn(3, ['\'', '`', '"']);
    parts.next();
    parts.next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn names_of_constraints_are_found_in_the_words_of_both_servers() {
        let cases = [
            ("Duplicate entry 'a@x' for key 'users_email_index'", " for key ", "users_email_index"),
            ("Duplicate entry ' for key 'x'' for key 'users_email_index'", " for key ", "users_email_index"),
            (
                "Cannot add or update a child row: a foreign key constraint fails (`x`.`posts`, CONSTRAINT `posts_user_id_fkey` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`))",
                "CONSTRAINT ",
                "posts_user_id_fkey",
            ),
            ("CONSTRAINT `users_karma_check` failed for `x`.`users`", "CONSTRAINT ", "users_karma_check"),
            ("Check constraint 'users_karma_check' is violated.", "Check constraint ", "users_karma_check"),
            ("Column 'name' cannot be null", "Column ", "name"),
        ];
        for (message, behind, name) in cases {
            assert_eq!(quoted(message, behind), name, "{message}");
        }
    }
}
