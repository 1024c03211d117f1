//! What is needed to judge and describe what a customer has: their record, the rules, the time.

use protocol::view::{AddressLines, CutOff, DiscountLine, PaymentLine};
use protocol::{AddressId, Date, Problem};
use recharge::{Address, AppliedDiscount, Charge, ChargeStatus};

use super::text::{address_lines, payment_line};
use crate::env::Env;
use crate::policy::Policy;
use crate::upstream::reader::Reader;

/// The first day that is sure to be accepted as a date to come. Upstream wants tomorrow, by a
/// clock of its own that may be ahead of the store's.
pub(crate) const DAYS_AHEAD: i32 = 2;

/// What is needed to judge and describe deliveries: the customer, the rules, the time.
pub(crate) struct AccountContext<'a> {
    pub(crate) customer: recharge::Customer,
    pub(crate) policy: &'a Policy,
    pub(crate) env: &'a dyn Env,
    pub(crate) now_ms: i64,
    pub(crate) today: Date,
}

impl<'a> AccountContext<'a> {
    /// Reads what is needed; one call.
    pub(crate) async fn open(reader: &Reader<'a>) -> Result<AccountContext<'a>, Problem> {
        Ok(AccountContext::over(reader, reader.customer().await?))
    }

    /// The same with a customer that was read already.
    pub(crate) fn over(reader: &Reader<'a>, customer: recharge::Customer) -> AccountContext<'a> {
        let env = &*reader.upstream.env;
        let now_ms = env.now_ms();
        let policy = &*reader.upstream.policy;
        AccountContext {
            customer,
            policy,
            env,
            now_ms,
            today: env.local(now_ms).0,
        }
    }

    /// Until when a delivery on `date` can be changed.
    pub(crate) fn cut_off(&self, date: Date) -> CutOff {
        cut_off(self.policy, self.env, date)
    }

    /// Whether that moment is over.
    pub(crate) fn is_cut_off(&self, date: Date) -> bool {
        self.now_ms >= self.cut_off(date).at_ms
    }

    /// An address of the customer as text.
    pub(crate) fn address(&self, id: AddressId) -> Option<AddressLines> {
        let found = self
            .customer
            .include
            .addresses
            .iter()
            .find(|address| address.id == id)?;
        address_lines(&found.postal())
    }

    /// The note on everything that goes to an address; empty for none.
    pub(crate) fn order_note(&self, id: AddressId) -> String {
        let mut addresses = self.customer.include.addresses.iter();
        let found = addresses.find(|address| address.id == id);
        found
            .map(|address| address.order_note.clone())
            .unwrap_or_default()
    }

    /// The discount codes on everything that goes to an address.
    pub(crate) fn discounts(&self, id: AddressId) -> Vec<DiscountLine> {
        let mut addresses = self.customer.include.addresses.iter();
        let found = addresses.find(|address| address.id == id);
        found.map(address_discounts).unwrap_or_default()
    }

    /// Who receives what goes to an address, where that is somebody else.
    pub(crate) fn gift_for(&self, id: AddressId) -> Option<String> {
        let mut addresses = self.customer.include.addresses.iter();
        let address = addresses.find(|address| address.id == id && address.is_gift)?;
        let name = [address.first_name.as_str(), address.last_name.as_str()].join(" ");
        Some(name.trim().to_owned())
    }

    /// What pays for everything that goes to an address.
    pub(crate) fn payment(&self, id: AddressId) -> Option<PaymentLine> {
        let include = &self.customer.include;
        let address = include.addresses.iter().find(|address| address.id == id)?;
        let all = &include.payment_methods;
        let mut lines = all.iter().map(|method| payment_line(method, all));
        lines.find(|line| Some(line.id) == address.payment_method_id)
    }
}

/// Until when a delivery on `date` can be changed.
pub(crate) fn cut_off(policy: &Policy, env: &dyn Env, date: Date) -> CutOff {
    let days = i32::try_from(policy.cut_off_days).unwrap_or_default();
    let (date, minute) = (date.add_days(-days), policy.cut_off_minute);
    CutOff {
        date,
        minute,
        at_ms: env.instant(date, minute),
    }
}

/// The first day to which something can be moved: one that upstream takes as a day to come, and
/// that can itself still be changed.
pub(crate) fn earliest(policy: &Policy, env: &dyn Env) -> Date {
    let now_ms = env.now_ms();
    let first = env.local(now_ms).0.add_days(DAYS_AHEAD);
    let days = i32::try_from(policy.cut_off_days).unwrap_or_default();
    let last = first.add_days(days);
    let mut days = (0..first.days_until(last).max(0)).map(|day| first.add_days(day));
    let is_open = |day: &Date| now_ms < cut_off(policy, env, *day).at_ms;
    days.find(is_open).unwrap_or(last)
}

/// The discount codes on an address.
pub(crate) fn address_discounts(address: &Address) -> Vec<DiscountLine> {
    discount_lines(&address.discounts, |_| true)
}

pub(super) fn discount_lines(
    discounts: &[AppliedDiscount],
    is_on_address: impl Fn(&AppliedDiscount) -> bool,
) -> Vec<DiscountLine> {
    let coded = discounts
        .iter()
        .filter(|discount| !discount.code.is_empty());
    coded
        .map(|discount| DiscountLine {
            code: discount.code.clone(),
            on_address: is_on_address(discount),
        })
        .collect()
}

/// Whether a charge waits for its payment or is being paid.
pub(crate) fn is_in_payment(charge: &Charge) -> bool {
    matches!(
        charge.status,
        ChargeStatus::Pending | ChargeStatus::PendingManualPayment
    )
}
