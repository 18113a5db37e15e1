//! Servers for tests: each is started on a port of its own for as long as the test's process lives.
//!
//! `ECTOMORPH_POSTGRES_URL` names one that runs already. Where there is neither, tests say so and pass; with
//! `CI=true` they fail.

#![allow(dead_code, reason = "each test uses some of it")]

use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// A PostgreSQL, and how to reach it.
pub struct Postgres {
    /// `postgres://role:password@machine:port`; the name of a database is to follow.
    pub url: String,
}

impl Postgres {
    /// The URL of a database.
    pub fn database(&self, name: &str) -> String {
        format!("{}/{name}", self.url)
    }
}

/// The PostgreSQL of this process; `None`, with a word about it, if there is none on this machine.
pub fn postgres() -> Option<&'static Postgres> {
    static SERVER: OnceLock<Option<Postgres>> = OnceLock::new();
    let server = SERVER.get_or_init(|| {
        if let Ok(url) = std::env::var("ECTOMORPH_POSTGRES_URL") {
            return Some(Postgres { url: url.trim_end_matches('/').to_owned() });
        }
        let programs = programs();
        if programs.is_none() {
            assert!(std::env::var_os("CI").is_none(), "PostgreSQL is missing: apt-get install postgresql");
            println!("skipped: no PostgreSQL was found; install it, or set ECTOMORPH_POSTGRES_URL");
        }
        programs.map(|programs| start(&programs))
    });
    server.as_ref()
}

/// The folder of `initdb` and `postgres`.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    folders.sort();
    folders.extend(["/usr/local/bin", "/usr/bin", "/opt/homebrew/bin"].map(PathBuf::from));
    folders
        .into_iter()
        .rev()
        .find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
}

fn start(programs: &Path) -> Postgres {
    let folder = std::env::temp_dir().join(format!("ectomorph-postgres-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder for the server");
    let password = folder.join("password");
    let mut file = std::fs::File::create(&password).expect("a file for the password");
    file.write_all(b"secret").expect("a file for the password");
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n");
    if is_root {
        let owned = Command::new("chown").args(["-R", "postgres"]).arg(&folder).status();
        assert!(
            owned.is_ok_and(|status| status.success()),
            "the role `postgres` of this machine owns the server"
        );
    }
    // It ends with this process, and does not run as root.
    let command = |program: &str, dies: bool| {
        let mut command = Command::new("setpriv");
        if dies {
            command.args(["--pdeathsig", "INT"]);
        }
        if is_root {
            command.args(["--reuid", "postgres", "--regid", "postgres", "--clear-groups"]);
        }
        command.arg(programs.join(program)).stdout(Stdio::null()).stderr(Stdio::null()).current_dir("/");
        command
    };
    let data = folder.join("data");
    let made = command("initdb", false)
        .args([
            "-U",
            "postgres",
            "-A",
            "scram-sha-256",
            "-E",
            "UTF8",
            "--locale",
            "C.UTF-8",
            "-N",
            "--pwfile",
        ])
        .arg(&password)
        .arg("-D")
        .arg(&data)
        .status();
    assert!(made.is_ok_and(|status| status.success()), "initdb makes a server in {}", folder.display());
    let port =
        TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
    let mut server = command("postgres", true);
    server.arg("-D").arg(&data).arg("-k").arg(&folder).args(["-p", &port.to_string()]);
    for setting in
        ["fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=200", "timezone=UTC"]
    {
        server.args(["-c", setting]);
    }
    // The thread that starts it must live as long as the process.
    let (told, started) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let child = server.spawn().expect("the server starts");
        let _ = told.send(());
        let _child = child;
        loop {
            std::thread::park();
        }
    });
    started.recv().expect("the server starts");
    let deadline = Instant::now() + Duration::from_secs(60);
    while !folder.join(format!(".s.PGSQL.{port}")).exists()
        || std::net::TcpStream::connect(("127.0.0.1", port)).is_err()
    {
        assert!(Instant::now() < deadline, "the server answers within a minute");
        std::thread::sleep(Duration::from_millis(50));
    }
    std::thread::sleep(Duration::from_millis(200));
    Postgres { url: format!("postgres://postgres:secret@127.0.0.1:{port}") }
}
