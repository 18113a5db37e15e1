//! Fields that hold values.

use super::types;
use crate::attributes::{flag, options, text, word};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Attribute, Error, Expr, ExprLit, Ident, Lit, LitBool, LitStr, Result, Type};

/// A field of the struct that holds a value.
pub struct Field {
    pub ident: Ident,
    pub rust: Type,
    pub name: String,
    pub primary_key: bool,
    pub default: Option<Expr>,
    /// `None`: as the kind of the field has it; the inner `None`: not at all.
    pub autogenerate: Option<Option<&'static str>>,
    /// Whether the struct has it and the schema has not.
    pub skipped: bool,
    /// Calls on `ectomorph::schema::Field` for the other options.
    pub calls: TokenStream,
    /// The type, if it is given.
    pub kind: Option<TokenStream>,
}

const OPTIONS: [&str; 12] = [
    "primary_key",
    "default",
    "source",
    "virtual",
    "redact",
    "autogenerate",
    "type",
    "writable",
    "load_in_query",
    "read_after_writes",
    "skip",
    "name",
];

const AUTOGENERATE: [(&str, &str); 5] = [
    ("id", "Id"),
    ("uuid", "Uuid"),
    ("uuid_v7", "UuidV7"),
    ("inserted_at", "InsertedAt"),
    ("updated_at", "UpdatedAt"),
];

const WRITABLE: [(&str, &str); 3] = [("always", "Always"), ("insert", "Insert"), ("never", "Never")];

impl Field {
    pub fn new(ident: &Ident, rust: &Type, attribute: Option<&Attribute>) -> Result<Field> {
        let mut field = Field {
            ident: ident.clone(),
            rust: rust.clone(),
            name: super::table::name_of(ident),
            primary_key: false,
            default: None,
            autogenerate: None,
            skipped: false,
            calls: TokenStream::new(),
            kind: None,
        };
        if types::is_assoc(rust) {
            let message =
                "an association says which: #[has_one], #[has_many], #[belongs_to] or #[many_to_many]";
            return Err(Error::new(rust.span(), message));
        }
        let Some(attribute) = attribute else { return Ok(field) };
        options(attribute, &OPTIONS, |option, meta| {
            match option {
                "primary_key" => field.primary_key = flag(meta)?,
                "default" => field.default = Some(meta.value()?.parse()?),
                "name" => field.name = text(meta)?.value(),
                "source" => {
                    let source = text(meta)?;
                    field.call(quote!(.source(::ectomorph::value::Str::Static(#source))));
                }
                "virtual" if flag(meta)? => field.call(quote!(.virtual_field())),
                "redact" if flag(meta)? => field.call(quote!(.redact())),
                "read_after_writes" if flag(meta)? => field.call(quote!(.read_after_writes())),
                "load_in_query" if !flag(meta)? => field.call(quote!(.not_in_query())),
                "writable" => {
                    let when = Ident::new(word(&text(meta)?, &WRITABLE)?, meta.path.span());
                    field.call(quote!(.writable(::ectomorph::schema::Writable::#when)));
                }
                "autogenerate" => field.autogenerate = Some(autogenerate(meta)?),
                "type" => {
                    let value = meta.value()?;
                    field.kind = Some(if value.peek(LitStr) {
                        types::named(&value.parse()?, rust)?
                    } else {
                        let kind: Expr = value.parse()?;
                        quote!(#kind)
                    });
                }
                "skip" => field.skipped = flag(meta)?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(field)
    }

    fn call(&mut self, call: TokenStream) {
        self.calls.extend(call);
    }

    /// The value of a new struct.
    pub fn default_value(&self) -> TokenStream {
        let rust = &self.rust;
        let Some(default) = &self.default else {
            return quote_spanned!(rust.span()=> <#rust as ::core::default::Default>::default());
        };
        let converted = match default {
            Expr::Lit(ExprLit { lit: Lit::Str(_), .. }) => {
                quote_spanned!(default.span()=> ::core::convert::Into::into(#default))
            }
            _ => quote!(#default),
        };
        match types::option_of(rust) {
            Some(_) => quote_spanned!(default.span()=> ::core::option::Option::Some(#converted)),
            None => converted,
        }
    }

    /// Whether the default is certainly the same each time: that of the type, a literal, or what a path names.
    pub fn has_constant_default(&self) -> bool {
        match &self.default {
            None | Some(Expr::Lit(_) | Expr::Path(_)) => true,
            Some(Expr::Unary(unary)) => matches!(*unary.expr, Expr::Lit(_)),
            Some(_) => false,
        }
    }

    /// The field of the schema, but for what its being a key adds.
    pub fn built(&self) -> TokenStream {
        let (rust, name, calls) = (&self.rust, &self.name, &self.calls);
        let field = match &self.kind {
            Some(kind) => {
                quote_spanned!(rust.span()=> ::ectomorph::schema::derive::field_of::<#rust>(#name, #kind))
            }
            None => quote_spanned!(rust.span()=> ::ectomorph::schema::derive::field::<#rust>(#name)),
        };
        let default = self.default.as_ref().map(|_| {
            let value = self.default_value();
            quote!(.default(::ectomorph::schema::derive::default::<#rust>(#value)))
        });
        quote!(#field #calls #default)
    }
}

fn autogenerate(meta: &syn::meta::ParseNestedMeta) -> Result<Option<&'static str>> {
    if !meta.input.peek(syn::Token![=]) {
        return Ok(Some("Uuid"));
    }
    let value = meta.value()?;
    if value.peek(LitBool) {
        let on: LitBool = value.parse()?;
        return Ok(on.value.then_some("Uuid"));
    }
    word(&value.parse()?, &AUTOGENERATE).map(Some)
}
