use recharge::{AddressId, PaymentMethodId, SubscriptionId};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::shared::DeliveryKey;
use crate::intents::Operation;
use crate::json::{Json, Later, Read};

/// The pages that a link can lead to, as paths below that of the portal.
pub const PAGES: [&str; 10] = [
    "/",
    "/subscriptions",
    "/subscriptions/{id}",
    "/deliveries",
    "/history",
    "/history/{id}",
    "/addresses",
    "/payment-methods",
    "/payment-methods/new",
    "/customer",
];

/// The one thing that a session is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flow {
    /// Tells the flow of one session from that of another, and opens nothing; empty in the
    /// merchant's request.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// What is to be done.
    #[serde(rename = "type")]
    pub operation: Operation,
    /// What it is about, as [`Operation::flow_subject`] reads it; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub subject: String,
    /// What comes after it.
    pub after_completion: AfterCompletion,
}

/// The flow of a session. Only its id is read with the session.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionFlow {
    /// As [`Flow::id`].
    pub id: String,
    /// All of it.
    pub whole: Later<Flow>,
}

impl From<Flow> for SessionFlow {
    fn from(flow: Flow) -> SessionFlow {
        SessionFlow {
            whole: Later::new(&flow),
            id: flow.id,
        }
    }
}

impl Serialize for SessionFlow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.whole.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for SessionFlow {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<SessionFlow, D::Error> {
        Flow::deserialize(deserializer).map(SessionFlow::from)
    }
}

impl Read for SessionFlow {
    fn read(json: Json) -> Option<SessionFlow> {
        Some(SessionFlow {
            id: json
                .clone()
                .take::<Option<String>>("id")?
                .unwrap_or_default(),
            whole: Later::read(json)?,
        })
    }
}

/// What comes after a flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum AfterCompletion {
    /// The portal, with all that it has.
    Portal,
    /// A page that says that it is done.
    Confirmation {
        /// What the page says, in the merchant's words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<String>,
    },
    /// A page of the shop.
    Redirect {
        /// Its address, which the server has checked.
        return_url: String,
    },
}

impl Read for Flow {
    fn read(mut json: Json) -> Option<Flow> {
        Some(Flow {
            id: json.take::<Option<String>>("id")?.unwrap_or_default(),
            operation: json.take("type")?,
            subject: json.take::<Option<String>>("subject")?.unwrap_or_default(),
            after_completion: json.take("after_completion")?,
        })
    }
}

impl Read for AfterCompletion {
    fn read(mut json: Json) -> Option<AfterCompletion> {
        match json.take::<String>("type")?.as_str() {
            "portal" => Some(AfterCompletion::Portal),
            "confirmation" => Some(AfterCompletion::Confirmation {
                message: json.take("message")?,
            }),
            "redirect" => Some(AfterCompletion::Redirect {
                return_url: json.take("return_url")?,
            }),
            _ => None,
        }
    }
}

/// What a flow can be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubjectKind {
    /// Nothing in particular, or what comes next: no subject.
    Nothing,
    /// A subscription, by its id.
    Subscription,
    /// A delivery, by the id of its address and its date: `123/2026-12-01`.
    Delivery,
    /// An address, by its id.
    Address,
    /// A payment method, by its id.
    PaymentMethod,
}

/// What a flow is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// Nothing in particular, or what comes next.
    Nothing,
    /// A subscription.
    Subscription(SubscriptionId),
    /// A delivery.
    Delivery(DeliveryKey),
    /// An address.
    Address(AddressId),
    /// A payment method.
    PaymentMethod(PaymentMethodId),
}

impl Operation {
    /// The operation called `name`, such as `skip_delivery`.
    pub fn named(name: &str) -> Option<Operation> {
        Operation::read(Json::Text(name.to_owned()))
    }

    /// What a flow of this operation can be about; nothing at all where there is no such flow.
    pub fn flow_subjects(self) -> &'static [SubjectKind] {
        use SubjectKind::{Address, Delivery, Nothing, PaymentMethod, Subscription};
        match self {
            Operation::CancelSubscription
            | Operation::ReactivateSubscription
            | Operation::PauseSubscription
            | Operation::ResumeSubscription
            | Operation::SwapProduct
            | Operation::ChangeDate
            | Operation::ChangeFrequency
            | Operation::ChangeQuantity
            | Operation::UpdateBundle
            | Operation::UpdateOrderNote
            | Operation::UpdateProperties => &[Subscription],
            Operation::SkipDelivery => &[Nothing, Subscription, Delivery],
            Operation::RescheduleDelivery => &[Nothing, Delivery],
            Operation::UnskipDelivery | Operation::ProcessDelivery | Operation::GiftDelivery => {
                &[Delivery]
            }
            Operation::UpdateAddress => &[Address],
            Operation::UpdateBillingAddress => &[PaymentMethod],
            Operation::AddPaymentMethod
            | Operation::AddSubscription
            | Operation::AddAddress
            | Operation::UpdateCustomer
            | Operation::RequestEmailChange => &[Nothing],
            _ => &[],
        }
    }

    /// What `text` names as the subject of a flow of this operation; `None` where it names nothing
    /// that it can be about.
    pub fn flow_subject(self, text: &str) -> Option<Subject> {
        let mut kinds = self.flow_subjects().iter();
        kinds.find_map(|kind| kind.read(text))
    }
}

impl SubjectKind {
    fn read(self, text: &str) -> Option<Subject> {
        match self {
            SubjectKind::Nothing => text.is_empty().then_some(Subject::Nothing),
            SubjectKind::Subscription => text.parse().ok().map(Subject::Subscription),
            SubjectKind::Delivery => {
                let (address_id, date) = text.split_once('/')?;
                Some(Subject::Delivery(DeliveryKey {
                    address_id: address_id.parse().ok()?,
                    date: date.parse().ok()?,
                }))
            }
            SubjectKind::Address => text.parse().ok().map(Subject::Address),
            SubjectKind::PaymentMethod => text.parse().ok().map(Subject::PaymentMethod),
        }
    }
}
