//! Reading upstream on behalf of one customer.

use std::collections::{BTreeMap, BTreeSet};

use protocol::{
    AddressId, CustomerId, Date, OnetimeId, OrderId, PaymentMethodId, Problem, ProblemKind,
    SubscriptionId,
};
use recharge::{
    Address, BoxFuture, BundleSelection, CallError, Charge, ChargeId, ChargeStatus, CreditSummary,
    Customer, CustomerPart, DeliverySchedule, Discount, DiscountId, ErrorKind, ExternalId, Listed,
    NoAnswer, Onetime, Order, Page, PaymentMethod, ProcessorTokens, Product, Recharge, Request,
    Response, ScheduleWindow, Subscription, call_as, call_json, list_all,
};
use serde_json::Value;

use crate::Gateway;
use crate::cache::Cache;
use crate::views::text::safe_picture;

/// A list is followed for so many items at most; a view says where it was cut.
pub(crate) const LIST_CAP: usize = 5_000;

/// Products whose pictures are asked for in one call, so that its URL stays short.
const PRODUCTS_AT_ONCE: usize = 50;

/// The states of charges that the portal shows beside orders.
const OPEN_CHARGES: &[ChargeStatus] = &[
    ChargeStatus::Queued,
    ChargeStatus::Skipped,
    ChargeStatus::Error,
    ChargeStatus::Pending,
    ChargeStatus::PendingManualPayment,
];

/// Reads upstream for one customer, and never answers what is somebody else's: the access token
/// would, so every answer is compared with the customer.
pub(crate) struct Reader<'a> {
    pub(crate) gateway: &'a Gateway,
    pub(crate) customer: CustomerId,
    /// Its own answers only, where those of before are not good enough.
    fresh: Option<Cache>,
    /// What was noted before the write that is looked at.
    known: Vec<u64>,
    /// The session that asks.
    pub(crate) session: String,
}

impl<'a> Reader<'a> {
    /// A reader for views: an answer may be as old as the policy allows.
    pub(crate) fn cached(gateway: &'a Gateway, customer: CustomerId) -> Reader<'a> {
        Reader {
            gateway,
            customer,
            fresh: None,
            known: Vec::new(),
            session: String::new(),
        }
    }

    /// A reader for decisions and evidence: everything is asked anew, once.
    pub(crate) fn fresh(gateway: &'a Gateway, customer: CustomerId) -> Reader<'a> {
        Reader {
            gateway,
            customer,
            fresh: Some(Cache::default()),
            known: Vec::new(),
            session: String::new(),
        }
    }

    /// The same reader for what is asked in a session.
    pub(crate) fn in_session(self, session: &str) -> Reader<'a> {
        Reader {
            session: session.to_owned(),
            ..self
        }
    }

    /// The same reader for somebody who knows what there was before the action's writes.
    pub(crate) fn knowing(self, known: &[u64]) -> Reader<'a> {
        Reader {
            known: known.to_vec(),
            ..self
        }
    }

    /// Whether a thing is not among those that were noted before the write.
    pub(crate) fn is_new(&self, id: u64) -> bool {
        !self.known.contains(&id)
    }

    /// The ids that were noted before the write.
    pub(crate) fn known(&self) -> &[u64] {
        &self.known
    }

    /// What is remembered of the customer beside upstream, under `name`.
    pub(crate) async fn fact(&self, name: &str) -> Result<Option<String>, Problem> {
        let facts = self.facts().await?;
        Ok(facts
            .into_iter()
            .find_map(|(known, value)| (known == name).then_some(value)))
    }

    /// All that is remembered of the customer beside upstream, by name.
    pub(crate) async fn facts(&self) -> Result<Vec<(String, String)>, Problem> {
        let facts = self.gateway.journal.facts(self.customer).await;
        facts.map_err(|_| {
            let title = "What the portal remembers cannot be read now.";
            Problem::new(ProblemKind::Unavailable, title)
        })
    }

    /// Today in the store's zone.
    pub(crate) fn today(&self) -> Date {
        self.gateway.env.local(self.gateway.env.now_ms()).0
    }

    /// The customer with addresses, payment methods and subscriptions: one call for most of what
    /// a page needs.
    pub(crate) async fn customer(&self) -> Result<Customer, Problem> {
        let parts = [
            CustomerPart::Addresses,
            CustomerPart::PaymentMethods,
            CustomerPart::Subscriptions,
            CustomerPart::ReferralInfo,
            CustomerPart::PunchCardProgress,
            CustomerPart::GiftPurchases,
        ];
        let found: Customer = self.one(Customer::retrieve(self.customer, &parts)).await?;
        self.owned(found.id, found)
    }

    /// How much credit the customer has.
    pub(crate) async fn credit(&self) -> Result<CreditSummary, Problem> {
        let found: CreditSummary = self.one(CreditSummary::retrieve(self.customer)).await?;
        self.owned(found.customer_id, found)
    }

