//! A day.

use super::scan::Scan;
use crate::value::integer::push_padded;
use alloc::string::String;

/// The days, counted from 1970-01-01, that begin the year -9999 and end the year 9999.
const FIRST: i64 = -4371587;
const LAST: i64 = 2932896;
/// Times 400 years that are added so that days and years are positive.
const ERAS: i64 = 26;

/// A day of the proleptic Gregorian calendar, from the year -9999 to 9999.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: i16,
    month: u8,
    day: u8,
}

impl Date {
    /// The day of that name, if there is one.
    ///
    /// ```
    /// use ectomorph::value::Date;
    /// assert!(Date::new(2024, 2, 29).is_some());
    /// assert!(Date::new(2023, 2, 29).is_none());
    /// ```
    pub fn new(year: i64, month: i64, day: i64) -> Option<Date> {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        ((-9999..=9999).contains(&year) && (1..=days).contains(&day)).then_some(Date {
            year: year as i16,
            month: month as u8,
            day: day as u8,
        })
    }

    /// Reads `2024-01-31`, with an optional sign: Elixir's `Date.from_iso8601`.
    pub fn from_iso(text: &str) -> Option<Date> {
        let mut scan = Scan::new(text);
        let date = scan.date()?;
        scan.is_done().then_some(date)
    }

    /// The year; 0 is the year before 1.
    pub fn year(&self) -> i32 {
        self.year.into()
    }

    /// The month, 1 to 12.
    pub fn month(&self) -> u8 {
        self.month
    }

    /// The day of the month, from 1.
    pub fn day(&self) -> u8 {
        self.day
    }

    /// Days since 1970-01-01.
    pub fn unix_days(&self) -> i64 {
        // Counted in years that begin in March, so that the leap day is the last day of its year.
        let month = i64::from(self.month);
        let year = i64::from(self.year) - i64::from(month <= 2);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + i64::from(self.day) - 1;
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
    }

    /// The day `days` after 1970-01-01, if its year is in range.
    pub fn from_unix_days(days: i64) -> Option<Date> {
        if !(FIRST..=LAST).contains(&days) {
            return None;
        }
        // Of Neri and Schneider, "Euclidean affine functions and their application to calendar algorithms" (2022): days since a
        // first of March before them all, then years, months and days by multiplications that divide.
        let days = (days + 719_468 + 146_097 * ERAS) as u32;
        let (century, of_century) = ((4 * days + 3) / 146_097, (4 * days + 3) % 146_097 / 4);
        let product = 2_939_745 * u64::from(4 * of_century + 3);
        let (of_hundred, of_year) = ((product >> 32) as u32, product as u32 / 2_939_745 / 4);
        let shifted = 2_141 * of_year + 197_913;
        let (month, day) = (shifted >> 16, (shifted & 0xffff) / 2_141 + 1);
        // January and February are of the next year.
        let next = of_year >= 306;
        let year = i64::from(100 * century + of_hundred) - 400 * ERAS + i64::from(next);
        let month = if next { month - 12 } else { month };
        Some(Date { year: year as i16, month: month as u8, day: day as u8 })
    }

    /// Appends `2024-01-31`.
    pub fn push_iso(&self, into: &mut String) {
        if self.year < 0 {
            into.push('-');
        }
        push_padded(into, self.year.unsigned_abs().into(), 4);
        into.push('-');
        push_padded(into, self.month.into(), 2);
        into.push('-');
        push_padded(into, self.day.into(), 2);
    }

    /// The same day of the year of the opposite sign.
    pub(crate) fn with_opposite_year(self) -> Date {
        Date { year: -self.year, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_over_the_whole_range_without_a_gap() {
        let first = Date::from_iso("-9999-01-01").unwrap().unix_days();
        let last = Date::from_iso("9999-12-31").unwrap().unix_days();
        assert_eq!(Date::from_iso("1970-01-01").unwrap().unix_days(), 0);
        assert_eq!(Date::from_unix_days(first - 1), None);
        assert_eq!(Date::from_unix_days(last + 1), None);
        let mut before = None;
        for days in first..=last {
            let date = Date::from_unix_days(days).unwrap();
            assert_eq!(date.unix_days(), days);
            assert!(before < Some(date));
            before = Some(date);
        }
    }

    #[test]
    fn the_text_of_a_date_reads_back() {
        for text in ["2024-01-31", "0000-01-01", "-0001-12-31", "9999-12-31"] {
            let mut printed = String::new();
            Date::from_iso(text).unwrap().push_iso(&mut printed);
            assert_eq!(printed, text);
        }
    }

    #[test]
    fn extremes_of_integers_are_no_dates() {
        assert_eq!(Date::new(i64::MAX, 1, 1), None);
        assert_eq!(Date::new(2024, i64::MIN, 1), None);
        assert_eq!(Date::new(2024, 1, i64::MAX), None);
        assert_eq!(Date::from_unix_days(i64::MAX), None);
        assert_eq!(Date::from_unix_days(i64::MIN), None);
    }
}
