//! The struct and its attributes as a model.

use super::field::Field;
use super::relation::{KINDS, Kind, Relation};
use super::types;
use crate::attributes::{flag, name, options, text};
use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Attribute, Data, DeriveInput, Error, Expr, Fields, Ident, LitStr, Result, Visibility};

/// A struct with its schema.
pub struct Table {
    pub ident: Ident,
    pub visibility: Visibility,
    pub name: String,
    pub source: Option<LitStr>,
    pub prefix: Option<LitStr>,
    pub changeset: Option<Expr>,
    pub fields: Vec<Field>,
    /// Timestamps that the schema has and the struct has not, with their type.
    pub hidden: Vec<(&'static str, &'static str, TokenStream)>,
    pub relations: Vec<Relation>,
}

const OPTIONS: [&str; 7] = ["source", "embedded", "name", "prefix", "primary_key", "timestamps", "changeset"];

/// The timestamps, and how they come about.
const TIMESTAMPS: [(&str, &str); 2] = [("inserted_at", "InsertedAt"), ("updated_at", "UpdatedAt")];

/// The options of `#[schema(..)]`.
#[derive(Default)]
struct Settings {
    source: Option<LitStr>,
    embedded: bool,
    name: Option<LitStr>,
    prefix: Option<LitStr>,
    primary_key: Option<bool>,
    timestamps: Option<TokenStream>,
    changeset: Option<Expr>,
}

pub fn read(input: &DeriveInput) -> Result<Table> {
    let Data::Struct(data) = &input.data else {
        return Err(Error::new(
            input.ident.span(),
            "#[derive(Schema)] is for structs; an enum has #[derive(Enum)]",
        ));
    };
    let Fields::Named(named) = &data.fields else {
        return Err(Error::new(input.ident.span(), "a schema needs named fields"));
    };
    if !input.generics.params.is_empty() {
        return Err(Error::new(input.generics.span(), "a struct with a schema has no generics"));
    }
    let settings = settings(&input.attrs)?;
    if settings.source.is_none() && !settings.embedded {
        let message = "a schema needs #[schema(source = \"the table\")] or #[schema(embedded)]";
        return Err(Error::new(input.ident.span(), message));
    }
    if let (Some(source), true) = (&settings.source, settings.embedded) {
        return Err(Error::new(source.span(), "an embedded schema has no source"));
    }
    let ident = input.ident.clone();
    let mut table = Table {
        name: settings.name.as_ref().map_or_else(|| ident.to_string(), LitStr::value),
        ident,
        visibility: input.vis.clone(),
        source: settings.source,
        prefix: settings.prefix,
        changeset: settings.changeset,
        fields: Vec::new(),
        hidden: Vec::new(),
        relations: Vec::new(),
    };
    for field in &named.named {
        let Some(ident) = &field.ident else { continue };
        match attribute_of(&field.attrs)? {
            Some((Some(kind), attribute)) => {
                table.relations.push(Relation::new(ident, &field.ty, kind, attribute)?);
            }
            Some((None, attribute)) => table.fields.push(Field::new(ident, &field.ty, Some(attribute))?),
            None => table.fields.push(Field::new(ident, &field.ty, None)?),
        }
    }
    table.add_timestamps(settings.timestamps);
    table.find_key(settings.primary_key)?;
    table.check()?;
    Ok(table)
}

impl Table {
    pub fn embedded(&self) -> bool {
        self.source.is_none()
    }

