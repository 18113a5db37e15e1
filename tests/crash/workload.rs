//! A workload of commits of all kinds: rows, several tables, definitions, savepoints, snapshots.

use crate::backend::Random;
use ectomorph::expr::field;
use ectomorph::store::{
    Action, Column, Database, Ddl, Definition, ForeignKey, Index, Kind, RowId, StoreError, TableId,
};
use ectomorph::value::{Decimal, Map, Value};

/// Commits one after the other; the same ones for the same seed.
#[derive(Clone)]
pub struct Workload {
    random: Random,
    commits: usize,
}

impl Workload {
    pub fn new(seed: u64) -> Workload {
        Workload { random: Random(seed), commits: 0 }
    }

    /// The next commit. Snapshots are written on the way, piece by piece.
    pub fn commit(&mut self, database: &mut Database) -> Result<(), StoreError> {
        self.commits += 1;
        let commits = self.commits;
        if commits == 1 {
            return create(database);
        }
        // A snapshot now and then, whether the journal is long or not; that it fails is no matter.
        if commits.is_multiple_of(17) {
            database.snapshot().ok();
        }
        let (users, posts) = (table(database, "users"), table(database, "posts"));
        database.begin()?;
        let result = self.writes(database, users, posts);
        match result {
            Ok(()) => database.commit(),
            Err(error) => {
                database.rollback()?;
                Err(error)
            }
        }
    }

    /// A commit with a long text.
    pub fn commit_text(&mut self, database: &mut Database, length: usize) -> Result<(), StoreError> {
        let posts = table(database, "posts");
        database.insert(posts, &[2], vec!["x".repeat(length).into()]).map(|_| ())
    }

    fn writes(&mut self, database: &mut Database, users: TableId, posts: TableId) -> Result<(), StoreError> {
        if self.commits.is_multiple_of(29) {
            self.redefine(database)?;
        }
        for _ in 0..=self.random.below(4) {
            let mark = database.savepoint()?;
            let name = format!("user {}", self.random.below(1_000_000));
            let age = Value::from(self.random.below(100) as i64);
            // Tables stay small: each state is looked at in full.
            let many = database.table(users).is_some_and(|table| table.len() > 30);
            match if many { 6 } else { self.random.below(8) } {
                0..4 => {
                    let user = database.insert(users, &[1, 2], vec![name.into(), age])?;
                    let id =
                        database.table(users).and_then(|table| table.row(user)).map(|row| row[0].clone());
                    let meta = Value::from(Map::from([("stars", self.random.below(5) as i64)]));
                    let price = Value::from(Decimal::from_parts(false, u128::from(self.random.next()), -7));
                    let title = Value::from("title ".repeat(self.random.below(20)));
                    let values = vec![id.unwrap_or_default(), title, price, meta];
                    database.insert(posts, &[1, 2, 3, 4], values)?;
                }
                4..6 => {
                    if let Some(id) = self.any(database, users) {
                        database.update(users, id, vec![(2, age)])?;
                    }
                }
                6 => {
                    if let Some(id) = self.any(database, users) {
                        database.delete(users, id)?;
                    }
                }
                _ => {
                    // Taken back: a name that is there already.
                    database.insert(users, &[1], vec![name.into()])?;
                    database.rollback_to(mark)?;
                }
            }
        }
        // Whatever happened, no commit is empty.
        let count = Value::from(self.commits as i64);
        let counters = table(database, "counters");
        let id = database.table(counters).and_then(|table| table.unordered().next()).map(|(id, _)| id);
        match id {
            Some(id) => database.update(counters, id, vec![(0, count)]).map(|_| ()),
            None => database.insert(counters, &[0], vec![count]).map(|_| ()),
        }
    }

    fn redefine(&mut self, database: &mut Database) -> Result<(), StoreError> {
        let table = || "users".into();
        let extra = database.table_named(&table()).and_then(|table| table.columns().get(3).cloned());
        if let Some(column) = extra {
            database.define(Ddl::DropColumn { table: table(), column: column.name })?;
            return Ok(());
        }
        let name = format!("column_{}", self.commits);
        let column = Column::new(name.as_str(), Kind::Integer(32)).default(self.commits as i64);
        database.define(Ddl::AddColumn { table: table(), column })?;
        let index = Index::new(format!("users_{name}_index"), [name.as_str()]);
        database.define(Ddl::CreateIndex { table: table(), index })?;
        Ok(())
    }

    fn any(&mut self, database: &Database, table: TableId) -> Option<RowId> {
        let table = database.table(table)?;
        table.rows().nth(self.random.below(table.len())).map(|(id, _)| id)
    }
}

fn table(database: &Database, name: &str) -> TableId {
    database.table_id(&name.into()).unwrap_or_else(|| panic!("{name} is there"))
}

fn create(database: &mut Database) -> Result<(), StoreError> {
    let users = Definition::new("users")
        .column(Column::new("id", Kind::Integer(64)).sequence())
        .column(Column::new("name", Kind::Text(Some(255))).not_null())
        .column(Column::new("age", Kind::Integer(32)))
        .primary_key(["id"])
        .index(Index::new("users_age_index", ["age", "id"]).filter(field("age").gt(50)))
        .check("users_age", field("age").gte(0));
    let posts = Definition::new("posts")
        .column(Column::new("id", Kind::Integer(64)).sequence())
        .column(Column::new("user_id", Kind::Integer(64)))
        .column(Column::new("title", Kind::Text(None)))
        .column(Column::new("price", Kind::Decimal(None)))
        .column(Column::new("meta", Kind::Json))
        .primary_key(["id"])
        .foreign_key(
            ForeignKey::new("posts_user_id_fkey", ["user_id"], "users", ["id"]).on_delete(Action::Cascade),
        );
    let counters = Definition::new("counters").column(Column::new("count", Kind::Integer(64)));
    database.begin()?;
    for definition in [users, posts, counters] {
        if let Err(error) = database.define(Ddl::CreateTable(definition)) {
            database.rollback()?;
            return Err(error);
        }
    }
    database.commit()
}
