//! Statements that write rows: inserts with what happens on a conflict, updates and deletes by equality.

use super::expr::Writer;
use super::{Dialect, Family, Feature, Result, Statement, statement, unsupported, whole};
use crate::adapter::{
    AdapterError, Cell, ConflictAction, ConflictTarget, InsertAll, OnConflict, Rows, SchemaMeta,
    Statement as Asked,
};
use crate::query::plan::Plan;
use crate::value::{Str, Value};

/// The text of whatever an adapter is asked for, in a dialect known at run time.
///
/// ```
/// use ectomorph::adapter::{ConflictAction, ConflictTarget, Insert, OnConflict, SchemaMeta, Statement};
/// use ectomorph::adapters::sql::query::{Postgres, text};
///
/// let meta = SchemaMeta { source: "tags".into(), prefix: None, schema: None };
/// let nothing = OnConflict { action: ConflictAction::Nothing, target: ConflictTarget::Any };
/// let fields = vec![("name".into(), "rust".into())];
/// let insert = Insert { meta: &meta, fields, on_conflict: &nothing, returning: &["id".into()] };
/// let written = text(&Postgres, &Statement::Insert(insert)).unwrap();
/// let sql = r#"INSERT INTO "tags" ("name") VALUES ($1) ON CONFLICT DO NOTHING RETURNING "id""#;
/// assert_eq!(written.sql, sql);
/// ```
///
/// # Errors
///
/// [`AdapterError::Unsupported`] with what the database can't do; [`AdapterError::Query`] for a name or value that
/// can't be written.
pub fn text(dialect: &dyn Dialect, asked: &Asked<'_>) -> Result<Statement> {
    if let Asked::Query(query) = asked {
        return statement(dialect, query.plan, &query.params);
    }
    let mut writer = Writer::new(dialect, &[]);
    let sql = match asked {
        Asked::Insert(insert) => {
            let header: Vec<&Str> = insert.fields.iter().map(|(column, _)| column).collect();
            let row: Vec<String> =
                insert.fields.iter().map(|(_, value)| writer.send_value(value.clone())).collect();
            let values = match header.is_empty() {
                true => writer.default_row(),
                false => format!("VALUES ({})", row.join(",")),
            };
            writer.insert(insert.meta, &header, &values, insert.on_conflict, insert.returning)?
        }
        Asked::InsertAll(insert) => {
            let Rows::Query(plan, params) = &insert.rows else {
                return insert_cells(writer, insert, insert.rows.cells());
            };
            let header: Vec<&Str> = insert.header.iter().collect();
            let values = writer.selected(plan, params, insert.on_conflict)?;
            writer.insert(insert.meta, &header, &values, insert.on_conflict, insert.returning)?
        }
        Asked::Update(update) => {
            let table = writer.meta(update.meta)?;
            let set = writer.joined(&update.fields, ", ", |writer, (column, value)| {
                Ok(format!("{} = {}", writer.quote(column)?, writer.send_value(value.clone())))
            })?;
            let output = writer.row_output(update.returning, "INSERTED")?;
            let filters = writer.equal(&update.filters)?;
            let returning = writer.row_returning(update.returning)?;
            format!("UPDATE {table} SET {set}{output} WHERE {filters}{returning}")
        }
        Asked::Delete(delete) => {
            let table = writer.meta(delete.meta)?;
            let output = writer.row_output(delete.returning, "DELETED")?;
            let filters = writer.equal(&delete.filters)?;
            let returning = writer.row_returning(delete.returning)?;
            format!("DELETE FROM {table}{output} WHERE {filters}{returning}")
        }
        // Written above.
        Asked::Query(_) => String::new(),
    };
    writer.finish(sql)
}

/// The text of an insert of some of its rows, to be sent: params have no numbers where none is needed.
///
/// # Errors
///
/// As [`text`].
pub fn insert_rows(dialect: &dyn Dialect, insert: &InsertAll<'_>, rows: &[Vec<Cell>]) -> Result<Statement> {
    let mut writer = Writer::new(dialect, &[]);
    // SQLite looks for the name of each param among all of them.
    writer.is_numbered = !insert.placeholders.is_empty();
    insert_cells(writer, insert, rows)
}

fn insert_cells<'a>(
    mut writer: Writer<'a>,
    insert: &'a InsertAll<'_>,
    rows: &'a [Vec<Cell>],
) -> Result<Statement> {
    let header: Vec<&Str> = insert.header.iter().collect();
    let values = writer.cells(rows, &insert.placeholders)?;
    let sql = writer.insert(insert.meta, &header, &values, insert.on_conflict, insert.returning)?;
    writer.finish(sql)
}

/// The text of an insert whose rows come as a list for each column, which PostgreSQL takes apart.
///
/// # Errors
///
/// As [`text`].
pub fn insert_lists(
    dialect: &dyn Dialect,
    insert: &InsertAll<'_>,
    types: &[String],
    lists: Vec<Value>,
) -> Result<Statement> {
    let mut writer = Writer::new(dialect, &[]);
    let header: Vec<&Str> = insert.header.iter().collect();
    let lists = lists.into_iter().zip(types);
    let lists: Vec<String> =
        lists.map(|(list, kind)| format!("{}::{kind}[]", writer.send_value(list))).collect();
    let values = format!("SELECT * FROM unnest({})", lists.join(","));
    let sql = writer.insert(insert.meta, &header, &values, insert.on_conflict, insert.returning)?;
    writer.finish(sql)
}

