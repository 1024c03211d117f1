//! Answering queries.

use protocol::view::Delivery;
use protocol::{CustomerId, Problem, ProblemKind, Query};
use serde::Serialize;

use crate::gateway::Gateway;
use crate::plan::switched_off;
use crate::upstream::optional::optional_reads;
use crate::upstream::reader::Reader;
use crate::views::{account, changes, deliveries, export, orders, overview, subscriptions};

/// A view and how old it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The view's JSON.
    pub json: String,
    /// Where upstream could not be read: when this view of before was made, milliseconds
    /// since 1970.
    pub kept_since_ms: Option<i64>,
}

impl Gateway {
    /// Answers `query` for `customer`, while upstream cannot be read with the last view there
    /// was, if that is not too old.
    ///
    /// # Errors
    /// As for [`Gateway::read`].
    pub async fn read_or_stale(
        &self,
        customer: CustomerId,
        query: &Query,
    ) -> Result<Reading, Problem> {
        match self.read(customer, query).await {
            Ok(json) => {
                // An export is as large as all other views together, and is of use as it is now.
                if *query != Query::Export {
                    let now_ms = self.upstream.env.now_ms();
                    self.stale_views
                        .keep(customer, self.policy_id, query, now_ms, &json);
                }
                Ok(Reading {
                    json,
                    kept_since_ms: None,
                })
            }
            Err(problem)
                if matches!(
                    problem.kind,
                    ProblemKind::Unavailable | ProblemKind::Upstream
                ) =>
            {
                let kept = self
                    .stale_views
                    .find(customer, self.policy_id, query, self.upstream.env.now_ms())
                    .ok_or(problem)?;
                Ok(Reading {
                    json: kept.1,
                    kept_since_ms: Some(kept.0),
                })
            }
            Err(problem) => Err(problem),
        }
    }

    pub(crate) async fn view(
        &self,
        customer: CustomerId,
        query: &Query,
    ) -> Result<String, Problem> {
        let is_order = matches!(query, Query::Orders { .. } | Query::Order(_));
        if is_order && !self.upstream.policy.invoices {
            return Err(switched_off());
        }
        let reader = &Reader::cached(&self.upstream, customer).with_optional(optional_reads(query));
        match query {
            Query::Session => json(&account::session(reader).await?),
            Query::Overview => {
                let view = overview::overview(reader).await?;
                self.let_go_of_updating(customer, view.next.iter().chain(&view.later));
                json(&view)
            }
            Query::Subscriptions => json(&subscriptions::list(reader).await?),
            Query::Subscription(id) => json(&subscriptions::detail(reader, *id).await?),
            Query::Deliveries => {
                let view = deliveries::shown(reader).await?;
                self.let_go_of_updating(customer, &view.deliveries);
                json(&view)
            }
            Query::Orders { cursor } => json(&orders::page(reader, cursor.as_deref()).await?),
            Query::Order(id) => json(&orders::detail(reader, *id).await?),
            Query::Addresses => json(&account::addresses(reader).await?),
            Query::PaymentMethods => json(&account::payment_methods(reader).await?),
            Query::Customer => json(&account::customer(reader).await?),
            Query::Changes {
                before,
                subscription,
            } => json(&changes::page(reader, *before, *subscription).await?),
            Query::Export => json(&export::export(reader).await?),
            Query::Catalogue => json(&reader.listed().await?),
        }
    }

    /// What upstream is still working out is asked for anew each time: it settles by itself.
    fn let_go_of_updating<'a>(
        &self,
        customer: CustomerId,
        deliveries: impl IntoIterator<Item = &'a Delivery>,
    ) {
        if deliveries.into_iter().any(|delivery| delivery.updating) {
            self.upstream.cache.forget(customer);
        }
    }
}

fn json(view: &impl Serialize) -> Result<String, Problem> {
    serde_json::to_string(view)
        .map_err(|_| Problem::new(ProblemKind::Internal, "The view could not be written."))
}
