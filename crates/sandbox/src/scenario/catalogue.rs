//! What Alder & Finch sells.

use base::{Currency, Unit};
use serde_json::json;

use crate::charges::in_currency;
use crate::rows::*;

/// The variants by the names under which scenarios order them.
pub(super) const ESPRESSO_250: &str = "43120001";
pub(super) const DECAF_250: &str = "43120004";
pub(super) const KENYA_250: &str = "43120007";
pub(super) const SENCHA_100: &str = "43120009";
pub(super) const EARL_GREY_100: &str = "43120011";
pub(super) const OAT_MILK_6: &str = "43120013";
pub(super) const FILTER_PAPERS: &str = "43120014";
pub(super) const CHAI_200: &str = "43120015";
pub(super) const STROOPWAFELS: &str = "43120017";
pub(super) const TRAVEL_MUG: &str = "43120018";
/// Kenya ground for filter, of which nothing is left.
pub(super) const SOLD_OUT: &str = "43120008";

/// Handle, title, what variants differ in, and the variants: id, title, SKU, price in
/// thousandths of a dollar, grams.
type Entry = (
    &'static str,
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str, &'static str, i64, u32)],
);

const PRODUCTS: &[Entry] = &[
    (
        "house-espresso",
        "House Espresso",
        "Bag",
        &[
            (ESPRESSO_250, "250 g, whole bean", "AF-ESP-250", 14_500, 270),
            (
                "43120002",
                "250 g, ground for moka",
                "AF-ESP-250M",
                14_500,
                270,
            ),
            ("43120003", "1 kg, whole bean", "AF-ESP-1000", 49_000, 1_040),
        ],
    ),
    (
        "decaf-huila",
        "Decaf Huila",
        "Bag",
        &[
            (DECAF_250, "250 g, whole bean", "AF-DEC-250", 15_500, 270),
            (
                "43120005",
                "250 g, ground for filter",
                "AF-DEC-250F",
                15_500,
                270,
            ),
        ],
    ),
    (
        "kenya-filter",
        "Kenya Gatomboya Filter",
        "Bag",
        &[
            (KENYA_250, "250 g, whole bean", "AF-KEN-250", 18_000, 270),
            (
                SOLD_OUT,
                "250 g, ground for filter",
                "AF-KEN-250F",
                18_000,
                270,
            ),
        ],
    ),
    (
        "sencha",
        "Sencha from Uji",
        "Weight",
        &[
            (SENCHA_100, "100 g pouch", "AF-SEN-100", 16_000, 120),
            ("43120010", "250 g tin", "AF-SEN-250", 34_000, 330),
        ],
    ),
    (
        "earl-grey",
        "Earl Grey with Blue Cornflower",
        "Weight",
        &[
            (EARL_GREY_100, "100 g pouch", "AF-EGR-100", 12_500, 120),
            ("43120012", "50 pyramid bags", "AF-EGR-50B", 14_000, 180),
        ],
    ),
    (
        "oat-milk",
        "Barista Oat Milk",
        "Case",
        &[(OAT_MILK_6, "6 × 1 l", "AF-OAT-6", 19_800, 6_300)],
    ),
    (
        "filter-papers",
        "Filter Papers No. 2",
        "Pack",
        &[(
            FILTER_PAPERS,
            "100 sheets, unbleached",
            "AF-FIL-100",
            6_500,
            160,
        )],
    ),
    (
        "chai",
        "Masala Chai",
        "Weight",
        &[
            (CHAI_200, "200 g pouch", "AF-CHA-200", 13_000, 220),
            ("43120016", "500 g pouch", "AF-CHA-500", 28_500, 530),
        ],
    ),
    (
        "stroopwafels",
        "Honey Stroopwafels",
        "Tin",
        &[(STROOPWAFELS, "Tin of 8", "AF-STR-8", 9_500, 310)],
    ),
    (
        "travel-mug",
        "Travel Mug",
        "Colour",
        &[
            (TRAVEL_MUG, "350 ml, moss green", "AF-MUG-G", 28_000, 290),
            ("43120019", "350 ml, oat white", "AF-MUG-W", 28_000, 290),
        ],
    ),
];

/// What belongs together: id, title and the handles.
const COLLECTIONS: &[(Id, &str, &[&str])] = &[
    (
        410_001,
        "Coffee",
        &["house-espresso", "decaf-huila", "kenya-filter"],
    ),
    (410_002, "Tea", &["sencha", "earl-grey", "chai"]),
];