    /// What will be delivered within the horizon.
    pub(crate) async fn schedule(&self) -> Result<DeliverySchedule, Problem> {
        let days = self.gateway.policy.horizon_days;
        let window = ScheduleWindow {
            future_interval: Some(days),
            ..ScheduleWindow::default()
        };
        let found: DeliverySchedule = self
            .one(DeliverySchedule::retrieve(self.customer, window))
            .await?;
        // Not every answer says whose it is.
        let owner = found.customer.id;
        self.owned(
            if owner == CustomerId(0) {
                self.customer
            } else {
                owner
            },
            found,
        )
    }

    /// The charges that have no order, or not yet.
    pub(crate) async fn charges(&self) -> Result<Listed<Charge>, Problem> {
        let request = Charge::list(self.customer, OPEN_CHARGES);
        self.own(request, |charge: &Charge| charge.customer.id)
            .await
    }

    /// One of the customer's charges.
    pub(crate) async fn charge(&self, id: ChargeId) -> Result<Charge, Problem> {
        let found: Charge = self.one(Charge::retrieve(id)).await?;
        self.owned(found.customer.id, found)
    }

    /// All subscriptions in all states.
    pub(crate) async fn subscriptions(&self) -> Result<Listed<Subscription>, Problem> {
        let request = Subscription::list(self.customer);
        self.own(request, |found: &Subscription| found.customer_id)
            .await
    }

    /// One of the customer's subscriptions.
    pub(crate) async fn subscription(&self, id: SubscriptionId) -> Result<Subscription, Problem> {
        let found: Subscription = self.one(Subscription::retrieve(id)).await?;
        self.owned(found.customer_id, found)
    }

    /// The properties of one of the customer's subscriptions as upstream keeps them.
    pub(crate) async fn raw_properties(&self, id: SubscriptionId) -> Result<Vec<Value>, Problem> {
        self.subscription(id).await?;
        // The same answer again, as it is kept by this reader.
        let mut body = call_json(self, Subscription::retrieve(id))
            .await
            .map_err(problem)?;
        match body["subscription"]["properties"].take() {
            Value::Array(properties) => Ok(properties),
            _ => Ok(Vec::new()),
        }
    }

    /// All one-time products that are to come.
    pub(crate) async fn onetimes(&self) -> Result<Listed<Onetime>, Problem> {
        let request = Onetime::list(self.customer);
        self.own(request, |found: &Onetime| found.customer_id).await
    }

    /// One of the customer's one-time products.
    pub(crate) async fn onetime(&self, id: OnetimeId) -> Result<Onetime, Problem> {
        let found: Onetime = self.one(Onetime::retrieve(id)).await?;
        self.owned(found.customer_id, found)
    }

    /// A discount of the store, which is nobody's.
    pub(crate) async fn discount(&self, id: DiscountId) -> Result<Discount, Problem> {
        self.one(Discount::retrieve(id)).await
    }

    /// The products of a collection that boxes are filled from.
    pub(crate) async fn collection(&self, id: &ExternalId) -> Result<Vec<Product>, Problem> {
        let Some(request) = BundleSelection::choices(id) else {
            return Ok(Vec::new());
        };
        let listed: Listed<Product> = list_all(self, request, LIST_CAP).await.map_err(problem)?;
        Ok(listed.items)
    }

    /// All addresses.
    pub(crate) async fn addresses(&self) -> Result<Listed<Address>, Problem> {
        self.own(Address::list(self.customer), |found: &Address| {
            found.customer_id
        })
        .await
    }

    /// One of the customer's addresses.
    pub(crate) async fn address(&self, id: AddressId) -> Result<Address, Problem> {
        let found: Address = self.one(Address::retrieve(id)).await?;
        self.owned(found.customer_id, found)
    }

    /// All payment methods with the addresses they pay for.
    pub(crate) async fn payment_methods(&self) -> Result<Listed<PaymentMethod>, Problem> {
        let request = PaymentMethod::list(self.customer);
        self.own(request, |found: &PaymentMethod| found.customer_id)
            .await
    }

    /// One of the customer's payment methods.
    pub(crate) async fn payment_method(
        &self,
        id: PaymentMethodId,
    ) -> Result<PaymentMethod, Problem> {
        let methods = self.payment_methods().await?.items;
        let found = methods.into_iter().find(|method| method.id == id);
        found.ok_or_else(Problem::not_found)
    }

    /// The processor's tokens behind all payment methods; the same call as for the methods.
    pub(crate) async fn processor_tokens(&self) -> Result<Vec<ProcessorTokens>, Problem> {
        let request = PaymentMethod::list(self.customer);
        let tokens = self.own(request, |found: &ProcessorTokens| found.customer_id);
        Ok(tokens.await?.items)
    }

