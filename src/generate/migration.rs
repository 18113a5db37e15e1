//! Migrations that are to be written.

use super::attribute::{Attribute, Kind};
use super::names::check_plain;
use super::schema::SchemaRequest;
use super::{Generated, Language, document};
use crate::migration::{
    self as m, Column, ColumnType, Migration, Reference, Table, Timestamps, array, column, index, references,
    unique_index,
};
use crate::mistake::Mistake;
use crate::value::UtcDatetime;
use std::fmt::Write;

/// The version of a migration that is written at an instant: its digits, `20170523151118`.
pub fn version_at(instant: UtcDatetime) -> i64 {
    let (date, time) = (instant.naive().date(), instant.naive().time());
    let digits = [date.month(), date.day(), time.hour(), time.minute(), time.second()];
    digits.into_iter().fold(i64::from(date.year()), |version, part| version * 100 + i64::from(part))
}

/// A migration that does nothing yet, in the folder of migrations.
///
/// # Errors
///
/// A [`Mistake`] if the name is none.
pub fn migration(folder: &str, name: &str, version: i64, language: Language) -> Result<Generated, Mistake> {
    check_plain("migration", name)?;
    let text = match language {
        Language::Rust => rust(version, name, "use ectomorph::migration::Migration;", "|_m| {}"),
        Language::TypeScript => {
            format!(
                "import {{ migration }} from \"ectomorph/repo\";\n\nexport default migration({version}, \"{name}\", (m) => m);\n"
            )
        }
        Language::Document => document::migration(&Migration::new(version, name.to_owned()).change(|_| {})),
    };
    Ok(placed(folder, name, version, language, text))
}

/// The migration that creates the table of a schema.
pub(super) fn create(request: &SchemaRequest, language: Language, version: i64) -> Generated {
    let name = format!("create_{}", request.table);
    let text = match language {
        Language::Rust => rust_create(request, &name, version),
        Language::TypeScript => typescript_create(request, &name, version),
        Language::Document => {
            let owned = request.clone();
            document::migration(&Migration::new(version, name.clone()).change(move |m| record(&owned, m)))
        }
    };
    placed(&request.migrations, &name, version, language, text)
}

fn placed(folder: &str, name: &str, version: i64, language: Language, text: String) -> Generated {
    Generated { path: format!("{folder}/{version}_{name}.{}", language.extension()), text }
}

/// What the migration does, recorded.
fn record(request: &SchemaRequest, m: &mut m::Recorder<'_>) {
    let mut table: Table = m::table(request.table.clone());
    if let Some(prefix) = &request.prefix {
        table = table.prefix(prefix.clone());
    }
    if request.binary_id {
        table = table.no_primary_key();
    }
    m.create(table, |mut t| {
        if request.binary_id {
            t = t.add("id", column("binary_id").primary_key());
        }
        for attribute in &request.attributes {
            t = t.add(attribute.name.clone(), column_of(request, attribute));
        }
        match request.timestamps {
            Some("naive_datetime") => t.timestamps(),
            Some(kind) => t.timestamps_with(Timestamps::new().of_type(kind)),
            None => t,
        }
    });
    for (attribute, unique) in indexed(request) {
        let columns = [attribute.name.as_str()];
        let mut made = if unique {
            unique_index(request.table.clone(), columns)
        } else {
            index(request.table.clone(), columns)
        };
        if let Some(prefix) = &request.prefix {
            made = made.prefix(prefix.clone());
        }
        m.create_index(made);
    }
}

/// The attributes that have an index, and whether it is unique.
fn indexed(request: &SchemaRequest) -> impl Iterator<Item = (&Attribute, bool)> {
    let has_index =
        |attribute: &&Attribute| attribute.unique || matches!(attribute.kind, Kind::References(_));
    request.attributes.iter().filter(has_index).map(|attribute| (attribute, attribute.unique))
}

fn column_of(request: &SchemaRequest, attribute: &Attribute) -> Column {
    match &attribute.kind {
        Kind::Plain("boolean") => column("boolean").default(false).null(false),
        Kind::Plain(word) => column(*word),
        Kind::Array(element) => column(array(*element)),
        Kind::Enum(_) => column("string"),
        Kind::References(table) => {
            let reference: Reference = references(table.clone());
            let reference = if request.binary_id { reference.column_type("binary_id") } else { reference };
            column(ColumnType::from(reference))
        }
    }
}

fn rust(version: i64, name: &str, uses: &str, body: &str) -> String {
    format!(
        "{uses}\n\npub fn migration() -> Migration {{\n    ectomorph::migration!({version}, {name}, {body})\n}}\n"
    )
}

