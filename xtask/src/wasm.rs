//! `cargo xtask wasm`: the artifacts that the npm package carries, in pkg/wasm/.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::digest::Digest;
use crate::shell::{Arguments, Result, cargo, failure, node, path, root, run, say, target};
use crate::{exported, lean, npm, rust};

/// One build of the root crate for JavaScript.
struct Artifact {
    /// Its folder in pkg/wasm/.
    name: &'static str,
    profile: &'static str,
    features: &'static str,
    /// More flags of rustc.
    flags: &'static [&'static str],
    /// What wasm-opt does, which follows the profile: size in a page, speed on a server.
    optimize: &'static [&'static str],
}

const ARTIFACTS: &[Artifact] = &[
    // Without `std`, which alone is as large as the rules.
    Artifact { name: "browser", profile: "browser", features: "wasm", flags: LEAN, optimize: SMALL },
    // The hot path, small for pages and fast for servers. A page has it in two parts: see `PARTS`.
    Artifact { name: FAST, profile: "browser", features: FAST, flags: LEAN, optimize: SMALL },
    Artifact {
        name: "fast-node",
        profile: "release",
        features: FAST,
        flags: &[],
        optimize: &["-O3", "--low-memory-unused", "--zero-filled-memory"],
    },
    // What cuts a CSV into rows: a few kilobytes, where it is loaded at all.
    Artifact {
        name: BATCH,
        profile: "release",
        features: BATCH,
        flags: &[],
        optimize: &["-O3", "--low-memory-unused", "--zero-filled-memory"],
    },
    // The repo, loaded by those who open a database: without GlueSQL for pages, which get no raw SQL, with it for
    // servers. Most of what wasm-opt does beyond stripping makes none smaller when packed.
    Artifact { name: "repo", profile: "repo", features: "wasm,repo", flags: &[], optimize: TIDIED },
    Artifact { name: "full", profile: "repo", features: "wasm,glue", flags: &[], optimize: TIDIED },
    // With it for pages that ask for raw SQL: as small as it gets, where some queries take 15 to 50 % longer.
    Artifact { name: SQL, profile: "browser", features: "wasm,glue", flags: &[], optimize: TIDIED },
    // The generators of `npx ectomorph`, in Node alone. Numbers cross here too, so there is no glue.
    Artifact { name: "generate", profile: "repo", features: GENERATE, flags: &[], optimize: STRIPPED },
    Artifact { name: "node", profile: "release", features: "wasm,std,regex", flags: &[], optimize: &["-O3"] },
];

/// Loops on addresses instead of indexes are faster by nothing that counts here, and longer. The names of functions say
/// where the small engine is split; what is written has none.
const LEAN: &[&str] = &["-Cllvm-args=-disable-lsr", "-Cstrip=none"];

/// The small engine once more, as a page gets it: what every form needs, and what is added to that for decimals,
/// calendar values, UUIDs, lists, maps and relations (`xtask/wasm/src/split.rs`).
const PARTS: [&str; 2] = ["first", "further"];

/// A function that is called once stays one: inlined, it makes more locals and longer offsets of the stack's. The lowest
/// kilobyte is the end of the stack, and memory begins as zeros.
const SMALL: &[&str] = &[
    "--strip-debug",
    "--strip-producers",
    "-Oz",
    "--one-caller-inline-max-function-size=0",
    "--low-memory-unused",
    "--zero-filled-memory",
];

const STRIPPED: &[&str] = &["--strip-debug", "--strip-producers"];

/// What leaves less after packing, 0.7 % of a repo, and takes no time from anybody: twins once, locals that are often used under
/// short numbers.
const TIDIED: &[&str] = &[
    "--strip-debug",
    "--strip-producers",
    "--duplicate-function-elimination",
    "--remove-unused-brs",
    "--optimize-instructions",
    "--reorder-locals",
];

/// The profile of what is large, and is downloaded all the same.
const DOWNLOADED: &str = "repo";

/// The artifact that has the standard library built anew, too: see [`rust::SMALLER_STD`].
const SQL: &str = "sql";

/// The features whose artifacts have no glue: numbers cross, and they are called as they are.
const FAST: &str = "fast";
const GENERATE: &str = "generate";
const BATCH: &str = "batch";

/// What rustc assumes of every engine; wasm-opt must be told.
const ENABLED: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-sign-ext",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-multivalue",
    "--enable-mutable-globals",
];

const WASM_OPT: &str = "pkg/node_modules/binaryen/bin/wasm-opt";

pub fn run_verb(arguments: Arguments) -> Result {
    arguments.end()?;
    build()?;
    exported::build()
}

/// Builds the artifacts whose inputs changed.
pub fn build() -> Result {
    npm::install("pkg")?;
    rust::wasm_target()?;
    for artifact in ARTIFACTS {
        let digest = artifact.inputs()?;
        let stamp = target().join("xtask").join(format!("wasm-{}", artifact.name));
        let built = artifact.modules().iter().all(|module| module.is_file());
        if built && !digest.differs_from(&stamp) {
            say(&format!("the {} artifact is up to date", artifact.name));
            continue;
        }
        say(&format!("building the {} artifact", artifact.name));
        artifact.build()?;
        digest.keep(&stamp)?;
    }
    Ok(())
}

