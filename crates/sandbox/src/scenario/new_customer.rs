//! Noor Haddad signed up today: no address, no card, nothing on order.

use base::Currency;

use super::build::Build;
use crate::rows::Tables;

/// The rows at `now`.
pub(super) fn tables(now: i64) -> Tables {
    let mut build = Build::begin(now, 0, Currency::USD);
    build.customer("Noor", "Haddad", "noor.haddad@example.com");
    build.finish()
}
