//! Writes of many rows, and databases that are opened anew.

use crate::{broken, create, numbers, put, rows};
use ectomorph::store::journal::Files;
use ectomorph::store::{Column, Database, Durability, Index, Kind, Mark, Range, RowId, StoreError, TableId};
use ectomorph::value::Value;
use std::collections::BTreeMap;

/// A thousand rows: a number, its tens.
fn thousand(database: &mut Database) -> TableId {
    let mut definition = numbers("things", &["tens"]);
    definition.columns[1].nullable = false;
    let table = create(database, definition);
    for id in 1..=1_000 {
        put(database, table, &[Some(id), Some(id / 10)]).unwrap();
    }
    table
}

fn every_third(database: &Database, table: TableId) -> Vec<RowId> {
    database.table(table).unwrap().rows().ids().step_by(3).collect()
}

fn set(
    database: &mut Database,
    table: TableId,
    ids: &[RowId],
    values: Vec<Value>,
) -> Result<usize, StoreError> {
    database.statement(|statement| statement.update_many(table, ids, &[1], values))
}

#[test]
fn many_rows_are_changed_as_one_by_one_and_changed_back() {
    let mut database = Database::new();
    let table = thousand(&mut database);
    let before = rows(&database, table);
    let ids = every_third(&database, table);
    let values = || (0..ids.len() as i64).map(Value::from).collect();
    database.begin().unwrap();
    assert_eq!(set(&mut database, table, &ids, values()), Ok(334));
    let mut expected = before.clone();
    expected.iter_mut().step_by(3).zip(0..).for_each(|(row, value)| row[1] = Some(value));
    assert_eq!(rows(&database, table), expected);
    // What comes behind them, and goes again, is nothing to what they were.
    for id in 1_001..=1_100 {
        put(&mut database, table, &[Some(id), Some(-id)]).unwrap();
    }
    let gone = database.statement(|statement| statement.delete_many(table, &ids));
    assert_eq!((gone, database.table(table).unwrap().len()), (Ok(334), 766));
    database.rollback().unwrap();
    assert_eq!(rows(&database, table), before);
    for (id, row) in database.table(table).unwrap().rows() {
        assert_eq!(database.table(table).unwrap().get(&row[..1]).map(|(found, _)| found), Some(id));
    }
}

#[test]
fn one_null_among_many_undoes_them_all() {
    let mut database = Database::new();
    let table = thousand(&mut database);
    let before = rows(&database, table);
    let ids = every_third(&database, table);
    let mut values: Vec<Value> = ids.iter().map(|_| 7.into()).collect();
    values[300] = Value::Null;
    let refused = set(&mut database, table, &ids, values);
    assert_eq!(broken(refused), ("not_null_violation", "tens".into()));
    assert_eq!(rows(&database, table), before);
}

#[test]
fn what_is_opened_knows_its_keys_when_it_is_first_asked_or_written_to() {
    let folder = std::env::temp_dir().join(format!("ectomorph-many-{}", std::process::id()));
    let open = || Database::open(Files::open(&folder).unwrap(), Durability::Relaxed).unwrap();
    let mut database = open();
    let table = thousand(&mut database);
    let before = rows(&database, table);
    database.snapshot().unwrap();
    database.close().unwrap();
    let mut first_written = open();
    assert_eq!(broken(put(&mut first_written, table, &[Some(7), Some(0)])).1, "things_pkey");
    first_written.close().unwrap();
    let first_asked = open();
    let found = first_asked.table(table).unwrap().get(&[500.into()]).unwrap().1;
    assert_eq!(*found, [Value::from(500), 50.into()]);
    assert_eq!(rows(&first_asked, table), before);
    first_asked.close().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
}

/// What a table of numbers and names should hold, by the number.
type Model = BTreeMap<i64, (i64, String)>;

fn held(database: &Database, table: TableId) -> Model {
    let row = |(_, row): (RowId, ectomorph::store::Row)| {
        let name = row[2].as_str().unwrap().to_owned();
        (row[0].as_integer().unwrap(), (row[1].as_integer().unwrap(), name))
    };
    database.table(table).unwrap().unordered().map(row).collect()
}

