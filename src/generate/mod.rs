//! Generators: the files of a schema or a migration, as `phx.gen.schema` and `ecto.gen.migration` write them.
//!
//! Nothing here touches a disk: what comes out are texts with their paths, which a command line writes.
//!
//! ```
//! use ectomorph::generate::{Generated, Language, SchemaRequest};
//!
//! let request = SchemaRequest::new("User", "users", &["name", "email:string:unique", "admin:boolean"])?;
//! let files = request.files(Language::TypeScript, Language::Document, 20170523151118)?;
//! let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
//! assert_eq!(paths, ["src/user.ts", "migrations/20170523151118_create_users.json"]);
//! # Ok::<(), ectomorph::mistake::Mistake>(())
//! ```

mod attribute;
mod document;
mod kept;
mod migration;
mod names;
mod rust;
mod schema;
mod types;
mod typescript;
#[cfg(any(test, all(target_arch = "wasm32", feature = "generate")))]
mod wasm;

pub use attribute::{Attribute, Kind, MAX_ATTRIBUTES};
pub use migration::{migration, version_at};
pub use schema::SchemaRequest;
pub use types::{document_for_types, typescript_types};

use crate::mistake::Mistake;
use crate::value::nearest;

/// A file that is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// Where, from the folder of the project.
    pub path: String,
    /// What is in it.
    pub text: String,
}

/// What a schema or a migration is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// A struct with `#[derive(Schema)]`, a `migration!`.
    Rust,
    /// `schema(..)` and `migration(..)` of the npm package.
    TypeScript,
    /// A JSON document, which both sides read.
    Document,
}

impl Language {
    /// The language that a word names: `rust`, `typescript` (or `ts`), `document` (or `json`).
    ///
    /// # Errors
    ///
    /// A [`Mistake`] that lists them.
    pub fn named(word: &str) -> Result<Language, Mistake> {
        Ok(match word {
            "rust" | "rs" => Language::Rust,
            "typescript" | "ts" => Language::TypeScript,
            "document" | "json" => Language::Document,
            _ => {
                let near = nearest(word, ["rust", "typescript", "document", "json"]);
                let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                return Err(Mistake::new(format!(
                    "there is no language `{word}`: it is rust, typescript or document{hint}"
                )));
            }
        })
    }

    /// The ending of its files.
    pub fn extension(self) -> &'static str {
        match self {
            Language::Rust => "rs",
            Language::TypeScript => "ts",
            Language::Document => "json",
        }
    }
}
