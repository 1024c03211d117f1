//! The one change that is under way: runs what [`change::next`] asks for.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::reactive::owner::WeakOwner;
use protocol::view::{Preview, PreviewLine};
use protocol::{FieldError, Outcome, Part, PartState, ProblemKind, Refusal, Resource, Sendable};

use super::change::{self, Answer, Effect, Event, Phase};
use super::undo::Undo;
use super::{Action, Data};
use crate::backend::{Failure, Request, clock};
use crate::i18n::t;
use crate::ui::{Announcer, task};

/// Why a change did not happen.
#[derive(Debug, Clone, PartialEq)]
pub enum Notice {
    /// Upstream or the Gateway refused it: why, and the reference.
    Refused(Refusal, String),
    /// Some of several parts did not happen: what became of each, and the reference.
    Parts(Vec<Part>, String),
    /// The request itself failed.
    Failed(Failure),
}

/// What the server says of a change before it is sent.
#[derive(Debug, Clone, PartialEq)]
pub enum Foreseen {
    /// It has not answered yet.
    Asked,
    /// This.
    Known(Preview),
    /// Nothing: it could not be asked, or is not for an Undo, which was seen before.
    Nothing,
}

/// Says in words what came out otherwise than foreseen.
pub type Tell = fn(&[PreviewLine], Data) -> String;

/// The change that is under way, if any. Copies are handles to the same change; there is one
/// at a time, and nothing queues behind it.
#[derive(Clone, Copy)]
pub struct Changes {
    /// Where it stands.
    pub phase: RwSignal<Phase>,
    /// What it is.
    pub action: RwSignal<Option<Arc<dyn Action>>>,
    /// Whether its dialog is open.
    pub shown: RwSignal<bool>,
    /// Why it did not happen, once that is known.
    pub notice: RwSignal<Option<Notice>>,
    /// The `id` of the element to be marked, once it has happened.
    pub marked: RwSignal<Option<String>>,
    /// What the server foresees of the change in the review.
    pub foreseen: RwSignal<Foreseen>,
    data: Data,
    announcer: Announcer,
    /// From the dialog: its words are not in the first file of the bundle.
    tell: StoredValue<Option<Tell>>,
    differences: StoredValue<Vec<PreviewLine>>,
    /// What is sent: fixed when the review is shown, so that it is what the customer saw.
    intent: StoredValue<Option<Sendable>>,
    undo: StoredValue<Option<Sendable>>,
    stale: StoredValue<Vec<Resource>>,
    reference: StoredValue<String>,
    /// The portal's owner, and below it that of the current form's fields. The portal's holds
    /// this value: holding it in turn would keep its listeners when the portal is taken out.
    owners: StoredValue<(WeakOwner, Owner)>,
}

impl Changes {
    /// No change yet. Offered as context.
    pub fn provide(data: Data, announcer: Announcer) -> Changes {
        let owner = Owner::current().unwrap_or_default();
        let changes = Changes {
            phase: RwSignal::new(Phase::Idle),
            action: RwSignal::new(None),
            shown: RwSignal::new(false),
            notice: RwSignal::new(None),
            marked: RwSignal::new(None),
            foreseen: RwSignal::new(Foreseen::Nothing),
            data,
            announcer,
            tell: StoredValue::new(None),
            differences: StoredValue::new(Vec::new()),
            intent: StoredValue::new(None),
            undo: StoredValue::new(None),
            stale: StoredValue::new(Vec::new()),
            reference: StoredValue::new(String::new()),
            owners: StoredValue::new((owner.downgrade(), owner.child())),
        };
        provide_context(changes);
        changes
    }

    /// The changes of this portal.
    pub fn expect() -> Changes {
        expect_context()
    }

    /// Lets `tell` word what comes out otherwise than foreseen.
    pub fn tell_by(self, tell: Tell) {
        self.tell.set_value(Some(tell));
    }

    /// Starts the action that `make` makes, at its form or, without one, at its review. Does
    /// nothing while another change is under way.
    pub fn start(self, make: impl FnOnce() -> Arc<dyn Action>) {
        if !self.adopt(make) {
            return;
        }
        let action = self.action.get_untracked();
        if action.is_some_and(|action| action.has_form()) {
            self.apply(Event::OpenDraft);
        } else {
            self.review();
        }
        self.shown.set(true);
    }

    /// Sends the action that `make` makes at once: for an Undo, whose review was the change.
    pub fn start_at_once(self, make: impl FnOnce() -> Arc<dyn Action>) {
        if self.adopt(make) {
            self.open_review();
            self.confirm();
            self.announcer.announce(t::change_undoing());
        }
    }

