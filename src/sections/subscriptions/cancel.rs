//! Cancelling a subscription, with a reason.

use leptos::prelude::*;
use protocol::view::SubscriptionDetail;
use protocol::{Cancellation, Date, Intent};

use super::{place, terms};
use crate::data::{Action, Data};
use crate::i18n::{format, t};
use crate::sections::words;
use crate::ui::{Choice, Glyph, Icon, Line, LineKind, RadioGroup, TextArea};

/// The longest comment, in characters.
const COMMENT: usize = 500;

/// Cancelling one subscription.
pub(super) struct Cancel {
    detail: SubscriptionDetail,
    reasons: Vec<String>,
    today: Date,
    reason: RwSignal<String>,
    comment: RwSignal<String>,
    no_reason: RwSignal<bool>,
}

impl Cancel {
    /// For one of the merchant's `reasons`.
    pub(super) fn new(detail: SubscriptionDetail, reasons: Vec<String>, today: Date) -> Cancel {
        Cancel {
            detail,
            reasons,
            today,
            reason: RwSignal::new(String::new()),
            comment: RwSignal::new(String::new()),
            no_reason: RwSignal::new(false),
        }
    }
}

impl Action for Cancel {
    fn title(&self) -> String {
        t::cancel_title().into()
    }

    fn has_form(&self) -> bool {
        true
    }

    fn form(&self) -> AnyView {
        let choices: Vec<Choice> = self
            .reasons
            .iter()
            .map(|reason| Choice {
                value: reason.clone(),
                label: reason.clone(),
                hint: String::new(),
            })
            .collect();
        let missing = self.no_reason;
        view! {
            <div class="stack stack-small">
                <RadioGroup legend=t::cancel_why() value=self.reason choices=choices/>
                {move || missing.get().then(|| view! {
                    <p class="field-error" role="alert">
                        <Icon glyph=Glyph::Alert/><span>{t::cancel_no_reason()}</span>
                    </p>
                })}
            </div>
            <TextArea label=t::cancel_comment() value=self.comment limit=COMMENT optional=true/>
        }
        .into_any()
    }

    fn check(&self) -> bool {
        let missing = self.reason.with_untracked(String::is_empty);
        self.no_reason.set(missing);
        !missing
    }

    fn review(&self) -> Vec<Line> {
        let mut lines = vec![
            Line {
                label: t::cancel_what().into(),
                before: words::short(&self.detail.card.title),
                after: t::subscription_cancelled().into(),
                kind: LineKind::Changed,
            },
            Line {
                label: t::subscription_interval().into(),
                before: terms(&self.detail.card),
                after: t::cancel_stops().into(),
                kind: LineKind::Changed,
            },
        ];
        lines.extend(self.detail.next_dates.iter().take(1).map(|date| Line {
            label: t::cancel_not_coming().into(),
            before: format::date(*date, self.today),
            kind: LineKind::Lost,
            ..Line::default()
        }));
        lines.push(Line {
            label: t::subscription_reason().into(),
            before: self.reason.get_untracked(),
            kind: LineKind::Unchanged,
            ..Line::default()
        });
        lines
    }

    fn meaning(&self) -> String {
        t::cancel_meaning().into()
    }

    fn confirm(&self) -> String {
        t::cancel_confirm().into()
    }

    fn sending(&self) -> String {
        t::cancel_sending().into()
    }

    fn is_ending(&self) -> bool {
        true
    }

    fn intent(&self) -> Intent {
        let comment = self.comment.get_untracked().trim().to_owned();
        Intent::CancelSubscription {
            subscription_id: self.detail.card.id,
            body: Cancellation {
                reason: self.reason.get_untracked(),
                comment: Some(comment).filter(|comment| !comment.is_empty()),
            },
        }
    }

    fn done(&self, _: Data, reference: &str) -> String {
        t::cancel_done(reference, &words::short(&self.detail.card.title))
    }

    fn place(&self) -> String {
        place(&self.detail.card)
    }
}
