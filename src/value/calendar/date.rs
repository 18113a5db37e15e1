//! A day.

use super::scan::Scan;
use crate::value::integer::push_padded;
use alloc::string::String;

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
        let days = days.checked_add(719_468)?;
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = days.div_euclid(146_097) * 400 + year_of_era + i64::from(month <= 2);
        Date::new(year, month, day)
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
