use base::{Date, Interval, Money};
use recharge::open_enum;
use serde::{Deserialize, Serialize};

use crate::json::{Json, Read, words};
use crate::problem::FieldError;
use crate::refusal::Refusal;

/// Where the preview of an intent is asked for, below [`API_BASE`](crate::API_BASE): a POST of a
/// [`Sendable`](crate::Sendable), which changes nothing.
pub const PREVIEW: &str = "/preview";

/// What an intent will do, before it is sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Read)]
pub struct Preview {
    /// What changes, the most important first.
    pub lines: Vec<PreviewLine>,
    /// What the customer should know before they agree.
    pub cautions: Vec<Caution>,
    /// What is taken from the payment method at once.
    pub pays_now: Option<Money>,
    /// The next delivery; `None` where it cannot be known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<NextDelivery>,
    /// Why it would be refused, where that is known already.
    pub refused: Option<Refusal>,
    /// The fields that would be refused.
    pub fields: Vec<FieldError>,
}

/// The most days in a [`Topic::Deliveries`] line: where there are as many, there may be more.
pub const PREVIEW_DATES: usize = 4;

/// The customer's next delivery, before the change and after it. Neither skipped deliveries nor
/// those whose payment failed count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct NextDelivery {
    /// Its day now; `None` where nothing is scheduled.
    pub before: Option<Date>,
    /// Its day after the change; `None` where nothing is scheduled any more.
    pub after: Option<Date>,
    /// What is charged for it after the change; `None` where that is not known, or nothing is.
    pub total: Option<Money>,
    /// Whether upstream may still come to another total.
    pub estimated: bool,
}

/// One value before and after.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Read)]
pub struct PreviewLine {
    /// What it is about.
    pub topic: Topic,
    /// Which of several things, such as a product's title; empty where there is one.
    pub subject: String,
    /// Which delivery, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Date>,
    /// How it is; `None` where there is nothing yet.
    pub before: Option<Value>,
    /// How it will be; `None` where nothing takes its place.
    pub after: Option<Value>,
    /// Whether upstream may still come to another value.
    pub estimated: bool,
}

open_enum! {
    /// What a line of a preview is about.
    pub enum Topic {
        /// The product and variant.
        Product = "product",
        /// How many.
        Quantity = "quantity",
        /// The price of one.
        Price = "price",
        /// What the shop asks for one today, where the subscription has another price.
        ShopPrice = "shop_price",
        /// How often it comes.
        Interval = "interval",
        /// The next charge and delivery of a subscription.
        NextDate = "next_date",
        /// The next days on which something comes to an address.
        Deliveries = "deliveries",
        /// What is in the first delivery that changes.
        Items = "items",
        /// Its discount.
        Discount = "discount",
        /// What is given away costs this much before shipping and tax.
        Gift = "gift",
        /// Its shipping.
        Shipping = "shipping",
        /// The credit that is used.
        Credit = "credit",
        /// What it costs in all.
        Total = "total",
        /// Where it goes.
        Address = "address",
        /// What pays for it.
        Payment = "payment",
    }
}

open_enum! {
    /// What the customer should know before they agree.
    pub enum Caution {
        /// What is moved joins another delivery on that day.
        Joins = "joins",
        /// Deliveries that were skipped or moved by hand are forgotten.
        LosesSkips = "loses_skips",
        /// A discount that sits on the delivery is lost.
        LosesDiscount = "loses_discount",
        /// The address's discount does not follow to another address.
        DiscountStays = "discount_stays",
        /// The shop asks another price by now; the subscription keeps its own.
        OtherPrice = "other_price",
        /// The shop does not offer it any more.
        NotSold = "not_sold",
        /// What is given away is charged on its own, with shipping and tax of its address.
        GiftCosts = "gift_costs",
        /// What was given away still goes to its recipient.
        GiftStays = "gift_stays",
        /// It will not come any more.
        Ends = "ends",
    }
}

/// A value that the portal formats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Text as upstream or the customer wrote it.
    Text(String),
    /// Several texts, such as what is in a delivery.
    Texts(Vec<String>),
    /// A day.
    Date(Date),
    /// Several days.
    Dates(Vec<Date>),
    /// An amount.
    Money(Money),
    /// How often.
    Interval(Interval),
    /// How many.
    Count(u32),
}

words!(Topic, Caution);

impl Read for Value {
    fn read(json: Json) -> Option<Value> {
        let (name, value) = json.variant()?;
        Some(match name.as_str() {
            "text" => Value::Text(Read::read(value)?),
            "texts" => Value::Texts(Read::read(value)?),
            "date" => Value::Date(Read::read(value)?),
            "dates" => Value::Dates(Read::read(value)?),
            "money" => Value::Money(Read::read(value)?),
            "interval" => Value::Interval(Read::read(value)?),
            "count" => Value::Count(Read::read(value)?),
            _ => return None,
        })
    }
}
