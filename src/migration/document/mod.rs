//! Migrations as documents.
//!
//! ```json
//! {"version": 1, "migration": 20170523151118, "name": "create_users", "change": [
//!   {"command": "create", "table": {"name": "users", "primary_key": true}, "columns": [
//!     {"op": "add", "name": "id", "type": "bigserial", "opts": {"primary_key": true}},
//!     {"op": "add", "name": "email", "type": "string", "opts": {"null": false}},
//!     {"op": "add", "name": "org_id", "type": {"references": {"table": "orgs", "on_delete": "delete_all"}}}]},
//!   {"command": "create", "index": {"table": "users", "columns": ["email"], "unique": true}},
//!   {"command": "execute", "up": "CREATE VIEW v AS SELECT 1", "down": "DROP VIEW v"}]}
//! ```
//!
//! `version` is that of the form. In place of `change` there may be `up` and `down`; `disable_ddl_transaction` and
//! `disable_migration_lock` may be true. The commands are those of Ecto.Migration: `create`, `create_if_not_exists`,
//! `alter`, `drop`, `drop_if_exists`, `rename` (with `to`), `rename_column` (with `column` and `to`), `rename_index`
//! (with `to`), `execute` and `flush`. Columns of a table are written out, its key among them.
//!
//! | part | keys |
//! |---|---|
//! | `table` | `name`, `prefix`, `comment`, `primary_key` (true, or a map of `name`, `type` and options), `engine`, `options`, `modifiers` |
//! | `index` | `table`, `columns`, `name`, `prefix`, `unique`, `concurrently`, `using`, `include`, `only`, `nulls_distinct`, `where`, `comment`, `options` |
//! | `constraint` | `table`, `name`, `prefix`, `check`, `exclude`, `comment`, `validate` (true unless rows that are there are left unchecked) |
//! | column | `op`: `add`, `add_if_not_exists`, `modify`, `remove`, `remove_if_exists`; `name`, `type`, `opts` |
//! | `type` | a name, `{"array": type}`, `{"map": type}`, `{"references": {"table", "column", "name", "prefix", "type", "on_delete", "on_update", "validate", "with", "match"}}` |
//! | `opts` | `primary_key`, `default` (a value or `{"fragment": sql}`), `null`, `size`, `precision`, `scale`, `comment`, `collation`, `after`, `generated`, `start_value`, `increment`, `fields`, `check`, `from` |
//!
//! What is `check`, `expr` and `where` is text of SQL, or an expression as in rules documents: `[">=", ["field", "age"], 18]`.
//! A column of an index is a name; other text is an expression; `{"desc": ..}` and the like say a direction, and
//! `{"column": ..}` or `{"expression": ..}` what a name can't say. What is null or left out is unsaid; references that
//! say neither refer to `id`, a `bigserial`.

mod object;
mod read;
mod read_column;
mod write;

pub use read::{read_command, read_operations};
pub use write::{write_command, write_operations};

use super::definition::Body;
use super::{Defaults, Migration};
use crate::mistake::Mistake;
use crate::params::{Limits, from_json, to_json};
use crate::value::{Map, Value, notation};
use object::Object;
use std::sync::Arc;

/// The version of the form of documents.
pub const VERSION: i64 = 1;
/// How many bytes of JSON a document may have.
pub const MAX_BYTES: usize = 1 << 20;
/// How many commands a function of a migration may have.
pub const MAX_COMMANDS: usize = 1_000;
/// How many columns a command may have.
pub const MAX_COLUMNS: usize = 2_000;

