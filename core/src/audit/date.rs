//! RFC 3339 timestamps in UTC and whole seconds. The calendar is the proleptic Gregorian one, in exact arithmetic on whole numbers: a year
//! is counted from March, so that a leap day is a year's last.

use crate::time::Timestamp;
use alloc::format;
use alloc::string::String;

/// `2026-11-25T22:59:55Z`.
pub(super) fn write(time: Timestamp) -> String {
    let (days, second) = (time.seconds() / DAY, time.seconds() % DAY);
    let (year, month, day) = date_of(days);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Reads what [`write`] writes, and nothing else.
pub(super) fn read(text: &str) -> Option<Timestamp> {
    let number = |at: usize, length: usize| text.get(at..at + length)?.parse::<u64>().ok();
    let (year, month, day) = (number(0, 4)?, number(5, 2)?, number(8, 2)?);
    let (hour, minute, second) = (number(11, 2)?, number(14, 2)?, number(17, 2)?);
    let days = days_of(year, month, day)?;
    let time = Timestamp::new(days * DAY + hour * 3600 + minute * 60 + second)?;
    (write(time) == text).then_some(time)
}

/// Year, month and day of a day counted from 1970-01-01.
fn date_of(days: u64) -> (u64, u64, u64) {
    let days = days + TO_1970;
    let (era, day) = (days / ERA, days % ERA);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let year = 400 * era + year + u64::from(month >= 10);
    (year, if month < 10 { month + 3 } else { month - 9 }, day - (153 * month + 2) / 5 + 1)
}

/// The day counted from 1970-01-01, if it is not before. A day that the month does not have is one of the next.
fn days_of(year: u64, month: u64, day: u64) -> Option<u64> {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year.checked_sub(1)?, month + 9) };
    let (era, year) = (year / 400, year % 400);
    let in_year = (153 * month + 2) / 5 + day;
    (era * ERA + 365 * year + year / 4 - year / 100 + in_year).checked_sub(TO_1970 + 1)
}

/// Seconds of a day.
const DAY: u64 = 86_400;
/// Days of 400 years.
const ERA: u64 = 146_097;
/// Days from the first of March of the year 0 to 1970-01-01.
const TO_1970: u64 = 719_468;

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::new(seconds).unwrap()
    }

    #[test]
    fn dates_as_others_compute_them() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (86_399, "1970-01-01T23:59:59Z"),
            (68_169_600, "1972-02-29T00:00:00Z"),
            (68_255_999, "1972-02-29T23:59:59Z"),
            (68_256_000, "1972-03-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (951_868_800, "2000-03-01T00:00:00Z"),
            (978_220_800, "2000-12-31T00:00:00Z"),
            (1_795_647_595, "2026-11-25T22:59:55Z"),
            (4_107_542_399, "2100-02-28T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
            (13_574_563_200, "2400-02-29T00:00:00Z"),
            (253_402_300_799, "9999-12-31T23:59:59Z"),
        ] {
            assert_eq!(write(at(seconds)), text);
            assert_eq!(read(text), Some(at(seconds)), "{text}");
        }
    }

    /// Every day of eleven centuries, counted by the rule for leap years alone.
    #[test]
    fn every_day_follows_the_one_before() {
        let mut expected = (1970, 1, 1);
        for days in 0..400_000 {
            assert_eq!(date_of(days), expected, "day {days}");
            let (year, month, day) = expected;
            assert_eq!(days_of(year, month, day), Some(days), "{expected:?}");
            let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let length = match month {
                2 => 28 + u64::from(leap),
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            expected = match (month, day == length) {
                (12, true) => (year + 1, 1, 1),
                (_, true) => (year, month + 1, 1),
                _ => (year, month, day + 1),
            };
        }
    }

    #[test]
    fn one_text_for_one_time() {
        for text in [
            "",
            "1970-01-01T00:00:00",
            "1970-01-01T00:00:00z",
            "1970-01-01t00:00:00Z",
            "1970-01-01 00:00:00Z",
            "1970-01-01T00:00:00Z ",
            "1970-01-01T00:00:00+00:00",
            "1970-01-01T00:00:00.0Z",
            "1970-1-01T00:00:00Z",
            "+970-01-01T00:00:00Z",
            "1970-+1-01T00:00:00Z",
            "1969-12-31T23:59:59Z",
            "0000-01-01T00:00:00Z",
            "1970-00-01T00:00:00Z",
            "1970-13-01T00:00:00Z",
            "1970-01-00T00:00:00Z",
            "1970-01-32T00:00:00Z",
            "1970-02-29T00:00:00Z",
            "2100-02-29T00:00:00Z",
            "1970-04-31T00:00:00Z",
            "1970-01-01T24:00:00Z",
            "1970-01-01T00:60:00Z",
            "1970-01-01T00:00:60Z",
            "9999-99-99T99:99:99Z",
            "1970-01-01T00:00:0éZ",
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }
}
