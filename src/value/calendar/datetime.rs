//! A day and a time together, without a zone and in UTC.

use super::scan::Scan;
use super::{Date, Time};
use alloc::string::String;
use core::cmp::Ordering;

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// A date and time without a zone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NaiveDatetime {
    date: Date,
    time: Time,
}

impl NaiveDatetime {
    /// The date at the time.
    pub fn new(date: Date, time: Time) -> NaiveDatetime {
        NaiveDatetime { date, time }
    }

    /// Reads `2024-01-31T10:20:30.123` (a space may stand for the `T`); an offset is read and ignored:
    /// Elixir's `NaiveDateTime.from_iso8601`.
    pub fn from_iso(text: &str) -> Option<NaiveDatetime> {
        scan(text).map(|(naive, _)| naive)
    }

    /// The date.
    pub fn date(&self) -> Date {
        self.date
    }

    /// The time of day.
    pub fn time(&self) -> Time {
        self.time
    }

    /// Which of the two is earlier; precision does not matter.
    pub fn compare(&self, other: &NaiveDatetime) -> Ordering {
        self.date.cmp(&other.date).then_with(|| self.time.compare(&other.time))
    }

    /// The same without its fraction of a second.
    pub fn truncated(self) -> NaiveDatetime {
        NaiveDatetime { time: self.time.truncated(), ..self }
    }

    /// The same with six digits after the second.
    pub fn padded(self) -> NaiveDatetime {
        NaiveDatetime { time: self.time.padded(), ..self }
    }

    /// Appends `2024-01-31T10:20:30`, or with another separator than `T`.
    pub fn push_iso(&self, into: &mut String, separator: char) {
        self.date.push_iso(into);
        into.push(separator);
        self.time.push_iso(into);
    }

    /// The same moment of the year of the opposite sign.
    pub(crate) fn with_opposite_year(self) -> NaiveDatetime {
        NaiveDatetime { date: self.date.with_opposite_year(), ..self }
    }

    fn microseconds(&self) -> i64 {
        self.date.unix_days() * DAY + self.time.microsecond_of_day()
    }

    fn from_microseconds(microseconds: i64, precision: u8) -> Option<NaiveDatetime> {
        let date = Date::from_unix_days(microseconds.div_euclid(DAY))?;
        let time = Time::from_microsecond_of_day(microseconds.rem_euclid(DAY), precision)?;
        Some(NaiveDatetime { date, time })
    }
}

/// An instant, in UTC.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UtcDatetime {
    naive: NaiveDatetime,
}

impl UtcDatetime {
    /// The instant at which clocks in UTC show `naive`.
    pub fn new(naive: NaiveDatetime) -> UtcDatetime {
        UtcDatetime { naive }
    }

    /// Reads `2024-01-31T10:20:30Z` or with an offset, which is folded into the instant. `None` without an
    /// offset, or when the instant falls out of the range of years: Elixir's `DateTime.from_iso8601`.
    pub fn from_iso(text: &str) -> Option<UtcDatetime> {
        let (naive, offset) = scan(text)?;
        UtcDatetime::shifted(naive, offset?)
    }

    /// Reads as [`UtcDatetime::from_iso`] does, and takes a text without an offset for UTC.
    pub fn from_iso_or_utc(text: &str) -> Option<UtcDatetime> {
        let (naive, offset) = scan(text)?;
        UtcDatetime::shifted(naive, offset.unwrap_or(0))
    }

    /// What clocks in UTC show.
    pub fn naive(&self) -> NaiveDatetime {
        self.naive
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    pub fn unix_microseconds(&self) -> i64 {
        self.naive.microseconds()
    }

    /// The instant so many microseconds after 1970-01-01T00:00:00Z, with a precision of 0 to 6 digits: what
    /// it does not show is dropped. `None` out of the range of years.
    ///
    /// ```
    /// use ectomorph::value::UtcDatetime;
    /// assert_eq!(UtcDatetime::from_unix(1_000_000, 0), UtcDatetime::from_iso("1970-01-01T00:00:01Z"));
    /// ```
    pub fn from_unix(microseconds: i64, precision: u8) -> Option<UtcDatetime> {
        NaiveDatetime::from_microseconds(microseconds, precision).map(UtcDatetime::new)
    }

    /// Which of the two is earlier; precision does not matter.
    pub fn compare(&self, other: &UtcDatetime) -> Ordering {
        self.naive.compare(&other.naive)
    }

    /// The same without its fraction of a second.
    pub fn truncated(self) -> UtcDatetime {
        UtcDatetime { naive: self.naive.truncated() }
    }

    /// The same with six digits after the second.
    pub fn padded(self) -> UtcDatetime {
        UtcDatetime { naive: self.naive.padded() }
    }

    /// Appends `2024-01-31T10:20:30Z`, or with another separator than `T`.
    pub fn push_iso(&self, into: &mut String, separator: char) {
        self.naive.push_iso(into, separator);
        into.push('Z');
    }

    /// The instant at which clocks that are `offset` minutes ahead of UTC show `naive`.
    fn shifted(naive: NaiveDatetime, offset: i16) -> Option<UtcDatetime> {
        UtcDatetime::from_unix(naive.microseconds() - i64::from(offset) * 60_000_000, naive.time.precision())
    }
}

/// A date-time and its offset in minutes, if it has one.
fn scan(text: &str) -> Option<(NaiveDatetime, Option<i16>)> {
    let mut scan = Scan::new(text);
    let date = scan.date()?;
    if !scan.accept(b'T') && !scan.accept(b' ') {
        return None;
    }
    let time = scan.time()?;
    let offset = scan.offset()?;
    Some((NaiveDatetime { date, time }, offset))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> UtcDatetime {
        UtcDatetime::from_iso(text).unwrap()
    }

    #[test]
    fn an_offset_is_folded_into_the_instant() {
        assert_eq!(utc("2024-01-31T23:30:00.12-02:00"), utc("2024-02-01T01:30:00.12Z"));
        assert_eq!(utc("2024-01-31T10:20:30+05:30"), utc("2024-01-31T04:50:30Z"));
        assert_eq!(UtcDatetime::from_iso("9999-12-31T23:59:59-01:00"), None);
        assert_eq!(UtcDatetime::from_iso("2024-01-31T10:20:30"), None);
    }

    #[test]
    fn unix_microseconds_go_both_ways() {
        for text in
            ["-9999-01-01T00:00:00.000000Z", "1969-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"]
        {
            let instant = utc(text);
            assert_eq!(UtcDatetime::from_unix(instant.unix_microseconds(), 6), Some(instant));
        }
        assert_eq!(utc("1969-12-31T23:59:59.999999Z").unix_microseconds(), -1);
        assert_eq!(UtcDatetime::from_unix(i64::MAX, 0), None);
        assert_eq!(UtcDatetime::from_unix(i64::MIN, 0), None);
    }

    #[test]
    fn instants_compare_whatever_their_precision() {
        assert_eq!(utc("2024-01-31T10:20:30Z").compare(&utc("2024-01-31T10:20:30.000Z")), Ordering::Equal);
        assert_eq!(utc("-0001-01-01T00:00:00Z").compare(&utc("0000-01-01T00:00:00Z")), Ordering::Less);
    }
}
