//! Charges: forecasts of a payment until they are processed.

use base::{Currency, Date, Timestamp};
use serde_json::json;

use crate::amount::Amount;
use crate::discount::AppliedDiscount;
use crate::id::{AddressId, ChargeId, CustomerId, ExternalId, PurchaseItemId, SubscriptionId};
use crate::lenient::{lenient_words, upstream};
use crate::line_item::{LineItem, ShippingLine, TaxLine};
use crate::open_enum;
use crate::postal_address::PostalAddress;
use crate::resource::Resource;
use crate::transport::Request;

upstream! {
    /// A charge: all that one address gets on one date. Its id does not outlive a write to its
    /// items or address.
    pub struct Charge: ChargeId {
        /// The address; 0 where upstream does not say.
        address_id: AddressId,
        /// Whose it is.
        customer: CustomerRef,
        /// Its state.
        status: ChargeStatus,
        /// The day it is for.
        scheduled_at: Option<Date>,
        /// When it was processed; `None` until then.
        processed_at: Option<Timestamp>,
        /// When a failed payment is tried again; `None` where it is not.
        retry_date: Option<Timestamp>,
        /// How often the payment was tried.
        charge_attempts: u32,
        /// Why the payment failed, a log for developers: never shown to anybody.
        error: Option<String>,
        /// Why the payment failed, in a word; `None` where it did not.
        error_type: Option<ChargeErrorType>,
        /// Whether upstream is still recalculating it.
        has_uncommitted_changes: bool,
        /// The lines.
        line_items: Vec<LineItem>,
        /// The currency of its amounts; `None` where upstream does not say.
        currency: Option<Currency>,
        /// Sum of the lines less discounts.
        subtotal_price: Amount,
        /// Sum of the lines.
        total_line_items_price: Option<Amount>,
        /// Discounts.
        total_discounts: Amount,
        /// Taxes.
        total_tax: Amount,
        /// Duties.
        total_duties: Amount,
        /// What was paid back.
        total_refunds: Amount,
        /// What is paid, shipping and tax in, discounts off.
        total_price: Amount,
        /// Whether prices hold the taxes already.
        taxes_included: bool,
        /// The taxes.
        tax_lines: Vec<TaxLine>,
        /// The discounts on it.
        discounts: Vec<AppliedDiscount>,
        /// How it is shipped.
        shipping_lines: Vec<ShippingLine>,
        /// Where it goes.
        shipping_address: PostalAddress,
        /// Who pays.
        billing_address: PostalAddress,
        /// The order in the shop; `None` until it is paid.
        external_order_id: Option<ExternalId>,
        /// How many orders it made: none while queued, several where it is prepaid.
        orders_count: u32,
        /// Whether something on it no longer exists in the shop.
        external_variant_not_found: bool
            = "external_variant_not_found" | "external_variant_id_not_found",
        /// When it was made.
        created_at: Option<Timestamp>,
        /// When it last changed.
        updated_at: Option<Timestamp>,
    }
}

upstream! {
    /// The customer of a charge or an order.
    pub struct CustomerRef {
        /// The customer; 0, which is nobody, where upstream does not say.
        id: CustomerId,
    }
}

open_enum! {
    /// The state of a charge.
    pub enum ChargeStatus {
        /// Planned.
        Queued = "queued",
        /// Paid.
        Success = "success",
        /// The payment failed.
        Error = "error",
        /// Skipped.
        Skipped = "skipped",
        /// Paid back in full.
        Refunded = "refunded",
        /// Paid back in part.
        PartiallyRefunded = "partially_refunded",
        /// Waits for a payment by hand.
        PendingManualPayment = "pending_manual_payment",
        /// Being paid.
        Pending = "pending",
    }
}

