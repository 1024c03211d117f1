//! The leaky bucket that limits calls.

/// How many calls the bucket holds.
const CAPACITY: i64 = 40;
/// How many calls leak out of it each second.
const LEAKS_PER_SECOND: i64 = 2;

/// Fill level, in thousandths of a call so that leaking needs no fractions.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bucket {
    level: i64,
    at: i64,
}

impl Bucket {
    /// Lets one call in, or answers after how many whole seconds to come again.
    pub(crate) fn admit(&mut self, now: i64) -> Result<(), i64> {
        let leaked = (now - self.at).max(0).saturating_mul(LEAKS_PER_SECOND);
        self.level = (self.level - leaked).max(0);
        self.at = now;
        if self.level + 1000 > CAPACITY * 1000 {
            let over = self.level + 1000 - CAPACITY * 1000;
            return Err((over / LEAKS_PER_SECOND + 999) / 1000);
        }
        self.level += 1000;
        Ok(())
    }

    /// `7/40`, as the header says it.
    pub(crate) fn header(&self) -> String {
        format!("{}/{CAPACITY}", (self.level + 999) / 1000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forty_at_once_then_two_a_second() {
        let mut bucket = Bucket::default();
        assert!((0..40).all(|_| bucket.admit(0).is_ok()));
        assert_eq!(bucket.header(), "40/40");
        assert_eq!(bucket.admit(0), Err(1));
        assert_eq!(bucket.admit(499), Err(1));
        assert!(bucket.admit(1_000).is_ok() && bucket.admit(1_000).is_ok());
        assert!(bucket.admit(1_000).is_err());
    }
}
