//! Plans of queries as SQL, in four dialects.
//!
//! The text is that of Ecto's adapters. A statement has its own list of params, in the order of its placeholders: a
//! list on the right of `in` is one param in PostgreSQL and one for each element elsewhere.

mod expr;
mod mssql;
mod mysql;
mod postgres;
mod read;
mod row;
mod sqlite;
mod write;

pub use mssql::Mssql;
pub use mysql::MySql;
pub use postgres::Postgres;
pub use row::text;
pub use sqlite::Sqlite;

use crate::adapter::AdapterError;
use crate::query::plan::{Operation, Plan};
use crate::query::{DateKind, Key};
use crate::types::Type;
use crate::value::Value;
use expr::Writer;

type Result<T> = core::result::Result<T, AdapterError>;

/// A statement and its params.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// The text.
    pub sql: String,
    /// What stands at its placeholders.
    pub params: Vec<Value>,
}

/// Databases that share the shape of their statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// PostgreSQL, and what is compatible with it.
    Postgres,
    /// MySQL, and what is compatible with it.
    MySql,
    /// SQLite.
    Sqlite,
    /// Microsoft SQL Server.
    Mssql,
}

/// What not every database can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Feature {
    Arrays,
    ConflictTarget,
    DistinctOn,
    ExceptAll,
    Filter,
    Ilike,
    JsonPath,
    LateralJoin,
    Lock,
    MaterializedCte,
    NullsOrder,
    OffsetWithoutLimit,
    OnConflict,
    Prefix,
    Returning,
    UpdatingCte,
    Window,
    WithTies,
}

impl Feature {
    fn name(self) -> &'static str {
        match self {
            Feature::Arrays => "arrays",
            Feature::ConflictTarget => "conflict_target",
            Feature::DistinctOn => "distinct on expressions",
            Feature::ExceptAll => "except_all and intersect_all",
            Feature::Filter => "filter of aggregates",
            Feature::Ilike => "ilike",
            Feature::JsonPath => "paths into JSON",
            Feature::LateralJoin => "lateral joins",
            Feature::Lock => "locks",
            Feature::MaterializedCte => "materialized CTEs",
            Feature::NullsOrder => "nulls first and last in order_by",
            Feature::OffsetWithoutLimit => "an offset without limit or order",
            Feature::OnConflict => "on_conflict",
            Feature::Prefix => "prefixes",
            Feature::Returning => "returning, and select in update_all and delete_all,",
            Feature::UpdatingCte => "CTEs that write",
            Feature::Window => "windows",
            Feature::WithTies => "with_ties",
        }
    }
}

/// A dialect of the statements that read, update and delete.
///
/// ```
/// use ectomorph::adapters::sql::query::{Dialect, MySql, Postgres};
/// use ectomorph::query::{Operation, Schemas, field, from, pin, plan};
///
/// let query = from("users").where_(field("id").eq(pin(1))).select(field("name"));
/// let planned = plan(&query, Operation::All, &Schemas::new())?;
/// let statement = Postgres.statement(&planned.plan, &planned.params).unwrap();
/// assert_eq!(statement.sql, r#"SELECT u0."name" FROM "users" AS u0 WHERE (u0."id" = $1)"#);
/// let statement = MySql.statement(&planned.plan, &planned.params).unwrap();
/// assert_eq!(statement.sql, "SELECT u0.`name` FROM `users` AS u0 WHERE (u0.`id` = ?)");
/// # Ok::<(), ectomorph::query::QueryError>(())
/// ```
pub trait Dialect {
    /// The name of the database, for messages.
    fn name(&self) -> &'static str;

    /// Whose statements it writes.
    fn family(&self) -> Family;

    /// The signs around names.
    fn quotes(&self) -> (char, char);

    /// What it can't do.
    fn lacks(&self) -> &'static [Feature];

    /// A placeholder: the param of that number, from 1 on.
    fn placeholder(&self, number: usize) -> String;

    /// A value written in place.
    ///
    /// # Errors
    ///
    /// A value that can't be written.
    fn literal(&self, value: &Value) -> Result<String>;

    /// An expression converted to a type. What is an operator stands in parentheses already.
    ///
    /// # Errors
    ///
    /// A type that the database has not.
    fn cast(&self, expr: String, kind: &Type) -> Result<String>;

    /// A value within a JSON value.
    ///
    /// # Errors
    ///
    /// The database has no such paths.
    fn json_path(&self, expr: String, path: &[Key]) -> Result<String>;

    /// A date or date-time so many units later.
    fn date_add(&self, add: DateAdd<'_>) -> String;

    /// What stands for no condition at all where a join needs one.
    fn on_true(&self) -> &'static str {
        "TRUE"
    }

    /// What stands for a condition that is never met, of `in` with an empty list.
    fn never(&self) -> &'static str {
        "false"
    }

    /// What is selected where nothing is.
    fn nothing(&self) -> &'static str {
        "TRUE"
    }

    /// Matches a pattern, whatever the case.
    fn ilike(&self) -> &'static str {
        " ILIKE "
    }

    /// Not equal.
    fn not_equal(&self) -> &'static str {
        " != "
    }

    /// Whether `in` takes a list as one param.
    fn has_list_params(&self) -> bool {
        false
    }

    /// The statement of a plan.
    ///
    /// # Errors
    ///
    /// [`AdapterError::Unsupported`] with what the database can't do; [`AdapterError::Query`] for a name or value that
    /// can't be written.
    fn statement(&self, plan: &Plan, params: &[Value]) -> Result<Statement>
    where
        Self: Sized,
    {
        statement(self, plan, params)
    }
}

/// The parts of a date that is added to.
#[derive(Clone, Debug)]
pub struct DateAdd<'a> {
    /// Of which of the two.
    pub kind: DateKind,
    /// From when.
    pub from: String,
    /// Whether the type of `from` is said already.
    pub typed: bool,
    /// How many.
    pub count: String,
    /// Whether that is a number written in place.
    pub is_number: bool,
    /// Of what.
    pub unit: &'a str,
}

/// The statement of a plan, in a dialect known at run time.
///
/// # Errors
///
/// As [`Dialect::statement`].
pub fn statement(dialect: &dyn Dialect, plan: &Plan, params: &[Value]) -> Result<Statement> {
    let mut writer = Writer::new(dialect, params);
    let sql = match plan.operation {
        Operation::All | Operation::InsertAll => writer.all(plan, "")?,
        Operation::UpdateAll => writer.update_all(plan)?,
        Operation::DeleteAll => writer.delete_all(plan)?,
    };
    whole(&sql)?;
    Ok(Statement { sql, params: writer.sent })
}

/// Refuses a null byte: protocols and parsers take it for the end of the statement, and what follows for something else.
pub(in crate::adapters) fn whole(sql: &str) -> Result<()> {
    match sql.contains('\0') {
        true => Err(AdapterError::query("a null byte can't be written within a statement; pin the value")),
        false => Ok(()),
    }
}

/// Every dialect.
pub const DIALECTS: [&(dyn Dialect + Sync); 4] = [&Postgres, &MySql, &Sqlite, &Mssql];

fn unsupported(dialect: &dyn Dialect, feature: Feature) -> AdapterError {
    AdapterError::unsupported(format!("{} in {}", feature.name(), dialect.name()))
}

fn unwritable(value: &Value) -> AdapterError {
    AdapterError::query(format!("{} can't be written within a query; pin it", value.kind()))
}