    /// One of the customer's orders.
    pub(crate) async fn order(&self, id: OrderId) -> Result<Order, Problem> {
        let found: Order = self.one(Order::retrieve(id)).await?;
        self.owned(found.customer.id, found)
    }

    /// A page of orders. A cursor comes from the browser and may have been made for somebody
    /// else: then nothing of its page is shown. One that upstream refuses answers the same.
    pub(crate) async fn orders(&self, request: Request) -> Result<Page<Order>, Problem> {
        let body = match call_json(self, request).await {
            Err(CallError::Refused(error)) if error.kind() == ErrorKind::Invalid => {
                return Err(Problem::not_found());
            }
            answer => answer.map_err(problem)?,
        };
        let page: Page<Order> = Page::read(body).map_err(problem)?;
        match page
            .items
            .iter()
            .all(|order| order.customer.id == self.customer)
        {
            true => Ok(page),
            false => Err(Problem::not_found()),
        }
    }

    /// Pictures of products, by the product's id. Without them a page is still whole, so a
    /// failure here is no problem.
    pub(crate) async fn pictures(&self, wanted: BTreeSet<&ExternalId>) -> BTreeMap<String, String> {
        let (known, now_ms) = (&self.gateway.pictures, self.gateway.env.now_ms());
        let is_new = |id: &&&ExternalId| known.get(id.as_str(), now_ms).is_none();
        let missing: Vec<&ExternalId> = wanted.iter().filter(is_new).copied().collect();
        for some in missing.chunks(PRODUCTS_AT_ONCE) {
            let request = Product::list(some.iter().copied());
            let found = list_all::<Product>(&*self.gateway.upstream, request, LIST_CAP).await;
            let Ok(listed) = found else { continue };
            let mut pictures: BTreeMap<String, Option<String>> =
                some.iter().map(|id| (id.to_string(), None)).collect();
            for product in &listed.items {
                if let Some(id) = &product.external_product_id {
                    pictures.insert(id.to_string(), product.thumbnail().and_then(safe_picture));
                }
            }
            for (id, picture) in pictures {
                known.set(id, now_ms, picture);
            }
        }
        let picture = |id: &&ExternalId| known.get(id.as_str(), now_ms).flatten();
        wanted
            .iter()
            .filter_map(|id| Some((id.to_string(), picture(id)?)))
            .collect()
    }

    async fn one<T: recharge::Resource>(&self, request: Request) -> Result<T, Problem> {
        call_as(self, request).await.map_err(problem)
    }

    /// A list to its end or to the cap, with the rows of this customer only.
    async fn own<T: recharge::Resource>(
        &self,
        request: Request,
        owner: impl Fn(&T) -> CustomerId,
    ) -> Result<Listed<T>, Problem> {
        let mut listed: Listed<T> = list_all(self, request, LIST_CAP).await.map_err(problem)?;
        listed.items.retain(|found| owner(found) == self.customer);
        Ok(listed)
    }

    /// What is somebody else's is not there.
    fn owned<T>(&self, owner: CustomerId, thing: T) -> Result<T, Problem> {
        if owner == self.customer {
            Ok(thing)
        } else {
            Err(Problem::not_found())
        }
    }
}

impl Recharge for Reader<'_> {
    fn call(&self, request: Request) -> BoxFuture<'_, Result<Response, NoAnswer>> {
        let Gateway {
            upstream,
            env,
            policy,
            cache,
            ..
        } = self.gateway;
        let (cache, keep_ms) = match &self.fresh {
            Some(own) => (own, i64::MAX),
            None => (cache, i64::try_from(policy.cache_ms).unwrap_or(i64::MAX)),
        };
        Box::pin(async move {
            cache
                .read(&**upstream, self.customer, request, env.now_ms(), keep_ms)
                .await
        })
    }
}

/// What the browser is told where upstream cannot be read. Upstream's own words stay here.
pub(crate) fn problem(error: CallError) -> Problem {
    let unavailable = || Problem::new(ProblemKind::Unavailable, "The store cannot be reached now.");
    match error {
        CallError::NoAnswer(_) => unavailable(),
        CallError::Refused(error) => match error.kind() {
            ErrorKind::NotFound => Problem::not_found(),
            ErrorKind::RateLimited | ErrorKind::Unavailable => {
                let seconds = error.retry_after_ms.map(|ms| ms.div_ceil(1_000));
                Problem {
                    retry_after: seconds.and_then(|s| s.try_into().ok()),
                    ..unavailable()
                }
            }
            _ => Problem::new(
                ProblemKind::Upstream,
                "The store did not accept the request.",
            ),
        },
        CallError::Unreadable(_) => Problem::new(
            ProblemKind::Upstream,
            "The store's answer could not be read.",
        ),
    }
}
