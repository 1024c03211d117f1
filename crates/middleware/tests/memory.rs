//! What a long day leaves in memory. A process of its own, so that nothing else counts.
#![cfg(target_os = "linux")]

use std::collections::HashMap;
use std::future::ready;
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode};
use base::{BoxFuture, Date};
use gateway::{Actor, Begun, Env, Journal};
use middleware::assets::Assets;
use middleware::config::Origin;
use middleware::store::{
    AuditLog, AuditRecord, AuditSnapshot, Bearer, End, Granted, Link, LinkUse, OneClickLink,
    OneClickLinks, Session, Store, StoreError, Sweep, Terms, TokenHash,
};
use middleware::{App, Config, Dependencies, Secrets, SqliteStore, router};
use protocol::CustomerId;
use recharge::{NoAnswer, Recharge};
use serde_json::json;
use tower::ServiceExt;

/// Sessions before memory is looked at: by then all that has a cap or expires has reached it.
const WARM_UP: u64 = 10_000;
/// Sessions in all.
const SESSIONS: u64 = 100_000;
/// After the warm-up one in so many customers reads and not only signs in, to save time.
const READS_EACH: u64 = 10;
/// One in so many changes something. Records of changes are on the disk, and take their time.
const CHANGES_EACH: u64 = 100;
/// So much time passes from one sign-in to the next, milliseconds: the warm-up takes 83 minutes,
/// in which links and sessions end and kept views become too old.
const APART_MS: i64 = 500;
/// What has expired is forgotten after so many sign-ins.
const SWEEP_EACH: u64 = 300;
/// When the clock begins, milliseconds since 1970.
const NOON_MS: i64 = 1_795_000_000_000;

const ORIGIN: &str = "http://127.0.0.1:8402";

/// A clock that moves when it is told to, in UTC.
#[derive(Default)]
struct Hand {
    now_ms: AtomicI64,
    random: AtomicU64,
}

impl Env for Hand {
    fn now_ms(&self) -> i64 {
        self.now_ms.load(Ordering::SeqCst)
    }

    fn local(&self, at_ms: i64) -> (Date, u16) {
        let days = i32::try_from(at_ms.div_euclid(86_400_000)).unwrap();
        let minute = at_ms.rem_euclid(86_400_000) / 60_000;
        (Date::from_days(days), u16::try_from(minute).unwrap())
    }

    fn instant(&self, date: Date, minute: u16) -> i64 {
        i64::from(date.days()) * 86_400_000 + i64::from(minute) * 60_000
    }

    fn sleep(&self, _: u64) -> BoxFuture<'static, ()> {
        Box::pin(ready(()))
    }

    fn random(&self) -> [u8; 16] {
        let number = self.random.fetch_add(1, Ordering::SeqCst);
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&number.to_be_bytes());
        bytes
    }
}

/// Links and sessions in memory: a file would hide what is not forgotten, and takes its time. They are
/// boxed, so that the tables themselves weigh little when they grow.
#[derive(Default)]
struct Sessions {
    links: Mutex<HashMap<TokenHash, Box<Link>>>,
    sessions: Mutex<HashMap<TokenHash, Box<Session>>>,
}

#[async_trait]
impl Store for Sessions {
    async fn add_link(&self, token: TokenHash, link: &Link) -> Result<(), StoreError> {
        let mut links = self.links.lock().unwrap();
        links.insert(token, Box::new(link.clone()));
        Ok(())
    }

    async fn take_link(&self, token: TokenHash, now_ms: i64) -> Result<LinkUse, StoreError> {
        // It stays, as one that is spent.
        self.link(token, now_ms).await
    }

    async fn link(&self, token: TokenHash, _: i64) -> Result<LinkUse, StoreError> {
        let link = self.links.lock().unwrap().get(&token).cloned();
        let link = link.map(|link| *link);
        Ok(link.map_or(LinkUse::Unknown, LinkUse::Good))
    }

    async fn add_session(&self, token: TokenHash, session: &Session) -> Result<(), StoreError> {
        let mut sessions = self.sessions.lock().unwrap();
        sessions.insert(token, Box::new(session.clone()));
        Ok(())
    }

    async fn session(&self, token: TokenHash) -> Result<Option<Session>, StoreError> {
        let session = self.sessions.lock().unwrap().get(&token).cloned();
        let session = session.map(|session| *session);
        Ok(session)
    }

    async fn touch_session(&self, _: TokenHash, _: i64) -> Result<(), StoreError> {
        Ok(())
    }

    async fn granted(&self, _: &str) -> Result<Option<Granted>, StoreError> {
        Ok(None)
    }

    async fn revoke(&self, _: &str) -> Result<bool, StoreError> {
        Ok(false)
    }

    async fn end_session(&self, token: TokenHash) -> Result<(), StoreError> {
        self.sessions.lock().unwrap().remove(&token);
        Ok(())
    }

