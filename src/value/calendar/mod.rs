//! Calendar values: a day, a time of day, and the two together, with and without a zone.
//!
//! Days are those of the proleptic Gregorian calendar, from the year -9999 to 9999. Times carry a
//! precision, the number of digits after the second: `10:20:30` and `10:20:30.000` are the same time
//! ([`Time::compare`]) but not the same value (`==`), as in Elixir.
//!
//! ```
//! use ectomorph::value::{Date, NaiveDatetime, UtcDatetime};
//!
//! let born = Date::from_iso("2024-02-29").unwrap();
//! assert_eq!((born.year(), born.month(), born.day()), (2024, 2, 29));
//! assert_eq!(Date::from_iso("2023-02-29"), None);
//!
//! let posted = UtcDatetime::from_iso("2024-01-31T10:20:30+02:00").unwrap();
//! assert_eq!(posted.naive(), NaiveDatetime::from_iso("2024-01-31T08:20:30").unwrap());
//! ```

mod date;
mod datetime;
mod scan;
mod time;

pub use date::Date;
pub use datetime::{NaiveDatetime, UtcDatetime};
pub use time::Time;
