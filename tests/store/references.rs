//! Foreign keys and what they do.

use crate::{broken, create, numbers, put, rows};
use ectomorph::store::{Action, Column, Database, ForeignKey, Kind, TableId};
use ectomorph::value::Value;

/// Countries, cities in them, streets in those.
fn places(on_delete: Action, on_update: Action) -> (Database, [TableId; 3]) {
    let mut database = Database::new();
    let countries = create(&mut database, numbers("countries", &[]));
    let key = |name: &str, to: &str| ForeignKey::new(name, ["in_id"], to, ["id"]);
    let cities = numbers("cities", &["in_id"]).foreign_key(
        key("cities_in_id_fkey", "countries").on_delete(on_delete.clone()).on_update(on_update.clone()),
    );
    let cities = create(&mut database, cities);
    let streets = numbers("streets", &["in_id"])
        .foreign_key(key("streets_in_id_fkey", "cities").on_delete(on_delete).on_update(on_update));
    let streets = create(&mut database, streets);
    for country in 1..=2 {
        put(&mut database, countries, &[Some(country)]).unwrap();
        put(&mut database, cities, &[Some(country * 10), Some(country)]).unwrap();
        put(&mut database, streets, &[Some(country * 100), Some(country * 10)]).unwrap();
    }
    (database, [countries, cities, streets])
}

fn delete(database: &mut Database, table: TableId, id: i64) -> Result<bool, ectomorph::store::StoreError> {
    let row = database.table(table).unwrap().get(&[id.into()]).unwrap().0;
    database.delete(table, row)
}

#[test]
fn a_row_must_refer_to_one_that_is_there_or_to_none() {
    let (mut database, [_, cities, _]) = places(Action::Nothing, Action::Nothing);
    assert_eq!(
        broken(put(&mut database, cities, &[Some(30), Some(3)])),
        ("foreign_key_violation", "cities_in_id_fkey".into())
    );
    put(&mut database, cities, &[Some(30), None]).unwrap();
    let row = database.table(cities).unwrap().get(&[30.into()]).unwrap().0;
    assert_eq!(broken(database.update(cities, row, vec![(1, 9.into())])).0, "foreign_key_violation");
    assert_eq!(database.update(cities, row, vec![(1, 2.into())]), Ok(true));
}

#[test]
fn a_delete_cascades_through_all_levels_and_can_be_undone() {
    let (mut database, tables) = places(Action::Cascade, Action::Nothing);
    let before = tables.map(|table| rows(&database, table));
    database.begin().unwrap();
    delete(&mut database, tables[0], 1).unwrap();
    let lengths = tables.map(|table| database.table(table).unwrap().len());
    assert_eq!(lengths, [1, 1, 1]);
    database.rollback().unwrap();
    assert_eq!(tables.map(|table| rows(&database, table)), before);
}

#[test]
fn a_key_that_changes_takes_what_refers_to_it_along() {
    let (mut database, [countries, cities, streets]) = places(Action::Nothing, Action::Cascade);
    let row = database.table(countries).unwrap().get(&[1.into()]).unwrap().0;
    database.update(countries, row, vec![(0, 7.into())]).unwrap();
    assert_eq!(rows(&database, cities), [[Some(10), Some(7)], [Some(20), Some(2)]]);
    let row = database.table(cities).unwrap().get(&[10.into()]).unwrap().0;
    database.update(cities, row, vec![(0, 70.into())]).unwrap();
    assert_eq!(rows(&database, streets), [[Some(100), Some(70)], [Some(200), Some(20)]]);
}

#[test]
fn columns_become_null_or_their_default_when_asked_to() {
    let (mut database, [countries, cities, streets]) = places(Action::Nilify(None), Action::Nilify(None));
    delete(&mut database, countries, 1).unwrap();
    assert_eq!(rows(&database, cities), [[Some(10), None], [Some(20), Some(2)]]);
    let row = database.table(cities).unwrap().get(&[20.into()]).unwrap().0;
    database.update(cities, row, vec![(0, 21.into())]).unwrap();
    assert_eq!(rows(&database, streets), [[Some(100), Some(10)], [Some(200), None]]);

    let mut database = Database::new();
    let parents = create(&mut database, numbers("parents", &[]));
    let children =
        numbers("children", &[]).column(Column::new("parent_id", Kind::Integer(64)).default(1)).foreign_key(
            ForeignKey::new("children_fkey", ["parent_id"], "parents", ["id"])
                .on_delete(Action::Default(None)),
        );
    let children = create(&mut database, children);
    put(&mut database, parents, &[Some(1)]).unwrap();
    put(&mut database, parents, &[Some(2)]).unwrap();
    put(&mut database, children, &[Some(5), Some(2)]).unwrap();
    delete(&mut database, parents, 2).unwrap();
    assert_eq!(rows(&database, children), [[Some(5), Some(1)]]);
    // The default must be there, too.
    assert_eq!(broken(delete(&mut database, parents, 1)), ("foreign_key_violation", "children_fkey".into()));
}

