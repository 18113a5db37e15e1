//! Expressions, with Elixir's operators and their strength.

use super::call::call;
use super::clause::comma;
use super::source::unknown;
use super::{Bindings, text};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Error, Ident, Lit, Token, braced, bracketed, parenthesized, token};

/// An expression: the builder's `Expr`.
pub fn expr(input: ParseStream, bindings: &Bindings) -> syn::Result<TokenStream> {
    binary(input, bindings, 1)
}

/// Operators that bind at least as strongly as `least`.
fn binary(input: ParseStream, bindings: &Bindings, least: u8) -> syn::Result<TokenStream> {
    let mut left = unary(input, bindings)?;
    while let Some((strength, method)) = operator(input) {
        if strength < least {
            break;
        }
        let is_negated = method == "not_in";
        if is_negated {
            input.call(Ident::parse_any)?;
        }
        skip_operator(input)?;
        let right = match method {
            "in_" | "not_in" if input.peek(Token![^]) => {
                let list = pinned(input)?;
                quote!(::ectomorph::query::pin_list(#list))
            }
            _ => binary(input, bindings, strength + 1)?,
        };
        let name = format_ident!("{}", if is_negated { "in_" } else { method });
        left = quote!(#left.#name(#right));
        if is_negated {
            left = quote!(#left.not());
        }
    }
    Ok(left)
}

fn operator(input: ParseStream) -> Option<(u8, &'static str)> {
    let word = input.fork().call(Ident::parse_any).ok().map(|word| word.to_string());
    match word.as_deref() {
        Some("or") => return Some((1, "or")),
        Some("and") => return Some((2, "and")),
        Some("in") => return Some((5, "in_")),
        Some("not") => return Some((5, "not_in")),
        _ => {}
    }
    Some(if input.peek(Token![||]) {
        (1, "or")
    } else if input.peek(Token![&&]) {
        (2, "and")
    } else if input.peek(Token![==]) {
        (3, "eq")
    } else if input.peek(Token![!=]) {
        (3, "ne")
    } else if input.peek(Token![<=]) {
        (4, "lte")
    } else if input.peek(Token![>=]) {
        (4, "gte")
    } else if input.peek(Token![<]) {
        (4, "lt")
    } else if input.peek(Token![>]) {
        (4, "gt")
    } else if input.peek(Token![+]) {
        (6, "add")
    } else if input.peek(Token![-]) {
        (6, "sub")
    } else if input.peek(Token![*]) {
        (7, "mul")
    } else if input.peek(Token![/]) {
        (7, "div")
    } else {
        return None;
    })
}

fn skip_operator(input: ParseStream) -> syn::Result<()> {
    if input.peek(Token![||]) {
        input.parse::<Token![||]>().map(drop)
    } else if input.peek(Token![&&]) {
        input.parse::<Token![&&]>().map(drop)
    } else if input.peek(Token![==]) {
        input.parse::<Token![==]>().map(drop)
    } else if input.peek(Token![!=]) {
        input.parse::<Token![!=]>().map(drop)
    } else if input.peek(Token![<=]) {
        input.parse::<Token![<=]>().map(drop)
    } else if input.peek(Token![>=]) {
        input.parse::<Token![>=]>().map(drop)
    } else {
        // One token: a word or a sign.
        input.parse::<proc_macro2::TokenTree>().map(drop)
    }
}

fn unary(input: ParseStream, bindings: &Bindings) -> syn::Result<TokenStream> {
    if input.peek(Token![!]) {
        input.parse::<Token![!]>()?;
        let inner = unary(input, bindings)?;
        return Ok(quote!(#inner.not()));
    }
    if let Ok(word) = input.fork().call(Ident::parse_any)
        && word == "not"
    {
        input.call(Ident::parse_any)?;
        let inner = unary(input, bindings)?;
        return Ok(quote!(#inner.not()));
    }
    let mut value = primary(input, bindings)?;
    // A path into a JSON field: `u.settings["page"][0]`.
    if input.peek(token::Bracket) {
        let mut keys = Vec::new();
        while input.peek(token::Bracket) {
            let key;
            bracketed!(key in input);
            let lit: Lit = key.parse()?;
            keys.push(match &lit {
                Lit::Str(name) => quote!(::ectomorph::query::Key::Name(::ectomorph::value::Str::from(#name))),
                Lit::Int(index) => quote!(::ectomorph::query::Key::Index(#index)),
                other => return Err(Error::new(other.span(), "a step of a JSON path is text or an index")),
            });
        }
        value = quote!(::ectomorph::query::json(#value, [#(#keys),*]));
    }
    Ok(value)
}

fn primary(input: ParseStream, bindings: &Bindings) -> syn::Result<TokenStream> {
    if input.peek(Token![^]) {
        let value = pinned(input)?;
        return Ok(quote!(::ectomorph::query::Pinned::pinned(#value)));
    }
    if input.peek(Token![-]) && input.peek2(Lit) {
        input.parse::<Token![-]>()?;
        let value = number(&input.parse()?)?;
        return Ok(operand(quote!(-#value)));
    }
    if input.peek(Lit) {
        let lit: Lit = input.parse()?;
        let value = number(&lit)?;
        return Ok(operand(value));
    }
    if input.peek(token::Paren) {
        let inside;
        parenthesized!(inside in input);
        let value = expr(&inside, bindings)?;
        expect_end(&inside)?;
        return Ok(value);
    }
    if input.peek(token::Brace) {
        let inside;
        braced!(inside in input);
        let all = commas(&inside, bindings)?;
        return Ok(quote!(::ectomorph::query::tuple([#(#all),*])));
    }
    if input.peek(token::Bracket) {
        let inside;
        bracketed!(inside in input);
        let all = commas(&inside, bindings)?;
        return Ok(quote!(::ectomorph::query::Expr::List(::std::vec![#(#all),*])));
    }
    if input.peek(Token![%]) {
        return map(input, bindings);
    }
    let word = input.call(Ident::parse_any)?;
    if input.peek(token::Paren) {
        return call(&word, input, bindings);
    }
    if word == "nil" {
        return Ok(quote!(::ectomorph::query::Expr::Literal(::ectomorph::value::Value::Null)));
    }
    let Some(place) = bindings.place(&word) else { return Err(unknown(&word)) };
    if input.peek(Token![.]) {
        input.parse::<Token![.]>()?;
        let field = bindings.field(place, &input.call(Ident::parse_any)?);
        return Ok(quote!(::ectomorph::query::at(#place).field(#field)));
    }
    Ok(quote!(::ectomorph::query::bound(#place)))
}

/// `%{id: u.id}`, `%{u.name => u.id}`, `%{u | name: "x"}`, `%Post{title: u.name}`.
fn map(input: ParseStream, bindings: &Bindings) -> syn::Result<TokenStream> {
    input.parse::<Token![%]>()?;
    let of: Option<syn::Path> = if input.peek(token::Brace) { None } else { Some(input.parse()?) };
    let inside;
    braced!(inside in input);
    let mut updated = None;
    if inside.peek2(Token![|]) {
        let word: Ident = inside.parse()?;
        let place = bindings.place(&word).ok_or_else(|| unknown(&word))?;
        inside.parse::<Token![|]>()?;
        updated = Some(place);
    }
    let mut pairs = Vec::new();
    while !inside.is_empty() {
        let key = if inside.peek2(Token![:]) && !inside.peek2(Token![::]) {
            let name = inside.call(Ident::parse_any)?;
            inside.parse::<Token![:]>()?;
            match (&of, updated) {
                (Some(of), _) => quote!(<#of>::#name),
                (None, Some(place)) => bindings.field(place, &name),
                (None, None) => text(&name),
            }
        } else if of.is_some() || updated.is_some() {
            return Err(inside.error("a key here is the name of a field: `title: ..`"));
        } else {
            let key = expr(&inside, bindings)?;
            inside.parse::<Token![=>]>()?;
            let value = expr(&inside, bindings)?;
            pairs.push(quote!((#key, #value)));
            comma(&inside)?;
            continue;
        };
        let value = expr(&inside, bindings)?;
        pairs.push(match (&of, updated) {
            (None, None) => quote!((::ectomorph::query::Operand::operand(#key), #value)),
            _ => quote!((#key, #value)),
        });
        comma(&inside)?;
    }
    Ok(match (of, updated) {
        (Some(of), _) => {
            let schema = quote!(<#of as ::ectomorph::schema::HasSchema>::schema());
            quote!(::ectomorph::query::struct_(#schema, [#(#pairs),*]))
        }
        (None, Some(place)) => quote!(::ectomorph::query::bound(#place).update([#(#pairs),*])),
        (None, None) => quote!(::ectomorph::query::Expr::Map(::std::vec![#(#pairs),*])),
    })
}

/// Expressions with commas between them.
pub fn commas(input: ParseStream, bindings: &Bindings) -> syn::Result<Vec<TokenStream>> {
    let mut all = Vec::new();
    while !input.is_empty() {
        all.push(expr(input, bindings)?);
        comma(input)?;
    }
    Ok(all)
}

/// `^value`: a name with what follows it (`^self.age`, `^limit.min(3)`), a literal, or anything in parentheses.
pub fn pinned(input: ParseStream) -> syn::Result<TokenStream> {
    input.parse::<Token![^]>()?;
    if input.peek(token::Paren) {
        let inside;
        parenthesized!(inside in input);
        let value: syn::Expr = inside.parse()?;
        expect_end(&inside)?;
        return Ok(quote!((#value)));
    }
    if input.peek(Lit) {
        let lit: Lit = input.parse()?;
        return number(&lit);
    }
    if input.peek(token::Bracket) {
        let array: syn::ExprArray = input.parse()?;
        return Ok(quote!(#array));
    }
    let mut value = {
        let path: syn::Path = input.parse()?;
        if input.peek(Token![!]) && !input.peek(Token![!=]) {
            input.parse::<Token![!]>()?;
            let group: proc_macro2::Group = input.parse()?;
            quote!(#path!#group)
        } else {
            quote!(#path)
        }
    };
    loop {
        if input.peek(token::Paren) {
            let inside;
            parenthesized!(inside in input);
            let arguments: TokenStream = inside.parse()?;
            value = quote!(#value(#arguments));
        } else if input.peek(Token![.]) {
            input.parse::<Token![.]>()?;
            let member: syn::Member = input.parse()?;
            value = quote!(#value.#member);
        } else {
            return Ok(value);
        }
    }
}

/// A literal; a whole number without a suffix is an `i64`.
fn number(lit: &Lit) -> syn::Result<TokenStream> {
    match lit {
        Lit::Int(number) if number.suffix().is_empty() => {
            let digits: i64 = number.base10_parse()?;
            let number = proc_macro2::Literal::i64_suffixed(digits);
            Ok(quote!(#number))
        }
        Lit::Int(_) | Lit::Float(_) | Lit::Str(_) | Lit::Bool(_) => Ok(quote!(#lit)),
        other => Err(Error::new(other.span(), "a literal of a query is a number, text, true or false")),
    }
}

fn operand(value: TokenStream) -> TokenStream {
    quote!(::ectomorph::query::Operand::operand(#value))
}

fn expect_end(input: ParseStream) -> syn::Result<()> {
    match input.is_empty() {
        true => Ok(()),
        false => Err(input.error("expected an operator or the end of the parentheses")),
    }
}
