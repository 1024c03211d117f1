//! A store, a clock set by hand and a gateway between them.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use base::BoxFuture;
use gateway::testing::Account;
use gateway::{
    CancellationPolicy, ClosedDays, Email, Env, Gateway, Journal, MailError, Mailer, MemoryJournal,
    Policy, ProductLists, StepUp,
};
use protocol::view::{
    CancelReason, EditableDetails, Layout, LegalPages, Merchant, Orders, ShippingMethod,
    SubscriptionRules, Subscriptions,
};
use protocol::{
    Country, Currency, CustomerId, Date, Intent, Money, Operation, Outcome, Problem, Province,
    Query, Tokeniser, TokeniserKind,
};
use recharge::{NoAnswer, Recharge, Request, Response};
use sandbox::{LogEntry, Scenario, Store};
use sandbox_recharge::Upstream;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A Wednesday noon in New York.
pub(crate) const NOW_MS: i64 = 1_795_021_200_000;

const HOUR_MS: i64 = 3_600_000;

/// A world in which sleeping only moves the clock.
pub(crate) struct Clock {
    now_ms: AtomicI64,
    drawn: AtomicU64,
}

impl Clock {
    pub(crate) fn now_ms(&self) -> i64 {
        self.now_ms.load(Ordering::SeqCst)
    }

    pub(crate) fn advance(&self, ms: i64) {
        self.now_ms.fetch_add(ms, Ordering::SeqCst);
    }
}

/// The clock as the gateway has it; the store's zone is New York without summer time.
struct Hands(Arc<Clock>);

impl Env for Hands {
    fn now_ms(&self) -> i64 {
        self.0.now_ms()
    }

    fn local(&self, at_ms: i64) -> (Date, u16) {
        let ms = at_ms - 5 * HOUR_MS;
        let minute = ms.rem_euclid(24 * HOUR_MS) / 60_000;
        (Date::from_unix_ms(ms), u16::try_from(minute).unwrap())
    }

    fn instant(&self, date: Date, minute: u16) -> i64 {
        i64::from(date.days()) * 24 * HOUR_MS + i64::from(minute) * 60_000 + 5 * HOUR_MS
    }

    fn sleep(&self, ms: u64) -> BoxFuture<'static, ()> {
        let clock = Arc::clone(&self.0);
        Box::pin(async move {
            clock.advance(i64::try_from(ms).unwrap());
            tokio::task::yield_now().await;
        })
    }

    fn random(&self) -> [u8; 16] {
        let drawn = self.0.drawn.fetch_add(1, Ordering::SeqCst);
        let mut bytes = [7; 16];
        bytes[..8].copy_from_slice(&drawn.to_le_bytes());
        bytes
    }
}

/// Changes an answer on its way, to see what the gateway makes of it.
type Bend = Box<dyn FnMut(&Request, Response) -> Result<Response, NoAnswer> + Send>;

/// The way to the store: takes a moment, can be cut, can bend answers.
pub(crate) struct Door {
    pub(crate) upstream: Upstream,
    clock: Arc<Clock>,
    bend: Mutex<Option<Bend>>,
    /// Whether writes take effect and then never answer, as for a process that is killed.
    pub(crate) hangs_after_writes: AtomicBool,
    /// Whether writes neither take effect nor answer.
    pub(crate) hangs_before_writes: AtomicBool,
    /// By how much the effect of a write comes later than the loss of its answer.
    later_ms: AtomicI64,
    late: Mutex<Vec<(i64, Request)>>,
    writes: AtomicUsize,
    /// The write that is refused, counted from 1; none where it is 0.
    refused: AtomicUsize,
    at_once: AtomicUsize,
    most_at_once: AtomicUsize,
}

impl Door {
    fn new(upstream: Upstream, clock: Arc<Clock>) -> Door {
        Door {
            upstream,
            clock,
            bend: Mutex::default(),
            hangs_after_writes: AtomicBool::default(),
            hangs_before_writes: AtomicBool::default(),
            later_ms: AtomicI64::default(),
            late: Mutex::default(),
            writes: AtomicUsize::default(),
            refused: AtomicUsize::default(),
            at_once: AtomicUsize::default(),
            most_at_once: AtomicUsize::default(),
        }
    }

    /// Changes every answer from now on.
    pub(crate) fn bend(
        &self,
        bend: impl FnMut(&Request, Response) -> Result<Response, NoAnswer> + Send + 'static,
    ) {
        *self.bend.lock().unwrap() = Some(Box::new(bend));
    }

    /// Loses the answers of writes and does them so many milliseconds later.
    pub(crate) fn does_writes_later(&self, ms: i64) {
        self.later_ms.store(ms, Ordering::SeqCst);
    }

