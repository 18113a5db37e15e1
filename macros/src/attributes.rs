//! Reading attributes, and saying what is wrong with them.

use syn::meta::ParseNestedMeta;
use syn::spanned::Spanned;
use syn::{Attribute, Error, Expr, LitBool, LitStr, Meta, Result, Token};

/// Goes through the options of an attribute: `#[field(redact, source = "e_mail")]`. `read` is given those among `known`.
pub fn options(
    attribute: &Attribute,
    known: &[&str],
    mut read: impl FnMut(&str, &ParseNestedMeta) -> Result<()>,
) -> Result<()> {
    match &attribute.meta {
        Meta::Path(_) => return Ok(()),
        Meta::NameValue(meta) => {
            let name = name(attribute);
            return Err(Error::new(meta.span(), format!("write the options in parentheses: #[{name}(..)]")));
        }
        Meta::List(_) => {}
    }
    let mut seen: Vec<String> = Vec::new();
    attribute.parse_nested_meta(|meta| {
        let option = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
        if !known.contains(&option.as_str()) {
            let known = known.join("`, `");
            let attribute = name(attribute);
            return Err(meta.error(format!("#[{attribute}] has no option `{option}`; it has `{known}`")));
        }
        if seen.contains(&option) {
            return Err(meta.error(format!("`{option}` is given twice")));
        }
        read(&option, &meta)?;
        seen.push(option);
        Ok(())
    })
}

/// The attribute's name.
pub fn name(attribute: &Attribute) -> String {
    attribute.path().get_ident().map(ToString::to_string).unwrap_or_default()
}

/// `option` or `option = true`.
pub fn flag(meta: &ParseNestedMeta) -> Result<bool> {
    if !meta.input.peek(Token![=]) {
        return Ok(true);
    }
    Ok(meta.value()?.parse::<LitBool>()?.value)
}

/// `option = "text"`, with something in it.
pub fn text(meta: &ParseNestedMeta) -> Result<LitStr> {
    let text: LitStr = meta.value()?.parse()?;
    if text.value().is_empty() {
        return Err(Error::new(text.span(), "this must not be empty"));
    }
    Ok(text)
}

/// `option(published = true, kind = "news")`: fields and values.
pub fn pairs(meta: &ParseNestedMeta) -> Result<Vec<(LitStr, Expr)>> {
    let mut pairs = Vec::new();
    meta.parse_nested_meta(|pair| {
        let value = pair.value()?.parse()?;
        pairs.push((field(&pair)?, value));
        Ok(())
    })?;
    Ok(pairs)
}

/// `option(desc(views), title)`: fields, and whether they descend.
pub fn order(meta: &ParseNestedMeta) -> Result<Vec<(LitStr, bool)>> {
    let mut order = Vec::new();
    meta.parse_nested_meta(|entry| {
        if !entry.input.peek(syn::token::Paren) {
            order.push((field(&entry)?, false));
            return Ok(());
        }
        let direction = field(&entry)?;
        let descending = word(&direction, &[("asc", false), ("desc", true)])?;
        entry.parse_nested_meta(|inner| {
            order.push((field(&inner)?, descending));
            Ok(())
        })
    })?;
    Ok(order)
}

/// `option = ("posts", "comments")`: names, at least two.
pub fn path(meta: &ParseNestedMeta) -> Result<Vec<LitStr>> {
    let value = meta.value()?;
    let names;
    let parentheses = syn::parenthesized!(names in value);
    let names: Vec<LitStr> = names.parse_terminated(|name| name.parse(), Token![,])?.into_iter().collect();
    if names.len() < 2 {
        let message = "write the associations on the way: (\"posts\", \"comments\")";
        return Err(Error::new(parentheses.span.join(), message));
    }
    Ok(names)
}

/// The name of a field, written without quotes.
fn field(meta: &ParseNestedMeta) -> Result<LitStr> {
    let ident = meta.path.get_ident().ok_or_else(|| meta.error("write the name of a field"))?;
    Ok(LitStr::new(ident.to_string().trim_start_matches("r#"), ident.span()))
}

/// One of some words: what it stands for.
pub fn word<T: Copy>(text: &LitStr, words: &[(&str, T)]) -> Result<T> {
    let value = text.value();
    words.iter().find(|(word, _)| *word == value).map(|(_, meaning)| *meaning).ok_or_else(|| {
        let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        Error::new(text.span(), format!("`{value}` is not known here; it is one of `{}`", words.join("`, `")))
    })
}

/// `LineItem` as `line_item`: a capital begins a word if a small letter is before or after it.
pub fn snake_case(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut snake = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| letters[before]);
        let after = letters.get(at + 1);
        let begins = before.is_some_and(|before| before.is_lowercase() || before.is_ascii_digit())
            || before.is_some_and(|before| before.is_uppercase())
                && after.is_some_and(|after| after.is_lowercase());
        if letter.is_uppercase() && begins {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}