/// Every row is found by its number, and by each index, once.
fn is_whole(database: &Database, table: TableId, model: &Model) {
    let held = held(database, table);
    let differs = held.iter().find(|(id, row)| model.get(id) != Some(row));
    assert_eq!((differs, held.len()), (None, model.len()));
    let known = database.table(table).unwrap();
    assert_eq!(known.len(), model.len());
    for (id, row) in known.unordered() {
        assert_eq!(known.get(&row[..1]).map(|(found, _)| found), Some(id));
    }
    for index in known.indexes() {
        let mut ids: Vec<RowId> = known.scan(index.id, &Range::all()).ids().collect();
        ids.sort_unstable();
        assert_eq!(ids, known.unordered().ids().collect::<Vec<_>>(), "{}", index.name);
    }
}

#[test]
fn many_rows_that_go_come_back_whatever_else_is_written_meanwhile() {
    for seed in 0..12_u64 {
        let mut state = seed;
        let mut below = |bound: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % bound
        };
        let mut database = Database::new();
        let definition = numbers("things", &["tens"])
            .column(Column::new("name", Kind::Text(None)))
            .index(Index::new("things_tens_index", ["tens"]));
        let table = create(&mut database, definition);
        let mut model = Model::new();
        let mut next = 0;
        let mut insert = |database: &mut Database, model: &mut Model| {
            next += 1;
            let name = format!("name {next}").repeat(1 + next as usize % 4);
            let values = vec![next.into(), (next % 10).into(), name.as_str().into()];
            database.insert(table, &[0, 1, 2], values).unwrap();
            model.insert(next, (next % 10, name));
        };
        (0..1_500).for_each(|_| insert(&mut database, &mut model));
        for _ in 0..12 {
            let before = model.clone();
            let mut marks: Vec<(Mark, Model)> = Vec::new();
            database.begin().unwrap();
            for _ in 0..below(12) + 1 {
                match below(8) {
                    0..3 => {
                        let (tens, ids) = (below(10) as i64, database.table(table).unwrap());
                        let part = 1 + below(3) as i64;
                        let chosen = ids.unordered().filter(|(_, row)| {
                            row[1] == tens.into() && row[0].as_integer().unwrap() % part == 0
                        });
                        let ids: Vec<RowId> = chosen.map(|(id, _)| id).collect();
                        let gone = database.statement(|statement| statement.delete_many(table, &ids));
                        assert_eq!(gone, Ok(ids.len()));
                        model.retain(|id, row| row.0 != tens || id % part != 0);
                    }
                    3 => (0..below(200)).for_each(|_| insert(&mut database, &mut model)),
                    4 => {
                        // One by one, until what is left of a chunk would be packed anew.
                        for id in model.keys().copied().take(below(300)).collect::<Vec<_>>() {
                            let (row, _) = database.table(table).unwrap().get(&[id.into()]).unwrap();
                            assert_eq!(database.delete(table, row), Ok(true));
                            model.remove(&id);
                        }
                    }
                    5 => {
                        for (id, row) in model.iter_mut().skip(below(50)).step_by(7) {
                            let (at, _) = database.table(table).unwrap().get(&[(*id).into()]).unwrap();
                            row.1.push('+');
                            database.update(table, at, vec![(2, row.1.as_str().into())]).unwrap();
                        }
                    }
                    6 => marks.push((database.savepoint().unwrap(), model.clone())),
                    _ => {
                        if let Some((mark, then)) = marks.pop() {
                            database.rollback_to(mark).unwrap();
                            model = then;
                        }
                    }
                }
                is_whole(&database, table, &model);
            }
            if below(2) == 0 {
                database.commit().unwrap();
            } else {
                database.rollback().unwrap();
                model = before;
            }
            is_whole(&database, table, &model);
        }
    }
}

#[test]
fn numbers_of_many_rows_that_went_are_given_out_again_once_that_is_sure() {
    let mut database = Database::new();
    let table = thousand(&mut database);
    let ids = every_third(&database, table);
    let highest =
        |database: &Database| database.table(table).unwrap().unordered().ids().max().unwrap().number();
    database.begin().unwrap();
    database.statement(|statement| statement.delete_many(table, &ids)).unwrap();
    put(&mut database, table, &[Some(2_000), Some(0)]).unwrap();
    database.commit().unwrap();
    let before = highest(&database);
    for id in 3_000..3_300 {
        put(&mut database, table, &[Some(id), Some(0)]).unwrap();
    }
    assert_eq!((highest(&database), database.table(table).unwrap().len()), (before, 967));
}
