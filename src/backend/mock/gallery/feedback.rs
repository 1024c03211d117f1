//! What tells how things are: messages, marks, what is loading and what is not there.

use leptos::prelude::*;

use super::specimen::{Group, specimen};
use crate::ui::{
    Announcer, Banner, Button, ButtonKind, Drawing, EmptyState, Pill, Shape, Skeleton, StatusLine,
    Tone,
};

const TONES: [(Tone, [&str; 4]); 5] = [
    (
        Tone::Plain,
        [
            "banner-plain",
            "pill-plain",
            "Prices changed on November 1",
            "Your next delivery shows the new price.",
        ],
    ),
    (
        Tone::Ok,
        [
            "banner-ok",
            "pill-ok",
            "Your card was updated",
            "We’ll use it from your next delivery.",
        ],
    ),
    (
        Tone::Waiting,
        [
            "banner-waiting",
            "pill-waiting",
            "We’re checking whether your change went through",
            "It won’t be made twice.",
        ],
    ),
    (
        Tone::Attention,
        [
            "banner-attention",
            "pill-attention",
            "Your card expires this month",
            "Add another one so that your deliveries continue.",
        ],
    ),
    (
        Tone::Stop,
        [
            "banner-stop",
            "pill-stop",
            "Your payment didn’t go through",
            "We’ll try again on Friday. Nothing has shipped.",
        ],
    ),
];

pub(super) fn groups() -> Vec<Group> {
    vec![
        banners(),
        pills(),
        status_lines(),
        skeletons(),
        empty_states(),
    ]
}

fn banners() -> Group {
    let banner = |(tone, [id, _, title, text]): (Tone, [&'static str; 4])| {
        let name = format!("{tone:?}");
        let banner = match tone {
            Tone::Attention | Tone::Stop => view! {
                <Banner tone title text=Signal::stored(text.to_owned())>
                    <Button label="Add card" kind=ButtonKind::Primary/>
                </Banner>
            }
            .into_any(),
            _ => view! { <Banner tone title text=Signal::stored(text.to_owned())/> }.into_any(),
        };
        specimen(id, name, banner)
    };
    let banners = TONES.into_iter().map(banner).collect();
    Group::new("banners", "Banners", banners).wide()
}

fn pills() -> Group {
    let words = [
        "Preparing",
        "Active",
        "On its way",
        "Needs attention",
        "Canceled",
    ];
    let pill = |((tone, [_, id, ..]), word): ((Tone, [&'static str; 4]), &'static str)| {
        specimen(id, format!("{tone:?}"), view! { <Pill label=word tone/> })
    };
    let pills = TONES.into_iter().zip(words).map(pill).collect();
    Group::new("pills", "Pills", pills)
}

fn status_lines() -> Group {
    let line = || Announcer::provide(Signal::stored(String::new()));
    let (plain, undo) = (line(), line());
    plain.announce("Note saved.");
    undo.announce_with_undo(
        "Delivery skipped. Your next delivery is Tuesday, December 22.",
        Callback::new(|()| ()),
    );
    let specimens = vec![
        specimen(
            "status-line",
            "Message",
            view! { <StatusLine announcer=plain/> },
        ),
        specimen(
            "status-line-undo",
            "With Undo",
            view! { <StatusLine announcer=undo/> },
        ),
    ];
    Group::new("status-lines", "Status line", specimens).wide()
}

fn skeletons() -> Group {
    let shapes = [
        ("skeleton-lead", "Leading card", Shape::Lead),
        ("skeleton-cards", "Cards", Shape::Cards(2)),
        ("skeleton-rows", "Rows", Shape::Rows(3)),
        ("skeleton-facts", "Facts", Shape::Facts(4)),
    ];
    let specimens =
        shapes.map(|(id, title, shape)| specimen(id, title, view! { <Skeleton shape/> }));
    Group::new("skeletons", "Skeletons", specimens.into_iter().collect())
}

fn empty_states() -> Group {
    let states = [
        ("empty-parcel", Drawing::Parcel, "Nothing is on its way."),
        (
            "empty-subscription",
            Drawing::Subscription,
            "You don’t have a subscription yet.",
        ),
        (
            "empty-receipt",
            Drawing::Receipt,
            "Your orders will appear here.",
        ),
        (
            "empty-house",
            Drawing::House,
            "Add an address to get started.",
        ),
        (
            "empty-card",
            Drawing::Card,
            "You don’t have a payment method yet.",
        ),
        (
            "empty-signpost",
            Drawing::Signpost,
            "This page doesn’t exist.",
        ),
    ];
    let specimens = states.map(|(id, drawing, text)| {
        let title = format!("{drawing:?}");
        let empty = if drawing == Drawing::Subscription {
            view! {
                <EmptyState drawing text>
                    <Button label="Browse products" kind=ButtonKind::Primary/>
                </EmptyState>
            }
            .into_any()
        } else {
            view! { <EmptyState drawing text/> }.into_any()
        };
        specimen(id, title, empty)
    });
    Group::new(
        "empty-states",
        "Empty states",
        specimens.into_iter().collect(),
    )
}
