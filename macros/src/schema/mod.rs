//! `#[derive(Schema)]`: attributes to a model, the model checked, the model to code.

mod expand;
mod field;
mod relation;
mod table;
mod types;

use proc_macro2::TokenStream;
use syn::{DeriveInput, Result};

pub fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let table = table::read(input)?;
    Ok(expand::expand(&table))
}
