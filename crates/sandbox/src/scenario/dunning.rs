//! Stub.
use crate::rows::*;
pub(super) fn tables(now: i64) -> Tables {
    super::everyday::tables(now)
}