    async fn end_other_sessions(
        &self,
        customer: CustomerId,
        keep: TokenHash,
    ) -> Result<u64, StoreError> {
        let stays = |token: &TokenHash, session: &mut Box<Session>| {
            session.customer != customer || *token == keep
        };
        let mut sessions = self.sessions.lock().unwrap();
        let before = sessions.len();
        sessions.retain(stays);
        Ok((before - sessions.len()) as u64)
    }

    async fn add_bearer(&self, _: TokenHash, _: &Bearer, _: i64) -> Result<bool, StoreError> {
        Ok(false)
    }

    async fn bearer(&self, _: TokenHash) -> Result<Option<Bearer>, StoreError> {
        Ok(None)
    }

    async fn sweep(&self, before: Sweep) -> Result<(), StoreError> {
        let is_young =
            |_: &TokenHash, link: &mut Box<Link>| link.expires_ms >= before.links_before_ms;
        self.links.lock().unwrap().retain(is_young);
        let is_live = |_: &TokenHash, session: &mut Box<Session>| {
            session.seen_ms >= before.seen_before_ms && session.begun_ms >= before.begun_before_ms
        };
        self.sessions.lock().unwrap().retain(is_live);
        Ok(())
    }

    async fn end_all(&self) -> Result<(), StoreError> {
        self.links.lock().unwrap().clear();
        self.sessions.lock().unwrap().clear();
        Ok(())
    }

    async fn latest_ms(&self) -> Result<i64, StoreError> {
        Ok(0)
    }

    async fn ping(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

#[async_trait]
impl OneClickLinks for Sessions {
    async fn add_one_click(&self, _: TokenHash, _: &OneClickLink) -> Result<(), StoreError> {
        Ok(())
    }

    async fn one_click(&self, _: TokenHash) -> Result<Option<OneClickLink>, StoreError> {
        Ok(None)
    }

    async fn retry_one_click(&self, _: TokenHash, _: &str, _: &str) -> Result<(), StoreError> {
        Ok(())
    }

    async fn finish_one_click(&self, _: TokenHash, _: i64) -> Result<(), StoreError> {
        Ok(())
    }
}

/// A store in which every id is a customer's.
struct Everybody;

impl Recharge for Everybody {
    fn call(
        &self,
        request: recharge::Request,
    ) -> BoxFuture<'_, Result<recharge::Response, NoAnswer>> {
        let last = request.path.rsplit('/').next().unwrap();
        let body = match last.parse::<u64>() {
            Ok(id) => {
                let customer = json!({"id": id, "first_name": "Ana", "email": "ana@shop.example"});
                json!({ "customer": customer })
            }
            Err(_) if last == "store" => json!({ "store": {"id": 1} }),
            // What comes inside a customer is looked up where it is missing: nobody has anything.
            Err(_) => json!({ last: [] }),
        };
        let answer = recharge::Response {
            status: 200,
            body: Some(body),
            retry_after_ms: None,
        };
        Box::pin(ready(Ok(answer)))
    }
}

/// The middleware without its listener.
struct Shop {
    app: Arc<App>,
    router: Router,
    sessions: Arc<Sessions>,
    clock: Arc<Hand>,
}

/// No audit log: it is on the disk, and takes its time.
struct NoAudit;

#[async_trait]
impl AuditLog for NoAudit {
    async fn append(&self, _: &AuditRecord) -> Result<(), StoreError> {
        Ok(())
    }

    async fn head(&self) -> Result<End, StoreError> {
        Err(StoreError("there is none".into()))
    }

