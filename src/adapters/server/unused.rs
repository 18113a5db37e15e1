//! What sqlx would read rows and write params with, for databases that its pool keeps connections of and whose drivers are
//! others: of these there are none.

/// Gives a module `Never` and `NoParams` of a database of sqlx.
macro_rules! unused {
    ($database:ty) => {
        use sqlx::error::BoxDynError;
        use sqlx::query::{Query, QueryAs, QueryScalar};
        use sqlx::{ColumnIndex, Either, Encode, FromRow, IntoArguments, Type};
        use std::borrow::Cow;
        use std::fmt;

        /// A row, column, value, type or prepared statement of sqlx: there is none.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Never {}

        impl fmt::Display for Never {
            fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
                match *self {}
            }
        }

        impl sqlx::Row for Never {
            type Database = $database;

            fn columns(&self) -> &[Never] {
                match *self {}
            }

            fn try_get_raw<I: ColumnIndex<Self>>(&self, _: I) -> Result<Never, sqlx::Error> {
                match *self {}
            }
        }

        impl sqlx::Column for Never {
            type Database = $database;

            fn ordinal(&self) -> usize {
                match *self {}
            }

            fn name(&self) -> &str {
                match *self {}
            }

            fn type_info(&self) -> &Never {
                match *self {}
            }
        }

        impl sqlx::TypeInfo for Never {
            fn is_null(&self) -> bool {
                match *self {}
            }

            fn name(&self) -> &str {
                match *self {}
            }
        }

        impl sqlx::Value for Never {
            type Database = $database;

            fn as_ref(&self) -> Never {
                match *self {}
            }

            fn type_info(&self) -> Cow<'_, Never> {
                match *self {}
            }

            fn is_null(&self) -> bool {
                match *self {}
            }
        }

        impl sqlx::ValueRef<'_> for Never {
            type Database = $database;

            fn to_owned(&self) -> Never {
                match *self {}
            }

            fn type_info(&self) -> Cow<'_, Never> {
                match *self {}
            }

            fn is_null(&self) -> bool {
                match *self {}
            }
        }

        impl<'q> sqlx::Statement<'q> for Never {
            type Database = $database;

            fn to_owned(&self) -> Never {
                match *self {}
            }

            fn sql(&self) -> &str {
                match *self {}
            }

            fn parameters(&self) -> Option<Either<&[Never], usize>> {
                match *self {}
            }

            fn columns(&self) -> &[Never] {
                match *self {}
            }

            fn query(&self) -> Query<'_, $database, NoParams> {
                match *self {}
            }

            fn query_with<'s, A>(&'s self, _: A) -> Query<'s, $database, A>
            where
                A: IntoArguments<'s, $database>,
            {
                match *self {}
            }

            fn query_as<O>(&self) -> QueryAs<'_, $database, O, NoParams>
            where
                O: for<'r> FromRow<'r, Never>,
            {
                match *self {}
            }

            fn query_as_with<'s, O, A>(&'s self, _: A) -> QueryAs<'s, $database, O, A>
            where
                O: for<'r> FromRow<'r, Never>,
                A: IntoArguments<'s, $database>,
            {
                match *self {}
            }

            fn query_scalar<O>(&self) -> QueryScalar<'_, $database, O, NoParams>
            where
                (O,): for<'r> FromRow<'r, Never>,
            {
                match *self {}
            }

            fn query_scalar_with<'s, O, A>(&'s self, _: A) -> QueryScalar<'s, $database, O, A>
            where
                (O,): for<'r> FromRow<'r, Never>,
                A: IntoArguments<'s, $database>,
            {
                match *self {}
            }
        }

        /// Params of a statement of sqlx, which has none.
        #[derive(Debug, Default)]
        pub struct NoParams;

        impl<'q> sqlx::Arguments<'q> for NoParams {
            type Database = $database;

            fn reserve(&mut self, _: usize, _: usize) {}

            fn add<T>(&mut self, _: T) -> Result<(), BoxDynError>
            where
                T: 'q + Encode<'q, $database> + Type<$database>,
            {
                Err("params go to the driver itself".into())
            }

            fn len(&self) -> usize {
                0
            }
        }
    };
}
pub(in crate::adapters) use unused;
