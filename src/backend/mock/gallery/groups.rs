//! What is chosen from several in sight.

use leptos::prelude::*;
use protocol::Date;

use super::data::PICTURE;
use super::specimen::{Group, specimen};
use crate::ui::{Choice, DatePicker, OpenDays, Pick, Picker, RadioGroup, Tick, Ticks};

pub(super) fn groups() -> Vec<Group> {
    vec![choices(), pickers(), calendars()]
}

fn none() -> Signal<Option<String>> {
    Signal::stored(None)
}

fn wrong(text: &str) -> Signal<Option<String>> {
    Signal::stored(Some(text.to_owned()))
}

fn choices() -> Group {
    let choice = |(value, label, hint): (&str, &str, &str)| Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        hint: hint.to_owned(),
    };
    let intervals = [
        ("2", "Every 2 weeks", ""),
        ("4", "Every 4 weeks", "What most customers choose."),
        ("8", "Every 8 weeks", ""),
    ];
    let intervals = Signal::stored(intervals.map(choice).to_vec());
    let tick = |(value, label, hint, locked): (&str, &str, &str, &str)| Tick {
        value: value.to_owned(),
        label: label.to_owned(),
        hint: hint.to_owned(),
        locked: locked.to_owned(),
    };
    let items = [
        ("1", "House Espresso", "2 bags", ""),
        ("2", "Sencha", "1 tin", ""),
        ("3", "Filter Papers", "1 pack", ""),
        ("4", "Travel Mug", "", "Shipped already"),
    ];
    let items = Signal::stored(items.map(tick).to_vec());
    let ticked = || RwSignal::new(vec!["1".to_owned()]);
    let value = |value: &str| RwSignal::new(value.to_owned());
    let specimens = vec![
        specimen(
            "radio-group",
            "Radio group",
            view! {
                <RadioGroup legend="Frequency" value=value("4") choices=intervals hint=None error=none()/>
            },
        ),
        specimen(
            "radio-group-error",
            "Radio group with a hint and an error",
            view! {
                <RadioGroup
                    legend="Frequency"
                    value=value("")
                    choices=intervals
                    hint=Some(Signal::stored("It applies from the next delivery.".to_owned()))
                    error=wrong("Choose a frequency.")
                />
            },
        ),
        specimen(
            "ticks",
            "Check boxes, one disabled",
            view! { <Ticks label="Which items?" value=ticked() ticks=items hint=None error=none()/> },
        ),
        specimen(
            "ticks-error",
            "Check boxes with an error",
            view! {
                <Ticks
                    label="Which items?"
                    value=RwSignal::new(Vec::new())
                    ticks=items
                    hint=None
                    error=wrong("Choose at least one item.")
                />
            },
        ),
    ];
    Group::new("choices", "Choices", specimens)
}

fn pickers() -> Group {
    let pick = |value: &str, title: &str, detail: &str, price: &str| Pick {
        value: value.to_owned(),
        title: title.to_owned(),
        detail: detail.to_owned(),
        price: price.to_owned(),
        picture: Some(PICTURE.to_owned()),
        ..Pick::default()
    };
    let few = vec![
        pick("1", "House Espresso", "250 g", "$18.00"),
        pick("2", "House Espresso", "1 kg", "$58.00"),
        Pick {
            note: "4 left".to_owned(),
            ..pick("3", "Kenya Filter", "250 g", "$21.00")
        },
        Pick {
            picture: None,
            locked: "Sold out right now".to_owned(),
            ..pick("4", "Decaf Huila", "250 g", "$19.00")
        },
    ];
    let many = (1..=9).map(|number| Pick {
        picture: None,
        ..pick(
            &number.to_string(),
            &format!("{number} Mill Lane"),
            "Portland, ME 04101",
            "",
        )
    });
    let many: Vec<Pick> = many.collect();
    let value = |value: &str| RwSignal::new(value.to_owned());
    let specimens = vec![
        specimen(
            "picker",
            "Variants, a note, one disabled",
            view! {
                <Picker label="Product" value=value("1") picks=few hint=None error=none()/>
            },
        ),
        specimen(
            "picker-search",
            "With a search and an error",
            view! {
                <Picker
                    label="Delivery address"
                    value=value("")
                    picks=many
                    hint=None
                    error=wrong("Choose an address.")
                />
            },
        ),
    ];
    Group::new("pickers", "Pickers", specimens)
}

fn calendars() -> Group {
    // The Saturday on which the gallery's calendar is opened, every time.
    let today = "2026-11-21".parse::<Date>().unwrap_or(Date::from_days(0));
    let days = OpenDays {
        min: Some(today.add_days(2)),
        max: Some(today.add_days(60)),
        closed_weekdays: vec![6],
        closed: vec![today.add_days(5)],
    };
    let original = Some(today.add_days(3));
    let specimens = vec![
        specimen(
            "date-picker",
            "A day chosen, one marked as the day now, closed days",
            view! {
                <DatePicker
                    label="New date"
                    value=RwSignal::new(Some(today.add_days(6)))
                    days=days.clone()
                    today
                    original
                    hint=None
                    error=none()
                />
            },
        ),
        specimen(
            "date-picker-error",
            "Nothing chosen, with a hint and an error",
            view! {
                <DatePicker
                    label="New date"
                    value=RwSignal::new(None)
                    days=days
                    today
                    original
                    hint=Some(Signal::stored("We deliver Monday through Saturday.".to_owned()))
                    error=wrong("Choose a day.")
                />
            },
        ),
    ];
    Group::new("calendars", "Date pickers", specimens)
}
