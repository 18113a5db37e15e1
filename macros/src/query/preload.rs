//! `preload: posts`, `preload: [posts: p, comments: ^query]`.

use super::clause::comma;
use super::expr::pinned;
use super::{Bindings, text};
use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Ident, Token, braced, bracketed, token};

pub fn preload(input: ParseStream, bindings: &Bindings, query: TokenStream) -> syn::Result<TokenStream> {
    if !input.peek(token::Bracket) {
        let name = bindings.field(0, &input.call(Ident::parse_any)?);
        return Ok(quote!(#query.preload(#name)));
    }
    let list;
    bracketed!(list in input);
    let mut query = query;
    while !list.is_empty() {
        let name = bindings.field(0, &list.call(Ident::parse_any)?);
        query = match with(&list, bindings, name)? {
            Preload::Join(assoc) => quote!(#query.preload_join(#assoc)),
            Preload::Query(preload) => quote!(#query.preload(#preload)),
        };
        comma(&list)?;
    }
    Ok(query)
}

enum Preload {
    Join(TokenStream),
    Query(TokenStream),
}

/// What follows the name of an association: nothing, a binding, a query, or what is preloaded into its records.
fn with(input: ParseStream, bindings: &Bindings, name: TokenStream) -> syn::Result<Preload> {
    let plain = quote!(::ectomorph::query::Preload::new(#name));
    if !input.peek(Token![:]) {
        return Ok(Preload::Query(plain));
    }
    input.parse::<Token![:]>()?;
    if input.peek(Token![^]) {
        let query = pinned(input)?;
        return Ok(Preload::Query(quote!(#plain.query(#query))));
    }
    if input.peek(token::Brace) {
        // `posts: {p, comments: c}`, or `posts: {^query, [comments]}`.
        let inside;
        braced!(inside in input);
        if inside.peek(Token![^]) {
            let query = pinned(&inside)?;
            inside.parse::<Token![,]>()?;
            let nested = nested(&inside, bindings)?;
            return Ok(Preload::Query(quote!(#plain.query(#query)#nested)));
        }
        let binding: Ident = inside.parse()?;
        inside.parse::<Token![,]>()?;
        let place = bindings.place(&binding).ok_or_else(|| super::source::unknown(&binding))?;
        let mut assoc = quote!(::ectomorph::query::AssocPreload::new(#name, #place));
        while !inside.is_empty() {
            let name = bindings.field(place, &inside.call(Ident::parse_any)?);
            match with(&inside, bindings, name)? {
                Preload::Join(nested) => assoc = quote!(#assoc.preload(#nested)),
                Preload::Query(_) => return Err(inside.error("within a join, only joins can be preloaded")),
            }
            comma(&inside)?;
        }
        return Ok(Preload::Join(assoc));
    }
    if input.peek(Ident) {
        let ahead = input.fork().parse::<Ident>()?;
        if let Some(place) = bindings.place(&ahead) {
            input.parse::<Ident>()?;
            return Ok(Preload::Join(quote!(::ectomorph::query::AssocPreload::new(#name, #place))));
        }
    }
    let nested = nested(input, bindings)?;
    Ok(Preload::Query(quote!(#plain #nested)))
}

/// `.preload(..)` for each of the names, which only the schema of the association knows.
fn nested(input: ParseStream, bindings: &Bindings) -> syn::Result<TokenStream> {
    if !input.peek(token::Bracket) {
        let name = text(&input.call(Ident::parse_any)?);
        return Ok(quote!(.preload(#name)));
    }
    let list;
    bracketed!(list in input);
    let mut all = TokenStream::new();
    while !list.is_empty() {
        let name = text(&list.call(Ident::parse_any)?);
        match with(&list, bindings, name)? {
            Preload::Query(preload) => all.extend(quote!(.preload(#preload))),
            Preload::Join(_) => return Err(list.error("a join can only be preloaded into a join")),
        }
        comma(&list)?;
    }
    Ok(all)
}
