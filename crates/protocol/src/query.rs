//! What a customer may read.

use recharge::{OrderId, SubscriptionId};

use crate::route::{BadRequest, captures};

/// One read. The type of view that answers it stands beside each variant.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Query {
    /// [`Session`](crate::view::Session).
    Session,
    /// [`Overview`](crate::view::Overview).
    Overview,
    /// [`Subscriptions`](crate::view::Subscriptions).
    Subscriptions,
    /// [`SubscriptionDetail`](crate::view::SubscriptionDetail).
    Subscription(SubscriptionId),
    /// [`DeliverySchedule`](crate::view::DeliverySchedule).
    Deliveries,
    /// [`Orders`](crate::view::Orders); a page, continued by the cursor of the page before.
    Orders {
        /// The `next` of the page before; `None` for the first page.
        cursor: Option<String>,
    },
    /// [`OrderDetail`](crate::view::OrderDetail).
    Order(OrderId),
    /// [`Addresses`](crate::view::Addresses).
    Addresses,
    /// [`PaymentMethods`](crate::view::PaymentMethods).
    PaymentMethods,
    /// [`Customer`](crate::view::Customer).
    Customer,
    /// [`ChangeHistory`](crate::view::ChangeHistory); a page of what the customer has changed.
    Changes {
        /// The `next` of the page before; `None` for the first page.
        before: Option<i64>,
        /// About this subscription only.
        subscription: Option<SubscriptionId>,
    },
    /// [`Export`](crate::view::Export).
    Export,
    /// [`Catalogue`](crate::view::Catalogue).
    Catalogue,
}

impl Query {
    /// Its path below [`API_BASE`](crate::API_BASE), with its query string.
    pub fn path(&self) -> String {
        match self {
            Query::Session => "/session".into(),
            Query::Overview => "/overview".into(),
            Query::Subscriptions => "/subscriptions".into(),
            Query::Subscription(id) => format!("/subscriptions/{id}"),
            Query::Deliveries => "/deliveries".into(),
            Query::Orders { cursor: None } => "/orders".into(),
            Query::Orders {
                cursor: Some(cursor),
            } => format!("/orders?cursor={cursor}"),
            Query::Order(id) => format!("/orders/{id}"),
            Query::Addresses => "/addresses".into(),
            Query::PaymentMethods => "/payment_methods".into(),
            Query::Customer => "/customer".into(),
            Query::Changes {
                before,
                subscription,
            } => {
                let before = before.map(|before| format!("before={before}"));
                let subscription = subscription.map(|id| format!("subscription={id}"));
                let given: Vec<String> = before.into_iter().chain(subscription).collect();
                match given.is_empty() {
                    true => "/changes".into(),
                    false => format!("/changes?{}", given.join("&")),
                }
            }
            Query::Export => "/export".into(),
            Query::Catalogue => "/catalogue".into(),
        }
    }

    /// Reads a GET; `path` is below [`API_BASE`](crate::API_BASE), `parameters` are unescaped.
    ///
    /// # Errors
    /// [`BadRequest::NoRoute`] where there is no such route; [`BadRequest::Body`] for a
    /// parameter that the route does not take, or one given twice.
    pub fn read(path: &str, parameters: &[(String, String)]) -> Result<Query, BadRequest> {
        let id = |template| captures::<1>(template, path).map(|[id]| id);
        let query = match path {
            "/session" => Query::Session,
            "/overview" => Query::Overview,
            "/subscriptions" => Query::Subscriptions,
            "/deliveries" => Query::Deliveries,
            "/orders" => {
                return Ok(Query::Orders {
                    cursor: cursor(parameters)?,
                });
            }
            "/addresses" => Query::Addresses,
            "/payment_methods" => Query::PaymentMethods,
            "/customer" => Query::Customer,
            "/changes" => return changes(parameters),
            "/export" => Query::Export,
            "/catalogue" => Query::Catalogue,
            _ => {
                if let Some(id) = id("/subscriptions/{id}") {
                    Query::Subscription(id.parse().map_err(|_| BadRequest::NoRoute)?)
                } else if let Some(id) = id("/orders/{id}") {
                    Query::Order(id.parse().map_err(|_| BadRequest::NoRoute)?)
                } else {
                    return Err(BadRequest::NoRoute);
                }
            }
        };
        match parameters.first() {
            None => Ok(query),
            Some((name, _)) => Err(BadRequest::Body(format!("unknown parameter `{name}`"))),
        }
    }
}

/// A page of changes: each parameter once at most, and a number.
fn changes(parameters: &[(String, String)]) -> Result<Query, BadRequest> {
    let (mut before, mut subscription) = (None, None);
    for (name, value) in parameters {
        let bad = || BadRequest::Body(format!("unknown or repeated parameter `{name}`"));
        let number = value.parse::<u64>().map_err(|_| bad())?;
        match name.as_str() {
            "before" if before.is_none() => {
                before = Some(i64::try_from(number).map_err(|_| bad())?);
            }
            "subscription" if subscription.is_none() => subscription = Some(SubscriptionId(number)),
            _ => return Err(bad()),
        }
    }
    Ok(Query::Changes {
        before,
        subscription,
    })
}

/// Upstream's cursors are base64: anything else is refused before it travels further.
fn cursor(parameters: &[(String, String)]) -> Result<Option<String>, BadRequest> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=.".contains(c);
    match parameters {
        [] => Ok(None),
        [(name, value)] if name == "cursor" && value.chars().all(plain) && value.len() <= 1024 => {
            Ok(Some(value.clone()))
        }
        [(name, _)] if name == "cursor" => Err(BadRequest::Body("`cursor` is not a cursor".into())),
        [(name, _), ..] => Err(BadRequest::Body(format!(
            "unknown or repeated parameter `{name}`"
        ))),
    }
}
