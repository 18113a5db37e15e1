//! Servers for tests: each is started on a port of its own for as long as the test's process lives.
//!
//! `ECTOMORPH_POSTGRES_URL` and `ECTOMORPH_MYSQL_URL` name ones that run already. Where there is neither, tests say so and pass; with
//! `CI=true` they fail.

#![allow(dead_code, reason = "each test uses some of it")]

use std::ffi::OsStr;
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

/// A MariaDB or MySQL, and how to reach it.
pub struct MySql {
    /// `mysql://role@machine:port`; the name of a database is to follow.
    pub url: String,
}

impl MySql {
    /// The URL of a database.
    pub fn database(&self, name: &str) -> String {
        format!("{}/{name}", self.url)
    }
}

/// The MariaDB of this process; `None`, with a word about it, if there is none on this machine.
pub fn mysql() -> Option<&'static MySql> {
    static SERVER: OnceLock<Option<MySql>> = OnceLock::new();
    let server = SERVER.get_or_init(|| {
        if let Ok(url) = std::env::var("ECTOMORPH_MYSQL_URL") {
            return Some(MySql { url: url.trim_end_matches('/').to_owned() });
        }
        let found = Path::new("/usr/sbin/mariadbd").exists();
        if !found {
            assert!(std::env::var_os("CI").is_none(), "MariaDB is missing: apt-get install mariadb-server");
            println!("skipped: no MariaDB was found; install it, or set ECTOMORPH_MYSQL_URL");
        }
        found.then(start_mysql)
    });
    server.as_ref()
}

fn start_mysql() -> MySql {
    let folder = folder("mysql");
    let data = folder.join("data");
    let made = command("mysql", "/usr/bin/mariadb-install-db", false)
        .args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"])
        .arg(format!("--datadir={}", data.display()))
        .status();
    assert!(made.is_ok_and(|status| status.success()), "a server is made in {}", folder.display());
    let port = free_port();
    let mut server = command("mysql", "/usr/sbin/mariadbd", true);
    server.arg("--no-defaults").arg(format!("--datadir={}", data.display()));
    server.arg(format!("--socket={}", folder.join("socket").display())).arg(format!("--port={port}"));
    server.args(["--bind-address=127.0.0.1", "--innodb-flush-log-at-trx-commit=0", "--max-connections=200"]);
    server.args([
        "--character-set-server=utf8mb4",
        "--collation-server=utf8mb4_bin",
        "--skip-log-bin",
        "--innodb-flush-method=nosync",
    ]);
    run(server);
    answers(port, &folder.join("socket"));
    MySql { url: format!("mysql://root@127.0.0.1:{port}") }
}

fn start(programs: &Path) -> Postgres {
    let folder = folder("postgres");
    let password = folder.join("password");
    std::fs::write(&password, "secret").expect("a file for the password");
    let data = folder.join("data");
    let made = command("postgres", programs.join("initdb"), false)
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
    let port = free_port();
    let mut server = command("postgres", programs.join("postgres"), true);
    server.arg("-D").arg(&data).arg("-k").arg(&folder).args(["-p", &port.to_string()]);
    for setting in
        ["fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=200", "timezone=UTC"]
    {
        server.args(["-c", setting]);
    }
    run(server);
    answers(port, &folder.join(format!(".s.PGSQL.{port}")));
    Postgres { url: format!("postgres://postgres:secret@127.0.0.1:{port}") }
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n")
}

/// A folder of this process. Those of processes that have ended are removed.
pub fn scratch(name: &str) -> PathBuf {
    let prefix = format!("ectomorph-{name}-");
    for entry in std::fs::read_dir(std::env::temp_dir()).into_iter().flatten().flatten() {
        let of_process =
            entry.file_name().to_str().and_then(|name| name.strip_prefix(&prefix).map(str::to_owned));
        let ended =
            |process: &String| Path::new("/proc/self").exists() && !Path::new("/proc").join(process).exists();
        if of_process.as_ref().is_some_and(ended) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
    let folder = std::env::temp_dir().join(format!("{prefix}{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for databases");
    folder
}

/// A new folder for a server, which belongs to its role.
fn folder(role: &str) -> PathBuf {
    let folder = scratch(role);
    if is_root() {
        let owned = Command::new("chown").args(["-R", role]).arg(&folder).status();
        assert!(
            owned.is_ok_and(|status| status.success()),
            "the role `{role}` of this machine owns the server"
        );
    }
    folder
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port()
}

/// A program of a server, which does not run as root, and ends with this process if it is to.
fn command(role: &str, program: impl AsRef<OsStr>, ends: bool) -> Command {
    let mut command = Command::new("setpriv");
    if ends {
        command.args(["--pdeathsig", "QUIT"]);
    }
    if is_root() {
        command.args(["--reuid", role, "--regid", role, "--clear-groups"]);
    }
    command.arg(program).stdout(Stdio::null()).stderr(Stdio::null()).current_dir("/");
    command
}

/// Starts a server. The thread that does must live as long as the process.
fn run(mut server: Command) {
    let (told, started) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut server = server.spawn().expect("the server starts");
        let _ = told.send(());
        let _ = server.wait();
    });
    started.recv().expect("the server starts");
}

fn answers(port: u16, socket: &Path) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !socket.exists() || std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < deadline, "the server answers within a minute");
        std::thread::sleep(Duration::from_millis(50));
    }
    std::thread::sleep(Duration::from_millis(200));
}
