//! Charges and the orders they lead to.

use std::sync::Arc;

use base::{Currency, Date, Money};
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::{Id, Postal};

/// The state of a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ChargeStatus {
    Queued,
    Success,
    Error,
    Skipped,
    Refunded,
    PartiallyRefunded,
    PendingManualPayment,
    Pending,
}

impl ChargeStatus {
    /// Upstream's word.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            ChargeStatus::Queued => "queued",
            ChargeStatus::Success => "success",
            ChargeStatus::Error => "error",
            ChargeStatus::Skipped => "skipped",
            ChargeStatus::Refunded => "refunded",
            ChargeStatus::PartiallyRefunded => "partially_refunded",
            ChargeStatus::PendingManualPayment => "pending_manual_payment",
            ChargeStatus::Pending => "pending",
        }
    }

    /// Paid for, whatever was given back later. These vanish behind the 90-day wall.
    pub(crate) fn is_paid(self) -> bool {
        matches!(
            self,
            ChargeStatus::Success | ChargeStatus::Refunded | ChargeStatus::PartiallyRefunded
        )
    }
}

/// What is bought on one charge of one purchase item.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Line {
    pub(crate) purchase_item_id: Id,
    /// `subscription` or `onetime`.
    pub(crate) purchase_item_type: &'static str,
    /// Comes with the charge for nothing.
    pub(crate) is_free_gift: bool,
    /// Pays for several deliveries.
    pub(crate) is_prepaid: bool,
    pub(crate) external_product_id: Option<String>,
    pub(crate) external_variant_id: Option<String>,
    pub(crate) title: String,
    pub(crate) variant_title: Option<String>,
    pub(crate) sku: Option<String>,
    pub(crate) properties: Value,
    pub(crate) quantity: u32,
    pub(crate) unit_price: Money,
    /// Quantity times unit price, before the discount.
    pub(crate) subtotal: Money,
    /// This line's share of the discount.
    pub(crate) discount: Money,
    pub(crate) tax: Money,
    pub(crate) grams: u32,
}

/// A discount as it stood when the charge was made.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct AppliedDiscount {
    pub(crate) id: Id,
    /// On this charge alone; otherwise it sits on the address.
    pub(crate) on_charge: bool,
}

/// The sums of a charge. `price = lines - discounts + shipping + tax`, where tax is
/// added only when prices do not include it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Totals {
    pub(crate) lines: Money,
    /// What discounts and credit take off.
    pub(crate) discounts: Money,
    /// Of that, the credit, which is used when the charge is paid.
    pub(crate) credit: Money,
    pub(crate) shipping: Money,
    pub(crate) shipping_title: String,
    pub(crate) tax: Money,
    /// In hundred-thousandths.
    pub(crate) tax_rate: i64,
    pub(crate) tax_title: &'static str,
    pub(crate) taxes_included: bool,
    pub(crate) price: Money,
}

/// What a charge would be regenerated to: everything that follows from items and address.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Content {
    pub(crate) lines: Vec<Line>,
    pub(crate) discount: Option<AppliedDiscount>,
    pub(crate) totals: Totals,
    pub(crate) currency: Currency,
    pub(crate) shipping_address: Postal,
    pub(crate) billing_address: Postal,
    pub(crate) payment_method_id: Option<Id>,
    pub(crate) payment_processor: Option<String>,
    pub(crate) note: Option<String>,
    pub(crate) order_attributes: Value,
}

/// What one address pays on one date.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Charge {
    pub(crate) id: Id,
    pub(crate) customer_id: Id,
    pub(crate) address_id: Id,
    pub(crate) status: ChargeStatus,
    /// `checkout` or `recurring`.
    pub(crate) kind: &'static str,
    pub(crate) scheduled_at: Date,
    pub(crate) content: Content,
    pub(crate) processed_at: Option<i64>,
    pub(crate) retry_date: Option<Date>,
    pub(crate) last_charge_attempt: Option<i64>,
    pub(crate) charge_attempts: u32,
    pub(crate) error: Option<String>,
    pub(crate) error_type: Option<&'static str>,
    pub(crate) external_order_id: Option<String>,
    pub(crate) external_transaction_id: Option<String>,
    pub(crate) orders_count: u32,
    pub(crate) refunded: Option<Money>,
    pub(crate) tags: Option<String>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

impl Charge {
    /// Still to be paid and following its items: queued, or failed and being retried.
    pub(crate) fn is_open(&self) -> bool {
        match self.status {
            ChargeStatus::Queued => true,
            ChargeStatus::Error => self.retry_date.is_some(),
            _ => false,
        }
    }

    /// Whether the purchase item is on it.
    pub(crate) fn has(&self, purchase_item_id: Id) -> bool {
        self.content
            .lines
            .iter()
            .any(|line| line.purchase_item_id == purchase_item_id)
    }
}

/// What was or will be sent for a paid charge.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Order {
    pub(crate) id: Id,
    pub(crate) charge_id: Id,
    pub(crate) customer_id: Id,
    pub(crate) address_id: Id,
    /// `success`, `queued` (prepaid, still to be sent), `cancelled` or `error`.
    pub(crate) status: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) is_prepaid: bool,
    pub(crate) scheduled_at: Date,
    pub(crate) processed_at: Option<i64>,
    pub(crate) number: u32,
    /// Shared, since a long history repeats itself and every write copies the rows.
    #[serde(serialize_with = "shared")]
    pub(crate) content: Arc<Content>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

fn shared<S: Serializer>(content: &Arc<Content>, serializer: S) -> Result<S::Ok, S::Error> {
    content.as_ref().serialize(serializer)
}
