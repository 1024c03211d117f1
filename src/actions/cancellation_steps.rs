//! The steps of canceling, reported where the shop counts them: which, and nothing of who.

use leptos::prelude::*;
use protocol::Operation;
use protocol::view::{
    CANCELLATION_EVENT_VERSION, CANCELLATION_EVENTS, CancellationEvent, CancellationStep,
};

use crate::backend::{Request, clock};
use crate::data::Data;
use crate::overview::page::Page;
use crate::ui::task;

/// The steps of one cancellation.
#[derive(Clone)]
pub(super) struct Steps {
    data: Data,
    /// A random UUID; `None` where the steps are not counted.
    flow: Option<String>,
    offers: Vec<Operation>,
    /// The id of the reason that is chosen, or nothing.
    reason: RwSignal<String>,
}

impl Steps {
    /// Those of a cancellation that is opened now, in which `offers` are seen and `reason` is
    /// asked. The reason counts as it is when the dialog closes.
    pub(super) fn begin(
        page: &Page,
        counted: bool,
        offers: Vec<Operation>,
        reason: RwSignal<String>,
    ) -> Steps {
        let steps = Steps {
            data: page.data,
            flow: counted.then(clock::new_key),
            offers,
            reason,
        };
        steps.report(CancellationStep::Started, None, None);
        steps.report_offers(CancellationStep::OfferShown);
        let (shown, own) = (page.changes.shown, steps.clone());
        Effect::new(move |before: Option<bool>| {
            let shown = shown.get();
            if before == Some(true) && !shown {
                own.report_reason();
            }
            shown
        });
        steps
    }

    fn report_reason(&self) {
        let reason = self.reason.try_get_untracked().filter(|id| !id.is_empty());
        if reason.is_some() {
            self.report(CancellationStep::Reason, reason, None);
        }
    }

    /// The customer took what was offered.
    pub(super) fn accept(&self, offer: Operation) {
        self.report_reason();
        self.report(CancellationStep::OfferAccepted, None, Some(offer));
    }

    /// The subscription was canceled, whatever was offered.
    pub(super) fn end(&self) {
        self.report_offers(CancellationStep::OfferDeclined);
        self.report(CancellationStep::Canceled, None, None);
    }

    fn report_offers(&self, step: CancellationStep) {
        for offer in &self.offers {
            self.report(step, None, Some(*offer));
        }
    }

    /// Sends it once, without waiting: nothing that a customer does depends on it.
    fn report(&self, step: CancellationStep, reason: Option<String>, offer: Option<Operation>) {
        let Some(flow) = self.flow.clone() else {
            return;
        };
        let event = CancellationEvent {
            version: CANCELLATION_EVENT_VERSION,
            flow,
            step,
            reason,
            offer,
        };
        if let Ok(body) = serde_json::to_string(&event) {
            let request = Request::Post(CANCELLATION_EVENTS, body);
            let sent = self.data.backend().send(request);
            task::spawn_to_the_end(async move { drop(sent.await) });
        }
    }
}
