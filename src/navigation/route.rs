//! Every place of the portal, and its address.

use protocol::{OrderId, SubscriptionId};

use super::filter::HistoryFilter;

/// A place in the portal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Route {
    /// What comes next, and a little of everything.
    Overview,
    /// All subscriptions and one-time products.
    Subscriptions,
    /// One subscription.
    Subscription(SubscriptionId),
    /// The deliveries to come.
    Deliveries,
    /// The orders so far, or some of them.
    History(HistoryFilter),
    /// One order, as a receipt.
    Order(OrderId),
    /// The addresses, and what ships there.
    Addresses,
    /// The payment methods, and what they pay for.
    PaymentMethods,
    /// The payment methods, with the fields for another card open.
    AddCard,
    /// The customer's own details.
    Customer,
    /// An address that names no place.
    NotFound,
}

impl Route {
    /// Reads a path below the portal's base, such as `/subscriptions/27`. What follows a `?` is
    /// read where the place has a filter; what follows a `#` is not part of it, nor is a slash at
    /// the end.
    pub fn parse(path: &str) -> Route {
        let path = path.split('#').next().unwrap_or_default();
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let mut segments = path.split('/').filter(|segment| !segment.is_empty());
        let place = (segments.next(), segments.next(), segments.next());
        match place {
            (None | Some("overview"), None, None) => Route::Overview,
            (Some("subscriptions"), None, None) => Route::Subscriptions,
            (Some("subscriptions"), Some(id), None) => numbered(id, Route::Subscription),
            (Some("deliveries"), None, None) => Route::Deliveries,
            (Some("history"), None, None) => Route::History(HistoryFilter::parse(query)),
            (Some("history"), Some(id), None) => numbered(id, Route::Order),
            (Some("addresses"), None, None) => Route::Addresses,
            (Some("payment-methods"), None, None) => Route::PaymentMethods,
            (Some("payment-methods"), Some("new"), None) => Route::AddCard,
            (Some("customer"), None, None) => Route::Customer,
            _ => Route::NotFound,
        }
    }

    /// The path below the portal's base; [`parse`](Route::parse) is its inverse.
    pub fn href(&self) -> String {
        match self {
            Route::Overview => "/".to_owned(),
            Route::Subscriptions => "/subscriptions".to_owned(),
            Route::Subscription(id) => format!("/subscriptions/{id}"),
            Route::Deliveries => "/deliveries".to_owned(),
            Route::History(filter) => ["/history", &filter.query()].concat(),
            Route::Order(id) => format!("/history/{id}"),
            Route::Addresses => "/addresses".to_owned(),
            Route::PaymentMethods => "/payment-methods".to_owned(),
            Route::AddCard => "/payment-methods/new".to_owned(),
            Route::Customer => "/customer".to_owned(),
            Route::NotFound => "/not-found".to_owned(),
        }
    }

    /// What a page around the portal calls it: the path without its first slash, `overview` for the
    /// first page. [`parse`](Route::parse) reads it too.
    pub fn name(&self) -> String {
        match self {
            Route::Overview => "overview".to_owned(),
            other => other.href().split_off(1),
        }
    }

    /// All the orders so far.
    pub fn history() -> Route {
        Route::History(HistoryFilter::default())
    }

    /// The section that a detail page belongs to; itself for every other place.
    pub fn section(&self) -> Route {
        match self {
            Route::Subscription(_) => Route::Subscriptions,
            Route::Order(_) | Route::History(_) => Route::history(),
            Route::AddCard => Route::PaymentMethods,
            other => other.clone(),
        }
    }
}

/// The page of the thing called `id`, or nothing where that is no id.
fn numbered<Id: std::str::FromStr>(id: &str, route: fn(Id) -> Route) -> Route {
    id.parse().map_or(Route::NotFound, route)
}

#[cfg(test)]
pub(super) use tests::any_route;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_filter() -> impl Strategy<Value = HistoryFilter> {
        let day = || proptest::option::of((-100_000..100_000).prop_map(protocol::Date::from_days));
        (any::<String>(), day(), day(), any::<String>()).prop_map(|(state, from, to, text)| {
            HistoryFilter {
                state,
                from,
                to,
                text,
            }
        })
    }

    pub(in crate::navigation) fn any_route() -> impl Strategy<Value = Route> {
        prop_oneof![
            Just(Route::Overview),
            Just(Route::Subscriptions),
            any::<u64>().prop_map(|id| Route::Subscription(SubscriptionId(id))),
            Just(Route::Deliveries),
            any_filter().prop_map(Route::History),
            any::<u64>().prop_map(|id| Route::Order(OrderId(id))),
            Just(Route::Addresses),
            Just(Route::PaymentMethods),
            Just(Route::AddCard),
            Just(Route::Customer),
            Just(Route::NotFound),
        ]
    }

    proptest! {
        #[test]
        fn parse_is_the_inverse_of_href(route in any_route()) {
            prop_assert_eq!(Route::parse(&route.href()), route.clone());
            prop_assert_eq!(Route::parse(&route.name()), route);
        }

        #[test]
        fn no_path_whatever_makes_parse_fail(path in ".{0,60}") {
            let route = Route::parse(&path);
            prop_assert_eq!(Route::parse(&route.href()), route);
        }
    }

    #[test]
    fn en_5_the_pages_that_a_link_can_lead_to_are_those_that_there_are() {
        for page in protocol::view::PAGES {
            let page = page.replace("{id}", "12");
            let route = Route::parse(&page);
            assert_ne!(route, Route::NotFound, "{page}");
            assert_eq!(route.href(), page);
        }
    }

    #[test]
    fn ids_are_digits_and_nothing_else() {
        for path in [
            "/subscriptions/+1",
            "/subscriptions/1%2f2",
            "/subscriptions/../1",
            "/history/-4",
        ] {
            assert_eq!(Route::parse(path), Route::NotFound, "{path}");
        }
    }

    #[test]
    fn ph9_a_filter_that_cannot_be_read_is_left_out() {
        let route =
            Route::parse("/history?state=refunded&from=soon&q=%E2%82&scenario=x&to=2026-11-02");
        let filter = HistoryFilter {
            state: "refunded".into(),
            to: "2026-11-02".parse().ok(),
            ..HistoryFilter::default()
        };
        assert_eq!(route, Route::History(filter));
    }

    #[test]
    fn query_fragment_and_final_slash_are_not_part_of_a_place() {
        assert_eq!(
            Route::parse("/deliveries/?from=mail#top"),
            Route::Deliveries
        );
        assert_eq!(Route::parse(""), Route::Overview);
    }
}
