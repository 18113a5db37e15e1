//! [`Place`]: where a database is.

use super::{Adapter, Keys};
use crate::failure::{Failure, Result};
use ectomorph::adapters::server::Config;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;
use url::Url;

/// Where a database is, and who we are there.
#[derive(Clone)]
pub struct Place {
    /// What it is.
    pub adapter: Adapter,
    /// Who says so: `DATABASE_URL`, `[repo.hello] in ectomorph.toml`.
    pub origin: String,
    /// The machine, or the folder of its socket.
    pub hostname: Option<String>,
    pub port: Option<u16>,
    pub username: Option<String>,
    pub password: Option<String>,
    /// The database; of SQLite, its file.
    pub database: String,
    /// What the URL says to the driver.
    params: String,
}

/// What means something in the path of a URL.
const PATH: &AsciiSet = &CONTROLS.add(b'%').add(b'?').add(b'#').add(b' ');

impl Place {
    /// Of a URL. What it does not say, `keys` do.
    pub fn url(url: &str, origin: &str, keys: &Keys) -> Result<Place> {
        let scheme = url.split(':').next().unwrap_or_default();
        let adapter = match scheme {
            // Phoenix documents `ecto://`, and comes with PostgreSQL.
            "postgres" | "postgresql" | "ecto" => Adapter::Postgres,
            "mysql" | "mariadb" => Adapter::MySql,
            "sqlite" => Adapter::Sqlite,
            // What it is may be half a password.
            _ => {
                let message = format!(
                    "{origin}: the URL begins with none of postgres://, mysql:// and sqlite://, the databases of this program"
                );
                return Err(Failure::new(message));
            }
        };
        if adapter == Adapter::Sqlite {
            let rest = url.trim_start_matches("sqlite:").trim_start_matches("//");
            let (path, params) = rest.split_once('?').unwrap_or((rest, ""));
            return Place::bare(adapter, origin, decoded(path, origin)?, params);
        }
        let url = Url::parse(url)
            .map_err(|error| Failure::new(format!("{origin}: the URL can't be read: {error}")))?;
        let path = url.path().trim_start_matches('/');
        let database = match path {
            "" => keys.database.clone().unwrap_or_default(),
            path => decoded(path, origin)?,
        };
        let mut place = Place::bare(adapter, origin, database, url.query().unwrap_or_default())?;
        let text = |text: &str| decoded(text, origin);
        place.hostname = match url.host_str() {
            None | Some("") => keys.hostname.clone(),
            Some(host) => Some(text(host.trim_start_matches('[').trim_end_matches(']'))?),
        };
        place.port = url.port().or(keys.port);
        place.username = match url.username() {
            "" => keys.username.clone(),
            name => Some(text(name)?),
        };
        place.password = match url.password() {
            None => keys.password.clone(),
            Some(password) => Some(text(password)?),
        };
        Ok(place)
    }

    /// Of keys, one by one.
    pub fn keys(keys: &Keys, origin: &str) -> Result<Place> {
        let Some(adapter) = keys.adapter else {
            return Err(Failure::new(format!(
                "{origin} needs its `adapter`, one of \"postgres\", \"mysql\" and \"sqlite\", or a `url`"
            )));
        };
        let mut place = Place::bare(adapter, origin, keys.database.clone().unwrap_or_default(), "")?;
        place.hostname = keys.socket_dir.clone().or_else(|| keys.hostname.clone());
        place.port = keys.port;
        place.username = keys.username.clone();
        place.password = keys.password.clone();
        Ok(place)
    }

    fn bare(adapter: Adapter, origin: &str, database: String, params: &str) -> Result<Place> {
        if database.is_empty() {
            return Err(Failure::new(format!("{origin} does not say which `database`")));
        }
        if database.contains('\0') {
            return Err(Failure::new(format!("{origin}: the name of the database holds a NUL")));
        }
        let (origin, params) = (origin.to_owned(), params.to_owned());
        let none = (None, None, None, None);
        let (hostname, port, username, password) = none;
        Ok(Place { adapter, origin, hostname, port, username, password, database, params })
    }

    /// The file of SQLite; none for a database in memory.
    pub fn file(&self) -> Option<PathBuf> {
        let memory = self.database.contains(":memory:") || self.params.contains("mode=memory");
        (self.adapter == Adapter::Sqlite && !memory).then(|| PathBuf::from(&self.database))
    }

    /// How to connect, to this database or to another of the server.
    pub fn config(&self, keys: &Keys, database: Option<&str>) -> Result<Config> {
        let params = if self.params.is_empty() { String::new() } else { format!("?{}", self.params) };
        let url = match self.adapter {
            Adapter::Postgres => format!("postgres://localhost{params}"),
            Adapter::MySql => format!("mysql://localhost{params}"),
            Adapter::Sqlite => format!("sqlite://{}{params}", utf8_percent_encode(&self.database, PATH)),
        };
        let mut config =
            Config::url(url).map_err(|error| Failure::new(format!("{}: {error}", self.origin)))?;
        if self.adapter != Adapter::Sqlite {
            if let Some(name) = database.or(Some(&self.database)).filter(|name| !name.is_empty()) {
                config = config.database(name);
            }
            if let Some(name) = &self.username {
                config = config.username(name);
            }
            if let Some(password) = &self.password {
                config = config.password(password);
            }
            if let Some(name) = &self.hostname {
                config = config.hostname(name);
            }
            if let Some(port) = self.port {
                config = config.port(port);
            }
        }
        if let Some(size) = keys.pool_size {
            config = config.pool_size(size);
        }
        if let Some(milliseconds) = keys.pool_timeout {
            config = config.pool_timeout(Duration::from_millis(milliseconds));
        }
        if let Some(milliseconds) = keys.connect_timeout {
            config = config.connect_timeout(Duration::from_millis(milliseconds));
        }
        if keys.show_sensitive_data_on_connection_error {
            config = config.show_sensitive_data_on_connection_error();
        }
        Ok(config)
    }
}

/// The password is nobody's to read.
impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Place({:?}, {:?})", self.adapter, self.database)
    }
}

fn decoded(text: &str, origin: &str) -> Result<String> {
    let decoded = percent_decode_str(text).decode_utf8();
    decoded
        .map(String::from)
        .map_err(|_| Failure::new(format!("{origin}: the URL holds bytes that are no text")))
}
