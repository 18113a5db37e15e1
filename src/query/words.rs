//! The words of clauses.

/// How a source is joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JoinKind {
    /// Pairs that match.
    Inner,
    /// And rows of the left that match nothing.
    Left,
    /// And rows of the right that match nothing.
    Right,
    /// And both.
    Full,
    /// All pairs.
    Cross,
    /// Inner, of a subquery that sees the row on the left.
    InnerLateral,
    /// Left, of a subquery that sees the row on the left.
    LeftLateral,
    /// Cross, of a subquery that sees the row on the left.
    CrossLateral,
}

impl JoinKind {
    /// Every kind.
    pub const ALL: [JoinKind; 8] = [
        JoinKind::Inner,
        JoinKind::Left,
        JoinKind::Right,
        JoinKind::Full,
        JoinKind::Cross,
        JoinKind::InnerLateral,
        JoinKind::LeftLateral,
        JoinKind::CrossLateral,
    ];

    /// The word of documents.
    pub fn name(self) -> &'static str {
        match self {
            JoinKind::Inner => "inner",
            JoinKind::Left => "left",
            JoinKind::Right => "right",
            JoinKind::Full => "full",
            JoinKind::Cross => "cross",
            JoinKind::InnerLateral => "inner_lateral",
            JoinKind::LeftLateral => "left_lateral",
            JoinKind::CrossLateral => "cross_lateral",
        }
    }

    /// Whether the joined subquery sees the row on the left.
    pub fn is_lateral(self) -> bool {
        matches!(self, JoinKind::InnerLateral | JoinKind::LeftLateral | JoinKind::CrossLateral)
    }
}

/// The direction of an order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// Least first; nulls where the database puts them: last in PostgreSQL.
    #[default]
    Asc,
    /// Least first, nulls before.
    AscNullsFirst,
    /// Least first, nulls after.
    AscNullsLast,
    /// Greatest first; nulls where the database puts them: first in PostgreSQL.
    Desc,
    /// Greatest first, nulls before.
    DescNullsFirst,
    /// Greatest first, nulls after.
    DescNullsLast,
}

impl Direction {
    /// Every direction.
    pub const ALL: [Direction; 6] = [
        Direction::Asc,
        Direction::AscNullsFirst,
        Direction::AscNullsLast,
        Direction::Desc,
        Direction::DescNullsFirst,
        Direction::DescNullsLast,
    ];

    /// The word of documents.
    pub fn name(self) -> &'static str {
        match self {
            Direction::Asc => "asc",
            Direction::AscNullsFirst => "asc_nulls_first",
            Direction::AscNullsLast => "asc_nulls_last",
            Direction::Desc => "desc",
            Direction::DescNullsFirst => "desc_nulls_first",
            Direction::DescNullsLast => "desc_nulls_last",
        }
    }

    /// Whether the greatest comes first.
    pub fn is_desc(self) -> bool {
        matches!(self, Direction::Desc | Direction::DescNullsFirst | Direction::DescNullsLast)
    }

    /// Whether nulls come first, with PostgreSQL's choice where nothing is said.
    pub fn nulls_first(self) -> bool {
        matches!(self, Direction::AscNullsFirst | Direction::Desc | Direction::DescNullsFirst)
    }

    /// The other way round.
    pub fn reverse(self) -> Direction {
        match self {
            Direction::Asc => Direction::Desc,
            Direction::AscNullsFirst => Direction::DescNullsLast,
            Direction::AscNullsLast => Direction::DescNullsFirst,
            Direction::Desc => Direction::Asc,
            Direction::DescNullsFirst => Direction::AscNullsLast,
            Direction::DescNullsLast => Direction::AscNullsFirst,
        }
    }
}

/// How rows of two queries come together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SetOperation {
    /// Rows of either, once.
    Union,
    /// Rows of either.
    UnionAll,
    /// Rows of the first that the second has not, once.
    Except,
    /// Rows of the first but for so many of the second.
    ExceptAll,
    /// Rows of both, once.
    Intersect,
    /// Rows of both, as often as both have them.
    IntersectAll,
}

impl SetOperation {
    /// Every operation.
    pub const ALL: [SetOperation; 6] = [
        SetOperation::Union,
        SetOperation::UnionAll,
        SetOperation::Except,
        SetOperation::ExceptAll,
        SetOperation::Intersect,
        SetOperation::IntersectAll,
    ];

    /// The word of documents.
    pub fn name(self) -> &'static str {
        match self {
            SetOperation::Union => "union",
            SetOperation::UnionAll => "union_all",
            SetOperation::Except => "except",
            SetOperation::ExceptAll => "except_all",
            SetOperation::Intersect => "intersect",
            SetOperation::IntersectAll => "intersect_all",
        }
    }
}

/// What an update does to a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UpdateOp {
    /// Sets it.
    Set,
    /// Adds to it.
    Inc,
    /// Appends an element to an array.
    Push,
    /// Takes an element out of an array, everywhere.
    Pull,
}

impl UpdateOp {
    /// Every one.
    pub const ALL: [UpdateOp; 4] = [UpdateOp::Set, UpdateOp::Inc, UpdateOp::Push, UpdateOp::Pull];

    /// The word of documents.
    pub fn name(self) -> &'static str {
        match self {
            UpdateOp::Set => "set",
            UpdateOp::Inc => "inc",
            UpdateOp::Push => "push",
            UpdateOp::Pull => "pull",
        }
    }
}