impl<'a> Writer<'a> {
    /// The statement, if nothing in it ends it early.
    fn finish(self, sql: String) -> Result<Statement> {
        whole(&sql)?;
        Ok(Statement { sql, params: self.sent })
    }

    fn meta(&self, meta: &SchemaMeta) -> Result<String> {
        let table = self.quote(&meta.source)?;
        match &meta.prefix {
            None => Ok(table),
            Some(prefix) => {
                self.needs(Feature::Prefix)?;
                Ok(format!("{}.{table}", self.quote(prefix)?))
            }
        }
    }

    fn insert(
        &mut self,
        meta: &SchemaMeta,
        header: &[&Str],
        values: &str,
        on_conflict: &'a OnConflict,
        returning: &[Str],
    ) -> Result<String> {
        let table = self.meta(meta)?;
        let columns = match header.is_empty() {
            true if self.dialect.family() == Family::MySql => " ()".to_owned(),
            true => String::new(),
            false => format!(" ({})", self.joined(header, ",", |writer, column| writer.quote(column))?),
        };
        let name = match &on_conflict.action {
            ConflictAction::Query(plan, _) if self.dialect.family() != Family::MySql => {
                self.name_sources(plan, "");
                let name = format!(" AS {}", self.source_name(0, 0));
                self.names.pop();
                name
            }
            _ => String::new(),
        };
        let output = self.row_output(returning, "INSERTED")?;
        let conflict = self.on_conflict(on_conflict, header)?;
        let returning = self.row_returning(returning)?;
        Ok(format!("INSERT INTO {table}{name}{columns}{output} {values}{conflict}{returning}"))
    }

    /// One row that has nothing but defaults.
    fn default_row(&self) -> String {
        match self.dialect.family() {
            Family::Postgres => "VALUES (DEFAULT)",
            Family::MySql => "VALUES ()",
            Family::Sqlite | Family::Mssql => "DEFAULT VALUES",
        }
        .to_owned()
    }

    fn cells(&mut self, rows: &'a [Vec<Cell>], placeholders: &[Value]) -> Result<String> {
        let family = self.dialect.family();
        if rows.iter().all(Vec::is_empty) {
            return match (rows.len(), family) {
                (1, _) => Ok(self.default_row()),
                (_, Family::Postgres) => Ok(format!("VALUES {}", vec!["(DEFAULT)"; rows.len()].join(","))),
                (_, Family::MySql) => Ok(format!("VALUES {}", vec!["()"; rows.len()].join(","))),
                _ => Err(AdapterError::unsupported(format!(
                    "many rows of nothing but defaults in {}",
                    self.dialect.name()
                ))),
            };
        }
        // MySQL's placeholders have no numbers: there each use sends the value again.
        let shared = match family {
            Family::MySql => Vec::new(),
            _ => placeholders.iter().map(|value| self.send_value(value.clone())).collect(),
        };
        let comma = if family == Family::Mssql { ", " } else { "," };
        let mut written = Vec::with_capacity(rows.len());
        for row in rows {
            let mut cells = Vec::with_capacity(row.len());
            for cell in row {
                cells.push(self.cell(cell, placeholders, &shared)?);
            }
            written.push(format!("({})", cells.join(comma)));
        }
        Ok(format!("VALUES {}", written.join(",")))
    }

    fn cell(&mut self, cell: &'a Cell, placeholders: &[Value], shared: &[String]) -> Result<String> {
        Ok(match (cell, self.dialect.family()) {
            (Cell::Value(value), Family::Sqlite) if self.is_numbered => {
                // Numbered, as a placeholder may stand at several places.
                self.send_value(value.clone());
                format!("?{}", self.sent.len())
            }
            (Cell::Value(value), _) => self.send_value(value.clone()),
            (Cell::Default, Family::Sqlite) => {
                return Err(AdapterError::unsupported("defaults of single cells in SQLite"));
            }
            (Cell::Default, _) => "DEFAULT".to_owned(),
            (Cell::Placeholder(at), Family::MySql) => {
                self.send_value(placeholders.get(*at).cloned().unwrap_or_default())
            }
            (Cell::Placeholder(at), Family::Sqlite) => format!("?{}", at + 1),
            (Cell::Placeholder(at), _) => shared.get(*at).cloned().unwrap_or_default(),
            (Cell::Query(plan, params), _) => {
                format!("({})", self.with_params(params, |writer| writer.all(plan, ""))?)
            }
        })
    }

