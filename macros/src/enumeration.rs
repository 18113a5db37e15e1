//! `#[derive(Enum)]`.

use crate::attributes::snake_case;
use proc_macro2::TokenStream;
use quote::quote;
use syn::spanned::Spanned;
use syn::{Attribute, Data, DeriveInput, Error, Fields, Lit, Result};

/// What is stored for a member.
enum Stored {
    Text(String),
    Integer(i64),
}

pub fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let Data::Enum(data) = &input.data else {
        return Err(Error::new(input.span(), "#[derive(Enum)] is for enums; a struct has #[derive(Schema)]"));
    };
    if data.variants.is_empty() {
        return Err(Error::new(input.ident.span(), "an enum needs a variant"));
    }
    let mut members: Vec<(String, Stored)> = Vec::new();
    for variant in &data.variants {
        if !matches!(variant.fields, Fields::Unit) {
            return Err(Error::new(variant.fields.span(), "a variant of a field's enum holds no data"));
        }
        let name = snake_case(&variant.ident.to_string());
        let stored = match variant.attrs.iter().find(|attribute| attribute.path().is_ident("value")) {
            Some(attribute) => stored(attribute)?,
            None => Stored::Text(name.clone()),
        };
        let same = |other: &Stored| match (other, &stored) {
            (Stored::Text(a), Stored::Text(b)) => a == b,
            (Stored::Integer(a), Stored::Integer(b)) => a == b,
            _ => false,
        };
        if members.iter().any(|(other, value)| *other == name || same(value)) {
            return Err(Error::new(variant.span(), "another variant has this name or stored value"));
        }
        if members
            .iter()
            .any(|(_, value)| matches!(value, Stored::Integer(_)) != matches!(stored, Stored::Integer(_)))
        {
            let message = "the stored values are all texts or all integers; give each variant a #[value(..)]";
            return Err(Error::new(variant.span(), message));
        }
        members.push((name, stored));
    }
    let ident = &input.ident;
    let variants: Vec<_> = data.variants.iter().map(|variant| &variant.ident).collect();
    let names: Vec<_> = members.iter().map(|(name, _)| name).collect();
    let pairs = members.iter().map(|(name, stored)| match stored {
        Stored::Text(text) => quote!((#name, ::ectomorph::value::Value::from(#text))),
        Stored::Integer(number) => quote!((#name, ::ectomorph::value::Value::from(#number))),
    });
    Ok(quote! {
        #[automatically_derived]
        impl ::ectomorph::schema::FieldValue for #ident {
            fn field_type() -> ::ectomorph::types::Type {
                static MEMBERS: ::ectomorph::schema::derive::Members = ::ectomorph::schema::derive::Members::new();
                ::ectomorph::schema::derive::members(&MEMBERS, || [#(#pairs),*])
            }

            fn to_value(&self) -> ::ectomorph::value::Value {
                let name = match self {
                    #(Self::#variants => #names,)*
                };
                ::ectomorph::value::Value::String(::ectomorph::value::Str::Static(name))
            }

            fn from_value(value: &::ectomorph::value::Value) -> ::core::option::Option<Self> {
                match value.as_str()? {
                    #(#names => ::core::option::Option::Some(Self::#variants),)*
                    _ => ::core::option::Option::None,
                }
            }
        }

        #[automatically_derived]
        impl ::core::convert::From<#ident> for ::ectomorph::value::Value {
            fn from(member: #ident) -> Self {
                ::ectomorph::schema::FieldValue::to_value(&member)
            }
        }
    })
}

fn stored(attribute: &Attribute) -> Result<Stored> {
    let wrong = |span| Error::new(span, "write what is stored: #[value(\"d\")] or #[value(1)]");
    let literal: Lit = attribute.parse_args().map_err(|error| wrong(error.span()))?;
    match &literal {
        Lit::Str(text) => Ok(Stored::Text(text.value())),
        Lit::Int(number) => Ok(Stored::Integer(number.base10_parse()?)),
        other => Err(wrong(other.span())),
    }
}
