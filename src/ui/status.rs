//! Says what has just happened, once, to eyes and to screen readers.

use leptos::prelude::*;

use super::button::{Button, ButtonKind};
use super::icon::Glyph;
use crate::i18n::t;

/// One message of the status line.
#[derive(Clone)]
struct Announcement {
    /// The page it was said on; it does not outlive the customer's stay there.
    place: String,
    text: String,
    /// What can be done about it, and its name.
    action: Option<(&'static str, Callback<()>)>,
}

/// The way to the portal's one status line. Copies are handles to the same line.
#[derive(Clone, Copy)]
pub struct Announcer {
    current: RwSignal<Option<Announcement>>,
    place: Signal<String>,
}

impl Announcer {
    /// A new line, offered as context. `place` tells one page from another: a message
    /// goes when the customer leaves the page on which it was said.
    pub fn provide(place: Signal<String>) -> Announcer {
        let announcer = Announcer {
            current: RwSignal::new(None),
            place,
        };
        Effect::new(move || {
            let place = place.get();
            let left = |said: &Announcement| said.place != place;
            if announcer
                .current
                .with_untracked(|said| said.as_ref().is_some_and(left))
            {
                announcer.clear();
            }
        });
        provide_context(announcer);
        announcer
    }

    /// The status line of this portal.
    pub fn expect() -> Announcer {
        expect_context()
    }

    /// Says `text`: "Skipped. Your next delivery is Tuesday 22 December."
    pub fn announce(self, text: impl Into<String>) {
        self.say(text.into(), None);
    }

    /// Says `text` and offers Undo, until it is used or the customer leaves the page.
    pub fn announce_with_undo(self, text: impl Into<String>, undo: Callback<()>) {
        self.announce_with(text, t::shell_undo(), undo);
    }

    /// Says `text` and offers an action called `label`, as long as Undo would be offered.
    pub fn announce_with(self, text: impl Into<String>, label: &'static str, action: Callback<()>) {
        self.say(text.into(), Some((label, action)));
    }

    /// Says nothing any more.
    pub fn clear(self) {
        super::task::set(self.current, None);
    }

    /// What is to be said may come with an answer, and the portal be gone by then.
    fn say(self, text: String, action: Option<(&'static str, Callback<()>)>) {
        if let Some(place) = self.place.try_get_untracked() {
            super::task::set(
                self.current,
                Some(Announcement {
                    place,
                    text,
                    action,
                }),
            );
        }
    }
}

/// The status line itself; stands once, in the shell. The text that is read out lies in
/// an element of its own that never leaves the page: a live region that appears together
/// with its text is not read.
#[component]
pub fn StatusLine(
    /// Where its messages come from.
    announcer: Announcer,
) -> impl IntoView {
    let current = announcer.current;
    let spoken = move || current.with(|a| a.as_ref().map(|a| a.text.clone()).unwrap_or_default());
    let shown = move || {
        current.get().map(|announcement| {
            let action = announcement.action.map(|(label, action)| {
                let press = move |()| {
                    announcer.clear();
                    action.run(());
                };
                view! { <Button label kind=ButtonKind::Link on_press=press/> }
            });
            view! {
                <div class="status-line" part="status">
                    <span class="grow" aria-hidden="true">{announcement.text}</span>
                    {action}
                    <Button
                        label=t::shell_dismiss()
                        kind=ButtonKind::Icon
                        icon=Glyph::Close
                        on_press=move |()| announcer.clear()
                    />
                </div>
            }
        })
    };
    view! {
        <div class="status">
            <p class="visually-hidden" role="status">{spoken}</p>
            {shown}
        </div>
    }
}
