//! Upstream's answers, kept for a short time.
//!
//! Upstream allows two calls a second for all customers of a store together, so equal reads
//! share one call: those that run at the same time by waiting for the first, those shortly
//! after by taking its answer. An answer is kept for one customer only and is dropped with that
//! customer's own writes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::lock::Mutex as AsyncMutex;
use protocol::CustomerId;
use recharge::{NoAnswer, Recharge, Request, Response};

/// Answers kept at most; the oldest go first.
const CAPACITY: usize = 2_000;

/// What an answer is kept under.
type Key = (CustomerId, String);

/// The answers of upstream to reads.
#[derive(Default)]
pub(crate) struct Cache(Mutex<Slots>);

#[derive(Default)]
struct Slots {
    by_key: BTreeMap<Key, Slot>,
    swept_ms: i64,
}

/// One read. Whoever comes first holds the lock while upstream is asked; whoever waits for it
/// finds the answer.
#[derive(Clone)]
struct Slot {
    made_ms: i64,
    answer: Arc<AsyncMutex<Option<Response>>>,
}

impl Cache {
    /// The answer to `request`, asked for on behalf of `customer`, at most `keep_ms` old.
    pub(crate) async fn read(
        &self,
        upstream: &dyn Recharge,
        customer: CustomerId,
        request: Request,
        now_ms: i64,
        keep_ms: i64,
    ) -> Result<Response, NoAnswer> {
        let slot = self.slot((customer, request.path_and_query()), now_ms, keep_ms);
        let mut answer = slot.answer.lock().await;
        if let Some(known) = &*answer {
            return Ok(known.clone());
        }
        let fresh = upstream.call(request).await?;
        // Refusals pass; only what was readable is worth keeping.
        if fresh.status == 200 && fresh.body.is_some() {
            *answer = Some(fresh.clone());
        }
        Ok(fresh)
    }

    /// Drops what was read for `customer`. A read under way answers those who wait for it and
    /// is not found by those who come later.
    pub(crate) fn forget(&self, customer: CustomerId) {
        self.with(|slots| slots.by_key.retain(|(owner, _), _| *owner != customer));
    }

    fn slot(&self, key: Key, now_ms: i64, keep_ms: i64) -> Slot {
        self.with(|slots| {
            let is_young = |slot: &Slot| now_ms - slot.made_ms < keep_ms;
            // What nobody asks for again must not stay for ever.
            if now_ms - slots.swept_ms >= keep_ms {
                slots.swept_ms = now_ms;
                slots.by_key.retain(|_, slot| is_young(slot));
            }
            if let Some(slot) = slots.by_key.get(&key).filter(|slot| is_young(slot)) {
                return slot.clone();
            }
            if slots.by_key.len() >= CAPACITY {
                let oldest = slots.by_key.iter().min_by_key(|(_, slot)| slot.made_ms);
                let oldest = oldest.map(|(key, _)| key.clone());
                oldest.map(|key| slots.by_key.remove(&key));
            }
            let slot = Slot {
                made_ms: now_ms,
                answer: Arc::default(),
            };
            slots.by_key.insert(key, slot.clone());
            slot
        })
    }

    fn with<T>(&self, act: impl FnOnce(&mut Slots) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// How long a product's picture is reused: it changes rarely, and a stale one harms nobody.
const PICTURE_MS: i64 = 10 * 60_000;
/// Pictures kept at most.
const PICTURES: usize = 20_000;

/// The pictures of the shop's products, for all customers: `None` for a product without one.
#[derive(Default)]
pub(crate) struct Pictures(Mutex<BTreeMap<String, (i64, Option<String>)>>);

impl Pictures {
    /// What is known of the product's picture.
    pub(crate) fn get(&self, product: &str, now_ms: i64) -> Option<Option<String>> {
        let pictures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (known_ms, picture) = pictures.get(product)?;
        (now_ms - known_ms < PICTURE_MS).then(|| picture.clone())
    }

    /// Remembers a product's picture, or that it has none.
    pub(crate) fn set(&self, product: String, now_ms: i64, picture: Option<String>) {
        let mut pictures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if pictures.len() >= PICTURES {
            pictures.clear();
        }
        pictures.insert(product, (now_ms, picture));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(n: u64) -> Key {
        (CustomerId(n), "/customers".into())
    }

    #[test]
    fn s39_answers_are_bounded_in_number_and_old_ones_go() {
        let cache = Cache::default();
        let most = u64::try_from(CAPACITY).unwrap();
        for n in 0..most + 50 {
            cache.slot(key(n), 1_000, 500);
        }
        assert_eq!(cache.with(|slots| slots.by_key.len()), CAPACITY);
        cache.slot(key(0), 2_000, 500);
        assert_eq!(
            cache.with(|slots| slots.by_key.len()),
            1,
            "the others were too old"
        );
    }

    #[test]
    fn a_slot_is_shared_until_it_is_too_old_or_forgotten() {
        let cache = Cache::default();
        let slot = |now_ms| cache.slot(key(1), now_ms, 500).answer;
        let first = slot(0);
        assert!(Arc::ptr_eq(&first, &slot(499)));
        assert!(!Arc::ptr_eq(&first, &slot(500)));
        let second = slot(600);
        cache.forget(CustomerId(1));
        assert!(!Arc::ptr_eq(&second, &slot(601)));
    }
}
