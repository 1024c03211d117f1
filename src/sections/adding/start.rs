//! Starting another subscription.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::{CataloguePlan, CatalogueProduct, CatalogueVariant, DateRules, PlanKind};
use protocol::{AddressId, Date, Intent, NewSubscription, PlanId};

use super::{Choices, Offer};
use crate::data::Action;
use crate::i18n::{format, t};
use crate::sections::action::{Field, Form};
use crate::sections::page::Page;
use crate::sections::subscriptions::forms::open_days;
use crate::sections::{parts, words};
use crate::ui::{Choice, Line, LineKind, Pick};

/// Opens the form for a subscription of the variant `id`, or one to be picked.
pub(super) fn open(page: &Page, id: Option<String>) {
    let Some(session) = page.session() else {
        return;
    };
    let rules = session.date_rules.clone();
    let (today, most) = (session.today, super::most(page));
    super::open(page, move |choices| {
        Draft::new(id, &rules).form(choices, &rules, today, most)
    });
}

/// The plans by which a variant comes again and again.
pub(super) fn plans(product: &CatalogueProduct, variant: &CatalogueVariant) -> Vec<CataloguePlan> {
    let [again, ahead] = [PlanKind::Subscription, PlanKind::Prepaid];
    let plans = product.plans_of(variant, &again);
    let plans = plans.chain(product.plans_of(variant, &ahead));
    plans
        .filter(|plan| plan.interval.is_some())
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
    fn new(id: Option<String>, rules: &DateRules) -> Draft {
        Draft {
            has_variant: id.is_some(),
            variant: RwSignal::new(id.unwrap_or_default()),
            plan: RwSignal::new(String::new()),
            quantity: RwSignal::new(1),
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
        Intent::AddSubscription { body }
    }

    fn form(self, choices: Choices, rules: &DateRules, today: Date, most: u32) -> Arc<dyn Action> {
        let days = open_days(rules);
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
            Field::count("quantity", t::adding_quantity(), self.quantity, 1, most),
            Field::pick("address_id", t::start_address(), self.address, addresses),
            Field::date("date", t::start_date(), self.date, days, today, None),
        ]);
        Form::new(self.title(&named), move || self.intent())
            .fields(fields)
            .review(move || self.lines(&paid))
            .meaning(|| t::start_meaning().into())
            .confirm(|| t::start_confirm().into())
            .sending(t::start_sending())
            .done(move |_, _| {
                let date = self.date.get_untracked();
                t::start_done(
                    &date
                        .map(|date| format::date(date, today))
                        .unwrap_or_default(),
                )
            })
            .action()
    }

    fn title(self, choices: &Choices) -> String {
        let found = choices
            .catalogue
            .variant(&self.variant.get_untracked())
            .filter(|_| self.has_variant);
        found.map_or_else(
            || t::start_title().to_owned(),
            |(product, variant)| {
                t::start_title_of(&words::of_variant(&product.title, &variant.title))
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
            hint: t::start_each(&format::money(plan.price_of(variant))),
        };
        plans(product, variant).into_iter().map(choice).collect()
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
        let price = found.and_then(|(product, variant)| {
            let all = plans(product, variant);
            let plan = all.into_iter().find(|one| one.id.to_string() == plan)?;
            Some(plan.price_of(variant).times(self.quantity.get_untracked()))
        });
        let chosen = self.address.get_untracked();
        let address = choices
            .addresses
            .iter()
            .find(|a| a.id.to_string() == chosen);
        let mut lines = Vec::new();
        lines.extend(price.map(|price| line(t::start_recurring(), format::money(price))));
        lines.extend(address.map(|address| Line {
            kind: LineKind::Unchanged,
            before: words::short(&address.lines.street),
            ..line(t::start_address(), String::new())
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

/// "Every month", "Every month · 3 deliveries per payment".
fn often(plan: &CataloguePlan) -> String {
    let often = plan.interval.map(words::interval).unwrap_or_default();
    let often = words::sentence(&often);
    match plan.deliveries_per_charge {
        0..=1 => often,
        many => [often, t::subscription_prepaid(many as usize)].join(" · "),
    }
}
