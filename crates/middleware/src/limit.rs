//! Rate limits: of a session, of a customer, of the login page, and of those who guess at secrets.

use std::collections::{BTreeSet, HashSet};
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::COOKIE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use gateway::Env;
use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use protocol::{CustomerId, Operation};
use sha2::{Digest, Sha256};

use crate::client_address::ClientAddress;
use crate::config::{Config, EffectKind, RateLimits};
use crate::problem::ApiError;
use crate::session::authorization::bearer;
use crate::store::TokenHash;

/// Keys that are counted at most, of each kind.
const KEYS: usize = 100_000;
/// Links for one customer at once.
const LINKS_AT_ONCE: u32 = 20;
/// Actions of one customer that send an email, at once.
const EMAILS_AT_ONCE: u32 = 5;
/// Guesses from all addresses together, for each that one address may make.
const GUESSERS: u32 = 10;
/// Codes that the login page sends in a minute, to all addresses: what bounds its logins.
const LOGINS_PER_MINUTE: u32 = 3_000;
/// Addresses of merchants' servers that are remembered.
const MERCHANTS: usize = 1_000;

/// The actions that send an email, whatever the configuration adds.
const EMAILS: [Operation; 3] = [
    Operation::RequestEmailChange,
    Operation::RequestDeletion,
    Operation::SendPaymentLink,
];

/// The rate limits.
pub(crate) struct Limits {
    sessions: Limit<[u8; 32]>,
    customers: Limit<CustomerId>,
    links: Limit<CustomerId>,
    emails: Limit<CustomerId>,
    emailing: BTreeSet<Operation>,
    secrets: Guesses,
    tokens: Guesses,
    cookies: Guesses,
    sign_ons: Limit<IpAddr>,
    merchants: Mutex<HashSet<IpAddr>>,
    login: Option<LoginLimits>,
}

/// The rate limits of the login page.
struct LoginLimits {
    by_address: Limit<IpAddr>,
    by_browser: Limit<[u8; 32]>,
    by_email: Limit<[u8; 32]>,
    in_all: Limit<()>,
    /// Mixed into the hashes of email addresses, which nobody can find out from them then.
    key: [u8; 16],
}

/// A link that was never made, in the extensions of its response.
#[derive(Debug, Clone, Copy)]
pub(crate) struct UnknownLink;

impl Limits {
    /// The limits of a configuration.
    pub(crate) fn new(config: &Config, env: &Arc<dyn Env>) -> Limits {
        let RateLimits {
            session_per_minute,
            customer_per_minute,
            guesses_per_minute,
            links_per_hour,
            emails_per_hour,
        } = config.rates;
        let clock = EnvClock::new(Arc::clone(env));
        let guesses = || Guesses {
            by_address: Limit::new(per_minute(guesses_per_minute), &clock),
            in_all: Limit::new(per_minute(guesses_per_minute * GUESSERS), &clock),
        };
        let mails = config.effects.iter();
        let mails = mails.filter(|effect| matches!(effect.kind, EffectKind::Mail { .. }));
        Limits {
            sessions: Limit::new(per_minute(session_per_minute), &clock),
            customers: Limit::new(per_minute(customer_per_minute), &clock),
            links: Limit::new(per_hour(links_per_hour, LINKS_AT_ONCE), &clock),
            emails: Limit::new(per_hour(emails_per_hour, EMAILS_AT_ONCE), &clock),
            emailing: mails.map(|effect| effect.after).chain(EMAILS).collect(),
            secrets: guesses(),
            tokens: guesses(),
            cookies: guesses(),
            sign_ons: Limit::new(per_minute(guesses_per_minute), &clock),
            merchants: Mutex::default(),
            login: config.login.as_ref().map(|rates| {
                let emails = || per_hour(rates.emails_per_hour, EMAILS_AT_ONCE);
                LoginLimits {
                    by_address: Limit::new(per_minute(rates.requests_per_minute), &clock),
                    by_browser: Limit::new(emails(), &clock),
                    by_email: Limit::new(emails(), &clock),
                    in_all: Limit::new(per_minute(LOGINS_PER_MINUTE), &clock),
                    key: env.random(),
                }
            }),
        }
    }

