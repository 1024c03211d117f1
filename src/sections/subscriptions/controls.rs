//! What can be done with a subscription: the likeliest as buttons, the rest in a menu, and in
//! words what a rule of the shop stands against.

use leptos::prelude::*;
use protocol::Operation;
use protocol::view::{LockRule, OperationLock, SubscriptionDetail, SubscriptionState};

use crate::actions::subscription_context::SubscriptionContext;
use crate::actions::{
    change_date, change_frequency, change_quantity, pause_subscription, resume_subscription,
    skip_delivery, swap_product, update_bundle, update_order_note, update_properties,
};
use crate::i18n::{format, t};
use crate::overview::page::Page;
use crate::overview::words;
use crate::ui::{self, ButtonKind, Glyph, Menu, MenuItem};

/// How many stand as buttons.
const BUTTONS: usize = 3;

/// One thing that can be done.
struct Offer {
    operation: Operation,
    label: fn() -> &'static str,
    icon: Glyph,
    /// Whether there is anything to choose.
    applies: fn(&SubscriptionContext) -> bool,
    open: fn(&Page, SubscriptionContext),
}

/// One of the buttons, or of what is in the menu.
struct Button {
    operation: Operation,
    label: &'static str,
    icon: Glyph,
    press: Callback<()>,
}

/// All of them, the likeliest first.
const OFFERS: &[Offer] = &[
    Offer {
        operation: Operation::ResumeSubscription,
        label: t::resume_subscription_open,
        icon: Glyph::Undo,
        applies: |context| context.detail.card.paused_until.is_some(),
        open: resume_subscription::open,
    },
    Offer {
        operation: Operation::ChangeDate,
        label: t::change_date_open,
        icon: Glyph::Calendar,
        applies: |_| true,
        open: change_date::open,
    },
    Offer {
        operation: Operation::UpdateBundle,
        label: t::update_bundle_open,
        icon: Glyph::Parcel,
        applies: |context| context.detail.contents.is_some(),
        open: update_bundle::open,
    },
    Offer {
        operation: Operation::PauseSubscription,
        label: t::pause_subscription_open,
        icon: Glyph::Clock,
        applies: |context| context.detail.card.paused_until.is_none(),
        open: pause_subscription::open,
    },
    Offer {
        operation: Operation::SwapProduct,
        label: t::swap_product_open,
        icon: Glyph::Parcel,
        applies: |_| true,
        open: swap_product::open,
    },
    Offer {
        operation: Operation::ChangeQuantity,
        label: t::change_quantity_open,
        icon: Glyph::Plus,
        applies: |_| true,
        open: change_quantity::open,
    },
    Offer {
        operation: Operation::ChangeFrequency,
        label: t::change_frequency_open,
        icon: Glyph::Clock,
        applies: |context| context.detail.frequencies.len() > 1,
        open: change_frequency::open,
    },
    Offer {
        operation: Operation::UpdateOrderNote,
        label: t::update_order_note_open,
        icon: Glyph::Info,
        applies: |_| true,
        open: update_order_note::open,
    },
    Offer {
        operation: Operation::UpdateProperties,
        label: t::update_properties_open,
        icon: Glyph::Info,
        applies: |context| !context.rules.properties.is_empty(),
        open: update_properties::open,
    },
];

/// Opens the dialog of `operation` for the subscription `view`, where it can be done now; whether
/// it could.
pub(crate) fn open(page: &Page, view: &SubscriptionDetail, operation: Operation) -> bool {
    let controls = Controls::new(page, view);
    let offer = controls.offers().find(|offer| offer.operation == operation);
    let press = offer
        .filter(|_| controls.lock(operation).is_none())
        .and_then(|offer| controls.press(offer));
    if let Some(press) = &press {
        press.run(());
    }
    press.is_some()
}

/// Why the subscription `view` cannot be cancelled now, where a rule stands against it.
pub(crate) fn kept_by(page: &Page, view: &SubscriptionDetail) -> Option<String> {
    let lock = Controls::new(page, view).lock(Operation::CancelSubscription)?;
    Some(rule(page, t::cancel_subscription_open(), lock))
}