    /// The fields of the schema that the struct has.
    pub fn columns(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| !field.skipped)
    }

    fn add_timestamps(&mut self, kind: Option<TokenStream>) {
        let Some(kind) = kind else { return };
        for (name, how) in TIMESTAMPS {
            match self.fields.iter_mut().find(|field| field.name == name) {
                Some(field) => {
                    field.autogenerate.get_or_insert(Some(how));
                }
                None => self.hidden.push((name, how, kind.clone())),
            }
        }
    }

    /// The field `id` is the key unless others are marked.
    fn find_key(&mut self, wanted: Option<bool>) -> Result<()> {
        let embedded = self.embedded();
        let marked = self.columns().find(|field| field.primary_key).map(|field| field.ident.span());
        match (marked, wanted) {
            (Some(span), Some(false)) => Err(Error::new(span, "the schema says primary_key = false")),
            (Some(_), _) | (None, Some(false)) => Ok(()),
            (None, _) => match self.fields.iter_mut().find(|field| field.name == "id" && !field.skipped) {
                Some(id) => {
                    id.primary_key = true;
                    Ok(())
                }
                None if embedded => Ok(()),
                None => Err(Error::new(
                    self.ident.span(),
                    "a table needs a primary key: add `id: Option<i64>`, mark a field #[field(primary_key)], or say #[schema(primary_key = false)]",
                )),
            },
        }
    }

    fn check(&self) -> Result<()> {
        let mut names: Vec<String> = self.hidden.iter().map(|(name, ..)| (*name).to_owned()).collect();
        let fields = self.columns().map(|field| (&field.name, field.ident.span()));
        let relations = self.relations.iter().map(|relation| (&relation.name, relation.ident.span()));
        for (name, span) in fields.chain(relations) {
            if names.contains(name) {
                return Err(Error::new(span, format!("field `{name}` is defined twice")));
            }
            names.push(name.clone());
        }
        for relation in self.relations.iter().filter(|relation| relation.kind == Kind::BelongsTo) {
            let key = relation.owner_key();
            if !self.columns().any(|field| field.name == key) {
                let name = &relation.name;
                let message = format!(
                    "`{name}` belongs to another record, whose key it needs: add `{key}: Option<i64>`"
                );
                return Err(Error::new(relation.ident.span(), message));
            }
        }
        Ok(())
    }
}

/// The name of a field: `r#type` is `type`.
pub fn name_of(ident: &Ident) -> String {
    ident.unraw().to_string()
}

fn settings(attributes: &[Attribute]) -> Result<Settings> {
    let mut settings = Settings::default();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("schema")) {
        options(attribute, &OPTIONS, |option, meta| {
            match option {
                "source" => settings.source = Some(text(meta)?),
                "embedded" => settings.embedded = flag(meta)?,
                "name" => settings.name = Some(text(meta)?),
                "prefix" => settings.prefix = Some(text(meta)?),
                "primary_key" => settings.primary_key = Some(flag(meta)?),
                "changeset" => settings.changeset = Some(meta.value()?.parse()?),
                "timestamps" => settings.timestamps = timestamps(meta)?,
                _ => {}
            }
            Ok(())
        })?;
    }
    Ok(settings)
}

/// `timestamps`, or `timestamps = "utc_datetime"`.
fn timestamps(meta: &syn::meta::ParseNestedMeta) -> Result<Option<TokenStream>> {
    if !meta.input.peek(syn::Token![=]) {
        return Ok(Some(quote!(::ectomorph::types::Type::NaiveDatetime)));
    }
    let value = meta.value()?;
    if value.peek(syn::LitBool) {
        let on: syn::LitBool = value.parse()?;
        return Ok(on.value.then(|| quote!(::ectomorph::types::Type::NaiveDatetime)));
    }
    let kind: LitStr = value.parse()?;
    let any: syn::Type =
        syn::Type::Infer(syn::TypeInfer { underscore_token: syn::Token![_](Span::call_site()) });
    types::named(&kind, &any).map(Some)
}

/// The one attribute of ours that a field has, with its kind if it is of a relation.
fn attribute_of(attributes: &[Attribute]) -> Result<Option<(Option<Kind>, &Attribute)>> {
    let mut found: Option<(Option<Kind>, &Attribute)> = None;
    for attribute in attributes {
        let kind = KINDS.iter().find(|(name, _)| attribute.path().is_ident(name)).map(|(_, kind)| *kind);
        if kind.is_none() && !attribute.path().is_ident("field") {
            continue;
        }
        if let Some((_, first)) = found {
            let message =
                format!("a field has one of these attributes, and it has #[{}] already", name(first));
            return Err(Error::new(attribute.span(), message));
        }
        found = Some((kind, attribute));
    }
    Ok(found)
}
