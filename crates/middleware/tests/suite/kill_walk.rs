//! The real program is killed before and after each write of every operation: afterwards there is
//! one effect or none, and the same key answers which.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use protocol::Operation;
use tokio::net::TcpListener;
use tokio::sync::{Notify, Semaphore};

use crate::support::{Customer, Program, Reply, Upstream, config, reply};
use crate::world::{Post, World};
use gateway::sample;
use gateway::testing::scenario;

/// Programs that run at the same time.
const AT_ONCE: usize = 4;
/// So long the truth may take after a restart.
const PATIENCE: Duration = Duration::from_secs(60);

/// Settings of the shop that the samples need beyond those of other tests.
const SHOP: &str = r#"
    [subscriptions]
    properties = ["Engraving"]
    [[countries]]
    code = "GB"
    [[shipping_methods]]
    code = "pickup"
    title = "Pickup point"
    price = "2.90"
"#;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    Before,
    After,
}

/// Stands between the program and the store, and keeps one write, or its answer, back.
struct Proxy {
    store: String,
    client: reqwest::Client,
    hold: Mutex<Option<(usize, When)>>,
    held: Notify,
    seen: AtomicUsize,
    /// The writes that the store took, each as often as it took it.
    taken: Mutex<BTreeMap<String, usize>>,
}

impl Proxy {
    async fn over(store: &str) -> (String, Arc<Proxy>) {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let proxy = Arc::new(Proxy {
            store: store.to_owned(),
            client: reqwest::Client::new(),
            hold: Mutex::default(),
            held: Notify::new(),
            seen: AtomicUsize::default(),
            taken: Mutex::default(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(pass).with_state(Arc::clone(&proxy));
        tokio::spawn(async move { axum::serve(listener, router).await });
        (url, proxy)
    }

    /// Counts from here, and keeps the write of this number back.
    fn arm(&self, hold: Option<(usize, When)>) {
        *self.hold.lock().unwrap() = hold;
        self.seen.store(0, Ordering::SeqCst);
        self.taken.lock().unwrap().clear();
    }

    async fn keep_back(&self, at: (usize, When)) {
        if *self.hold.lock().unwrap() == Some(at) {
            self.held.notify_one();
            std::future::pending::<()>().await;
        }
    }

    /// How many writes the store took, and how many of them more than once.
    fn effects(&self) -> (usize, usize) {
        let taken = self.taken.lock().unwrap();
        let doubled = taken.values().filter(|times| **times > 1).count();
        (taken.values().sum(), doubled)
    }
}

async fn pass(State(proxy): State<Arc<Proxy>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let is_write = !parts.method.is_safe();
    let number = if is_write {
        proxy.seen.fetch_add(1, Ordering::SeqCst) + 1
    } else {
        0
    };
    proxy.keep_back((number, When::Before)).await;
    let name = format!("{} {} {:?}", parts.method, parts.uri, body);
    let url = format!("{}{}", proxy.store, parts.uri);
    let mut headers = parts.headers;
    headers.remove("host");
    let forward = proxy.client.request(parts.method, url).headers(headers);
    let answer = forward.body(body).send().await.unwrap();
    if is_write && answer.status().is_success() {
        *proxy.taken.lock().unwrap().entry(name).or_default() += 1;
    }
    proxy.keep_back((number, When::After)).await;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = answer.status();
    *response.headers_mut() = answer.headers().clone();
    response.headers_mut().remove("transfer-encoding");
    response.headers_mut().remove("content-length");
    *response.body_mut() = Body::from(answer.bytes().await.unwrap());
    response
}

/// What one walk of an operation found.
#[derive(Default)]
struct Found {
    kills: usize,
    wrong: Vec<String>,
}

/// Carries the operation out, and kills the program at the write that `hold` names. Answers what
/// the same key is answered at last, and the effects; `None` where there is no such write.
async fn carry_out(
    operation: Operation,
    hold: Option<(usize, When)>,
) -> Option<(Reply, usize, usize)> {
    let upstream = Upstream::start(scenario(operation).parse().unwrap()).await;
    let (url, proxy) = Proxy::over(&upstream.url).await;
    let folder = tempfile::tempdir().unwrap();
    let config = config(&url).replace(
        "[upstream]",
        "[session]\nrequests_per_minute = 10000\n[upstream]\nwrite_window_seconds = 2",
    );
    let config = config.replace(
        "provinces = [",
        "provinces = [{ name = \"Washington\", code = \"WA\" }, ",
    );
    let payments = format!("[payments]\ntokeniser = \"sandbox\"\norigin = \"{url}\"\n");
    let config = [config.as_str(), SHOP, payments.as_str()].concat();
    let mut program = Program::start_with(folder.path(), &upstream, &config);
    let mut world = World {
        customer: program.customer(&upstream).await,
        upstream: upstream.clone(),
        post: Post(folder.path().join("mail")),
    };
    let intent = sample(&world, operation).await;
    proxy.arm(hold);
    let pressed = world.sending(1, &intent).send();
    let is_killed = tokio::select! {
        answer = pressed => { answer.unwrap(); false }
        () = proxy.held.notified() => true,
    };
    if hold.is_some() && !is_killed {
        return None;
    }
    if is_killed {
        program.kill();
        *proxy.hold.lock().unwrap() = None;
        program = Program::start_with(folder.path(), &upstream, &config);
        world.customer = Customer::new(&program.origin, world.customer.cookie);
    }
    let began = Instant::now();
    loop {
        let answer = reply(world.sending(1, &intent)).await;
        let is_open = answer.status != 200 || answer.text.contains("unknown");
        if !is_open || began.elapsed() > PATIENCE {
            let (effects, doubled) = proxy.effects();
            return Some((answer, effects, doubled));
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

async fn walk(operation: Operation) -> Found {
    let mut found = Found::default();
    let Some((whole, all, _)) = carry_out(operation, None).await else {
        return found;
    };
    // Without a write of upstream it keeps a fact, or mails: then there is nothing to walk.
    assert!(whole.is("done"), "{operation:?}: {}", whole.text);
    for number in 1..=all {
        for when in [When::Before, When::After] {
            let Some((answer, effects, doubled)) = carry_out(operation, Some((number, when))).await
            else {
                continue;
            };
            found.kills += 1;
            let is_true = if answer.is("done") {
                effects == all
            } else if answer.text.contains("unconfirmed") {
                // Upstream does not tell which emails it has sent.
                effects <= all
            } else {
                answer.status == 200 && effects < all && when == When::Before
            };
            if doubled > 0 || !is_true {
                found.wrong.push(format!(
                    "{operation:?}, killed {when:?} write {number} of {all}: {effects} effects, \
                     {doubled} doubled, answered {} {}",
                    answer.status, answer.text
                ));
            }
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s31_s50_a_kill_before_or_after_any_write_leaves_one_effect_or_none_and_the_truth() {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let walks = Operation::ALL.iter().map(|operation| {
        let places = Arc::clone(&places);
        tokio::spawn(async move {
            let _place = places.acquire().await.unwrap();
            walk(*operation).await
        })
    });
    let (mut kills, mut wrong) = (0, Vec::new());
    for walk in walks.collect::<Vec<_>>() {
        let found = walk.await.unwrap();
        kills += found.kills;
        wrong.extend(found.wrong);
    }
    eprintln!(
        "{kills} kills, {} doubled, lost or told wrongly",
        wrong.len()
    );
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(kills > 60, "only {kills} kills");
}
