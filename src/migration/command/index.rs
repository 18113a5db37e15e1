//! Indexes.

use super::{Condition, Fragment};
use crate::value::Str;

/// An index. Made by [`index`] or [`unique_index`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Index {
    /// Its table.
    pub table: Str,
    /// The prefix of the table.
    pub prefix: Option<Str>,
    /// Its name.
    pub name: Str,
    /// What it orders, in order.
    pub columns: Vec<IndexColumn>,
    /// Whether two rows may not be equal in it.
    pub unique: bool,
    /// Whether the database goes on writing while it is made; needs a migration without transaction and lock.
    pub concurrently: bool,
    /// The kind of index: `hash`, `gin`.
    pub using: Option<Str>,
    /// Further columns whose values it holds.
    pub include: Vec<IndexTerm>,
    /// Leaves out partitions.
    pub only: bool,
    /// Whether nulls are different from each other in a unique index.
    pub nulls_distinct: Option<bool>,
    /// The condition of the rows it holds.
    pub condition: Option<Condition>,
    /// A comment the database keeps.
    pub comment: Option<Str>,
    /// Text of options, such as `fillfactor=70`.
    pub options: Option<Str>,
}

/// What an index orders, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexColumn {
    /// A column or an expression.
    pub term: IndexTerm,
    /// The direction; that of the database if unsaid.
    pub direction: Option<Direction>,
}

/// A column or an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IndexTerm {
    /// A column.
    Column(Str),
    /// An expression, in the words of the database.
    Expression(Str),
}

/// A direction, and where nulls are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Direction {
    Asc,
    AscNullsFirst,
    AscNullsLast,
    Desc,
    DescNullsFirst,
    DescNullsLast,
}

/// An index of `table`, called `<table>_<columns>_index`.
///
/// A column is a name, `Direction::Desc.of("name")`, or an expression of the database: text that is no name
/// (`"lower(email)"`), or a [`fragment`](super::fragment).
///
/// ```
/// use ectomorph::migration::{Direction, index};
/// assert_eq!(index("posts", ["user_id"]).name, "posts_user_id_index");
/// let latest = index("posts", [Direction::Desc.of("inserted_at")]).named("latest_posts");
/// ```
pub fn index<C: Into<IndexColumn>>(table: impl Into<Str>, columns: impl IntoIterator<Item = C>) -> Index {
    let mut index = Index {
        table: table.into(),
        columns: columns.into_iter().map(Into::into).collect(),
        ..Index::default()
    };
    index.name = index.default_name();
    index
}

/// An index in which no two rows are equal.
///
/// ```
/// use ectomorph::migration::unique_index;
/// assert_eq!(unique_index("users", ["lower(email)", "name"]).name, "users_lower_email_name_index");
/// ```
pub fn unique_index<C: Into<IndexColumn>>(
    table: impl Into<Str>,
    columns: impl IntoIterator<Item = C>,
) -> Index {
    index(table, columns).unique()
}

impl Index {
    /// Forbids two rows that are equal in it.
    pub fn unique(mut self) -> Index {
        self.unique = true;
        self
    }

    /// Gives it a name of its own.
    pub fn named(mut self, name: impl Into<Str>) -> Index {
        self.name = name.into();
        self
    }

    /// Says that its table is in a prefix.
    pub fn prefix(mut self, prefix: impl Into<Str>) -> Index {
        self.prefix = Some(prefix.into());
        self
    }

    /// Lets the database go on writing while it is made.
    pub fn concurrently(mut self) -> Index {
        self.concurrently = true;
        self
    }

    /// Sets the kind of index.
    pub fn using(mut self, using: impl Into<Str>) -> Index {
        self.using = Some(using.into());
        self
    }

    /// Holds values of further columns.
    pub fn include<C: Into<IndexTerm>>(mut self, columns: impl IntoIterator<Item = C>) -> Index {
        self.include = columns.into_iter().map(Into::into).collect();
        self
    }

    /// Leaves out partitions.
    pub fn only(mut self) -> Index {
        self.only = true;
        self
    }

    /// Says whether nulls are different from each other in a unique index.
    pub fn nulls_distinct(mut self, distinct: bool) -> Index {
        self.nulls_distinct = Some(distinct);
        self
    }

    /// Holds only rows for which `condition` is true.
    pub fn where_(mut self, condition: impl Into<Condition>) -> Index {
        self.condition = Some(condition.into());
        self
    }

    /// Leaves a comment in the database.
    pub fn comment(mut self, comment: impl Into<Str>) -> Index {
        self.comment = Some(comment.into());
        self
    }

    /// Adds text of options.
    pub fn options(mut self, options: impl Into<Str>) -> Index {
        self.options = Some(options.into());
        self
    }

    /// The name an index of this table and these columns has when it is given none.
    pub fn default_name(&self) -> Str {
        let mut name = word(&self.table);
        for column in &self.columns {
            name.push('_');
            name.push_str(&word(column.term.text()));
        }
        name.push_str("_index");
        name.into()
    }
}

/// A part of a name: bytes that are no letter, digit or underscore become underscores, but not at the end.
fn word(text: &str) -> String {
    let mut word: String = text
        .bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() || byte == b'_' { byte as char } else { '_' })
        .collect();
    word.truncate(word.trim_end_matches('_').len());
    word
}

impl IndexTerm {
    /// The name or the expression.
    pub fn text(&self) -> &Str {
        match self {
            IndexTerm::Column(text) | IndexTerm::Expression(text) => text,
        }
    }
}

impl Direction {
    /// Every direction, with its word in documents.
    pub const ALL: [(&'static str, Direction); 6] = [
        ("asc", Direction::Asc),
        ("asc_nulls_first", Direction::AscNullsFirst),
        ("asc_nulls_last", Direction::AscNullsLast),
        ("desc", Direction::Desc),
        ("desc_nulls_first", Direction::DescNullsFirst),
        ("desc_nulls_last", Direction::DescNullsLast),
    ];

    /// The word of documents.
    pub fn word(self) -> &'static str {
        Direction::ALL[self as usize].0
    }

    /// A column in this direction.
    pub fn of(self, column: impl Into<IndexTerm>) -> IndexColumn {
        IndexColumn { term: column.into(), direction: Some(self) }
    }
}

/// A name is a column, all else an expression.
impl From<&str> for IndexTerm {
    fn from(text: &str) -> IndexTerm {
        let starts = text.starts_with(|first: char| first.is_alphabetic() || first == '_');
        if starts && text.chars().all(|char| char.is_alphanumeric() || matches!(char, '_' | '$')) {
            IndexTerm::Column(text.into())
        } else {
            IndexTerm::Expression(text.into())
        }
    }
}

/// A fragment is an expression.
impl From<Fragment> for IndexTerm {
    fn from(fragment: Fragment) -> IndexTerm {
        IndexTerm::Expression(fragment.0)
    }
}

impl<T: Into<IndexTerm>> From<T> for IndexColumn {
    fn from(term: T) -> IndexColumn {
        IndexColumn { term: term.into(), direction: None }
    }
}
