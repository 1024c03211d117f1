//! Sends the change, and says what came of it.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::{FieldError, Outcome, PartState, ProblemKind, Sendable};

use super::Changes;
use crate::backend::{Failure, Request};
use crate::data::change::{self, Answer, Event, Phase};
use crate::data::notice::Notice;
use crate::data::prepared::Prepared;
use crate::i18n::t;
use crate::ui::task;

impl Changes {
    pub(super) fn send(self, key: String) {
        let Some(intent) = self.intent.try_get_value().flatten() else {
            return;
        };
        let sent = intent.clone();
        let answer = self.data.backend().send(Request::Change { key, intent });
        task::spawn_to_the_end(async move {
            let answer = match answer.await {
                Ok(reply) => match protocol::read::<Outcome>(&reply.text) {
                    Some(outcome) => self.read_outcome(outcome, &sent),
                    None => Answer::Unknown,
                },
                Err(failure) => self.read_failure(failure, &sent),
            };
            self.apply(Event::Answered(answer));
        });
    }

    fn read_outcome(self, outcome: Outcome, sent: &Sendable) -> Answer {
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
            self.tell_done(sent, &outcome.reference);
            return Answer::Done;
        };
        self.tell_failed(sent, reason.as_str(), &outcome.reference);
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

    fn read_failure(self, failure: Failure, sent: &Sendable) -> Answer {
        let Failure::Problem(problem) = &failure else {
            return Answer::Unknown;
        };
        let again = matches!(self.phase.try_get_untracked(), Some(Phase::Checking { .. }));
        // Asking again with the same key tells what happened.
        if change::leaves_open(&problem.kind, again) {
            return Answer::Unknown;
        }
        if problem.kind == ProblemKind::SessionEnded {
            self.data.end_session();
        }
        self.tell_failed(sent, problem.kind.as_str(), &problem.reference);
        let fields = problem.fields.clone();
        self.refuse(Notice::Failed(failure), &fields);
        Answer::Refused
    }

    /// Shows why it did not happen; whether that is said at a field of the form too.
    pub(super) fn refuse(self, notice: Notice, fields: &[FieldError]) -> bool {
        let at_fields = self.with_action(|action| action.refused(fields)) == Some(true);
        // A form that stays in sight says at its fields all there is to say.
        let said = at_fields && untrack(|| self.is_single());
        task::set(self.notice, (!said).then_some(notice));
        if self.data.is_over() {
            // The page says so.
            self.announcer.clear();
        } else if self.shown.try_get_untracked() == Some(false) {
            // Nobody waits at the dialog: it opens when the customer asks to see more.
            let title = self.with_action(|action| action.title());
            let text = t::change_failed_behind(&title.unwrap_or_default());
            let show = self.callback(move |()| task::set(self.shown, true));
            self.announcer.announce_with(text, t::change_show(), show);
        }
        at_fields
    }

    pub(super) fn announce(self) {
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
        let inverse = self.undo.try_get_value().flatten();
        let inverse = inverse.and_then(|intent| {
            self.with_action(|action| Prepared {
                title: t::shell_undo().into(),
                intent,
                place: action.place(),
                done: action.undone(),
                undone: String::new(),
            })
        });
        match inverse.filter(|inverse| !inverse.done.is_empty()) {
            None => self.announcer.announce(text),
            Some(inverse) => {
                let undo = self.callback(move |()| {
                    let inverse = inverse.clone();
                    self.start_at_once(|| Arc::new(inverse));
                });
                self.announcer.announce_with_undo(text, undo);
            }
        }
    }
}
