//! What is being typed into a form, kept in the tab until the change is made or the customer
//! decides against it: a press on Back, a reload or the end of the session loses nothing of it.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::CustomerId;

use crate::data::{Action, Data, forget_those, storage};
use crate::i18n::t;
use crate::navigation::Router;
use crate::ui::{Button, ButtonKind};

const KEPT: &str = "perennial.draft.";

/// The longest draft that is kept, in bytes.
const LONGEST: usize = 16 * 1024;

/// The draft of the form that is open. Copies are handles to the same one.
#[derive(Clone, Copy)]
pub(crate) struct Draft {
    /// What it is kept under; empty where nothing of the form may be kept.
    name: StoredValue<String>,
    /// What stood in the form before anything was typed.
    initial: StoredValue<Vec<String>>,
    /// Whether what stands in the form was typed before it was opened.
    restored: RwSignal<bool>,
    data: Data,
}

/// Removes what another customer has typed in this tab.
pub(crate) fn forget_others(customer: CustomerId) {
    let own = format!("{KEPT}{customer}.");
    forget_those(|name| name.starts_with(KEPT) && !name.starts_with(&own));
}

impl Draft {
    /// None yet.
    pub(crate) fn new() -> Draft {
        Draft {
            name: StoredValue::new(String::new()),
            initial: StoredValue::new(Vec::new()),
            restored: RwSignal::new(false),
            data: Data::expect(),
        }
    }

    /// Fills the form of `action` with what was typed into it before, and keeps from now on, until
    /// the current owner is disposed of, what is typed.
    pub(crate) fn open(self, action: &Arc<dyn Action>) {
        let initial = untrack(|| action.draft());
        let place = untrack(|| Router::expect().route()).href();
        let name = self
            .data
            .customer()
            .filter(|_| !initial.is_empty())
            .map(|customer| format!("{KEPT}{customer}.{place}.{}", action.title()));
        let kept = name.as_ref().and_then(|name| {
            let text = storage()?.get_item(name).ok().flatten()?;
            let kept = protocol::read::<Vec<String>>(&text)?;
            // The form of another release may ask other questions.
            (kept.len() == initial.len()).then_some(kept)
        });
        self.restored.set(kept.is_some());
        if let Some(kept) = kept {
            action.restore(kept);
        }
        self.initial.set_value(initial);
        self.name.set_value(name.unwrap_or_default());
        let action = action.clone();
        Effect::new(move |before: Option<Vec<String>>| {
            let now = action.draft();
            if before.is_some_and(|before| before != now) {
                self.keep(&now);
            }
            now
        });
    }

    fn keep(self, now: &[String]) {
        let name = self.name.get_value();
        if name.is_empty() {
            return;
        }
        if self.initial.with_value(|initial| initial == now) {
            self.forget();
        } else if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(now))
            && text.len() <= LONGEST
        {
            let _ = storage.set_item(&name, &text);
        }
    }

    /// The change was made, or the customer decided against it.
    pub(crate) fn forget(self) {
        if let Some(storage) = storage() {
            let _ = self.name.with_value(|name| storage.remove_item(name));
        }
    }

    /// Above the form, where it was filled with what was typed before: that it was, and the way
    /// to how it would be otherwise.
    pub(crate) fn shown(self, action: &Arc<dyn Action>) -> AnyView {
        let action = action.clone();
        let reset = Callback::new(move |()| {
            action.restore(self.initial.get_value());
            self.restored.set(false);
        });
        let notice = move || {
            self.restored.get().then(|| {
                view! {
                    <div class="row row-between">
                        <p class="small muted grow">{t::draft_restored()}</p>
                        <Button label=t::draft_reset() kind=ButtonKind::Link on_press=reset/>
                    </div>
                }
            })
        };
        notice.into_any()
    }
}
