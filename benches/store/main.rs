//! What the store costs natively, on the table of 100,000 users that the repo's benchmark has too.
//!
//! `cargo bench --features repo --bench store [-- ROWS]` prints microseconds a call, or milliseconds for a whole table.

use ectomorph::expr::field;
use ectomorph::store::journal::Files;
use ectomorph::store::{
    Column, Database, Ddl, Definition, Durability, ForeignKey, Index, Kind, Range, RowId, TableId, holds,
};
use ectomorph::value::{Decimal, UtcDatetime, Value};
use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// Counts the bytes that are in use.
struct Counted;

static IN_USE: AtomicUsize = AtomicUsize::new(0);

// SAFETY: everything is handed on to the system's allocator as it is.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        IN_USE.fetch_add(layout.size(), Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        IN_USE.fetch_sub(layout.size(), Ordering::Relaxed);
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counted = Counted;

fn main() {
    let rows = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(100_000_usize);
    let mut bench = Bench { random: 1, rows };
    for indexes in [0, 3] {
        let before = IN_USE.load(Ordering::Relaxed);
        let (database, _) = bench.filled(Database::new(), indexes);
        let bytes = (IN_USE.load(Ordering::Relaxed) - before) as f64 / rows as f64;
        println!("{:44} {bytes:9.0} bytes", format!("memory of a row, {} indexes", indexes + 1));
        drop(database);
    }
    let (mut database, users) = bench.filled(Database::new(), 3);
    bench.read(&database, users);
    bench.write(&mut database, users);
    bench.kept();
}

struct Bench {
    random: u64,
    rows: usize,
}

