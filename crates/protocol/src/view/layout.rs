//! What comes first in the portal.

use recharge::open_enum;
use serde::{Deserialize, Serialize};

use crate::intents::Operation;
use crate::json::{Read, words};

open_enum! {
    /// A section of the portal.
    pub enum Section {
        /// What comes next.
        Overview = "overview",
        /// All subscriptions.
        Subscriptions = "subscriptions",
        /// The deliveries to come.
        Deliveries = "deliveries",
        /// The orders so far.
        History = "history",
        /// The addresses.
        Addresses = "addresses",
        /// The payment methods.
        PaymentMethods = "payment_methods",
        /// The customer's own details.
        Customer = "customer",
    }
}

words!(Section);

/// The order of the sections, and of what can be done with a subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct Layout {
    /// The sections that there are, in the order of the navigation.
    pub sections: Vec<Section>,
    /// Those that are in the bar of a phone. The others are in its menu.
    pub bar: Vec<Section>,
    /// What can be done with a subscription, the most prominent first. What is not named comes
    /// after it, in the usual order.
    pub actions: Vec<Operation>,
}

impl Default for Layout {
    /// All sections, of which a phone's bar has four.
    fn default() -> Layout {
        Layout {
            sections: vec![
                Section::Overview,
                Section::Subscriptions,
                Section::Deliveries,
                Section::History,
                Section::Addresses,
                Section::PaymentMethods,
                Section::Customer,
            ],
            bar: vec![
                Section::Overview,
                Section::Subscriptions,
                Section::Deliveries,
                Section::PaymentMethods,
            ],
            actions: Vec::new(),
        }
    }
}
