//! Reading attributes, and saying what is wrong with them.

use syn::meta::ParseNestedMeta;
use syn::spanned::Spanned;
use syn::{Attribute, Error, LitBool, LitStr, Meta, Result, Token};

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