    /// Counts a request in a session.
    ///
    /// # Errors
    /// 429 where it is one too many of the session or of the customer.
    pub(crate) fn request(&self, session: TokenHash, customer: CustomerId) -> Result<(), ApiError> {
        self.sessions.check(session.0)?;
        self.customers.check(customer)
    }

    /// Counts a link made for a customer.
    ///
    /// # Errors
    /// 429 where it is one too many.
    pub(crate) fn link(&self, customer: CustomerId) -> Result<(), ApiError> {
        self.links.check(customer)
    }

    /// Counts an action of a customer, where it sends an email.
    ///
    /// # Errors
    /// 429 where it is one too many.
    pub(crate) fn action(&self, customer: CustomerId, action: Operation) -> Result<(), ApiError> {
        if self.emailing.contains(&action) {
            self.email(customer)?;
        }
        Ok(())
    }

    /// Counts an email that a customer asks for.
    ///
    /// # Errors
    /// 429 where it is one too many.
    pub(crate) fn email(&self, customer: CustomerId) -> Result<(), ApiError> {
        self.emails.check(customer)
    }

    /// Counts a form of the login page from an IP address.
    ///
    /// # Errors
    /// 429 where it is one too many.
    pub(crate) fn login_form(&self, address: IpAddr) -> Result<(), ApiError> {
        let Some(limits) = &self.login else {
            return Ok(());
        };
        limits.by_address.check(network(address))
    }

    /// Counts a code that `browser`, where it is known, asks for to an email address, whether a
    /// customer has that address or not.
    ///
    /// # Errors
    /// 429 where it is one too many.
    pub(crate) fn login_code(
        &self,
        browser: Option<TokenHash>,
        email: &str,
    ) -> Result<(), ApiError> {
        let Some(limits) = &self.login else {
            return Ok(());
        };
        // First, since it bounds what the others remember.
        limits.in_all.check(())?;
        if let Some(browser) = browser {
            limits.by_browser.check(browser.0)?;
        }
        let email = email.to_ascii_lowercase();
        let keyed = Sha256::new_with_prefix(limits.key).chain_update(email);
        limits.by_email.check(keyed.finalize().into())
    }

    /// Whether the merchant's secret is right, as `compare` says. An address that has never shown
    /// it may try only so often; one that has is never locked out by others behind it.
    ///
    /// # Errors
    /// 429 where a guess is one too many.
    pub(crate) fn secret(
        &self,
        address: IpAddr,
        compare: impl FnOnce() -> bool,
    ) -> Result<bool, ApiError> {
        let is_merchant = self.merchants().contains(&address);
        if !is_merchant {
            self.secrets.check(address)?;
        }
        if compare() {
            let mut merchants = self.merchants();
            if merchants.len() >= MERCHANTS {
                merchants.clear();
            }
            merchants.insert(address);
            return Ok(true);
        }
        if is_merchant {
            self.secrets.check(address)?;
        }
        Ok(false)
    }

    /// Counts a sign-on that asks another server.
    ///
    /// # Errors
    /// 429 where it is one too many of the address.
    pub(crate) fn sign_on(&self, address: IpAddr) -> Result<(), ApiError> {
        self.sign_ons.check(network(address))
    }

    /// Forgets those who have been quiet for long enough.
    pub(crate) fn sweep(&self) {
        self.sessions.sweep();
        self.customers.sweep();
        self.links.sweep();
        self.emails.sweep();
        self.sign_ons.sweep();
        for guesses in [&self.secrets, &self.tokens, &self.cookies] {
            guesses.by_address.sweep();
        }
        if let Some(login) = &self.login {
            login.by_address.sweep();
            login.by_browser.sweep();
            login.by_email.sweep();
        }
    }

