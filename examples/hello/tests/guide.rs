//! What `cargo run -p hello` prints is what the guide prints (`guide.txt`), but for the differences that [`MAPPING`] names. And the
//! files that the guide has generated are those that the generators write.

#[path = "../../../tests/servers/mod.rs"]
mod servers;

use ectomorph::adapter::System;
use ectomorph::adapters::connect;
use ectomorph::adapters::postgres::Postgres;
use ectomorph::adapters::server::Config;
use ectomorph::generate::{self, Language, SchemaRequest};
use ectomorph::migration;
use ectomorph::migration::{Defaults, Migrator, Target};
use ectomorph::repo::{Repo, RepoError};
use hello::beyond;
use hello::user::User;
use regex::{Captures, Regex};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

/// The guide's text, and what it is in ours: a pattern, what stands in its place, and why.
const MAPPING: [(&str, &str, &str); 16] = [
    (r"(\d\d:\d\d:\d\d|\d+\.\d+m?s)", "TIME", "times differ from run to run"),
    (r"\d{4}-\d\d-\d\d[ T]", "DAY ", "so do days; ISO 8601 has a T before the time"),
    (r" (queue|idle)=TIME", "", "the pool does not tell how long a query waited for it"),
    (
        r#" source="users""#,
        "",
        "the guide's Ecto named no table with an insert; later ones, as we do, name it",
    ),
    (r"(== Migrated) \d{14}", "$1", "later Ectos, as we do, say the version of a migration"),
    (r"(== Running) \d{14}", "$1", "later Ectos, as we do, say the version of a migration"),
    (
        r"Hello\.Repo\.Migrations\.CreateUsers\.change/0",
        "create_users.change",
        "a migration has a name, no module",
    ),
    (
        r"Hello\.Repo\.Migrations\.CreatePost\.change/0",
        "create_post.change",
        "a migration has a name, no module",
    ),
    (
        r"Hello\.Repo\.Migrations\.AddCommentsTable\.change/0",
        "add_comments_table.change",
        "a migration has a name, no module",
    ),
    (r"#Hello\.User<>", "#User<>", "a schema has the name of its struct"),
    (
        r#"__meta__: #Ecto.Schema.Metadata<:loaded, "users">, "#,
        "",
        "a struct of Rust has its fields and no more",
    ),
    (r"\{:ok, (.*)\}$", "Ok($1)", "a result of Rust"),
    (r"%\{(\d) => ([^}]*)\}", "{$1: $2}", "a map of Rust"),
    (r"^version *\| *inserted_at -*\+-* | ?\(2 rows\)", "", "the rows alone"),
    (r"^20250317170448 ", "20170523151118 ", "the guide's table was made with other files than it shows"),
    (r"\s*\|\s*", " | ", "the width of columns"),
];

/// Both texts in one form.
fn mapped(text: &str) -> String {
    // How lines are laid out: Rust indents by four, and ends the last item of a list with a comma.
    let mut text = replaced(text, r"\s+", " ").trim().to_owned();
    text = replaced(&text, r",? ?([\]})>])", "$1");
    text = replaced(&text, r"([\[{(<]) ", "$1");
    for (pattern, with, _) in MAPPING {
        text = replaced(&text, pattern, with);
    }
    // Fields and columns in the order of their names: Ecto's generator and maps of Elixir sort them, ours keep theirs.
    text = sorted(&text, r"SELECT (.*) FROM", |columns| format!("SELECT {columns} FROM"));
    text = sorted(&text, r"^%\{(.*)\}$", |entries| format!("%{{{entries}}}"));
    // Structs: `None` is nil, `Some(..)` a value.
    let option = |text: &str| replaced(&text.replace("None", "nil"), r"Some\(([^()]*)\)", "$1");
    text = sorted(&option(&text), r"%Hello\.User\{([^}]*)\}", |fields| format!("User {{{fields}}}"));
    sorted(&text, r"User \{([^}]*)\}", |fields| format!("User {{{fields}}}"))
}

fn replaced(text: &str, pattern: &str, with: &str) -> String {
    Regex::new(pattern).unwrap().replace_all(text, with).into_owned()
}

