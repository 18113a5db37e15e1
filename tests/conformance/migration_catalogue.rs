//! Catalogues as sorted lines: what the store has, and what PostgreSQL had as far as the store keeps it.
//!
//! The store keeps neither kinds of indexes, included columns, nor whether a constraint was validated; its unique
//! constraints are unique indexes, and its sequences have no names.

use ectomorph::expr::{Expr, Operator};
use ectomorph::store::{Action, Column, Default, Definition, ForeignKey, Kind};
use ectomorph::value::{Str, Value, to_text};

/// The catalogue of tables of the store.
pub fn catalogue<'a>(tables: impl Iterator<Item = &'a Definition>) -> Vec<String> {
    let mut lines = Vec::new();
    for table in tables {
        let schema = table.name.prefix.as_deref().unwrap_or("public");
        let name = &table.name.name;
        // What only an index is of, PostgreSQL keeps in the index.
        let own = |column: &&Column| !matches!(column.default, Default::Folded(..));
        for (at, column) in table.columns.iter().filter(own).enumerate() {
            lines.push(format!("column {schema}.{name} {at} {}", column_line(column)));
        }
        let of = |unique: bool, index: &str, columns: &[Str], filter: String| {
            let unique = if unique { "UNIQUE " } else { "" };
            format!("CREATE {unique}INDEX {index} ON {schema}.{name} ({}){filter}", joined(columns))
        };
        if let Some(key) = &table.primary_key {
            lines.push(format!("constraint {name} {} PRIMARY KEY ({})", key.name, joined(&key.columns)));
            lines.push(of(true, &key.name, &key.columns, String::new()));
        }
        for index in &table.indexes {
            let filter = index.filter.as_ref().map(|filter| format!(" WHERE ({})", condition(filter)));
            lines.push(of(index.unique, &index.name, &index.columns, filter.unwrap_or_default()));
        }
        for key in &table.foreign_keys {
            lines.push(format!("constraint {name} {} {}", key.name, foreign_key(key)));
        }
        for check in &table.checks {
            lines.push(format!("constraint {name} {} CHECK (({}))", check.name, condition(&check.condition)));
        }
    }
    lines.sort();
    lines
}

