//! Which upstream reads a view can do without.

use protocol::Query;

/// The customer with what is asked for inside.
pub(crate) const CUSTOMER: &str = "/customers/{id}";
/// The customer's credit.
pub(crate) const CREDIT: &str = "/customers/{id}/credit_summary";
/// The deliveries to come.
pub(crate) const SCHEDULE: &str = "/customers/{id}/delivery_schedule";
/// Charges that failed or wait.
pub(crate) const CHARGES: &str = "/charges";
/// Past orders.
pub(crate) const ORDERS: &str = "/orders";
/// The shop's products, for pictures and for what is on offer.
pub(crate) const PRODUCTS: &str = "/products";
/// The shop's products with their stock, and those of a collection.
pub(crate) const PRODUCT_SEARCH: &str = "/product_search";
/// The products of a collection, by their ids only.
pub(crate) const COLLECTION: &str = "/collection_products";
/// The titles of the collections.
pub(crate) const COLLECTIONS: &str = "/collections";
/// The shop's plans.
pub(crate) const PLANS: &str = "/plans";

/// The paths of the upstream reads that a view can do without, with `{id}` for ids: where such a
/// read fails, the view comes without its part. Every other read that a view makes is required,
/// and its failure is the view's.
pub fn optional_reads(query: &Query) -> &'static [&'static str] {
    match query {
        Query::Overview | Query::Deliveries | Query::Customer => &[CREDIT],
        Query::Subscriptions => &[SCHEDULE, PRODUCTS],
        Query::Subscription(_) => &[
            ORDERS,
            PLANS,
            PRODUCTS,
            PRODUCT_SEARCH,
            COLLECTION,
            COLLECTIONS,
        ],
        Query::Orders { .. } => &[CHARGES],
        Query::PaymentMethods => &[SCHEDULE, CHARGES],
        Query::Changes { .. } => &[CUSTOMER],
        // What the deliveries need, the export needs, although other parts of it could do without.
        Query::Export => &[CREDIT, PRODUCTS],
        Query::Catalogue => &[PRODUCT_SEARCH, COLLECTION, COLLECTIONS],
        Query::Session | Query::Order(_) | Query::Addresses => &[],
    }
}
