//! The one set of icons: 20 px, stroke 1.5, drawn here as inline paths.

use leptos::prelude::*;

/// What an icon shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Glyph {
    /// A house: the overview, and addresses of people.
    Home,
    /// Two arrows in a circle: subscriptions.
    Repeat,
    /// A calendar leaf: deliveries, dates.
    Calendar,
    /// A parcel: an order on its way.
    Parcel,
    /// A receipt: purchase history.
    Receipt,
    /// A pin: addresses.
    Pin,
    /// A card: payment.
    Card,
    /// A person: the customer's details.
    Person,
    /// An arrow back, toward the start of the line.
    Back,
    /// A door with an arrow: sign out.
    SignOut,
    /// An angle toward the end of the line: opens a page.
    Forward,
    /// An angle toward the start of the line: the month before.
    Previous,
    /// An angle downwards: opens in place.
    Down,
    /// An arrow toward the end of the line: from, to.
    To,
    /// Two sheets: taking a copy.
    Copy,
    /// A tick: done, paid, active.
    Check,
    /// A clock: waiting, a time limit.
    Clock,
    /// A triangle: needs attention.
    Alert,
    /// A crossed circle: failed, stopped.
    Stop,
    /// An i in a circle: worth knowing.
    Info,
    /// A cross: close.
    Close,
    /// More of it, or a new one.
    Plus,
    /// Less of it.
    Minus,
    /// Two bars: paused.
    Pause,
    /// An angle against a bar: skip one.
    Skip,
    /// Three lines: what else there is.
    More,
    /// An arrow that turns back: undo, bring back.
    Undo,
    /// A pencil: edit.
    Edit,
}

impl Glyph {
    fn path(self) -> &'static str {
        match self {
            Glyph::Home => "M3 8.5 10 3l7 5.5V16a1 1 0 0 1-1 1h-4v-5H8v5H4a1 1 0 0 1-1-1z",
            Glyph::Repeat => {
                "M3.5 8.5A6.6 6.6 0 0 1 16 7m.5-4v4h-4M16.5 11.5A6.6 6.6 0 0 1 4 13m-.5 4v-4h4"
            }
            Glyph::Calendar => {
                "M4.5 4.5h11a1.5 1.5 0 0 1 1.5 1.5v9.5a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 3 15.5V6a1.5 1.5 0 0 1 1.5-1.5zM3 8.5h14M6.75 2.5v4M13.25 2.5v4"
            }
            Glyph::Parcel => {
                "m10 2.5 7 3.5v8l-7 3.5L3 14V6zM3 6l7 3.5L17 6M10 9.5v8M6.5 4.25l7 3.5"
            }
            Glyph::Receipt => {
                "M4.5 2.5h11v15l-2.2-1.5L11.1 17.5 10 16.5l-1.1 1L6.7 16l-2.2 1.5zM7.5 6.5h5M7.5 9.5h5M7.5 12.5h3"
            }
            Glyph::Pin => {
                "M10 17.5s6-5.2 6-9.5a6 6 0 0 0-12 0c0 4.3 6 9.5 6 9.5zM12.25 8a2.25 2.25 0 1 1-4.5 0 2.25 2.25 0 0 1 4.5 0z"
            }
            Glyph::Card => {
                "M4 4.5h12A1.5 1.5 0 0 1 17.5 6v8a1.5 1.5 0 0 1-1.5 1.5H4A1.5 1.5 0 0 1 2.5 14V6A1.5 1.5 0 0 1 4 4.5zM2.5 8.25h15M5.5 12.25h3"
            }
            Glyph::Person => {
                "M13.25 6.5a3.25 3.25 0 1 1-6.5 0 3.25 3.25 0 0 1 6.5 0zM3.75 17c.5-3.3 3-5 6.25-5s5.75 1.7 6.25 5"
            }
            Glyph::Back => "M16.5 10h-13M8.5 5l-5 5 5 5",
            Glyph::SignOut => {
                "M8 3H4.5A1.5 1.5 0 0 0 3 4.5v11A1.5 1.5 0 0 0 4.5 17H8M8 10h9M13.5 6.5 17 10l-3.5 3.5"
            }
            Glyph::Forward => "m7.5 4.5 5.5 5.5-5.5 5.5",
            Glyph::Previous => "m12.5 4.5-5.5 5.5 5.5 5.5",
            Glyph::Down => "m5 7.5 5 5 5-5",
            Glyph::To => "M3.5 10h13M12 5.5l4.5 4.5-4.5 4.5",
            Glyph::Copy => "M7.5 6.5h9v11h-9zM4 13.5h-.5v-11h9V3",
            Glyph::Check => "m4 10.5 4 4 8-9",
            Glyph::Clock => "M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0zM10 6v4.25l2.75 1.75",
            Glyph::Alert => {
                "M9.13 3.5 2.65 15a1 1 0 0 0 .87 1.5h12.96a1 1 0 0 0 .87-1.5L10.87 3.5a1 1 0 0 0-1.74 0zM10 8v3.5M10 14v.01"
            }
            Glyph::Stop => {
                "M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0zM7.75 7.75l4.5 4.5M12.25 7.75l-4.5 4.5"
            }
            Glyph::Info => "M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0zM10 9.25V13.5M10 6.5v.01",
            Glyph::Close => "m5 5 10 10M15 5 5 15",
            Glyph::Plus => "M10 4v12M4 10h12",
            Glyph::Minus => "M4 10h12",
            Glyph::Pause => "M7 4.5v11M13 4.5v11",
            Glyph::Skip => "m5 4.5 7 5.5-7 5.5zM15.5 4.5v11",
            Glyph::More => "M3.5 5.5h13M3.5 10h13M3.5 14.5h13",
            Glyph::Undo => "M4 8h8.25a4.25 4.25 0 0 1 0 8.5H8M7.5 4.5 4 8l3.5 3.5",
            Glyph::Edit => "m13 4 3 3L7.5 15.5 3.5 16.5l1-4zM11 6l3 3",
        }
    }

    /// Whether it points along the line, and so must turn round where lines run right to left.
    fn mirrors(self) -> bool {
        matches!(
            self,
            Glyph::Back
                | Glyph::Previous
                | Glyph::Forward
                | Glyph::To
                | Glyph::SignOut
                | Glyph::Skip
                | Glyph::Undo
        )
    }
}

/// An icon. It is hidden from screen readers: the word beside it, or the label of its
/// button, says the same.
#[component]
pub fn Icon(
    /// What it shows.
    glyph: Glyph,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 20 20" aria-hidden="true" data-mirror=glyph.mirrors().then_some("")>
            <path d=glyph.path()></path>
        </svg>
    }
}