    /// The customer has filled in the form; whether it was complete.
    pub fn submit(self) -> bool {
        let complete = self
            .action
            .get_untracked()
            .is_some_and(|action| action.check());
        if complete {
            self.review();
        }
        complete
    }

    /// The customer wants to see the form again.
    pub fn back(self) {
        self.notice.set(None);
        self.apply(Event::Back);
    }

    /// To the review, with a fresh key, and asks the server what the change would do.
    pub fn review(self) {
        if let Some((key, intent)) = self.open_review() {
            self.foreseen.set(Foreseen::Asked);
            let answer = self.data.backend().send(Request::Preview(intent));
            task::spawn_to_the_end(async move { self.foresee(key, answer.await) });
        }
    }

    /// To the review of what is still to be done of an action of several parts.
    pub fn review_rest(self) {
        if let Some(Notice::Parts(parts, _)) = self.notice.get_untracked() {
            self.with_action(|action| {
                // A part more than there are items comes first and is no item.
                let before = parts.len() - action.subjects().len().min(parts.len());
                let items = parts.iter().skip(before).enumerate();
                let rest = items.filter(|(_, part)| part.state != PartState::Done);
                action.keep(&rest.map(|(at, _)| at).collect::<Vec<_>>());
            });
        }
        self.review();
    }

    fn open_review(self) -> Option<(String, Sendable)> {
        let intent = self.action.get_untracked().map(|action| action.intent())?;
        self.intent.set_value(Some(intent.clone()));
        self.notice.set(None);
        self.foreseen.set(Foreseen::Nothing);
        let key = clock::new_key();
        self.apply(Event::OpenReview { key: key.clone() });
        Some((key, intent))
    }

    /// Shows what the server foresees, unless the customer has gone on meanwhile.
    fn foresee(self, key: String, answer: Result<String, Failure>) {
        let current = Phase::Review { key: key.clone() };
        if self.phase.try_get_untracked() != Some(current) {
            return;
        }
        let preview = answer.map(|text| protocol::read::<Preview>(&text));
        let foreseen = match preview {
            Ok(Some(preview)) => {
                if let Some(reason) = preview.refused.clone() {
                    let notice = Notice::Refused(reason, String::new());
                    if self.refuse(notice, &preview.fields) {
                        // What is wrong is said at its field: there the customer goes on.
                        return self.back();
                    }
                    self.apply(Event::WouldBeRefused { key });
                }
                Foreseen::Known(preview)
            }
            Err(Failure::Problem(problem)) if problem.kind == ProblemKind::SessionEnded => {
                self.data.end_session();
                Foreseen::Nothing
            }
            // The review then says what the browser knows, and the server decides.
            _ => Foreseen::Nothing,
        };
        task::set(self.foreseen, foreseen);
    }

    /// The customer pressed the button that sends it.
    pub fn confirm(self) {
        self.apply(Event::Confirm);
    }

    /// The customer closed the dialog. What is on its way goes on, and is reported.
    pub fn close(self) {
        self.shown.set(false);
        if self.phase.with_untracked(Phase::is_sending) {
            self.announcer.announce(t::change_checking_behind());
        }
        self.apply(Event::Leave);
    }

    /// The customer went to another page: what was offered there is withdrawn.
    pub fn leave_page(self) {
        if self.shown.get_untracked() {
            self.close();
        }
        self.apply(Event::Leave);
        self.marked.set(None);
    }

    fn adopt(self, make: impl FnOnce() -> Arc<dyn Action>) -> bool {
        if self.phase.with_untracked(Phase::is_busy) {
            return false;
        }
        self.apply(Event::Leave);
        let portal = self.portal();
        let own = portal.child();
        let action = own.with(make);
        self.action.set(Some(action));
        self.notice.set(None);
        self.marked.set(None);
        self.announcer.clear();
        // The fields of the action before are gone from the page by now.
        self.owners.set_value((portal.downgrade(), own));
        true
    }

    fn apply(self, event: Event) {
        let Some(before) = self.phase.try_get_untracked() else {
            return;
        };
        let (after, effects) = change::next(before.clone(), event);
        if after != before {
            task::set(self.phase, after);
        }
        for effect in effects {
            self.run(effect);
        }
    }

    fn run(self, effect: Effect) {
        match effect {
            Effect::Send(key) => self.send(key),
            Effect::Wait(ms) => task::spawn_to_the_end(async move {
                task::sleep(ms).await;
                self.apply(Event::Due);
            }),
            Effect::Reread => task::spawn_to_the_end(async move {
                let stale = self.stale.try_get_value().unwrap_or_default();
                let updating = self.data.reread(&stale).await;
                self.apply(Event::Reread { updating });
            }),
            Effect::Close => {
                task::set(self.shown, false);
                let place = self.with_action(|action| action.place());
                task::set(self.marked, place);
            }
            Effect::Announce => self.announce(),
        }
    }

