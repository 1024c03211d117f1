//! What pays, and what failed to.

use protocol::AddressId;
use recharge::{Charge, ChargeStatus, ProcessorTokens};

/// The processor whose tokens both tokenisers make.
pub(crate) const PROCESSOR: &str = "stripe";

/// The processor whose methods are changed by the link it e-mails, and no other way.
pub(crate) const BY_LINK: &str = "shopify_payments";

/// The oldest failed charge of an address.
pub(crate) fn failed_charge(charges: &[Charge], address_id: AddressId) -> Option<&Charge> {
    let failed = charges
        .iter()
        .filter(|charge| charge.address_id == address_id && charge.status == ChargeStatus::Error);
    failed.min_by_key(|charge| charge.scheduled_at)
}

/// The customer at the processor, whom all their cards belong to.
pub(crate) fn account(known: &[ProcessorTokens]) -> Option<String> {
    let mut accounts = known
        .iter()
        .filter(|method| method.processor_name == PROCESSOR)
        .map(|method| method.customer.expose())
        .filter(|token| !token.is_empty());
    accounts.next().map(str::to_owned)
}