/// The taster box in its two sizes.
pub(super) const BOX_OF_3: &str = "43120021";
pub(super) const BOX_OF_6: &str = "43120022";

const BOXES: Entry = (
    "taster-box",
    "Taster Box",
    "Size",
    &[
        (BOX_OF_3, "Three to try", "AF-BOX-3", 39_000, 600),
        (BOX_OF_6, "Six to try", "AF-BOX-6", 72_000, 1_200),
    ],
);

/// The product id of the boxes.
const BOXES_ID: &str = "7310021";

/// Frequencies that products are offered in: unit, deliveries, charges, title.
const PLANS: &[(&str, Unit, u32, u32, &str)] = &[
    ("subscription", Unit::Week, 2, 2, "Every 2 weeks"),
    ("subscription", Unit::Week, 4, 4, "Every 4 weeks"),
    ("subscription", Unit::Week, 6, 6, "Every 6 weeks"),
    ("subscription", Unit::Week, 8, 8, "Every 8 weeks"),
    ("subscription", Unit::Month, 1, 1, "Every month"),
    ("onetime", Unit::Month, 1, 1, "Just this once"),
];

/// Puts products, plans and discount codes on the shelves.
pub(super) fn stock(tables: &mut Tables, now: i64) {
    for (n, entry) in PRODUCTS.iter().enumerate() {
        let external_product_id = (7_310_001 + n).to_string();
        add_plans(tables, entry.0, &external_product_id, now);
        let product = product(entry, external_product_id, tables.shop.currency);
        tables.products.push(product);
    }
    for (id, title, handles) in COLLECTIONS {
        add_collection(tables, *id, title, "", handles, now);
    }
    add_discounts(tables, now);
    add_reasons(tables, now);
}

/// Puts the products of `handles` into a collection of their own.
fn add_collection(
    tables: &mut Tables,
    id: Id,
    title: &str,
    description: &'static str,
    handles: &[&str],
    now: i64,
) {
    tables.collections.push(Collection {
        id,
        title: title.into(),
        description,
        created_at: now,
    });
    let products = tables.products.iter();
    let products = products.filter(|product| handles.contains(&product.handle));
    let products = (1..).zip(products).map(|(n, product)| CollectionProduct {
        id: id * 100 + n,
        collection_id: id,
        external_product_id: product.external_product_id.clone(),
        created_at: now,
    });
    tables.collection_products.extend(products);
}

/// Why customers leave, and what the shop offers them instead.
fn add_reasons(tables: &mut Tables, now: i64) {
    let reasons = [
        ("I have too much of it", Some("delay_subscription"), None),
        ("It is too expensive", Some("discount"), Some("WELCOME10")),
        ("I want something else", Some("swap_product"), None),
        ("I am away for a while", Some("skip_charge"), None),
        ("It is not what I expected", None, None),
        ("Another reason", None, None),
    ];
    for (reason, incentive, code) in reasons {
        let strategy = json!({
            "cancellation_flow_type": "subscription",
            "discount_code": code,
            "incentive_type": incentive,
            "prevention_text": incentive.map_or("", |_| "Before you go, would this help?"),
            "reason": reason,
        });
        tables.keep(kind::RETENTION_STRATEGIES, None, strategy, now);
    }
}

/// Sells boxes beside, to be filled with what else there is to drink.
pub(super) fn add_boxes(tables: &mut Tables, now: i64) {
    let drinks = [
        "house-espresso",
        "decaf-huila",
        "kenya-filter",
        "sencha",
        "earl-grey",
        "chai",
    ];
    add_plans(tables, BOXES.0, BOXES_ID, now);
    let product = product(&BOXES, BOXES_ID.into(), tables.shop.currency);
    tables.products.push(product);
    let mut size = |variant: &str, quantity_min, quantity_max| BundleSize {
        id: tables.new_id(),
        external_variant_id: variant.into(),
        quantity_min,
        quantity_max,
    };
    let sizes = vec![size(BOX_OF_3, 3, 3), size(BOX_OF_6, 4, 6)];
    let (id, collection_id) = (tables.new_id(), tables.new_id());
    let description = "What the taster box can be filled with";
    add_collection(
        tables,
        collection_id,
        "Taster box",
        description,
        &drinks,
        now,
    );
    let bundle = Bundle {
        id,
        external_product_id: BOXES_ID.into(),
        collection_id,
        sizes,
        created_at: now,
    };
    tables.bundles.push(bundle);
}