/// Sorts the items that the pattern finds.
fn sorted(text: &str, pattern: &str, print: impl Fn(String) -> String) -> String {
    let sort = |found: &Captures<'_>| {
        let mut items: Vec<&str> = found[1].split(", ").collect();
        items.sort_unstable();
        print(items.join(", "))
    };
    Regex::new(pattern).unwrap().replace_all(text, sort).into_owned()
}

/// Titles and what stands under them.
fn chapters(text: &str) -> Vec<(&str, &str)> {
    let parts = text.split("\n# ").skip(1);
    parts.map(|part| part.split_once('\n').unwrap_or((part, ""))).collect()
}

/// What the program prints on a database.
fn session(url: &str) -> String {
    let run = || Command::new(env!("CARGO_BIN_EXE_hello")).env("DATABASE_URL", url).output().unwrap();
    // Twice, since it can be run again.
    let outputs = [run(), run()].map(|output| {
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    });
    let titles = |text: &str| chapters(text).iter().map(|(title, _)| (*title).to_owned()).collect::<Vec<_>>();
    assert_eq!(titles(&outputs[0]), titles(&outputs[1]));
    let [_, again] = outputs;
    // How long connections were waited for and had nothing to do is another each time, and left out where it is nothing.
    replaced(&again, r" (?:queue|idle)=\d+\.\dms", "")
}

/// Compares each output with the guide's. `more` is what differs on this database.
fn compare(session: &str, more: impl Fn(&str, &str) -> String) {
    let ours = chapters(session);
    let guide = chapters(include_str!("guide.txt"));
    for (title, expected) in &guide {
        let Some((_, printed)) = ours.iter().find(|(ours, _)| ours == title) else {
            panic!("nothing is printed under `{title}`");
        };
        let mut printed = mapped(printed);
        // What is looked up by a field is an `Option`, and an error says whose it is.
        if *title == "a bio that is too short" || *title == "an email that is none" {
            printed = replaced(&printed, r"^(?:Some\()?(?:bio|email): (.*\})\)?$", "$1");
        }
        // `Repo.all` gives a list; the program prints a struct a line.
        if *title == "all users" {
            printed = replaced(&printed, r"\[\] (User .*)$", "[] [$1]").replace("} User", "}, User");
        }
        assert_eq!(printed, more(title, &mapped(expected)), "{title}");
    }
    let untold: Vec<&str> = ours
        .iter()
        .map(|(title, _)| *title)
        .filter(|title| !guide.iter().any(|(told, _)| told == title))
        .collect();
    // Of these the guide shows the command alone.
    assert_eq!(untold, ["roll two back", "migrate up to posts"]);
}

/// The site shows `session.txt`, which is this session at a time of its own. `UPDATE=1 cargo test -p hello` writes it anew.
fn as_in_the_site(session: &str) {
    let fixed = replaced(session, r"\d{4}-\d\d-\d\d([ T])\d\d:\d\d:\d\d", "2021-02-25${1}01:58:55");
    let fixed = replaced(&replaced(&fixed, r"db=\d+\.\dms", "db=0.2ms"), r" in \d+\.\ds", " in 0.0s");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/session.txt");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &fixed).unwrap();
    }
    assert_eq!(fixed, std::fs::read_to_string(&path).unwrap_or_default());
}

#[test]
fn on_sqlite_the_program_prints_what_the_guide_prints() {
    let file = servers::scratch("hello").join("hello_dev.db");
    let session = session(&format!("sqlite://{}", file.display()));
    as_in_the_site(&session);
    compare(&session, |title, guide| match title {
        // SQLite has no sequences, and its own types.
        "the tables" => "schema_migrations | table users | table".into(),
        "the columns of users" => "id | INTEGER | not null name | TEXT email | TEXT bio | TEXT \
            number_of_pets | INTEGER inserted_at | TEXT | not null updated_at | TEXT | not null"
            .into(),
        // Nor has it numbered placeholders in what Ecto's adapter writes, or `ILIKE`.
        _ => replaced(&guide.replace(" ILIKE ", " LIKE "), r"\$\d", "?"),
    });
}

