//! Starting another subscription.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::{
    CataloguePlan, CatalogueProduct, CatalogueVariant, DateRules, DeliveryKey, PlanKind,
    QuantityLimits,
};
use protocol::{AddSubscription, AddressId, Date, Intent, Money, NewSubscription, PlanId};

use super::catalogue::{self, Choices, Offer};
use super::field::Field;
use super::form::Form;
use super::open_days::open_days;
use crate::data::Action;
use crate::i18n::{format, t};
use crate::overview::page::Page;
use crate::overview::{parts, words};
use crate::ui::{Button, Choice, Line, LineKind, Pick};

/// Opens the form for a subscription of the variant `id`, or one to be picked.
pub(crate) fn open(page: &Page, id: Option<String>) {
    let Some(rules) = page.session().and_then(|session| session.date_rules.get()) else {
        return;
    };
    let (today, limits) = (page.today(), catalogue::add_quantity(page));
    catalogue::open_with(page, move |choices| {
        Draft::new(id, &rules, limits).form(choices, &rules, today, limits)
    });
}

/// The plans by which a variant comes again and again.
pub(crate) fn plans(product: &CatalogueProduct, variant: &CatalogueVariant) -> Vec<CataloguePlan> {
    let [again, ahead] = [PlanKind::Subscription, PlanKind::Prepaid];
    let plans = product.plans_of(variant, &again);
    let plans = plans.chain(product.plans_of(variant, &ahead));
    plans
        .filter(|plan| plan.interval.is_some() && plan.listed.add && variant.listed.add)
        .cloned()
        .collect()
}

/// What has been filled in so far. Copies are handles to the same fields.
#[derive(Clone, Copy)]
struct Draft {
    variant: RwSignal<String>,
    plan: RwSignal<String>,
    quantity: RwSignal<u32>,
    address: RwSignal<String>,
    date: RwSignal<Option<Date>>,
    has_variant: bool,
}

impl Draft {
    fn new(id: Option<String>, rules: &DateRules, limits: QuantityLimits) -> Draft {
        Draft {
            has_variant: id.is_some(),
            variant: RwSignal::new(id.unwrap_or_default()),
            plan: RwSignal::new(String::new()),
            quantity: RwSignal::new(limits.fewest),
            address: RwSignal::new(String::new()),
            date: RwSignal::new(rules.first_from(rules.earliest)),
        }
    }

    fn intent(self) -> Intent {
        let id = |text: RwSignal<String>| text.with_untracked(|text| text.parse().unwrap_or(0));
        let body = NewSubscription {
            address_id: AddressId(id(self.address)),
            external_variant_id: self.variant.get_untracked(),
            plan_id: PlanId(id(self.plan)),
            quantity: self.quantity.get_untracked(),
            // The form is complete before this is asked, so a day is chosen.
            date: self.date.get_untracked().unwrap_or(Date::from_days(0)),
        };
        Intent::AddSubscription(AddSubscription { body })
    }

    fn form(
        self,
        choices: Choices,
        rules: &DateRules,
        today: Date,
        limits: QuantityLimits,
    ) -> Arc<dyn Action> {
        let QuantityLimits { fewest, most } = limits;
        let days = open_days(rules);
        let open = choices.deliveries.iter().map(|delivery| delivery.key);
        let joins: Vec<DeliveryKey> = open.filter(|key| rules.allow(key.date)).collect();
        let picks = choices.picks(|offer: &Offer| !plans(offer.product, offer.variant).is_empty());
        let addresses: Vec<Pick> = choices.addresses.iter().map(parts::address_pick).collect();
        let open = addresses.iter().find(|pick| pick.locked.is_empty());
        self.address
            .set(open.map(|pick| pick.value.clone()).unwrap_or_default());
        let choices = Arc::new(choices);
        let (named, paid) = (Arc::clone(&choices), Arc::clone(&choices));
        let often = Signal::derive(move || self.plan_choices(&choices));
        // Another product has other plans: the first of them until one is chosen.
        Effect::new(move || {
            let all = often.get();
            let known = self
                .plan
                .with_untracked(|plan| all.iter().any(|c| c.value == *plan));
            if !known {
                self.plan.set(
                    all.first()
                        .map(|choice| choice.value.clone())
                        .unwrap_or_default(),
                );
            }
        });
        let mut fields = Vec::new();
        if !self.has_variant {
            fields.push(Field::pick(
                "external_variant_id",
                t::adding_product(),
                self.variant,
                picks,
            ));
        }
        let has_plans = move || often.with(|all| !all.is_empty());
        fields.extend([
            Field::choice("plan_id", t::subscription_interval(), self.plan, often)
                .shown_when(has_plans),
            Field::count(
                "quantity",
                t::adding_quantity(),
                self.quantity,
                fewest,
                most,
            ),
            Field::pick(
                "address_id",
                t::add_subscription_address(),
                self.address,
                addresses,
            ),
            Field::date(
                "date",
                t::add_subscription_date(),
                self.date,
                days,
                today,
                None,
            )
            .hint(t::add_subscription_date_hint()),
            self.join(joins, today),
        ]);
        Form::new(self.title(&named), move || self.intent())
            .fields(fields)
            .review(move || self.lines(&paid))
            .meaning(|| t::add_subscription_meaning().into())
            .confirm(|| t::add_subscription_confirm().into())
            .sending(t::add_subscription_sending())
            .done(move |_, _| {
                let date = self.date.get_untracked();
                t::add_subscription_done(
                    &date
                        .map(|date| format::date(date, today))
                        .unwrap_or_default(),
                )
            })
            .action()
    }

