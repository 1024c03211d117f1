//! Cancelling a subscription with a reason.

use protocol::view::{CancelReason, SubscriptionState};
use protocol::{
    CancelSubscription, Cancellation, FieldError, FieldProblem, Intent, Nothing, Operation,
    Problem, PurchaseItemId, ReactivateSubscription, Resource,
};
use recharge::{Subscription, SubscriptionStatus};

use super::subscription::changeable;
use super::{Action, Row, Step};
use crate::plan::{Halt, Write};
use crate::policy::CancellationPolicy;
use crate::projection::Projection;
use crate::rules::guard::Guard;
use crate::rules::texts::check_length;
use crate::upstream::reader::Reader;

/// The longest reason, in characters.
const LONGEST_REASON: usize = 255;
/// The longest comment, in characters.
const LONGEST_COMMENT: usize = 500;
#[cfg(feature = "testing")]
use crate::testing::{self, Account};

impl Action for CancelSubscription {
    fn row() -> Row {
        Row {
            inverse: Some(Operation::ReactivateSubscription),
            stale: &[
                Resource::Overview,
                Resource::Deliveries,
                Resource::Subscriptions,
                Resource::Orders,
                Resource::Addresses,
                Resource::PaymentMethods,
                Resource::Customer,
            ],
            writes: &["POST /subscriptions/{id}/cancel"],
            evidence: &["the subscription is cancelled"],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::Subscription(self.subscription_id)
    }

    /// Cancels an active subscription.
    async fn plan(&self, reader: &Reader<'_>, _: Step) -> Result<Option<Write>, Halt> {
        let CancelSubscription {
            subscription_id: id,
            body,
        } = self;
        let policy = &reader.upstream.policy.cancellation;
        let problems = problems(body, policy);
        if !problems.is_empty() {
            return Err(problems.into());
        }
        changeable(reader, *id, Operation::CancelSubscription).await?;
        let comments = body
            .comment
            .as_deref()
            .map(str::trim)
            .filter(|text| !text.is_empty());
        let cancellation = recharge::Cancellation {
            reason: match body.reason.trim() {
                "" => policy.default_reason.clone(),
                chosen => chosen.to_owned(),
            },
            comments: comments.map(str::to_owned),
            // Whether upstream writes an e-mail is the store's setting.
            send_email: None,
        };
        let undo = Intent::ReactivateSubscription(ReactivateSubscription {
            subscription_id: *id,
            body: Nothing {},
        });
        let request = Subscription::cancel(*id, &cancellation).commit();
        Ok(Some(Write::new(request).undo(undo)))
    }

    /// It is cancelled.
    async fn took_effect(&self, reader: &Reader<'_>, _: Step) -> Result<bool, Problem> {
        let CancelSubscription {
            subscription_id: id,
            ..
        } = self;
        Ok(reader.subscription(*id).await?.status == SubscriptionStatus::Cancelled)
    }

    async fn preview(&self, after: &mut Projection, _: &Reader<'_>) -> Result<(), Problem> {
        let CancelSubscription {
            subscription_id, ..
        } = self;
        let today = after.today;
        if let Some(card) = after.card(*subscription_id) {
            card.state = SubscriptionState::Cancelled;
            card.next_date = None;
            card.cancelled_on = Some(today);
        }
        after.take_off(PurchaseItemId::from(*subscription_id), today);
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(account: &dyn Account) -> protocol::Intent {
        let subscription_id =
            testing::subscription(account, protocol::view::SubscriptionState::Active).await;
        let session: protocol::view::Session = account.read(protocol::Query::Session).await;
        let rules = session.cancellation.get().unwrap_or_default();
        let body = Cancellation {
            reason: rules.reasons[0].text.text.clone(),
            reason_id: None,
            comment: Some("Sorry".into()),
        };
        CancelSubscription {
            subscription_id: subscription_id.expect("an active subscription"),
            body,
        }
        .into()
    }
}

/// What is wrong with a cancellation as it was sent. A reason that names an id has to be one of
/// the merchant's; one that does not may be of before, where a change is undone.
pub(super) fn problems(body: &Cancellation, policy: &CancellationPolicy) -> Vec<FieldError> {
    let comment = body.comment.as_deref().unwrap_or_default();
    let reason = check_length("reason", &body.reason, policy.required, LONGEST_REASON);
    let unknown = body.reason_id.as_ref().filter(|id| {
        let is_it = |known: &CancelReason| known.id == **id && known.text.text == body.reason;
        !policy.reasons.iter().any(is_it)
    });
    let unknown = unknown.map(|_| FieldError::new("reason", FieldProblem::Refused));
    let comment = check_length("comment", comment, false, LONGEST_COMMENT);
    reason.or(unknown).into_iter().chain(comment).collect()
}
