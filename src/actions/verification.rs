//! Proving by a mailed code that the customer themselves is there, where a change or a view needs
//! it. What was filled in stays.

use leptos::html;
use leptos::prelude::*;
use protocol::Secret;
use protocol::view::{AwaitedCode, Proof, VERIFICATIONS, Verification};

use super::mailed_code::code_hint;
use crate::backend::{Failure, Request};
use crate::data::Data;
use crate::i18n::t;
use crate::overview::trouble::reference;
use crate::overview::words;
use crate::ui::{Banner, Button, Field, Tone, focus, task};

/// A proof under way. Copies are handles to the same one.
#[derive(Clone, Copy)]
pub(crate) struct Proving {
    /// What is happening, while it happens.
    pub(crate) busy: RwSignal<Option<String>>,
    data: Data,
    code: RwSignal<String>,
    wrong: RwSignal<Option<String>>,
    /// The code that is waited for; `None` where none counts.
    awaited: RwSignal<Option<AwaitedCode>>,
    failed: RwSignal<Option<Failure>>,
}

impl Proving {
    /// None yet. Belongs to where it is made.
    pub(crate) fn new(data: Data) -> Proving {
        Proving {
            busy: RwSignal::new(None),
            data,
            code: RwSignal::new(String::new()),
            wrong: RwSignal::new(None),
            awaited: RwSignal::new(None),
            failed: RwSignal::new(None),
        }
    }

    /// Has a code mailed.
    pub(crate) fn begin(self) {
        self.code.set(String::new());
        self.wrong.set(None);
        self.send(Proof::default(), t::code_sending(), || ());
    }

    /// Sends the code that was typed, and does `then` once it proves who is there.
    pub(crate) fn confirm(self, then: impl FnOnce() + 'static) {
        let typed = self.code.with_untracked(|code| code.trim().to_owned());
        if typed.is_empty() {
            return self.wrong.set(Some(t::field_required().to_owned()));
        }
        self.wrong.set(None);
        let code = Some(Secret::from(typed));
        self.send(Proof { code }, t::verification_checking(), then);
    }

    fn send(self, proof: Proof, words: &str, then: impl FnOnce() + 'static) {
        if self.busy.with_untracked(Option::is_some) {
            return;
        }
        self.busy.set(Some(words.to_owned()));
        self.failed.set(None);
        let request = Request::Post(VERIFICATIONS, proof.body());
        let answer = self.data.backend().send(request);
        task::spawn_to_the_end(async move {
            let answer = answer.await;
            task::set(self.busy, None);
            let state = answer
                .and_then(|reply| protocol::read::<Verification>(&reply.text).ok_or(Failure::Lost));
            match state {
                Ok(state) if state.verified => then(),
                Ok(state) => {
                    let is_wrong = proof.code.is_some() && state.awaited.is_some();
                    task::set(self.wrong, is_wrong.then(|| t::field_code().to_owned()));
                    task::set(self.awaited, state.awaited);
                }
                Err(failure) => {
                    if failure.is_session_end() {
                        self.data.end_session();
                    }
                    task::set(self.failed, Some(failure));
                }
            }
        });
    }

    /// The field for the code, which takes the focus, and where the code went.
    pub(crate) fn view(self) -> AnyView {
        let here = NodeRef::<html::Div>::new();
        Effect::new(move || {
            task::next_frame(here, |here| {
                let field = here.query_selector("input").ok().flatten();
                let _ = field.as_ref().map(focus);
            });
        });
        let hint = Signal::derive(move || match (self.awaited.get(), self.busy.get()) {
            (Some(code), _) => {
                let is_wrong = self.wrong.with(Option::is_some);
                let tries = is_wrong.then(|| t::code_tries(code.tries_left as usize));
                let said = [Some(code_hint(&code)), tries].into_iter().flatten();
                said.collect::<Vec<_>>().join(" ")
            }
            (None, Some(words)) => words,
            (None, None) => t::refusal_code_expired().to_owned(),
        });
        let again = move || {
            let gone = self.awaited.with(Option::is_none) && self.busy.with(Option::is_none);
            let press = move |()| self.begin();
            gone.then(|| view! { <div><Button label=t::code_send_new() on_press=press/></div> })
        };
        let failed = move || {
            self.failed.get().map(|failure| {
                let words = words::failure(&failure);
                view! {
                    <Banner tone=Tone::Stop title=words.title text=words.text alert=true/>
                    {reference(&words.reference)}
                }
            })
        };
        view! {
            <div class="stack stack-small" node_ref=here>
                <Banner
                    tone=Tone::Waiting
                    title=t::verification_title()
                    text=t::refusal_code_needed()
                    alert=true
                />
                <Field
                    label=t::code_label()
                    value=self.code
                    hint
                    error=self.wrong
                    autocomplete="one-time-code"
                />
                {again}
                {failed}
            </div>
        }
        .into_any()
    }
}
