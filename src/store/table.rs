//! A table: its definition, its rows, and its rows in the order of keys.

use super::bits::Bits;
use super::cells::{Cell, Form};
use super::chunk::Stretch;
use super::definition::{Column, Definition, Fold};
use super::key::{FIRST_OF_MANY, is_exact, order_cells, prefix};
use super::scan::{Range, Rows};
use super::slab::{Row, RowId, Slab};
use super::tree::{Place, Probe, Tree};
use crate::expr::{Expr, Scope};
use crate::value::{Str, Value};
use std::cmp::Ordering;
use std::ops::Bound;
use std::sync::{Arc, OnceLock};

/// Which table: it stays the same as long as the table lives, whatever it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TableId(pub(super) u32);

/// Which index of a table. Changes of definitions may change it: ask anew when
/// [`Database::version`](super::Database::version) has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IndexId(pub(super) usize);

/// A table: rows by number, by primary key and by indexes. Reading copies rows, and lends single values.
///
/// A clone shares the rows and is a snapshot: it does not change.
#[derive(Clone, Debug)]
pub struct Table {
    pub(super) id: TableId,
    pub(super) definition: Arc<Definition>,
    pub(super) plan: Arc<Plan>,
    pub(super) rows: Slab,
    /// As the plan's indexes, or not yet.
    pub(super) trees: Grown,
    /// The next number of each column that has a sequence, by position.
    pub(super) sequences: Vec<i64>,
}

/// Trees, when they are grown.
pub(super) type Grown = OnceLock<Vec<Tree>>;

/// What follows from the definitions: names resolved to positions.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    /// The primary key if there is one, then the indexes of the definition, then our own for foreign keys.
    pub indexes: Vec<Ordered>,
    /// Whether the first index is the primary key.
    pub has_primary: bool,
    /// For each column whether no index has it, in its key or its filter.
    pub plain: Vec<bool>,
    /// Columns that follow others: the place, how, and the place of the other.
    pub folded: Vec<(usize, Fold, usize)>,
    /// Positions in the definition's checks, in the order of names, in which PostgreSQL looks at them.
    pub checks: Vec<usize>,
    /// As the definition's foreign keys.
    pub foreign: Vec<Foreign>,
    /// Foreign keys that refer to this table: the table, the position in its foreign keys.
    pub incoming: Vec<(TableId, usize)>,
}

/// An index with its columns resolved.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ordered {
    pub name: Str,
    pub columns: Vec<usize>,
    pub unique: bool,
    pub nulls_distinct: bool,
    pub filter: Option<Expr>,
    /// Whether it stands in the definition, so that others may see it.
    pub defined: bool,
}

/// A foreign key with its columns resolved.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Foreign {
    /// The columns that refer.
    pub columns: Vec<usize>,
    /// The columns they refer to, in the same order.
    pub referenced: Vec<usize>,
    pub parent: TableId,
    /// The unique index of the parent, and for each of its columns the place in `columns`.
    pub parent_index: usize,
    pub parent_key: Vec<usize>,
    /// The index of this table that begins with the columns, and for each of its first columns the place in `columns`.
    pub child_index: usize,
    pub child_key: Vec<usize>,
}

/// What there is to know about an index.
#[derive(Clone, Copy, Debug)]
pub struct IndexInfo<'a> {
    /// For [`Table::scan`].
    pub id: IndexId,
    /// Its name.
    pub name: &'a Str,
    /// Positions of its columns.
    pub columns: &'a [usize],
    /// Whether no key is there twice; with nulls in it, it may be.
    pub unique: bool,
    /// Whether it is the primary key.
    pub primary: bool,
    /// The rows that are in it, if not all.
    pub filter: Option<&'a Expr>,
}

impl Table {
    /// Which table this is.
    pub fn id(&self) -> TableId {
        self.id
    }

    /// Its definition.
    pub fn definition(&self) -> &Arc<Definition> {
        &self.definition
    }

    /// The columns, in their order in rows.
    pub fn columns(&self) -> &[Column] {
        &self.definition.columns
    }

    /// The position of a column in rows.
    pub fn position(&self, column: &str) -> Option<usize> {
        self.definition.position(column)
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.len() == 0
    }

    /// A row by its number.
    pub fn row(&self, id: RowId) -> Option<Row> {
        self.rows.row(id)
    }

    /// The row that has a number, which [`RowId::number`] gave.
    pub fn id_of(&self, number: i64) -> Option<RowId> {
        u32::try_from(number).ok().map(RowId).filter(|id| self.rows.has(*id))
    }

