//! Reading upstream on behalf of one customer.

mod shop;
mod trouble;

use std::sync::{Arc, Mutex, PoisonError};

use base::BoxFuture;
use protocol::{
    AddressId, CustomerId, Date, OnetimeId, OrderId, PaymentMethodId, Problem, ProblemKind,
    SubscriptionId,
};
use recharge::{
    Address, CallError, Charge, ChargeId, ChargeStatus, CreditSummary, Customer, CustomerPart,
    DeliverySchedule, ErrorKind, Listed, NoAnswer, Onetime, Order, Page, PaymentMethod,
    ProcessorTokens, Recharge, Request, Response, ScheduleWindow, Subscription, call_as, call_json,
    list_all,
};
use serde_json::Value;
use trouble::unreadable;
pub(crate) use trouble::{problem, refused_if_gone};

use super::Upstream;
use super::cache::{Cache, Keep};
use super::optional::{CHARGES, CREDIT, CUSTOMER, SCHEDULE};

/// A list is followed for so many items at most; a view says where it was cut.
pub(crate) const LIST_CAP: usize = 5_000;

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
    pub(crate) upstream: &'a Upstream,
    pub(crate) customer: CustomerId,
    /// Its own answers only, where those of before are not good enough.
    fresh: Option<Cache>,
    /// What was noted before the write that is looked at.
    known: Vec<u64>,
    /// The session that asks.
    pub(crate) session: String,
    /// The paths whose failure it makes up for.
    pub(crate) optional: &'static [&'static str],
    /// Whether things of one kind are read together because several of them are named.
    together: bool,
    /// All subscriptions, once they were read together.
    subscriptions: Mutex<Option<Arc<Vec<Subscription>>>>,
}

/// The owner of what upstream names no owner of.
pub(crate) const NOBODY: CustomerId = CustomerId(0);

impl<'a> Reader<'a> {
    /// A reader for views: an answer may be as old as the policy allows.
    pub(crate) fn cached(upstream: &'a Upstream, customer: CustomerId) -> Reader<'a> {
        Reader {
            upstream,
            customer,
            fresh: None,
            known: Vec::new(),
            session: String::new(),
            optional: &[],
            together: false,
            subscriptions: Mutex::default(),
        }
    }

    /// A reader for decisions and evidence: everything is asked anew, once.
    pub(crate) fn fresh(upstream: &'a Upstream, customer: CustomerId) -> Reader<'a> {
        Reader {
            upstream,
            customer,
            fresh: Some(Cache::default()),
            known: Vec::new(),
            session: String::new(),
            optional: &[],
            together: false,
            subscriptions: Mutex::default(),
        }
    }

    /// The same reader for a view that can do without what is read from `optional`.
    pub(crate) fn with_optional(self, optional: &'static [&'static str]) -> Reader<'a> {
        Reader { optional, ..self }
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

    /// The same reader for a change that names several things of one kind: it reads their list
    /// once, not one after another.
    pub(crate) fn together(self, together: bool) -> Reader<'a> {
        Reader { together, ..self }
    }

    /// What was read from `path` or, where the view can do without it, `without`.
    pub(crate) fn or_without<T>(
        &self,
        path: &str,
        read: Result<T, Problem>,
        without: T,
    ) -> Result<T, Problem> {
        match read {
            Err(_) if self.optional.contains(&path) => Ok(without),
            read => read,
        }
    }

