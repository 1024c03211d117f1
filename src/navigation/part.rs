//! Single parts of the portal, which a page shows without the frame and the navigation.

use protocol::SubscriptionId;

/// One part.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// The next delivery, with what can be done about it.
    NextDelivery,
    /// The payment methods.
    PaymentMethods,
    /// The active subscriptions, or one of them, each with the way to cancel it.
    Cancel(Option<SubscriptionId>),
}

impl Part {
    /// The part that is called `name`, about `subject` where it can be about one thing.
    pub(crate) fn parse(name: &str, subject: Option<&str>) -> Option<Part> {
        match name {
            "next-delivery" => Some(Part::NextDelivery),
            "payment-methods" => Some(Part::PaymentMethods),
            "cancel" => Some(Part::Cancel(subject.and_then(|id| id.parse().ok()))),
            _ => None,
        }
    }
}
