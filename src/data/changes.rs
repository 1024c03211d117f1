//! The one change that is under way: runs what [`change::next`] asks for.

mod events;
mod outcome;

use std::sync::Arc;

use leptos::prelude::*;
use leptos::reactive::owner::WeakOwner;
use protocol::view::{Preview, PreviewLine, Value};
use protocol::{PartState, Resource, Sendable};

use super::action::Action;
use super::cells::Data;
use super::change;
use super::change::{Effect, Event, Phase};
use super::notice::{Notice, PreviewState};
use super::prepared::Prepared;
use crate::backend::{Failure, Reply, Request, clock};
use crate::host::Host;
use crate::i18n::t;
use crate::ui::{Announcer, task};

/// Says in words what came out differently from the preview.
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
    /// The preview of the change in the review.
    pub preview: RwSignal<PreviewState>,
    /// Whether the form stays in sight until the preview has told that nothing stands against
    /// sending it.
    pub quick: RwSignal<bool>,
    data: Data,
    announcer: Announcer,
    host: Host,
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
    pub(crate) fn provide(data: Data, announcer: Announcer, host: Host) -> Changes {
        let owner = Owner::current().unwrap_or_default();
        let changes = Changes {
            phase: RwSignal::new(Phase::Idle),
            action: RwSignal::new(None),
            shown: RwSignal::new(false),
            notice: RwSignal::new(None),
            marked: RwSignal::new(None),
            preview: RwSignal::new(PreviewState::None),
            quick: RwSignal::new(false),
            data,
            announcer,
            host,
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

    /// Lets `tell` word what comes out differently from the preview.
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
            if self.confirm() {
                self.announcer.announce(t::change_undoing());
            } else {
                self.apply(Event::Leave);
            }
        }
    }

    /// Finds out what became of `action`, which was sent with `key` before the page was loaded
    /// again: the same key tells, or does what has not reached the server.
    pub fn resume(self, key: String, action: Prepared) {
        if self.adopt(|| Arc::new(action)) {
            self.intent
                .set_value(self.with_action(|action| action.intent()));
            self.announcer.announce(t::change_resuming());
            self.apply(Event::Resume { key });
        }
    }

    /// The `id` of the element that shows what was changed, or is being changed.
    pub fn changed_place(self) -> Option<String> {
        let marked = self.marked.try_get_untracked().flatten();
        let busy = self.phase.try_with_untracked(Phase::is_busy) == Some(true);
        marked.or_else(|| self.with_action(|action| action.place()).filter(|_| busy))
    }

    /// What is sent, fixed when the review is shown.
    pub fn intent(self) -> Option<Sendable> {
        self.intent.get_value()
    }

    /// The customer has filled in the form; whether it was complete.
    pub fn submit(self) -> bool {
        let complete = self.with_action(|action| action.check()) == Some(true);
        if complete && self.with_action(|action| action.is_one_step()) == Some(true) {
            self.open_review();
            self.confirm();
        } else if complete {
            let quick = self.with_action(|action| action.quick()).flatten() == Some(true);
            self.quick.set(quick);
            self.review();
        }
        complete
    }

    /// What is filled in of a form that is its own review has changed, and is `ready` to be looked
    /// at or not. No press counts until the preview of it is there.
    pub fn refill(self, ready: bool) {
        let phase = self.phase.get_untracked();
        if !matches!(phase, Phase::Draft | Phase::Review { .. } | Phase::Refused) {
            return;
        }
        self.back();
        if ready {
            self.preview.set(PreviewState::Loading);
        }
    }

    /// Whether the form stays in sight all the time.
    pub fn is_single(self) -> bool {
        let single =
            |action: &dyn Action| action.has_form() && (action.is_one_step() || action.is_live());
        self.quick.get() || self.with_action(single) == Some(true)
    }

    /// The customer wants to see the form again.
    pub fn back(self) {
        self.notice.set(None);
        self.preview.set(PreviewState::None);
        self.apply(Event::Back);
    }

    /// To the review, with a fresh key, and asks the server what the change would do.
    pub fn review(self) {
        if let Some((key, intent)) = self.open_review() {
            self.preview.set(PreviewState::Loading);
            let answer = self.data.backend().send(Request::Preview(intent));
            task::spawn_to_the_end(async move { self.take_preview(key, answer.await) });
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
        self.preview.set(PreviewState::None);
        let key = clock::new_key();
        self.apply(Event::OpenReview { key: key.clone() });
        Some((key, intent))
    }

    /// Shows the preview, unless the customer has gone on meanwhile.
    fn take_preview(self, key: String, answer: Result<Reply, Failure>) {
        let current = Phase::Review { key: key.clone() };
        if self.phase.try_get_untracked() != Some(current) {
            return;
        }
        let preview =
            answer.and_then(|reply| protocol::read::<Preview>(&reply.text).ok_or(Failure::Lost));
        let state = match preview {
            Ok(preview) => {
                if let Some(reason) = preview.refused.clone() {
                    let notice = Notice::Refused(reason, String::new());
                    if self.refuse(notice, &preview.fields) {
                        // What is wrong is said at its field: there the customer goes on.
                        return self.back();
                    }
                    task::set(self.quick, false);
                    self.apply(Event::WouldBeRefused { key });
                } else if self.quick.get_untracked() {
                    if !costs(&preview) {
                        task::set(self.preview, PreviewState::None);
                        self.confirm();
                        return;
                    }
                    task::set(self.quick, false);
                }
                PreviewState::Ready(preview)
            }
            Err(failure) => {
                if failure.is_session_end() {
                    self.data.end_session();
                }
                task::set(self.quick, false);
                PreviewState::Unavailable(failure)
            }
        };
        task::set(self.preview, state);
    }

    /// The customer pressed the button that sends it; whether the page around the portal lets it.
    pub fn confirm(self) -> bool {
        let is_reviewed = matches!(self.phase.get_untracked(), Phase::Review { .. });
        if is_reviewed && self.is_vetoed() {
            return false;
        }
        self.apply(Event::Confirm);
        true
    }

    /// Sends once more what was refused, as the customer has seen it: what stood against it is
    /// gone.
    pub fn resend(self) {
        self.notice.set(None);
        self.apply(Event::OpenReview {
            key: clock::new_key(),
        });
        self.confirm();
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
        self.quick.set(false);
        self.notice.set(None);
        self.preview.set(PreviewState::None);
        self.marked.set(None);
        self.announcer.clear();
        // The fields of the action before may still be on the page, where it gave way to this one.
        let owners = (portal.downgrade(), own);
        let before = self
            .owners
            .try_update_value(|own| std::mem::replace(own, owners));
        task::after_paint(move || drop(before));
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

/// Whether the customer has to agree to something that `preview` tells.
fn costs(preview: &Preview) -> bool {
    let is_money = |line: &PreviewLine| {
        matches!(line.before, Some(Value::Money(_))) || matches!(line.after, Some(Value::Money(_)))
    };
    preview.pays_now.is_some() || !preview.cautions.is_empty() || preview.lines.iter().any(is_money)
}
