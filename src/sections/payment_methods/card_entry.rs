//! Adding a card: the processor's own fields, the bank's confirmation, and then what it pays for.
//!
//! The fields stand in the page and not in the dialog: a modal dialog would cover what the bank
//! asks and take the keyboard from it. That a confirmation is under way is remembered for this
//! tab, by the key of its setup and nothing else; after a reload, or when the bank had the whole
//! page, the same key finds the same setup.

mod memory;

use leptos::html;
use leptos::prelude::*;
use protocol::view::{PaymentMethod, PaymentMethods, Session};
use protocol::{CardSetup, PaymentMethodId, ProblemKind, Query, Tokeniser};

use crate::actions::add_payment_method;
use crate::backend::tokeniser::{Ask, Card, CardFields, Happening, Mounted, SLOT, Tokenised};
use crate::backend::{Failure, Request, clock};
use crate::data::{Changes, Data, InView};
use crate::i18n::{format, t};
use crate::navigation::{Route, Router};
use crate::overview::{waiting, words};
use crate::ui::{Announcer, Banner, Button, ButtonKind, Tone, task};

/// How far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Stage {
    /// Nobody adds a card.
    Closed,
    /// The fields are on their way, or what became of an earlier confirmation is looked up.
    Opening,
    /// The fields can be typed into.
    Entry,
    /// Processor and bank are at work.
    Confirming,
    /// The bank asks the customer, here in the page.
    Challenge,
    /// The bank has not answered.
    Waiting,
    /// The card is confirmed, and waits to be told what it pays for.
    Confirmed(Card),
    /// The processor answered, and does not take the request.
    Refused,
    /// The processor cannot be reached.
    Failed,
}

/// The payment method whose place a card takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Replaced {
    id: PaymentMethodId,
    name: String,
    /// The streets of the addresses that it pays for.
    streets: Vec<String>,
}

impl Replaced {
    /// The place of `method`.
    pub(super) fn of(method: &PaymentMethod) -> Replaced {
        let streets = method.addresses.iter();
        Replaced {
            id: method.line.id,
            name: words::payment_line(&method.line),
            streets: streets.map(|a| words::short(&a.lines.street)).collect(),
        }
    }
}

/// A card that is being added. Copies are the same.
#[derive(Clone, Copy)]
pub(super) struct AddCard {
    stage: RwSignal<Stage>,
    /// What the card takes the place of.
    replaces: RwSignal<Option<Replaced>>,
    /// Why the card was refused, in words for the customer; empty where it was not.
    declined: RwSignal<String>,
    /// The key of the setup, and whether its fields can be typed into.
    setup: StoredValue<(String, bool)>,
    fields: StoredValue<Option<Mounted>, LocalStorage>,
    page: CardFields,
    data: Data,
    changes: Changes,
    router: Router,
    announcer: Announcer,
}

impl AddCard {
    /// Nothing is being added, unless a confirmation was under way in this tab.
    pub(super) fn new() -> AddCard {
        let own = AddCard {
            stage: RwSignal::new(Stage::Closed),
            replaces: RwSignal::new(None),
            declined: RwSignal::new(String::new()),
            setup: StoredValue::new((String::new(), false)),
            fields: StoredValue::new_local(None),
            page: CardFields::expect(),
            data: Data::expect(),
            changes: Changes::expect(),
            router: Router::expect(),
            announcer: Announcer::expect(),
        };
        if let Some(key) = memory::recall() {
            memory::clean_address();
            own.open(key, false);
        }
        own
    }

    /// Whether nothing is being added.
    pub(super) fn is_closed(self) -> bool {
        self.stage.with(|stage| *stage == Stage::Closed)
    }

    /// Opens the fields for a new card, in the place of another one or beside all.
    pub(super) fn start(self, replaces: Option<Replaced>) {
        self.replaces.set(replaces);
        self.declined.set(String::new());
        self.open(clock::new_key(), true);
    }

    /// Opens them once the page's heading has had the focus, which then goes on to theirs. Not
    /// where a confirmation is under way already.
    pub(super) fn start_soon(self, replaces: Option<Replaced>) {
        task::after_paint(move || {
            if self.stage.try_get_untracked() == Some(Stage::Closed) {
                self.start(replaces);
            }
        });
    }

