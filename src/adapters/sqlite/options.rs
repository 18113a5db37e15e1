//! Where a database is, and how it is opened.

use super::link::error;
use super::{SqliteConnection, SqliteDatabase};
use crate::adapters::server::config::percent_decoded;
use rusqlite::{Connection, OpenFlags};
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::str::FromStr;
use std::time::Duration;
use url::Url;

/// How long a statement waits for others that write.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

/// What a connection needs to know, read from a URL: `sqlite://hello.db`, `sqlite::memory:`.
///
/// `mode` is `ro`, `rw` or `rwc` (which makes the file if it is not there, as without a `mode`), or `memory`; `cache` is
/// `private` or `shared`; `immutable` is `true` of a file that nobody changes; `vfs` names what SQLite reads it with.
#[derive(Clone, Debug)]
pub struct SqliteOptions {
    name: String,
    flags: OpenFlags,
    immutable: bool,
    vfs: Option<String>,
}

impl SqliteOptions {
    /// The file; none of a database in memory.
    pub(super) fn file(&self) -> Option<PathBuf> {
        let in_memory = self.flags.contains(OpenFlags::SQLITE_OPEN_MEMORY);
        (!in_memory).then(|| PathBuf::from(&self.name))
    }

    /// Whether connections of this program share what they have read, and wait for each other's tables.
    pub(super) fn is_shared(&self) -> bool {
        self.flags.contains(OpenFlags::SQLITE_OPEN_SHARED_CACHE)
    }

    /// Opens it.
    pub(super) fn open(&self) -> rusqlite::Result<Connection> {
        let name = match self.immutable {
            true => format!(
                "file:{}?immutable=1",
                self.name.replace('%', "%25").replace('?', "%3f").replace('#', "%23")
            ),
            false => self.name.clone(),
        };
        let sqlite = match &self.vfs {
            Some(vfs) => Connection::open_with_flags_and_vfs(name, self.flags, vfs)?,
            None => Connection::open_with_flags(name, self.flags)?,
        };
        sqlite.busy_timeout(PATIENCE)?;
        // A file that can't be written keeps the journal it has.
        let writes = self.flags.contains(OpenFlags::SQLITE_OPEN_READ_WRITE) && !self.immutable;
        let journal = if writes && self.file().is_some() { "PRAGMA journal_mode = WAL;" } else { "" };
        super::run::script(
            &sqlite,
            &format!("{journal} PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL"),
        )?;
        sqlite.set_prepared_statement_cache_capacity(100);
        Ok(sqlite)
    }
}

impl FromStr for SqliteOptions {
    type Err = sqlx::Error;

    fn from_str(url: &str) -> Result<Self, sqlx::Error> {
        let rest = url.trim_start_matches("sqlite:").trim_start_matches("//");
        let (name, params) = rest.split_once('?').unwrap_or((rest, ""));
        let wrong = |message: String| sqlx::Error::Configuration(message.into());
        let (mut mode, mut cache) = (if name == ":memory:" { "memory" } else { "rwc" }, None);
        let (mut immutable, mut vfs) = (false, None);
        for pair in params.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=').unwrap_or((pair, "")) {
                ("mode", value @ ("ro" | "rw" | "rwc" | "memory")) => mode = value,
                ("cache", value @ ("private" | "shared")) => cache = Some(value),
                ("immutable", value @ ("true" | "1" | "false" | "0")) => {
                    immutable = matches!(value, "true" | "1")
                }
                ("vfs", name) => vfs = Some(percent_decoded(name).map_err(sqlx::Error::Configuration)?),
                (key, value) => return Err(wrong(format!("`{key}={value}` is nothing that is understood"))),
            }
        }
        // Each connection is used by one at a time.
        let mut flags = OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
        flags |= match mode {
            "ro" => OpenFlags::SQLITE_OPEN_READ_ONLY,
            "rw" => OpenFlags::SQLITE_OPEN_READ_WRITE,
            "memory" => {
                OpenFlags::SQLITE_OPEN_READ_WRITE
                    | OpenFlags::SQLITE_OPEN_CREATE
                    | OpenFlags::SQLITE_OPEN_MEMORY
            }
            _ => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        };
        // One in memory that has a name is whoever's names it.
        let is_named = mode == "memory" && !matches!(name, "" | ":memory:");
        flags |= match cache.unwrap_or(if is_named { "shared" } else { "private" }) {
            "shared" => OpenFlags::SQLITE_OPEN_SHARED_CACHE,
            _ => OpenFlags::SQLITE_OPEN_PRIVATE_CACHE,
        };
        let name = percent_decoded(name).map_err(sqlx::Error::Configuration)?;
        Ok(SqliteOptions { name, flags, immutable, vfs })
    }
}

