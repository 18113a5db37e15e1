//! `query!`: Ecto's `from`, with names of fields that the compiler knows.

mod call;
mod clause;
mod expr;
mod preload;
mod source;

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::{Ident, Token, Type};

/// The whole query as an expression of the builder.
pub struct Query {
    tokens: TokenStream,
}

impl Query {
    pub fn into_tokens(self) -> TokenStream {
        self.tokens
    }
}

/// The sources that expressions refer to, by place.
#[derive(Default)]
struct Bindings {
    all: Vec<Binding>,
}

struct Binding {
    name: Ident,
    /// The type whose names its fields have; none where they are only known to the schema.
    of: Option<Type>,
}

impl Bindings {
    fn place(&self, name: &Ident) -> Option<usize> {
        // A later one of the same name hides an earlier one, as in Rust.
        self.all.iter().rposition(|binding| binding.name == *name)
    }

    fn add(&mut self, name: Ident, of: Option<Type>) {
        self.all.push(Binding { name, of });
    }

    /// The name of a field: a constant of the type, or text.
    fn field(&self, place: usize, field: &Ident) -> TokenStream {
        match &self.all[place].of {
            Some(of) => quote!(<#of>::#field),
            None => text(field),
        }
    }
}

/// A name as text, without `r#`.
fn text(name: &Ident) -> TokenStream {
    let name = syn::ext::IdentExt::unraw(name).to_string();
    quote!(#name)
}

impl Parse for Query {
    fn parse(input: ParseStream) -> syn::Result<Query> {
        let mut bindings = Bindings::default();
        let mut tokens = source::from(input, &mut bindings)?;
        while !input.is_empty() {
            input.parse::<Token![,]>()?;
            if input.is_empty() {
                break;
            }
            tokens = clause::clause(input, &mut bindings, tokens)?;
        }
        Ok(Query { tokens: quote!({ #tokens }) })
    }
}
