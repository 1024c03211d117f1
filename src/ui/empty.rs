//! What a list says when there is nothing in it.

use leptos::prelude::*;

/// The line picture of an empty state.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Drawing {
    /// A parcel, open: no deliveries.
    Parcel,
    /// Two arrows in a circle around a cup: no subscriptions.
    Subscription,
    /// A receipt: no orders yet.
    Receipt,
    /// A house: no addresses.
    House,
    /// A card: no payment method.
    Card,
    /// A signpost: no such page, or no answer.
    Signpost,
}

impl Drawing {
    /// The lines in grey, and the few in the merchant's colour.
    fn lines(self) -> (&'static str, &'static str) {
        match self {
            Drawing::Parcel => (
                "M30 40v32l30 10 30-10V40M30 40l30 10 30-10M60 50v32M30 40 18 28l30-10 12 12M90 40l12-12-30-10-12 12M18 82h84",
                "M60 6v14M54 14l6 6 6-6",
            ),
            Drawing::Subscription => (
                "M44 40h28v14a12 12 0 0 1-12 12h-4a12 12 0 0 1-12-12zM72 44h4a5 5 0 0 1 0 10h-4M40 72h36",
                "M24 54a36 36 0 0 1 62-34M96 34a36 36 0 0 1-62 36M86 8v12H74M34 82V70h12M52 34v-4M58 34v-6M64 34v-4",
            ),
            Drawing::Receipt => (
                "M38 10h44v68l-7-5-8 5-7-5-7 5-8-5-7 5zM48 24h24M48 34h24M24 82h72",
                "M48 54h10M64 54h8M48 62h6M66 62h6",
            ),
            Drawing::House => (
                "M28 42 60 14l32 28M36 36v42h48V36M18 78h84M70 24V12h8v18",
                "M52 78V56h16v22M64 67v1",
            ),
            Drawing::Card => (
                "M28 20h64a6 6 0 0 1 6 6v40a6 6 0 0 1-6 6H28a6 6 0 0 1-6-6V26a6 6 0 0 1 6-6zM22 36h76",
                "M34 56h16M34 62h8M71 58a5 5 0 1 0 10 0 5 5 0 1 0-10 0zM78 58a5 5 0 1 0 10 0 5 5 0 1 0-10 0z",
            ),
            Drawing::Signpost => (
                "M60 8v8M60 34v8M60 58v22M44 80h32M34 16h44l10 9-10 9H34z",
                "M86 42H46l-10 8 10 8h40z",
            ),
        }
    }
}

/// One line picture, one sentence, one action.
#[component]
pub fn EmptyState(
    /// The picture.
    drawing: Drawing,
    /// The sentence: what is not there, and what to do next.
    #[prop(into)]
    text: Signal<String>,
    /// The action.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let (grey, lit) = drawing.lines();
    view! {
        <div class="empty">
            <svg class="drawing" viewBox="0 0 120 88" aria-hidden="true">
                <path d=grey></path>
                <path class="lit" d=lit></path>
            </svg>
            <p>{text}</p>
            {children.map(|children| children())}
        </div>
    }
}
