//! The data that each case starts from.

use super::text;
use ectomorph::query::{Expr, Query};
use ectomorph::repo::{Output, Queryable, Repo};
use ectomorph::types::uuid;
use ectomorph::value::Value;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::path::Path;

/// Tables with their rows.
pub struct Dataset {
    /// In the order of the file, which is one that foreign keys admit.
    pub tables: Vec<Table>,
}

/// A table.
pub struct Table {
    /// Its name.
    pub name: String,
    /// Name, type and whether null is admitted.
    pub columns: Vec<(String, String, bool)>,
    /// Unique indexes: name and columns.
    pub uniques: Vec<(String, Vec<String>)>,
    /// Foreign keys.
    pub foreign_keys: Vec<ForeignKey>,
    /// Checks: name and expression.
    pub checks: Vec<(String, String)>,
    /// Rows, as stored.
    pub rows: Vec<Vec<Value>>,
}

/// A foreign key to the `id` of a table.
pub struct ForeignKey {
    /// Its name.
    pub name: String,
    /// The column.
    pub column: String,
    /// The table.
    pub references: String,
    /// `nothing`, `restrict`, `nilify_all` or `delete_all`.
    pub on_delete: String,
}

/// What new rows have where nothing is said.
pub const DEFAULTS: [(&str, &str, i64); 4] =
    [("users", "lock_version", 1), ("posts", "views", 0), ("comments", "likes", 0), ("products", "stock", 0)];

impl Table {
    /// The columns that rows are told apart by.
    pub fn key(&self) -> Vec<usize> {
        if self.columns[0].0 == "id" { vec![0] } else { (0..self.columns.len()).collect() }
    }

    /// The default of a column.
    pub fn default_of(&self, column: &str) -> Option<Value> {
        if (self.name.as_str(), column) == ("users", "roles") {
            return Some(Value::List(Vec::new()));
        }
        DEFAULTS
            .iter()
            .find(|(table, name, _)| self.name == *table && column == *name)
            .map(|(_, _, value)| Value::Integer(*value))
    }
}

impl Dataset {
    /// Reads `dataset.json`.
    pub fn read(path: &Path) -> Dataset {
        let file =
            std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let json: serde_json::Map<String, Json> = serde_json::from_str(&file).expect("tables by name");
        Dataset { tables: json.iter().map(|(name, json)| table(name, json)).collect() }
    }

    /// All rows that the repo has now, by table and key.
    pub async fn snapshot(&self, repo: &Repo) -> Snapshot {
        let mut tables = BTreeMap::new();
        for table in &self.tables {
            let outputs: Vec<Output> = repo
                .all(table.query())
                .await
                .unwrap_or_else(|error| panic!("reading {}: {error}", table.name));
            let mut rows = BTreeMap::new();
            for output in outputs {
                let Output::Tuple(values) = output else { panic!("a row is a tuple") };
                let values = values.iter().zip(&table.columns).map(|(output, (_, kind, _))| {
                    let stored = output.value().map(|value| as_kind(kind, value));
                    match (kind.as_str(), &stored) {
                        ("uuid", Some(Value::Binary(bytes))) => {
                            json!(uuid::text((&**bytes).try_into().expect("sixteen bytes")).as_str())
                        }
                        (_, Some(value)) => text::of_value(value),
                        _ => text::of_output(output),
                    }
                });
                let values: Vec<Json> = values.collect();
                let key: Vec<String> = table.key().iter().map(|at| values[*at].to_string()).collect();
                rows.insert(key, values);
            }
            tables.insert(table.name.clone(), rows);
        }
        Snapshot { tables }
    }

    /// How the second differs from the first, in the form of `state_after`.
    pub fn difference(&self, before: &Snapshot, after: &Snapshot) -> Json {
        let mut all = serde_json::Map::new();
        for table in &self.tables {
            let (before, after) = (&before.tables[&table.name], &after.tables[&table.name]);
            let object = |values: &[Json]| -> Json {
                let entries = table.columns.iter().zip(values);
                Json::Object(entries.map(|((name, _, _), json)| (name.clone(), json.clone())).collect())
            };
            let key = |values: &[Json]| match &table.key()[..] {
                [at] => values[*at].clone(),
                _ => object(values),
            };
            let inserted = after.iter().filter(|(key, _)| !before.contains_key(*key));
            let mut inserted: Vec<&Vec<Json>> = inserted.map(|(_, values)| values).collect();
            inserted.sort_by_key(|values| values[0].as_i64());
            let deleted = before.iter().filter(|(key, _)| !after.contains_key(*key));
            let mut deleted: Vec<&Vec<Json>> = deleted.map(|(_, values)| values).collect();
            deleted.sort_by_key(|values| (values[0].as_i64(), values[1].as_i64()));
            let mut updated: Vec<(Option<i64>, Json)> = Vec::new();
            for (row_key, old) in before {
                let Some(new) = after.get(row_key).filter(|new| *new != old) else { continue };
                let columns = table.columns.iter().zip(old.iter().zip(new));
                let set: serde_json::Map<String, Json> = columns
                    .filter(|(_, (old, new))| old != new)
                    .map(|((name, _, _), (_, new))| (name.clone(), new.clone()))
                    .collect();
                updated.push((old[0].as_i64(), json!({"key": key(old), "set": set})));
            }
            updated.sort_by_key(|(id, _)| *id);
            let mut difference = serde_json::Map::new();
            if !inserted.is_empty() {
                difference.insert("inserted".into(), inserted.iter().map(|values| object(values)).collect());
            }
            if !deleted.is_empty() {
                difference.insert("deleted".into(), deleted.iter().map(|values| key(values)).collect());
            }
            if !updated.is_empty() {
                difference.insert("updated".into(), updated.into_iter().map(|(_, json)| json).collect());
            }
            if !difference.is_empty() {
                all.insert(table.name.clone(), difference.into());
            }
        }
        all.into()
    }
}

