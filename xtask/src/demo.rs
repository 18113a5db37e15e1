//! `cargo xtask demo`: the demo site on its server.

use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use crate::shell::{Arguments, Result, cargo, failure, run, say, target};
use crate::{exported, npm, package};

const PORT: u16 = 4000;

pub fn run_verb(mut arguments: Arguments) -> Result {
    let port = arguments.option("--port")?;
    let port = match &port {
        None => PORT,
        Some(text) => text.parse().map_err(|_| arguments.misuse(&format!("no port {text:?}")))?,
    };
    arguments.end()?;
    if listens(port) {
        return Err(failure(format!("port {port} is taken: choose another with --port")));
    }
    let mut server = Command::new(build()?);
    let database = format!("sqlite://{}", target().join("shared-rules.db").display());
    server.args(["--port", &port.to_string(), "--database", &database]);
    say("starting the server (Ctrl-C stops it)");
    serve(server)
}

/// Builds the package, the site on it and the server of both, and says which program that is.
pub fn build() -> Result<PathBuf> {
    package::build()?;
    exported::build()?;
    say("building the site");
    run(npm::script("www", "build")?)?;
    say("building the server");
    // Not optimized: a demo starts sooner than it would compile.
    run(cargo(["build", "--quiet", "--package", "shared-rules"]))?;
    Ok(target().join("debug").join(format!("shared-rules{}", std::env::consts::EXE_SUFFIX)))
}

/// Runs the server, which says where it listens, to its end: Ctrl-C ends both.
fn serve(mut server: Command) -> Result {
    match server.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(failure(format!("the server ended: {status}"))),
        Err(error) => Err(failure(format!("the server does not start: {error}"))),
    }
}

fn listens(port: u16) -> bool {
    TcpStream::connect_timeout(&SocketAddr::from(([127, 0, 0, 1], port)), Duration::from_millis(200)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn a_port_listens_while_somebody_holds_it() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        assert!(listens(port));
    }

    #[test]
    fn a_port_that_nobody_holds_does_not_listen() {
        // Below the ports that systems hand out, so no test beside this one can be given it.
        assert!(!listens(1));
    }

    #[test]
    fn a_server_that_ends_early_is_a_failure() {
        let mut server = cargo(["no-such-cargo-command-at-all"]);
        server.stderr(std::process::Stdio::null());
        assert_eq!(serve(server).unwrap_err().message, "the server ended: exit status: 101");
    }
}
