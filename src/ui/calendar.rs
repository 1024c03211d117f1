//! Choosing a day: one month as a grid, where single days may be closed.
//!
//! The browser's own date field knows a first and a last day only; a customer who picks a
//! closed day there learns of it afterwards.

use leptos::prelude::*;
use leptos::{ev, html};
use protocol::Date;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::button::{Button, ButtonKind};
use super::field::GroupFrame;
use super::icon::Glyph;
use super::id::unique_id;
use super::task;
use crate::i18n::{format, is_right_to_left, t};

/// Which days may be chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenDays {
    /// The first one.
    pub min: Option<Date>,
    /// The last one.
    pub max: Option<Date>,
    /// Days of the week that are closed: 0 for Monday to 6 for Sunday.
    pub closed_weekdays: Vec<u32>,
    /// Single days that are closed.
    pub closed: Vec<Date>,
}

impl OpenDays {
    /// Whether `date` may be chosen.
    pub fn allows(&self, date: Date) -> bool {
        self.reaches(date)
            && !self.closed_weekdays.contains(&date.weekday())
            && !self.closed.contains(&date)
    }

    /// Why `date` may not be chosen, in words; `None` where it may.
    fn why_closed(&self, date: Date) -> Option<&'static str> {
        if self.min.is_some_and(|min| date < min) {
            Some(t::ui_day_too_soon())
        } else if self.max.is_some_and(|max| date > max) {
            Some(t::ui_day_too_late())
        } else {
            (!self.allows(date)).then(t::ui_day_closed)
        }
    }

    /// Whether `date` lies between the first and the last day.
    fn reaches(&self, date: Date) -> bool {
        self.min.is_none_or(|min| min <= date) && self.max.is_none_or(|max| date <= max)
    }

    /// The nearest date that lies between the first and the last day.
    fn clamp(&self, date: Date) -> Date {
        let date = self.max.map_or(date, |max| date.min(max));
        self.min.map_or(date, |min| date.max(min))
    }
}

/// The first day of `date`'s month.
fn month_start(date: Date) -> Date {
    date.add_days(1 - date.day() as i32)
}

/// The weeks that show `month`, each of seven days, beginning with the weekday `first`.
fn weeks(month: Date, first: u32) -> Vec<[Date; 7]> {
    let start = month_start(month);
    let lead = (start.weekday() + 7 - first) % 7;
    let start = start.add_days(-(lead as i32));
    let end = month_start(month).add_months(1);
    let mut rows = Vec::new();
    let mut monday = start;
    while monday < end {
        rows.push(std::array::from_fn(|day| monday.add_days(day as i32)));
        monday = monday.add_days(7);
    }
    rows
}

/// The day that `key` leads to from `date`, in weeks that begin with the weekday `first`.
fn step(key: &str, date: Date, first: u32) -> Option<Date> {
    let in_week = ((date.weekday() + 7 - first) % 7) as i32;
    Some(match key {
        "ArrowLeft" => date.add_days(-1),
        "ArrowRight" => date.add_days(1),
        "ArrowUp" => date.add_days(-7),
        "ArrowDown" => date.add_days(7),
        "Home" => date.add_days(-in_week),
        "End" => date.add_days(6 - in_week),
        "PageUp" => date.add_months(-1),
        "PageDown" => date.add_months(1),
        _ => return None,
    })
}

