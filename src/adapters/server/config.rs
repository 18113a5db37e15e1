//! What a connection needs to know.

use crate::adapter::{AdapterError, Outcome};
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// Where a database is and how many connections it gets: Ecto's configuration keys, as a URL or one by one.
///
/// ```
/// use ectomorph::adapters::server::Config;
///
/// let config = Config::url("postgres://postgres:secret@localhost/hello_dev?pool_size=5")?.pool_size(10);
/// assert!(!format!("{config:?}").contains("secret"));
/// # Ok::<(), ectomorph::adapter::AdapterError>(())
/// ```
#[derive(Clone)]
pub struct Config {
    pub(in crate::adapters) url: String,
    pub(in crate::adapters) username: Option<String>,
    pub(in crate::adapters) password: Option<String>,
    pub(in crate::adapters) hostname: Option<String>,
    pub(in crate::adapters) port: Option<u16>,
    pub(in crate::adapters) database: Option<String>,
    pub(in crate::adapters) pool_size: u32,
    pub(in crate::adapters) pool_timeout: Duration,
    pub(in crate::adapters) connect_timeout: Duration,
    pub(in crate::adapters) timeout: Duration,
    pub(in crate::adapters) migration_lock_timeout: Duration,
    pub(in crate::adapters) begin: Option<String>,
    pub(in crate::adapters) shows_secrets: bool,
    /// Whether there can only be one connection: a database in memory.
    pub(in crate::adapters) single: bool,
    /// The file of the database, if it is one.
    pub(in crate::adapters) file: Option<PathBuf>,
}

/// Puts what a configuration says beside its URL on the options of a server. They have these methods in sqlx, but no trait of them.
#[cfg(any(feature = "mysql", feature = "postgres"))]
macro_rules! put_credentials {
    ($options:expr, $config:expr) => {{
        let (mut options, config) = ($options, $config);
        if let Some(name) = &config.username {
            options = options.username(name);
        }
        if let Some(password) = &config.password {
            options = options.password(password);
        }
        if let Some(name) = &config.hostname {
            options = options.host(name);
        }
        if let Some(port) = config.port {
            options = options.port(port);
        }
        if let Some(name) = &config.database {
            options = options.database(name);
        }
        options
    }};
}
#[cfg(any(feature = "mysql", feature = "postgres"))]
pub(in crate::adapters) use put_credentials;

/// How many prepared statements a connection keeps. Ecto's drivers keep them all, sqlx a hundred.
#[cfg(any(feature = "mysql", feature = "postgres"))]
pub(in crate::adapters) const STATEMENTS: usize = 500;

/// Reads a URL as a driver of sqlx does.
pub(in crate::adapters) fn read_url<T: FromStr<Err: fmt::Display>>(url: &str) -> Outcome<T> {
    url.parse().map_err(|error| AdapterError::environment(format!("the URL can't be read: {error}")))
}

/// Part of a URL, with what is escaped as it is meant.
#[cfg(any(feature = "mssql", feature = "sqlite"))]
pub(in crate::adapters) fn percent_decoded(text: &str) -> Result<String, sqlx::error::BoxDynError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let (byte, after) = match first {
            b'%' => crate::params::escaped(after).unwrap_or((b'%', after)),
            first => (*first, after),
        };
        bytes.push(byte);
        rest = after;
    }
    String::from_utf8(bytes).map_err(|_| "a name is no UTF-8".into())
}

