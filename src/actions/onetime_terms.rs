//! What a review says of a one-time product, whichever way it changes.

use protocol::view::Delivery;

use super::catalogue::is_open;
use crate::i18n::{format, t};
use crate::overview::page::Page;
use crate::overview::words;
use crate::ui::{Line, LineKind};

/// What stays: the day, what pays, and until when it can be taken off again.
pub(super) fn onetime_terms(page: &Page, delivery: &Delivery) -> Vec<Line> {
    let line = |label: &str, before: String| Line {
        label: label.into(),
        before,
        kind: LineKind::Unchanged,
        ..Line::default()
    };
    let mut lines = vec![line(
        t::onetime_delivery(),
        format::date(delivery.key.date, page.today()),
    )];
    if let Some(payment) = &delivery.payment {
        lines.push(line(
            t::subscription_payment(),
            words::payment_line(payment),
        ));
    }
    if let Some(until) = delivery.change_until.filter(|_| is_open(delivery)) {
        lines.push(line(t::onetime_until(), page.cut_off(&until)));
    }
    lines
}