/// A month of days to choose one from, by pointer or by keyboard: arrows go by day and week,
/// Home and End within the week, Page Up and Page Down by month, Enter chooses.
#[component]
pub fn DatePicker(
    /// What is asked.
    #[prop(into)]
    label: Signal<String>,
    /// The chosen day.
    value: RwSignal<Option<Date>>,
    /// Which days may be chosen.
    #[prop(into)]
    days: Signal<OpenDays>,
    /// Today, in the store's zone.
    today: Date,
    /// The day as it is now, which is marked.
    original: Option<Date>,
    /// Help that is always seen.
    hint: Option<Signal<String>>,
    /// What is wrong with it.
    #[prop(into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let open = days.get_untracked();
    let begin = value.get_untracked().or(original).unwrap_or(today);
    let calendar = Calendar {
        value,
        days,
        today,
        original,
        at: RwSignal::new(open.clamp(begin)),
        refused: RwSignal::new(None),
        first: format::first_weekday(),
        grid: NodeRef::new(),
    };
    let title = unique_id();
    let heading = title.clone();
    let month = move || format::month_year(calendar.at.get());
    let chosen = move || {
        let refused = calendar.refused.get();
        let closed = refused.and_then(|day| {
            let why = days.with(|days| days.why_closed(day))?;
            Some([format::date(day, today), why.to_owned()].join(": "))
        });
        let chosen = value.get().map(|date| {
            let away = format::relative(date, today);
            [format::date(date, today), away].join(" · ")
        });
        closed.or(chosen)
    };
    let is_open = move |day: Date| days.with(|days| days.allows(day));
    let type_in = move |event: ev::Event| {
        let typed: Option<Date> = event_target_value(&event).parse().ok();
        // A year of which digits are missing is a date too, as the browser tells it.
        let typed = typed.filter(|day| day.year() >= 1_000);
        if let Some(day) = typed {
            calendar.go(day);
        }
        calendar
            .refused
            .set(typed.filter(|&day| !untrack(|| is_open(day))));
        value.set(typed);
    };
    let bound = |day: Option<Date>| day.map(|day| day.to_string());
    let field = NodeRef::<html::Input>::new();
    Effect::new(move || {
        let text = bound(value.get());
        let Some(field) = field.get() else { return };
        // What is typed only in part has no value yet, and stays.
        let is_typed_in = text.is_none() && field.matches(":focus-within") == Ok(true);
        let text = text.unwrap_or_default();
        if !is_typed_in && field.value() != text {
            field.set_value(&text);
        }
    });
    let is_wrong = move || value.get().is_some_and(|day| !is_open(day));
    let about = unique_id();
    let described_by = about.clone();
    view! {
        <GroupFrame label hint error>
            <input
                class="input calendar-typed"
                part="input"
                type="date"
                node_ref=field
                aria-label=t::ui_type_date()
                aria-describedby=described_by
                aria-invalid=move || is_wrong().then_some("true")
                min=move || bound(days.with(|days| days.min))
                max=move || bound(days.with(|days| days.max))
                on:change=task::guard(type_in)
            />
            <div class="calendar">
                <div class="calendar-head">
                    {calendar.turn(-1, Glyph::Previous, t::ui_month_before())}
                    <p id=title aria-live="polite">{month}</p>
                    {calendar.turn(1, Glyph::Forward, t::ui_month_after())}
                </div>
                <table role="grid" aria-labelledby=heading node_ref=calendar.grid on:keydown=task::guard(move |event| calendar.key(&event))>
                    {calendar.weekdays()}
                    {move || calendar.rows()}
                </table>
            </div>
            <p
                class="calendar-chosen"
                id=about
                aria-live="polite"
                data-refused=move || calendar.refused.get().map(|_| "")
            >
                {chosen}
            </p>
        </GroupFrame>
    }
    .into_any()
}

#[derive(Clone, Copy)]
struct Calendar {
    value: RwSignal<Option<Date>>,
    days: Signal<OpenDays>,
    today: Date,
    original: Option<Date>,
    /// The day that the keyboard is on; its month is the one that is shown.
    at: RwSignal<Date>,
    /// The closed day that was pressed last.
    refused: RwSignal<Option<Date>>,
    /// The weekday that a week begins with.
    first: u32,
    grid: NodeRef<html::Table>,
}

impl Calendar {
    /// The button that shows the month before or after.
    fn turn(self, months: i32, icon: Glyph, label: &'static str) -> AnyView {
        let beyond = move || {
            let month = month_start(self.at.get()).add_months(months);
            let last = month.add_months(1).add_days(-1);
            let days = self.days.get();
            let none =
                days.max.is_some_and(|max| month > max) || days.min.is_some_and(|min| last < min);
            none.then(|| t::ui_month_closed().to_owned())
        };
        let press = move |()| self.go(self.at.get_untracked().add_months(months));
        view! {
            <Button label kind=ButtonKind::Icon icon locked=Signal::derive(beyond) on_press=press/>
        }
        .into_any()
    }

    fn weekdays(self) -> AnyView {
        let week = weeks(self.today, self.first).into_iter().next();
        let names = week.into_iter().flatten().map(|day| {
            let name = format::weekday_long(day);
            view! { <th scope="col" abbr=name>{format::weekday_short(day)}</th> }
        });
        view! { <thead><tr>{names.collect_view()}</tr></thead> }.into_any()
    }

