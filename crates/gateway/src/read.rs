//! Answering queries.

use protocol::{CustomerId, Problem, ProblemKind, Query};
use serde::Serialize;

use crate::Gateway;
use crate::reader::Reader;
use crate::views::{account, deliveries, orders, overview, subscriptions};

impl Gateway {
    pub(crate) async fn view(
        &self,
        customer: CustomerId,
        query: &Query,
    ) -> Result<String, Problem> {
        let reader = &Reader::cached(self, customer);
        match query {
            Query::Session => json(&account::session(reader).await?),
            Query::Overview => json(&overview::overview(reader).await?),
            Query::Subscriptions => json(&subscriptions::list(reader).await?),
            Query::Subscription(id) => json(&subscriptions::detail(reader, *id).await?),
            Query::Deliveries => json(&deliveries::schedule(reader).await?),
            Query::Orders { cursor } => json(&orders::page(reader, cursor.as_deref()).await?),
            Query::Order(id) => json(&orders::detail(reader, *id).await?),
            Query::Addresses => json(&account::addresses(reader).await?),
            Query::PaymentMethods => json(&account::payment_methods(reader).await?),
            Query::Customer => json(&account::customer(reader).await?),
        }
    }
}

fn json(view: &impl Serialize) -> Result<String, Problem> {
    serde_json::to_string(view)
        .map_err(|_| Problem::new(ProblemKind::Internal, "The view could not be written."))
}
