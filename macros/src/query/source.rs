//! `u in User`, and what may stand in place of `User`.

use super::Bindings;
use super::expr::{self, pinned};
use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Error, Ident, LitStr, Token, Type, bracketed, parenthesized, token};

/// `from u in User`, `from u in "users"`, `from u in ^query`, `from [u: User, p: Post] in ^query`.
pub fn from(input: ParseStream, bindings: &mut Bindings) -> syn::Result<TokenStream> {
    let word = Ident::parse_any(input)?;
    if word != "from" {
        return Err(Error::new(word.span(), "a query starts with `from u in User`"));
    }
    if input.peek(token::Bracket) {
        let list;
        bracketed!(list in input);
        while !list.is_empty() {
            let (name, of) = binding(&list)?;
            bindings.add(name, of.flatten());
            if !list.is_empty() {
                list.parse::<Token![,]>()?;
            }
        }
        input.parse::<Token![in]>()?;
        let query = pinned(input)?;
        return Ok(quote!(::ectomorph::query::from(#query)));
    }
    let (name, annotated) = binding(input)?;
    input.parse::<Token![in]>()?;
    let (source, of) = source(input, bindings)?;
    bindings.add(name, annotated.unwrap_or(of));
    Ok(quote!(::ectomorph::query::from(#source)))
}

/// `p in Post`, `p: Post in assoc(u, posts)`: the source. The binding is added.
pub fn joined(input: ParseStream, bindings: &mut Bindings) -> syn::Result<TokenStream> {
    let (name, annotated) = binding(input)?;
    input.parse::<Token![in]>()?;
    let is_assoc = input.peek(Ident::peek_any) && input.fork().call(Ident::parse_any)? == "assoc";
    if is_assoc && annotated.is_none() {
        let message = format!(
            "say whose fields `{name}` has: `{name}: Post in assoc(..)`, or `{name}: _` to have them checked when the \
             query is planned"
        );
        return Err(Error::new(name.span(), message));
    }
    let (source, of) = source(input, bindings)?;
    bindings.add(name, annotated.unwrap_or(of));
    Ok(source)
}

/// `u`, `u: User`, `u: _`.
fn binding(input: ParseStream) -> syn::Result<(Ident, Option<Option<Type>>)> {
    let name: Ident = input.parse()?;
    if !input.peek(Token![:]) {
        return Ok((name, None));
    }
    input.parse::<Token![:]>()?;
    let of = match input.parse::<Type>()? {
        Type::Infer(_) => None,
        of => Some(of),
    };
    Ok((name, Some(of)))
}

fn source(input: ParseStream, bindings: &Bindings) -> syn::Result<(TokenStream, Option<Type>)> {
    if input.peek(LitStr) {
        let table: LitStr = input.parse()?;
        return Ok((quote!(#table), None));
    }
    if input.peek(Token![^]) {
        return Ok((pinned(input)?, None));
    }
    if input.peek(token::Paren) {
        // A table and the type that has its fields: `("archived_posts", Post)`.
        let pair;
        parenthesized!(pair in input);
        let table: LitStr = pair.parse()?;
        pair.parse::<Token![,]>()?;
        let of: Type = pair.parse()?;
        return Ok((quote!((#table, <#of as ::ectomorph::schema::HasSchema>::schema())), Some(of)));
    }
    if input.peek(Ident) && input.peek2(token::Paren) {
        let word = input.fork().parse::<Ident>()?;
        if word == "assoc" {
            return assoc(input, bindings).map(|source| (source, None));
        }
        return expr::expr(input, bindings).map(|source| (source, None));
    }
    let of: Type = input.parse()?;
    Ok((quote!(<#of as ::ectomorph::schema::HasSchema>::schema()), Some(of)))
}

/// `assoc(u, posts)`
fn assoc(input: ParseStream, bindings: &Bindings) -> syn::Result<TokenStream> {
    input.parse::<Ident>()?;
    let pair;
    parenthesized!(pair in input);
    let of: Ident = pair.parse()?;
    pair.parse::<Token![,]>()?;
    let name = pair.call(Ident::parse_any)?;
    let Some(place) = bindings.place(&of) else { return Err(unknown(&of)) };
    let name = bindings.field(place, &name);
    Ok(quote!(::ectomorph::query::Source::assoc(#place, #name)))
}

pub fn unknown(name: &Ident) -> Error {
    let message = format!(
        "there is no binding `{name}` in this query; write `^{name}` for a value from outside, `\"{name}\"` for text"
    );
    Error::new(name.span(), message)
}
