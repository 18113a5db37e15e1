//! What migrations and their documents are refused for.

use ectomorph::migration;
use ectomorph::migration::document::MAX_COMMANDS;
use ectomorph::migration::{
    Defaults, Migration, Recorder, column, constraint, index, references, unique_index,
};

fn mistake(change: impl Fn(&mut Recorder<'_>) + Send + Sync + 'static) -> String {
    let migration = Migration::new(7, "wrong").change(change);
    migration.run(true, &Defaults::default()).unwrap_err().to_string()
}

#[test]
fn a_migration_that_is_written_wrong_names_the_command_and_the_part() {
    assert_eq!(
        mistake(|m| {
            m.create("posts", |t| t.add("price", column("decimal").scale(2)));
        }),
        "migration 7_wrong: create table posts: column price has a scale, but no precision"
    );
    assert_eq!(
        mistake(|m| {
            m.alter("posts", |t| t.modify("at", "datetime"));
        }),
        "migration 7_wrong: alter table posts: column at can't be of type datetime; use utc_datetime or naive_datetime"
    );
    assert_eq!(
        mistake(|m| {
            m.create_index(index("posts", ["title"]).nulls_distinct(false));
        }),
        "migration 7_wrong: create index posts_title_index: nulls_distinct of index posts_title_index can only be used \
         with unique indexes"
    );
    assert_eq!(
        mistake(|m| {
            m.create_constraint(constraint("posts", "nothing"));
        }),
        "migration 7_wrong: create check constraint nothing on table posts: a constraint must have either a check or an \
         exclude option"
    );
    assert_eq!(
        mistake(|m| {
            m.execute_file("no/such/file.sql");
        })
        .split(": ")
        .take(3)
        .collect::<Vec<_>>(),
        ["migration 7_wrong", "execute_file", "can't read no/such/file.sql"]
    );
}

#[test]
fn what_cant_be_reversed_is_named_all_of_it() {
    let migration = migration!(8, mixed, |m| {
        m.create("a", |t| t);
        m.alter("users", |t| t.remove("age"));
        m.drop("old");
        m.execute("SELECT 1");
    });
    assert_eq!(
        migration.run(false, &Defaults::default()).unwrap_err().to_string(),
        "migration 8_mixed: cannot reverse migration command: execute \"SELECT 1\", drop table old, alter table users; \
         define up and down instead of change"
    );
    assert!(migration.run(true, &Defaults::default()).is_ok());
    let nothing = Migration::new(9, "nothing").up(|_| {});
    assert_eq!(
        nothing.run(false, &Defaults::default()).unwrap_err().to_string(),
        "migration 9_nothing does not define `down` or `change`"
    );
}

#[test]
fn a_document_is_refused_with_the_place_and_a_hint() {
    let refused = |json: &str| Migration::from_json(json).unwrap_err().text();
    let change = |commands: &str| {
        refused(&format!(r#"{{"version": 1, "migration": 1, "name": "x", "change": {commands}}}"#))
    };
    assert_eq!(refused("[]"), "a migration document must be an object, got a list");
    assert_eq!(refused("{}"), r#"a migration document needs its version: {"version": 1, ..}"#);
    assert_eq!(
        refused(r#"{"version": 2}"#),
        "version 2 is newer than this ectomorph understands (1); update it"
    );
    assert_eq!(refused(r#"{"version": 1, "migration": 5}"#), "a migration document needs its name");
    assert_eq!(
        refused(r#"{"version": 1, "migration": 5, "name": "x", "chnge": []}"#),
        "unknown key of a migration document `chnge`; did you mean `change`?"
    );
    assert_eq!(
        refused(r#"{"version": 1, "migration": 5, "name": "x", "change": [], "up": []}"#),
        "a migration has either change, or up and down"
    );
    assert_eq!(change("7"), "change: commands must be a list, got an integer");
    assert_eq!(
        change(r#"[{"command": "creat"}]"#),
        "change: command 1: unknown command `creat`; did you mean `create`?"
    );
    assert_eq!(change(r#"[{"command": "drop"}]"#), "change: command 1: a command needs its table");
    assert_eq!(
        change(r#"[{"command": "flush"}, {"command": "drop", "table": {"name": "a", "colour": 1}}]"#),
        "change: command 2: unknown key of a table `colour`"
    );
    assert_eq!(
        change(
            r#"[{"command": "create", "table": {"name": "a"}, "columns": [{"name": "b", "type": "string", "opts": {"nul": 1}}]}]"#
        ),
        "change: command 1: column 1: unknown key of a column's opts `nul`; did you mean `null`?"
    );
    assert_eq!(
        change(
            r#"[{"command": "create", "table": {"name": "a"}, "columns": [{"name": "b", "type": "decimal", "opts": {"scale": 1}}]}]"#
        ),
        "change: command 1: column b has a scale, but no precision"
    );
    assert_eq!(
        change(&format!("[{}]", vec![r#"{"command": "flush"}"#; MAX_COMMANDS + 1].join(","))),
        "change: too many commands (1000)"
    );
    let deep = r#"{"array": "#.repeat(20) + "\"string\"" + &"}".repeat(20);
    assert_eq!(
        change(&format!(
            r#"[{{"command": "alter", "table": {{"name": "a"}}, "columns": [{{"name": "b", "type": {deep}}}]}}]"#
        )),
        "change: command 1: column 1: a type is nested too deep (16 levels)"
    );
}

#[test]
fn a_migration_with_every_option_is_the_same_after_its_document() {
    use ectomorph::migration::{
        Direction, Match, OnDelete, OnUpdate, Timestamps, array, constraint, fragment, map, table,
    };
    let migration = migration!(20240101000000, everything, |m| {
        let posts = table("posts")
            .prefix("blog")
            .comment("c")
            .engine("innodb")
            .options("WITH (x)")
            .modifiers("UNLOGGED");
        m.create_if_not_exists(posts.primary_key("key", "uuid"), |t| {
            t.add("title", column("string").size(40).null(false).default("it's").comment("t").collation("C"))
                .add(
                    "price",
                    column("decimal").precision(10).scale(2).check("positive", "price > 0").after("title"),
                )
                .add("tags", column(array("string")).default(["a", "b"]))
                .add("by_name", map("integer"))
                .add("sum", column("integer").generated("ALWAYS AS (1) STORED"))
                .add("nothing", column("string").default(ectomorph::value::Value::Null))
                .add(
                    "author_id",
                    references("users")
                        .name("author")
                        .column("key")
                        .prefix("people")
                        .column_type("uuid")
                        .on_delete(OnDelete::Nilify(vec!["author_id".into()]))
                        .on_update(OnUpdate::UpdateAll)
                        .not_validated()
                        .with("tenant", "tenant")
                        .match_with(Match::Full)
                        .null(false),
                )
                .timestamps_with(Timestamps::new().default(fragment("now()")).without_updated_at())
        });
        m.alter("posts", |t| {
            t.add_if_not_exists("a", "integer")
                .modify("b", column("text").from(column("string").null(true)))
                .remove_typed("c", references("users"))
                .remove("d")
                .remove_if_exists("e")
                .remove_if_exists_typed("f", references("users"))
        });
        m.rename("a", "b").rename_column("b", "c", "d");
        m.create_index(
            unique_index("posts", [Direction::DescNullsLast.of("title"), "lower(name)".into()])
                .named("best")
                .prefix("blog")
                .concurrently()
                .using("btree")
                .include(["price"])
                .only()
                .nulls_distinct(false)
                .where_("price > 0")
                .comment("why")
                .options("fillfactor=70"),
        );
        m.create_index_if_not_exists(index("posts", [fragment("offset")]));
        m.drop_index(index("posts", ["a"]))
            .drop_index_if_exists(index("posts", ["b"]))
            .rename_index(index("posts", ["c"]), "d");
        m.create_constraint(
            constraint("posts", "c").check("a > 0").comment("x").prefix("blog").not_validated(),
        );
        m.create_constraint(constraint("posts", "e").exclude("gist (a WITH =)"));
        m.drop_constraint(constraint("posts", "c")).drop_constraint_if_exists(constraint("posts", "e"));
        m.drop("a").drop_if_exists("b").drop_cascade("c");
        m.flush().execute("SELECT 1").execute_both("SELECT 2", "SELECT 3");
    })
    .disable_ddl_transaction()
    .disable_migration_lock();
    let defaults = Defaults::default();
    let json = migration.to_json(&defaults).unwrap();
    let read = Migration::from_json(&json).unwrap();
    assert_eq!(read.run(true, &defaults), migration.run(true, &defaults));
    assert_eq!(read.to_json(&defaults).unwrap(), json);
}
