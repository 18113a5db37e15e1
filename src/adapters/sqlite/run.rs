//! Statements on SQLite itself.

use super::values;
use crate::adapters::server::Plain;
use rusqlite::{Batch, Connection, Row, Statement};

/// Runs text with params, statement by statement if there are several, which take their params one after the other. Rows go to
/// `each` until it wants no more. Gives how many rows the newest write changed.
pub fn run(
    sqlite: &Connection,
    sql: &str,
    params: &[Plain],
    mut each: impl FnMut(&Row<'_>) -> bool,
) -> rusqlite::Result<u64> {
    if is_one(sql) {
        step(&mut *sqlite.prepare_cached(sql)?, params, &mut each)?;
        return Ok(sqlite.changes());
    }
    let mut statements = Batch::new(sqlite, sql);
    let mut rest = params;
    while let Some(mut statement) = statements.next()? {
        let (own, others) = rest.split_at(statement.parameter_count().min(rest.len()));
        step(&mut statement, own, &mut each)?;
        rest = others;
    }
    Ok(sqlite.changes())
}

/// Runs text without params, and leaves its rows.
pub fn script(sqlite: &Connection, sql: &str) -> rusqlite::Result<()> {
    run(sqlite, sql, &[], |_| true).map(drop)
}

/// Whether text is certainly one statement, and not none: then SQLite keeps it prepared.
fn is_one(sql: &str) -> bool {
    let text = sql.trim_end().trim_end_matches(';');
    !text.is_empty() && ![";", "--", "/*"].iter().any(|sign| text.contains(sign))
}

fn step(
    statement: &mut Statement<'_>,
    params: &[Plain],
    each: &mut impl FnMut(&Row<'_>) -> bool,
) -> rusqlite::Result<()> {
    for (at, param) in params.iter().enumerate() {
        statement.raw_bind_parameter(at + 1, values::stored(param))?;
    }
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        if !each(row) {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_statements_take_their_params_one_after_the_other() {
        let sqlite = Connection::open_in_memory().unwrap();
        script(&sqlite, "create table tags (name text); insert into tags values ('a;b'); -- the end\n")
            .unwrap();
        let params = ["c", "d", "e"].map(|text| Plain::Text(text.to_owned()));
        let sql = "insert into tags values (?), (?); select name from tags where name <> ? order by name;";
        let mut names = Vec::new();
        let changed = run(&sqlite, sql, &params, |row| {
            names.push(row.get::<_, String>(0).unwrap());
            names.len() < 2
        });
        assert_eq!((changed.unwrap(), names), (2, vec!["a;b".to_owned(), "c".to_owned()]));
    }

    #[test]
    fn text_without_a_statement_does_nothing() {
        let sqlite = Connection::open_in_memory().unwrap();
        for sql in ["", " \n", ";", " ; ;", "-- nothing", "/* nothing */", "/* nothing */;"] {
            assert_eq!(script(&sqlite, sql), Ok(()), "{sql:?}");
        }
    }

    #[test]
    fn a_param_too_many_is_an_error() {
        let sqlite = Connection::open_in_memory().unwrap();
        let error = run(&sqlite, "select 1", &[Plain::Null], |_| true).unwrap_err();
        assert_eq!(error.sqlite_error().map(|error| error.extended_code), Some(25));
    }
}
