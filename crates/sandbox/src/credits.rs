//! Store credit: what a customer has, and how the next charge uses it.

use base::Money;

use crate::rows::*;

/// The customer's accounts that have something left and have not expired, in the order
/// in which they are spent: what expires first goes first.
pub(crate) fn usable(tables: &Tables, customer_id: Id, now: i64) -> Vec<&CreditAccount> {
    let is_usable = |account: &&CreditAccount| {
        account.customer_id == customer_id
            && account.available.minor() > 0
            && account.expires_at.is_none_or(|at| at > now)
    };
    let mut accounts: Vec<_> = tables.credit_accounts.values().filter(is_usable).collect();
    accounts.sort_by_key(|account| (account.expires_at.unwrap_or(i64::MAX), account.id));
    accounts
}

/// Lets a charge that is being paid use the customer's credit, if that was asked for.
/// The wish is for one charge.
pub(crate) fn spend(tables: &mut Tables, charge_id: Id, now: i64) {
    let Some(charge) = tables.charges.get(&charge_id) else {
        return;
    };
    let customer_id = charge.customer_id;
    let wants = |c: &Customer| c.apply_credit_to_next_recurring_charge;
    if !tables.customers.get(&customer_id).is_some_and(wants) {
        return;
    }
    let price = charge.content.totals.price;
    let mut left = price.minor();
    let accounts: Vec<Id> = usable(tables, customer_id, now)
        .iter()
        .map(|account| account.id)
        .collect();
    for id in accounts {
        if let Some(account) = tables.credit_accounts.get_mut(&id) {
            let used = account.available.minor().min(left);
            left -= used;
            account.available =
                Money::from_minor(account.available.minor() - used, price.currency());
            account.updated_at = now;
        }
    }
    if let Some(charge) = tables.charges.get_mut(&charge_id) {
        let used = price.minor() - left;
        let totals = &mut charge.content.totals;
        totals.credit = Money::from_minor(used, price.currency());
        totals.discounts = Money::from_minor(totals.discounts.minor() + used, price.currency());
        totals.price = Money::from_minor(left, price.currency());
    }
    if let Some(customer) = tables.customers.get_mut(&customer_id) {
        customer.apply_credit_to_next_recurring_charge = false;
        customer.apply_credit_channel = None;
    }
}
