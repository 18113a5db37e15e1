//! A time of day.

use super::scan::Scan;
use crate::value::integer::push_padded;
use alloc::string::String;
use core::cmp::Ordering;

/// Microseconds of the last digit that a precision of 0 to 6 digits shows.
const UNITS: [u32; 7] = [1_000_000, 100_000, 10_000, 1_000, 100, 10, 1];

/// A time of day with up to six digits after the second.
///
/// `==` and the order of sorting see the precision; [`Time::compare`] does not.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time {
    hour: u8,
    minute: u8,
    second: u8,
    microsecond: u32,
    precision: u8,
}

impl Time {
    /// The time of that name, if there is one. `precision` is the number of digits after the second, 0 to 6;
    /// what it does not show of the microseconds is dropped.
    ///
    /// ```
    /// use ectomorph::value::Time;
    /// assert!(Time::new(23, 59, 59, 0, 0).is_some());
    /// assert!(Time::new(24, 0, 0, 0, 0).is_none());
    /// ```
    pub fn new(hour: i64, minute: i64, second: i64, microsecond: i64, precision: u8) -> Option<Time> {
        let valid = (0..24).contains(&hour)
            && (0..60).contains(&minute)
            && (0..60).contains(&second)
            && (0..1_000_000).contains(&microsecond)
            && precision <= 6;
        if !valid {
            return None;
        }
        Some(Time {
            hour: hour as u8,
            minute: minute as u8,
            second: second as u8,
            microsecond: microsecond as u32 / UNITS[usize::from(precision)] * UNITS[usize::from(precision)],
            precision,
        })
    }

    /// Reads `10:20:30`, `T10:20:30.123` and the like; an offset is read and ignored:
    /// Elixir's `Time.from_iso8601`.
    pub fn from_iso(text: &str) -> Option<Time> {
        let mut scan = Scan::new(text.strip_prefix('T').unwrap_or(text));
        let time = scan.time()?;
        scan.offset()?;
        Some(time)
    }

    /// The hour, 0 to 23.
    pub fn hour(&self) -> u8 {
        self.hour
    }

    /// The minute, 0 to 59.
    pub fn minute(&self) -> u8 {
        self.minute
    }

    /// The second, 0 to 59.
    pub fn second(&self) -> u8 {
        self.second
    }

    /// Microseconds after the second.
    pub fn microsecond(&self) -> u32 {
        self.microsecond
    }

    /// How many digits after the second are shown, 0 to 6.
    pub fn precision(&self) -> u8 {
        self.precision
    }

    /// Which of the two is earlier; precision does not matter.
    pub fn compare(&self, other: &Time) -> Ordering {
        self.microsecond_of_day().cmp(&other.microsecond_of_day())
    }

    /// The time without its fraction of a second.
    pub fn truncated(self) -> Time {
        Time { microsecond: 0, precision: 0, ..self }
    }

    /// The time with six digits after the second.
    pub fn padded(self) -> Time {
        Time { precision: 6, ..self }
    }

    /// Appends `10:20:30.123`.
    pub fn push_iso(&self, into: &mut String) {
        push_padded(into, self.hour.into(), 2);
        into.push(':');
        push_padded(into, self.minute.into(), 2);
        into.push(':');
        push_padded(into, self.second.into(), 2);
        if self.precision > 0 {
            into.push('.');
            let shown = self.microsecond / UNITS[usize::from(self.precision)];
            push_padded(into, shown, self.precision.into());
        }
    }

    pub(crate) fn microsecond_of_day(&self) -> i64 {
        let seconds = (i64::from(self.hour) * 60 + i64::from(self.minute)) * 60 + i64::from(self.second);
        seconds * 1_000_000 + i64::from(self.microsecond)
    }

    pub(crate) fn from_microsecond_of_day(microsecond: i64, precision: u8) -> Option<Time> {
        let second = microsecond / 1_000_000;
        Time::new(second / 3600, second / 60 % 60, second % 60, microsecond % 1_000_000, precision)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn times_compare_by_instant_and_equal_by_precision() {
        let short = Time::from_iso("10:20:30").unwrap();
        let long = Time::from_iso("10:20:30.000").unwrap();
        assert_eq!(short.compare(&long), Ordering::Equal);
        assert_ne!(short, long);
        assert_eq!(long.truncated(), short);
        assert_eq!(short.compare(&Time::from_iso("10:20:30.000001").unwrap()), Ordering::Less);
    }

    #[test]
    fn what_the_precision_does_not_show_is_dropped() {
        let time = Time::new(10, 20, 30, 123_456, 3).unwrap();
        assert_eq!((time.microsecond(), time.padded().to_string().as_str()), (123_000, "10:20:30.123000"));
        assert_eq!(Time::new(10, 20, 30, 999_999, 0), Time::from_iso("10:20:30"));
        assert_eq!(Time::new(10, 20, 30, 0, 7), None);
    }

    #[test]
    fn the_text_of_a_time_shows_its_precision() {
        for text in ["00:00:00", "10:20:30.5", "10:20:30.050", "23:59:59.999999"] {
            let mut printed = String::new();
            Time::from_iso(text).unwrap().push_iso(&mut printed);
            assert_eq!(printed, text);
        }
    }
}