impl Config {
    /// What a URL says. `pool_size`, and `timeout`, `pool_timeout` and `connect_timeout` in milliseconds, may be among
    /// its params; the rest of them is the driver's.
    ///
    /// # Errors
    ///
    /// A param that is no number.
    pub fn url(url: impl AsRef<str>) -> Outcome<Config> {
        let (base, query) = url.as_ref().split_once('?').unwrap_or((url.as_ref(), ""));
        let mut config = Config {
            url: base.to_owned(),
            username: None,
            password: None,
            hostname: None,
            port: None,
            database: None,
            pool_size: 10,
            pool_timeout: Duration::from_secs(15),
            connect_timeout: Duration::from_secs(15),
            timeout: Duration::from_secs(15),
            migration_lock_timeout: Duration::from_secs(600),
            begin: None,
            shows_secrets: false,
            single: false,
            file: None,
        };
        let mut rest = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let number = || {
                value.parse::<u32>().map_err(|_| {
                    AdapterError::environment(format!("`{key}` in the URL is a number, not `{value}`"))
                })
            };
            match key {
                "pool_size" => config.pool_size = number()?.max(1),
                "pool_timeout" => config.pool_timeout = Duration::from_millis(number()?.into()),
                "timeout" => config.timeout = Duration::from_millis(number()?.into()),
                "connect_timeout" => config.connect_timeout = Duration::from_millis(number()?.into()),
                _ => rest.push(pair),
            }
        }
        if !rest.is_empty() {
            config.url.push('?');
            config.url.push_str(&rest.join("&"));
        }
        Ok(config)
    }

    /// The role to connect as.
    pub fn username(mut self, name: impl Into<String>) -> Self {
        self.username = Some(name.into());
        self
    }

    /// Its password.
    pub fn password(mut self, password: impl Into<String>) -> Self {
        self.password = Some(password.into());
        self
    }

    /// The machine.
    pub fn hostname(mut self, name: impl Into<String>) -> Self {
        self.hostname = Some(name.into());
        self
    }

    /// The port.
    pub fn port(mut self, port: u16) -> Self {
        self.port = Some(port);
        self
    }

    /// The database.
    pub fn database(mut self, name: impl Into<String>) -> Self {
        self.database = Some(name.into());
        self
    }

    /// How many connections there are at most; 10.
    pub fn pool_size(mut self, size: u32) -> Self {
        self.pool_size = size.max(1);
        self
    }

    /// How long a statement waits for a connection to be free; 15 seconds.
    pub fn pool_timeout(mut self, timeout: Duration) -> Self {
        self.pool_timeout = timeout;
        self
    }

    /// How long the first connection may take; 15 seconds.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long a statement may take; 15 seconds. [`Options::timeout`](crate::repo::Options::timeout) says it of one.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long a migrator waits until another one is done; ten minutes. In MySQL it is an hour at most.
    pub fn migration_lock_timeout(mut self, timeout: Duration) -> Self {
        self.migration_lock_timeout = timeout;
        self
    }

    /// What transactions begin with, in the words of the database: `BEGIN ISOLATION LEVEL SERIALIZABLE`.
    pub fn begin(mut self, sql: impl Into<String>) -> Self {
        self.begin = Some(sql.into());
        self
    }

    /// Has errors of connecting name the role and the machine; the password is never shown.
    pub fn show_sensitive_data_on_connection_error(mut self) -> Self {
        self.shows_secrets = true;
        self
    }

    /// What it tried to reach, for an error.
    pub(super) fn explained(&self, error: AdapterError) -> AdapterError {
        match error {
            AdapterError::Environment { message } if self.shows_secrets => {
                AdapterError::environment(format!("{message} (connecting to {})", self.place()))
            }
            error => error,
        }
    }

    /// The URL and what overrides it, without the password.
    fn place(&self) -> String {
        let (url, params) = self.url.split_once('?').unwrap_or((&self.url, ""));
        let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
        let rest = match rest.rsplit_once('@') {
            Some((user, rest)) => format!("{}@{rest}", user.split(':').next().unwrap_or_default()),
            None => rest.to_owned(),
        };
        let mut place = format!("{scheme}://{rest}");
        for (at, param) in
            params.split('&').filter(|param| !param.is_empty() && !param.starts_with("password")).enumerate()
        {
            place.push(if at == 0 { '?' } else { '&' });
            place.push_str(param);
        }
        for (key, value) in
            [("username", &self.username), ("hostname", &self.hostname), ("database", &self.database)]
        {
            if let Some(value) = value {
                place.push_str(&format!(", {key} {value}"));
            }
        }
        place
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Config({}, pool_size {})", self.place(), self.pool_size)
    }
}
