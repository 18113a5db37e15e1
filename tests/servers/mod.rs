//! Servers for tests: each is started on a port of its own for as long as the test's process lives.
//!
//! `ECTOMORPH_POSTGRES_URL` and `ECTOMORPH_MYSQL_URL` name ones that run already. Where there is neither, tests say so and pass; with
//! `CI=true` they fail.

#![allow(dead_code, reason = "each test uses some of it")]

use std::ffi::OsStr;
use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

/// A server, and how to reach it.
pub struct Server {
    /// `postgres://role:password@machine:port`; the name of a database is to follow.
    pub url: String,
    /// Nothing for one that was not started here.
    life: Option<Mutex<Life>>,
}

/// A server that was started here.
struct Life {
    start: Box<dyn Fn() -> Command + Send>,
    running: Running,
    port: u16,
    socket: PathBuf,
    /// The signal that ends it, whoever is connected.
    end: &'static str,
}

struct Running {
    process: u32,
    ended: Receiver<()>,
}

impl Server {
    fn started(
        url: &str,
        port: u16,
        socket: PathBuf,
        end: &'static str,
        start: Box<dyn Fn() -> Command + Send>,
    ) -> Server {
        let running = run(start());
        answers(port, &socket);
        let life = Some(Mutex::new(Life { start, running, port, socket, end }));
        Server { url: format!("{url}@127.0.0.1:{port}"), life }
    }

    fn elsewhere(variable: &str) -> Option<Server> {
        let url = std::env::var(variable).ok()?;
        Some(Server { url: url.trim_end_matches('/').to_owned(), life: None })
    }

    /// The URL of a database.
    pub fn database(&self, name: &str) -> String {
        format!("{}/{name}", self.url)
    }

    /// Ends it, as its operator would, and starts it again.
    pub fn restart(&self) {
        let mut life = self.life.as_ref().expect("a server that was started here").lock().expect("a server");
        let told = Command::new("kill").args([life.end, &life.running.process.to_string()]).status();
        assert!(told.is_ok_and(|status| status.success()), "the server is told to end");
        life.running.ended.recv_timeout(Duration::from_secs(60)).expect("the server ends");
        life.running = run((life.start)());
        answers(life.port, &life.socket);
    }
}

/// The PostgreSQL of this process; `None`, with a word about it, if there is none on this machine.
pub fn postgres() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    SERVER
        .get_or_init(|| Server::elsewhere("ECTOMORPH_POSTGRES_URL").or_else(|| own_postgres("postgres")))
        .as_ref()
}

/// The MariaDB of this process; `None`, with a word about it, if there is none on this machine.
pub fn mysql() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    SERVER.get_or_init(|| Server::elsewhere("ECTOMORPH_MYSQL_URL").or_else(|| own_mysql("mysql"))).as_ref()
}

/// Says that there is no such server here. What a test prints is hidden when it passes, and this must not be.
fn missing(name: &str, package: &str, variable: &str) {
    assert!(std::env::var_os("CI").is_none(), "{name} is missing: apt-get install {package}");
    let word = format!("\nskipped: no {name} was found; install it, or set {variable}\n");
    let _ = std::io::stdout().write_all(word.as_bytes());
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

/// A MariaDB that nobody else uses, in a folder of that name.
pub fn own_mysql(name: &str) -> Option<Server> {
    if !Path::new("/usr/sbin/mariadbd").exists() {
        missing("MariaDB", "mariadb-server", "ECTOMORPH_MYSQL_URL");
        return None;
    }
    let folder = folder(name, "mysql");
    let data = folder.join("data");
    let made = command("mysql", "/usr/bin/mariadb-install-db", false)
        .args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"])
        .arg(format!("--datadir={}", data.display()))
        .status();
    assert!(made.is_ok_and(|status| status.success()), "a server is made in {}", folder.display());
    let (port, socket) = (free_port(), folder.join("socket"));
    let of_server = socket.clone();
    let start = move || {
        let mut server = command("mysql", "/usr/sbin/mariadbd", true);
        server.arg("--no-defaults").arg(format!("--datadir={}", data.display()));
        server.arg(format!("--socket={}", of_server.display())).arg(format!("--port={port}"));
        server.args([
            "--bind-address=127.0.0.1",
            "--innodb-flush-log-at-trx-commit=0",
            "--max-connections=200",
        ]);
        server.args([
            "--character-set-server=utf8mb4",
            "--collation-server=utf8mb4_bin",
            "--skip-log-bin",
            "--innodb-flush-method=nosync",
        ]);
        server
    };
    Some(Server::started("mysql://root", port, socket, "-TERM", Box::new(start)))
}

/// A PostgreSQL that nobody else uses, in a folder of that name.
pub fn own_postgres(name: &str) -> Option<Server> {
    let Some(programs) = programs() else {
        missing("PostgreSQL", "postgresql", "ECTOMORPH_POSTGRES_URL");
        return None;
    };
    let folder = folder(name, "postgres");
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
    let socket = folder.join(format!(".s.PGSQL.{port}"));
    let start = move || {
        let mut server = command("postgres", programs.join("postgres"), true);
        server.arg("-D").arg(&data).arg("-k").arg(&folder).args(["-p", &port.to_string()]);
        let settings = [
            "fsync=off",
            "full_page_writes=off",
            "synchronous_commit=off",
            "max_connections=200",
            "timezone=UTC",
        ];
        for setting in settings {
            server.args(["-c", setting]);
        }
        server
    };
    Some(Server::started("postgres://postgres:secret", port, socket, "-INT", Box::new(start)))
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
fn folder(name: &str, role: &str) -> PathBuf {
    let folder = scratch(name);
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

/// Starts a server. The thread that does must live as long as the server.
fn run(mut server: Command) -> Running {
    let (told, started) = channel();
    let (tells, ended) = channel();
    std::thread::spawn(move || {
        let mut server = server.spawn().expect("the server starts");
        let _ = told.send(server.id());
        let _ = server.wait();
        let _ = tells.send(());
    });
    Running { process: started.recv().expect("the server starts"), ended }
}

fn answers(port: u16, socket: &Path) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !socket.exists() || std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < deadline, "the server answers within a minute");
        std::thread::sleep(Duration::from_millis(50));
    }
    std::thread::sleep(Duration::from_millis(200));
}