    fn merchants(&self) -> std::sync::MutexGuard<'_, HashSet<IpAddr>> {
        self.merchants
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts links and sessions that there never were, which are guesses. Those that are right are
/// let through whatever others behind the same address do.
pub(crate) async fn guesses(
    State(limits): State<Arc<Limits>>,
    request: Request,
    next: Next,
) -> Response {
    let address = ClientAddress::of(request.extensions());
    let headers = request.headers();
    let names_session = headers.contains_key(COOKIE) || bearer(headers).is_some();
    let response = next.run(request).await;
    let guesses = if response.extensions().get::<UnknownLink>().is_some() {
        &limits.tokens
    } else if names_session && response.status() == StatusCode::UNAUTHORIZED {
        &limits.cookies
    } else {
        return response;
    };
    match guesses.check(address) {
        Ok(()) => response,
        Err(refusal) => refusal.into_response(),
    }
}

/// Guesses of each address, and of all together.
struct Guesses {
    by_address: Limit<IpAddr>,
    in_all: Limit<()>,
}

impl Guesses {
    fn check(&self, address: IpAddr) -> Result<(), ApiError> {
        self.by_address.check(network(address))?;
        self.in_all.check(())
    }
}

/// What one client can have: an IPv4 address, or 64 bits of IPv6.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
    }
}

fn per_minute(requests: u32) -> Quota {
    Quota::per_minute(NonZeroU32::new(requests).unwrap_or(NonZeroU32::MIN))
}

fn per_hour(requests: u32, at_once: u32) -> Quota {
    let rate = NonZeroU32::new(requests).unwrap_or(NonZeroU32::MIN);
    Quota::per_hour(rate).allow_burst(rate.min(NonZeroU32::new(at_once).unwrap_or(rate)))
}

/// A limit for each key.
struct Limit<K: Hash + Eq + Clone>(
    RateLimiter<K, HashMapStateStore<K>, EnvClock, NoOpMiddleware<Duration>>,
);

impl<K: Hash + Eq + Clone> Limit<K> {
    fn new(quota: Quota, clock: &EnvClock) -> Limit<K> {
        Limit(RateLimiter::hashmap_with_clock(quota, clock.clone()))
    }

    fn check(&self, key: K) -> Result<(), ApiError> {
        if self.0.len() >= KEYS {
            self.0.retain_recent();
            if self.0.len() >= KEYS {
                return Err(ApiError::too_many(1));
            }
        }
        self.0.check_key(&key).map_err(|until| {
            let wait = until.wait_time_from(self.0.clock().now());
            // A part of a second counts as one: who comes a moment too early is refused again.
            ApiError::too_many(u32::try_from(wait.as_secs()).unwrap_or(u32::MAX - 1) + 1)
        })
    }

    fn sweep(&self) {
        self.0.retain_recent();
        self.0.shrink_to_fit();
    }
}

/// The time that has passed by the clock of the program, without the steps back of that clock.
#[derive(Clone)]
struct EnvClock {
    env: Arc<dyn Env>,
    passed: Arc<Mutex<Passed>>,
}

#[derive(Clone, Copy)]
struct Passed {
    seen_ms: i64,
    total: Duration,
}

impl EnvClock {
    fn new(env: Arc<dyn Env>) -> EnvClock {
        let passed = Passed {
            seen_ms: env.now_ms(),
            total: Duration::ZERO,
        };
        EnvClock {
            env,
            passed: Arc::new(Mutex::new(passed)),
        }
    }
}

impl Clock for EnvClock {
    type Instant = Duration;

    fn now(&self) -> Duration {
        let mut passed = self.passed.lock().unwrap_or_else(PoisonError::into_inner);
        let now_ms = self.env.now_ms();
        let since_ms = u64::try_from(now_ms - passed.seen_ms).unwrap_or(0);
        passed.seen_ms = now_ms;
        passed.total += Duration::from_millis(since_ms);
        passed.total
    }
}

#[cfg(test)]
mod tests;
