//! Dates and intervals: the arithmetic holds for every day there is.

use base::{Date, Interval, Timestamp, Unit};
use proptest::prelude::*;

fn date(text: &str) -> Date {
    text.parse().expect("a date")
}

fn any_date() -> impl Strategy<Value = Date> {
    (Date::MIN.days()..=Date::MAX.days()).prop_map(Date::from_days)
}

proptest! {
    #[test]
    fn a_date_is_made_of_its_year_month_and_day(day in any_date()) {
        prop_assert_eq!(Date::new(day.year(), day.month(), day.day()), Some(day));
    }

    #[test]
    fn a_written_date_reads_back(day in any_date()) {
        prop_assert_eq!(day.to_string().parse(), Ok(day));
        prop_assert_eq!(serde_json::from_value(serde_json::to_value(day).unwrap()).ok(), Some(day));
        prop_assert_eq!(Date::from_prefix(&format!("{day}T23:59:59-11:00")), Some(day));
    }

    #[test]
    fn adding_days_is_undone_by_taking_them_off(day in any_date(), days in -100_000..100_000i32) {
        let there = day.add_days(days);
        prop_assume!(there != Date::MIN && there != Date::MAX);
        prop_assert_eq!(there.add_days(-days), day);
        prop_assert_eq!(day.days_until(there), days);
    }

    #[test]
    fn adding_months_keeps_the_day_or_takes_the_last(day in any_date(), months in -600..600i32) {
        let there = day.add_months(months);
        prop_assume!(there != Date::MIN && there != Date::MAX);
        let index = |date: Date| date.year() * 12 + date.month() as i32;
        prop_assert_eq!(index(there), index(day) + months);
        prop_assert!(there.day() == day.day() || there.add_days(1).day() == 1);
        prop_assert!(there.day() <= day.day());
    }

    #[test]
    fn adding_months_keeps_the_order(day in any_date(), gap in 0..400i32, months in -600..600i32) {
        let later = day.add_days(gap);
        prop_assert!(day.add_months(months) <= later.add_months(months));
        prop_assert!(day.add_months(months) <= day.add_months(months.saturating_add(1)));
    }

    #[test]
    fn weekdays_follow_each_other(day in any_date()) {
        prop_assume!(day != Date::MAX);
        prop_assert_eq!(day.add_days(1).weekday(), (day.weekday() + 1) % 7);
        prop_assert!(day.weekday() < 7);
    }

    #[test]
    fn a_moment_lies_in_its_day(day in any_date(), ms in 0..86_400_000i64) {
        prop_assert_eq!(Date::from_unix_ms(i64::from(day.days()) * 86_400_000 + ms), day);
    }

    #[test]
    fn nothing_overflows(days: i32, more: i32, ms: i64, every: u32, times: u32) {
        let day = Date::from_days(days);
        for unit in [Unit::Day, Unit::Week, Unit::Month] {
            let there = Interval { unit, every }.after(day, times);
            prop_assert!(there >= day || day == Date::MAX);
        }
        for there in [day.add_days(more), day.add_months(more), Date::from_unix_ms(ms)] {
            prop_assert_eq!(there.to_string().len(), 10);
        }
    }

    #[test]
    fn junk_is_no_date(text in "\\PC{0,14}") {
        let read: Result<Date, _> = text.parse();
        prop_assert!(read.is_err() || read.unwrap().to_string() == text);
    }

    #[test]
    fn no_text_upsets_a_timestamp(text in "\\PC{0,40}") {
        if let Some(moment) = Timestamp::parse(&text) {
            prop_assert!(text.starts_with(&moment.date().to_string()));
            moment.has_offset();
        }
    }
}

#[test]
fn known_days_fall_on_their_weekdays() {
    assert_eq!(date("1970-01-01").weekday(), 3);
    assert_eq!(date("2000-02-29").weekday(), 1);
    assert_eq!(date("2026-11-21").weekday(), 5);
    assert_eq!(date("1970-01-01").days(), 0);
    assert_eq!(
        (Date::MIN.to_string(), Date::MAX.to_string()),
        ("0000-01-01".into(), "9999-12-31".into())
    );
}

#[test]
fn days_that_do_not_exist_are_refused() {
    for text in [
        "2026-02-29",
        "2100-02-29",
        "2026-04-31",
        "2026-00-10",
        "2026-13-01",
        "2026-01-00",
    ] {
        assert!(text.parse::<Date>().is_err(), "{text}");
    }
    for text in [
        "",
        "2026-1-1",
        "2026/01/01",
        "+026-01-01",
        "2026-01-01T00",
        "２０２６-01-01",
    ] {
        assert!(text.parse::<Date>().is_err(), "{text}");
    }
    assert_eq!(Date::new(2026, 4, 31), None);
    assert_eq!(Date::new(10_000, 1, 1), None);
}

#[test]
fn months_from_the_31st_come_back_to_it() {
    let monthly = Interval {
        unit: Unit::Month,
        every: 1,
    };
    let start = date("2027-12-31");
    let next: Vec<String> = (1..=4)
        .map(|times| monthly.after(start, times).to_string())
        .collect();
    assert_eq!(
        next,
        ["2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30"]
    );
}

proptest! {
    #[test]
    fn months_on_a_fixed_day_have_it_or_their_last_day(
        days in -200_000..200_000,
        day in 1_u32..=31,
        every in 1_u32..24,
        times in 0_u32..60,
    ) {
        let monthly = Interval { unit: Unit::Month, every };
        let start = Date::from_days(days).on_day(day);
        let after = monthly.after_on(start, times, Some(day));
        let last = after.add_days(1).day() == 1;
        prop_assert!(after.day() == day || (after.day() < day && last));
        let months = |date: Date| date.year() * 12 + date.month() as i32;
        prop_assert_eq!(months(after) - months(start), (every * times) as i32);
        // Counted on from any of them it is the same.
        let next = monthly.after_on(after, 1, Some(day));
        prop_assert_eq!(next, monthly.after_on(start, times + 1, Some(day)));
    }
}

#[test]
fn weeks_and_days_are_counted() {
    let start = date("2026-12-28");
    assert_eq!(
        Interval {
            unit: Unit::Week,
            every: 4
        }
        .after(start, 1),
        date("2027-01-25")
    );
    assert_eq!(
        Interval {
            unit: Unit::Day,
            every: 30
        }
        .after(start, 2),
        date("2027-02-26")
    );
    assert_eq!(
        Interval {
            unit: Unit::Day,
            every: 30
        }
        .after(start, 0),
        start
    );
}

#[test]
fn a_timestamp_says_whether_it_has_an_offset() {
    let has_offset = |text| Timestamp::parse(text).expect(text).has_offset();
    for text in [
        "2026-03-01T04:00:00+00:00",
        "2026-03-01T04:00:00.637636Z",
        "2026-03-01T04:00:00-0500",
    ] {
        assert!(has_offset(text), "{text}");
    }
    for text in [
        "2026-03-01",
        "2026-03-01T04:00:00",
        "2026-03-01 04:00:00.637636",
    ] {
        assert!(!has_offset(text), "{text}");
    }
    assert_eq!(Timestamp::parse("yesterday"), None);
}
