//! What the forms that add something choose from: products, addresses and deliveries.

use std::sync::Arc;

use protocol::Query;
use protocol::view::{
    Address, Addresses, Catalogue, CatalogueProduct, CatalogueVariant, Delivery, DeliverySchedule,
    DeliveryState, Lock, QuantityLimits, Stock,
};

use crate::data::{Action, Data, InView};
use crate::i18n::{format, t};
use crate::overview::page::Page;
use crate::overview::words;
use crate::ui::Pick;

/// What the forms choose from.
pub(crate) struct Choices {
    /// What the shop offers.
    pub(crate) catalogue: Catalogue,
    /// The customer's addresses.
    pub(crate) addresses: Vec<Address>,
    /// Those that something can still be put on, by date.
    pub(crate) deliveries: Vec<Delivery>,
}

impl Choices {
    /// Reads what is not held yet; `None` where it does not come.
    async fn read(data: Data) -> Option<Choices> {
        let catalogue = data.once(Query::Catalogue).await?;
        let addresses = data.once(Query::Addresses).await?;
        let schedule = data.once(Query::Deliveries).await?;
        let schedule = DeliverySchedule::of(&schedule)?;
        let open = schedule.deliveries.iter().filter(|d| is_open(d));
        Some(Choices {
            catalogue: Catalogue::of(&catalogue)?.clone(),
            addresses: Addresses::of(&addresses)?.addresses.clone(),
            deliveries: open.cloned().collect(),
        })
    }

    /// The variants that `fits` lets through, to be picked.
    pub(crate) fn picks(&self, fits: impl Fn(&Offer) -> bool) -> Vec<Pick> {
        let products = self.catalogue.products.iter();
        let offers = products.flat_map(|product| {
            let variants = product.variants.iter();
            variants.map(move |variant| Offer { product, variant })
        });
        offers
            .filter(|offer| fits(offer))
            .map(|o| o.pick())
            .collect()
    }
}

/// A product in one of its variants.
pub(crate) struct Offer<'a> {
    /// The product.
    pub(crate) product: &'a CatalogueProduct,
    /// The variant.
    pub(crate) variant: &'a CatalogueVariant,
}

impl Offer<'_> {
    fn pick(&self) -> Pick {
        Pick {
            value: self.variant.external_variant_id.clone(),
            title: words::short(&self.product.title),
            detail: words::short(&self.variant.title),
            price: format::money(self.variant.price),
            note: match self.variant.stock {
                Stock::Waits => t::adding_waits().to_owned(),
                _ => String::new(),
            },
            picture: self.product.image.clone(),
            locked: match self.variant.stock {
                Stock::SoldOut => t::adding_sold_out().to_owned(),
                _ => String::new(),
            },
            keywords: self.product.collections.join(" "),
        }
    }

    /// The product and its variant.
    pub(crate) fn name(&self) -> String {
        words::of_variant(&self.product.title, &self.variant.title)
    }
}

/// Reads what the forms choose from and opens the one that `make` makes of it.
pub(super) fn open_with(page: &Page, make: impl FnOnce(Choices) -> Arc<dyn Action> + 'static) {
    page.open_with(Choices::read(page.data), |page, choices| {
        page.changes.start(move || make(choices));
    });
}

/// Whether something can still be put on a delivery.
pub(crate) fn is_open(delivery: &Delivery) -> bool {
    let closed = [Lock::CutOff, Lock::Processing];
    delivery.state == DeliveryState::Planned
        && !delivery
            .lock
            .as_ref()
            .is_some_and(|lock| closed.contains(lock))
}

/// How many of one product a new subscription may have.
pub(super) fn add_quantity(page: &Page) -> QuantityLimits {
    let session = page.session();
    session
        .and_then(|session| session.add_quantity.get())
        .unwrap_or(ONE)
}

/// How many of one product may be bought once.
pub(super) fn once_quantity(page: &Page) -> QuantityLimits {
    let session = page.session();
    session
        .and_then(|session| session.once_quantity.get())
        .unwrap_or(ONE)
}

/// Until the session is known.
const ONE: QuantityLimits = QuantityLimits { fewest: 1, most: 1 };
