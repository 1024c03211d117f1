//! What charges and orders are made of: lines, pictures, properties, taxes, shipping.

use crate::amount::Amount;
use crate::id::{ExternalId, PurchaseItemId};
use crate::lenient::{lenient_words, upstream};
use crate::open_enum;

upstream! {
    /// One line of a charge or an order.
    pub struct LineItem {
        /// The subscription or one-time product that it comes from; 0 where upstream does not say.
        purchase_item_id: PurchaseItemId = "purchase_item_id" | "subscription_id",
        /// Which of the two it is.
        purchase_item_type: PurchaseItemType,
        /// The product in the shop; `None` once it is deleted there.
        external_product_id: Option<ExternalId>,
        /// The variant in the shop; `None` once it is deleted there.
        external_variant_id: Option<ExternalId>,
        /// The product's title.
        title: String = "title" | "product_title",
        /// The variant's title.
        variant_title: String,
        /// Stock-keeping unit.
        sku: String,
        /// Pictures of the product.
        images: Images,
        /// What the customer or the shop noted on it.
        properties: Vec<Property>,
        /// How many.
        quantity: u32,
        /// Price of one before discounts.
        original_price: Option<Amount>,
        /// Price of one.
        unit_price: Option<Amount> = "unit_price" | "price",
        /// Price of the line.
        total_price: Option<Amount>,
        /// Tax of the line.
        tax_due: Amount,
        /// Whether the unit price holds the tax already.
        unit_price_includes_tax: bool,
    }
}

open_enum! {
    /// What a line comes from.
    pub enum PurchaseItemType {
        /// A subscription.
        Subscription = "subscription",
        /// A one-time product.
        Onetime = "onetime",
        /// A subscription that is paid ahead.
        Prepaid = "prepaid",
    }
}
lenient_words!(PurchaseItemType);

upstream! {
    /// URLs of one picture in several sizes, as upstream sends them: not checked.
    pub struct Images {
        /// Small.
        small: Option<String>,
        /// Medium.
        medium: Option<String>,
        /// Large.
        large: Option<String>,
        /// As uploaded.
        original: Option<String>,
    }
}

impl Images {
    /// The picture that suits a list: medium, else the nearest size there is.
    pub fn thumbnail(&self) -> Option<&str> {
        [&self.medium, &self.small, &self.large, &self.original]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .find(|url| !url.is_empty())
    }
}

upstream! {
    /// A named value on a line.
    pub struct Property {
        /// The name.
        name: String,
        /// The value as text; empty where it was a list or an object.
        value: String,
    }
}

upstream! {
    /// One tax.
    pub struct TaxLine {
        /// Its name.
        title: String,
        /// What it comes to.
        price: Amount,
        /// Its rate, 0.2 for 20 %.
        rate: Amount,
    }
}

upstream! {
    /// One way of shipping and its price.
    pub struct ShippingLine {
        /// The carrier's or the shop's code.
        code: String,
        /// Its name.
        title: String,
        /// Its price.
        price: Amount,
    }
}
