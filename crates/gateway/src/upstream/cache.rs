//! Upstream's answers, kept for a short time.
//!
//! Upstream allows two calls a second for all customers of a store together, so equal reads
//! share one call: those that run at the same time by waiting for the first, those shortly
//! after by taking its answer. An answer is kept for one customer only and is dropped with that
//! customer's own writes.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::lock::Mutex as AsyncMutex;
use protocol::CustomerId;
use recharge::{NoAnswer, Recharge, Request, Response};

use crate::bounded::Bounded;
use crate::counts::Counter;

/// Bytes of answers kept at most; the oldest go first.
const CAPACITY: usize = 32 << 20;

/// What an answer is kept under.
type Key = (CustomerId, String);

/// How long answers are reused, milliseconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Keep {
    /// The answer that is asked for.
    pub(crate) ms: i64,
    /// The answer that is reused longest.
    pub(crate) longest_ms: i64,
}

impl Keep {
    /// All answers alike.
    pub(crate) fn at_most(ms: i64) -> Keep {
        Keep { ms, longest_ms: ms }
    }
}

/// One read. Whoever comes first holds the lock while upstream is asked; whoever waits for it
/// finds the answer. It is kept as text, which takes a fraction of the memory of a value.
type Slot = Arc<AsyncMutex<Option<String>>>;

/// The answers of upstream to reads.
pub(crate) struct Cache {
    slots: Mutex<Bounded<Key, Slot>>,
    /// Reads that found an answer.
    pub(crate) hits: Counter,
    /// Reads that upstream was asked for.
    pub(crate) misses: Counter,
}

impl Default for Cache {
    fn default() -> Cache {
        Cache {
            slots: Mutex::new(Bounded::new(CAPACITY)),
            hits: Counter::default(),
            misses: Counter::default(),
        }
    }
}

impl Cache {
    /// The answer to `request`, asked for on behalf of `customer`, as old as `keep` lets
    /// it be.
    pub(crate) async fn read(
        &self,
        upstream: &dyn Recharge,
        customer: CustomerId,
        request: Request,
        now_ms: i64,
        keep: Keep,
    ) -> Result<Response, NoAnswer> {
        let key = (customer, request.path_and_query());
        let slot = self.slot(&key, now_ms, keep);
        let mut answer = slot.lock().await;
        if let Some(text) = &*answer {
            self.hits.count();
            return Ok(Response {
                status: 200,
                body: serde_json::from_str(text).ok(),
                retry_after_ms: None,
            });
        }
        self.misses.count();
        let fresh = upstream.call(request).await?;
        // Refusals pass; only what was readable is worth keeping.
        if let (200, Some(body)) = (fresh.status, &fresh.body) {
            let text = body.to_string();
            self.grow(&key, &slot, text.len());
            *answer = Some(text);
        }
        Ok(fresh)
    }

    /// Drops what was read for `customer`. A read under way answers those who wait for it and
    /// is not found by those who come later.
    pub(crate) fn forget(&self, customer: CustomerId) {
        self.with(|slots| slots.retain(|(owner, _)| *owner != customer));
    }

    /// Drops what was read for all customers.
    pub(crate) fn forget_all(&self) {
        self.with(|slots| slots.retain(|_| false));
    }

    /// Drops what was read for `customer` below `path`.
    pub(crate) fn forget_path(&self, customer: CustomerId, path: &str) {
        let is_it = |(owner, asked): &Key| *owner == customer && asked.starts_with(path);
        self.with(|slots| slots.retain(|key| !is_it(key)));
    }

    fn slot(&self, key: &Key, now_ms: i64, keep: Keep) -> Slot {
        self.with(|slots| {
            // What nobody asks for again must not stay for ever.
            slots.expire(now_ms, keep.longest_ms);
            if let Some((_, slot)) = slots.get(key, now_ms, keep.ms) {
                return Arc::clone(slot);
            }
            let slot = Slot::default();
            // A cursor of the browser's may be long.
            slots.insert(key.clone(), now_ms, 2 * key.1.len(), Arc::clone(&slot));
            slot
        })
    }

