//! Types of TypeScript for the rules of documents: what `load` of the npm package can't know by itself.

use super::kept::kept;
use super::names::{camel_case, pascal_case, snake_case};
use super::typescript::key;
use crate::document::Document;
use crate::mistake::Mistake;
use crate::rules::{Validator, Validators};
use crate::schema::{Cardinality, FieldKind, Relation, RelationKind, Schema};
use crate::types::{Type, Types};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

/// The module with the types of some rules documents: for each schema its fields and its record, and one interface with the
/// rules by name, for `load<RulesByName>(..)`. A field that rules require is not null in what they let through.
///
/// ```
/// use ectomorph::document::Document;
/// use ectomorph::generate::typescript_types;
/// # use ectomorph::rules::NoValidators;
/// # use ectomorph::types::Types;
/// let json = r#"{"version": 1, "name": "registration", "schema": {"name": "User", "source": "users",
///     "fields": {"email": "string"}}, "steps": [["cast", ["email"]]]}"#;
/// let document = Document::from_json(json, &Types::default(), &NoValidators)?;
/// let module = typescript_types(&[document])?;
/// assert!(module.contains("email: Field<string, \"string\", false>;"));
/// assert!(module.contains("registration: Rules<UserFields>;"));
/// # Ok::<(), ectomorph::mistake::Mistake>(())
/// ```
///
/// # Errors
///
/// A [`Mistake`] if two documents have one name, or two unlike schemas have.
pub fn typescript_types(documents: &[Document]) -> Result<String, Mistake> {
    let mut module = Module::default();
    let mut rules: BTreeMap<String, String> = BTreeMap::new();
    for document in documents {
        let schema = module.add(&document.schema)?;
        let name =
            document.name.as_ref().map_or_else(|| camel_case(&snake_case(&schema)), |name| name.to_string());
        let kept =
            kept(&document.schema, &document.steps).map_or_else(String::new, |kept| format!(", {kept}"));
        if rules.insert(name.clone(), format!("Rules<{schema}Fields{kept}>")).is_some() {
            return Err(Mistake::new(format!("two documents are named `{name}`; name them apart")));
        }
    }
    let mut text = String::from(
        "// Made by `ectomorph gen types` from rules documents. Change those, and make this file anew.\n",
    );
    let imports: Vec<&str> =
        ["Field", "Json", "Kept", "OfChildren", "RecordOf", "Relation", "Requiring", "Rules"]
            .into_iter()
            .filter(|name| {
                *name == "RecordOf"
                    || module.texts.values().chain(rules.values()).any(|text| uses(text, name))
            })
            .collect();
    let _ = writeln!(text, "import type {{ {} }} from \"ectomorph\";", imports.join(", "));
    for (name, fields) in &module.texts {
        let _ = write!(
            text,
            "\n/** The fields of `{name}`. */\nexport interface {name}Fields {{\n{fields}}}\n\n/** A record of `{name}`. */\n\
             export type {name} = RecordOf<{name}Fields>;\n"
        );
    }
    text.push_str("\n/** The rules of the documents, by name. */\nexport interface RulesByName {\n");
    for (name, rules) in &rules {
        let _ = writeln!(text, "  {}: {rules};", key(name));
    }
    text.push_str("}\n");
    Ok(text)
}

/// Reads a document for its types: validators are taken at their word, since none of them runs here.
///
/// # Errors
///
/// As [`Document::from_json`].
pub fn document_for_types(json: impl AsRef<[u8]>) -> Result<Document, Mistake> {
    Document::from_json(json, &Types::default(), &AnyValidator)
}

/// Every name is that of a validator, which finds nothing.
struct AnyValidator;

impl Validators for AnyValidator {
    fn find(&self, name: &str) -> Option<Validator> {
        Some(Validator::named(name, |_, _| Vec::new()))
    }
}

fn uses(text: &str, name: &str) -> bool {
    text.starts_with(&format!("{name}<"))
        || text.contains(&format!(" {name}<"))
        || text.contains(&format!(": {name} }}"))
}

/// The schemas so far, by their name in TypeScript.
#[derive(Default)]
struct Module {
    schemas: BTreeMap<String, Arc<Schema>>,
    texts: BTreeMap<String, String>,
}

impl Module {
    /// Adds a schema and those it holds. Its name in TypeScript.
    fn add(&mut self, schema: &Arc<Schema>) -> Result<String, Mistake> {
        let name = identifier(schema.name());
        if let Some(known) = self.schemas.get(&name) {
            // Documents hold only the relations that their steps speak of, so the same schema may have fewer here.
            let same = known.source() == schema.source() && known.is_embedded() == schema.is_embedded();
            if !same {
                let message = format!("two schemas are named `{name}`; name them apart");
                return Err(Mistake::new(message));
            }
            if known.fields().len() >= schema.fields().len() {
                return Ok(name);
            }
        }
        self.schemas.insert(name.clone(), schema.clone());
        let mut text = String::new();
        for (at, field) in schema.fields().iter().enumerate() {
            let kind = match &field.kind {
                FieldKind::Value(kind) => {
                    let is_key = schema.primary_key().contains(&at);
                    format!("Field<{}, {:?}, {is_key}>", value_type(kind), word(kind))
                }
                FieldKind::Relation(relation) => {
                    let related = self.add(&relation.related.schema())?;
                    format!("Relation<{related}Fields, {:?}{}>", relation.kind_name(), key_name(relation))
                }
                FieldKind::Through { cardinality, .. } => {
                    let word = if *cardinality == Cardinality::Many { "has_many" } else { "has_one" };
                    format!("Relation<any, {word:?}, never>")
                }
            };
            let _ = writeln!(text, "  {}: {kind};", key(&field.name));
        }
        self.texts.insert(name.clone(), text);
        Ok(name)
    }
}

fn key_name(relation: &Relation) -> String {
    match relation.kind {
        RelationKind::BelongsTo => format!(", {:?}", relation.owner_key.as_str()),
        _ => ", never".to_owned(),
    }
}

/// What a value of the type is in JavaScript.
fn value_type(kind: &Type) -> String {
    match kind {
        Type::Id | Type::Integer | Type::Float => "number".into(),
        Type::Boolean => "boolean".into(),
        Type::Binary => "Uint8Array | string".into(),
        Type::Map => "{ readonly [key: string]: Json }".into(),
        Type::MapOf(of) => format!("{{ readonly [key: string]: {} }}", value_type(of)),
        Type::Array(of) => format!("readonly ({})[]", value_type(of)),
        Type::Enum(names) => names.names().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(" | "),
        Type::Any | Type::Custom(_) => "unknown".into(),
        _ => "string".into(),
    }
}

/// The word of the type, which says what rules fit.
fn word(kind: &Type) -> String {
    match kind {
        Type::MapOf(_) => "map".into(),
        Type::Array(_) => "array".into(),
        Type::Enum(_) => "enum".into(),
        other => other.to_notation().as_str().unwrap_or("any").to_owned(),
    }
}

/// A name as TypeScript takes it for a type: `Blog.Post` is `BlogPost`.
pub(super) fn identifier(name: &str) -> String {
    let parts = name.split(|letter: char| !letter.is_ascii_alphanumeric());
    let name: String = parts.map(pascal_case).collect();
    match name.chars().next() {
        Some(first) if first.is_ascii_alphabetic() => name,
        _ => format!("Schema{name}"),
    }
}