impl sqlx::ConnectOptions for SqliteOptions {
    type Connection = SqliteConnection;

    fn from_url(url: &Url) -> Result<Self, sqlx::Error> {
        if !<SqliteDatabase as sqlx::Database>::URL_SCHEMES.contains(&url.scheme()) {
            return Err(sqlx::Error::Configuration(
                format!("`{}` is no scheme of SQLite", url.scheme()).into(),
            ));
        }
        url.as_str().parse()
    }

    fn connect(&self) -> Pin<Box<dyn Future<Output = Result<SqliteConnection, sqlx::Error>> + Send + '_>> {
        Box::pin(async move { SqliteConnection::open(self.clone()).await?.map_err(error) })
    }

    // The repo's log tells of statements.
    fn log_statements(self, _: log::LevelFilter) -> Self {
        self
    }

    fn log_slow_statements(self, _: log::LevelFilter, _: Duration) -> Self {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> SqliteOptions {
        url.parse().unwrap()
    }

    #[test]
    fn a_url_says_which_file_it_is_and_how_it_is_opened() {
        for url in ["sqlite:hello%20dev.db", "sqlite://hello%20dev.db", "sqlite://hello%20dev.db?mode=rwc"] {
            let options = read(url);
            assert_eq!(options.file(), Some("hello dev.db".into()));
            assert!(options.flags.contains(OpenFlags::SQLITE_OPEN_CREATE) && !options.is_shared(), "{url}");
        }
        assert_eq!(read("sqlite:///var/hello.db").file(), Some("/var/hello.db".into()));
        assert!(!read("sqlite://hello.db?mode=rw").flags.contains(OpenFlags::SQLITE_OPEN_CREATE));
        let only_read = read("sqlite://hello.db?mode=ro&cache=shared&immutable=1&vfs=unix-none");
        assert!(only_read.flags.contains(OpenFlags::SQLITE_OPEN_READ_ONLY) && only_read.is_shared());
        assert_eq!((only_read.immutable, only_read.vfs.as_deref()), (true, Some("unix-none")));
    }

    #[test]
    fn a_database_in_memory_is_shared_if_it_has_a_name() {
        for (url, shared) in [
            ("sqlite::memory:", false),
            ("sqlite://:memory:", false),
            ("sqlite://?mode=memory", false),
            ("sqlite://hello?mode=memory", true),
            ("sqlite://hello?mode=memory&cache=private", false),
        ] {
            assert_eq!((read(url).file(), read(url).is_shared()), (None, shared), "{url}");
        }
    }

    #[test]
    fn what_is_not_understood_is_an_error() {
        for url in
            ["sqlite://x.db?mode=perhaps", "sqlite://x.db?cache=x", "sqlite://x.db?speed=1", "sqlite:%ff"]
        {
            assert!(url.parse::<SqliteOptions>().is_err(), "{url}");
        }
        assert!(
            "postgres://x"
                .parse::<Url>()
                .is_ok_and(|url| { <SqliteOptions as sqlx::ConnectOptions>::from_url(&url).is_err() })
        );
    }
}
