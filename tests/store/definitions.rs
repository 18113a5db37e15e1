//! Definitions that change, and changes that are taken back.

use crate::{broken, create, numbers, put, rows, with};
use ectomorph::expr::field;
use ectomorph::store::{
    Action, Check, Column, ColumnChange, Database, Ddl, Default, Definition, ForeignKey, Index, Kind, Range,
    TableName,
};
use ectomorph::value::Value;
use std::sync::Arc;

fn people() -> (Database, ectomorph::store::TableId) {
    let (mut database, people) =
        with(numbers("people", &["age"]).index(Index::new("people_age_index", ["age"])));
    for age in [30, 10, 20] {
        database.insert(people, &[1], vec![age.into()]).unwrap();
    }
    (database, people)
}

#[test]
fn every_change_is_undone_with_its_transaction() {
    let t = || TableName::from("people");
    let text = Kind::Text(Some(10));
    let changes = [
        Ddl::CreateTable(Definition::new("other").column(Column::new("a", Kind::Any))),
        Ddl::DropTable { table: t(), cascade: false },
        Ddl::RenameTable { table: t(), to: "persons".into() },
        Ddl::AddColumn { table: t(), column: Column::new("name", text.clone()).default("x").not_null() },
        Ddl::DropColumn { table: t(), column: "age".into() },
        Ddl::ModifyColumn {
            table: t(),
            column: "age".into(),
            change: ColumnChange {
                kind: Some((Kind::Float, None)),
                nullable: Some(false),
                default: Some(Default::Value(1.into())),
            },
        },
        Ddl::RenameColumn { table: t(), column: "age".into(), to: "years".into() },
        Ddl::CreateIndex { table: t(), index: Index::new("people_age_key", ["age"]).unique() },
        Ddl::DropIndex { prefix: None, index: "people_age_index".into() },
        Ddl::RenameIndex { prefix: None, index: "people_age_index".into(), to: "by_age".into() },
        Ddl::AddForeignKey {
            table: t(),
            foreign_key: ForeignKey::new("older", ["age"], "people", ["id"]),
            validate: false,
        },
        Ddl::AddCheck {
            table: t(),
            check: Check { name: "grown".into(), condition: field("age").gt(0), comment: None },
            validate: true,
        },
        Ddl::DropConstraint { table: t(), constraint: "people_pkey".into() },
        Ddl::Comment { table: t(), column: Some("age".into()), comment: Some("in years".into()) },
    ];
    for change in changes {
        let (mut database, people) = people();
        let before = (database.export(), database.table(people).unwrap().definition().clone());
        database.begin().unwrap();
        database.define(change.clone()).unwrap();
        assert_ne!(database.export(), before.0, "{change:?}");
        let version = database.version();
        database.rollback().unwrap();
        assert_ne!(database.version(), version);
        assert_eq!(database.export(), before.0, "{change:?}");
        assert_eq!(database.table(people).unwrap().definition(), &before.1);
        put(&mut database, people, &[Some(9), Some(15)]).unwrap();
        let table = database.table(people).unwrap();
        let ages = table.scan(table.index("people_age_index").unwrap(), &Range::all());
        let ages: Vec<_> = ages.filter_map(|(_, row)| row[1].as_integer()).collect();
        assert_eq!(ages, [10, 15, 20, 30], "{change:?}");
    }
}

#[test]
fn a_new_column_has_its_default_in_every_row() {
    let (mut database, people) = people();
    database.set_functions(Arc::new(|name| (name == "now").then(|| Value::from(99))));
    for (name, default) in [
        ("a", Default::Null),
        ("b", Default::Value(5.into())),
        ("c", Default::Sequence),
        ("d", Default::Function("now".into())),
    ] {
        let mut column = Column::new(name, Kind::Integer(64));
        column.default = default;
        database.define(Ddl::AddColumn { table: "people".into(), column }).unwrap();
    }
    database.insert(people, &[1], vec![40.into()]).unwrap();
    let tails: Vec<Vec<Option<i64>>> = rows(&database, people).iter().map(|row| row[2..].to_vec()).collect();
    let tail = |number| vec![None, Some(5), Some(number), Some(99)];
    assert_eq!(tails, [tail(1), tail(2), tail(3), tail(4)]);
    let column = Column::new("e", Kind::Integer(64)).not_null();
    assert_eq!(
        broken(database.define(Ddl::AddColumn { table: "people".into(), column })).0,
        "not_null_violation"
    );
    assert_eq!(database.table(people).unwrap().columns().len(), 6);
}

