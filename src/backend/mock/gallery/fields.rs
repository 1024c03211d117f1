//! What is typed or chosen in one line.

use leptos::prelude::*;

use super::specimen::{Group, specimen};
use crate::ui::{Field, Progress, Select, Stepper, Switch, TextArea};

pub(super) fn groups() -> Vec<Group> {
    vec![fields(), steppers(), switches()]
}

fn text(value: &str) -> RwSignal<String> {
    RwSignal::new(value.to_owned())
}

fn wrong(text: &str) -> Signal<Option<String>> {
    Signal::stored(Some(text.to_owned()))
}

fn fields() -> Group {
    let countries = [("US", "United States"), ("CA", "Canada"), ("DE", "Germany")];
    let countries = countries.map(|(code, name)| (code.to_owned(), name.to_owned()));
    let countries = Signal::stored(countries.to_vec());
    let specimens = vec![
        specimen(
            "field-empty",
            "Empty",
            view! { <Field label="First name" value=text("")/> },
        ),
        specimen(
            "field-filled",
            "Filled in",
            view! { <Field label="First name" value=text("Priya")/> },
        ),
        specimen(
            "field-hint",
            "Optional, with a hint",
            view! {
                <Field
                    label="Phone number"
                    value=text("")
                    hint=Signal::stored("For questions about a delivery.".to_owned())
                    kind="tel"
                    optional=true
                />
            },
        ),
        specimen(
            "field-error",
            "With an error",
            view! {
                <Field
                    label="ZIP code"
                    value=text("0410")
                    error=wrong("Enter a ZIP code with five digits, such as 04101.")
                />
            },
        ),
        specimen(
            "select",
            "Select",
            view! { <Select label="Country" value=text("CA") options=countries/> },
        ),
        specimen(
            "select-error",
            "Select with an error",
            view! {
                <Select
                    label="Country"
                    value=text("DE")
                    options=countries
                    error=wrong("We don’t deliver there.")
                />
            },
        ),
        specimen(
            "text-area",
            "Text area",
            view! {
                <TextArea
                    label="Note for the delivery"
                    value=text("Leave it with the neighbor at number 6.")
                    limit=255
                    optional=true
                />
            },
        ),
        specimen(
            "text-area-error",
            "Text area with an error",
            view! {
                <TextArea
                    label="Message on the gift"
                    value=text("")
                    limit=120
                    error=wrong("Write a few words.")
                />
            },
        ),
    ];
    Group::new("fields", "Fields", specimens)
}

fn steppers() -> Group {
    let none = Signal::stored(None::<String>);
    let specimens = vec![
        specimen(
            "stepper",
            "In between",
            view! { <Stepper label="Quantity" value=RwSignal::new(2) max=10 hint=None error=none/> },
        ),
        specimen(
            "stepper-minimum",
            "At its minimum",
            view! { <Stepper label="Quantity" value=RwSignal::new(1) max=10 hint=None error=none/> },
        ),
        specimen(
            "stepper-maximum",
            "At its maximum, with a hint",
            view! {
                <Stepper
                    label="Quantity"
                    value=RwSignal::new(3)
                    max=3
                    hint=Some(Signal::stored("3 are left.".to_owned()))
                    error=none
                />
            },
        ),
        specimen(
            "stepper-error",
            "With an error",
            view! {
                <Stepper
                    label="Quantity"
                    value=RwSignal::new(14)
                    max=10
                    hint=None
                    error=wrong("Choose 10 or fewer.")
                />
            },
        ),
    ];
    Group::new("steppers", "Steppers", specimens)
}

fn switches() -> Group {
    let specimens = vec![
        specimen(
            "switch-off",
            "Switch, off",
            view! { <Switch label="Email me before each delivery" value=RwSignal::new(false) hint=""/> },
        ),
        specimen(
            "switch-on",
            "Switch, on, with a hint",
            view! {
                <Switch
                    label="Email me before each delivery"
                    value=RwSignal::new(true)
                    hint="Three days ahead, in time to change it."
                />
            },
        ),
        specimen(
            "progress",
            "Progress",
            view! { <Progress label="3 of 5 stamps" value=3 max=5/> },
        ),
        specimen(
            "progress-complete",
            "Progress, complete",
            view! { <Progress label="5 of 5 stamps" value=5 max=5/> },
        ),
    ];
    Group::new("switches", "Switch and progress", specimens)
}