    /// Sets up under `key`: fields to type into, or a look at a confirmation begun before.
    fn open(self, key: String, entry: bool) {
        self.stage.set(Stage::Opening);
        self.setup.set_value((key.clone(), entry));
        task::spawn_to_the_end(async move {
            let fields = self.set_up(key, entry).await;
            // Where the customer has left meanwhile the fields go with this.
            match fields {
                Err(stage) => task::set(self.stage, stage),
                // They say when they are ready.
                Ok(fields) => {
                    let is_there = self.fields.try_set_value(Some(fields)).is_none();
                    if is_there && !entry {
                        self.ask(Ask::Check);
                    }
                }
            }
        });
    }

    /// Puts the fields into the page, or says why there are none.
    async fn set_up(self, key: String, entry: bool) -> Result<Mounted, Stage> {
        let session = self.data.once(Query::Session).await;
        let session = session.as_deref().and_then(Session::of);
        let tokeniser: Option<Tokeniser> = session.and_then(|session| session.tokeniser.clone());
        let tokeniser = tokeniser.ok_or(Stage::Failed)?;
        let answer = self.data.backend().send(Request::CardSetup { key }).await;
        let answer = answer.map_err(|failure| match failure {
            Failure::Problem(problem) if problem.kind == ProblemKind::Upstream => Stage::Refused,
            _ => Stage::Failed,
        })?;
        let setup: CardSetup = protocol::read(&answer.text).ok_or(Stage::Failed)?;
        let on = move |happening| self.hear(happening);
        let fields = self.page.mount(tokeniser, &setup.client_secret, entry, on);
        fields.await.ok_or(Stage::Failed)
    }

    fn hear(self, happening: Happening) {
        let Some(stage) = self.stage.try_get_untracked() else {
            return;
        };
        let entry = self.setup.with_value(|(_, entry)| *entry);
        let next = match happening {
            Happening::Ready if stage == Stage::Opening && entry => Stage::Entry,
            Happening::Field(_) => return task::set(self.declined, String::new()),
            Happening::Challenge(true) => Stage::Challenge,
            Happening::Challenge(false) if stage == Stage::Challenge => Stage::Confirming,
            Happening::Refused => Stage::Refused,
            Happening::Failed => Stage::Failed,
            _ => return,
        };
        task::set(self.stage, next);
    }

    /// Asks the fields, and takes what comes of it.
    fn ask(self, ask: Ask) {
        let asked = self
            .fields
            .try_with_value(|fields| Some(fields.as_ref()?.ask(ask)))
            .flatten();
        let Some(asked) = asked else { return };
        task::set(self.stage, Stage::Confirming);
        task::set(self.declined, String::new());
        // From here on the bank may take the whole page, or the customer may load it anew.
        self.setup.with_value(|(key, _)| memory::remember(key));
        task::spawn_to_the_end(async move { self.take(asked.await) });
    }

    fn take(self, result: Tokenised) {
        let said = match result {
            Tokenised::Done(card) => {
                self.drop_fields();
                task::set(self.stage, Stage::Confirmed(card));
                return self.attach();
            }
            Tokenised::Waiting => return task::set(self.stage, Stage::Waiting),
            Tokenised::Refused => return task::set(self.stage, Stage::Refused),
            Tokenised::Failed => return task::set(self.stage, Stage::Failed),
            Tokenised::Invalid => String::new(),
            Tokenised::Declined(message) if message.is_empty() => t::card_declined().to_owned(),
            Tokenised::Declined(message) => message,
        };
        memory::forget();
        match self.setup.try_with_value(|(_, entry)| *entry) {
            Some(true) => task::set(self.stage, Stage::Entry),
            // After a reload there are no fields to correct it in: they open anew.
            Some(false) => {
                self.drop_fields();
                self.open(clock::new_key(), true);
            }
            None => {}
        }
        task::set(self.declined, said);
    }

    /// Asks what the confirmed card is to pay for, in the dialog.
    fn attach(self) {
        task::spawn_to_the_end(async move {
            let Some(view) = self.data.once(Query::PaymentMethods).await else {
                return waiting::give_up(self.announcer);
            };
            let (Some(stage), Some(methods)) =
                (self.stage.try_get_untracked(), PaymentMethods::of(&view))
            else {
                return;
            };
            if let Stage::Confirmed(card) = stage {
                let done = move || self.close();
                let replaces = self.replaces.with_untracked(|r| r.as_ref().map(|r| r.id));
                add_payment_method::open(self.changes, card, methods, replaces, done);
            }
        });
    }

