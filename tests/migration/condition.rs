//! Conditions as expressions: the same rule in a changeset, in four dialects, in the store and in a document.

use ectomorph::adapters::define::define;
use ectomorph::adapters::sql::ddl::{DIALECTS, Ddl, MySql, Postgres};
use ectomorph::expr::{Expr, field};
use ectomorph::migration::{Command, Condition, Defaults, Migration, column, constraint, index};
use ectomorph::store::{self, Ddl as Change, Definition, Kind};
use ectomorph::value::{Date, Decimal, Value};

fn check(expr: Expr) -> Command {
    Command::CreateConstraint { constraint: constraint("orders", "c").check(expr) }
}

/// The condition of a check in every dialect: PostgreSQL, MySQL, SQLite (of a column), MSSQL.
fn texts(expr: Expr) -> Vec<String> {
    let checked = column("integer").check("c", expr.clone()).named("a");
    let table = Command::CreateTable { table: "orders".into(), columns: vec![checked], if_not_exists: false };
    let text = |dialect: &dyn Ddl| {
        let command = if dialect.name() == "sqlite" { &table } else { &check(expr.clone()) };
        match dialect.statements(command) {
            Ok(statements) => {
                let (_, check) = statements[0].split_once("CHECK (").expect("a check");
                let closing = if dialect.name() == "sqlite" { "))" } else { ")" };
                check.trim_end_matches("; ").strip_suffix(closing).expect("an end").to_owned()
            }
            Err(error) => error.to_string(),
        }
    };
    DIALECTS.iter().map(|dialect| text(*dialect)).collect()
}

#[test]
fn an_expression_is_written_in_the_words_of_each_dialect() {
    assert_eq!(
        texts(field("age").gte(18).and(!field("name").is_nil())),
        [
            r#"("age" >= 18) AND (NOT ("name" IS NULL))"#,
            "(`age` >= 18) AND (NOT (`name` IS NULL))",
            r#"("age" >= 18) AND (NOT ("name" IS NULL))"#,
            "([age] >= 18) AND (NOT ([name] IS NULL))",
        ]
    );
    assert_eq!(
        texts(field("active").or(field("status").is_in(["it's", "b\\"]))),
        [
            r#"("active") OR ("status" IN ('it''s', 'b\'))"#,
            r"(`active`) OR (`status` IN ('it''s', 'b\\'))",
            r#"("active") OR ("status" IN ('it''s', 'b\'))"#,
            r"([active] = 1) OR ([status] IN (N'it''s', N'b\'))",
        ]
    );
    let price = (field("price") * 2 + 1).lte(Decimal::parse("10.50").unwrap());
    assert_eq!(texts(price)[0], r#"(("price" * 2) + 1) <= 10.50"#);
    assert_eq!(texts(field("on").gt(Date::new(2024, 1, 31).unwrap()))[3], "[on] > N'2024-01-31'");
    assert_eq!(texts(field("name").like("a%"))[3], r"[name] LIKE N'a%' ESCAPE '\'");
    assert_eq!(
        texts(field("name").ilike("a%")),
        [
            r#""name" ILIKE 'a%'"#,
            "unsupported: `ilike` in a condition in MySQL",
            "unsupported: `ilike` in a condition in SQLite",
            "unsupported: `ilike` in a condition in MSSQL",
        ]
    );
    assert_eq!(texts(field("name").length().gt(3))[0], "unsupported: `length` in a condition in PostgreSQL");
}

#[test]
fn hostile_fields_and_values_stay_within_their_quotes() {
    let hostile = check(field("a").eq("x'; DROP TABLE users; --"));
    assert_eq!(
        Postgres.statements(&hostile).unwrap(),
        [r#"ALTER TABLE "orders" ADD CONSTRAINT "c" CHECK ("a" = 'x''; DROP TABLE users; --')"#]
    );
    let escaped = check(field("a").eq("\\'; DROP"));
    assert_eq!(
        MySql.statements(&escaped).unwrap(),
        ["ALTER TABLE `orders` ADD CONSTRAINT `c` CHECK (`a` = '\\\\''; DROP')"]
    );
    assert!(Postgres.statements(&check(field("a\" = 1").eq(1))).is_err());
    assert!(Postgres.statements(&check(field("a").eq("\0"))).is_err());
    assert!(Postgres.statements(&check(field("a").eq(Value::List(vec![])))).is_err());
    let mut deep = field("a").eq(1);
    for _ in 0..100 {
        deep = !deep;
    }
    assert!(Postgres.statements(&check(deep)).is_err());
}

#[test]
fn the_store_takes_an_expression_as_it_is_and_refuses_one_that_means_nothing() {
    let orders = Definition::new("orders")
        .column(store::Column::new("age", Kind::Integer(32)))
        .column(store::Column::new("name", Kind::Text(None)));
    let adult = field("age").gte(18);
    let expected = store::Check { name: "c".into(), condition: adult.clone(), comment: None };
    assert_eq!(
        define(&check(adult.clone()), &[&orders]),
        Ok(vec![Change::AddCheck { table: "orders".into(), check: expected, validate: true }])
    );
    assert!(define(&check(field("age").gte("18")), &[&orders]).is_err());
    assert!(define(&check(field("nope").gte(18)), &[&orders]).is_err());
    let partial = index("orders", ["name"]).where_(adult.clone());
    let made = define(&Command::CreateIndex { index: partial, if_not_exists: false }, &[&orders]).unwrap();
    let filtered = store::Index::new("orders_name_index", ["name"]).filter(adult);
    assert_eq!(made, [Change::CreateIndex { table: "orders".into(), index: filtered }]);
}

#[test]
fn a_document_holds_an_expression_as_rules_do() {
    let on = field("ends_on").gte(Date::new(2024, 1, 31).unwrap()).and(field("status").is_in(["a", "b"]));
    let migration = Migration::new(1, "checks").change(move |m| {
        m.create_constraint(constraint("orders", "c").check(on.clone()));
        m.create_index(index("orders", ["a"]).where_(field("a").is_nil()));
        m.alter("orders", |t| t.add("a", column("integer").check("d", field("a").gt(0))));
    });
    let defaults = Defaults::default();
    let json = migration.to_json(&defaults).unwrap();
    assert!(json.contains(r#""check":["and",[">=",["field","ends_on"],{"$date":"2024-01-31"}]"#), "{json}");
    let read = Migration::from_json(&json).unwrap();
    assert_eq!(read.run(true, &defaults), migration.run(true, &defaults));
    assert_eq!(read.to_json(&defaults).unwrap(), json);

    let wrong = r#"{"version": 1, "migration": 1, "name": "x", "change": [
        {"command": "create", "constraint": {"table": "a", "name": "b", "check": ["=<", ["field", "a"], 1]}}]}"#;
    let mistake = Migration::from_json(wrong).unwrap_err().text();
    assert!(mistake.starts_with("change: command 1: check: "), "{mistake}");
    assert_eq!(Condition::from("a > 0"), Condition::Sql("a > 0".into()));
}
