//! `ectomorph.toml` and the environment.

use crate::project::Project;

fn refused(settings: &str) -> String {
    Project::with(settings).fails(&["create"])
}

#[test]
fn what_is_wrong_in_the_file_is_named_by_line_and_key() {
    let cases = [
        (
            "[repo.hello]\nadapter = \"sqlite\"\ndatabse = \"a.db\"\n",
            "ectomorph.toml, line 3, `databse`: unknown field `databse`",
        ),
        (
            "[repo.hello]\nadapter = \"oracle\"\n",
            "ectomorph.toml, line 2, `adapter`: unknown variant `oracle`",
        ),
        (
            "[repo.hello]\npool_size = \"ten\"\n",
            "ectomorph.toml, line 2, `pool_size`: invalid type: string \"ten\"",
        ),
        ("[repo.hello\n", "ectomorph.toml, line 1, `[repo.hello`: "),
        ("[repos.hello]\n", "ectomorph.toml, line 1, `[repos.hello]`: unknown field `repos`"),
        (
            "[repo.hello]\nadapter = \"sqlite\"\n",
            "[repo.hello] in ectomorph.toml does not say which `database`",
        ),
        ("[repo.hello]\ndatabase = \"hello\"\n", "[repo.hello] in ectomorph.toml needs its `adapter`"),
        (
            "[repo.hello]\nurl = \"oracle://x\"\n",
            "[repo.hello] in ectomorph.toml: the URL begins with none of",
        ),
        ("[repo.hello]\nurl = \"postgres://x:y@z:port/d\"\n", "the URL can't be read: invalid port number"),
        (
            "[repo.hello]\nurl = \"postgres://x/d?pool_size=many\"\n",
            "`pool_size` in the URL is a number, not `many`",
        ),
    ];
    for (settings, expected) in cases {
        let said = refused(settings);
        assert!(said.contains(expected), "{settings:?}: {said}");
    }
}

#[test]
fn a_password_in_a_broken_file_is_not_shown() {
    for settings in [
        "[repo.hello]\npassword = sesame\n",
        "[repo.hello]\npassword = \"sesame\n",
        "[repo.hello]\npassword = 5354\n",
        "[repo.hello]\npassword = [\"sesame\"]\n",
        "[repo.hello]\nurl = postgres://x:sesame@z/d\n",
        "[repo.hello]\nurl = \"pstgres://x:sesame@z/d\"\n",
        "[repo.hello]\nurl = \"sesame\"\n",
        "[repo.hello]\nusername = \"a\" password = \"sesame\"\n",
    ] {
        let said = refused(settings);
        assert!(!said.contains("sesame") && !said.contains("5354"), "{settings:?}: {said}");
        assert!(said.contains("ectomorph.toml"), "{settings:?}: {said}");
    }
}

#[test]
fn the_environment_wins_over_the_file() {
    let project = Project::sqlite().variable("DATABASE_URL", "sqlite://other.db");
    project.says(&["create"]);
    assert!(project.folder.join("other.db").exists() && !project.folder.join("hello.db").exists());
    let project = Project::sqlite()
        .variable("DATABASE_URL", "sqlite:///no")
        .variable("HELLO_DATABASE_URL", "sqlite:own.db");
    project.says(&["create"]);
    assert!(project.folder.join("own.db").exists());
    let project = Project::empty().variable("DATABASE_URL", "sqlite://only%20one.db");
    assert_eq!(project.says(&["create"]), "The database for repo has been created\n");
    assert!(project.folder.join("only one.db").exists());
    assert!(
        Project::empty().fails(&["create"]).contains("there is no ectomorph.toml here, and no DATABASE_URL")
    );
}

#[test]
fn several_repos_have_their_databases_and_folders() {
    let settings = "[repo.blog]\nadapter = \"sqlite\"\ndatabase = \"blog.db\"\n[repo.stats]\nadapter = \"sqlite\"\n\
                    database = \"stats.db\"\nmigration_source = \"ran\"\n";
    let project = Project::with(settings);
    assert_eq!(
        project.says(&["create"]),
        "The database for blog has been created\nThe database for stats has been created\n"
    );
    assert_eq!(
        project.says(&["gen", "migration", "count", "-r", "stats"]).lines().next(),
        Some("* creating priv/stats/migrations")
    );
    assert!(
        project.fails(&["gen", "migration", "count"]).contains("there are several repos: choose one with -r")
    );
    assert!(project.says(&["migrate", "--repo", "stats"]).contains(" count.change forward\n"));
    assert_eq!(project.says(&["migrate", "-r", "stats"]), "[info] Migrations already up\n");
    assert!(project.says(&["dump", "-r", "stats"]).contains("priv/stats/structure.sql"));
    assert!(project.read("priv/stats/structure.sql").contains("CREATE TABLE \"ran\""));
    let said = project.fails(&["migrate", "-r", "blog"]);
    assert!(
        said.contains("could not find migrations directory \"priv/blog/migrations\" for repo blog"),
        "{said}"
    );
    assert!(
        project.fails(&["create", "-r", "blgo"]).contains("there is no repo \"blgo\"; there is blog, stats")
    );
    let both = Project::with(settings).variable("DATABASE_URL", "sqlite://x.db");
    let said = both.fails(&["drop", "--force"]);
    assert!(
        said.contains("DATABASE_URL is set, and does not say which repo it is of: set BLOG_DATABASE_URL"),
        "{said}"
    );
}

#[test]
fn dropping_asks_and_without_anybody_there_refuses() {
    let project = Project::sqlite();
    project.says(&["create"]);
    let said = project.fails(&["drop"]);
    assert_eq!(
        said,
        "error: Are you sure you want to drop the database for hello? Nobody is here to answer: say so with --force\n"
    );
    assert!(project.folder.join("hello.db").exists());
    assert_eq!(project.says(&["drop", "--force", "--quiet"]), "");
    assert!(!project.folder.join("hello.db").exists());
}
