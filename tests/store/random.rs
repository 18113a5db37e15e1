//! Random writes: indexes are what sorting gives, constraints hold, and what is undone was never there.

use crate::{create, numbers};
use ectomorph::expr::field;
use ectomorph::store::journal::Memory;
use ectomorph::store::{
    Action, Column, Database, Durability, ForeignKey, Index, Kind, Mark, Table, TableId, holds, order,
};
use ectomorph::value::Value;
use std::cmp::Ordering;

struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound.max(1)
    }
}

fn database(action: Action, backend: bool) -> (Database, [TableId; 2]) {
    let mut database = match backend {
        true => Database::open(Memory::new(), Durability::Strict).unwrap(),
        false => Database::new(),
    };
    let nodes = numbers("nodes", &["parent_id", "weight"])
        .column(Column::new("name", Kind::Text(None)))
        .index(Index::new("nodes_name_index", ["name"]).unique())
        .index(Index::new("nodes_weight_name_index", ["weight", "name"]))
        .index(
            Index::new("nodes_heavy_index", ["weight", "parent_id"]).unique().filter(field("weight").gt(90)),
        )
        .foreign_key(
            ForeignKey::new("nodes_parent_id_fkey", ["parent_id"], "nodes", ["id"])
                .on_delete(action.clone())
                .on_update(Action::Cascade),
        );
    let nodes = create(&mut database, nodes);
    let leaves = numbers("leaves", &["node_id"]).foreign_key(
        ForeignKey::new("leaves_node_id_fkey", ["node_id"], "nodes", ["id"])
            .on_delete(action)
            .on_update(Action::Nilify(None)),
    );
    let leaves = create(&mut database, leaves);
    (database, [nodes, leaves])
}

fn node(random: &mut Random) -> Vec<Value> {
    let parent = (random.below(3) > 0).then(|| random.below(60) as i64);
    let name = match random.below(3) {
        0 => Value::Null,
        1 => format!("n{}", random.below(200)).into(),
        _ => format!("a name with the same beginning {}", random.below(200)).into(),
    };
    vec![parent.into(), Value::from(random.below(100) as i64), name]
}

fn write(database: &mut Database, [nodes, leaves]: [TableId; 2], random: &mut Random) {
    let any = |database: &Database, table: TableId, random: &mut Random| {
        let table = database.table(table).unwrap();
        let id = Value::from(random.below(60) as i64);
        table.get(&[id]).map(|(id, _)| id)
    };
    let (id, given) = (Value::from(random.below(60) as i64), node(random));
    let _ = match random.below(7) {
        0..3 => {
            let values = std::iter::once(id).chain(given).collect();
            database.insert(nodes, &[0, 1, 2, 3], values).map(|_| ())
        }
        3 => database.insert(leaves, &[1], vec![id]).map(|_| ()),
        4 => match any(database, nodes, random) {
            Some(row) => database.update(nodes, row, (1..4).zip(given).collect()).map(|_| ()),
            None => Ok(()),
        },
        5 => match any(database, nodes, random) {
            Some(row) => database.update(nodes, row, vec![(0, id)]).map(|_| ()),
            None => Ok(()),
        },
        _ => {
            let rows: Vec<_> = (0..random.below(5)).filter_map(|_| any(database, nodes, random)).collect();
            database.statement(|statement| statement.delete_many(nodes, &rows)).map(|_| ())
        }
    };
}

/// Every index is what sorting its rows gives; every key that must be the only one is; every reference leads somewhere.
fn check(database: &Database) {
    for table in database.tables() {
        for index in table.indexes() {
            let key =
                |row: &[Value]| -> Vec<Value> { index.columns.iter().map(|at| row[*at].clone()).collect() };
            let compare = |a: &[Value], b: &[Value]| {
                let orders = a.iter().zip(b).map(|(a, b)| order(a, b));
                orders.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
            };
            let covered = |row: &[Value]| {
                index.filter.is_none_or(|filter| holds(filter, table.columns(), row) == Some(true))
            };
            let mut expected: Vec<_> = table.unordered().filter(|(_, row)| covered(row)).collect();
            expected.sort_by(|(a, left), (b, right)| compare(&key(left), &key(right)).then(a.cmp(b)));
            let scanned: Vec<_> = table.scan(index.id, &ectomorph::store::Range::all()).collect();
            assert_eq!(scanned, expected, "{}", index.name);
            let twice = scanned.windows(2).find(|pair| {
                let (left, right) = (key(&pair[0].1), key(&pair[1].1));
                index.unique && compare(&left, &right).is_eq() && !left.iter().any(Value::is_null)
            });
            assert_eq!(twice, None, "{}", index.name);
        }
        for foreign_key in &table.definition().foreign_keys {
            let parent = database.table_named(&foreign_key.references).unwrap();
            let column = table.position(&foreign_key.columns[0]).unwrap();
            for (_, row) in table.unordered().filter(|(_, row)| !row[column].is_null()) {
                assert!(parent.get(&[row[column].clone()]).is_some(), "{}", foreign_key.name);
            }
        }
    }
}

fn contents(database: &Database) -> Vec<String> {
    let rows = |table: &Table| table.rows().map(|(id, row)| format!("{id:?} {row:?}")).collect::<Vec<_>>();
    database.tables().flat_map(rows).collect()
}

#[test]
fn indexes_and_references_hold_after_any_writes_and_marks_lead_back() {
    let actions = [Action::Nothing, Action::Restrict, Action::Cascade, Action::Nilify(None)];
    for seed in 0..40 {
        let action = actions[seed as usize % actions.len()].clone();
        let (mut database, tables) = database(action, seed % 2 == 0);
        let mut random = Random(seed);
        let mut marks: Vec<(Mark, Vec<String>)> = Vec::new();
        let mut before = Vec::new();
        for _ in 0..400 {
            match random.below(20) {
                0 if !database.in_transaction() => {
                    before = contents(&database);
                    database.begin().unwrap();
                }
                1 if database.in_transaction() => {
                    marks.push((database.savepoint().unwrap(), contents(&database)));
                }
                2 if !marks.is_empty() => {
                    let at = random.below(marks.len());
                    let (mark, expected) = marks[at].clone();
                    marks.truncate(at);
                    database.rollback_to(mark).unwrap();
                    assert_eq!(contents(&database), expected);
                }
                3 if database.in_transaction() => {
                    marks.clear();
                    if random.below(2) == 0 {
                        database.commit().unwrap();
                    } else {
                        database.rollback().unwrap();
                        assert_eq!(contents(&database), before);
                    }
                }
                _ => write(&mut database, tables, &mut random),
            }
            check(&database);
        }
        let mut copy = Database::new();
        copy.import(&database.export()).unwrap();
        check(&copy);
        assert_eq!(copy.export(), database.export());
    }
}
