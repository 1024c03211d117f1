//! What a place is called.

use super::route::Route;
use crate::i18n::t;

/// What the navigation calls the section of `route`.
pub(crate) fn section_name(route: &Route) -> &'static str {
    match route.section() {
        Route::Subscriptions => t::nav_subscriptions(),
        Route::Deliveries => t::nav_deliveries(),
        Route::History(_) => t::nav_history(),
        Route::Addresses => t::nav_addresses(),
        Route::PaymentMethods => t::nav_payment_methods(),
        Route::Customer => t::nav_customer(),
        _ => t::nav_overview(),
    }
}
