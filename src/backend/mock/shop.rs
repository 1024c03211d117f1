//! The merchant of the preview.

use std::collections::BTreeSet;

use gateway::{CancellationPolicy, ClosedDays, Policy, ProductLists, ShippingRate, StepUp};
use protocol::view::{
    CancelReason, EditableDetails, Layout, LegalPages, Merchant, ShippingMethod, SubscriptionRules,
};
use protocol::{Country, Currency, Money, Operation, Province, Tokeniser, TokeniserKind};

/// Everything is allowed, and it ships to the countries of the scenarios. The way back to the shop
/// leads to the portal at `base`.
pub(super) fn policy(base: &str) -> Policy {
    let reasons = [
        "I have more than I need",
        "It costs too much",
        "I want to try something else",
        "I am moving",
        "Another reason",
    ];
    Policy {
        merchant: Merchant {
            name: "Alder & Finch".into(),
            return_url: format!("{base}/"),
            support_url: Some("mailto:hello@alder-and-finch.example".into()),
            login_url: None,
            legal: vec![
                "Alder & Finch LLC".into(),
                "85 Wharf Street, Portland, Maine 04101".into(),
            ],
            first_action: None,
            headline: None,
            pages: LegalPages::default(),
            theme: None,
            logo: None,
            test: false,
            demo: true,
        },
        allowed: Operation::ALL.iter().copied().collect(),
        support: BTreeSet::new(),
        cancellation: CancellationPolicy {
            reasons: reasons
                .map(|text| CancelReason {
                    id: text.into(),
                    text: text.into(),
                })
                .to_vec(),
            required: true,
            offers: vec![Operation::PauseSubscription, Operation::SkipDelivery],
            ..CancellationPolicy::default()
        },
        editable: EditableDetails::default(),
        invoices: true,
        tax_ids: true,
        layout: Layout::default(),
        countries: countries(),
        shipping_methods: [("pickup", "Pickup point", 290), ("express", "Express", 990)]
            .map(|(code, title, cents)| ShippingMethod {
                code: code.into(),
                title: title.into(),
                price: Money::from_minor(cents, Currency::USD),
            })
            .to_vec(),
        shipping_rates: [("US", 490, 4_500), ("GB", 650, 6_000)]
            .map(|(code, price, free_from)| ShippingRate {
                country_code: code.into(),
                price: Money::from_minor(price, Currency::USD),
                free_from: Some(Money::from_minor(free_from, Currency::USD)),
            })
            .to_vec(),
        tokeniser: Some(Tokeniser {
            kind: TokeniserKind::Sandbox,
            key: String::new(),
            origin: String::new(),
        }),
        zero_inventory_purchase: false,
        currency: Currency::USD,
        horizon_days: 92,
        cut_off_days: 1,
        cut_off_minute: 18 * 60,
        closed: ClosedDays::default(),
        subscriptions: SubscriptionRules {
            properties: vec!["Roast".into()],
            ..SubscriptionRules::default()
        },
        products: ProductLists::default(),
        announcements: Vec::new(),
        step_up: StepUp {
            pay_above: Some(Money::from_minor(10_000, Currency::USD)),
            export: true,
        },
        locks: Vec::new(),
        idle_minutes: 30,
        cache_ms: 10_000,
        reported_cache_ms: 0,
        write_window_ms: 30_000,
    }
}

fn countries() -> Vec<Country> {
    let states = [
        ("California", "CA"),
        ("Illinois", "IL"),
        ("Maine", "ME"),
        ("Massachusetts", "MA"),
        ("New York", "NY"),
        ("Oregon", "OR"),
        ("Vermont", "VT"),
        ("Washington", "WA"),
    ];
    let provinces = [
        ("British Columbia", "BC"),
        ("Ontario", "ON"),
        ("Quebec", "QC"),
    ];
    vec![
        country("US", &states),
        country("CA", &provinces),
        country("GB", &[]),
        country("IE", &[]),
        country("DE", &[]),
        country("AT", &[]),
        country("CH", &[]),
        country("FR", &[]),
        country("NL", &[]),
        country("SE", &[]),
        country("AU", &[]),
        country("JP", &[]),
    ]
}

fn country(code: &str, provinces: &[(&str, &str)]) -> Country {
    let province = |(name, code): &(&str, &str)| Province {
        name: (*name).to_owned(),
        code: (*code).to_owned(),
    };
    Country {
        code: code.to_owned(),
        provinces: provinces.iter().map(province).collect(),
    }
}