impl Migration {
    /// Reads a document whose tagged literals are decoded ([`value::notation`](crate::value::notation)).
    ///
    /// # Errors
    ///
    /// A [`Mistake`] with the place and what is wrong: a version that is newer than this program, a key or command
    /// that is not known, a wrong kind of value, too many commands, and what
    /// [`check_command`](super::check_command) refuses.
    pub fn read(document: &Value) -> Result<Migration, Mistake> {
        let mut object = Object::new("migration document", document)?;
        match object.integer("version")? {
            Some(VERSION) => {}
            Some(newer) if newer > VERSION => {
                let message = format!(
                    "version {newer} is newer than this ectomorph understands ({VERSION}); update it"
                );
                return Err(Mistake::new(message));
            }
            Some(other) => return Err(Mistake::new(format!("there is no version {other}"))),
            None => {
                return Err(Mistake::new("a migration document needs its version: {\"version\": 1, ..}"));
            }
        }
        let version = object.integer("migration")?.ok_or_else(|| {
            Mistake::new("a migration document needs its migration: a number such as 20170523151118")
        })?;
        if version < 0 {
            return Err(Mistake::new("the migration can't be a negative number"));
        }
        let mut migration = Migration::new(version, object.needed_text("name")?);
        let mut body = |key: &'static str| -> Result<Option<Body>, Mistake> {
            let Some(operations) = object.value(key) else { return Ok(None) };
            let read = read_operations(operations).map_err(|mistake| mistake.at(key))?;
            Ok(Some(Body::Operations(Arc::from(read))))
        };
        migration.change = body("change")?;
        migration.up = body("up")?;
        migration.down = body("down")?;
        migration.disable_ddl_transaction = object.flag("disable_ddl_transaction")?.unwrap_or(false);
        migration.disable_migration_lock = object.flag("disable_migration_lock")?.unwrap_or(false);
        object.finish()?;
        if migration.change.is_some() && (migration.up.is_some() || migration.down.is_some()) {
            return Err(Mistake::new("a migration has either change, or up and down"));
        }
        Ok(migration)
    }

    /// Reads a document from JSON text of at most [`MAX_BYTES`].
    ///
    /// # Errors
    ///
    /// A [`Mistake`] if it is no JSON or too much of it, and as [`Migration::read`].
    ///
    /// ```
    /// use ectomorph::migration::Migration;
    /// let json = r#"{"version": 1, "migration": 20170523151118, "name": "drop_bio",
    ///     "change": [{"command": "alter", "table": {"name": "users"}, "columns": [{"op": "remov", "name": "bio"}]}]}"#;
    /// let mistake = Migration::from_json(json).unwrap_err();
    /// assert_eq!(mistake.text(), "change: command 1: column 1: unknown op `remov`; did you mean `remove`?");
    /// ```
    pub fn from_json(json: impl AsRef<[u8]>) -> Result<Migration, Mistake> {
        let limits = Limits { bytes: MAX_BYTES, ..Limits::default() };
        let value = from_json(json, &limits)
            .map_err(|error| Mistake::new(error.message()).at("the JSON of the document"))?;
        let value = notation::decode(value).map_err(|error| Mistake::new(error.message()))?;
        Migration::read(&value)
    }

    /// The document of the migration, as it is recorded with these defaults.
    ///
    /// # Errors
    ///
    /// A [`Mistake`] if the migration is written wrong, calls functions or has a default that no document can hold.
    pub fn write(&self, defaults: &Defaults) -> Result<Value, Mistake> {
        let mut document = Map::new();
        document.insert("version", VERSION);
        document.insert("migration", self.version);
        document.insert("name", self.name.clone());
        let (after_begin, before_commit) = self.hooks();
        if after_begin.or(before_commit).is_some() {
            return Err(Mistake::new("a function can't be written in a document; use a statement"));
        }
        for (key, body, up) in
            [("change", &self.change, true), ("up", &self.up, true), ("down", &self.down, false)]
        {
            let Some(body) = body else { continue };
            let operations = self.record(body, up, defaults).map_err(|mistake| mistake.at(key))?;
            document.insert(key, write_operations(&operations).map_err(|mistake| mistake.at(key))?);
        }
        for (key, flag) in [
            ("disable_ddl_transaction", self.disable_ddl_transaction),
            ("disable_migration_lock", self.disable_migration_lock),
        ] {
            if flag {
                document.insert(key, true);
            }
        }
        Ok(document.into())
    }

    /// The document of the migration as JSON text.
    ///
    /// # Errors
    ///
    /// As [`Migration::write`].
    pub fn to_json(&self, defaults: &Defaults) -> Result<String, Mistake> {
        Ok(to_json(&notation::encode(&self.write(defaults)?)))
    }
}
