//! Removing a one-time product from its delivery.

use protocol::view::Delivery;
use protocol::{Intent, Nothing, OnetimeId, RemoveOnetime};

use super::form::Form;
use super::onetime_terms::onetime_terms;
use crate::i18n::t;
use crate::overview::page::Page;
use crate::overview::parts::delivery_place;

/// Opens the review of removing the one-time product `id`, called `title`, from `delivery`.
pub(crate) fn open(page: &Page, id: OnetimeId, delivery: &Delivery, title: &str) {
    let (own, delivery, title) = (page.clone(), delivery.clone(), title.to_owned());
    page.changes.start(move || {
        let intent = move || {
            Intent::RemoveOnetime(RemoveOnetime {
                onetime_id: id,
                body: Nothing {},
            })
        };
        let place = delivery_place(delivery.key);
        Form::new(t::remove_onetime_title(&title), intent)
            .review(move || onetime_terms(&own, &delivery))
            .confirm(|| t::remove_onetime_confirm().into())
            .sending(t::remove_onetime_sending())
            .done(move |_, _| t::remove_onetime_done(&title))
            .place(place)
            .action()
    });
}
