//! What can be done with a subscription: the likeliest as buttons, the rest in a menu, and in
//! words what a rule of the shop stands against.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::{
    DateRules, LockRule, OperationLock, SubscriptionDetail, SubscriptionRules, SubscriptionState,
};
use protocol::{Date, Operation};

use super::{contents, forms, pause, swap};
use crate::data::Action;
use crate::i18n::{format, t};
use crate::sections::page::Page;
use crate::sections::words;
use crate::ui::{Button, Glyph, Menu, MenuItem};

/// How many stand as buttons.
const BUTTONS: usize = 3;

/// What an action is made from.
pub(super) struct Desk {
    pub(super) detail: SubscriptionDetail,
    pub(super) dates: DateRules,
    pub(super) rules: SubscriptionRules,
    pub(super) today: Date,
}

/// One thing that can be done.
struct Offer {
    operation: Operation,
    label: fn() -> &'static str,
    icon: Glyph,
    /// Whether there is anything to choose.
    applies: fn(&Desk) -> bool,
    make: fn(Desk) -> Arc<dyn Action>,
}

/// All of them, the likeliest first.
const OFFERS: &[Offer] = &[
    Offer {
        operation: Operation::ChangeDate,
        label: t::actions_change_date,
        icon: Glyph::Calendar,
        applies: |_| true,
        make: forms::date,
    },
    Offer {
        operation: Operation::UpdateBundle,
        label: t::actions_contents,
        icon: Glyph::Parcel,
        applies: |desk| desk.detail.contents.is_some(),
        make: contents::contents,
    },
    Offer {
        operation: Operation::PauseSubscription,
        label: t::actions_pause,
        icon: Glyph::Clock,
        applies: |desk| desk.detail.card.paused_until.is_none(),
        make: pause::pause,
    },
    Offer {
        operation: Operation::ResumeSubscription,
        label: t::actions_resume,
        icon: Glyph::Undo,
        applies: |desk| desk.detail.card.paused_until.is_some(),
        make: pause::resume,
    },
    Offer {
        operation: Operation::SwapProduct,
        label: t::actions_swap,
        icon: Glyph::Parcel,
        applies: |_| true,
        make: swap::swap,
    },
    Offer {
        operation: Operation::ChangeQuantity,
        label: t::actions_quantity,
        icon: Glyph::Plus,
        applies: |_| true,
        make: forms::quantity,
    },
    Offer {
        operation: Operation::ChangeFrequency,
        label: t::actions_frequency,
        icon: Glyph::Clock,
        applies: |desk| desk.detail.frequencies.len() > 1,
        make: forms::frequency,
    },
    Offer {
        operation: Operation::UpdateOrderNote,
        label: t::actions_note,
        icon: Glyph::Info,
        applies: |_| true,
        make: forms::note,
    },
    Offer {
        operation: Operation::UpdateProperties,
        label: t::actions_properties,
        icon: Glyph::Info,
        applies: |desk| !desk.rules.properties.is_empty(),
        make: forms::properties,
    },
];

/// The actions of an active subscription.
pub(super) fn actions(page: &Page, view: &SubscriptionDetail) -> AnyView {
    let Some(session) = page.session().cloned() else {
        return ().into_any();
    };
    if view.card.state != SubscriptionState::Active {
        return ().into_any();
    }
    let (today, detail) = (page.today(), view.clone());
    let desk = move || Desk {
        detail: detail.clone(),
        dates: session.date_rules.clone(),
        rules: session.subscription_rules.clone(),
        today,
    };
    let here = desk();
    let lock = |offer: &Offer| {
        view.locks
            .iter()
            .find(|lock| lock.operation == offer.operation)
    };
    let offers: Vec<&'static Offer> = OFFERS
        .iter()
        .filter(|offer| page.allows(offer.operation) && (offer.applies)(&here))
        .collect();
    let (locked, open): (Vec<_>, Vec<_>) = offers.into_iter().partition(|one| lock(one).is_some());
    let changes = page.changes;
    let press = |offer: &'static Offer| {
        let desk = desk.clone();
        Callback::new(move |()| changes.start(|| (offer.make)(desk())))
    };
    let (buttons, rest) = open.split_at(BUTTONS.min(open.len()));
    let buttons = buttons.iter().map(|offer| {
        let locked = page.locked(None);
        let on_press = press(offer);
        view! { <Button label=(offer.label)() icon=offer.icon locked on_press/> }
    });
    let buttons = buttons.collect_view();
    let items: Vec<MenuItem> = rest
        .iter()
        .map(|offer| MenuItem {
            label: (offer.label)().to_owned(),
            icon: offer.icon,
            locked: page.locked(None),
            on_press: press(offer),
        })
        .collect();
    let name = t::actions_more_name(&words::short(&view.card.title));
    let menu = (!items.is_empty()).then(|| view! { <Menu label=t::actions_more() name items/> });
    let locked = locked
        .into_iter()
        .filter_map(|offer| Some(((offer.label)(), lock(offer)?)));
    let mut rules = rules(locked, today);
    if page.allows(Operation::CancelSubscription) {
        let ending = view
            .locks
            .iter()
            .filter(|l| l.operation == Operation::CancelSubscription);
        rules.extend(ending.map(|lock| rule(t::cancel_open(), lock, today)));
    }
    view! {
        <section class="stack stack-small" aria-label=t::actions_label()>
            <div class="row">{buttons}{menu}</div>
            {explained(page, rules)}
        </section>
    }
    .into_any()
}

/// What the rules say, each once: a delivery that is being prepared locks most of them alike.
fn rules<'a>(
    locked: impl Iterator<Item = (&'static str, &'a OperationLock)>,
    today: Date,
) -> Vec<String> {
    let mut rules: Vec<String> = Vec::new();
    for (action, lock) in locked {
        let rule = rule(action, lock, today);
        if !rules.contains(&rule) {
            rules.push(rule);
        }
    }
    rules
}

/// Why `action` cannot be used now, and when it can.
fn rule(action: &str, lock: &OperationLock, today: Date) -> String {
    let from = lock
        .until
        .map(|date| format::date(date, today))
        .unwrap_or_default();
    match lock.rule {
        LockRule::CutOff => t::locked_cut_off(&from),
        LockRule::MinimumOrders => {
            t::locked_orders(lock.orders_left.unwrap_or_default() as usize, action)
        }
        LockRule::Window => t::locked_window(action, &from),
        LockRule::Never => t::locked_never().to_owned(),
        LockRule::Other(_) => t::refusal_locked().to_owned(),
    }
}

fn explained(page: &Page, rules: Vec<String>) -> AnyView {
    if rules.is_empty() {
        return ().into_any();
    }
    let rules = rules.into_iter().map(|rule| view! { <li>{rule}</li> });
    let rules = rules.collect_view();
    let support = page
        .session()
        .and_then(|session| session.merchant.support_url.clone());
    view! {
        <ul class="plain small muted">{rules}</ul>
        {support.map(|url| view! { <a class="small" href=url>{t::locked_contact()}</a> })}
    }
    .into_any()
}
