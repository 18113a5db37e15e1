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

use alloc::string::String;
use core::fmt;

macro_rules! display {
    ($($value:ty, $sigil:literal => $push:expr;)*) => {
        $(impl fmt::Display for $value {
            /// ISO 8601, with a `T` between date and time.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let mut text = String::new();
                let push: fn(&$value, &mut String, char) = $push;
                push(self, &mut text, 'T');
                f.pad(&text)
            }
        }

        impl fmt::Debug for $value {
            #[doc = concat!("As Elixir prints it: `~", $sigil, "[..]`.")]
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let mut text = String::from(concat!("~", $sigil, "["));
                let push: fn(&$value, &mut String, char) = $push;
                push(self, &mut text, ' ');
                text.push(']');
                f.write_str(&text)
            }
        })*
    };
}

display! {
    Date, "D" => |date, text, _| date.push_iso(text);
    Time, "T" => |time, text, _| time.push_iso(text);
    NaiveDatetime, "N" => |naive, text, separator| naive.push_iso(text, separator);
    UtcDatetime, "U" => |utc, text, separator| utc.push_iso(text, separator);
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::ToString;

    #[test]
    fn calendar_values_display_as_iso() {
        assert_eq!(Date::from_iso("+2024-01-31").unwrap().to_string(), "2024-01-31");
        assert_eq!(Time::from_iso("T10:20:30,5").unwrap().to_string(), "10:20:30.5");
        assert_eq!(
            NaiveDatetime::from_iso("2024-01-31 10:20:30").unwrap().to_string(),
            "2024-01-31T10:20:30"
        );
        assert_eq!(
            UtcDatetime::from_iso("2024-01-31 10:20:30Z").unwrap().to_string(),
            "2024-01-31T10:20:30Z"
        );
    }

    #[test]
    fn calendar_values_debug_as_sigils() {
        assert_eq!(format!("{:?}", Date::from_iso("2024-01-31")), "Some(~D[2024-01-31])");
        assert_eq!(format!("{:?}", Time::from_iso("10:20:30")), "Some(~T[10:20:30])");
        let naive = NaiveDatetime::from_iso("2024-01-31T10:20:30");
        assert_eq!(format!("{naive:?}"), "Some(~N[2024-01-31 10:20:30])");
        let utc = UtcDatetime::from_iso("2024-01-31T10:20:30Z");
        assert_eq!(format!("{utc:?}"), "Some(~U[2024-01-31 10:20:30Z])");
    }
}
