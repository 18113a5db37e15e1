//! `cargo xtask demo`: the demo site on its server.

use crate::shell::{Arguments, Result, cargo, failure, path, run, say};
use crate::{npm, package};

const PORT: u16 = 4000;

pub fn run_verb(mut arguments: Arguments) -> Result {
    let port = arguments.option("--port")?;
    let port = match &port {
        None => PORT,
        Some(text) => text.parse().map_err(|_| arguments.misuse(&format!("no port {text:?}")))?,
    };
    arguments.end()?;
    if !path("examples/shared-rules/Cargo.toml").is_file() {
        return Err(failure("examples/shared-rules is not in the tree"));
    }
    package::build()?;
    say("building the site");
    run(npm::script("www", "build")?)?;
    say(&format!("starting the server, to listen at http://localhost:{port}"));
    // The server says when it listens; Ctrl-C reaches both processes.
    let mut server = cargo(["run", "--release", "--package", "shared-rules", "--"]);
    server.args(["--port", &port.to_string()]);
    run(server)
}
