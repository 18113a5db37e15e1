//! `shared-rules [--port PORT] [--site DIR] [--database URL]`: serves the demo site.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use tokio::net::TcpListener;

const USAGE: &str = "usage: shared-rules [--port PORT] [--site DIR] [--database URL]";

struct Options {
    /// 0 takes a free one.
    port: u16,
    site: PathBuf,
    database: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let options = match Options::read(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(message) => {
            eprintln!("error: {message}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match serve(options).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

impl Options {
    fn read(mut arguments: impl Iterator<Item = String>) -> Result<Options, String> {
        let built = concat!(env!("CARGO_MANIFEST_DIR"), "/../../www/dist");
        let database = "sqlite://shared-rules.db".into();
        let mut options = Options { port: 4000, site: PathBuf::from(built), database };
        while let Some(name) = arguments.next() {
            let value = arguments.next().ok_or_else(|| format!("{name} needs a value"));
            match name.as_str() {
                "--port" => {
                    let text = value?;
                    options.port = text.parse().map_err(|_| format!("no port {text:?}"))?;
                }
                "--site" => options.site = PathBuf::from(value?),
                "--database" => options.database = value?,
                other => return Err(format!("no option {other:?}")),
            }
        }
        if !options.site.join("index.html").is_file() {
            let site = options.site.display();
            return Err(format!("no site in {site}; build it with `npm run build` in www"));
        }
        Ok(options)
    }
}

async fn serve(options: Options) -> Result<(), String> {
    // This machine alone: it is a demo.
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
    let database = &options.database;
    let repo =
        shared_rules::database::open(database).await.map_err(|error| format!("{database}: {error}"))?;
    let listener = TcpListener::bind(address).await.map_err(|error| {
        format!("port {} can't be had: {error}; choose another with --port", options.port)
    })?;
    let port = listener.local_addr().map_err(|error| error.to_string())?.port();
    println!("listening at http://localhost:{port}");
    axum::serve(listener, shared_rules::server::router(&options.site, repo))
        .with_graceful_shutdown(async {
            // Where Ctrl-C can't be waited for, the process ends by it.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        })
        .await
        .map_err(|error| error.to_string())
}