    /// Notes the bytes of an answer, where its slot has not been dropped in the meantime.
    fn grow(&self, key: &Key, slot: &Slot, bytes: usize) {
        self.with(|slots| {
            let known = slots.get(key, 0, i64::MAX);
            if known.is_some_and(|(_, known)| Arc::ptr_eq(known, slot)) {
                slots.grow(key, bytes);
            }
        });
    }

    fn with<T>(&self, act: impl FnOnce(&mut Bounded<Key, Slot>) -> T) -> T {
        act(&mut self.slots.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// How long a product's picture is reused: it changes rarely, and a stale one harms nobody.
const PICTURE_MS: i64 = 10 * 60_000;
/// Bytes of pictures' addresses kept at most.
const PICTURES: usize = 8 << 20;

/// The pictures of the shop's products, for all customers: `None` for a product without one.
pub(crate) struct Pictures(Mutex<Bounded<String, Option<String>>>);

impl Default for Pictures {
    fn default() -> Pictures {
        Pictures(Mutex::new(Bounded::new(PICTURES)))
    }
}

impl Pictures {
    /// What is known of the product's picture.
    pub(crate) fn get(&self, product: &str, now_ms: i64) -> Option<Option<String>> {
        let pictures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = pictures.get(&product.to_owned(), now_ms, PICTURE_MS);
        known.map(|(_, picture)| picture.clone())
    }

    /// Remembers a product's picture, or that it has none.
    pub(crate) fn set(&self, product: String, now_ms: i64, picture: Option<String>) {
        let mut pictures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = picture.as_ref().map_or(0, String::len);
        pictures.insert(product, now_ms, bytes, picture);
    }
}

#[cfg(test)]
mod tests {
    use base::BoxFuture;
    use serde_json::json;

    use super::*;

    /// Answers each read with a megabyte.
    struct Wordy;

    impl Recharge for Wordy {
        fn call(&self, _: Request) -> BoxFuture<'_, Result<Response, NoAnswer>> {
            let answer = Response {
                status: 200,
                body: Some(json!("x".repeat(1 << 20))),
                retry_after_ms: None,
            };
            Box::pin(std::future::ready(Ok(answer)))
        }
    }

    fn key(n: u64) -> Key {
        (CustomerId(n), "/customers".into())
    }

    #[tokio::test]
    async fn s51_answers_are_bounded_in_bytes_and_the_oldest_go() {
        let cache = Cache::default();
        for n in 0..100 {
            let request = Request::get("/customers");
            let keep = Keep::at_most(500);
            let read = cache.read(&Wordy, CustomerId(n), request, 0, keep).await;
            assert!(read.is_ok());
        }
        let kept = (0..100).filter(|n| cache.with(|slots| slots.get(&key(*n), 0, 500).is_some()));
        assert_eq!(kept.collect::<Vec<_>>(), (69..100).collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn an_answer_from_the_cache_is_the_same() {
        let cache = Cache::default();
        let keep = Keep::at_most(500);
        let read = || cache.read(&Wordy, CustomerId(1), Request::get("/orders"), 0, keep);
        let (first, second) = (read().await.unwrap(), read().await.unwrap());
        assert_eq!(first, second);
    }

    #[test]
    fn a_slot_is_shared_until_it_is_too_old_or_forgotten() {
        let cache = Cache::default();
        let slot = |now_ms| cache.slot(&key(1), now_ms, Keep::at_most(500));
        let first = slot(0);
        assert!(Arc::ptr_eq(&first, &slot(499)));
        assert!(!Arc::ptr_eq(&first, &slot(500)));
        let second = slot(600);
        cache.forget(CustomerId(1));
        assert!(!Arc::ptr_eq(&second, &slot(601)));
    }
}
