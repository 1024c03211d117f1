//! A cache that is bounded in bytes: the oldest entries go first.

use std::collections::BTreeMap;

/// Bytes that an entry takes besides its value: its key, twice, and its places in the maps.
const OVERHEAD: usize = 256;

/// Values by key, as many as fit into a number of bytes.
pub(crate) struct Bounded<K, V> {
    by_key: BTreeMap<K, Slot<V>>,
    /// The keys in the order in which they were inserted.
    by_age: BTreeMap<u64, K>,
    next: u64,
    bytes: usize,
    capacity: usize,
}

struct Slot<V> {
    age: u64,
    made_ms: i64,
    bytes: usize,
    value: V,
}

impl<K: Ord + Clone, V> Bounded<K, V> {
    /// An empty cache for `capacity` bytes.
    pub(crate) fn new(capacity: usize) -> Bounded<K, V> {
        Bounded {
            by_key: BTreeMap::new(),
            by_age: BTreeMap::new(),
            next: 0,
            bytes: 0,
            capacity,
        }
    }

    /// Keeps a value of so many bytes in place of the one before.
    pub(crate) fn insert(&mut self, key: K, made_ms: i64, bytes: usize, value: V) {
        self.remove(&key);
        let (age, bytes) = (self.next, bytes + OVERHEAD);
        self.next += 1;
        self.bytes += bytes;
        self.by_age.insert(age, key.clone());
        let slot = Slot {
            age,
            made_ms,
            bytes,
            value,
        };
        self.by_key.insert(key, slot);
        self.shrink();
    }

    /// The value and when it was made, unless that was `longest_ms` ago or longer.
    pub(crate) fn get(&self, key: &K, now_ms: i64, longest_ms: i64) -> Option<(i64, &V)> {
        let slot = self.by_key.get(key)?;
        let is_young = now_ms.saturating_sub(slot.made_ms) < longest_ms;
        is_young.then_some((slot.made_ms, &slot.value))
    }

    /// Notes that the value has become `bytes` larger.
    pub(crate) fn grow(&mut self, key: &K, bytes: usize) {
        if let Some(slot) = self.by_key.get_mut(key) {
            slot.bytes += bytes;
            self.bytes += bytes;
            self.shrink();
        }
    }

    /// Takes a value out.
    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        let slot = self.by_key.remove(key)?;
        self.by_age.remove(&slot.age);
        self.bytes -= slot.bytes;
        Some(slot.value)
    }

    /// Drops all values whose key is not wanted.
    pub(crate) fn retain(&mut self, is_wanted: impl Fn(&K) -> bool) {
        let unwanted = self.by_key.keys().filter(|key| !is_wanted(key));
        for key in unwanted.cloned().collect::<Vec<_>>() {
            self.remove(&key);
        }
    }

    /// Drops what was made `longest_ms` ago or longer.
    pub(crate) fn expire(&mut self, now_ms: i64, longest_ms: i64) {
        while let Some(key) = self.by_age.values().next().cloned()
            && self.get(&key, now_ms, longest_ms).is_none()
        {
            self.remove(&key);
        }
    }

    fn shrink(&mut self) {
        while self.bytes > self.capacity
            && let Some((_, key)) = self.by_age.pop_first()
        {
            if let Some(slot) = self.by_key.remove(&key) {
                self.bytes -= slot.bytes;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s51_the_oldest_entries_go_where_the_bytes_do_not_suffice() {
        let mut cache = Bounded::new(10 * (OVERHEAD + 100));
        for key in 0..25 {
            cache.insert(key, key, 100, ());
        }
        let known = |cache: &Bounded<i64, ()>| {
            let known = (0..25).filter(|key| cache.get(key, 25, i64::MAX).is_some());
            known.collect::<Vec<_>>()
        };
        assert_eq!(known(&cache), (15..25).collect::<Vec<_>>());
        // One that is put again is the youngest; one that grows displaces others.
        cache.insert(15, 25, 100, ());
        cache.grow(&20, 100);
        assert_eq!(known(&cache), [15, 17, 18, 19, 20, 21, 22, 23, 24]);
        // What does not fit at all is not kept, nor what would be beside it.
        cache.insert(30, 30, 10 * (OVERHEAD + 100), ());
        assert_eq!((known(&cache).len(), cache.bytes), (0, 0));
    }

    #[test]
    fn s51_what_is_too_old_is_dropped() {
        let mut cache = Bounded::new(1 << 20);
        for key in 0..10 {
            cache.insert(key, key, 1, ());
        }
        assert!(cache.get(&5, 7, 2).is_none() && cache.get(&6, 7, 2).is_some());
        cache.expire(9, 4);
        assert_eq!(cache.by_key.len(), 4);
        cache.retain(|key| *key != 8);
        assert_eq!((cache.by_key.len(), cache.by_age.len()), (3, 3));
        assert_eq!(cache.bytes, 3 * (OVERHEAD + 1));
    }
}
