//! The Recharge API, version 2021-11, as types: what upstream answers, the requests
//! a portal makes, and its errors.
//!
//! Types only deserialise and are lenient: only `id` is required, everything else has
//! a default, `Option` stands only where null means something. What nothing here needs,
//! a customer's hash and a processor's tokens above all, is not read in the first place.

mod address;
mod amount;
mod body;
mod bundle;
mod call;
mod charge;
mod customer;
mod delivery_schedule;
mod discount;
mod error;
mod gift;
mod hosted;
mod id;
mod included;
mod lenient;
mod line_item;
mod metafield;
mod onetime;
mod open_enum;
mod order;
mod page;
mod payment_method;
mod plan;
mod postal_address;
mod product;
mod resource;
mod scope;
mod store;
mod subscription;
mod transport;
mod webhook;

pub use address::{Address, AddressUpdate, CountryAndZip, ShippingOverride};
pub use amount::Amount;
pub use body::read_body;
pub use bundle::{
    BundleItem, BundleProduct, BundleRange, BundleSelection, BundleVariant, Collection,
    CollectionProduct, OptionSource,
};
pub use call::{CallError, call_as, call_json};
pub use charge::{Charge, ChargeErrorType, ChargeStatus, CustomerRef};
pub use customer::{
    CreditSummary, Customer, CustomerInclude, CustomerPart, CustomerUpdate, GiftPurchase,
    PunchCard, PunchCardProgress, ReferralInfo, ReferralUrl,
};
pub use delivery_schedule::{
    Delivery, DeliveryLineItem, DeliveryOrder, DeliverySchedule, ScheduleCustomer, ScheduleWindow,
};
pub use discount::{
    AppliedDiscount, Discount, DiscountChannel, DiscountChannels, DiscountScope, DiscountStatus,
    DiscountTarget, DiscountValueType, UsageLimits,
};
pub use error::{ErrorKind, FieldMessage, UpstreamError};
pub use gift::GiftRecipient;
pub use hosted::{CustomerHash, CustomerSession, PortalAccess};
pub use id::*;
pub use included::{Included, OneOrMany};
pub use line_item::{Images, LineItem, Property, PurchaseItemType, ShippingLine, TaxLine};
pub use metafield::{Metafield, MetafieldText};
pub use onetime::{Onetime, OnetimeCreate, OnetimeTiming};
pub use order::{ChargeRef, Fulfillment, Order, OrderStatus};
pub use page::{Listed, Page, list_all, list_page};
pub use payment_method::{
    NewMethod, PaymentDetails, PaymentMethod, PaymentMethodInclude, PaymentMethodStatus,
    PaymentType, ProcessorTokens,
};
pub use plan::{Plan, PlanChannel, PlanChannels, PlanType, SubscriptionPreferences};
pub use postal_address::PostalAddress;
pub use product::{Inventory, Product, Variant, VariantPrices};
pub use resource::Resource;
pub use store::{Store, Timezone};
pub use subscription::{
    Cancellation, Intervals, Subscription, SubscriptionCreate, SubscriptionInclude,
    SubscriptionProduct, SubscriptionStatus, SubscriptionUpdate,
};
pub use transport::*;
pub use webhook::Webhook;