impl Artifact {
    fn inputs(&self) -> Result<Digest> {
        let digest = Digest::default().text(&rust::version()?).text(self.features);
        let inputs = [
            "src",
            "Cargo.toml",
            "Cargo.lock",
            "xtask/wasm",
            "xtask/src/wasm.rs",
            "xtask/src/lean.rs",
            "xtask/src/rust.rs",
        ];
        let inputs = inputs.into_iter().chain(["pkg/package-lock.json"]);
        Ok(inputs.fold(digest, Digest::path))
    }

    fn folder(&self) -> PathBuf {
        path("pkg/wasm").join(self.name)
    }

    /// What it is when it is built; the small engine first as a whole.
    fn modules(&self) -> Vec<PathBuf> {
        let parts = if self.name == FAST { PARTS.as_slice() } else { &[] };
        let folders = [self.name].into_iter().chain(parts.iter().copied());
        folders.map(|folder| path("pkg/wasm").join(folder).join("ectomorph_bg.wasm")).collect()
    }

    fn build(&self) -> Result {
        let compiled = self.compile()?;
        let folder = self.folder();
        // What a former build left would be packed too.
        let _ = fs::remove_dir_all(&folder);
        let module = folder.join("ectomorph_bg.wasm");
        let mut sizes = node("xtask/js/sizes.mjs")?;
        sizes.arg(&module);
        if matches!(self.features, FAST | GENERATE | BATCH) {
            fs::create_dir_all(&folder)
                .and_then(|()| fs::copy(&compiled, &module))
                .map_err(|error| failure(format!("{}: {error}", module.display())))?;
        } else {
            announced("running wasm-bindgen", after_compiler("bind", &[&compiled, &folder]))?;
            sizes.arg(folder.join("ectomorph.js"));
        }
        self.finish(&module)?;
        if let [_, first, further] = self.modules().as_slice() {
            for part in [first, further] {
                let folder = part.parent().unwrap_or(part);
                fs::create_dir_all(folder)
                    .map_err(|error| failure(format!("{}: {error}", folder.display())))?;
            }
            announced("splitting", after_compiler("split", &[&compiled, first, further]))?;
            for part in [first, further] {
                self.finish(part)?;
                sizes.arg(part);
            }
        }
        run(sizes)
    }

    fn finish(&self, module: &Path) -> Result {
        self.optimize(module)?;
        announced("ordering functions for gzip", after_compiler("order", &[module]))
    }

    fn compile(&self) -> Result<PathBuf> {
        // As a cdylib alone: next to an rlib, cargo leaves link-time optimization out.
        let mut build = cargo(["rustc", "--package", "ectomorph", "--lib", "--crate-type", "cdylib"]);
        build.args(["--target", rust::WASM, "--profile", self.profile]);
        build.args(["--no-default-features", "--features", self.features]);
        if self.profile == DOWNLOADED || self.name == SQL {
            build.args(lean::smaller()?);
        }
        let mut flags = self.rustc_flags();
        if self.name == SQL && rust::can_build_std()? {
            build.args(rust::SMALLER_STD).env("RUSTC_BOOTSTRAP", "1");
            flags.extend(rust::NO_PANICS.iter().map(|flag| String::from(*flag)));
        }
        build.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"));
        announced(&format!("compiling for {} with {}", rust::WASM, self.features), build)?;
        Ok(target().join(rust::WASM).join(self.profile).join("ectomorph.wasm"))
    }

    fn rustc_flags(&self) -> Vec<String> {
        let mut flags = nameless_paths();
        flags.extend(self.flags.iter().map(|flag| String::from(*flag)));
        flags
    }

    fn optimize(&self, module: &Path) -> Result {
        let smaller = module.with_extension("opt");
        let mut optimize = node(WASM_OPT)?;
        optimize.args(ENABLED).args(self.optimize).arg(module).arg("-o").arg(&smaller);
        announced(&format!("running wasm-opt {}", self.optimize.join(" ")), optimize)?;
        fs::rename(&smaller, module).map_err(|error| failure(format!("{}: {error}", module.display())))
    }
}

/// A verb of `xtask-wasm` with its paths.
pub fn after_compiler(verb: &str, paths: &[&Path]) -> Command {
    let mut command = cargo(["run", "--quiet", "--package", "xtask-wasm", "--", verb]);
    command.args(paths);
    command
}

fn announced(what: &str, command: Command) -> Result {
    println!("    {what}");
    run(command)
}

/// Panic messages name source files: without the folders of the machine that built them.
fn nameless_paths() -> Vec<String> {
    let mut flags = vec![format!("--remap-path-prefix={}=ectomorph", root().display())];
    let home = std::env::var("CARGO_HOME").map(PathBuf::from).ok();
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    flags.extend(home.map(|home| format!("--remap-path-prefix={}=cargo", home.display())));
    flags
}