#[test]
fn rows_that_are_there_must_fit_a_new_demand() {
    let (mut database, people) = people();
    put(&mut database, people, &[Some(4), Some(10)]).unwrap();
    let table = || TableName::from("people");
    let index = Index::new("people_age_key", ["age"]).unique();
    assert_eq!(
        broken(database.define(Ddl::CreateIndex { table: table(), index })),
        ("unique_violation", "people_age_key".into())
    );
    let check = Check { name: "old".into(), condition: field("age").gt(15), comment: None };
    assert_eq!(
        broken(database.define(Ddl::AddCheck { table: table(), check: check.clone(), validate: true })).0,
        "check_violation"
    );
    database.define(Ddl::AddCheck { table: table(), check, validate: false }).unwrap();
    assert_eq!(broken(put(&mut database, people, &[Some(5), Some(10)])).0, "check_violation");
    let change = ColumnChange { kind: Some((Kind::Boolean, None)), ..ColumnChange::default() };
    let ddl = Ddl::ModifyColumn { table: table(), column: "age".into(), change };
    assert_eq!(database.define(ddl).unwrap_err().code(), "datatype_mismatch");
    let foreign_key = ForeignKey::new("self", ["age"], "people", ["id"]);
    let ddl = Ddl::AddForeignKey { table: table(), foreign_key, validate: true };
    assert_eq!(broken(database.define(ddl)).0, "foreign_key_violation");
}

#[test]
fn what_others_depend_on_stays_unless_they_go_too() {
    let (mut database, _) = people();
    let key =
        ForeignKey::new("pets_owner_id_fkey", ["owner_id"], "people", ["id"]).on_delete(Action::Nilify(None));
    let pets = create(&mut database, numbers("pets", &["owner_id"]).foreign_key(key));
    let table = || TableName::from("people");
    for ddl in [
        Ddl::DropTable { table: table(), cascade: false },
        Ddl::DropColumn { table: table(), column: "id".into() },
        Ddl::DropConstraint { table: table(), constraint: "people_pkey".into() },
    ] {
        assert_eq!(database.define(ddl).unwrap_err().code(), "dependent_objects_still_exist");
    }
    database.define(Ddl::RenameColumn { table: table(), column: "id".into(), to: "number".into() }).unwrap();
    database.define(Ddl::RenameTable { table: table(), to: "persons".into() }).unwrap();
    assert_eq!(broken(put(&mut database, pets, &[Some(1), Some(77)])).0, "foreign_key_violation");
    let definition = database.table(pets).unwrap().definition().clone();
    assert_eq!(definition.foreign_keys[0].references, "persons".into());
    assert_eq!(definition.foreign_keys[0].referenced, ["number"]);
    database.define(Ddl::DropTable { table: "persons".into(), cascade: true }).unwrap();
    put(&mut database, pets, &[Some(1), Some(77)]).unwrap();
}

#[test]
fn a_renamed_column_is_renamed_in_conditions_too() {
    let definition = numbers("t", &["a"])
        .check("positive", field("a").gt(0))
        .index(Index::new("even", ["a"]).unique().filter(!field("a").eq(3)));
    let (mut database, t) = with(definition);
    database.define(Ddl::RenameColumn { table: "t".into(), column: "a".into(), to: "b".into() }).unwrap();
    assert_eq!(broken(put(&mut database, t, &[Some(1), Some(0)])).1, "positive");
    put(&mut database, t, &[Some(1), Some(3)]).unwrap();
    put(&mut database, t, &[Some(2), Some(3)]).unwrap();
    put(&mut database, t, &[Some(3), Some(4)]).unwrap();
    assert_eq!(broken(put(&mut database, t, &[Some(4), Some(4)])).1, "even");
}

#[test]
fn mistakes_name_the_thing() {
    let (mut database, _) = people();
    let t = || TableName::from("people");
    let filtered =
        |condition| Ddl::CreateIndex { table: t(), index: Index::new("i", ["age"]).filter(condition) };
    for (ddl, code, message) in [
        (Ddl::CreateTable(Definition::new("people")), "duplicate_table", "table \"people\" already exists"),
        (
            Ddl::DropTable { table: TableName::within(Some("blog"), "x"), cascade: false },
            "undefined_table",
            "table \"blog.x\" does not exist",
        ),
        (
            Ddl::DropColumn { table: t(), column: "x".into() },
            "undefined_column",
            "column \"x\" of table \"people\" does not exist",
        ),
        (
            Ddl::AddColumn { table: t(), column: Column::new("age", Kind::Any) },
            "duplicate_column",
            "column \"age\" of table \"people\" already exists",
        ),
        (
            Ddl::CreateIndex { table: t(), index: Index::new("people_age_index", ["id"]) },
            "duplicate_table",
            "index \"people_age_index\" already exists",
        ),
        (
            Ddl::DropIndex { prefix: None, index: "x".into() },
            "undefined_object",
            "index \"x\" does not exist",
        ),
        (filtered(field("x").eq(1)), "undefined_column", "column \"x\" of table \"people\" does not exist"),
        (
            Ddl::AddForeignKey {
                table: t(),
                foreign_key: ForeignKey::new("f", ["id"], "people", ["age"]),
                validate: true,
            },
            "invalid_foreign_key",
            "foreign key \"f\" refers to columns of table \"people\" that are not unique; give it a unique index",
        ),
    ] {
        let error = database.define(ddl).unwrap_err();
        assert_eq!((error.code(), error.to_string().as_str()), (code, message));
    }
}
