//! `#[derive(Schema)]`: attributes to a model, the model checked, the model to code.

mod expand;
mod field;
mod relation;
mod table;
mod types;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Error, Result};

pub fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let table = table::read(input)?;
    Ok(expand::expand(&table))
}

/// The error, and implementations that stand in, so that types which refer to this one do not report errors of their own.
pub fn refuse(input: &DeriveInput, error: Error) -> TokenStream {
    let (ident, error) = (&input.ident, error.into_compile_error());
    if !input.generics.params.is_empty() {
        return error;
    }
    quote! {
        #error

        impl ::core::default::Default for #ident {
            fn default() -> Self {
                loop {}
            }
        }

        impl ::ectomorph::schema::HasSchema for #ident {
            fn schema() -> ::ectomorph::schema::derive::Shared<::ectomorph::schema::Schema> {
                loop {}
            }

            fn to_record(&self) -> ::ectomorph::schema::Record {
                loop {}
            }

            fn read(
                _: &mut dyn ::ectomorph::schema::Fields,
            ) -> ::core::result::Result<Self, ::ectomorph::mistake::Mistake> {
                loop {}
            }
        }
    }
}
