//! All views in one type, so that cells, signals and closures over them are compiled once.

use protocol::view::{
    Addresses, Catalogue, ChangeHistory, Customer, DeliverySchedule, Export, OrderDetail, Orders,
    Overview, PaymentMethods, Session, SubscriptionDetail, Subscriptions,
};
use protocol::{Query, Resource};

use crate::backend::Failure;

/// A view that can be found in [`View`].
pub trait InView: Sized + 'static {
    /// The view, if it is of this kind.
    fn of(view: &View) -> Option<&Self>;
}

macro_rules! views {
    ($($name:ident: $query:pat,)+) => {
        /// The answer to a query.
        #[derive(Debug, Clone, PartialEq)]
        pub enum View {
            $(
                #[doc = concat!("See [`", stringify!($name), "`].")]
                $name($name),
            )+
        }

        $(impl InView for $name {
            fn of(view: &View) -> Option<&Self> {
                match view { View::$name(view) => Some(view), _ => None }
            }
        })+

        impl View {
            /// Reads the answer to `query`.
            ///
            /// # Errors
            /// [`Failure::Lost`] where the text is not that view: something else answered.
            pub fn read(query: &Query, text: &str) -> Result<View, Failure> {
                let view = match query {
                    $($query => protocol::read(text).map(View::$name),)+
                };
                view.ok_or(Failure::Lost)
            }
        }
    };
}

views! {
    Session: Query::Session,
    Overview: Query::Overview,
    Subscriptions: Query::Subscriptions,
    SubscriptionDetail: Query::Subscription(_),
    DeliverySchedule: Query::Deliveries,
    Orders: Query::Orders { .. },
    OrderDetail: Query::Order(_),
    Addresses: Query::Addresses,
    PaymentMethods: Query::PaymentMethods,
    Customer: Query::Customer,
    ChangeHistory: Query::Changes { .. },
    Export: Query::Export,
    Catalogue: Query::Catalogue,
}

/// Whether `stale` names what `query` reads. Every change is in the history of changes.
pub(super) fn belongs(query: &Query, stale: &[Resource]) -> bool {
    let is_history = matches!(query, Query::Changes { .. });
    is_history
        || query
            .resource()
            .is_some_and(|resource| stale.contains(&resource))
}

/// Reads the answer to a query, as [`View::read`] does.
pub type Reader = fn(&Query, &str) -> Result<View, Failure>;

impl View {
    /// Reads what the overview shows, and nothing else: the readers of all other views are not in
    /// the first file of the bundle.
    ///
    /// # Errors
    /// As [`View::read`].
    pub fn read_first(query: &Query, text: &str) -> Result<View, Failure> {
        let view = match query {
            Query::Session => protocol::read(text).map(View::Session),
            Query::Overview => protocol::read(text).map(View::Overview),
            _ => None,
        };
        view.ok_or(Failure::Lost)
    }

    /// Whether upstream is still recalculating something in it.
    pub(super) fn is_updating(&self) -> bool {
        match self {
            View::Overview(view) => view.next.iter().chain(&view.later).any(|d| d.updating),
            View::DeliverySchedule(view) => view.deliveries.iter().any(|d| d.updating),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::SubscriptionId;

    #[test]
    fn a_stale_resource_names_its_list_and_its_details() {
        let stale = [Resource::Subscriptions];
        assert!(belongs(&Query::Subscriptions, &stale));
        assert!(belongs(&Query::Subscription(SubscriptionId(1)), &stale));
        assert!(belongs(
            &Query::Changes {
                before: None,
                subscription: None
            },
            &[]
        ));
        assert!(!belongs(&Query::Deliveries, &stale));
        assert!(!belongs(&Query::Session, &stale));
    }

    #[test]
    fn a_page_of_something_else_is_no_view() {
        let answer = View::read(&Query::Customer, "<!doctype html>");
        assert_eq!(answer, Err(Failure::Lost));
    }
}
