//! What is pressed, and the icons.

use leptos::prelude::*;

use super::specimen::{Group, specimen};
use crate::ui::{Button, ButtonKind, Glyph, Icon, LinkButton};

pub(super) fn groups() -> Vec<Group> {
    vec![buttons(), icons()]
}

fn buttons() -> Group {
    let busy = || Signal::stored(Some("Skipping…".to_owned()));
    let locked = || Signal::stored(Some("Another change is being sent".to_owned()));
    let specimens = vec![
        specimen(
            "button-primary",
            "Primary",
            view! { <Button label="Reschedule" kind=ButtonKind::Primary/> },
        ),
        specimen(
            "button-secondary",
            "Secondary",
            view! { <Button label="Skip delivery"/> },
        ),
        specimen(
            "button-danger",
            "Danger",
            view! { <Button label="Cancel subscription" kind=ButtonKind::Danger/> },
        ),
        specimen(
            "button-link",
            "Link",
            view! { <Button label="Change" kind=ButtonKind::Link/> },
        ),
        specimen(
            "button-icon",
            "Icon only",
            view! { <Button label="Close" kind=ButtonKind::Icon icon=Glyph::Close/> },
        ),
        specimen(
            "button-with-icon",
            "With an icon",
            view! { <Button label="Add address" icon=Glyph::Plus/> },
        ),
        specimen(
            "button-busy",
            "Busy",
            view! { <Button label="Skip delivery" kind=ButtonKind::Primary busy=busy()/> },
        ),
        specimen(
            "button-busy-secondary",
            "Busy, secondary",
            view! { <Button label="Skip delivery" busy=busy()/> },
        ),
        specimen(
            "button-locked",
            "Disabled",
            view! { <Button label="Reschedule" kind=ButtonKind::Primary locked=locked()/> },
        ),
        specimen(
            "button-locked-secondary",
            "Disabled, secondary",
            view! { <Button label="Skip delivery" locked=locked()/> },
        ),
        specimen(
            "link-button",
            "Link that looks like a button",
            view! { <LinkButton href="#buttons" label="Back to the shop" icon=Glyph::Back/> },
        ),
        specimen(
            "link-button-primary",
            "The same, primary",
            view! { <LinkButton href="#buttons" label="Browse products" kind=ButtonKind::Primary/> },
        ),
    ];
    Group::new("buttons", "Buttons", specimens)
}

fn icons() -> Group {
    const ALL: [Glyph; 28] = [
        Glyph::Home,
        Glyph::Repeat,
        Glyph::Calendar,
        Glyph::Parcel,
        Glyph::Receipt,
        Glyph::Pin,
        Glyph::Card,
        Glyph::Person,
        Glyph::Back,
        Glyph::SignOut,
        Glyph::Forward,
        Glyph::Previous,
        Glyph::Down,
        Glyph::To,
        Glyph::Copy,
        Glyph::Check,
        Glyph::Clock,
        Glyph::Alert,
        Glyph::Stop,
        Glyph::Info,
        Glyph::Close,
        Glyph::Plus,
        Glyph::Minus,
        Glyph::Pause,
        Glyph::Skip,
        Glyph::More,
        Glyph::Undo,
        Glyph::Edit,
    ];
    let icon = |glyph: Glyph| {
        let name = format!("{glyph:?}");
        view! { <li class="gallery-icon"><Icon glyph/><span>{name}</span></li> }
    };
    let all = view! { <ul class="gallery-icons">{ALL.map(icon).into_iter().collect_view()}</ul> };
    Group::new("icons", "Icons", vec![specimen("icon", "All of them", all)]).wide()
}
