//! Types of fields: what `type = ".."` names, and what of it goes with which Rust type.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Error, GenericArgument, LitStr, PathArguments, Result, Type};

/// Name, variant of `ectomorph::types::Type`, and the Rust types (without `Option`) that hold its values.
const NAMED: [(&str, &str, &[&str]); 18] = [
    ("id", "Id", INTEGERS),
    ("binary_id", "BinaryId", TEXTS),
    ("integer", "Integer", INTEGERS),
    ("float", "Float", &["f64", "f32"]),
    ("boolean", "Boolean", &["bool"]),
    ("string", "String", TEXTS),
    ("binary", "Binary", &["Vec", "String", "Str"]),
    ("map", "Map", &["Map"]),
    ("decimal", "Decimal", &["Decimal"]),
    ("date", "Date", &["Date"]),
    ("time", "Time", &["Time"]),
    ("time_usec", "TimeUsec", &["Time"]),
    ("naive_datetime", "NaiveDatetime", &["NaiveDatetime"]),
    ("naive_datetime_usec", "NaiveDatetimeUsec", &["NaiveDatetime"]),
    ("utc_datetime", "UtcDatetime", &["UtcDatetime"]),
    ("utc_datetime_usec", "UtcDatetimeUsec", &["UtcDatetime"]),
    ("uuid", "Uuid", TEXTS),
    ("any", "Any", &[]),
];

const INTEGERS: &[&str] = &["i64", "i32", "i16", "i8", "u32", "u16"];
const TEXTS: &[&str] = &["String", "Str"];

/// The type that `type = "name"` names, for a field of a Rust type.
pub fn named(name: &LitStr, rust: &Type) -> Result<TokenStream> {
    let value = name.value();
    let Some((_, variant, holders)) = NAMED.iter().find(|(known, ..)| *known == value) else {
        let known: Vec<&str> = NAMED.iter().map(|(known, ..)| *known).collect();
        let message = format!(
            "unknown type `{value}`; it is one of `{}`, or an expression of type `ectomorph::types::Type`",
            known.join("`, `")
        );
        return Err(Error::new(name.span(), message));
    };
    let held = last_name(option_of(rust).unwrap_or(rust));
    let is_ours = NAMED.iter().any(|(.., holders)| holders.contains(&held.as_str()));
    if is_ours && !holders.contains(&held.as_str()) {
        let right = match holders.first() {
            Some(right) => right,
            None => "Value",
        };
        return Err(Error::new(
            name.span(),
            format!("values of type `{value}` are no `{held}`; use `{right}`"),
        ));
    }
    let variant = proc_macro2::Ident::new(variant, name.span());
    Ok(quote!(::ectomorph::types::Type::#variant))
}

/// The `T` of an `Option<T>`.
pub fn option_of(rust: &Type) -> Option<&Type> {
    argument(rust).filter(|_| last_name(rust) == "Option")
}

/// The name of the innermost type: `Post` of `Assoc<Vec<Post>>`.
pub fn innermost(rust: &Type) -> String {
    argument(rust).map_or_else(|| last_name(rust), innermost)
}

/// Whether it is an `Assoc`.
pub fn is_assoc(rust: &Type) -> bool {
    last_name(rust) == "Assoc"
}

fn last_name(rust: &Type) -> String {
    match rust {
        Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default(),
        Type::Group(group) => last_name(&group.elem),
        _ => String::new(),
    }
}

fn argument(rust: &Type) -> Option<&Type> {
    match rust {
        Type::Group(group) => argument(&group.elem),
        Type::Path(path) => match &path.path.segments.last()?.arguments {
            PathArguments::AngleBracketed(arguments) => {
                arguments.args.iter().find_map(|argument| match argument {
                    GenericArgument::Type(inner) => Some(inner),
                    _ => None,
                })
            }
            _ => None,
        },
        _ => None,
    }
}
