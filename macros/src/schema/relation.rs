//! Fields that hold records of another schema.

use super::types;
use crate::attributes::{flag, name, options, order, pairs, path, snake_case, text, word};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::meta::ParseNestedMeta;
use syn::spanned::Spanned;
use syn::{Attribute, Error, Expr, Ident, LitStr, Result, Type};

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
    /// The associations that lead to the records, in place of a key.
    through: Option<Vec<LitStr>>,
    join_defaults: TokenStream,
    calls: TokenStream,
}

impl Kind {
    fn options(self) -> &'static [&'static str] {
        match self {
            Kind::EmbedsOne | Kind::EmbedsMany => &["on_replace"],
            Kind::BelongsTo => &["foreign_key", "references", "on_replace", "where", "defaults"],
            Kind::HasOne => {
                &["foreign_key", "references", "on_replace", "on_delete", "where", "defaults", "through"]
            }
            Kind::HasMany => &[
                "foreign_key",
                "references",
                "on_replace",
                "on_delete",
                "where",
                "defaults",
                "preload_order",
                "through",
            ],
            Kind::ManyToMany => &[
                "join_through",
                "join_keys",
                "join_defaults",
                "unique",
                "on_replace",
                "on_delete",
                "where",
                "defaults",
                "preload_order",
            ],
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
            through: None,
            join_defaults: quote!(::ectomorph::value::Map::new()),
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
                "where" => relation.call("filters", values(meta)?),
                "defaults" => relation.call("defaults", values(meta)?),
                "join_defaults" => relation.join_defaults = values(meta)?,
                "preload_order" => {
                    let order = order(meta)?.into_iter().map(
                        |(field, descending)| quote!((::ectomorph::value::Str::Static(#field), #descending)),
                    );
                    relation.calls.extend(quote!(.preload_order([#(#order),*])));
                }
                "through" => relation.through = Some(path(meta)?),
                "on_delete" => {
                    let text = text(meta)?;
                    let choice = Ident::new(word(&text, &ON_DELETE)?, text.span());
                    relation.calls.extend(quote!(.on_delete(::ectomorph::schema::OnDelete::#choice)));
                }
                _ => {}
            }
            Ok(())
        })?;
        relation.check_through(attribute)?;
        if kind == Kind::ManyToMany && relation.join_through.is_none() {
            let name = name(attribute);
            let message = format!("#[{name}] needs the join table: join_through = \"posts_tags\"");
            return Err(Error::new(attribute.span(), message));
        }
        Ok(relation)
    }

    /// What leads through other associations has no key or children of its own.
    fn check_through(&self, attribute: &Attribute) -> Result<()> {
        if self.through.is_none()
            || (self.calls.is_empty() && self.foreign_key.is_none() && self.references.is_none())
        {
            return Ok(());
        }
        let message = "an association `through` others is read only and takes no other option";
        Err(Error::new(attribute.span(), message))
    }

    /// Our field that holds the key, of a `belongs_to`.
    pub fn owner_key(&self) -> String {
        self.foreign_key.as_ref().map_or_else(|| format!("{}_id", self.name), LitStr::value)
    }

    fn call(&mut self, method: &str, argument: TokenStream) {
        let method = Ident::new(method, self.ident.span());
        self.calls.extend(quote!(.#method(#argument)));
    }

    /// The call that adds it to the schema named `owner`.
    pub fn built(&self, owner: &str) -> TokenStream {
        match &self.through {
            Some(path) => self.built_through(path),
            None => {
                let relation = self.built_relation(owner);
                quote!(.relation(#relation))
            }
        }
    }

    fn built_through(&self, path: &[LitStr]) -> TokenStream {
        let (rust, name) = (&self.rust, &self.name);
        let function = if self.kind == Kind::HasMany { "through_many" } else { "through_one" };
        let function = Ident::new(function, rust.span());
        let cardinality = quote_spanned!(rust.span()=> ::ectomorph::schema::derive::#function::<#rust>());
        quote! {
            .through(
                ::ectomorph::value::Str::Static(#name),
                #cardinality,
                [#(::ectomorph::value::Str::Static(#path)),*],
            )
        }
    }

    fn built_relation(&self, owner: &str) -> TokenStream {
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
                let (join, unique, defaults) = (&self.join_through, self.unique, &self.join_defaults);
                let kind = quote! {
                    ::ectomorph::schema::derive::join_through(
                        #join, (#ours, "id"), (#theirs, "id"), #unique, #defaults,
                    )
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

/// `where(published = true)` as a map.
fn values(meta: &ParseNestedMeta) -> Result<TokenStream> {
    let entries = pairs(meta)?.into_iter().map(|(field, value): (LitStr, Expr)| {
        quote_spanned! {value.span()=>
            (::ectomorph::value::Str::Static(#field), ::ectomorph::value::Value::from(#value))
        }
    });
    Ok(quote!(::ectomorph::value::Map::from([#(#entries),*])))
}
