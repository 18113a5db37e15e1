//! Fields that hold records of another schema.

use super::types;
use crate::attributes::{flag, name, options, snake_case, text, word};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Attribute, Error, Ident, LitStr, Result, Type};

/// What a field holds.
#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    HasOne,
    HasMany,
    BelongsTo,
    ManyToMany,
    EmbedsOne,
    EmbedsMany,
}

/// The attributes, by name.
pub const KINDS: [(&str, Kind); 6] = [
    ("has_one", Kind::HasOne),
    ("has_many", Kind::HasMany),
    ("belongs_to", Kind::BelongsTo),
    ("many_to_many", Kind::ManyToMany),
    ("embeds_one", Kind::EmbedsOne),
    ("embeds_many", Kind::EmbedsMany),
];

const ON_DELETE: [(&str, &str); 3] =
    [("nothing", "Nothing"), ("nilify_all", "NilifyAll"), ("delete_all", "DeleteAll")];

/// A field of the struct that holds records.
pub struct Relation {
    pub ident: Ident,
    pub rust: Type,
    pub name: String,
    pub kind: Kind,
    pub foreign_key: Option<LitStr>,
    references: Option<LitStr>,
    join_through: Option<LitStr>,
    join_keys: Option<(LitStr, LitStr)>,
    unique: bool,
    calls: TokenStream,
}

impl Kind {
    fn options(self) -> &'static [&'static str] {
        match self {
            Kind::EmbedsOne | Kind::EmbedsMany => &["on_replace"],
            Kind::BelongsTo => &["foreign_key", "references", "on_replace"],
            Kind::HasOne | Kind::HasMany => &["foreign_key", "references", "on_replace", "on_delete"],
            Kind::ManyToMany => &["join_through", "join_keys", "unique", "on_replace", "on_delete"],
        }
    }

    fn on_replace(self) -> &'static [(&'static str, &'static str)] {
        const RAISE: (&str, &str) = ("raise", "Raise");
        const MARK: (&str, &str) = ("mark_as_invalid", "MarkAsInvalid");
        const DELETE: (&str, &str) = ("delete", "Delete");
        const GONE: (&str, &str) = ("delete_if_exists", "DeleteIfExists");
        const NILIFY: (&str, &str) = ("nilify", "Nilify");
        const UPDATE: (&str, &str) = ("update", "Update");
        match self {
            Kind::EmbedsOne => &[RAISE, MARK, DELETE, UPDATE],
            Kind::EmbedsMany | Kind::ManyToMany => &[RAISE, MARK, DELETE],
            Kind::HasMany => &[RAISE, MARK, DELETE, GONE, NILIFY],
            Kind::HasOne | Kind::BelongsTo => &[RAISE, MARK, DELETE, GONE, NILIFY, UPDATE],
        }
    }
}

impl Relation {
    pub fn new(ident: &Ident, rust: &Type, kind: Kind, attribute: &Attribute) -> Result<Relation> {
        let mut relation = Relation {
            ident: ident.clone(),
            rust: rust.clone(),
            name: super::table::name_of(ident),
            kind,
            foreign_key: None,
            references: None,
            join_through: None,
            join_keys: None,
            unique: false,
            calls: TokenStream::new(),
        };
        options(attribute, kind.options(), |option, meta| {
            match option {
                "foreign_key" => relation.foreign_key = Some(text(meta)?),
                "references" => relation.references = Some(text(meta)?),
                "join_through" => relation.join_through = Some(text(meta)?),
                "unique" => relation.unique = flag(meta)?,
                "join_keys" => {
                    let value = meta.value()?;
                    let keys;
                    syn::parenthesized!(keys in value);
                    let ours: LitStr = keys.parse()?;
                    keys.parse::<syn::Token![,]>()?;
                    relation.join_keys = Some((ours, keys.parse()?));
                }
                "on_replace" => {
                    let text = text(meta)?;
                    let choice = Ident::new(word(&text, kind.on_replace())?, text.span());
                    relation.calls.extend(quote!(.on_replace(::ectomorph::schema::OnReplace::#choice)));
                }
                "on_delete" => {
                    let text = text(meta)?;
                    let choice = Ident::new(word(&text, &ON_DELETE)?, text.span());
                    relation.calls.extend(quote!(.on_delete(::ectomorph::schema::OnDelete::#choice)));
                }
                _ => {}
            }
            Ok(())
        })?;
        if kind == Kind::ManyToMany && relation.join_through.is_none() {
            let name = name(attribute);
            let message = format!("#[{name}] needs the join table: join_through = \"posts_tags\"");
            return Err(Error::new(attribute.span(), message));
        }
        Ok(relation)
    }

    /// Our field that holds the key, of a `belongs_to`.
    pub fn owner_key(&self) -> String {
        self.foreign_key.as_ref().map_or_else(|| format!("{}_id", self.name), LitStr::value)
    }

    /// The relation of the schema named `owner`.
    pub fn built(&self, owner: &str) -> TokenStream {
        let (rust, name, calls) = (&self.rust, &self.name, &self.calls);
        let owner_id = format!("{}_id", snake_case(owner));
        let id = || "id".to_owned();
        let references = self.references.as_ref().map_or_else(id, LitStr::value);
        let (function, kind, keys) = match self.kind {
            Kind::EmbedsOne => {
                ("embed_one", quote!(::ectomorph::schema::derive::embeds_one::<#rust>()), None)
            }
            Kind::EmbedsMany => ("embed_many", quote!(::ectomorph::schema::RelationKind::EmbedsMany), None),
            Kind::HasOne | Kind::HasMany => {
                let foreign_key = self.foreign_key.as_ref().map_or(owner_id, LitStr::value);
                let keys = Some((references, foreign_key));
                match self.kind {
                    Kind::HasOne => ("assoc_one", quote!(::ectomorph::schema::RelationKind::HasOne), keys),
                    _ => ("assoc_many", quote!(::ectomorph::schema::RelationKind::HasMany), keys),
                }
            }
            Kind::BelongsTo => {
                let keys = Some((self.owner_key(), references));
                ("assoc_one", quote!(::ectomorph::schema::RelationKind::BelongsTo), keys)
            }
            Kind::ManyToMany => {
                let theirs = format!("{}_id", snake_case(&types::innermost(rust)));
                let (ours, theirs) = match &self.join_keys {
                    Some((ours, theirs)) => (ours.value(), theirs.value()),
                    None => (owner_id, theirs),
                };
                let (join, unique) = (&self.join_through, self.unique);
                let kind = quote! {
                    ::ectomorph::schema::derive::join_through(#join, (#ours, "id"), (#theirs, "id"), #unique)
                };
                ("assoc_many", kind, Some((id(), id())))
            }
        };
        let function = Ident::new(function, rust.span());
        let keys = keys.map(|(ours, theirs)| {
            quote!(.keys(::ectomorph::value::Str::Static(#ours), ::ectomorph::value::Str::Static(#theirs)))
        });
        let made = quote_spanned!(rust.span()=> ::ectomorph::schema::derive::#function::<#rust>);
        quote!(#made(#name, #kind) #keys #calls)
    }
}