fn product(entry: &Entry, external_product_id: String, currency: Currency) -> Product {
    let (handle, title, option, variants) = entry;
    let variant = |(id, title, sku, price, grams): &(&str, &str, &str, i64, u32)| Variant {
        external_variant_id: (*id).into(),
        title: (*title).into(),
        sku: (*sku).into(),
        price: in_currency(*price, currency),
        grams: *grams,
        stock: (*id == SOLD_OUT).then_some(0),
    };
    Product {
        external_product_id,
        handle,
        title: (*title).into(),
        vendor: "Alder & Finch",
        option,
        variants: variants.iter().map(variant).collect(),
    }
}

fn add_plans(tables: &mut Tables, handle: &str, external_product_id: &str, now: i64) {
    let own: &[(&str, Unit, u32, u32, &str)] = match handle {
        "earl-grey" => &[("prepaid", Unit::Month, 1, 3, "Monthly, paid every 3 months")],
        "sencha" => &[("prepaid", Unit::Month, 1, 6, "Monthly, paid every 6 months")],
        "house-espresso" => &[(
            "prepaid",
            Unit::Week,
            4,
            12,
            "Every 4 weeks, 3 paid at once",
        )],
        _ => &[],
    };
    // A mug is bought once; everything else runs out.
    let plans = PLANS
        .iter()
        .copied()
        .filter(|plan| handle != "travel-mug" || plan.0 == "onetime");
    for (sort_order, (kind, unit, order_every, charge_every, title)) in
        plans.chain(own.iter().copied()).enumerate()
    {
        let plan = Plan {
            id: tables.new_id(),
            title: title.into(),
            kind,
            external_product_id: external_product_id.into(),
            unit,
            order_every,
            charge_every,
            max_queued_charges: 1,
            sort_order: sort_order as u32,
            created_at: now,
        };
        tables.plans.insert(plan.id, plan);
    }
}

fn add_discounts(tables: &mut Tables, now: i64) {
    let amount = |thousandths| in_currency(thousandths, tables.shop.currency);
    let (five, ten, sixty) = (amount(5_000), amount(10_000), amount(60_000));
    let mut add = |code: &str, value, limit: fn(Discount) -> Discount| {
        let id = tables.new_id();
        let discount = limit(Discount::new(id, code, value, now));
        tables.discounts.insert(id, discount);
    };
    let percent = DiscountValue::Percentage;
    add("FINCH10", percent(10), |d| d);
    add("WELCOME5", DiscountValue::Fixed(five), |d| d);
    add("FREESHIP", DiscountValue::Shipping(ten), |d| d);
    add("STAFF40", percent(40), |d| Discount {
        portal_can_apply: false,
        ..d
    });
    add("STAFFONLY", percent(50), |d| Discount {
        portal_can_apply: false,
        ..d
    });
    add("WELCOME10", percent(10), |d| d);
    add("EXPIRED", percent(15), |d| Discount {
        ends_at: Some(d.created_at),
        ..d
    });
    add("USED", percent(15), |d| {
        limited(d, |limits| limits.redemptions = Some(0))
    });
    add("DISABLED", percent(15), |d| Discount {
        status: "disabled",
        ..d
    });
    add("ONCE20", percent(20), |d| {
        limited(d, |limits| limits.one_application_per_customer = true)
    });
    add("FIRST25", percent(25), |d| {
        limited(d, |limits| limits.first_time_customer_restriction = true)
    });
    add("THREE15", percent(15), |d| {
        limited(d, |limits| limits.max_subsequent_redemptions = Some(2))
    });
    add("EXTRAS30", percent(30), |d| Discount {
        applies_to: AppliesTo::Onetime,
        ..d
    });
    add("SUBS15", percent(15), |d| Discount {
        applies_to: AppliesTo::Subscription,
        ..d
    });
    add("BIG20", percent(20), |d| d);
    if let Some(big) = tables.discounts.values_mut().find(|d| d.code == "BIG20") {
        big.prerequisite_subtotal_min = Some(sixty);
    }
}

fn limited(mut discount: Discount, limit: fn(&mut UsageLimits)) -> Discount {
    limit(&mut discount.usage_limits);
    discount
}

/// The id of a discount code.
pub(super) fn discount(tables: &Tables, code: &str) -> Option<Id> {
    tables
        .discounts
        .values()
        .find(|d| d.code == code)
        .map(|d| d.id)
}