open_enum! {
    /// Why a payment failed, of the words that have been seen.
    pub enum ChargeErrorType {
        /// No more tries are made.
        ClosedMaxRetriesReached = "CLOSED_MAX_RETRIES_REACHED",
        /// The card must be replaced.
        CustomerNeedsToUpdateCard = "CUSTOMER_NEEDS_TO_UPDATE_CARD",
        /// The card was replaced, the next try is to come.
        CardUpdated = "CARD_UPDATED_NOW_PENDING_NEXT_ATTEMPT",
    }
}
lenient_words!(ChargeStatus, ChargeErrorType);

impl Resource for Charge {
    const NAME: &'static str = "charge";
    const PLURAL: &'static str = "charges";
}

impl Charge {
    /// `GET /charges/{id}`. Answers any customer's: compare `customer.id`.
    pub fn retrieve(id: ChargeId) -> Request {
        Request::get(format!("/charges/{id}"))
    }

    /// `GET /charges?customer_id=&status=`: those in one of `statuses`, or all for none.
    /// Charges paid more than 90 days ago are not among them; orders are.
    pub fn list(customer_id: CustomerId, statuses: &[ChargeStatus]) -> Request {
        let request = Request::list("/charges").with("customer_id", customer_id);
        match statuses {
            [] => request,
            _ => request.with_list("status", statuses),
        }
    }

    /// `GET /charges?address_id=&scheduled_at=`: those of one address on one day, in any state.
    pub fn list_at(address_id: AddressId, date: Date) -> Request {
        Request::list("/charges")
            .with("address_id", address_id)
            .with("scheduled_at", date)
    }

    /// `POST /charges/{id}/skip`: skips `items` of a queued charge.
    pub fn skip(id: ChargeId, items: &[PurchaseItemId]) -> Request {
        Request::post(
            format!("/charges/{id}/skip"),
            json!({ "purchase_item_ids": items }),
        )
    }

    /// `POST /charges/{id}/unskip`: brings `items` of a skipped charge back.
    pub fn unskip(id: ChargeId, items: &[PurchaseItemId]) -> Request {
        Request::post(
            format!("/charges/{id}/unskip"),
            json!({ "purchase_item_ids": items }),
        )
    }

    /// `POST /charges/{id}/process`: takes the money for everything on a queued or failed charge,
    /// now. Answers the charge: paid, being paid, or failed.
    pub fn process(id: ChargeId) -> Request {
        Request::post(format!("/charges/{id}/process"), json!({}))
    }

    /// `POST /charges/{id}/change_next_charge_date`: moves a queued charge with all that is on
    /// it, tomorrow at the earliest. Joins the charge that its address has on that day.
    pub fn change_date(id: ChargeId, date: Date) -> Request {
        Request::post(
            format!("/charges/{id}/change_next_charge_date"),
            json!({ "next_charge_date": date }),
        )
    }

    /// `POST /charges/{id}/apply_discount`: puts a code on a queued charge that has none, nor its
    /// address. It is lost when upstream makes the charge anew.
    pub fn apply_discount(id: ChargeId, code: &str) -> Request {
        let body = json!({ "discount_code": code });
        Request::post(format!("/charges/{id}/apply_discount"), body)
    }

    /// `POST /charges/{id}/remove_discount`: takes off what [`Charge::apply_discount`] put on.
    pub fn remove_discount(id: ChargeId) -> Request {
        Request::post(format!("/charges/{id}/remove_discount"), json!({}))
    }

    /// `POST /addresses/{id}/charges/skip`: skips subscriptions of one address on a day that
    /// has no charge yet. The day must be on the customer's schedule.
    pub fn skip_future(address_id: AddressId, date: Date, items: &[PurchaseItemId]) -> Request {
        let body = json!({ "date": date, "subscription_ids": items });
        Request::post(format!("/addresses/{address_id}/charges/skip"), body)
    }

    /// `POST /subscriptions/{id}/charges/skip`: the same for one subscription.
    pub fn skip_future_of(subscription_id: SubscriptionId, date: Date) -> Request {
        let body = json!({ "date": date, "subscription_id": subscription_id.to_string() });
        Request::post(
            format!("/subscriptions/{subscription_id}/charges/skip"),
            body,
        )
    }
}