#[test]
fn restrict_and_nothing_forbid_but_nothing_waits_for_the_end() {
    for action in [Action::Restrict, Action::Nothing] {
        let (mut database, [countries, cities, _]) = places(action.clone(), Action::Nothing);
        assert_eq!(
            broken(delete(&mut database, countries, 1)),
            ("foreign_key_violation", "cities_in_id_fkey".into())
        );
        assert_eq!(rows(&database, countries), [[Some(1)], [Some(2)]]);
        // The same key is there again when the statement ends.
        let moved = database.statement(|statement| {
            let row = statement.table(countries).unwrap().get(&[1.into()]).unwrap().0;
            statement.delete(countries, row)?;
            statement.insert(countries, &[0], vec![1.into()])
        });
        assert_eq!(moved.is_ok(), action == Action::Nothing);
        assert_eq!(rows(&database, cities).len(), 2);
    }
}

#[test]
fn rows_of_one_statement_may_refer_to_each_other_in_any_order() {
    let mut database = Database::new();
    let key = ForeignKey::new("users_manager_id_fkey", ["manager_id"], "users", ["id"]);
    let users =
        create(&mut database, numbers("users", &["manager_id"]).foreign_key(key.on_delete(Action::Cascade)));
    database
        .statement(|statement| {
            statement.insert(users, &[0, 1], vec![1.into(), 3.into()])?;
            statement.insert(users, &[0, 1], vec![2.into(), 1.into()])?;
            statement.insert(users, &[0, 1], vec![3.into(), 2.into()])
        })
        .unwrap();
    // They refer to each other in a circle, which goes as a whole.
    delete(&mut database, users, 2).unwrap();
    assert!(rows(&database, users).is_empty());
}

#[test]
fn a_key_of_several_columns_is_not_looked_at_when_it_is_partly_null() {
    let mut database = Database::new();
    let parents = numbers("parents", &["a", "b"])
        .index(ectomorph::store::Index::new("parents_b_a_index", ["b", "a"]).unique());
    let parents = create(&mut database, parents);
    let mut key = ForeignKey::new("pair", ["x", "y"], "parents", ["a", "b"])
        .on_delete(Action::Nilify(Some(vec!["y".into()])));
    let children = create(&mut database, numbers("children", &["x", "y"]).foreign_key(key.clone()));
    key.full = true;
    let strict = create(&mut database, numbers("strict", &["x", "y"]).foreign_key(key));
    put(&mut database, parents, &[Some(1), Some(5), Some(6)]).unwrap();
    put(&mut database, children, &[Some(1), Some(5), Some(6)]).unwrap();
    put(&mut database, children, &[Some(2), Some(9), None]).unwrap();
    assert_eq!(broken(put(&mut database, children, &[Some(3), Some(6), Some(5)])).0, "foreign_key_violation");
    assert_eq!(broken(put(&mut database, strict, &[Some(2), Some(9), None])).0, "foreign_key_violation");
    put(&mut database, strict, &[Some(2), None, None]).unwrap();
    delete(&mut database, parents, 1).unwrap();
    assert_eq!(rows(&database, children), [[Some(1), Some(5), None], [Some(2), Some(9), None]]);
}

#[test]
fn many_children_are_found_by_an_index_that_nobody_made() {
    let mut database = Database::new();
    let parents = create(&mut database, numbers("parents", &[]));
    let key = ForeignKey::new("children_fkey", ["parent_id"], "parents", ["id"]).on_delete(Action::Cascade);
    let children = create(&mut database, numbers("children", &["parent_id"]).foreign_key(key));
    let numbers = 2_000;
    for id in 1..=numbers {
        put(&mut database, parents, &[Some(id)]).unwrap();
        put(&mut database, children, &[Some(id), Some(id)]).unwrap();
    }
    assert_eq!(database.table(children).unwrap().index("children_fkey"), None);
    let gone = database.statement(|statement| {
        let rows: Vec<_> = statement.table(parents).unwrap().rows().step_by(2).map(|(id, _)| id).collect();
        rows.into_iter().try_for_each(|row| statement.delete(parents, row).map(|_| ()))
    });
    assert_eq!(gone, Ok(()));
    let left: Vec<Value> = database.table(children).unwrap().rows().map(|(_, row)| row[0].clone()).collect();
    assert_eq!(left, (1..=numbers).filter(|id| id % 2 == 0).map(Value::from).collect::<Vec<_>>());
}