    fn rows(self) -> AnyView {
        let month = Memo::new(move |_| month_start(self.at.get()));
        let rows = move || {
            let month = month.get();
            let row = |week: [Date; 7]| {
                let cells = week.map(|day| self.cell(day, month));
                view! { <tr>{cells.into_iter().collect_view()}</tr> }.into_any()
            };
            weeks(month, self.first).into_iter().map(row).collect_view()
        };
        view! { <tbody>{rows}</tbody> }.into_any()
    }

    /// One day. Those of the months around are left empty: each day stands once.
    fn cell(self, day: Date, month: Date) -> AnyView {
        if month_start(day) != month {
            return view! { <td></td> }.into_any();
        }
        let why_closed = move || self.days.with(|days| days.why_closed(day));
        let is_chosen = move || self.value.get() == Some(day);
        let name = move || {
            let mut name = format::date(day, self.today);
            let original = (self.original == Some(day)).then(t::ui_day_original);
            for note in original.into_iter().chain(why_closed()) {
                name.push_str(t::list_comma());
                name.push_str(note);
            }
            name
        };
        view! {
            <td aria-selected=move || if is_chosen() { "true" } else { "false" }>
                <button
                    type="button"
                    class="day"
                    data-day=day.to_string()
                    data-original=(self.original == Some(day)).then_some("")
                    tabindex=move || if self.at.get() == day { "0" } else { "-1" }
                    aria-label=name
                    aria-current=(day == self.today).then_some("date")
                    aria-pressed=move || if is_chosen() { "true" } else { "false" }
                    aria-disabled=move || why_closed().map(|_| "true")
                    on:click=task::guard(move |_| self.choose(day))
                >
                    {day.day()}
                </button>
            </td>
        }
        .into_any()
    }

    fn choose(self, day: Date) {
        self.go(day);
        let open = self.days.with_untracked(|days| days.allows(day));
        if open {
            self.value.set(Some(day));
        }
        self.refused.set((!open).then_some(day));
    }

    /// To another day, without choosing it.
    fn go(self, day: Date) {
        self.at
            .set(self.days.with_untracked(|days| days.clamp(day)));
    }

    fn key(self, event: &ev::KeyboardEvent) {
        let key = match &*event.key() {
            "ArrowLeft" if is_right_to_left() => "ArrowRight".to_owned(),
            "ArrowRight" if is_right_to_left() => "ArrowLeft".to_owned(),
            key => key.to_owned(),
        };
        let Some(day) = step(&key, self.at.get_untracked(), self.first) else {
            return;
        };
        event.prevent_default();
        self.go(day);
        // The day may be one of a month that is only now being drawn.
        task::next_frame(self.grid, move |grid| {
            let day = self.at.get_untracked();
            let button = grid.query_selector(&format!("[data-day='{day}']"));
            if let Ok(Some(button)) = button {
                let _ = button.unchecked_into::<HtmlElement>().focus();
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn a_month_is_shown_in_whole_weeks_from_the_locales_first_day() {
        let monday = weeks(date("2026-11-21"), 0);
        assert_eq!(monday[0][0], date("2026-10-26"));
        assert_eq!(monday.last().map(|week| week[6]), Some(date("2026-12-06")));
        let sunday = weeks(date("2026-11-21"), 6);
        assert_eq!(sunday[0][0], date("2026-11-01"));
        assert_eq!(sunday.len(), 5);
    }

    #[test]
    fn keys_go_by_day_week_and_month() {
        let from = date("2026-01-31");
        assert_eq!(step("ArrowRight", from, 0), Some(date("2026-02-01")));
        assert_eq!(step("ArrowUp", from, 0), Some(date("2026-01-24")));
        assert_eq!(step("PageDown", from, 0), Some(date("2026-02-28")));
        assert_eq!(step("Home", from, 0), Some(date("2026-01-26")));
        assert_eq!(step("End", from, 6), Some(date("2026-01-31")));
        assert_eq!(step("x", from, 0), None);
    }

    #[test]
    fn a_closed_day_is_not_open_and_the_ends_are() {
        let days = OpenDays {
            min: Some(date("2026-11-22")),
            max: Some(date("2026-12-31")),
            closed_weekdays: vec![6],
            closed: vec![date("2026-12-25")],
        };
        assert!(days.allows(date("2026-12-31")));
        for closed in ["2026-11-21", "2026-11-22", "2026-12-25", "2027-01-01"] {
            assert!(!days.allows(date(closed)), "{closed}");
        }
        assert_eq!(days.clamp(date("2030-01-01")), date("2026-12-31"));
    }
}
