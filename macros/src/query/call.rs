//! Calls of the functions of `Ecto.Query.API`.

use super::clause::{comma, window};
use super::expr::{commas, expr, pinned};
use super::source::unknown;
use super::{Bindings, text};
use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Error, Ident, LitStr, Token, bracketed, parenthesized, token};

/// Functions of the builder that take expressions alone, by the number of their arguments.
const PLAIN: [(&str, usize); 25] = [
    ("count", 1),
    ("sum", 1),
    ("avg", 1),
    ("min", 1),
    ("max", 1),
    ("coalesce", 2),
    ("exists", 1),
    ("all", 1),
    ("any", 1),
    ("row_number", 0),
    ("rank", 0),
    ("dense_rank", 0),
    ("percent_rank", 0),
    ("cume_dist", 0),
    ("ntile", 1),
    ("lag", 1),
    ("lead", 1),
    ("first_value", 1),
    ("last_value", 1),
    ("nth_value", 2),
    ("merge", 2),
    ("splice", 1),
    ("is_nil", 1),
    ("like", 2),
    ("ilike", 2),
];

/// A call, whose name is read already.
pub fn call(word: &Ident, input: ParseStream, bindings: &Bindings) -> syn::Result<TokenStream> {
    let inside;
    parenthesized!(inside in input);
    let name = word.to_string();
    Ok(match name.as_str() {
        "count" if inside.is_empty() => quote!(::ectomorph::query::count_all()),
        "count" => {
            let value = expr(&inside, bindings)?;
            if inside.is_empty() {
                return Ok(quote!(::ectomorph::query::count(#value)));
            }
            inside.parse::<Token![,]>()?;
            let how = inside.call(Ident::parse_any)?;
            if how != "distinct" {
                return Err(Error::new(how.span(), "`count` takes an expression and perhaps `distinct`"));
            }
            quote!(::ectomorph::query::count_distinct(#value))
        }
        "splice" if inside.peek(Token![^]) => {
            let list = pinned(&inside)?;
            quote!(::ectomorph::query::splice(::ectomorph::query::pin_list(#list)))
        }
        "fragment" => {
            let sql: LitStr = inside.parse()?;
            comma(&inside)?;
            let arguments = commas(&inside, bindings)?;
            let marks = sql.value().replace("\\?", "").matches('?').count();
            if marks != arguments.len() {
                let message = format!("the fragment has {marks} `?` and {} argument(s)", arguments.len());
                return Err(Error::new(sql.span(), message));
            }
            quote!(::ectomorph::query::fragment(#sql, ::std::vec::Vec::<::ectomorph::query::Expr>::from([#(#arguments),*])))
        }
        "identifier" | "constant" => {
            let value = match inside.peek(Token![^]) {
                true => pinned(&inside)?,
                false => inside.parse::<syn::Lit>().map(|lit| quote!(#lit))?,
            };
            quote!(::ectomorph::query::#word(#value))
        }
        "subquery" => {
            let query = pinned(&inside)?;
            quote!(::ectomorph::query::subquery(#query))
        }
        "field" => {
            let place = binding(&inside, bindings)?;
            inside.parse::<Token![,]>()?;
            let name = match inside.peek(Token![^]) {
                true => pinned(&inside)?,
                false => inside.parse::<LitStr>().map(|name| quote!(#name))?,
            };
            quote!(::ectomorph::query::at(#place).field(#name))
        }
        "as" | "parent_as" => {
            let name = match inside.peek(LitStr) {
                true => inside.parse::<LitStr>().map(|name| quote!(#name))?,
                false => text(&inside.call(Ident::parse_any)?),
            };
            input.parse::<Token![.]>()?;
            let field = text(&input.call(Ident::parse_any)?);
            match word == "parent_as" {
                true => quote!(::ectomorph::query::parent_as(#name).field(#field)),
                false => quote!(::ectomorph::query::named(#name).field(#field)),
            }
        }
        "struct" | "map" => {
            let place = binding(&inside, bindings)?;
            inside.parse::<Token![,]>()?;
            let list;
            bracketed!(list in inside);
            let names = list.parse_terminated(Ident::parse_any, Token![,])?;
            let names = names.iter().map(|field| bindings.field(place, field));
            match name.as_str() {
                "map" => quote!(::ectomorph::query::take_map(#place, [#(#names),*])),
                _ => quote!(::ectomorph::query::take_struct(#place, [#(#names),*])),
            }
        }
        "type" => {
            let value = expr(&inside, bindings)?;
            inside.parse::<Token![,]>()?;
            let kind = kind(&inside, bindings)?;
            quote!(::ectomorph::query::type_(#value, #kind))
        }
        "filter" => {
            let value = expr(&inside, bindings)?;
            inside.parse::<Token![,]>()?;
            let condition = expr(&inside, bindings)?;
            quote!(#value.filter(#condition))
        }
        "over" => {
            let value = expr(&inside, bindings)?;
            comma(&inside)?;
            if inside.is_empty() || inside.peek2(Token![:]) {
                let window = window(&inside, bindings)?;
                return Ok(quote!(#value.over_window(#window)));
            }
            let name = text(&inside.call(Ident::parse_any)?);
            quote!(#value.over(#name))
        }
        "selected_as" => {
            if inside.peek(Ident) && !inside.peek2(Token![.]) && !inside.peek2(token::Paren) {
                let name = text(&inside.call(Ident::parse_any)?);
                return Ok(quote!(::ectomorph::query::selected_as(#name)));
            }
            let value = expr(&inside, bindings)?;
            inside.parse::<Token![,]>()?;
            let name = text(&inside.call(Ident::parse_any)?);
            quote!(#value.select_as(#name))
        }
        "datetime_add" | "date_add" => {
            let from = expr(&inside, bindings)?;
            inside.parse::<Token![,]>()?;
            let count = expr(&inside, bindings)?;
            inside.parse::<Token![,]>()?;
            let unit: LitStr = inside.parse()?;
            quote!(::ectomorph::query::#word(#from, #count, #unit))
        }
        _ => return plain(word, &inside, bindings),
    })
}

fn plain(word: &Ident, inside: ParseStream, bindings: &Bindings) -> syn::Result<TokenStream> {
    let name = word.to_string();
    let Some((_, takes)) = PLAIN.iter().find(|(known, _)| *known == name) else {
        let message = format!("unknown function `{name}`; write SQL that Ecto does not know with `fragment`");
        return Err(Error::new(word.span(), message));
    };
    let arguments = commas(inside, bindings)?;
    if arguments.len() != *takes {
        let message = format!("`{name}` takes {takes} argument(s), not {}", arguments.len());
        return Err(Error::new(word.span(), message));
    }
    Ok(match (name.as_str(), arguments.as_slice()) {
        ("is_nil", [value]) => quote!(#value.is_nil()),
        ("like" | "ilike", [value, pattern]) => quote!(#value.#word(#pattern)),
        _ => quote!(::ectomorph::query::#word(#(#arguments),*)),
    })
}

fn binding(input: ParseStream, bindings: &Bindings) -> syn::Result<usize> {
    let name: Ident = input.parse()?;
    bindings.place(&name).ok_or_else(|| unknown(&name))
}

/// A type: a name such as `integer`, `^kind`, or a field that has it.
fn kind(input: ParseStream, bindings: &Bindings) -> syn::Result<TokenStream> {
    if input.peek(Token![^]) {
        return pinned(input);
    }
    let word = input.call(Ident::parse_any)?;
    if let Some(place) = bindings.place(&word) {
        input.parse::<Token![.]>()?;
        let field = bindings.field(place, &input.call(Ident::parse_any)?);
        return Ok(quote!(::ectomorph::query::TypeSpec::Field(
            ::ectomorph::query::at(#place),
            ::ectomorph::value::Str::from(#field),
        )));
    }
    let kind = match word.to_string().as_str() {
        "id" => quote!(Id),
        "binary_id" => quote!(BinaryId),
        "integer" => quote!(Integer),
        "float" => quote!(Float),
        "boolean" => quote!(Boolean),
        "string" => quote!(String),
        "binary" => quote!(Binary),
        "map" => quote!(Map),
        "decimal" => quote!(Decimal),
        "date" => quote!(Date),
        "time" => quote!(Time),
        "time_usec" => quote!(TimeUsec),
        "naive_datetime" => quote!(NaiveDatetime),
        "naive_datetime_usec" => quote!(NaiveDatetimeUsec),
        "utc_datetime" => quote!(UtcDatetime),
        "utc_datetime_usec" => quote!(UtcDatetimeUsec),
        "uuid" => quote!(Uuid),
        other => {
            let message = format!("unknown type `{other}`; write `^kind` for one that is made elsewhere");
            return Err(Error::new(word.span(), message));
        }
    };
    Ok(quote!(::ectomorph::types::Type::#kind))
}
