//! What a customer may read.

use recharge::{OrderId, SubscriptionId};

use crate::outcome::Resource;
use crate::route::{BadRequest, captures};

/// Declares the queries: each with the route that answers it, of which an `{id}` is its only field.
macro_rules! queries {
    ($(
        $(#[doc = $about:literal])+
        $variant:ident $(($id:ty))? $({ $($(#[doc = $field_about:literal])+ $field:ident: $type:ty,)+ })?
            = $route:literal,
    )+) => {
        /// One read. The type of view that answers it stands beside each variant.
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Query {
            $(
                $(#[doc = $about])+
                $variant $(($id))? $({ $($(#[doc = $field_about])+ $field: $type,)+ })?,
            )+
        }

        impl Query {
            /// The routes of all queries below [`API_BASE`](crate::API_BASE).
            pub const ROUTES: &'static [&'static str] = &[$($route),+];

            /// Its route, with an `{id}` where it is about one thing.
            pub fn route(&self) -> &'static str {
                match self { $(Query::$variant { .. } => $route,)+ }
            }
        }
    };
}

queries! {
    /// [`Session`](crate::view::Session).
    Session = "/session",
    /// [`Overview`](crate::view::Overview).
    Overview = "/overview",
    /// [`Subscriptions`](crate::view::Subscriptions).
    Subscriptions = "/subscriptions",
    /// [`SubscriptionDetail`](crate::view::SubscriptionDetail).
    Subscription(SubscriptionId) = "/subscriptions/{id}",
    /// [`DeliverySchedule`](crate::view::DeliverySchedule).
    Deliveries = "/deliveries",
    /// [`Orders`](crate::view::Orders); a page, continued by the cursor of the page before.
    Orders {
        /// The `next` of the page before; `None` for the first page.
        cursor: Option<String>,
    } = "/orders",
    /// [`OrderDetail`](crate::view::OrderDetail).
    Order(OrderId) = "/orders/{id}",
    /// [`Addresses`](crate::view::Addresses).
    Addresses = "/addresses",
    /// [`PaymentMethods`](crate::view::PaymentMethods).
    PaymentMethods = "/payment_methods",
    /// [`Customer`](crate::view::Customer).
    Customer = "/customer",
    /// [`ChangeHistory`](crate::view::ChangeHistory); a page of what the customer has changed.
    Changes {
        /// The `next` of the page before; `None` for the first page.
        before: Option<i64>,
        /// About this subscription only.
        subscription: Option<SubscriptionId>,
    } = "/changes",
    /// [`Export`](crate::view::Export).
    Export = "/export",
    /// [`Catalogue`](crate::view::Catalogue).
    Catalogue = "/catalogue",
}

impl Query {
    /// The kind of data that it reads, as [`Outcome::stale`](crate::Outcome::stale) names it; `None`
    /// where no change alters it, or every one does.
    pub fn resource(&self) -> Option<Resource> {
        Some(match self {
            Query::Overview => Resource::Overview,
            Query::Subscriptions | Query::Subscription(_) => Resource::Subscriptions,
            Query::Deliveries => Resource::Deliveries,
            Query::Orders { .. } | Query::Order(_) => Resource::Orders,
            Query::Addresses => Resource::Addresses,
            Query::PaymentMethods => Resource::PaymentMethods,
            Query::Customer => Resource::Customer,
            Query::Session | Query::Catalogue | Query::Changes { .. } | Query::Export => {
                return None;
            }
        })
    }

    /// Its path below [`API_BASE`](crate::API_BASE), with its query string.
    pub fn path(&self) -> String {
        let route = self.route();
        match self {
            Query::Subscription(id) => about(route, &id.to_string()),
            Query::Order(id) => about(route, &id.to_string()),
            Query::Orders {
                cursor: Some(cursor),
            } => format!("{route}?cursor={cursor}"),
            Query::Changes {
                before,
                subscription,
            } => {
                let before = before.map(|before| format!("before={before}"));
                let subscription = subscription.map(|id| format!("subscription={id}"));
                let given: Vec<String> = before.into_iter().chain(subscription).collect();
                if given.is_empty() {
                    route.to_owned()
                } else {
                    format!("{route}?{}", given.join("&"))
                }
            }
            _ => route.to_owned(),
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

/// The path of `route`, which ends in an `{id}`. The bundle has no search for a text in a text.
fn about(route: &str, id: &str) -> String {
    let (parent, _) = route.split_once('{').unwrap_or((route, ""));
    [parent, id].concat()
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