    fn send(self, key: String) {
        let Some(intent) = self.intent.try_get_value().flatten() else {
            return;
        };
        let answer = self.data.backend().send(Request::Change { key, intent });
        task::spawn_to_the_end(async move {
            let answer = match answer.await {
                Ok(text) => match protocol::read::<Outcome>(&text) {
                    Some(outcome) => self.read_outcome(outcome),
                    None => Answer::Unknown,
                },
                Err(failure) => self.read_failure(failure),
            };
            self.apply(Event::Answered(answer));
        });
    }

    fn read_outcome(self, outcome: Outcome) -> Answer {
        let is_done = outcome.is_done();
        let _ = self.differences.try_set_value(outcome.differences);
        let _ = self.stale.try_set_value(outcome.stale);
        let _ = self.undo.try_set_value(outcome.undo);
        let _ = self.reference.try_set_value(outcome.reference.clone());
        let states = || outcome.parts.iter().map(|part| &part.state);
        if states().any(|state| *state == PartState::Unknown) {
            return Answer::Unknown;
        }
        let refused = states().find_map(|state| match state {
            PartState::Refused { reason, fields } => Some((reason.clone(), fields.clone())),
            _ => None,
        });
        let (Some((reason, fields)), false) = (refused, is_done) else {
            return Answer::Done;
        };
        let notice = match outcome.parts.len() {
            1 => Notice::Refused(reason, outcome.reference),
            _ => Notice::Parts(outcome.parts, outcome.reference),
        };
        self.refuse(notice, &fields);
        // It may have been refused because what the page shows is no longer true.
        task::spawn_to_the_end(async move {
            let stale = self.stale.try_get_value().unwrap_or_default();
            self.data.reread(&stale).await;
        });
        Answer::Refused
    }

    fn read_failure(self, failure: Failure) -> Answer {
        let Failure::Problem(problem) = &failure else {
            return Answer::Unknown;
        };
        match problem.kind {
            // Asking again with the same key tells what happened.
            ProblemKind::Internal | ProblemKind::Other(_) => return Answer::Unknown,
            ProblemKind::SessionEnded => self.data.end_session(),
            _ => {}
        }
        let fields = problem.fields.clone();
        self.refuse(Notice::Failed(failure), &fields);
        Answer::Refused
    }

    /// Shows why it did not happen; whether that is said at a field of the form too.
    fn refuse(self, notice: Notice, fields: &[FieldError]) -> bool {
        let at_fields = self.with_action(|action| action.refused(fields)) == Some(true);
        task::set(self.notice, Some(notice));
        // An Undo has no dialog until there is something to say; one that is open stays as it is.
        if self.shown.try_get_untracked() == Some(false) {
            task::set(self.shown, true);
        }
        if at_fields {
            self.announcer.clear();
        }
        at_fields
    }

    fn announce(self) {
        if self.phase.try_get_untracked() == Some(Phase::Slow) {
            let again = self.callback(move |()| self.apply(Event::Again));
            return self
                .announcer
                .announce_with(t::change_slow(), t::change_look_again(), again);
        }
        let reference = self.reference.try_get_value().unwrap_or_default();
        let Some(mut text) = self.with_action(|action| action.done(self.data, &reference)) else {
            return;
        };
        let differences = self.differences.try_get_value().unwrap_or_default();
        if let (Some(tell), false) = (self.tell.get_value(), differences.is_empty()) {
            text.push(' ');
            text.push_str(&tell(&differences, self.data));
        }
        match self.undo.try_get_value().flatten() {
            None => self.announcer.announce(text),
            Some(intent) => {
                let place = self
                    .with_action(|action| action.place())
                    .unwrap_or_default();
                let undo = self.callback(move |()| {
                    let (intent, place) = (intent.clone(), place.clone());
                    self.start_at_once(|| Arc::new(Undo { intent, place }));
                });
                self.announcer.announce_with_undo(text, undo);
            }
        }
    }

    /// The portal's owner; one of no effect where the portal is being taken out.
    fn portal(self) -> Owner {
        let portal = self.owners.with_value(|(portal, _)| portal.upgrade());
        portal.unwrap_or_default()
    }

    /// A callback that lives as long as the portal, whenever it is made.
    fn callback(self, call: impl Fn(()) + Send + Sync + 'static) -> Callback<()> {
        self.portal().with(|| Callback::new(call))
    }

    fn with_action<T>(self, read: impl FnOnce(&dyn Action) -> T) -> Option<T> {
        self.action
            .try_get_untracked()
            .flatten()
            .map(|action| read(&*action))
    }
}
