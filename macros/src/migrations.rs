//! `migrations!`: the files of a folder as migrations.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use std::path::{Path, PathBuf};
use syn::{Ident, LitStr};

/// The migrations of a folder, which is named from the folder of the crate's `Cargo.toml`.
pub fn expand(folder: &LitStr) -> syn::Result<TokenStream> {
    let refused = |message: String| syn::Error::new(folder.span(), message);
    let root = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    let place = Path::new(&root).join(folder.value());
    let entries = std::fs::read_dir(&place)
        .map_err(|error| refused(format!("the folder of migrations, {}: {error}", place.display())))?;
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.sort();
    let (mut modules, mut migrations) = (Vec::new(), Vec::new());
    for file in files {
        let Some((stem, extension)) = parts(&file) else { continue };
        let path = file.to_str().ok_or_else(|| refused(format!("{} is no text", file.display())))?;
        match extension {
            "rs" => {
                let module = Ident::new(&format!("migration_{stem}"), Span::call_site());
                modules.push(quote!(#[path = #path] mod #module;));
                migrations.push(quote!(::core::result::Result::Ok(#module::migration())));
            }
            "json" => migrations.push(quote! {
                ::ectomorph::migration::Migration::from_json(::core::include_str!(#path))
                    .map_err(|mistake| mistake.at(#path))
            }),
            _ => {}
        }
    }
    Ok(quote! {{
        #(#modules)*
        ::ectomorph::migration::all([#(#migrations),*])
    }})
}

/// Name and ending of a file that is named as migrations are: `20170523151118_create_users.rs`.
fn parts(file: &Path) -> Option<(&str, &str)> {
    let (stem, extension) = (file.file_stem()?.to_str()?, file.extension()?.to_str()?);
    let (version, name) = stem.split_once('_')?;
    let digits = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit());
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    (digits && plain).then_some((stem, extension))
}
