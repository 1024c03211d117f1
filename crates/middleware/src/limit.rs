//! How often one session may ask.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::store::TokenHash;

/// Sessions counted at most; beyond that those that are quiet are forgotten, which only helps them.
const SESSIONS: usize = 10_000;
/// One request, in thousandths of a minute's share.
const MINUTE_MS: i64 = 60_000;

/// A bucket for each session: a minute's share at once, refilled over a minute.
#[derive(Debug)]
pub(crate) struct RateLimit {
    per_minute: i64,
    buckets: Mutex<HashMap<[u8; 32], Bucket>>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    /// What is left, in requests times milliseconds of a minute, so that nothing is rounded.
    left: i64,
    at_ms: i64,
}

impl RateLimit {
    /// A limit of `requests` a minute.
    pub(crate) fn per_minute(requests: u32) -> RateLimit {
        RateLimit {
            per_minute: i64::from(requests),
            buckets: Mutex::default(),
        }
    }

    /// Counts a request of `session`; where it is one too many, the seconds to wait.
    pub(crate) fn count(&self, session: TokenHash, now_ms: i64) -> Result<(), u32> {
        let full = self.per_minute * MINUTE_MS;
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= SESSIONS {
            buckets.retain(|_, bucket| now_ms - bucket.at_ms < MINUTE_MS);
        }
        if buckets.len() >= SESSIONS && !buckets.contains_key(&session.0) {
            return Err(1);
        }
        let fresh = Bucket {
            left: full,
            at_ms: now_ms,
        };
        let bucket = buckets.entry(session.0).or_insert(fresh);
        let passed = (now_ms - bucket.at_ms).clamp(0, MINUTE_MS);
        bucket.left = (bucket.left + passed * self.per_minute).min(full);
        bucket.at_ms = now_ms;
        if bucket.left < MINUTE_MS {
            let wait_ms = (MINUTE_MS - bucket.left) / self.per_minute;
            return Err((wait_ms / 1000 + 1) as u32);
        }
        bucket.left -= MINUTE_MS;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minutes_share_may_come_at_once_and_refills_over_a_minute() {
        let limit = RateLimit::per_minute(60);
        let session = TokenHash::of("session");
        for _ in 0..60 {
            assert_eq!(limit.count(session, 1_000), Ok(()));
        }
        assert_eq!(limit.count(session, 1_000), Err(2));
        assert_eq!(limit.count(TokenHash::of("other"), 1_000), Ok(()));
        assert_eq!(limit.count(session, 2_000), Ok(()));
        assert!(limit.count(session, 2_000).is_err());
    }

    #[test]
    fn the_count_of_sessions_is_bounded() {
        let limit = RateLimit::per_minute(60);
        for number in 0..SESSIONS + 500 {
            let _ = limit.count(TokenHash::of(&number.to_string()), 0);
        }
        assert_eq!(limit.buckets.lock().unwrap().len(), SESSIONS);
        assert_eq!(limit.count(TokenHash::of("later"), 2 * MINUTE_MS), Ok(()));
        assert_eq!(limit.buckets.lock().unwrap().len(), 1);
    }
}
