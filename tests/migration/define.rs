//! Commands as definitions of the store.

use ectomorph::adapter::AdapterError;
use ectomorph::adapters::define::{condition, define};
use ectomorph::expr::{Expr, field};
use ectomorph::migration::{Command, OnDelete, column, constraint, index, references, table, unique_index};
use ectomorph::store::{self, Action, Ddl, Definition, Kind};
use ectomorph::value::{Date, Decimal, Value};

fn kinds(column: &str) -> Option<Kind> {
    Some(match column {
        "age" | "views" => Kind::Integer(32),
        "price" => Kind::Decimal(None),
        "name" | "status" => Kind::Text(None),
        "born_on" => Kind::Date,
        "active" => Kind::Boolean,
        _ => return None,
    })
}

fn read(sql: &str) -> Expr {
    condition(sql, &kinds).unwrap_or_else(|error| panic!("{sql}: {error}"))
}

#[test]
fn a_condition_of_sql_is_read_as_the_expression_it_means() {
    assert_eq!(read("age > 0"), field("age").gt(0));
    assert_eq!(read("(\"age\" >= -1) AND NOT active"), field("age").gte(-1).and(!field("active")));
    assert_eq!(read("users.age = 1 or active"), field("age").eq(1).or(field("active")));
    assert_eq!(read("age <> 1 and age != 2"), field("age").ne(1).and(field("age").ne(2)));
    assert_eq!(
        read("price * 2 + 1 <= 10.50"),
        (field("price") * 2 + 1).lte(Decimal::parse("10.50").unwrap())
    );
    assert_eq!(read("name IS NOT NULL"), !field("name").is_nil());
    assert_eq!(read("status in ('draft', 'it''s')"), field("status").is_in(["draft", "it's"]));
    assert_eq!(read("age between 1 and 9"), field("age").gte(1).and(field("age").lte(9)));
    assert_eq!(read("name NOT LIKE 'a%'"), !field("name").like("a%"));
    assert_eq!(read("coalesce(age, 0) < 5"), field("age").coalesce(0).lt(5));
    assert_eq!(read("born_on > '2000-01-31'"), field("born_on").gt(Date::new(2000, 1, 31).unwrap()));
}

#[test]
fn a_condition_that_is_not_understood_is_refused_by_name() {
    let refused = |sql: &str| condition(sql, &kinds).unwrap_err();
    assert_eq!(
        refused("lower(name) = 'x'"),
        AdapterError::unsupported("\"lower()\" in the condition \"lower(name) = 'x'\"")
    );
    assert_eq!(
        refused("age / 2 > 1"),
        AdapterError::unsupported("\"/ 2 > 1\" in the condition \"age / 2 > 1\"")
    );
    assert_eq!(refused("age >"), AdapterError::unsupported("\"the end\" in the condition \"age >\""));
    assert_eq!(refused("age > 1 age"), AdapterError::unsupported("\"age\" in the condition \"age > 1 age\""));
    assert_eq!(refused("name = 'x"), AdapterError::unsupported("\"'x\" in the condition \"name = 'x\""));
    assert_eq!(refused("nope > 1").to_string(), "column \"nope\" does not exist (42703)");
    assert!(matches!(refused("name > 1"), AdapterError::Query { .. }));
    assert!(matches!(refused("age + 1"), AdapterError::Query { .. }));
    assert!(matches!(refused("age > 'ten'"), AdapterError::Query { .. }));
    assert!(matches!(refused(&"(".repeat(5000)), AdapterError::Unsupported { .. }));
    assert!(matches!(refused(&"not ".repeat(2000)), AdapterError::Unsupported { .. }));
}

