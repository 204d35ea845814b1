//! The steps of a scenario as dates: US bond-market days, with central-bank meetings, period ends and refundings.

use super::holidays::is_closed;
use time::{Date, Month, Weekday};

/// Decision days of the BOJ in 2026 (Bank of Japan, schedule of monetary policy meetings).
const BOJ_2026: [(Month, u8); 8] = [
    (Month::January, 23),
    (Month::March, 19),
    (Month::April, 28),
    (Month::June, 16),
    (Month::July, 31),
    (Month::September, 18),
    (Month::October, 30),
    (Month::December, 18),
];
/// Decision days of the FOMC in 2026 (Federal Reserve, FOMC calendars).
const FOMC_2026: [(Month, u8); 8] = [
    (Month::January, 28),
    (Month::March, 18),
    (Month::April, 29),
    (Month::June, 17),
    (Month::July, 29),
    (Month::September, 16),
    (Month::October, 28),
    (Month::December, 9),
];
/// Days after which the meetings of 2026 repeat in other years (assumption: 52 whole weeks).
const MEETING_YEAR: i32 = 364;

/// Dates and flags of steps 1 to n; index 0 of each vector is step 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// Date of each step.
    pub days: Vec<Date>,
    /// Whether the BOJ decides on the step.
    pub boj_meeting: Vec<bool>,
    /// Whether the FOMC decides on the step.
    pub fomc_meeting: Vec<bool>,
    /// Whether the step is the last of its month.
    pub month_end: Vec<bool>,
    /// Whether the step is the last of its quarter.
    pub quarter_end: Vec<bool>,
    /// Whether the step is the last of March or September, the halves of the Japanese fiscal year.
    pub half_end: Vec<bool>,
    /// Whether the Treasury announces its refunding: first Wednesday of February, May, August and November.
    pub refunding: Vec<bool>,
    /// Calendar month of the step, an index into `months`.
    pub month_index: Vec<usize>,
    /// Calendar months touched, for example `2026-07`.
    pub months: Vec<String>,
}

impl Calendar {
    /// The first `steps` bond-market days on or after `start`.
    pub fn new(start: Date, steps: usize) -> Self {
        let mut open = bond_days_from(start);
        let days: Vec<Date> = open.by_ref().take(steps).collect();
        let after = open.next();
        let next = |index: usize| days.get(index + 1).copied().or(after);
        let closes =
            |index: usize| next(index).is_none_or(|next| next.month() != days[index].month());
        let month_end: Vec<bool> = (0..days.len()).map(closes).collect();
        let ends_in = |months: &[Month]| -> Vec<bool> {
            let pairs = days.iter().zip(&month_end);
            pairs.map(|(day, end)| *end && months.contains(&day.month())).collect()
        };
        let meetings = |of_2026: &[(Month, u8)]| flags(&days, start, |date| meets(of_2026, date));
        let (month_index, months) = months_of(&days);
        Calendar {
            boj_meeting: meetings(&BOJ_2026),
            fomc_meeting: meetings(&FOMC_2026),
            quarter_end: ends_in(&[Month::March, Month::June, Month::September, Month::December]),
            half_end: ends_in(&[Month::March, Month::September]),
            refunding: flags(&days, start, announces_refunding),
            month_end,
            month_index,
            months,
            days,
        }
    }

    /// Date of step `step`, 1 for the first; `None` for step 0 and beyond the end.
    pub fn date(&self, step: usize) -> Option<Date> {
        self.days.get(step.checked_sub(1)?).copied()
    }

    /// The first step on or after `date`; `None` beyond the end. A date before the start gives step 1.
    pub fn step_of(&self, date: Date) -> Option<usize> {
        let step = self.days.partition_point(|day| *day < date) + 1;
        (step <= self.days.len()).then_some(step)
    }
}

/// Bond-market days after a day, up to another and with it.
pub(super) fn business_days(from: Date, to: Date) -> usize {
    let days = from.next_day().map(bond_days_from);
    days.map_or(0, |days| days.take_while(|day| *day <= to).count())
}

/// Open days on and after `start`.
fn bond_days_from(start: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(start), |date| date.next_day()).filter(|date| !is_closed(*date))
}

/// Marks the steps on which something dated falls; what falls on a closed day belongs to the next step.
fn flags(days: &[Date], start: Date, happens: impl Fn(Date) -> bool) -> Vec<bool> {
    let mut from = start;
    let mark = |day: &Date| {
        let dates = std::iter::successors(Some(from), |date| date.next_day());
        let found = dates.take_while(|date| date <= day).any(&happens);
        from = day.next_day().unwrap_or(Date::MAX);
        found
    };
    days.iter().map(mark).collect()
}

