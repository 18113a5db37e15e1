//! A project in a folder of its own, and the program run in it.

use crate::servers;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

/// A folder with `ectomorph.toml`.
pub struct Project {
    pub folder: PathBuf,
    environment: Vec<(String, String)>,
}

/// What a run came to.
#[derive(Debug, PartialEq)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// A name that no other test of this process has.
pub fn unique(name: &str) -> String {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    format!("{name}_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

impl Project {
    /// An empty folder.
    pub fn empty() -> Project {
        let folder = servers::scratch("cli").join(unique("project"));
        std::fs::create_dir_all(&folder).unwrap();
        Project { folder, environment: Vec::new() }
    }

    /// With these settings.
    pub fn with(settings: &str) -> Project {
        let project = Project::empty();
        project.write("ectomorph.toml", settings);
        project
    }

    /// With one repo, whose database is a file.
    pub fn sqlite() -> Project {
        Project::with("[repo.hello]\nadapter = \"sqlite\"\ndatabase = \"hello.db\"\n")
    }

    pub fn variable(mut self, name: &str, value: &str) -> Project {
        self.environment.push((name.into(), value.into()));
        self
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.folder.join(path)).unwrap()
    }

    pub fn remove(&self, path: &str) {
        std::fs::remove_file(self.folder.join(path)).unwrap();
    }

    /// A migration document in the folder of migrations; `rest` are its operations.
    pub fn migration(&self, version: i64, name: &str, rest: &str) {
        let text = format!("{{\"version\": 1, \"migration\": {version}, \"name\": \"{name}\", {rest}}}");
        self.write(&format!("priv/repo/migrations/{version}_{name}.json"), &text);
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ectomorph"));
        for variable in ["DATABASE_URL", "PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGDATABASE"] {
            command.env_remove(variable);
        }
        command.args(arguments).current_dir(&self.folder).stdin(Stdio::null());
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub fn start(&self, arguments: &[&str]) -> Child {
        self.command(arguments).spawn().unwrap()
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        ran(self.start(arguments))
    }

    /// What a run that must go well says.
    pub fn says(&self, arguments: &[&str]) -> String {
        let ran = self.run(arguments);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{arguments:?}: {ran:?}");
        ran.out
    }

    /// What a run that must fail says, which is on the standard error.
    pub fn fails(&self, arguments: &[&str]) -> String {
        let ran = self.run(arguments);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{arguments:?}: {ran:?}");
        ran.err
    }
}

pub fn ran(child: Child) -> Ran {
    let output = child.wait_with_output().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Runs a future of an adapter.
pub fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}
