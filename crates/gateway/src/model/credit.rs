//! The credit of a customer.

use protocol::view::Credit;
use protocol::{Operation, Problem};

use crate::upstream::reader::Reader;

/// The customer's credit; not read where the merchant does not let customers use it.
pub(crate) async fn available(
    reader: &Reader<'_>,
    customer: &recharge::Customer,
) -> Result<Option<Credit>, Problem> {
    let policy = &reader.upstream.policy;
    if !policy.allowed.contains(&Operation::UseCredit) {
        return Ok(None);
    }
    let summary = reader.credit().await?;
    let currency = summary.currency_code.unwrap_or(policy.currency);
    let balance = summary.total_available_balance.in_currency(currency);
    let balance = balance.filter(|balance| balance.minor() > 0);
    let limit = summary.max_redemption_limit;
    Ok(balance.map(|balance| Credit {
        balance,
        limit: limit.and_then(|limit| limit.in_currency(currency)),
        next_order: customer.apply_credit_to_next_recurring_charge,
    }))
}