impl Bench {
    fn next(&mut self, below: usize) -> usize {
        self.random =
            self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.random >> 33) as usize % below
    }

    fn user(&mut self, id: usize) -> Vec<Value> {
        let number = self.next(1_000_000);
        let cents = self.next(10_000_000) as i64;
        vec![
            Value::from(format!("User {number}")),
            Value::from(format!("user{id}@example.com")),
            Value::from(self.next(100) as i64),
            Decimal::from_parts(false, cents as u128, -2).into(),
            UtcDatetime::from_unix(1_700_000_000_000_000 + cents * 1_000_000, 0).into(),
        ]
    }

    fn filled(&mut self, mut database: Database, indexes: usize) -> (Database, TableId) {
        let mut definition = Definition::new("users")
            .column(Column::new("id", Kind::Integer(64)).sequence())
            .column(Column::new("name", Kind::Text(Some(255))))
            .column(Column::new("email", Kind::Text(Some(255))).not_null())
            .column(Column::new("age", Kind::Integer(32)))
            .column(Column::new("balance", Kind::Decimal(Some((12, 2)))))
            .column(Column::new("inserted_at", Kind::UtcDatetime(0)))
            .primary_key(["id"]);
        definition.indexes = [
            Index::new("users_email_index", ["email"]).unique(),
            Index::new("users_age_index", ["age"]),
            Index::new("users_name_index", ["name"]),
        ]
        .into_iter()
        .take(indexes)
        .collect();
        let users = database.define(Ddl::CreateTable(definition)).unwrap().unwrap();
        let given: Vec<Vec<Value>> = (1..=self.rows).map(|id| self.user(id)).collect();
        timed(&format!("insert_all, {} indexes, a row", indexes + 1), self.rows, || {
            database
                .statement(|statement| {
                    for row in given {
                        statement.insert(users, &[1, 2, 3, 4, 5], row)?;
                    }
                    Ok(())
                })
                .unwrap();
        });
        (database, users)
    }

    fn read(&mut self, database: &Database, users: TableId) {
        let table = database.table(users).unwrap();
        let keys: Vec<Value> = (0..100_000).map(|_| Value::from(self.next(self.rows) as i64 + 1)).collect();
        timed("get by primary key", keys.len(), || {
            for key in &keys {
                black_box(table.get(std::slice::from_ref(key)).unwrap());
            }
        });
        let emails: Vec<Value> =
            (0..100_000).map(|_| format!("user{}@example.com", self.next(self.rows) + 1).into()).collect();
        let by_email = table.index("users_email_index").unwrap();
        timed("get by unique index", emails.len(), || {
            for email in &emails {
                black_box(table.find(by_email, std::slice::from_ref(email)).unwrap());
            }
        });
        let old = field("age").gt(98);
        timed_whole("filter 1 %, no index, expression", || {
            let found = table.unordered().filter(|(_, row)| holds(&old, table.columns(), row) == Some(true));
            found.count()
        });
        timed_whole("filter 1 %, no index, closure", || {
            table.unordered().filter(|(_, row)| row[3].as_integer() > Some(98)).count()
        });
        let by_age = table.index("users_age_index").unwrap();
        timed_whole("filter 1 %, index", || {
            let bound = Value::from(98);
            table.scan(by_age, &Range::all().above(&bound)).map(|(_, row)| row.len()).sum()
        });
        let by_name = table.index("users_name_index").unwrap();
        timed_whole("filter 50 %, order by index, limit 20", || {
            let wanted = table.scan(by_name, &Range::all()).filter(|(_, row)| row[3].as_integer() > Some(50));
            wanted.take(20).map(|(_, row)| row.len()).sum()
        });
        timed_whole("all rows in the order of an index", || {
            table.scan(by_name, &Range::all()).map(|(_, row)| row.len()).sum()
        });
        timed_whole("all rows by primary key", || table.rows().map(|(_, row)| row.len()).sum());
        timed_whole("group by age, count", || {
            let mut counts = [0; 128];
            for (_, row) in table.unordered() {
                counts[row[3].as_integer().unwrap_or(0) as usize & 127] += 1;
            }
            black_box(counts).len()
        });
        let orders: Vec<Value> = keys.iter().take(10_000).cloned().collect();
        timed_whole("join 10,000 by primary key", || {
            let joined = orders.iter().filter_map(|key| table.get(std::slice::from_ref(key)));
            joined.map(|(_, row)| row.len()).sum()
        });
    }

    fn write(&mut self, database: &mut Database, users: TableId) {
        let rows = self.rows;
        let given: Vec<Vec<Value>> = (0..10_000).map(|id| self.user(rows + 1 + id)).collect();
        timed("insert, 4 indexes, a statement each", given.len(), || {
            for row in given {
                database.insert(users, &[1, 2, 3, 4, 5], row).unwrap();
            }
        });
        let ids: Vec<Value> = (0..10_000).map(|_| Value::from(self.next(rows) as i64 + 1)).collect();
        timed("update one row by key", ids.len(), || {
            for key in &ids {
                let (id, _) = database.table(users).unwrap().get(std::slice::from_ref(key)).unwrap();
                database.update(users, id, vec![(4, Decimal::from_i64(7).into())]).unwrap();
            }
        });
        let tenth = |database: &Database, digit: i64| -> Vec<RowId> {
            let table = database.table(users).unwrap();
            let wanted = table.unordered().filter(|(_, row)| row[0].as_integer().unwrap_or(0) % 10 == digit);
            wanted.map(|(id, _)| id).collect()
        };
        for (what, column) in [("update 10 %", 4), ("update 10 %, of an index", 3)] {
            timed_whole(what, || {
                let ids = tenth(database, 3);
                let updated = database.statement(|statement| {
                    for id in &ids {
                        statement.update(users, *id, vec![(column, Value::from(1))])?;
                    }
                    Ok(ids.len())
                });
                updated.unwrap()
            });
        }
        for digit in [4, 5, 6] {
            timed_whole("delete 10 %", || {
                let ids = tenth(database, digit);
                database.statement(|statement| statement.delete_many(users, &ids)).unwrap()
            });
        }
        database.begin().unwrap();
        let posts = Definition::new("posts")
            .column(Column::new("id", Kind::Integer(64)).sequence())
            .column(Column::new("user_id", Kind::Integer(64)))
            .primary_key(["id"])
            .foreign_key(ForeignKey::new("posts_user_id_fkey", ["user_id"], "users", ["id"]));
        let posts = database.define(Ddl::CreateTable(posts)).unwrap().unwrap();
        timed("insert with a foreign key", 10_000, || {
            for id in 0..10_000 {
                database.insert(posts, &[1], vec![Value::from(id * 10 + 1)]).unwrap();
            }
        });
        database.rollback().unwrap();
    }

    fn kept(&mut self) {
        let folder = std::env::temp_dir().join(format!("ectomorph-bench-{}", std::process::id()));
        let open = |durability| Database::open(Files::open(&folder).unwrap(), durability).unwrap();
        let (mut database, users) = self.filled(open(Durability::Relaxed), 3);
        timed_whole("snapshot", || database.snapshot().map_or(0, |()| 1));
        let given: Vec<Vec<Value>> = (0..10_000).map(|id| self.user(self.rows + 1 + id)).collect();
        timed("insert, relaxed, a commit each", given.len(), || {
            for row in given {
                database.insert(users, &[1, 2, 3, 4, 5], row).unwrap();
            }
        });
        let file = database.export();
        println!("{:44} {:9.1} bytes", "a row in a file", file.len() as f64 / (self.rows + 10_000) as f64);
        drop(database);
        timed_whole("open, snapshot and 10,000 commits", || open(Durability::Strict).tables().count());
        timed_whole("import", || Database::new().import(&file).map_or(0, |()| 1));
        let mut database = open(Durability::Strict);
        let given: Vec<Vec<Value>> = (0..100).map(|id| self.user(self.rows + 20_001 + id)).collect();
        timed("insert, strict, a commit each", given.len(), || {
            for row in given {
                database.insert(users, &[1, 2, 3, 4, 5], row).unwrap();
            }
        });
        std::fs::remove_dir_all(folder).ok();
    }
}

fn timed(what: &str, count: usize, run: impl FnOnce()) {
    let start = Instant::now();
    run();
    println!("{what:44} {:9.3} us", start.elapsed().as_secs_f64() * 1e6 / count as f64);
}

fn timed_whole(what: &str, run: impl FnOnce() -> usize) {
    let start = Instant::now();
    let count = black_box(run());
    println!("{what:44} {:9.3} ms ({count})", start.elapsed().as_secs_f64() * 1e3);
}
