//! Schemas in Rust.

use super::attribute::{Attribute, Kind};
use super::names::{pascal_case, rust_field};
use super::schema::{SchemaRequest, TIMESTAMPS};
use std::fmt::Write;

/// A struct with `#[derive(Schema)]`, its enums, and the rules of its changeset.
pub(super) fn schema(request: &SchemaRequest) -> String {
    let name = &request.name;
    let mut options = vec![format!("source = \"{}\"", request.table)];
    match request.timestamps {
        Some("naive_datetime") => options.push("timestamps".into()),
        Some(kind) => options.push(format!("timestamps = \"{kind}\"")),
        None => {}
    }
    if let Some(prefix) = &request.prefix {
        options.push(format!("prefix = \"{prefix}\""));
    }
    let mut text = uses(request);
    let _ = write!(
        text,
        "\n#[derive(Schema, Clone, Debug, PartialEq)]\n#[schema({})]\npub struct {name} {{\n",
        options.join(", ")
    );
    text.push_str(if request.binary_id {
        "    #[field(primary_key, type = \"binary_id\", autogenerate = \"uuid\")]\n    pub id: Option<String>,\n"
    } else {
        "    #[field(primary_key)]\n    pub id: Option<i64>,\n"
    });
    for attribute in &request.attributes {
        field(request, attribute, &mut text);
    }
    if let Some(kind) = request.timestamps {
        let options =
            named_type(kind).map(|named| format!("    #[field(type = \"{named}\")]\n")).unwrap_or_default();
        for name in TIMESTAMPS {
            let _ = writeln!(text, "{options}    pub {name}: Option<{}>,", rust_type(kind));
        }
    }
    let _ = write!(
        text,
        "}}\n\nimpl {name} {{\n    /// The rules of a changeset.\n    pub fn rules() -> Rules<{name}> {{\n"
    );
    steps(request, &mut text);
    text.push_str("    }\n}\n");
    for attribute in &request.attributes {
        enumeration(name, attribute, &mut text);
    }
    text
}

fn uses(request: &SchemaRequest) -> String {
    let has = |wanted: &str| {
        request.timestamps.is_some_and(|kind| rust_type(kind) == wanted)
            || request.attributes.iter().any(|attribute| match attribute.kind {
                Kind::Plain(word) | Kind::Array(word) => rust_type(word) == wanted,
                _ => false,
            })
    };
    let values: Vec<&str> = ["Date", "Decimal", "Map", "NaiveDatetime", "Time", "UtcDatetime"]
        .into_iter()
        .filter(|name| has(name))
        .collect();
    let mut text = String::new();
    match values.as_slice() {
        [] => {}
        [name] => {
            let _ = writeln!(text, "use ectomorph::value::{name};");
        }
        names => {
            let _ = writeln!(text, "use ectomorph::value::{{{}}};", names.join(", "));
        }
    }
    let has_enum = request.attributes.iter().any(|attribute| matches!(attribute.kind, Kind::Enum(_)));
    text.push_str(if has_enum {
        "use ectomorph::{Enum, Rules, Schema};\n"
    } else {
        "use ectomorph::{Rules, Schema};\n"
    });
    text
}

fn field(request: &SchemaRequest, attribute: &Attribute, text: &mut String) {
    let mut options: Vec<String> = Vec::new();
    let kind = match &attribute.kind {
        Kind::Plain("boolean") => {
            options.push("default = false".into());
            "bool".to_owned()
        }
        Kind::Plain(word) => {
            if let Some(named) = named_type(word) {
                options.push(format!("type = \"{named}\""));
            }
            format!("Option<{}>", rust_type(word))
        }
        Kind::Array(element) => {
            if let Some(named) = array_type(element) {
                options.push(format!("type = {named}"));
            }
            format!("Vec<{}>", rust_type(element))
        }
        Kind::Enum(_) => format!("Option<{}>", attribute.enum_name(&request.name)),
        Kind::References(_) if request.binary_id => {
            options.push("type = \"binary_id\"".into());
            "Option<String>".to_owned()
        }
        Kind::References(_) => {
            options.push("type = \"id\"".into());
            "Option<i64>".to_owned()
        }
    };
    if attribute.redact {
        options.push("redact".into());
    }
    if !options.is_empty() {
        let _ = writeln!(text, "    #[field({})]", options.join(", "));
    }
    let _ = writeln!(text, "    pub {}: {kind},", rust_field(&attribute.name));
}

fn enumeration(schema: &str, attribute: &Attribute, text: &mut String) {
    let Kind::Enum(words) = &attribute.kind else { return };
    let _ = write!(
        text,
        "\n#[derive(Enum, Clone, Copy, Debug, PartialEq)]\npub enum {} {{\n",
        attribute.enum_name(schema)
    );
    for word in words {
        let _ = writeln!(text, "    {},", pascal_case(word));
    }
    text.push_str("}\n");
}

/// The calls of the rules, laid out as rustfmt does.
fn steps(request: &SchemaRequest, text: &mut String) {
    let paths = |names: &[&str]| -> Vec<String> {
        names.iter().map(|name| format!("{}::{}", request.name, rust_field(name))).collect()
    };
    let cast = list("        Rules::cast(", &paths(&request.cast()), "        ");
    // Behind a list of many lines a chain is not indented.
    let indent = if cast.contains('\n') || request.required().is_empty() && request.unique().is_empty() {
        "        "
    } else {
        "            "
    };
    text.push_str(&cast);
    if !request.required().is_empty() {
        let head = format!("\n{indent}.validate_required(");
        text.push_str(&list(&head, &paths(&request.required()), indent));
    }
    for path in paths(&request.unique()) {
        let _ = write!(text, "\n{indent}.unique_constraint({path})");
    }
    text.push('\n');
}

/// A call with a list: on one line, if it fits.
fn list(head: &str, items: &[String], indent: &str) -> String {
    let line = format!("{head}[{}])", items.join(", "));
    if line.trim_start_matches('\n').len() <= WIDTH {
        return line;
    }
    let rows: String = items.iter().map(|item| format!("{indent}    {item},\n")).collect();
    format!("{head}[\n{rows}{indent}])")
}

/// How long rustfmt lets a line be.
const WIDTH: usize = 100;

/// The Rust type of values.
fn rust_type(word: &str) -> &'static str {
    match word {
        "integer" => "i64",
        "float" => "f64",
        "decimal" => "Decimal",
        "boolean" => "bool",
        "map" => "Map",
        "date" => "Date",
        "time" | "time_usec" => "Time",
        "naive_datetime" | "naive_datetime_usec" => "NaiveDatetime",
        "utc_datetime" | "utc_datetime_usec" => "UtcDatetime",
        "binary" => "Vec<u8>",
        _ => "String",
    }
}

/// The type as `#[field(type = ..)]` names it, where the Rust type does not say it.
fn named_type(word: &str) -> Option<&str> {
    matches!(word, "uuid" | "time_usec" | "naive_datetime_usec" | "utc_datetime_usec").then_some(word)
}

/// The same for the elements of a list.
fn array_type(word: &str) -> Option<String> {
    named_type(word).map(|named| {
        format!("ectomorph::types::Type::Array(Box::new(ectomorph::types::Type::{}))", pascal_case(named))
    })
}