#[tokio::test]
async fn on_postgres_the_program_prints_what_the_guide_prints() {
    let Some(server) = servers::postgres() else { return };
    let root = Postgres::connect(server.database("postgres")).await.unwrap();
    root.execute("CREATE DATABASE hello_dev").await.unwrap();
    root.close().await;
    compare(&session(&server.database("hello_dev")), |title, guide| match title {
        // Of what `psql` prints, the names and kinds.
        "the tables" => {
            let rows = replaced(guide, r"public \| ([^|]*) \| (table|sequence) \| postgres", "[$1 | $2]");
            let rows = Regex::new(r"\[([^\]]*)\]")
                .unwrap()
                .captures_iter(&rows)
                .map(|row| row[1].to_owned())
                .collect::<Vec<_>>();
            rows.join(" ")
        }
        // Of the columns, all but the default of the key. Later Ectos, as we do, say that timestamps have whole seconds.
        "the columns of users" => {
            let rows = replaced(guide, r"^.*?\+-* (id .*) Indexes.*$", "$1");
            let rows = replaced(&rows, r" default nextval\('users_id_seq'::regclass\)", "")
                .replace("timestamp ", "timestamp(0) ");
            replaced(&rows, r" \| (name|email|bio|number_of_pets|inserted_at) ", " $1 ")
        }
        _ => guide.to_owned(),
    });
}

/// What a task prints, in a folder of its own.
fn task(folder: &Path, arguments: &str) -> String {
    let mut program = Command::new(env!("CARGO_BIN_EXE_tasks"));
    program.args(arguments.split(' ')).current_dir(folder).env_remove("DATABASE_URL");
    let output = program.output().unwrap();
    assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_tasks_print_what_those_of_mix_print() {
    let folder = servers::scratch("hello").join("tasks");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("ectomorph.toml"), include_str!("../ectomorph.toml")).unwrap();
    // The generators write Rust where there is one.
    std::fs::write(folder.join("Cargo.toml"), "").unwrap();
    let task = |arguments: &str| task(&folder, arguments);
    let guide = |title: &str| {
        let found = chapters(include_str!("guide.txt")).into_iter().find(|(found, _)| *found == title);
        mapped(found.unwrap().1)
    };

    // A repo has a name, no module; later Ectos, as we do, end without a full stop.
    assert_eq!(task("create"), "The database for hello has been created\n");
    assert_eq!(mapped(&task("migrate --step 1")), guide("migrate users"));
    assert_eq!(mapped(&task("migrate -n 2")), guide("migrate two"));
    assert_eq!(mapped(&task("rollback")), guide("roll back"));
    assert_eq!(mapped(&task("migrate")), guide("migrate comments"));
    task("rollback --step 2");
    let posts = task("migrate --to 20250317170448");
    assert!(posts.contains("create table posts") && !posts.contains("comments"), "{posts}");

    let generated = task("gen schema User users name:string email:string bio:string number_of_pets:integer");
    let version = replaced(&generated, r"(?s)^.*/(\d{14})_create_users\.rs.*$", "$1");
    let expected = format!(
        "* creating src\n* creating src/user.rs\n* creating priv/repo/migrations\n\
         * creating priv/repo/migrations/{version}_create_users.rs\n\n\
         Remember to update your repository by running migrations:\n\n   $ ectomorph migrate\n\n"
    );
    assert_eq!(generated, expected);
    let read = |path: &str| std::fs::read_to_string(folder.join(path)).unwrap();
    assert_eq!(read("src/user.rs"), include_str!("../generated/user.rs"));
    assert_eq!(
        read(&format!("priv/repo/migrations/{version}_create_users.rs")).replace(&version, "20170523151118"),
        include_str!("../priv/repo/migrations/20170523151118_create_users.rs")
    );
    let comments = task("gen migration add_comments_table");
    let version = replaced(&comments, r"(?s)^.*/(\d{14})_add_comments_table\.rs.*$", "$1");
    assert_eq!(
        read(&format!("priv/repo/migrations/{version}_add_comments_table.rs"))
            .replace(&version, "20250318001628"),
        include_str!("../generated/20250318001628_add_comments_table.rs")
    );
    assert_eq!(task("drop --force"), "The database for hello has been dropped\n");
}