    /// A value of a row, on loan; null if there is no such.
    #[inline]
    pub fn cell(&self, id: RowId, column: usize) -> Cell<'_> {
        self.rows.cell(id, column)
    }

    /// The row with a primary key, whose values are in the order of the key.
    pub fn get(&self, key: &[Value]) -> Option<(RowId, Row)> {
        self.primary().and_then(|index| self.find(index, key))
    }

    /// The first row with a key of an index, in the order of numbers; the only one if the index is unique. Null equals
    /// null here.
    pub fn find(&self, index: IndexId, key: &[Value]) -> Option<(RowId, Row)> {
        let ordered = self.plan.indexes.get(index.0)?;
        if key.len() != ordered.columns.len() {
            return None;
        }
        let id = self.find_each(index, &|at| key.get(at).unwrap_or(&Value::Null))?;
        Some((id, self.rows.row(id)?))
    }

    /// The number of the row that [`Table::find`] gives, by values that are told by their place in the key.
    pub fn find_each<'v>(&self, index: IndexId, key: &dyn Fn(usize) -> &'v Value) -> Option<RowId> {
        self.find_by(index.0, &|at| Cell::from(key(at)))
    }

    /// The primary key, as an index.
    pub fn primary(&self) -> Option<IndexId> {
        self.plan.has_primary.then_some(IndexId(0))
    }

    /// An index by its name, or the primary key by the name of its constraint.
    pub fn index(&self, name: &str) -> Option<IndexId> {
        self.plan.indexes.iter().position(|index| index.defined && index.name == name).map(IndexId)
    }

    /// The indexes that there are, the primary key first.
    pub fn indexes(&self) -> impl Iterator<Item = IndexInfo<'_>> {
        self.plan.indexes.iter().enumerate().map(|(at, index)| IndexInfo {
            id: IndexId(at),
            name: &index.name,
            columns: &index.columns,
            unique: index.unique,
            primary: at == 0 && self.plan.has_primary,
            filter: index.filter.as_ref(),
        })
    }

    /// All rows, in the order of the primary key; without one, in that of their numbers.
    pub fn rows(&self) -> Rows<'_> {
        match self.primary() {
            Some(index) => self.scan(index, &Range::all()),
            None => self.unordered(),
        }
    }

    /// All rows in the order of their numbers: the fastest way to see all.
    pub fn unordered(&self) -> Rows<'_> {
        Rows::by_number(self)
    }

    /// How two rows stand by a column, of which neither is null.
    pub fn order_by(&self, column: usize, left: RowId, right: RowId) -> Ordering {
        self.rows.order(left, right, &[column])
    }

    /// The same rows in the order in which they lie.
    pub fn as_they_lie(&self, ids: Vec<RowId>) -> Vec<RowId> {
        if ids.is_sorted() {
            return ids;
        }
        let mut chunks = vec![Bits::default(); self.rows.chunks()];
        for id in &ids {
            if let Some(chunk) = chunks.get_mut(id.chunk()) {
                chunk.set(id.place(), true);
            }
        }
        let chunks = chunks.into_iter().enumerate();
        chunks.flat_map(|(chunk, bits)| bits.places().map(move |place| RowId::of(chunk, place))).collect()
    }

    /// All rows as they lie, without a copy.
    pub fn stretches(&self) -> impl Iterator<Item = Stretch<'_>> {
        self.rows.stretches()
    }

    /// The rows of a range of an index, in its order; backwards with [`Iterator::rev`]. No rows if there is no such index.
    ///
    /// ```
    /// use ectomorph::store::{Column, Database, Ddl, Definition, Index, Kind, Range};
    /// use ectomorph::value::Value;
    ///
    /// let mut database = Database::new();
    /// let definition = Definition::new("users")
    ///     .column(Column::new("id", Kind::Integer(64)).sequence())
    ///     .column(Column::new("age", Kind::Integer(32)))
    ///     .primary_key(["id"])
    ///     .index(Index::new("users_age_index", ["age"]));
    /// let users = database.define(Ddl::CreateTable(definition)).unwrap().unwrap();
    /// for age in [51, 20, 38] {
    ///     database.insert(users, &[1], vec![Value::from(age)]).unwrap();
    /// }
    /// let users = database.table(users).unwrap();
    /// let index = users.index("users_age_index").unwrap();
    /// let ids: Vec<_> = users.scan(index, &Range::all().from(&30.into())).map(|(_, row)| row[0].clone()).collect();
    /// assert_eq!(ids, [Value::from(3), Value::from(1)]);
    /// ```
    pub fn scan(&self, index: IndexId, range: &Range<'_>) -> Rows<'_> {
        let Some(tree) = self.trees().get(index.0) else { return Rows::none(self) };
        let (from, to) = self.places(index.0, tree, range);
        Rows::by_key(self, tree, from, to)
    }

    /// How many rows [`Table::scan`] would give, without walking over them.
    pub fn count(&self, index: IndexId, range: &Range<'_>) -> usize {
        let Some(tree) = self.trees().get(index.0) else { return 0 };
        let (from, to) = self.places(index.0, tree, range);
        tree.distance(from, to)
    }

    fn places(&self, index: usize, tree: &Tree, range: &Range<'_>) -> (Place, Place) {
        let place = |last: Option<&Value>, after: bool| self.place(index, tree, range.equal, last, after);
        let from = match range.from {
            Bound::Included(value) => place(Some(value), false),
            Bound::Excluded(value) => place(Some(value), true),
            Bound::Unbounded => place(None, false),
        };
        let to = match (range.to, range.from) {
            (Bound::Included(value), _) => place(Some(value), true),
            (Bound::Excluded(value), _) => place(Some(value), false),
            (Bound::Unbounded, Bound::Unbounded) => place(None, true),
            // Null is not greater than anything.
            (Bound::Unbounded, _) => place(Some(&Value::Null), false),
        };
        (from, to)
    }

    /// The place before, or after, the rows whose key begins with the given values.
    fn place(&self, index: usize, tree: &Tree, equal: &[Value], last: Option<&Value>, after: bool) -> Place {
        let columns = &self.plan.indexes[index].columns;
        let given = (equal.len() + usize::from(last.is_some())).min(columns.len());
        if given == 0 {
            return if after { tree.end() } else { tree.start() };
        }
        let value = |at: usize| equal.get(at).or(last).map_or(Cell::Null, Cell::from);
        let compare = |id: RowId| self.order(id, &columns[..given], &value);
        let bits = prefix((0..given).map(value));
        let whole = given == columns.len();
        let probe = match given {
            _ if whole => Probe::whole(bits, &compare),
            1 => {
                // The bits of a key of one column are others than the half in a key of several.
                let bits = prefix([value(0), Cell::Null]);
                let exact = (bits >> 64) & 1 == 0;
                Probe { bits, mask: FIRST_OF_MANY, exact, compare: &compare }
            }
            2 => Probe { bits, mask: !1, exact: false, compare: &compare },
            _ => Probe { bits, mask: u128::MAX, exact: is_exact(bits), compare: &compare },
        };
        if after { tree.upper(&probe) } else { tree.lower(&probe) }
    }

    /// The first row with a whole key of an index, whose values are given by position in the key.
    pub(super) fn find_by<'v>(&self, at: usize, value: &dyn Fn(usize) -> Cell<'v>) -> Option<RowId> {
        let index = self.plan.indexes.get(at)?;
        let columns = &index.columns;
        if let Some(id) = self.guess(index, value) {
            return Some(id);
        }
        let compare = |id: RowId| self.order(id, columns, value);
        let bits = prefix((0..columns.len()).map(value));
        self.trees().get(at)?.find(&Probe::whole(bits, &compare))
    }

    /// The row with a key, where keys count up with the numbers of rows, as those do that a sequence gives: then the first row
    /// says where it is, and the row itself whether it is the one.
    fn guess<'v>(&self, index: &Ordered, value: &dyn Fn(usize) -> Cell<'v>) -> Option<RowId> {
        let ([column], true, None) = (index.columns.as_slice(), index.unique, &index.filter) else {
            return None;
        };
        let word = |cell: Cell<'_>| match cell {
            Cell::Word(Form::Integer, word) => Some(word),
            _ => None,
        };
        let key = word(value(0))?;
        let first = word(self.rows.cell(RowId(0), *column))?;
        let id = RowId(u32::try_from(key.checked_sub(first)?).ok()?);
        (word(self.rows.cell(id, *column)) == Some(key)).then_some(id)
    }

    /// How some columns of a row stand to values.
    fn order<'v>(&self, id: RowId, columns: &[usize], value: &dyn Fn(usize) -> Cell<'v>) -> Ordering {
        let mut orders = self.rows.key(id, columns).enumerate().map(|(at, own)| order_cells(own, value(at)));
        orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }

    /// Whether a row is in an index.
    pub(super) fn is_in(&self, id: RowId, index: &Ordered) -> bool {
        index.filter.is_none()
            || self.rows.row(id).is_some_and(|row| index.covers(&self.definition.columns, &row))
    }
}