    /// Refuses the `nth` write from now on, counted from 1.
    pub(crate) fn refuses_write(&self, nth: usize) {
        self.refused.store(self.writes() + nth, Ordering::SeqCst);
    }

    /// How many writes were sent.
    pub(crate) fn writes(&self) -> usize {
        self.writes.load(Ordering::SeqCst)
    }

    /// How many of them were on their way at the same time at most.
    pub(crate) fn most_writes_at_once(&self) -> usize {
        self.most_at_once.load(Ordering::SeqCst)
    }

    async fn write(&self, request: Request) -> Result<Response, NoAnswer> {
        let nth = self.writes.fetch_add(1, Ordering::SeqCst) + 1;
        if nth == self.refused.load(Ordering::SeqCst) {
            return Ok(Response {
                status: 422,
                body: Some(serde_json::json!({"errors": {"zzz": ["no"]}})),
                retry_after_ms: None,
            });
        }
        let at_once = self.at_once.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_at_once.fetch_max(at_once, Ordering::SeqCst);
        if self.hangs_before_writes.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        let later_ms = self.later_ms.load(Ordering::SeqCst);
        if later_ms > 0 {
            self.late
                .lock()
                .unwrap()
                .push((self.clock.now_ms() + later_ms, request));
            return Err(NoAnswer::Lost);
        }
        let answer = self.upstream.call(request).await;
        if self.hangs_after_writes.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        tokio::task::yield_now().await;
        self.at_once.fetch_sub(1, Ordering::SeqCst);
        answer
    }

    async fn do_late_writes(&self) {
        let now_ms = self.clock.now_ms();
        let due: Vec<Request> = {
            let mut late = self.late.lock().unwrap();
            let (due, rest) = late
                .drain(..)
                .partition::<Vec<_>, _>(|(at_ms, _)| *at_ms <= now_ms);
            *late = rest;
            due.into_iter().map(|(_, request)| request).collect()
        };
        for request in due {
            let _ = self.upstream.call(request).await;
        }
    }
}

impl Recharge for Door {
    fn call(&self, request: Request) -> BoxFuture<'_, Result<Response, NoAnswer>> {
        Box::pin(async move {
            // Lets what runs beside come in between.
            tokio::task::yield_now().await;
            self.do_late_writes().await;
            let answer = if request.method.is_read() {
                self.upstream.call(request.clone()).await
            } else {
                self.write(request.clone()).await
            };
            tokio::task::yield_now().await;
            match (self.bend.lock().unwrap().as_mut(), answer) {
                (Some(bend), Ok(response)) => bend(&request, response),
                (_, answer) => answer,
            }
        })
    }
}

/// The emails that were written.
#[derive(Default)]
pub(crate) struct Post(Mutex<Vec<Email>>);

impl Mailer for Post {
    fn send<'a>(&'a self, email: &'a Email, _: &'a str) -> BoxFuture<'a, Result<(), MailError>> {
        self.0.lock().unwrap().push(email.clone());
        Box::pin(std::future::ready(Ok(())))
    }
}

impl Post {
    /// All of them.
    pub(crate) fn emails(&self) -> Vec<Email> {
        self.0.lock().unwrap().clone()
    }

    /// The code that was sent last.
    pub(crate) fn code(&self) -> String {
        let emails = self.emails();
        let code = emails.iter().rev().find_map(|email| match email {
            Email::AddressCode { code, .. }
            | Email::VerificationCode { code, .. }
            | Email::DeletionCode { code, .. } => Some(code),
            Email::AddressChanged { .. } => None,
        });
        code.expect("a code").expose().to_owned()
    }
}

/// Everything together, for the first customer of a scenario.
pub(crate) struct World {
    pub(crate) clock: Arc<Clock>,
    pub(crate) door: Arc<Door>,
    pub(crate) journal: Arc<MemoryJournal>,
    pub(crate) post: Arc<Post>,
    pub(crate) gateway: Gateway,
    pub(crate) policy: Policy,
    pub(crate) customer: CustomerId,
}

/// The key of the next change that only prepares something.
static PREPARED: AtomicU32 = AtomicU32::new(u32::MAX);

#[async_trait]
impl Account for World {
    async fn view(&self, query: Query) -> String {
        self.text(&query).await
    }

    async fn done(&self, intent: Intent) -> Outcome {
        let key = PREPARED.fetch_sub(1, Ordering::SeqCst);
        let outcome = self.change(key, intent).await;
        outcome.unwrap_or_else(|problem| panic!("{problem:?}"))
    }

    async fn upstream(&self, path: &str) -> Value {
        self.beside("GET", path, None)
    }