    async fn snapshot(&self) -> Result<AuditSnapshot, StoreError> {
        Err(StoreError("there is none".into()))
    }
    async fn prune(&self, _: i64) -> Result<u64, StoreError> {
        Ok(0)
    }
}

/// Lets each connection to the file read more of it than SQLite keeps in memory, two megabytes:
/// else that would fill up little by little.
async fn fill_page_caches(file: &Arc<SqliteStore>) {
    const RECORDS: u32 = 700;
    const CONNECTIONS: u32 = 4;
    let nobody = CustomerId(0);
    let text = "x".repeat(3_500);
    for key in 0..RECORDS {
        let begun = file
            .begin(nobody, &key.to_string(), &text, &Actor::Customer, 0)
            .await;
        assert_eq!(begun, Ok(Begun::New));
    }
    let readers = (0..CONNECTIONS).map(|_| {
        let file = Arc::clone(file);
        tokio::spawn(async move {
            for _ in 0..50 {
                file.open(Some(nobody)).await.unwrap();
            }
        })
    });
    for reader in readers.collect::<Vec<_>>() {
        reader.await.unwrap();
    }
}

impl Shop {
    async fn open(folder: &Path) -> Shop {
        let clock = Arc::new(Hand::default());
        clock.now_ms.store(NOON_MS, Ordering::SeqCst);
        let sessions = Arc::new(Sessions::default());
        let config = r#"
        listen = "127.0.0.1:0"
        cancel_reasons = ["Too much"]
        [[countries]]
        code = "US"
        [upstream]
        base_url = "http://127.0.0.1:9"
        [merchant]
        name = "Alder"
        return_url = "https://shop.example/account"
        [store]
        currency = "USD"
        zone = "UTC"
    "#;
        let config = Config::parse(config, "portal.toml", folder).unwrap();
        let secrets = Secrets::with("token".into(), "secret-of-the-shop".into(), &config).unwrap();
        let file = Arc::new(SqliteStore::open(&config.database).await.unwrap());
        fill_page_caches(&file).await;
        let world = Dependencies {
            env: clock.clone(),
            store: sessions.clone(),
            one_click: sessions.clone(),
            outbox: file.clone(),
            reports: file.clone(),
            logins: file.clone(),
            audit_log: Arc::new(NoAudit),
            statistics: file.clone(),
            funnel: file.clone(),
            journal: file.clone(),
            spent_tokens: file,
            processor: None,
            upstream: Arc::new(Everybody),
            upstream_health: Arc::default(),
        };
        let portal = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/portal");
        let assets = Assets::load(Some(&portal)).unwrap();
        let origin = Origin::parse(ORIGIN).unwrap();
        let app = App::new(config, secrets, origin, assets, world).unwrap();
        Shop {
            router: router(&app),
            app,
            sessions,
            clock,
        }
    }
}

async fn send(router: &Router, request: Request<Body>) -> Response<Body> {
    router.clone().oneshot(request).await.unwrap()
}

/// Customer `id` opens their link, reads where it is their turn, now and then changes something, and
/// goes without signing out.
async fn visit(shop: &Shop, id: u64, reads_each: u64) {
    let token = format!("{id:064}");
    let link = Link {
        id: format!("ps_{id}"),
        customer: CustomerId(id),
        terms: Terms::default(),
        made_ms: shop.clock.now_ms(),
        expires_ms: shop.clock.now_ms() + 5 * 60_000,
    };
    let added = shop.sessions.add_link(TokenHash::of(&token), &link).await;
    added.unwrap();
    let router = &shop.router;
    let opening = Request::post(format!("/portal/open/{token}")).body(Body::empty());
    let opened = send(router, opening.unwrap()).await;
    let cookie = opened.headers()["set-cookie"].to_str().unwrap();
    let (cookie, _) = cookie.split_once(';').unwrap();
    if !id.is_multiple_of(reads_each) {
        return;
    }

    let reading = Request::get("/portal/api/session").header("cookie", cookie);
    let read = send(router, reading.body(Body::empty()).unwrap()).await;
    let status = read.status();
    let body = axum::body::to_bytes(read.into_body(), 1 << 20)
        .await
        .unwrap();
    assert_eq!(status, StatusCode::OK, "{id} {body:?}");
    if !id.is_multiple_of(CHANGES_EACH) {
        return;
    }
    let changing = Request::put("/portal/api/customer/tax_id")
        .header("cookie", cookie)
        .header("origin", ORIGIN)
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/json")
        .header(
            "idempotency-key",
            format!("00000000-0000-4000-8000-{id:012}"),
        )
        .body(json!({"tax_id": "DE123456789"}).to_string().into());
    let changed = send(router, changing.unwrap()).await;
    assert_eq!(changed.status(), StatusCode::OK);
}

/// Bytes of this process that are in memory.
fn resident() -> u64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap();
    let pages: u64 = text.split(' ').nth(1).unwrap().parse().unwrap();
    pages * 4_096
}

/// The customers of these numbers, one after another.
async fn come(shop: Arc<Shop>, customers: impl Iterator<Item = u64> + Send, reads_each: u64) {
    for (count, id) in (1..).zip(customers) {
        visit(&shop, id, reads_each).await;
        shop.clock.now_ms.fetch_add(APART_MS, Ordering::SeqCst);
        if count % SWEEP_EACH == 0 {
            shop.app.sweep().await.unwrap();
        }
    }
}

/// The customers of these numbers, the odd ones beside the even ones.
async fn all_come(shop: &Arc<Shop>, customers: Range<u64>, reads_each: u64) {
    let Range { start, end } = customers;
    let queues = [start, start + 1].map(|first| {
        let queue = (first..end).step_by(2);
        tokio::spawn(come(Arc::clone(shop), queue, reads_each))
    });
    for queue in queues {
        queue.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s39_a_hundred_thousand_sessions_leave_memory_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let shop = Arc::new(Shop::open(folder.path()).await);
    all_come(&shop, 0..WARM_UP, 1).await;
    let before = resident();
    all_come(&shop, WARM_UP..SESSIONS, READS_EACH).await;
    let after = resident();
    eprintln!("{before} bytes after the warm-up became {after}");
    assert!(after <= before + before / 10);
}
