//! Holidays of the US bond market by rule (SIFMA's recommendations), for every year from 1990 to 2100.

use time::{Date, Month, Weekday};

/// Whether the US bond market is closed all day.
pub fn is_closed(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) || is_holiday(date)
}

/// Whether a weekday is a bond-market holiday, observed days included.
pub fn is_holiday(date: Date) -> bool {
    use Weekday::{Friday, Monday, Saturday, Thursday};
    let day = date.day();
    let weekday = date.weekday();
    let nth = |day_of_week, n: u8| weekday == day_of_week && (day - 1) / 7 + 1 == n;
    let fixed = |date: Date, of: u8| {
        (date.day() == of && !matches!(weekday, Saturday | Weekday::Sunday))
            || (weekday == Monday && date.day() == of + 1)
    };
    let observed = |of: u8| fixed(date, of) || (weekday == Friday && day + 1 == of);
    match date.month() {
        // A New Year's Day on a Saturday is not observed.
        Month::January => fixed(date, 1) || nth(Monday, 3),
        Month::February => nth(Monday, 3),
        Month::March | Month::April => is_good_friday(date),
        Month::May => weekday == Monday && day > 24,
        Month::June => date.year() >= 2022 && observed(19),
        Month::July => observed(4),
        Month::September => nth(Monday, 1),
        Month::October => nth(Monday, 2),
        Month::November => nth(Thursday, 4) || observed(11),
        Month::December => observed(25),
        Month::August => false,
    }
}

fn is_good_friday(date: Date) -> bool {
    let (month, day) = easter(date.year());
    Date::from_calendar_date(date.year(), month, day)
        .is_ok_and(|easter| easter.to_julian_day() - date.to_julian_day() == 2)
}

/// Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher).
fn easter(year: i32) -> (Month, u8) {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let place = h + l - 7 * m + 114;
    let month = if place / 31 == 3 { Month::March } else { Month::April };
    (month, u8::try_from(place % 31 + 1).unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holidays(year: i32) -> Vec<(u8, u8)> {
        (1..=366)
            .filter_map(|ordinal| Date::from_ordinal_date(year, ordinal).ok())
            .filter(|date| is_holiday(*date))
            .map(|date| (u8::from(date.month()), date.day()))
            .collect()
    }

    #[test]
    fn the_bond_holidays_of_2026() {
        let expected = [
            (1, 1),
            (1, 19),
            (2, 16),
            (4, 3),
            (5, 25),
            (6, 19),
            (7, 3),
            (9, 7),
            (10, 12),
            (11, 11),
            (11, 26),
            (12, 25),
        ];
        assert_eq!(holidays(2026), expected);
    }

    #[test]
    fn the_bond_holidays_of_other_years() {
        let of_2022 = [
            (1, 17),
            (2, 21),
            (4, 15),
            (5, 30),
            (6, 20),
            (7, 4),
            (9, 5),
            (10, 10),
            (11, 11),
            (11, 24),
            (12, 26),
        ];
        assert_eq!(holidays(2022), of_2022, "1 January on a Saturday, 19 June on a Sunday");
        let of_2023 = [
            (1, 2),
            (1, 16),
            (2, 20),
            (4, 7),
            (5, 29),
            (6, 19),
            (7, 4),
            (9, 4),
            (10, 9),
            (11, 10),
            (11, 23),
            (12, 25),
        ];
        assert_eq!(holidays(2023), of_2023, "11 November on a Saturday");
        assert!(!holidays(2021).contains(&(6, 18)), "Juneteenth is kept from 2022");
        assert!(holidays(2021).contains(&(12, 24)) && !holidays(2021).contains(&(12, 31)));
    }

    #[test]
    fn easter_sundays() {
        let known = [(1990, 4, 15), (2000, 4, 23), (2008, 3, 23), (2024, 3, 31), (2038, 4, 25)];
        for (year, month, day) in known {
            let (found, on) = easter(year);
            assert_eq!((u8::from(found), on), (month, day), "{year}");
        }
    }

    #[test]
    fn every_year_has_eleven_or_twelve_holidays() {
        for year in 1990..=2100 {
            let count = holidays(year).len();
            assert!((10..=12).contains(&count), "{year}: {count}");
        }
    }
}