    fn emailed_code(&self) -> String {
        self.post.code()
    }
}

impl World {
    pub(crate) fn new(scenario: Scenario) -> World {
        World::with(scenario, policy())
    }

    pub(crate) fn with(scenario: Scenario, policy: Policy) -> World {
        let clock = Arc::new(Clock {
            now_ms: AtomicI64::new(NOW_MS),
            drawn: AtomicU64::new(1),
        });
        let store = Store::new(scenario, NOW_MS);
        let customer = CustomerId(store.customers()[0].id);
        let hand = Arc::clone(&clock);
        let upstream = Upstream::new(store, move || hand.now_ms());
        let door = Arc::new(Door::new(upstream, Arc::clone(&clock)));
        let journal = Arc::new(MemoryJournal::default());
        let post = Arc::new(Post::default());
        let gateway = gateway(&door, &clock, journal.clone(), &policy, &post);
        World {
            clock,
            door,
            journal,
            post,
            gateway,
            policy,
            customer,
        }
    }

    /// The gateway of a process that was started anew over the same journal.
    pub(crate) fn restarted(&self) -> Gateway {
        gateway(
            &self.door,
            &self.clock,
            self.journal.clone(),
            &self.policy,
            &self.post,
        )
    }

    /// A gateway with another journal.
    pub(crate) fn over(&self, journal: Arc<dyn Journal>) -> Gateway {
        gateway(&self.door, &self.clock, journal, &self.policy, &self.post)
    }

    /// A gateway of a merchant with other rules.
    pub(crate) fn under(&self, policy: Policy) -> Gateway {
        gateway(
            &self.door,
            &self.clock,
            self.journal.clone(),
            &policy,
            &self.post,
        )
    }

    /// A gateway that remembers nothing, over another upstream.
    pub(crate) fn over_upstream(&self, upstream: Arc<dyn Recharge>) -> Gateway {
        Gateway::new(
            upstream,
            Arc::new(Hands(Arc::clone(&self.clock))),
            Arc::new(MemoryJournal::default()),
            Arc::new(self.policy.clone()),
        )
    }

    /// A view's JSON.
    pub(crate) async fn text(&self, query: &Query) -> String {
        let json = self.gateway.read(self.customer, query).await;
        json.unwrap_or_else(|problem| panic!("{query:?}: {problem:?}"))
    }

    /// A view, read as the server's peers and as the browser read it.
    pub(crate) async fn read<T>(&self, query: Query) -> T
    where
        T: DeserializeOwned + protocol::Read + PartialEq + std::fmt::Debug,
    {
        let json = self.text(&query).await;
        let view: T =
            serde_json::from_str(&json).unwrap_or_else(|why| panic!("{query:?}: {why}\n{json}"));
        assert_eq!(protocol::read(&json).as_ref(), Some(&view), "{query:?}");
        view
    }

    /// Every query of the customer: of every route that there is, and of every thing that a
    /// route with an id can be about.
    pub(crate) async fn all_queries(&self) -> Vec<Query> {
        let subscriptions: Subscriptions = self.read(Query::Subscriptions).await;
        let orders: Orders = self.read(Query::Orders { cursor: None }).await;
        let cards = subscriptions.subscriptions.iter();
        let ids: Vec<u64> = cards.map(|card| card.id.0).collect();
        let order_ids: Vec<u64> = orders.orders.iter().map(|row| row.id.0).collect();
        let mut queries = Vec::new();
        for route in Query::ROUTES {
            let ids = match *route {
                "/orders/{id}" => &order_ids,
                route if route.contains("{id}") => &ids,
                _ => &vec![0],
            };
            let path = |id: &u64| route.replace("{id}", &id.to_string());
            queries.extend(ids.iter().map(|id| Query::read(&path(id), &[]).unwrap()));
        }
        queries
    }

    /// The JSON of every view of the customer, details included.
    pub(crate) async fn all_views(&self) -> Vec<(Query, String)> {
        let mut views = Vec::new();
        for query in self.all_queries().await {
            let json = self.text(&query).await;
            views.push((query, json));
        }
        views
    }

    pub(crate) async fn change(&self, key: u32, intent: Intent) -> Result<Outcome, Problem> {
        self.gateway.change(self.customer, &uuid(key), intent).await
    }