    /// The way to let it come together with the next delivery to the chosen address.
    fn join(self, joins: Vec<DeliveryKey>, today: Date) -> Field {
        let offer = move || {
            let address = self.address.get();
            let next = joins
                .iter()
                .find(|key| key.address_id.to_string() == address)?;
            let day = next.date;
            let label = t::add_subscription_join(&format::date(day, today));
            let press = move |()| self.date.set(Some(day));
            (self.date.get() != Some(day)).then(|| view! { <Button label on_press=press/> })
        };
        Field::info(move || {
            let offer = offer.clone();
            view! { {offer} }.into_any()
        })
    }

    fn title(self, choices: &Choices) -> String {
        let found = choices
            .catalogue
            .variant(&self.variant.get_untracked())
            .filter(|_| self.has_variant);
        found.map_or_else(
            || t::add_subscription_title().to_owned(),
            |(product, variant)| {
                t::add_subscription_title_of(&words::of_variant(&product.title, &variant.title))
            },
        )
    }

    /// How often what is picked can come, and for how much.
    fn plan_choices(self, choices: &Choices) -> Vec<Choice> {
        let picked = self.variant.get();
        let Some((product, variant)) = choices.catalogue.variant(&picked) else {
            return Vec::new();
        };
        let choice = |plan: CataloguePlan| Choice {
            value: plan.id.to_string(),
            label: often(&plan),
            hint: self.payment(&plan, variant),
        };
        plans(product, variant).into_iter().map(choice).collect()
    }

    /// "$49.00 each time", "$147.00 for 3 deliveries, paid at once".
    fn payment(self, plan: &CataloguePlan, variant: &CatalogueVariant) -> String {
        let price = format::money(payment(plan, variant, self.quantity.get()));
        match plan.deliveries_per_charge {
            0..=1 => t::add_subscription_each(&price),
            many => t::add_subscription_each_prepaid(many as usize, &price),
        }
    }

    /// What is paid each time, and by what.
    fn lines(self, choices: &Choices) -> Vec<Line> {
        let line = |label: &str, after: String| Line {
            label: label.into(),
            after,
            ..Line::default()
        };
        let found = choices.catalogue.variant(&self.variant.get_untracked());
        let plan = self.plan.get_untracked();
        let chosen = found.and_then(|(product, variant)| {
            let all = plans(product, variant);
            let plan = all.into_iter().find(|one| one.id.to_string() == plan)?;
            Some((payment(&plan, variant, self.quantity.get_untracked()), plan))
        });
        let price = chosen.map(|(price, plan)| {
            let price = format::money(price);
            match plan.deliveries_per_charge {
                0..=1 => line(t::add_subscription_recurring(), price),
                many => line(&t::add_subscription_recurring_prepaid(many as usize), price),
            }
        });
        let chosen = self.address.get_untracked();
        let address = choices
            .addresses
            .iter()
            .find(|a| a.id.to_string() == chosen);
        let mut lines = Vec::new();
        lines.extend(price);
        lines.extend(address.map(|address| Line {
            kind: LineKind::Unchanged,
            before: words::short(&address.lines.street),
            ..line(t::add_subscription_address(), String::new())
        }));
        let payment = address.and_then(|address| address.payment.as_ref());
        lines.extend(payment.map(|payment| Line {
            kind: LineKind::Unchanged,
            before: words::payment_line(payment),
            ..line(t::subscription_payment(), String::new())
        }));
        lines
    }
}

/// What one payment of a plan takes for so many of a variant, before shipping and tax.
fn payment(plan: &CataloguePlan, variant: &CatalogueVariant, quantity: u32) -> Money {
    let deliveries = quantity.saturating_mul(plan.deliveries_per_charge.max(1));
    plan.price_of(variant).times(deliveries)
}

/// "Every month", "Every month · 3 deliveries per payment".
fn often(plan: &CataloguePlan) -> String {
    let often = plan.interval.map(words::interval).unwrap_or_default();
    let often = words::sentence(&often);
    match plan.deliveries_per_charge {
        0..=1 => often,
        many => [often, t::subscription_prepaid(many as usize)].join(" · "),
    }
}