    /// The rows of a query.
    fn selected(&mut self, plan: &Plan, params: &'a [Value], on_conflict: &OnConflict) -> Result<String> {
        let rows = self.with_params(params, |writer| writer.all(plan, ""))?;
        Ok(match (self.dialect.family(), &on_conflict.action) {
            (Family::Sqlite, ConflictAction::Raise) | (Family::Mssql, _) => rows,
            // SQLite would take `ON CONFLICT` for the condition of a join.
            (Family::Sqlite, _) => format!("SELECT * FROM ({rows}) WHERE 1"),
            _ => format!("({rows})"),
        })
    }

    fn on_conflict(&mut self, on_conflict: &'a OnConflict, header: &[&Str]) -> Result<String> {
        let family = self.dialect.family();
        match (&on_conflict.action, family) {
            (ConflictAction::Raise, _) => return Ok(String::new()),
            (_, Family::Mssql) => return Err(unsupported(self.dialect, Feature::OnConflict)),
            (_, Family::MySql) if on_conflict.target != ConflictTarget::Any => {
                return Err(unsupported(self.dialect, Feature::ConflictTarget));
            }
            _ => {}
        }
        let target = self.target(&on_conflict.target)?;
        let action = match (&on_conflict.action, family) {
            (ConflictAction::Nothing, Family::MySql) => {
                let Some(first) = header.first() else {
                    return Err(AdapterError::unsupported("on_conflict of a row without values in MySQL"));
                };
                let first = self.quote(first)?;
                format!("UPDATE {first} = {first}")
            }
            (ConflictAction::Nothing, _) => "DO NOTHING".to_owned(),
            (ConflictAction::Replace(columns), _) => {
                let set = self.joined(columns, ",", |writer, column| {
                    let column = writer.quote(column)?;
                    Ok(match family {
                        Family::MySql => format!("{column} = VALUES({column})"),
                        _ => format!("{column} = EXCLUDED.{column}"),
                    })
                })?;
                if family == Family::MySql { format!("UPDATE {set}") } else { format!("DO UPDATE SET {set}") }
            }
            (ConflictAction::Query(plan, params), _) => {
                if family == Family::MySql && !plan.filters.is_empty() {
                    return Err(AdapterError::unsupported("conditions in on_conflict in MySQL"));
                }
                let (set, filters) = self.with_params(params, |writer| writer.conflict_update(plan))?;
                match family {
                    Family::MySql => format!("UPDATE {set}"),
                    _ => format!("DO UPDATE SET {set}{filters}"),
                }
            }
            (ConflictAction::Raise, _) => String::new(),
        };
        Ok(match family {
            Family::MySql => format!(" ON DUPLICATE KEY {action}"),
            _ => format!(" ON CONFLICT {target}{action}"),
        })
    }

    fn target(&mut self, target: &ConflictTarget) -> Result<String> {
        Ok(match target {
            ConflictTarget::Any => String::new(),
            ConflictTarget::Columns(columns) => {
                format!("({}) ", self.joined(columns, ",", |writer, column| writer.quote(column))?)
            }
            ConflictTarget::Constraint(_) if self.dialect.family() == Family::Sqlite => {
                return Err(AdapterError::unsupported("on_conflict by constraint in SQLite"));
            }
            ConflictTarget::Constraint(name) => format!("ON CONSTRAINT {} ", self.quote(name)?),
            ConflictTarget::Fragment(sql) => format!("{sql} "),
        })
    }

    /// What an update on a conflict sets, and when.
    fn conflict_update(&mut self, plan: &Plan) -> Result<(String, String)> {
        if !plan.joins.is_empty() || !plan.ctes.is_empty() {
            return Err(AdapterError::unsupported("joins and CTEs in on_conflict"));
        }
        self.name_sources(plan, "");
        // MySQL has no name for the row that is there.
        self.bare = self.dialect.family() == Family::MySql;
        let set = self.joined(&plan.updates, ", ", Self::assignment);
        let filters = self.conditions(" WHERE ", &plan.filters);
        self.bare = false;
        self.names.pop();
        Ok((set?, filters?))
    }

    /// Columns with their values; null is asked for with `IS NULL`.
    fn equal(&mut self, filters: &[(Str, Value)]) -> Result<String> {
        self.joined(filters, " AND ", |writer, (column, value)| {
            let column = writer.quote(column)?;
            Ok(match value {
                Value::Null => format!("{column} IS NULL"),
                value => format!("{column} = {}", writer.send_value(value.clone())),
            })
        })
    }

    fn row_returning(&mut self, columns: &[Str]) -> Result<String> {
        match (columns.is_empty(), self.dialect.family()) {
            (true, _) | (_, Family::Mssql) => Ok(String::new()),
            _ => {
                self.needs(Feature::Returning)?;
                Ok(format!(" RETURNING {}", self.joined(columns, ",", |writer, name| writer.quote(name))?))
            }
        }
    }

    fn row_output(&mut self, columns: &[Str], word: &str) -> Result<String> {
        if columns.is_empty() || self.dialect.family() != Family::Mssql {
            return Ok(String::new());
        }
        let columns =
            self.joined(columns, ", ", |writer, name| Ok(format!("{word}.{}", writer.quote(name)?)))?;
        Ok(format!(" OUTPUT {columns}"))
    }
}