fn meets(of_2026: &[(Month, u8)], date: Date) -> bool {
    of_2026.iter().any(|(month, day)| {
        Date::from_calendar_date(2026, *month, *day).is_ok_and(|meeting| {
            (date.to_julian_day() - meeting.to_julian_day()).rem_euclid(MEETING_YEAR) == 0
        })
    })
}

fn announces_refunding(date: Date) -> bool {
    let months = [Month::February, Month::May, Month::August, Month::November];
    date.weekday() == Weekday::Wednesday && date.day() <= 7 && months.contains(&date.month())
}

fn months_of(days: &[Date]) -> (Vec<usize>, Vec<String>) {
    let mut months: Vec<String> = Vec::new();
    let mut index = Vec::with_capacity(days.len());
    for day in days {
        let month = format!("{:04}-{:02}", day.year(), u8::from(day.month()));
        if months.last() != Some(&month) {
            months.push(month);
        }
        index.push(months.len() - 1);
    }
    (index, months)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(year: i32, month: u8, day: u8) -> Date {
        Date::from_calendar_date(year, Month::try_from(month).unwrap(), day).unwrap()
    }

    #[test]
    fn steps_skip_weekends_and_holidays() {
        let calendar = Calendar::new(date(2026, 7, 1), 252);
        assert_eq!(calendar.date(0), None);
        assert_eq!(calendar.date(1), Some(date(2026, 7, 1)));
        assert_eq!(calendar.date(3), Some(date(2026, 7, 6)), "3 July is closed");
        assert_eq!(calendar.step_of(date(2026, 7, 3)), Some(3), "rolls forward");
        assert_eq!(calendar.step_of(date(2026, 6, 1)), Some(1));
        assert_eq!(calendar.step_of(date(2028, 1, 1)), None);
        let weekend = Calendar::new(date(2026, 7, 4), 1);
        assert_eq!(weekend.date(1), Some(date(2026, 7, 6)));
    }

    #[test]
    fn a_year_has_its_meetings_ends_and_refundings() {
        let calendar = Calendar::new(date(2026, 1, 1), 249);
        let count = |flags: &[bool]| flags.iter().filter(|flag| **flag).count();
        let has = |flags: &[bool], on| calendar.step_of(on).is_some_and(|step| flags[step - 1]);
        assert_eq!(count(&calendar.boj_meeting), 8);
        assert_eq!(count(&calendar.fomc_meeting), 8);
        assert_eq!(count(&calendar.refunding), 4);
        assert_eq!(count(&calendar.month_end), 12);
        assert_eq!(count(&calendar.quarter_end), 4);
        assert_eq!(count(&calendar.half_end), 2);
        assert!(has(&calendar.boj_meeting, date(2026, 6, 16)));
        assert!(has(&calendar.fomc_meeting, date(2026, 12, 9)));
        assert!(has(&calendar.refunding, date(2026, 8, 5)));
        assert!(has(&calendar.half_end, date(2026, 9, 30)));
        assert_eq!(calendar.months.len(), 12);
        assert_eq!(calendar.months[6], "2026-07");
        assert_eq!(calendar.month_index[248], 11);
    }

    #[test]
    fn meetings_repeat_after_364_days_and_roll_over_holidays() {
        let calendar = Calendar::new(date(2027, 1, 1), 756);
        let step = calendar.step_of(date(2027, 1, 22)).unwrap();
        assert!(calendar.boj_meeting[step - 1], "23 January 2026 + 364 days");
        // 19 March 2026 + 12 * 364 days = 3 March 2038; 18 December 2026 + 20 * 364 is 23 November 2046.
        let before = Calendar::new(date(2025, 1, 2), 250);
        assert_eq!(before.fomc_meeting.iter().filter(|flag| **flag).count(), 8);
        let rolled = flags(&[date(2026, 7, 2), date(2026, 7, 6)], date(2026, 7, 2), |day| {
            day == date(2026, 7, 3)
        });
        assert_eq!(rolled, [false, true]);
    }

    #[test]
    fn a_month_cut_by_the_end_is_not_a_month_end() {
        let calendar = Calendar::new(date(2026, 7, 1), 5);
        assert!(calendar.month_end.iter().all(|end| !end));
    }
}