    /// Takes the fields away and forgets what was under way.
    fn close(self) {
        memory::forget();
        self.drop_fields();
        task::set(self.stage, Stage::Closed);
        // Loaded anew, the page does not open them again.
        if untrack(|| self.router.route()) == Route::AddCard {
            self.router.amend(Route::PaymentMethods);
        }
    }

    fn drop_fields(self) {
        let _ = self.fields.try_update_value(Option::take);
    }

    /// What stands in the page while a card is being added; otherwise nothing.
    pub(super) fn view(self) -> AnyView {
        let closed = Memo::new(move |_| self.is_closed());
        let panel = move || {
            if closed.get() {
                ().into_any()
            } else {
                self.panel()
            }
        };
        panel.into_any()
    }

    fn panel(self) -> AnyView {
        let title = NodeRef::<html::H2>::new();
        Effect::new(move || {
            if let Some(title) = title.get() {
                let _ = title.focus();
            }
        });
        view! {
            <section class="card card-entry" part="card">
                <h2 tabindex="-1" node_ref=title>
                    {move || match self.replaces.get() {
                        Some(replaced) => t::card_replace_title(&replaced.name),
                        None => t::card_title().to_owned(),
                    }}
                </h2>
                {move || self.replaces.get().map(|replaced| {
                    view! { <p class="small typed">{t::card_replaces(&format::list(&replaced.streets))}</p> }
                })}
                <p class="small muted">{t::card_lead()}</p>
                {move || self.says()}
                <div class="card-slot"><slot name=SLOT></slot></div>
                <p class="field-error" role="alert">{self.declined}</p>
                <div class="actions">{move || self.buttons()}</div>
            </section>
        }
        .into_any()
    }

    /// What is going on, where the fields do not say it.
    fn says(self) -> AnyView {
        let (tone, title, text) = match self.stage.get() {
            Stage::Opening => (Tone::Waiting, t::card_opening(), ""),
            Stage::Challenge => (Tone::Waiting, t::card_challenge(), t::card_challenge_text()),
            Stage::Waiting => (Tone::Waiting, t::card_waiting(), t::card_waiting_text()),
            Stage::Confirmed(_) => (Tone::Ok, t::card_confirmed(), t::card_confirmed_text()),
            Stage::Refused => (Tone::Stop, t::card_refused(), t::card_refused_text()),
            Stage::Failed => (Tone::Stop, t::card_failed(), t::card_failed_text()),
            Stage::Closed | Stage::Entry | Stage::Confirming => return ().into_any(),
        };
        view! { <Banner tone title text alert=true/> }.into_any()
    }

    fn buttons(self) -> AnyView {
        let stage = self.stage.get();
        let press = move |ask| move |()| self.ask(ask);
        let confirm = if self.replaces.with(Option::is_some) {
            t::card_replace()
        } else {
            t::card_confirm()
        };
        let busy = (stage == Stage::Confirming).then(|| t::card_confirming().to_owned());
        let first = match stage {
            Stage::Entry | Stage::Confirming => view! {
                <Button label=confirm kind=ButtonKind::Primary busy on_press=press(Ask::Tokenise)/>
            }
            .into_any(),
            Stage::Waiting => view! {
                <Button label=t::card_check() kind=ButtonKind::Primary on_press=press(Ask::Check)/>
                <Button label=t::card_proceed() on_press=press(Ask::Proceed)/>
            }
            .into_any(),
            Stage::Confirmed(_) => view! {
                <Button label=t::card_attach() kind=ButtonKind::Primary on_press=move |()| self.attach()/>
            }
            .into_any(),
            Stage::Refused | Stage::Failed => {
                let again = move |()| {
                    self.drop_fields();
                    let (key, entry) = self.setup.get_value();
                    // Something may have come of it: then there is nothing to type any more.
                    let began = memory::recall().is_some();
                    self.open(key, entry && !began);
                };
                view! { <Button label=t::card_again() kind=ButtonKind::Primary on_press=again/> }
                    .into_any()
            }
            Stage::Closed | Stage::Opening | Stage::Challenge => ().into_any(),
        };
        view! {
            {first}
            <Button label=t::card_cancel() on_press=move |()| self.close()/>
        }
        .into_any()
    }
}