impl Ordered {
    /// Whether a row is in the index.
    pub(super) fn covers(&self, columns: &[Column], row: &[Value]) -> bool {
        match &self.filter {
            None => true,
            Some(filter) => filter.holds(&Named { columns, row }) == Some(true),
        }
    }

    /// Whether no other row may have the key of a row.
    pub(super) fn is_exclusive<'a>(&self, mut key: impl Iterator<Item = Cell<'a>>) -> bool {
        self.unique && !(self.nulls_distinct && key.any(Cell::is_null))
    }

    pub(super) fn key<'a>(&'a self, row: &'a [Value]) -> impl Iterator<Item = Cell<'a>> {
        self.columns.iter().filter_map(|column| row.get(*column).map(Cell::from))
    }

    /// How the keys of two rows stand to each other.
    pub(super) fn order(&self, left: &[Value], right: &[Value]) -> Ordering {
        let mut orders = self.key(left).zip(self.key(right)).map(|(a, b)| order_cells(a, b));
        orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }
}

/// A row whose values are found by the names of columns.
pub(super) struct Named<'a> {
    pub columns: &'a [Column],
    pub row: &'a [Value],
}

impl Scope for Named<'_> {
    fn field(&self, name: &str) -> Option<&Value> {
        self.row.get(self.columns.iter().position(|column| column.name == name)?)
    }
}
