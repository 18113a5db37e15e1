//! The clauses of a query, each a call of the builder.

use super::expr::{expr, pinned};
use super::preload::preload;
use super::{Bindings, text};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Error, Ident, LitBool, LitStr, Token, bracketed, token};

const CLAUSES: &str = "as, prefix, join, left_join, right_join, full_join, cross_join, inner_lateral_join, \
     left_lateral_join, cross_lateral_join, on, where, or_where, group_by, having, or_having, windows, order_by, limit, \
     with_ties, offset, lock, distinct, select, select_merge, preload, update, union, union_all, except, except_all, \
     intersect, intersect_all";

/// One clause: `query` with it.
pub fn clause(input: ParseStream, bindings: &mut Bindings, query: TokenStream) -> syn::Result<TokenStream> {
    let word = input.call(Ident::parse_any)?;
    input.parse::<Token![:]>()?;
    let name = word.to_string();
    Ok(match name.as_str() {
        "as" => {
            let name = name_or_text(input)?;
            quote!(#query.as_(#name))
        }
        "prefix" => {
            let prefix = name_or_text(input)?;
            quote!(#query.from_prefix(#prefix))
        }
        "where" | "or_where" => {
            let method = if name == "where" { quote!(where_) } else { quote!(or_where) };
            let condition = condition(input, bindings, 0)?;
            quote!(#query.#method(#condition))
        }
        "having" | "or_having" | "select_merge" => {
            let value = expr(input, bindings)?;
            quote!(#query.#word(#value))
        }
        "select" => select(input, bindings, query)?,
        "limit" | "offset" => {
            let value = expr(input, bindings)?;
            quote!(#query.#word(#value))
        }
        "with_ties" => {
            let flag: LitBool = input.parse()?;
            quote!(#query.with_ties(#flag))
        }
        "lock" => {
            let lock: LitStr = input.parse()?;
            quote!(#query.lock(#lock))
        }
        "group_by" => {
            let mut query = query;
            for by in list(input, bindings)? {
                query = quote!(#query.group_by(#by));
            }
            query
        }
        "order_by" => {
            let mut query = query;
            for (direction, by) in orders(input, bindings)? {
                query = quote!(#query.order_by(#direction, #by));
            }
            query
        }
        "distinct" if input.peek(LitBool) => {
            let flag: LitBool = input.parse()?;
            if flag.value { quote!(#query.distinct()) } else { query }
        }
        "distinct" => {
            let orders =
                orders(input, bindings)?.into_iter().map(|(direction, by)| quote!((#direction, #by)));
            quote!(#query.distinct_on([#(#orders),*]))
        }
        "windows" => {
            let list;
            bracketed!(list in input);
            let mut query = query;
            while !list.is_empty() {
                let name = text(&list.call(Ident::parse_any)?);
                list.parse::<Token![:]>()?;
                let inside;
                bracketed!(inside in list);
                let window = window(&inside, bindings)?;
                query = quote!(#query.window(#name, #window));
                comma(&list)?;
            }
            query
        }
        "preload" => preload(input, bindings, query)?,
        "update" => update(input, bindings, query)?,
        "union" | "union_all" | "except" | "except_all" | "intersect" | "intersect_all" => {
            let other = pinned(input)?;
            quote!(#query.#word(#other))
        }
        _ => match join_kind(&name) {
            Some(kind) => join(input, bindings, query, kind)?,
            None => {
                let message = format!("unknown clause `{name}`; a query has {CLAUSES}");
                return Err(Error::new(word.span(), message));
            }
        },
    })
}

fn join_kind(name: &str) -> Option<Ident> {
    let kind = match name {
        "join" | "inner_join" => "Inner",
        "left_join" => "Left",
        "right_join" => "Right",
        "full_join" => "Full",
        "cross_join" => "Cross",
        "inner_lateral_join" => "InnerLateral",
        "left_lateral_join" => "LeftLateral",
        "cross_lateral_join" => "CrossLateral",
        _ => return None,
    };
    Some(format_ident!("{kind}"))
}

/// A join with the `as`, `prefix` and `on` that follow it.
fn join(
    input: ParseStream,
    bindings: &mut Bindings,
    query: TokenStream,
    kind: Ident,
) -> syn::Result<TokenStream> {
    let source = super::source::joined(input, bindings)?;
    let mut source = quote!(::ectomorph::query::IntoSource::into_source(#source));
    let mut on = quote!(None);
    while input.peek(Token![,]) {
        let ahead = input.fork();
        ahead.parse::<Token![,]>()?;
        let Ok(word) = ahead.call(Ident::parse_any) else { break };
        if !ahead.peek(Token![:]) || !(word == "as" || word == "prefix" || word == "on") {
            break;
        }
        input.parse::<Token![,]>()?;
        input.call(Ident::parse_any)?;
        input.parse::<Token![:]>()?;
        if word == "on" {
            let condition = condition(input, bindings, bindings.all.len() - 1)?;
            on = quote!(Some(#condition));
        } else {
            let name = name_or_text(input)?;
            let method = format_ident!("{}", if word == "as" { "named" } else { "prefixed" });
            source = quote!(#source.#method(#name));
        }
    }
    Ok(quote!(#query.join(::ectomorph::query::JoinKind::#kind, #source, #on)))
}

/// A condition, or `[active: true, age: ^age]`: fields of a source with these values.
fn condition(input: ParseStream, bindings: &Bindings, of: usize) -> syn::Result<TokenStream> {
    if !input.peek(token::Bracket) {
        let value = expr(input, bindings)?;
        return Ok(quote!(::ectomorph::query::Operand::operand(#value)));
    }
    let list;
    bracketed!(list in input);
    let mut all: Option<TokenStream> = None;
    while !list.is_empty() {
        let name = list.call(Ident::parse_any)?;
        list.parse::<Token![:]>()?;
        let value = expr(&list, bindings)?;
        let name = bindings.field(of, &name);
        let equal = quote!(::ectomorph::query::at(#of).field(#name).eq(#value));
        all = Some(match all {
            None => equal,
            Some(before) => quote!(#before.and(#equal)),
        });
        comma(&list)?;
    }
    all.ok_or_else(|| list.error("a list of conditions names at least one field"))
}

/// A list of fields of the first source is taken of it: `select: [id, email]`.
fn select(input: ParseStream, bindings: &Bindings, query: TokenStream) -> syn::Result<TokenStream> {
    if input.peek(token::Bracket) {
        let ahead = input.fork();
        let list;
        bracketed!(list in ahead);
        let names = list.parse_terminated(Ident::parse_any, Token![,]);
        if let Ok(names) = names
            && names.iter().all(|name| bindings.place(name).is_none())
        {
            let list;
            bracketed!(list in input);
            list.parse_terminated(Ident::parse_any, Token![,])?;
            let names = names.iter().map(|name| bindings.field(0, name));
            return Ok(quote!(#query.select_fields([#(#names),*])));
        }
    }
    let value = expr(input, bindings)?;
    Ok(quote!(#query.select(#value)))
}

/// Expressions in brackets, or one.
pub fn list(input: ParseStream, bindings: &Bindings) -> syn::Result<Vec<TokenStream>> {
    if !input.peek(token::Bracket) {
        return Ok(vec![expr(input, bindings)?]);
    }
    let list;
    bracketed!(list in input);
    let mut all = Vec::new();
    while !list.is_empty() {
        all.push(expr(&list, bindings)?);
        comma(&list)?;
    }
    Ok(all)
}

/// `[desc: u.age, asc: u.id]`, `[u.age, u.id]`, `u.age`.
pub fn orders(input: ParseStream, bindings: &Bindings) -> syn::Result<Vec<(TokenStream, TokenStream)>> {
    let asc = || quote!(::ectomorph::query::Direction::Asc);
    if !input.peek(token::Bracket) {
        return Ok(vec![(asc(), expr(input, bindings)?)]);
    }
    let list;
    bracketed!(list in input);
    let mut all = Vec::new();
    while !list.is_empty() {
        let direction = if list.peek2(Token![:]) {
            let word = list.call(Ident::parse_any)?;
            list.parse::<Token![:]>()?;
            direction(&word)?
        } else {
            asc()
        };
        all.push((direction, expr(&list, bindings)?));
        comma(&list)?;
    }
    Ok(all)
}

fn direction(word: &Ident) -> syn::Result<TokenStream> {
    let direction = match word.to_string().as_str() {
        "asc" => "Asc",
        "asc_nulls_first" => "AscNullsFirst",
        "asc_nulls_last" => "AscNullsLast",
        "desc" => "Desc",
        "desc_nulls_first" => "DescNullsFirst",
        "desc_nulls_last" => "DescNullsLast",
        other => {
            let message = format!(
                "unknown direction `{other}`; known are asc, desc, and both with _nulls_first and _nulls_last"
            );
            return Err(Error::new(word.span(), message));
        }
    };
    let direction = format_ident!("{direction}");
    Ok(quote!(::ectomorph::query::Direction::#direction))
}

/// `partition_by: .., order_by: .., frame: fragment(..)`
pub fn window(input: ParseStream, bindings: &Bindings) -> syn::Result<TokenStream> {
    let mut parts = Vec::new();
    while !input.is_empty() {
        let word = input.call(Ident::parse_any)?;
        input.parse::<Token![:]>()?;
        parts.push(match word.to_string().as_str() {
            "partition_by" => {
                let all = list(input, bindings)?;
                quote!(partition_by: ::std::vec![#(::ectomorph::query::Operand::operand(#all)),*])
            }
            "order_by" => {
                let orders = orders(input, bindings)?.into_iter().map(|(direction, by)| {
                    quote!(::ectomorph::query::Order {
                        direction: #direction,
                        expr: ::ectomorph::query::Operand::operand(#by),
                    })
                });
                quote!(order_by: ::std::vec![#(#orders),*])
            }
            "frame" => {
                let frame = expr(input, bindings)?;
                quote!(frame: (#frame).pieces())
            }
            other => {
                let message =
                    format!("unknown part `{other}` of a window; known are partition_by, order_by, frame");
                return Err(Error::new(word.span(), message));
            }
        });
        comma(input)?;
    }
    // With all three said, a rest would be a lint in the user's code.
    let rest = (parts.len() < 3).then(|| quote!(..::core::default::Default::default()));
    Ok(quote!(::ectomorph::query::Window { #(#parts,)* #rest }))
}

/// `[set: [title: ^title], inc: [views: 1]]`
fn update(input: ParseStream, bindings: &Bindings, query: TokenStream) -> syn::Result<TokenStream> {
    let list;
    bracketed!(list in input);
    let mut query = query;
    while !list.is_empty() {
        let word = list.call(Ident::parse_any)?;
        let op = match word.to_string().as_str() {
            "set" => "Set",
            "inc" => "Inc",
            "push" => "Push",
            "pull" => "Pull",
            other => {
                let message = format!("unknown update `{other}`; known are set, inc, push, pull");
                return Err(Error::new(word.span(), message));
            }
        };
        let op = format_ident!("{op}");
        list.parse::<Token![:]>()?;
        let fields;
        bracketed!(fields in list);
        while !fields.is_empty() {
            let name = bindings.field(0, &fields.call(Ident::parse_any)?);
            fields.parse::<Token![:]>()?;
            let value = expr(&fields, bindings)?;
            query = quote!(#query.update(::ectomorph::query::UpdateOp::#op, #name, #value));
            comma(&fields)?;
        }
        comma(&list)?;
    }
    Ok(query)
}

fn name_or_text(input: ParseStream) -> syn::Result<TokenStream> {
    if input.peek(Token![^]) {
        return pinned(input);
    }
    if input.peek(LitStr) {
        let text: LitStr = input.parse()?;
        return Ok(quote!(#text));
    }
    Ok(text(&input.call(Ident::parse_any)?))
}

pub fn comma(input: ParseStream) -> syn::Result<()> {
    if !input.is_empty() {
        input.parse::<Token![,]>()?;
    }
    Ok(())
}