/// What has a line of its own on the page, with its own "Change".
const ON_LINES: [Operation; 4] = [
    Operation::ChangeQuantity,
    Operation::ChangeFrequency,
    Operation::UpdateOrderNote,
    Operation::UpdateProperties,
];

/// What can be done with one subscription now, and what stands against the rest.
pub(super) struct Controls<'a> {
    page: &'a Page,
    view: &'a SubscriptionDetail,
    context: Option<SubscriptionContext>,
}

impl<'a> Controls<'a> {
    /// Those of `view`; none where it is not active.
    pub(super) fn new(page: &'a Page, view: &'a SubscriptionDetail) -> Controls<'a> {
        let context = SubscriptionContext::of(page, view);
        Controls {
            page,
            view,
            context: context.filter(|_| view.card.state == SubscriptionState::Active),
        }
    }

    fn lock(&self, operation: Operation) -> Option<&'a OperationLock> {
        let mut locks = self.view.locks.iter();
        locks.find(|lock| lock.operation == operation)
    }

    /// What the shop allows and there is something to choose of, locked or not, in the shop's order.
    fn offers(&self) -> impl Iterator<Item = &'static Offer> {
        let applies = |offer: &&Offer| {
            let mut context = self.context.iter();
            self.page.allows(offer.operation) && context.any(|context| (offer.applies)(context))
        };
        let mut offers: Vec<&Offer> = OFFERS.iter().filter(applies).collect();
        let first = first_actions(self.page);
        offers.sort_by_key(|offer| place_in(first, offer.operation));
        offers.into_iter()
    }

    fn press(&self, offer: &'static Offer) -> Option<Callback<()>> {
        let (page, context) = (self.page.clone(), self.context.clone()?);
        Some(Callback::new(move |()| {
            (offer.open)(&page, context.clone());
        }))
    }

    /// The way to do `operation` from its line, and what that is called.
    pub(super) fn change(&self, operation: Operation) -> Option<(&'static str, Callback<()>)> {
        let offer = self.offers().find(|offer| offer.operation == operation)?;
        let open = self.lock(operation).is_none();
        let press = self.press(offer).filter(|_| open)?;
        Some(((offer.label)(), press))
    }

    /// Whether the next delivery is being prepared, so that it can no longer be changed.
    fn is_preparing(&self) -> bool {
        let mut locks = self.view.locks.iter();
        locks.any(|lock| lock.rule == LockRule::CutOff)
    }

    /// The way to skip what comes next of it.
    fn skip(&self) -> Option<Button> {
        let card = self.view.card.clone();
        let can = card.next_date.is_some()
            && card.paused_until.is_none()
            && self.context.is_some()
            && self.lock(Operation::SkipDelivery).is_none()
            && !self.is_preparing()
            && self.page.allows(Operation::SkipDelivery);
        let page = self.page.clone();
        can.then(|| Button {
            operation: Operation::SkipDelivery,
            label: t::skip_delivery_open_next(),
            icon: Glyph::Skip,
            press: Callback::new(move |()| skip_delivery::open_next(&page, &card)),
        })
    }

    /// What can be done now and has no line of its own, the most prominent first: what the shop
    /// wants first, and then the likeliest.
    fn open_buttons(&self) -> Vec<Button> {
        let first = first_actions(self.page);
        let is_shown = |offer: &&Offer| {
            let operation = offer.operation;
            let is_button = !ON_LINES.contains(&operation) || first.contains(&operation);
            is_button && self.lock(operation).is_none()
        };
        let offers = self.offers().filter(is_shown);
        let mut buttons: Vec<Button> = offers
            .filter_map(|offer| {
                Some(Button {
                    operation: offer.operation,
                    label: (offer.label)(),
                    icon: offer.icon,
                    press: self.press(offer)?,
                })
            })
            .collect();
        if let Some(skip) = self.skip() {
            buttons.insert(buttons.len().min(1), skip);
        }
        buttons.sort_by_key(|button| place_in(first, button.operation));
        buttons
    }

    /// The likeliest as buttons, the rare ones in a menu, and what the rules say.
    pub(super) fn buttons(&self) -> AnyView {
        if self.context.is_none() {
            return ().into_any();
        }
        let page = self.page;
        let mut buttons = self.open_buttons();
        let rest = buttons.split_off(BUTTONS.min(buttons.len()));
        let buttons = buttons.into_iter().enumerate().map(|(at, button)| {
            let kind = if at == 0 {
                ButtonKind::Primary
            } else {
                ButtonKind::Secondary
            };
            let Button {
                label, icon, press, ..
            } = button;
            let locked = page.locked(None);
            view! { <ui::Button label kind icon locked on_press=press/> }
        });
        let buttons = buttons.collect_view();
        let items = rest.into_iter().map(|button| MenuItem {
            label: button.label.to_owned(),
            icon: button.icon,
            locked: page.locked(None),
            on_press: button.press,
        });
        let items: Vec<MenuItem> = items.collect();
        let name = t::actions_more_name(&words::short(&self.view.card.title));
        let menu =
            (!items.is_empty()).then(|| view! { <Menu label=t::actions_more() name items/> });
        let offers = self.offers();
        let locked =
            offers.filter_map(|offer| Some(((offer.label)(), self.lock(offer.operation)?)));
        let mut rules = rules(page, locked);
        if page.allows(Operation::SkipDelivery) {
            let skipping = self.lock(Operation::SkipDelivery);
            let label = t::skip_delivery_open_next();
            rules.extend(skipping.map(|lock| rule(page, label, lock)));
        }
        if page.allows(Operation::CancelSubscription) {
            let ending = self.lock(Operation::CancelSubscription);
            let label = t::cancel_subscription_open();
            rules.extend(ending.map(|lock| rule(page, label, lock)));
        }
        view! {
            <section class="stack stack-small" aria-label=t::actions_label()>
                <div class="row">{buttons}{menu}</div>
                {explained(page, rules)}
            </section>
        }
        .into_any()
    }
}

