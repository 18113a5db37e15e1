//! A schema that is to be written, with its migration.

use super::attribute::{Attribute, MAX_ATTRIBUTES};
use super::names::{check_plain, check_schema, snake_case};
use super::{Generated, Language, document, migration, rust, typescript};
use crate::mistake::Mistake;

/// What `gen schema` is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaRequest {
    /// The name of the schema: `User`.
    pub name: String,
    /// Its table: `users`.
    pub table: String,
    /// Its fields.
    pub attributes: Vec<Attribute>,
    /// The prefix of the table, if it has one.
    pub prefix: Option<String>,
    /// Whether keys are UUIDs in place of numbers.
    pub binary_id: bool,
    /// The type of `inserted_at` and `updated_at`; without it there are none.
    pub timestamps: Option<&'static str>,
    /// Whether there is a migration.
    pub migration: bool,
    /// The folder of schemas.
    pub schemas: String,
    /// The folder of migrations.
    pub migrations: String,
}

impl SchemaRequest {
    /// A schema of these attributes, with timestamps and a migration.
    ///
    /// # Errors
    ///
    /// A [`Mistake`] that names what can't be a name or a type, or is there twice.
    pub fn new(name: &str, table: &str, attributes: &[impl AsRef<str>]) -> Result<SchemaRequest, Mistake> {
        check_schema(name)?;
        check_plain("table", table)?;
        if attributes.len() > MAX_ATTRIBUTES {
            return Err(Mistake::new(format!("a schema has {MAX_ATTRIBUTES} attributes at most")));
        }
        let mut read: Vec<Attribute> = Vec::with_capacity(attributes.len());
        for text in attributes {
            let attribute = Attribute::read(text.as_ref())?;
            if attribute.name == "id" || read.iter().any(|other| other.name == attribute.name) {
                let why = if attribute.name == "id" { "every schema has one" } else { "it is there already" };
                return Err(Mistake::new(format!("`{}`: {why}", attribute.name)));
            }
            read.push(attribute);
        }
        Ok(SchemaRequest {
            name: name.into(),
            table: table.into(),
            attributes: read,
            prefix: None,
            binary_id: false,
            timestamps: Some("naive_datetime"),
            migration: true,
            schemas: "src".into(),
            migrations: "migrations".into(),
        })
    }

    /// The files: the schema, then the migration.
    ///
    /// # Errors
    ///
    /// A [`Mistake`] if an attribute has the name of a timestamp.
    pub fn files(
        &self,
        schema: Language,
        migration: Language,
        version: i64,
    ) -> Result<Vec<Generated>, Mistake> {
        if self.timestamps.is_some()
            && let Some(taken) =
                self.attributes.iter().find(|attribute| TIMESTAMPS.contains(&attribute.name.as_str()))
        {
            let message = format!("`{}` is one of the timestamps; leave it out, or them", taken.name);
            return Err(Mistake::new(message));
        }
        let text = match schema {
            Language::Rust => rust::schema(self),
            Language::TypeScript => typescript::schema(self),
            Language::Document => document::schema(self),
        };
        let path = format!("{}/{}.{}", self.schemas, snake_case(&self.name), schema.extension());
        let mut files = vec![Generated { path, text }];
        if self.migration {
            files.push(migration::create(self, migration, version));
        }
        Ok(files)
    }

    /// The names of what forms may set.
    pub(super) fn cast(&self) -> Vec<&str> {
        self.names(Attribute::is_cast)
    }

    /// The names of what must be there.
    pub(super) fn required(&self) -> Vec<&str> {
        self.names(Attribute::is_required)
    }

    /// The names of what is unique.
    pub(super) fn unique(&self) -> Vec<&str> {
        self.names(|attribute| attribute.unique)
    }

    fn names(&self, which: impl Fn(&Attribute) -> bool) -> Vec<&str> {
        self.attributes
            .iter()
            .filter(|attribute| which(attribute))
            .map(|attribute| attribute.name.as_str())
            .collect()
    }
}

/// The fields that a schema has of its own accord.
pub(super) const TIMESTAMPS: [&str; 2] = ["inserted_at", "updated_at"];