/// The rows of all tables.
pub struct Snapshot {
    tables: BTreeMap<String, BTreeMap<Vec<String>, Vec<Json>>>,
}

/// A value of a table without schema, where the database knows fewer types than the data.
fn as_kind(kind: &str, value: &Value) -> Value {
    use ectomorph::value::{Date, Decimal, NaiveDatetime, Time, UtcDatetime};
    let read = match (kind, value) {
        ("boolean", Value::Integer(number)) => Some(Value::Bool(*number != 0)),
        ("float", Value::Integer(number)) => Some(Value::Float(*number as f64)),
        (decimal, Value::Integer(_) | Value::Float(_)) if decimal.starts_with("decimal") => {
            value.to_decimal().map(Decimal::into)
        }
        ("date", Value::String(text)) => Date::from_iso(text).map(Value::from),
        ("time", Value::String(text)) => Time::from_iso(text).map(Value::from),
        ("naive_datetime", Value::String(text)) => NaiveDatetime::from_iso(text).map(Value::from),
        ("utc_datetime" | "utc_datetime_usec", Value::String(text)) => {
            UtcDatetime::from_iso_or_utc(text).map(Value::from)
        }
        // Columns of seconds, read without their type.
        ("time", Value::Time(time)) => Some(time.truncated().into()),
        ("naive_datetime", Value::NaiveDatetime(naive)) => Some(naive.truncated().into()),
        ("utc_datetime", Value::UtcDatetime(utc)) => Some(utc.truncated().into()),
        ("utc_datetime", Value::NaiveDatetime(naive)) => Some(UtcDatetime::new(naive.truncated()).into()),
        ("utc_datetime_usec", Value::NaiveDatetime(naive)) => Some(UtcDatetime::new(*naive).into()),
        ("map" | "array(string)", Value::String(text)) => {
            serde_json::from_str(text).ok().map(|json: Json| text::value(&json))
        }
        _ => None,
    };
    read.unwrap_or_else(|| value.clone())
}

impl Table {
    /// All its rows, column by column.
    fn query(&self) -> Query {
        let mut query = self.name.as_str().to_query();
        let columns = self.columns.iter().map(|(name, _, _)| Expr::Field(0.into(), name.into()));
        query.parts_mut().select = Some(Expr::Tuple(columns.collect()));
        query
    }
}

fn table(name: &str, json: &Json) -> Table {
    let list = |key: &str| json[key].as_array().cloned().unwrap_or_default();
    let word = |json: &Json| json.as_str().expect("text").to_owned();
    let columns: Vec<(String, String, bool)> = list("columns")
        .iter()
        .map(|column| (word(&column[0]), word(&column[1]), column[2] == Json::Bool(true)))
        .collect();
    let row = |row: &Json| {
        let cells = row.as_array().expect("a row").iter().zip(&columns);
        cells.map(|(cell, (column, kind, _))| stored(name, column, kind, cell)).collect()
    };
    let rows = list("rows").iter().map(row).collect();
    Table {
        name: name.to_owned(),
        uniques: list("unique")
            .iter()
            .map(|unique| {
                (
                    word(&unique["name"]),
                    unique["columns"].as_array().expect("columns").iter().map(word).collect(),
                )
            })
            .collect(),
        foreign_keys: list("foreign_keys")
            .iter()
            .map(|key| ForeignKey {
                name: word(&key["name"]),
                column: word(&key["column"]),
                references: word(&key["references"]),
                on_delete: word(&key["on_delete"]),
            })
            .collect(),
        checks: list("checks").iter().map(|check| (word(&check["name"]), word(&check["expr"]))).collect(),
        rows,
        columns,
    }
}

/// A cell as it is stored: UUIDs are sixteen bytes, but where the field is a binary id, which is stored as text.
fn stored(table: &str, column: &str, kind: &str, cell: &Json) -> Value {
    match (kind, cell) {
        ("uuid", Json::String(text)) if (table, column) != ("orders", "ref") => {
            Value::Binary(uuid::parse(text).expect("a uuid").as_slice().into())
        }
        ("float", Json::Number(number)) => Value::Float(number.as_f64().expect("a float")),
        _ => text::value(cell),
    }
}
