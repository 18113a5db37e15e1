//! How a transaction begins.

/// How a transaction begins, beyond the database's own way.
///
/// ```
/// use ectomorph::adapter::{Begin, Isolation};
/// let begin = Begin { isolation: Some(Isolation::Serializable), ..Begin::default() };
/// assert_eq!(begin.isolation.map(Isolation::sql), Some("SERIALIZABLE"));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Begin {
    /// How much it sees of others; what the database does unless told otherwise.
    pub isolation: Option<Isolation>,
    /// Whether it only reads.
    pub read_only: bool,
    /// How often it was begun before, in vain: the more, the longer an adapter of a server waits before it begins.
    pub attempt: u32,
}

/// How much a transaction sees of others that run at the same time: the four levels of SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Isolation {
    /// Even what they may yet undo.
    ReadUncommitted,
    /// What they have committed when a statement starts.
    ReadCommitted,
    /// What they had committed when the transaction started.
    RepeatableRead,
    /// Nothing: it is as if transactions ran one after the other. Those for which that can't be had fail.
    Serializable,
}

impl Isolation {
    /// The words of SQL.
    pub fn sql(self) -> &'static str {
        match self {
            Isolation::ReadUncommitted => "READ UNCOMMITTED",
            Isolation::ReadCommitted => "READ COMMITTED",
            Isolation::RepeatableRead => "REPEATABLE READ",
            Isolation::Serializable => "SERIALIZABLE",
        }
    }
}