#[tokio::test]
async fn beyond_one_machine_transactions_begin_again_and_tenants_keep_apart() {
    let Some(server) = servers::postgres() else { return };
    let root = Postgres::connect(server.database("postgres")).await.unwrap();
    root.execute("CREATE DATABASE hello_beyond").await.unwrap();
    root.close().await;
    let url = server.database("hello_beyond");
    let database = connect(Config::url(&url).unwrap()).await.unwrap();
    for tenant in ["tenant_a", "tenant_b"] {
        let create = migration!(20240101000000, create_tenant, move |m| {
            m.execute(format!("CREATE SCHEMA {tenant}"));
        });
        Migrator::new(database.clone(), Arc::new(System), [create])
            .source(tenant)
            .migrate(Target::All)
            .await
            .unwrap();
        let defaults = Defaults { prefix: Some(tenant.into()), ..Defaults::default() };
        let migrator = Migrator::new(database.clone(), Arc::new(System), hello::migrations::all().unwrap());
        migrator.defaults(defaults).migrate(Target::All).await.unwrap();
    }
    let repo = Repo::new(database);
    let [a, b] = ["tenant_a", "tenant_b"].map(|tenant| beyond::of_tenant(&repo, tenant));
    let user = |email: &str| User { email: Some(email.into()), ..User::default() };
    let ada = a.insert(user("ada@example.com")).await.unwrap().id.unwrap();
    b.insert(user("bob@example.com")).await.unwrap();

    // Sixteen read the number at once; each of those that were too late begins again.
    let writers = (0..16).map(|_| {
        let repo = a.clone();
        tokio::spawn(async move {
            while let Err(error) = beyond::one_more_pet(&repo, ada).await {
                assert!(matches!(&error, RepoError::Adapter(error) if error.is_conflict()), "{error}");
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    assert_eq!(a.get_required::<User>(ada).await.unwrap().number_of_pets, Some(16));

    assert_eq!(beyond::emails(a, &[&url]).await.unwrap(), ["ada@example.com"]);
    assert_eq!(beyond::emails(b, &[&url, &url]).await.unwrap(), ["bob@example.com"]);
}

#[test]
fn the_generated_files_are_what_the_generators_write() {
    let attributes = ["name:string", "email:string", "bio:string", "number_of_pets:integer"];
    let mut request = SchemaRequest::new("User", "users", &attributes).unwrap();
    request.migrations = "priv/repo/migrations".into();
    let [schema, create] =
        request.files(Language::Rust, Language::Rust, 20170523151118).unwrap().try_into().unwrap();
    assert_eq!(schema.text, include_str!("../generated/user.rs"));
    assert_eq!(create.path, "priv/repo/migrations/20170523151118_create_users.rs");
    assert_eq!(create.text, include_str!("../priv/repo/migrations/20170523151118_create_users.rs"));
    let comments =
        generate::migration("priv/repo/migrations", "add_comments_table", 20250318001628, Language::Rust)
            .unwrap();
    assert_eq!(comments.path, "priv/repo/migrations/20250318001628_add_comments_table.rs");
    assert_eq!(comments.text, include_str!("../generated/20250318001628_add_comments_table.rs"));
}

#[test]
fn the_schema_differs_from_the_generated_one_by_the_rules_of_the_guide() {
    let lines = |text: &'static str| -> Vec<&'static str> { text.lines().map(str::trim).collect() };
    let (generated, edited) =
        (lines(include_str!("../generated/user.rs")), lines(include_str!("../src/user.rs")));
    let removed: Vec<&str> = generated.iter().filter(|line| !edited.contains(line)).copied().collect();
    assert_eq!(removed, [".validate_required([User::name, User::email, User::bio, User::number_of_pets])"]);
    let steps: Vec<&str> =
        edited.iter().filter(|line| line.starts_with('.') && !generated.contains(line)).copied().collect();
    let expected = [
        ".validate_required([User::name, User::email, User::bio])",
        ".validate_length(User::bio, Length::new().min(2))",
        ".validate_length(User::bio, Length::new().max(140))",
        ".validate_format(User::email, \"@\")",
    ];
    assert_eq!(steps, expected);
}