/// The same of a recorded catalogue. `tables` are those there should be outside of the default prefix.
pub fn expected_catalogue(catalogue: &serde_json::Value, tables: &[String]) -> Vec<String> {
    let rows = |key: &str| catalogue[key].as_array().into_iter().flatten();
    let text = |value: &serde_json::Value| match value {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let mut lines = Vec::new();
    let (mut table, mut at) = (String::new(), 0);
    for column in rows("columns") {
        let parts: Vec<String> = column.as_array().into_iter().flatten().map(text).collect();
        if parts[0] != table {
            (table, at) = (parts[0].clone(), 0);
        }
        // Another vector left a table in a prefix.
        if table.starts_with("public.") || tables.contains(&table) {
            let parts = parts[1..].iter().map(|part| match part.as_str() {
                // A default of null is none, and sequences have no names.
                part if part.starts_with("NULL::") => "null",
                part if part.starts_with("nextval(") => "nextval",
                part => part,
            });
            lines.push(format!("column {table} {at} {}", parts.collect::<Vec<_>>().join(" ")));
        }
        at += 1;
    }
    for constraint in rows("constraints") {
        let definition = text(&constraint[2]);
        if !definition.starts_with("UNIQUE") {
            let definition = definition.trim_end_matches(" NOT VALID");
            lines.push(format!("constraint {} {} {definition}", text(&constraint[0]), text(&constraint[1])));
        }
    }
    for index in rows("indexes").map(text) {
        let (head, tail) = index.split_once(" USING ").unwrap_or((&index, ""));
        let tail = tail.split_once(' ').map_or("", |(_, tail)| tail);
        let (columns, rest) = tail.split_once(" INCLUDE ").map_or((tail, ""), |(columns, rest)| {
            (columns, rest.split_once(')').map_or("", |(_, rest)| rest))
        });
        // A column in an expression has its type beside it.
        let columns = columns.replace("((", "(").replace(")::text)", ")");
        lines.push(format!("{head} {columns}{rest}"));
    }
    lines.sort();
    lines
}

fn joined(names: &[Str]) -> String {
    names.iter().map(Str::as_str).collect::<Vec<_>>().join(", ")
}

fn column_line(column: &Column) -> String {
    let declared = column.declared.as_deref().unwrap_or_default();
    let none = || "null".to_owned();
    let mut sizes = [none(), none(), none(), none()];
    let kind = match &column.kind {
        Kind::Integer(bits) => {
            sizes[1] = bits.to_string();
            sizes[2] = "0".to_owned();
            match bits {
                16 => "smallint",
                32 => "integer",
                _ => "bigint",
            }
        }
        Kind::Float => {
            sizes[1] = "53".to_owned();
            "double precision"
        }
        Kind::Decimal(size) => {
            if let Some((precision, scale)) = size {
                sizes[1] = precision.to_string();
                sizes[2] = scale.to_string();
            }
            "numeric"
        }
        Kind::Text(None) if declared == "text" => "text",
        Kind::Text(size) => {
            sizes[0] = size.map_or_else(none, |size| size.to_string());
            if declared.starts_with("char") { "character" } else { "character varying" }
        }
        Kind::Boolean => "boolean",
        Kind::Binary => "bytea",
        Kind::Uuid => "uuid",
        Kind::Date => "date",
        Kind::Json if declared == "json" => "json",
        Kind::Json => "jsonb",
        Kind::Time(precision) => {
            sizes[3] = precision.to_string();
            "time without time zone"
        }
        Kind::NaiveDatetime(precision) | Kind::UtcDatetime(precision) => {
            sizes[3] = precision.to_string();
            "timestamp without time zone"
        }
        Kind::List(_) => "ARRAY",
        other => panic!("{other:?} has no name in the catalogue"),
    };
    let default = match &column.default {
        Default::Null => none(),
        // PostgreSQL says elsewhere that a column is an identity.
        Default::Sequence if declared == "identity" => none(),
        Default::Sequence => "nextval".to_owned(),
        Default::Function(name) => format!("{name}()"),
        Default::Value(Value::String(text)) => format!("'{}'::{kind}", text.replace('\'', "''")),
        Default::Value(value) => to_text(value).expect("a value that has text"),
        other => panic!("{other:?} has no text in the catalogue"),
    };
    let nullable = if column.nullable { "YES" } else { "NO" };
    format!("{} {kind} {nullable} {default} {}", column.name, sizes.join(" "))
}

fn foreign_key(key: &ForeignKey) -> String {
    let action = |verb: &str, action: &Action| match action {
        Action::Nothing => String::new(),
        Action::Restrict => format!(" ON {verb} RESTRICT"),
        Action::Cascade => format!(" ON {verb} CASCADE"),
        Action::Nilify(None) => format!(" ON {verb} SET NULL"),
        Action::Nilify(Some(columns)) => format!(" ON {verb} SET NULL ({})", joined(columns)),
        Action::Default(None) => format!(" ON {verb} SET DEFAULT"),
        Action::Default(Some(columns)) => format!(" ON {verb} SET DEFAULT ({})", joined(columns)),
    };
    format!(
        "FOREIGN KEY ({}) REFERENCES {}({}){}{}{}",
        joined(&key.columns),
        key.references,
        joined(&key.referenced),
        if key.full { " MATCH FULL" } else { "" },
        action("UPDATE", &key.on_update),
        action("DELETE", &key.on_delete),
    )
}

/// A condition in the words of PostgreSQL.
fn condition(expr: &Expr) -> String {
    match expr {
        Expr::Field(name) => name.to_string(),
        Expr::Literal(value) => to_text(value).unwrap_or_default(),
        Expr::Call(call) => {
            let sign = match call.operator() {
                Operator::Equal => "=",
                Operator::NotEqual => "<>",
                operator => operator.name(),
            };
            call.operands().iter().map(condition).collect::<Vec<_>>().join(&format!(" {sign} "))
        }
        other => format!("{other:?}"),
    }
}
