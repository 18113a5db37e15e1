//! `#[derive(Schema)]`, `#[derive(Enum)]`, `query!` and `migrations!`; ectomorph's own documentation shows them.

mod attributes;
mod enumeration;
mod migrations;
mod query;
mod schema;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

#[proc_macro_derive(
    Schema,
    attributes(schema, field, has_one, has_many, belongs_to, many_to_many, embeds_one, embeds_many)
)]
pub fn derive_schema(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    schema::derive(&input).unwrap_or_else(|error| schema::refuse(&input, error)).into()
}

#[proc_macro_derive(Enum, attributes(value))]
pub fn derive_enum(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    enumeration::derive(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}

#[proc_macro]
pub fn query(input: TokenStream) -> TokenStream {
    let query = parse_macro_input!(input as query::Query);
    query.into_tokens().into()
}

#[proc_macro]
pub fn migrations(input: TokenStream) -> TokenStream {
    let folder = parse_macro_input!(input as syn::LitStr);
    migrations::expand(&folder).unwrap_or_else(syn::Error::into_compile_error).into()
}