fn rust_create(request: &SchemaRequest, name: &str, version: i64) -> String {
    let mut names = vec!["Migration"];
    let mut columns = String::new();
    if request.binary_id {
        columns.push_str("\n                .add(\"id\", column(\"binary_id\").primary_key())");
    }
    for attribute in &request.attributes {
        let kind = match &attribute.kind {
            Kind::Plain("boolean") => "column(\"boolean\").default(false).null(false)".to_owned(),
            Kind::Plain(word) => format!("\"{word}\""),
            Kind::Array(element) => format!("array(\"{element}\")"),
            Kind::Enum(_) => "\"string\"".to_owned(),
            Kind::References(table) if request.binary_id => {
                format!("references(\"{table}\").column_type(\"binary_id\")")
            }
            Kind::References(table) => format!("references(\"{table}\")"),
        };
        let _ = write!(columns, "\n                .add(\"{}\", {kind})", attribute.name);
    }
    match request.timestamps {
        Some("naive_datetime") => columns.push_str("\n                .timestamps()"),
        Some(kind) => {
            let _ =
                write!(columns, "\n                .timestamps_with(Timestamps::new().of_type(\"{kind}\"))");
        }
        None => {}
    }
    let mut table = format!("\"{}\"", request.table);
    if request.prefix.is_some() || request.binary_id {
        table = format!("table({table})");
    }
    let prefix = request.prefix.as_ref().map(|prefix| format!(".prefix(\"{prefix}\")")).unwrap_or_default();
    table.push_str(&prefix);
    if request.binary_id {
        table.push_str(".no_primary_key()");
    }
    let mut body = format!(
        "|m| {{\n        m.create({table}, |t| {{\n            t{}\n        }});",
        columns.trim_start()
    );
    for (attribute, unique) in indexed(request) {
        let function = if unique { "unique_index" } else { "index" };
        let (table, column) = (&request.table, &attribute.name);
        let _ = write!(body, "\n        m.create_index({function}(\"{table}\", [\"{column}\"]){prefix});");
    }
    body.push_str("\n    }");
    for (name, call) in [
        ("Timestamps", "Timestamps::"),
        ("array", " array("),
        ("column", " column("),
        ("index", "(index("),
        ("references", "references("),
        ("table", "(table("),
        ("unique_index", "unique_index("),
    ] {
        if body.contains(call) {
            names.push(name);
        }
    }
    let uses = match names.as_slice() {
        [name] => format!("use ectomorph::migration::{name};"),
        names => format!("use ectomorph::migration::{{{}}};", names.join(", ")),
    };
    rust(version, name, &uses, &body)
}

fn typescript_create(request: &SchemaRequest, name: &str, version: i64) -> String {
    let mut columns = String::new();
    if request.binary_id {
        columns.push_str("\n      .add(\"id\", \"binary_id\", { primaryKey: true })");
    }
    for attribute in &request.attributes {
        let kind = match &attribute.kind {
            Kind::Plain("boolean") => "\"boolean\", { default: false, null: false }".to_owned(),
            Kind::Plain(word) => format!("\"{word}\""),
            Kind::Array(element) => format!("{{ array: \"{element}\" }}"),
            Kind::Enum(_) => "\"string\"".to_owned(),
            Kind::References(table) if request.binary_id => {
                format!("references(\"{table}\", {{ type: \"binary_id\" }})")
            }
            Kind::References(table) => format!("references(\"{table}\")"),
        };
        let _ = write!(columns, "\n      .add(\"{}\", {kind})", attribute.name);
    }
    match request.timestamps {
        Some("naive_datetime") => columns.push_str("\n      .timestamps()"),
        Some(kind) => {
            let _ = write!(columns, "\n      .timestamps({{ type: \"{kind}\" }})");
        }
        None => {}
    }
    let table = &request.table;
    let prefix = request.prefix.as_ref().map(|prefix| format!("prefix: \"{prefix}\""));
    let key = request.binary_id.then(|| "primaryKey: false".to_owned());
    let options: Vec<String> = prefix.iter().cloned().chain(key).collect();
    let options = if options.is_empty() { String::new() } else { format!(", {{ {} }}", options.join(", ")) };
    let mut body = format!("m.create(\"{table}\", (t) =>\n    t{columns}{options})");
    for (attribute, unique) in indexed(request) {
        let given: Vec<String> =
            unique.then(|| "unique: true".to_owned()).into_iter().chain(prefix.iter().cloned()).collect();
        let options = if given.is_empty() { String::new() } else { format!(", {{ {} }}", given.join(", ")) };
        let _ = write!(body, "\n   .createIndex(\"{table}\", [\"{}\"]{options})", attribute.name);
    }
    let names = if body.contains("references(") { "migration, references" } else { "migration" };
    format!(
        "import {{ {names} }} from \"ectomorph/repo\";\n\nexport default migration({version}, \"{name}\", (m) =>\n  {body});\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_the_time_in_utc() {
        let version = |seconds: i64| UtcDatetime::from_unix(seconds * 1_000_000, 0).map(version_at);
        assert_eq!(version(0), Some(19700101000000));
        assert_eq!(version(1_495_552_278), Some(20170523151118));
        assert_eq!(version(951_782_399), Some(20000228235959));
        assert_eq!(version(951_868_799), Some(20000229235959));
        assert_eq!(version(4_102_444_800), Some(21000101000000));
    }
}
