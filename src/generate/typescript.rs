//! Schemas in TypeScript.

use super::attribute::{Attribute, Kind};
use super::names::{camel_case, is_plain};
use super::schema::SchemaRequest;
use std::fmt::Write;

/// `schema(..)` and the rules of its changeset.
pub(super) fn schema(request: &SchemaRequest) -> String {
    let name = &request.name;
    let mut text = String::from("import { type Infer, schema, t } from \"ectomorph\";\n\n");
    let _ = write!(text, "export const {name} = schema(\n  \"{}\",\n  {{\n", request.table);
    for attribute in &request.attributes {
        let _ = writeln!(text, "    {}: {},", attribute.name, field(request, attribute));
    }
    let mut options = vec![format!("name: \"{name}\"")];
    if let Some(prefix) = &request.prefix {
        options.push(format!("prefix: \"{prefix}\""));
    }
    if request.binary_id {
        options.push("primaryKey: { type: t.binaryId(), autogenerate: true }".into());
    }
    match request.timestamps {
        Some("naive_datetime") => options.push("timestamps: true".into()),
        Some(kind) => options.push(format!("timestamps: {{ type: t.{}() }}", camel_case(kind))),
        None => {}
    }
    let _ = write!(
        text,
        "  }},\n  {{ {} }},\n);\nexport type {name} = Infer<typeof {name}>;\n",
        options.join(", ")
    );
    let mut steps = format!("\n  c.cast({})", quoted(&request.cast()));
    if !request.required().is_empty() {
        let _ = write!(steps, "\n    .validateRequired({})", quoted(&request.required()));
    }
    for unique in request.unique() {
        let _ = write!(steps, "\n    .uniqueConstraint(\"{unique}\")");
    }
    let rules = camel_case(&super::names::snake_case(name));
    let _ = write!(
        text,
        "\n/** The rules of a changeset. */\nexport const {rules}Changeset = {name}.changeset((c) =>{steps},\n);\n"
    );
    text
}

fn field(request: &SchemaRequest, attribute: &Attribute) -> String {
    let mut text = match &attribute.kind {
        Kind::Plain("boolean") => "t.boolean().default(false)".to_owned(),
        Kind::Plain(word) => plain(word),
        Kind::Array(element) => format!("t.array({})", plain(element)),
        Kind::Enum(words) => {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            format!("t.enum({})", quoted(&words))
        }
        Kind::References(_) if request.binary_id => "t.binaryId()".to_owned(),
        Kind::References(_) => "t.id()".to_owned(),
    };
    if attribute.redact {
        text.push_str(".redact()");
    }
    text
}

fn plain(word: &str) -> String {
    let word = if word == "text" { "string" } else { word };
    format!("t.{}()", camel_case(word))
}

fn quoted(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    quoted.join(", ")
}

/// A name of a field as a key of an object.
pub(super) fn key(name: &str) -> String {
    if is_plain(name) { name.to_owned() } else { format!("{name:?}") }
}
