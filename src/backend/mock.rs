//! The preview's transport: the middleware's own Gateway over a store in memory, both here in
//! the browser. The address chooses with `?scenario=` what is in the store, and with `?state=` how
//! it answers; loading the page again begins anew.

mod gallery;
mod settings;
mod shop;
mod state;
mod style;
mod switcher;

use std::rc::Rc;
use std::sync::Arc;

use base::BoxFuture;
use gateway::{Email, Env, Gateway, MailError, Mailer, MemoryJournal};
use protocol::view::{DISMISSALS, Dismissal, Proof, VERIFICATIONS};
use protocol::{CardSetup, CustomerId, Date, Problem, Query, read_body};
use sandbox::Store;
use sandbox_recharge::Upstream;
use send_wrapper::SendWrapper;

use self::state::{Loaded, State};
use super::clock;
use super::request::{Answer, Failure, Reply, Request};
use crate::ui::task;

pub(crate) use gallery::gallery;
pub(crate) use style::adopt_style;
pub(crate) use switcher::ScenarioSwitcher;

/// How long an answer takes, milliseconds: enough to see what a customer sees while waiting.
const LATENCY: i32 = 180;

/// How often open changes are looked after, milliseconds.
const RESOLVE_EVERY: i32 = 3_000;

/// A Gateway over a store in memory, with one customer signed in.
#[derive(Clone)]
pub struct Mock {
    gateway: Rc<Gateway>,
    customer: CustomerId,
    state: State,
    loaded: Loaded,
}

/// The browser as the Gateway's world, in a store whose zone is UTC.
struct Browser;

impl Env for Browser {
    fn now_ms(&self) -> i64 {
        clock::now_ms()
    }

    fn local(&self, at_ms: i64) -> (Date, u16) {
        let minute = at_ms.div_euclid(60_000).rem_euclid(1_440);
        (Date::from_unix_ms(at_ms), minute as u16)
    }

    fn instant(&self, date: Date, minute: u16) -> i64 {
        (i64::from(date.days()) * 1_440 + i64::from(minute)) * 60_000
    }

    fn sleep(&self, ms: u64) -> BoxFuture<'static, ()> {
        let ms = i32::try_from(ms).unwrap_or(i32::MAX);
        Box::pin(SendWrapper::new(task::sleep(ms)))
    }

    fn random(&self) -> [u8; 16] {
        clock::random()
    }
}

/// Mail that reaches nobody: it is written to the browser's console, where who tries the portal
/// finds their code.
struct Console;

impl Mailer for Console {
    fn send<'a>(&'a self, email: &'a Email, _: &'a str) -> BoxFuture<'a, Result<(), MailError>> {
        let text = match email {
            Email::AddressCode { to, code, .. }
            | Email::VerificationCode { to, code, .. }
            | Email::DeletionCode { to, code, .. } => {
                format!("Mail to {to}: your code is {}", code.expose())
            }
            Email::AddressChanged { to, new } => {
                format!("Mail to {to}: your address is now {new}")
            }
        };
        web_sys::console::info_1(&text.into());
        Box::pin(std::future::ready(Ok(())))
    }
}

impl Mock {
    /// The store of the chosen scenario, with its first customer signed in, for a portal at `base`.
    #[cfg_attr(
        target_arch = "wasm32",
        expect(
            clippy::arc_with_non_send_sync,
            reason = "the Gateway shares between threads on a server; here there is one"
        )
    )]
    pub fn new(base: &str) -> Mock {
        let store = Store::new(settings::scenario(), clock::now_ms());
        let customer = store.customers().first().map(|person| person.id);
        let upstream = Upstream::new(store, clock::now_ms);
        let gateway = Gateway::new(
            Arc::new(upstream),
            Arc::new(Browser),
            Arc::new(MemoryJournal::default()),
            Arc::new(shop::policy(base)),
        );
        let gateway = Rc::new(gateway.with_mailer(Arc::new(Console)));
        task::spawn_to_the_end(look_after(gateway.clone()));
        Mock {
            gateway,
            customer: CustomerId(customer.unwrap_or_default()),
            state: settings::state(),
            loaded: Loaded::default(),
        }
    }

    /// Answers `request`; see [`Backend::send`](super::Backend::send).
    pub fn send(&self, request: Request) -> Answer {
        let (gateway, customer) = (self.gateway.clone(), self.customer);
        let (state, loaded) = (self.state, self.loaded.clone());
        Box::pin(async move {
            task::sleep(LATENCY).await;
            state::pass(state, &request, &loaded)
                .await
                .map_err(|problem| problem.map_or(Failure::Lost, failure))?;
            let answer = match request {
                Request::Read(query) => read(&gateway, customer, &query).await,
                Request::Change { key, intent } => match intent.intent() {
                    Ok(intent) => gateway
                        .change(customer, &key, intent)
                        .await
                        .map(|outcome| serde_json::to_string(&outcome).unwrap_or_default()),
                    Err(_) => Err(Problem::not_found()),
                },
                Request::Preview(intent) => match intent.intent() {
                    Ok(intent) => gateway
                        .preview(customer, &intent)
                        .await
                        .map(|preview| serde_json::to_string(&preview).unwrap_or_default()),
                    Err(_) => Err(Problem::not_found()),
                },
                // The preview has no processor: the setup is nothing but a name.
                Request::CardSetup { key } => gateway
                    .processor_account(customer)
                    .await
                    .map(|_| CardSetup {
                        client_secret: key.into(),
                    })
                    .map(|setup| setup.answer()),
                Request::Post(path, body) => post(&gateway, customer, path, &body).await,
                Request::SignOut => Ok(String::new()),
                Request::SignOutEverywhere => Ok(r#"{"other_sessions":1}"#.to_owned()),
            };
            let reply = |text| Reply { text, age_ms: 0 };
            answer.map(reply).map_err(failure)
        })
    }
}

async fn read(gateway: &Gateway, customer: CustomerId, query: &Query) -> Result<String, Problem> {
    gateway.check_verified(&customer.into(), query).await?;
    gateway.read(customer, query).await
}

/// What is sent to `path` and is neither a view nor a change.
async fn post(
    gateway: &Gateway,
    customer: CustomerId,
    path: &str,
    body: &str,
) -> Result<String, Problem> {
    let unread = |_| Problem::not_found();
    match path {
        DISMISSALS => {
            let dismissal: Dismissal = read_body(body.as_bytes()).map_err(unread)?;
            gateway.dismiss(customer, &dismissal.announcement).await?;
            Ok(String::new())
        }
        VERIFICATIONS => {
            let proof: Proof = read_body(body.as_bytes()).map_err(unread)?;
            let state = gateway.verify(&customer.into(), &proof).await?;
            Ok(serde_json::to_string(&state).unwrap_or_default())
        }
        _ => Err(Problem::not_found()),
    }
}

/// The middleware gives each problem a reference; so that the page shows one here too.
fn failure(problem: Problem) -> Failure {
    Failure::Problem(Box::new(Problem {
        reference: "preview".into(),
        ..problem
    }))
}

/// Looks after changes whose answer was lost, as the middleware does.
async fn look_after(gateway: Rc<Gateway>) {
    loop {
        task::sleep(RESOLVE_EVERY).await;
        gateway.resolve().await;
    }
}