/// The actions that the shop wants first.
fn first_actions(page: &Page) -> &[Operation] {
    page.session()
        .map_or(&[], |session| session.layout.actions.as_slice())
}

/// The place of `operation` among those that come first; the same after them for all others.
fn place_in(first: &[Operation], operation: Operation) -> usize {
    let mut all = first.iter();
    all.position(|one| *one == operation).unwrap_or(first.len())
}

/// What the rules say, each once: a delivery that is being prepared locks most of them alike.
fn rules<'a>(
    page: &Page,
    locked: impl Iterator<Item = (&'static str, &'a OperationLock)>,
) -> Vec<String> {
    let mut rules: Vec<String> = Vec::new();
    for (action, lock) in locked {
        let rule = rule(page, action, lock);
        if !rules.contains(&rule) {
            rules.push(rule);
        }
    }
    rules
}

/// Why `action` cannot be used now, and when it can.
fn rule(page: &Page, action: &str, lock: &OperationLock) -> String {
    let from = lock
        .until
        .map(|date| format::date(date, page.today()))
        .unwrap_or_default();
    match lock.rule {
        LockRule::CutOff => t::locked_cut_off(&from),
        LockRule::MinimumOrders => {
            t::locked_orders(lock.orders_left.unwrap_or_default() as usize, action)
        }
        LockRule::Window => t::locked_window(action, &from),
        LockRule::Quantity => t::locked_quantity(action),
        LockRule::Yearly => {
            let limit = page.session().and_then(|session| {
                let rules = session.subscription_rules.get()?;
                match lock.operation {
                    Operation::SkipDelivery => rules.most_skips_per_year,
                    _ => rules.most_pauses_per_year,
                }
            });
            let limit = format::integer(limit.unwrap_or_default() as usize);
            t::locked_yearly(action, &from, &limit)
        }
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