    /// Drops what it has read itself, because a write made it untrue.
    pub(crate) fn forget(&self) {
        if let Some(own) = &self.fresh {
            own.forget(self.customer);
        }
        *self
            .subscriptions
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Drops the charges that it has read: every write at an address makes upstream replace them.
    pub(crate) fn forget_charges(&self) {
        if let Some(own) = &self.fresh {
            own.forget_path(self.customer, "/charges");
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
        let facts = self.upstream.journal.facts(self.customer).await;
        facts.map_err(|_| {
            let title = "What the portal remembers cannot be read now.";
            Problem::new(ProblemKind::Unavailable, title)
        })
    }

    /// Today in the store's zone.
    pub(crate) fn today(&self) -> Date {
        self.upstream.env.local(self.upstream.env.now_ms()).0
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
        let found = match self.one(Customer::retrieve(self.customer, &parts)).await {
            Ok(found) => self.completed(found).await,
            Err(problem) => Err(problem),
        };
        let without = Customer {
            id: self.customer,
            ..Customer::default()
        };
        self.or_without(CUSTOMER, found, without)
    }

    /// The customer with the lists inside it that upstream left out, and without what is not theirs.
    async fn completed(&self, found: Customer) -> Result<Customer, Problem> {
        let mut customer = self.owned(found.id, found)?;
        let is_own = |owner: CustomerId| owner == self.customer || owner == NOBODY;
        let include = &mut customer.include;
        if !include.subscriptions.is_complete {
            include.subscriptions = self.subscriptions().await?.items.into();
        }
        if !include.addresses.is_complete {
            include.addresses = self.addresses().await?.items.into();
        }
        if !include.payment_methods.is_complete {
            // Not every token may ask for them. A page is whole without a line on what pays.
            let methods = self.payment_methods().await;
            include.payment_methods = methods.map(|m| m.items).unwrap_or_default().into();
        }
        include.subscriptions.retain(|s| is_own(s.customer_id));
        include.addresses.retain(|a| is_own(a.customer_id));
        include.payment_methods.retain(|m| is_own(m.customer_id));
        Ok(customer)
    }

    /// How much credit the customer has.
    pub(crate) async fn credit(&self) -> Result<CreditSummary, Problem> {
        let found = self.one(CreditSummary::retrieve(self.customer)).await;
        let found = found.and_then(|found: CreditSummary| self.owned(found.customer_id, found));
        self.or_without(CREDIT, found, CreditSummary::default())
    }

    /// What will be delivered within the horizon.
    pub(crate) async fn schedule(&self) -> Result<DeliverySchedule, Problem> {
        let days = self.upstream.policy.horizon_days;
        let window = ScheduleWindow {
            future_interval: Some(days),
            ..ScheduleWindow::default()
        };
        let request = DeliverySchedule::retrieve(self.customer, window);
        let found = self.one(request).await.map_err(refused_if_gone);
        let found = found.and_then(|found: DeliverySchedule| {
            self.check_whole(found.cut)?;
            // Not every answer says whose it is.
            match found.customer.id {
                NOBODY => Ok(found),
                owner => self.owned(owner, found),
            }
        });
        let without = DeliverySchedule {
            cut: true,
            ..DeliverySchedule::default()
        };
        self.or_without(SCHEDULE, found, without)
    }

    /// A view shows what can be read. A decision, and evidence of what happened, need all of it:
    /// what is missing may be what is looked for.
    fn check_whole(&self, cut: bool) -> Result<(), Problem> {
        if cut && self.fresh.is_some() {
            Err(unreadable())
        } else {
            Ok(())
        }
    }

    /// The charges that have no order, or not yet.
    pub(crate) async fn charges(&self) -> Result<Listed<Charge>, Problem> {
        let request = Charge::list(self.customer, OPEN_CHARGES);
        let found = self.own(request, |charge: &Charge| charge.customer.id);
        let without = Listed {
            items: Vec::new(),
            cut: true,
            unreadable: 0,
        };
        self.or_without(CHARGES, found.await, without)
    }

    /// One of the customer's charges.
    pub(crate) async fn charge(&self, id: ChargeId) -> Result<Charge, Problem> {
        let found: Charge = self.one(Charge::retrieve(id)).await?;
        if found.customer.id == NOBODY {
            let theirs = Charge::list(self.customer, &[]).with("ids", id);
            let theirs = self.own(theirs, |charge: &Charge| charge.customer.id);
            let mut theirs = theirs.await?.items.into_iter();
            return theirs
                .find(|charge| charge.id == id)
                .ok_or_else(Problem::not_found);
        }
        self.owned(found.customer.id, found)
    }

    /// All subscriptions in all states.
    pub(crate) async fn subscriptions(&self) -> Result<Listed<Subscription>, Problem> {
        let request = Subscription::list(self.customer);
        self.own(request, |found: &Subscription| found.customer_id)
            .await
    }

    /// The same, taken apart once however often they are asked for.
    async fn all_subscriptions(&self) -> Result<Arc<Vec<Subscription>>, Problem> {
        let slot = || {
            self.subscriptions
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        };
        let known = slot().clone();
        if let Some(known) = known {
            return Ok(known);
        }
        let all = Arc::new(self.subscriptions().await?.items);
        *slot() = Some(Arc::clone(&all));
        Ok(all)
    }

    /// One of the customer's subscriptions.
    pub(crate) async fn subscription(&self, id: SubscriptionId) -> Result<Subscription, Problem> {
        if self.together {
            let all = self.all_subscriptions().await?;
            let found = all.iter().find(|found| found.id == id).cloned();
            return found.ok_or_else(Problem::not_found);
        }
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

    /// All addresses.
    pub(crate) async fn addresses(&self) -> Result<Listed<Address>, Problem> {
        self.own(Address::list(self.customer), |found: &Address| {
            found.customer_id
        })
        .await
    }

    /// One of the customer's addresses.
    pub(crate) async fn address(&self, id: AddressId) -> Result<Address, Problem> {
        if self.together {
            return one_of(self.addresses().await?, |found| found.id == id);
        }
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
        one_of(self.payment_methods().await?, |method| method.id == id)
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
        if found.customer.id == NOBODY {
            let theirs = Order::list(self.customer, 1).with("ids", id);
            let theirs = self.orders(theirs).await?.items;
            let is_theirs = theirs.iter().any(|order| order.id == id);
            return is_theirs.then_some(found).ok_or_else(Problem::not_found);
        }
        self.owned(found.customer.id, found)
    }

    /// A page of orders. A cursor comes from the browser and may have been made for somebody
    /// else: then nothing of its page is shown. One that upstream refuses answers the same.
    pub(crate) async fn orders(&self, request: Request) -> Result<Page<Order>, Problem> {
        let is_theirs = self.asks_for_own(&request);
        let has_cursor = request.query.iter().any(|(name, _)| *name == "cursor");
        let body = match call_json(self, request).await {
            Err(CallError::Refused(error)) if has_cursor && error.kind() == ErrorKind::Invalid => {
                return Err(Problem::not_found());
            }
            answer => answer.map_err(problem).map_err(refused_if_gone)?,
        };
        let mut page: Page<Order> = Page::read(body).map_err(problem)?;
        self.check_whole(page.unreadable > 0)?;
        let owners = page.items.iter().map(|order| order.customer.id);
        if owners
            .clone()
            .any(|owner| ![self.customer, NOBODY].contains(&owner))
        {
            return Err(Problem::not_found());
        }
        let count = page.items.len();
        let customer = self.customer;
        page.items
            .retain(|order| is_theirs || order.customer.id == customer);
        page.unreadable += count - page.items.len();
        Ok(page)
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
        let asks_for_own = self.asks_for_own(&request);
        let listed = list_all(self, request, LIST_CAP).await.map_err(problem);
        let mut listed: Listed<T> = listed.map_err(refused_if_gone)?;
        self.check_whole(listed.unreadable > 0)?;
        // A row that names no owner is theirs where the list was asked for by owner, unless
        // another row shows that upstream did not heed that.
        let mut owners = listed.items.iter().map(&owner);
        let is_heeded = owners.all(|owner| [self.customer, NOBODY].contains(&owner));
        listed.items.retain(|found| match owner(found) {
            NOBODY => asks_for_own && is_heeded,
            owner => owner == self.customer,
        });
        Ok(listed)
    }

    /// Whether a request is for what belongs to the customer, by upstream's own filter.
    fn asks_for_own(&self, request: &Request) -> bool {
        let customer = self.customer.to_string();
        let mut query = request.query.iter();
        query.any(|(name, value)| *name == "customer_id" && *value == customer)
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
        let Upstream {
            recharge,
            env,
            cache,
            ..
        } = self.upstream;
        let (cache, keep) = match &self.fresh {
            Some(own) => (own, Keep::at_most(i64::MAX)),
            None => (&**cache, self.upstream.keep(&request)),
        };
        Box::pin(async move {
            cache
                .read(&**recharge, self.customer, request, env.now_ms(), keep)
                .await
        })
    }
}

/// The one that is looked for; what a list does not hold is not there.
fn one_of<T>(listed: Listed<T>, is_it: impl FnMut(&T) -> bool) -> Result<T, Problem> {
    let found = listed.items.into_iter().find(is_it);
    found.ok_or_else(Problem::not_found)
}
