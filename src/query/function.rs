//! The operators and functions of expressions.

/// What an operator or function gives, and where it may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// `and`, `or`, `not`: of booleans, a boolean.
    Logic,
    /// `==`, `<` ..: of two values of one type, a boolean.
    Comparison,
    /// `is_nil`, `like`, `in` ..: a boolean.
    Predicate,
    /// `+`, `-`, `*`, `/`.
    Arithmetic,
    /// `count`, `sum` ..: of a group of rows.
    Aggregate,
    /// `row_number`, `lag` ..: of the rows of a window.
    Window,
    /// `coalesce`.
    Other,
}

macro_rules! functions {
    ($($name:ident $text:literal $class:ident $least:literal $most:literal $about:literal;)*) => {
        /// An operator or function: its name in documents is Ecto's.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Function {
            $(#[doc = $about] $name,)*
        }

        impl Function {
            /// Every one.
            pub const ALL: &'static [Function] = &[$(Function::$name),*];

            /// The name in documents.
            pub fn name(self) -> &'static str {
                match self { $(Function::$name => $text,)* }
            }

            /// What it gives.
            pub fn class(self) -> Class {
                match self { $(Function::$name => Class::$class,)* }
            }

            /// The least and the greatest number of arguments.
            pub fn arity(self) -> (usize, usize) {
                match self { $(Function::$name => ($least, $most),)* }
            }
        }
    };
}

functions! {
    And "and" Logic 2 2 "Both.";
    Or "or" Logic 2 2 "One or both.";
    Not "not" Logic 1 1 "Not.";
    Eq "==" Comparison 2 2 "Equal.";
    Ne "!=" Comparison 2 2 "Not equal.";
    Lt "<" Comparison 2 2 "Less.";
    Lte "<=" Comparison 2 2 "Less or equal.";
    Gt ">" Comparison 2 2 "Greater.";
    Gte ">=" Comparison 2 2 "Greater or equal.";
    In "in" Predicate 2 2 "Among a list, the elements of an array, or the rows of a subquery of one column.";
    IsNil "is_nil" Predicate 1 1 "Null.";
    Like "like" Predicate 2 2 "Matches a pattern with `%` and `_`.";
    Ilike "ilike" Predicate 2 2 "Matches a pattern, whatever the case.";
    Exists "exists" Predicate 1 1 "The subquery has rows.";
    Add "+" Arithmetic 2 2 "Sum.";
    Subtract "-" Arithmetic 2 2 "Difference.";
    Multiply "*" Arithmetic 2 2 "Product.";
    Divide "/" Arithmetic 2 2 "Quotient; of integers, without the fraction.";
    Coalesce "coalesce" Other 2 2 "The first that is not null.";
    All "all" Other 1 1 "Compared with: every row of the subquery.";
    Any "any" Other 1 1 "Compared with: some row of the subquery.";
    Count "count" Aggregate 0 1 "The number of rows, or of those where the argument is not null.";
    CountDistinct "count_distinct" Aggregate 1 1 "The number of distinct values that are not null.";
    Sum "sum" Aggregate 1 1 "The sum.";
    Avg "avg" Aggregate 1 1 "The average.";
    Min "min" Aggregate 1 1 "The least.";
    Max "max" Aggregate 1 1 "The greatest.";
    RowNumber "row_number" Window 0 0 "The number of the row, from 1.";
    Rank "rank" Window 0 0 "The number of the row, the same among peers, with gaps.";
    DenseRank "dense_rank" Window 0 0 "The number of the group of peers.";
    PercentRank "percent_rank" Window 0 0 "The rank between 0 and 1.";
    CumeDist "cume_dist" Window 0 0 "The part of the rows up to this one.";
    Ntile "ntile" Window 1 1 "The number of the bucket out of so many.";
    Lag "lag" Window 1 3 "The value some rows before, or a default.";
    Lead "lead" Window 1 3 "The value some rows after, or a default.";
    FirstValue "first_value" Window 1 1 "The value of the frame's first row.";
    LastValue "last_value" Window 1 1 "The value of the frame's last row.";
    NthValue "nth_value" Window 2 2 "The value of the frame's row of that number.";
}

impl Function {
    /// The function of that name in documents.
    pub fn from_name(name: &str) -> Option<Function> {
        Function::ALL.iter().copied().find(|function| function.name() == name)
    }

    /// Whether it stands between its two arguments when printed.
    pub fn is_infix(self) -> bool {
        use Function::*;
        matches!(self, And | Or | Eq | Ne | Lt | Lte | Gt | Gte | In | Add | Subtract | Multiply | Divide)
    }

    /// Whether it gives a boolean.
    pub fn is_boolean(self) -> bool {
        matches!(self.class(), Class::Logic | Class::Comparison | Class::Predicate)
    }

    /// Whether `filter` and `over` take it.
    pub fn is_aggregate(self) -> bool {
        matches!(self.class(), Class::Aggregate | Class::Window)
    }
}