    /// Makes a list come in pages of so many rows, continued by a number as its cursor.
    pub(crate) fn in_pages(&self, plural: &'static str, rows: usize) {
        let mut all = Vec::new();
        self.door.bend(move |request, mut response| {
            if request.path == format!("/{plural}") {
                let cursor = request.query.iter().find(|(name, _)| *name == "cursor");
                let at: usize = cursor.map_or(0, |(_, cursor)| cursor.parse().unwrap());
                if at == 0 {
                    all = response.body.as_ref().unwrap()[plural]
                        .as_array()
                        .unwrap()
                        .clone();
                }
                let end = (at + rows).min(all.len());
                let next = (end < all.len()).then(|| end.to_string());
                response.status = 200;
                response.body =
                    Some(serde_json::json!({"next_cursor": next, plural: all[at..end]}));
            }
            Ok(response)
        });
    }

    /// Calls upstream past the gateway, as another program of the merchant would.
    pub(crate) fn beside(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let call = sandbox::Call::new(method, path, body);
        let answer = self.door.upstream.store().handle(self.clock.now_ms(), call);
        assert!(answer.status < 300, "{method} {path}: {answer:?}");
        answer.body.unwrap_or_default()
    }

    pub(crate) fn fault(&self, fault: sandbox::Fault) {
        self.door.upstream.store().add_fault(fault);
    }

    pub(crate) fn log(&self) -> Vec<LogEntry> {
        self.door.upstream.store().log().to_vec()
    }

    pub(crate) fn clear_log(&self) {
        self.door.upstream.store().clear_log();
    }

    /// The writes that had an effect upstream.
    pub(crate) fn effects(&self) -> Vec<String> {
        let wrote = |entry: &LogEntry| entry.wrote && entry.method != "GET";
        self.log()
            .iter()
            .filter(|e| wrote(e))
            .map(|e| format!("{} {}", e.method, e.path))
            .collect()
    }

    pub(crate) fn today(&self) -> Date {
        Hands(Arc::clone(&self.clock)).local(self.clock.now_ms()).0
    }
}

fn gateway(
    door: &Arc<Door>,
    clock: &Arc<Clock>,
    journal: Arc<dyn Journal>,
    policy: &Policy,
    post: &Arc<Post>,
) -> Gateway {
    let env = Arc::new(Hands(Arc::clone(clock)));
    Gateway::new(
        Arc::clone(door) as Arc<dyn Recharge>,
        env,
        journal,
        Arc::new(policy.clone()),
    )
    .with_mailer(post.clone())
}

/// A merchant who allows everything.
pub(crate) fn policy() -> Policy {
    Policy {
        merchant: Merchant {
            name: "Alder & Finch".into(),
            return_url: "https://alder-and-finch.example/".into(),
            support_url: None,
            login_url: None,
            first_action: None,
            headline: None,
            pages: LegalPages::default(),
            theme: None,
            logo: None,
            legal: vec!["Alder & Finch LLC".into()],
            test: false,
            demo: true,
        },
        allowed: BTreeSet::from_iter(Operation::ALL.iter().copied()),
        support: BTreeSet::new(),
        cancellation: CancellationPolicy {
            reasons: ["Too expensive", "Other"]
                .map(|text| CancelReason {
                    id: text.into(),
                    text: text.into(),
                })
                .to_vec(),
            required: true,
            ..CancellationPolicy::default()
        },
        editable: EditableDetails::default(),
        invoices: true,
        tax_ids: true,
        layout: Layout::default(),
        countries: countries(),
        shipping_methods: vec![ShippingMethod {
            code: "pickup".into(),
            title: "Pickup point".into(),
            price: Money::from_minor(250, Currency::USD),
        }],
        shipping_rates: Vec::new(),
        tokeniser: Some(Tokeniser {
            kind: TokeniserKind::Sandbox,
            key: String::new(),
            origin: String::new(),
        }),
        zero_inventory_purchase: false,
        currency: Currency::USD,
        horizon_days: 90,
        cut_off_days: 1,
        cut_off_minute: 12 * 60,
        closed: ClosedDays::default(),
        subscriptions: SubscriptionRules {
            properties: vec!["Engraving".into(), "Roast".into()],
            ..SubscriptionRules::default()
        },
        products: ProductLists::default(),
        announcements: Vec::new(),
        step_up: StepUp::default(),
        locks: Vec::new(),
        idle_minutes: 30,
        cache_ms: 30_000,
        reported_cache_ms: 0,
        write_window_ms: 8_000,
    }
}

fn countries() -> Vec<Country> {
    let states = ["New York", "California", "Washington", "Illinois"].map(|name| Province {
        name: name.into(),
        code: "".into(),
    });
    let country = |code: &str, provinces: &[Province]| Country {
        code: code.into(),
        provinces: provinces.to_vec(),
    };
    vec![
        country("US", &states),
        country("GB", &[]),
        country("DE", &[]),
    ]
}

/// The `n`th key.
pub(crate) fn uuid(n: u32) -> String {
    format!("{n:08x}-0000-4000-8000-000000000000")
}
