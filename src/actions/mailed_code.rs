//! The form for a code that was mailed.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::{AwaitedCode, Customer};
use protocol::{Intent, MailedCode, Query};

use super::field::Field;
use super::form::Form;
use crate::data::{Changes, Data, InView};
use crate::i18n::t;
use crate::ui::Button;

/// A code that was mailed, to be typed in.
#[derive(Clone)]
pub(super) struct Code {
    /// Finds it among the customer's data; `None` once it no longer works.
    pub(super) awaited: fn(&Customer) -> Option<&AwaitedCode>,
    /// Asks for a new one.
    pub(super) again: Arc<dyn Fn(Changes) + Send + Sync>,
    /// What is sent with the code.
    pub(super) intent: fn(MailedCode) -> Intent,
}

impl Code {
    /// The form that asks for it.
    pub(super) fn form(self, title: &'static str) -> Form {
        let (code, refused) = (RwSignal::new(String::new()), StoredValue::new(None));
        let typed = move || code.with_untracked(|text| text.trim().to_owned());
        let intent = self.intent;
        // The same wrong code again would only use up a try.
        let is_refused = move || refused.get_value() == Some(typed());
        let field = Field::text("code", t::code_label(), code)
            .typed("text", "one-time-code")
            .check(move || is_refused().then(|| t::field_code().to_owned()));
        let send = move || {
            intent(MailedCode {
                code: typed().into(),
            })
        };
        Form::new(title, send)
            .one_step()
            .fields(vec![field, Field::info(move || self.clone().state())])
            .refused(move |errors| {
                if errors.iter().any(|error| error.field == "code") {
                    refused.set_value(Some(typed()));
                }
                false
            })
    }

    /// Where it was sent and how long it can be used, or the way to a new one.
    fn state(self) -> AnyView {
        let (data, changes) = (Data::expect(), Changes::expect());
        let cell = data.open(Query::Customer);
        let state = move || {
            let view = cell.view.get();
            let customer = view.as_deref().and_then(Customer::of)?;
            let Some(code) = (self.awaited)(customer) else {
                let again = self.again.clone();
                let press = move |()| again(changes);
                return Some(
                    view! {
                        <div class="row row-between">
                            <p class="small">{t::refusal_code_expired()}</p>
                            <Button label=t::code_send_new() on_press=press/>
                        </div>
                    }
                    .into_any(),
                );
            };
            let tries = t::code_tries(code.tries_left as usize);
            let text = [code_hint(code), tries].join(" ");
            Some(view! { <p class="small muted typed">{text}</p> }.into_any())
        };
        view! { <div aria-live="polite">{state}</div> }.into_any()
    }
}

/// Where the code was sent, and how long it can be used.
pub(crate) fn code_hint(code: &AwaitedCode) -> String {
    t::code_hint(code.minutes_left as usize, &code.email)
}