#[test]
fn a_table_is_made_of_columns_keys_and_checks() {
    let columns = vec![
        column("bigserial").primary_key().named("id"),
        column("string").null(false).default("x").named("name"),
        column("decimal").precision(10).scale(2).check("positive", "price > 0").named("price"),
        column(references("users").on_delete(OnDelete::DeleteAll)).named("author_id"),
    ];
    let create = Command::CreateTable { table: table("posts").prefix("blog"), columns, if_not_exists: false };
    let made = define(&create, &[]).unwrap();
    let mut author_id = store::Column::new("author_id", Kind::Integer(64));
    author_id.declared = Some("bigserial".into());
    let mut id = store::Column::new("id", Kind::Integer(64)).sequence();
    id.declared = Some("bigserial".into());
    let mut name = store::Column::new("name", Kind::Text(Some(255))).not_null().default("x");
    name.declared = Some("string".into());
    let mut price = store::Column::new("price", Kind::Decimal(Some((10, 2))));
    price.declared = Some("decimal".into());
    let users = store::TableName::within(Some("blog"), "users");
    let expected = Definition::new(store::TableName::within(Some("blog"), "posts"))
        .column(id)
        .column(name)
        .column(price)
        .column(author_id)
        .primary_key(["id"])
        .foreign_key(
            store::ForeignKey::new("posts_author_id_fkey", ["author_id"], users, ["id"])
                .on_delete(Action::Cascade),
        )
        .check("positive", field("price").gt(0));
    assert_eq!(made, [Ddl::CreateTable(expected.clone())]);

    let again =
        Command::CreateTable { table: table("posts").prefix("blog"), columns: vec![], if_not_exists: true };
    assert_eq!(define(&again, &[&expected]), Ok(vec![]));
}

#[test]
fn defaults_are_values_of_their_columns() {
    let default = |made: ectomorph::migration::Column| {
        let columns = vec![made.named("a")];
        let create = Command::CreateTable { table: table("t"), columns, if_not_exists: false };
        define(&create, &[]).map(|made| match &made[0] {
            Ddl::CreateTable(table) => table.columns[0].default.clone(),
            other => panic!("{other:?}"),
        })
    };
    use ectomorph::migration::fragment;
    assert_eq!(default(column("integer")), Ok(store::Default::Null));
    assert_eq!(default(column("serial")), Ok(store::Default::Sequence));
    assert_eq!(default(column("integer").default("7")), Ok(store::Default::Value(7.into())));
    let one = Value::Decimal(Decimal::parse("1.50").unwrap());
    assert_eq!(default(column("decimal").precision(4).scale(2).default(1.5)), Ok(store::Default::Value(one)));
    assert_eq!(
        default(column("utc_datetime").default(fragment("now()"))),
        Ok(store::Default::Function("now".into()))
    );
    assert_eq!(default(column("string").default(fragment("'x'"))), Ok(store::Default::Value("x".into())));
    assert_eq!(
        default(column("string").default(fragment("md5('x')"))),
        Err(AdapterError::unsupported("the default fragment(\"md5('x')\")"))
    );
    assert!(matches!(default(column("integer").default("x")), Err(AdapterError::Query { .. })));
    assert_eq!(default(column("tsvector")), Err(AdapterError::unsupported("columns of type tsvector")));
}

#[test]
fn what_only_makes_a_database_faster_means_nothing_and_what_changes_answers_is_refused() {
    let users = Definition::new("users").column(store::Column::new("age", Kind::Integer(32)));
    let made = |index| define(&Command::CreateIndex { index, if_not_exists: false }, &[&users]);
    let plain = store::Index::new("users_age_index", ["age"]);
    let create = |index| Ok(vec![Ddl::CreateIndex { table: "users".into(), index }]);
    assert_eq!(
        made(index("users", ["age"]).using("hash").include(["age"]).options("x=1")),
        create(plain.clone())
    );
    assert_eq!(
        made(unique_index("users", ["age"]).where_("age > 18")),
        create(plain.clone().unique().filter(field("age").gt(18)))
    );
    assert_eq!(
        made(index("users", ["lower(name)"])),
        Err(AdapterError::unsupported(
            "the expression \"lower(name)\" in an index: there are lower(column) and upper(column) of text"
        ))
    );
    assert_eq!(
        made(index("users", ["age"]).using("gin")),
        Err(AdapterError::unsupported("an index using gin"))
    );
    let exclude = constraint("users", "no_dup").exclude("btree (age WITH =)");
    assert_eq!(
        define(&Command::CreateConstraint { constraint: exclude }, &[&users]),
        Err(AdapterError::unsupported("the exclusion constraint no_dup"))
    );
}
