//! Where a server is, and how to talk to it.

use super::link::{MsSqlConnection, MsSqlDatabase, error};
use crate::adapter::{AdapterError, Outcome};
use crate::adapters::server::Config;
use crate::adapters::server::config::percent_decoded;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::str::FromStr;
use std::time::Duration;
use tiberius::{AuthMethod, Client, EncryptionLevel};
use tokio::net::TcpStream;
use tokio_util::compat::TokioAsyncWriteCompatExt;
use url::Url;

/// What a connection needs to know, read from a URL:
/// `mssql://sa:secret@localhost:1433/hello_dev?encrypt=on&trust_server_certificate=true`.
///
/// `encrypt` is `on` (with the feature `tls` the default), `login` (the password alone) or `off`; `application_name` names the
/// program to the server.
#[derive(Clone)]
pub struct MsSqlOptions {
    username: String,
    password: String,
    pub(super) hostname: String,
    pub(super) port: u16,
    database: Option<String>,
    encryption: EncryptionLevel,
    trusts_certificate: bool,
    application_name: Option<String>,
}

impl fmt::Debug for MsSqlOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MsSqlOptions({}@{}:{})", self.username, self.hostname, self.port)
    }
}

impl FromStr for MsSqlOptions {
    type Err = sqlx::Error;

    fn from_str(text: &str) -> Result<Self, sqlx::Error> {
        let url = Url::parse(text).map_err(|error| sqlx::Error::Configuration(error.into()))?;
        <Self as sqlx::ConnectOptions>::from_url(&url)
    }
}

impl MsSqlOptions {
    /// What a configuration says beside its URL.
    pub(super) fn with(mut self, config: &Config) -> Self {
        let put = |into: &mut String, from: &Option<String>| {
            if let Some(from) = from {
                into.clone_from(from);
            }
        };
        put(&mut self.username, &config.username);
        put(&mut self.password, &config.password);
        put(&mut self.hostname, &config.hostname);
        self.port = config.port.unwrap_or(self.port);
        self.database = config.database.clone().or(self.database);
        self
    }

    /// Whether all of it can be had in this build.
    pub(super) fn checked(self) -> Outcome<Self> {
        if cfg!(feature = "tls") || self.encryption == EncryptionLevel::NotSupported {
            return Ok(self);
        }
        Err(AdapterError::environment(
            "encrypted connections to SQL Server need the feature `tls`: enable it, or say `encrypt=off`",
        ))
    }

    fn config(&self) -> tiberius::Config {
        let mut config = tiberius::Config::new();
        config.host(&self.hostname);
        config.port(self.port);
        config.authentication(AuthMethod::sql_server(&self.username, &self.password));
        config.encryption(self.encryption);
        // How long a statement may take is said by the repo.
        config.command_timeout(None);
        config.handshake_timeout(None);
        if self.trusts_certificate {
            config.trust_cert();
        }
        if let Some(name) = &self.database {
            config.database(name);
        }
        if let Some(name) = &self.application_name {
            config.application_name(name);
        }
        config
    }

    async fn open(&self) -> Result<MsSqlConnection, sqlx::Error> {
        let mut config = self.config();
        // A server may name another one to go to, as Azure's gateways do.
        for _ in 0..3 {
            let stream = TcpStream::connect(config.get_addr()).await?;
            stream.set_nodelay(true)?;
            match Client::connect(config.clone(), stream.compat_write()).await {
                Err(tiberius::error::Error::Routing { host, port }) => {
                    config.host(host);
                    config.port(port);
                }
                done => return done.map(MsSqlConnection::new).map_err(error),
            }
        }
        Err(sqlx::Error::Protocol("the server names another one, and that another one again".to_owned()))
    }
}

impl sqlx::ConnectOptions for MsSqlOptions {
    type Connection = MsSqlConnection;

    fn from_url(url: &Url) -> Result<Self, sqlx::Error> {
        let wrong = |message: String| sqlx::Error::Configuration(message.into());
        if !<MsSqlDatabase as sqlx::Database>::URL_SCHEMES.contains(&url.scheme()) {
            return Err(wrong(format!("`{}` is no scheme of SQL Server", url.scheme())));
        }
        let plain = |text: &str| percent_decoded(text).map_err(sqlx::Error::Configuration);
        let database = plain(url.path().trim_start_matches('/'))?;
        let mut options = MsSqlOptions {
            username: plain(url.username())?,
            password: plain(url.password().unwrap_or_default())?,
            hostname: url.host_str().filter(|host| !host.is_empty()).unwrap_or("localhost").to_owned(),
            port: url.port().unwrap_or(1433),
            database: (!database.is_empty()).then_some(database),
            encryption: match cfg!(feature = "tls") {
                true => EncryptionLevel::Required,
                false => EncryptionLevel::NotSupported,
            },
            trusts_certificate: false,
            application_name: None,
        };
        for (key, value) in url.query_pairs() {
            match (&*key, &*value) {
                ("encrypt", "on" | "true") => options.encryption = EncryptionLevel::Required,
                ("encrypt", "login") => options.encryption = EncryptionLevel::Off,
                ("encrypt", "off" | "false") => options.encryption = EncryptionLevel::NotSupported,
                ("trust_server_certificate", "true") => options.trusts_certificate = true,
                ("trust_server_certificate", "false") => options.trusts_certificate = false,
                ("application_name", name) => options.application_name = Some(name.to_owned()),
                (key, value) => return Err(wrong(format!("`{key}={value}` is nothing that is understood"))),
            }
        }
        Ok(options)
    }

    fn connect(&self) -> Pin<Box<dyn Future<Output = Result<MsSqlConnection, sqlx::Error>> + Send + '_>> {
        Box::pin(self.open())
    }

    // tiberius tells its own events; the repo's log tells of statements.
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

    #[test]
    fn a_url_says_all_and_a_configuration_more() {
        let options: MsSqlOptions =
            "mssql://sa:p%40ss%2Fword@db.example:1444/hello%20dev?encrypt=off&application_name=hello"
                .parse()
                .unwrap();
        assert_eq!((options.username.as_str(), options.password.as_str()), ("sa", "p@ss/word"));
        assert_eq!((options.hostname.as_str(), options.port), ("db.example", 1444));
        assert_eq!(options.database.as_deref(), Some("hello dev"));
        assert_eq!(options.encryption, EncryptionLevel::NotSupported);
        assert_eq!(options.application_name.as_deref(), Some("hello"));
        assert!(!format!("{options:?}").contains("p@ss"));
        let config = Config::url("mssql://localhost").unwrap().username("ada").port(1).database("other");
        let put = options.with(&config);
        assert_eq!((put.username.as_str(), put.port, put.database.as_deref()), ("ada", 1, Some("other")));
        assert_eq!((put.password.as_str(), put.hostname.as_str()), ("p@ss/word", "db.example"));
    }

    #[test]
    fn what_a_url_leaves_out_is_the_servers_way() {
        let options: MsSqlOptions = "sqlserver://sa@localhost".parse().unwrap();
        assert_eq!((options.port, options.database, options.trusts_certificate), (1433, None, false));
    }

    #[test]
    fn what_is_not_understood_is_an_error() {
        for url in ["mssql://h?encrypt=perhaps", "mssql://h?instance=x", "mysql://h", "no url"] {
            assert!(url.parse::<MsSqlOptions>().is_err(), "{url}");
        }
    }
}
