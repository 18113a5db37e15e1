//! Crates with less in them, for the artifacts that are downloaded.
//!
//! Features add up over a build, and a crate's own code is as large as it is; but cargo lets a folder stand in for a
//! crate. So the folder is the crate, copied, with a few words replaced, each of which must be where it is expected:
//! when a version changes something there, the build says so.
//!
//! - `regex` as GlueSQL asks for it has automata built ahead, and searches for literals. What remains runs the same
//!   patterns, in time linear in the text as before.
//! - `regex-syntax` has a table for every property and script of Unicode. Patterns of ours may name a few, those of
//!   `src/pattern/names.rs`.
//! - `gluesql-core` creates and alters tables, which raw SQL may not (`engine/parse.rs` refuses it before), and has an
//!   executor for expressions outside of queries, which have no subqueries.
//! - `sqlparser` prints statements, for messages about statements that we refuse before, and logs.

use std::fs;
use std::path::{Path, PathBuf};

use crate::shell::{Result, cargo, failure, output, path, target};

/// A crate, in which of its files what stands for what, and of which tables only some rows stay.
struct Lean {
    name: &'static str,
    edits: &'static [Edit],
    tables: &'static [(&'static str, Rows)],
}

/// What stays of a table in a file: the rows that a constant of `src/pattern/names.rs` names, and these.
type Rows = (Option<&'static str>, &'static [&'static str]);

/// A file, what is in it, what goes there, and how often.
type Edit = (&'static str, &'static str, &'static str, usize);

const LEAN: &[Lean] = &[
    Lean { name: "regex", edits: &[("Cargo.toml", REGEX.0, REGEX.1, 1)], tables: &[] },
    Lean {
        name: "regex-syntax",
        // The tables of rows that are gone.
        edits: &[("src/lib.rs", "#![no_std]", "#![no_std]\n#![allow(dead_code)]", 1)],
        tables: &[
            // `\\w` has what joins, too.
            ("src/unicode_tables/property_bool.rs", (Some("PROPERTIES"), &["Join_Control"])),
            ("src/unicode_tables/script.rs", (Some("SCRIPTS"), &[])),
            ("src/unicode_tables/script_extension.rs", (None, &[])),
        ],
    },
    Lean {
        name: "gluesql-core",
        edits: &[
            (
                "src/executor/execute.rs",
                "    match statement {\n        //- Modification\n",
                "    match statement {\n        StatementPlan::CreateTable { .. } | StatementPlan::DropTable { .. } \
                 | StatementPlan::AlterTable { .. } | StatementPlan::CreateIndex { .. } \
                 | StatementPlan::DropIndex { .. } | StatementPlan::CreateFunction { .. } \
                 | StatementPlan::DropFunction { .. } => \
                 Err(Error::StorageMsg(\"changes of tables are left out\".to_owned())),\n",
                1,
            ),
            (
                "src/translate.rs",
                "    match sql_statement {\n",
                "    match sql_statement {\n        SqlStatement::CreateTable(_) | SqlStatement::AlterTable { .. } \
                 | SqlStatement::Drop { .. } | SqlStatement::DropFunction { .. } \
                 | SqlStatement::CreateIndex(_) | SqlStatement::CreateFunction { .. } => \
                 Err(TranslateError::UnsupportedStatement(\"changes of tables\".to_owned()).into()),\n",
                1,
            ),
            ("src/translate.rs", "sql_statement.to_string()", "\"such a statement\".to_owned()", 4),
            ("src/translate/query.rs", "format!(\"{sql_join_operator:?}\")", "\"such a join\".to_owned()", 1),
            // What has no storage needs no executor of queries.
            (
                "src/store/function.rs",
                "pub trait CustomFunction {",
                "pub trait CustomFunction {\n    const STORES: bool = true;\n",
                1,
            ),
            (
                "src/mock.rs",
                "impl CustomFunction for MockStorage {}",
                "impl CustomFunction for MockStorage {\n    const STORES: bool = false;\n}",
                1,
            ),
            (
                "src/executor/evaluate.rs",
                "            let storage = storage.ok_or(",
                "            let storage = storage.filter(|_| T::STORES).ok_or(",
                3,
            ),
            // The arms behind the first are not reached any more.
            ("src/lib.rs", "#![deny(clippy::str_to_string)]", "#![allow(unreachable_patterns)]", 1),
        ],
        tables: &[],
    },
    Lean {
        name: "sqlparser",
        edits: &[
            (
                "src/ast/query.rs",
                "SetExpr::Insert(v) => write!(f, \"{v}\")",
                "SetExpr::Insert(_) => f.write_str(\"INSERT\")",
                1,
            ),
            (
                "src/ast/query.rs",
                "SetExpr::Update(v) => write!(f, \"{v}\")",
                "SetExpr::Update(_) => f.write_str(\"UPDATE\")",
                1,
            ),
            ("src/parser/mod.rs", "use log::debug;", SILENT, 1),
            ("src/dialect/mod.rs", "use log::debug;", SILENT, 1),
            ("src/dialect/postgresql.rs", "use log::debug;", SILENT, 1),
        ],
        tables: &[],
    },
];

const REGEX: (&str, &str) = (
    "default = [\n    \"std\",\n    \"perf\",\n    \"unicode\",\n    \"regex-syntax/default\",\n]",
    r#"default = ["std", "perf-cache", "perf-backtrack", "unicode-bool", "unicode-case", "unicode-gencat", "unicode-perl", "unicode-script"]"#,
);

const SILENT: &str = "macro_rules! debug {\n    ($($words:tt)*) => {};\n}";

/// The argument of cargo that lets the smaller crates stand in.
pub fn smaller() -> Result<[String; 2]> {
    let sources = sources()?;
    let mut folders = Vec::new();
    for lean in LEAN {
        let source = find(&sources, lean.name)
            .ok_or_else(|| failure(format!("cargo metadata names no crate {}", lean.name)))?;
        let folder = target().join("xtask/lean").join(source.file_name().unwrap_or_default());
        lean.copy(source, &folder)?;
        folders.push(format!("{:?}", folder.display().to_string()));
    }
    Ok([String::from("--config"), format!("paths=[{}]", folders.join(","))])
}

impl Lean {
    /// Files that are there as they should be stay: else they would look changed, and all that needs them be compiled
    /// again.
    fn copy(&self, from: &Path, to: &Path) -> Result {
        let mut files = Vec::new();
        collect(from, from, &mut files)?;
        for file in files {
            let (source, copy) = (from.join(&file), to.join(&file));
            let bytes = fs::read(&source).map_err(|error| at(&source, error))?;
            let bytes = self.edited(&file, bytes)?;
            if fs::read(&copy).is_ok_and(|there| there == bytes) {
                continue;
            }
            let folder = copy.parent().unwrap_or(to);
            fs::create_dir_all(folder)
                .and_then(|()| fs::write(&copy, bytes))
                .map_err(|error| at(&copy, error))?;
        }
        Ok(())
    }

    fn edited(&self, file: &Path, bytes: Vec<u8>) -> Result<Vec<u8>> {
        let edits: Vec<&Edit> = self.edits.iter().filter(|edit| Path::new(edit.0) == file).collect();
        let table = self.tables.iter().find(|table| Path::new(table.0) == file);
        if edits.is_empty() && table.is_none() {
            return Ok(bytes);
        }
        let text = String::from_utf8(bytes);
        let mut text = text.map_err(|error| failure(format!("{}: {error}", file.display())))?;
        for (_, there, instead, count) in edits {
            let found = text.matches(there).count();
            if found != *count {
                return Err(failure(format!(
                    "{} in the crate {} has {there:?} {found} times, expected {count}: see xtask/src/lean.rs",
                    file.display(),
                    self.name
                )));
            }
            text = text.replace(there, instead);
        }
        if let Some((_, rows)) = table {
            text = with_rows(&text, *rows)?;
        }
        Ok(text.into_bytes())
    }
}

/// The text with only these rows of its table `BY_NAME`, a line each.
fn with_rows(text: &str, (constant, more): Rows) -> Result<String> {
    let named = constant.map(names).transpose()?.unwrap_or_default();
    let stays: Vec<&str> = named.iter().map(String::as_str).chain(more.iter().copied()).collect();
    let mut inside = false;
    let mut kept = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        inside = (inside || line.starts_with("pub const BY_NAME")) && !line.starts_with("];");
        let row = line.trim_start().strip_prefix("(\"").and_then(|rest| rest.split('"').next());
        if !inside || row.is_none_or(|name| stays.contains(&name)) {
            kept.push_str(line);
        }
    }
    // What the regex crate knows without a table.
    let computed = ["Any", "ASCII"];
    match stays.iter().find(|name| !computed.contains(name) && !kept.contains(&format!("(\"{name}\", "))) {
        Some(name) => {
            Err(failure(format!("no table of the regex-syntax crate has {name}: see xtask/src/lean.rs")))
        }
        None => Ok(kept),
    }
}

/// The words of a constant of `src/pattern/names.rs`.
fn names(constant: &str) -> Result<Vec<String>> {
    let file = path("src/pattern/names.rs");
    let text = fs::read_to_string(&file).map_err(|error| at(&file, error))?;
    let words =
        text.split_once(&format!("const {constant}: &str = \"")).and_then(|(_, rest)| rest.split_once('"'));
    let (words, _) = words.ok_or_else(|| failure(format!("{} has no {constant}", file.display())))?;
    Ok(words.split_whitespace().filter(|word| *word != "\\").map(String::from).collect())
}

/// Where cargo keeps the crates, of the versions in Cargo.lock.
fn sources() -> Result<Vec<PathBuf>> {
    let mut metadata =
        cargo(["metadata", "--format-version", "1", "--no-default-features", "--features", "glue"]);
    metadata.args(["--filter-platform", crate::rust::WASM]);
    let metadata = output(metadata)?;
    let manifests = metadata.split(r#""manifest_path":""#).skip(1);
    Ok(manifests
        .filter_map(|rest| Some(Path::new(rest.split('"').next()?).parent()?.to_path_buf()))
        .collect())
}

/// The folder `name-1.2.3`.
fn find<'a>(sources: &'a [PathBuf], name: &str) -> Option<&'a Path> {
    let is_it = |folder: &&PathBuf| {
        let folder = folder.file_name().and_then(|folder| folder.to_str()).unwrap_or_default();
        let version = folder.strip_prefix(name).and_then(|rest| rest.strip_prefix('-'));
        version.is_some_and(|version| version.starts_with(|char: char| char.is_ascii_digit()))
    };
    sources.iter().find(is_it).map(PathBuf::as_path)
}

/// The files below a folder, by their paths in it.
fn collect(root: &Path, folder: &Path, files: &mut Vec<PathBuf>) -> Result {
    for entry in fs::read_dir(folder).map_err(|error| at(folder, error))? {
        let path = entry.map_err(|error| at(folder, error))?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else {
            files.push(path.strip_prefix(root).unwrap_or(&path).to_path_buf());
        }
    }
    Ok(())
}

fn at(path: &Path, error: std::io::Error) -> crate::shell::Failure {
    failure(format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_differ_by_their_edits_alone_and_are_made_once() {
        let [option, paths] = smaller().unwrap();
        assert_eq!(option, "--config");
        let sources = sources().unwrap();
        for lean in LEAN {
            let source = find(&sources, lean.name).unwrap();
            let folder = target().join("xtask/lean").join(source.file_name().unwrap());
            assert!(paths.contains(&format!("{:?}", folder.display().to_string())), "{paths}");
            let (mut there, mut copied) = (Vec::new(), Vec::new());
            collect(source, source, &mut there).unwrap();
            collect(&folder, &folder, &mut copied).unwrap();
            there.sort();
            copied.sort();
            assert_eq!(copied, there, "{}", lean.name);
            for file in &there {
                let (copy, original) =
                    (fs::read(folder.join(file)).unwrap(), fs::read(source.join(file)).unwrap());
                let edited =
                    lean.edits.iter().map(|edit| edit.0).chain(lean.tables.iter().map(|table| table.0));
                let is_edited = edited.into_iter().any(|edited| Path::new(edited) == file);
                assert_eq!(copy != original, is_edited, "{} of {}", file.display(), lean.name);
            }
            let edited = lean.edits.first().map_or_else(|| lean.tables[0].0, |edit| edit.0);
            let edited = folder.join(edited);
            let made = fs::metadata(&edited).unwrap().modified().unwrap();
            smaller().unwrap();
            assert_eq!(fs::metadata(&edited).unwrap().modified().unwrap(), made);
        }
    }

    #[test]
    fn tables_keep_the_rows_that_patterns_may_name() {
        let text = "pub const BY_NAME: T = &[\n    (\"Greek\", GREEK),\n    (\"Adlam\", ADLAM),\n];\npub const ADLAM: R = &[\n    ('a', 'b'),\n];\n";
        let error = with_rows(text, (Some("SCRIPTS"), &[])).unwrap_err();
        assert!(error.message.contains("has Arabic"), "{}", error.message);
        let kept = with_rows(text, (None, &["Greek"])).unwrap();
        assert_eq!(kept, text.replace("    (\"Adlam\", ADLAM),\n", ""));
        assert!(names("PROPERTIES").unwrap().contains(&String::from("Emoji_Presentation")));
    }

    #[test]
    fn what_is_not_where_it_is_expected_is_named() {
        let lean = Lean { name: "some", edits: &[("src/lib.rs", "old", "new", 1)], tables: &[] };
        assert_eq!(lean.edited(Path::new("src/lib.rs"), b"an old word".to_vec()).unwrap(), b"an new word");
        let error = lean.edited(Path::new("src/lib.rs"), b"no such word".to_vec()).unwrap_err();
        assert!(
            error.message.contains("src/lib.rs in the crate some has \"old\" 0 times"),
            "{}",
            error.message
        );
    }
}
