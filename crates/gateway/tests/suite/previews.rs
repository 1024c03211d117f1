//! What is shown before a change is what then happens, or the difference is shown after it.

use proptest::prelude::*;
use proptest::sample::Index;
use protocol::view::*;
use protocol::*;
use sandbox::Scenario;

use crate::samples::{refusal, skippable};
use crate::world::{World, uuid};

/// What the preview says of subscriptions and dates, told apart from another model of the store:
/// the views.
#[derive(Debug, Clone, PartialEq)]
struct Facts {
    cards: Vec<SubscriptionCard>,
    dates: Vec<(AddressId, Vec<Date>)>,
    /// The day of the next delivery that the overview shows.
    next: Option<Date>,
    /// The last day that the schedule reaches.
    until: Date,
    updating: bool,
}

async fn facts(world: &World) -> Facts {
    let cards: Subscriptions = world.read(Query::Subscriptions).await;
    let schedule: DeliverySchedule = world.read(Query::Deliveries).await;
    let overview: Overview = world.read(Query::Overview).await;
    let mut dates: Vec<(AddressId, Vec<Date>)> = Vec::new();
    let comes = |delivery: &&Delivery| {
        delivery.state == DeliveryState::Planned && delivery.items.iter().any(|item| !item.skipped)
    };
    for delivery in schedule.deliveries.iter().filter(comes) {
        let DeliveryKey { address_id, date } = delivery.key;
        match dates.iter_mut().find(|(id, _)| *id == address_id) {
            Some((_, days)) => days.push(date),
            None => dates.push((address_id, vec![date])),
        }
    }
    dates.sort();
    Facts {
        cards: cards.subscriptions,
        dates,
        next: overview.next.map(|delivery| delivery.key.date),
        until: schedule.until,
        updating: schedule.deliveries.iter().any(|delivery| delivery.updating),
    }
}

/// An intent that the store may take, chosen by chance.
async fn intent(world: &World, kind: Index, which: Index) -> Option<Intent> {
    let subscriptions: Subscriptions = world.read(Query::Subscriptions).await;
    let schedule: DeliverySchedule = world.read(Query::Deliveries).await;
    let cards = |state: SubscriptionState| -> Vec<SubscriptionCard> {
        let all = subscriptions.subscriptions.iter();
        all.filter(|card| card.state == state).cloned().collect()
    };
    let one = |state| {
        let cards = cards(state);
        (!cards.is_empty()).then(|| which.get(&cards).id)
    };
    let open: Vec<&Delivery> = schedule
        .deliveries
        .iter()
        .filter(|delivery| delivery.lock.is_none())
        .collect();
    if open.is_empty() {
        return None;
    }
    let delivery = *which.get(&open);
    let DeliveryKey { address_id, date } = delivery.key;
    let items = |ids: Vec<PurchaseItemId>| DeliveryItems {
        purchase_item_ids: ids,
    };
    let days = |days: usize| world.today().add_days(i32::try_from(days).unwrap());
    let catalogue: Catalogue = world.read(Query::Catalogue).await;
    let product = which.get(&catalogue.products);
    let variant = which.get(&product.variants);
    let plan = product.plans.first()?;
    Some(match kind.index(12) {
        0 => Intent::SkipDelivery(SkipDelivery {
            address_id,
            date,
            body: items(skippable(delivery)),
        }),
        1 => {
            let skipped = delivery.items.iter().filter(|item| item.skipped);
            Intent::UnskipDelivery(UnskipDelivery {
                address_id,
                date,
                body: items(skipped.map(|item| item.purchase_item_id).collect()),
            })
        }
        2 => Intent::CancelSubscription(CancelSubscription {
            subscription_id: one(SubscriptionState::Active)?,
            body: Cancellation {
                reason: "Other".into(),
                reason_id: None,
                comment: None,
            },
        }),
        3 => Intent::ReactivateSubscription(ReactivateSubscription {
            subscription_id: one(SubscriptionState::Cancelled)?,
            body: Nothing {},
        }),
        4 => Intent::ChangeDate(ChangeDate {
            subscription_id: one(SubscriptionState::Active)?,
            body: NextDate {
                date: days(2 + which.index(40)),
            },
        }),
        5 => Intent::ChangeQuantity(ChangeQuantity {
            subscription_id: one(SubscriptionState::Active)?,
            body: Quantity {
                quantity: 1 + u32::try_from(which.index(6)).unwrap(),
            },
        }),
        6 => Intent::ChangeFrequency(ChangeFrequency {
            subscription_id: one(SubscriptionState::Active)?,
            body: Frequency {
                interval: plan.interval?,
            },
        }),
        7 => Intent::PauseSubscription(PauseSubscription {
            subscription_id: one(SubscriptionState::Active)?,
            body: Pause {
                until: days(20 + which.index(60)),
            },
        }),
        8 => Intent::RescheduleDelivery(RescheduleDelivery {
            address_id,
            date,
            body: DeliveryReschedule {
                purchase_item_ids: delivery
                    .items
                    .iter()
                    .map(|item| item.purchase_item_id)
                    .collect(),
                to: days(2 + which.index(30)),
                later: which.index(2) == 0,
            },
        }),
        9 => Intent::AddOnetime(AddOnetime {
            body: NewOnetime {
                address_id,
                external_variant_id: variant.external_variant_id.clone(),
                quantity: 1,
                date: Some(date),
            },
        }),
        10 => Intent::SwapProduct(SwapProduct {
            subscription_id: one(SubscriptionState::Active)?,
            body: Swap {
                external_product_id: product.external_product_id.clone(),
                external_variant_id: variant.external_variant_id.clone(),
                plan_id: Some(plan.id),
            },
        }),
        _ => {
            let mut items = delivery.items.iter();
            let once = items.find(|item| item.one_time)?;
            Intent::RemoveOnetime(RemoveOnetime {
                onetime_id: OnetimeId(once.purchase_item_id.0),
                body: Nothing {},
            })
        }
    })
}

/// What `before` becomes by the lines of a preview, as far as they speak of it.
fn predicted(before: &Facts, preview: &Preview, now: &Facts) -> Vec<String> {
    let mut wrong = Vec::new();
    for line in &preview.lines {
        let told = |card: &SubscriptionCard| match line.topic {
            Topic::NextDate => card.next_date.map(Value::Date),
            Topic::Interval => card.interval.map(Value::Interval),
            Topic::Quantity => Some(Value::Count(card.quantity)),
            Topic::Price => card.price.map(Value::Money),
            _ => line.after.clone(),
        };
        let is_changed = |card: &&SubscriptionCard| !before.cards.contains(card);
        let changed: Vec<&SubscriptionCard> = now.cards.iter().filter(is_changed).collect();
        let fits = match line.topic {
            Topic::NextDate | Topic::Interval | Topic::Quantity | Topic::Price => {
                changed.iter().any(|card| told(card) == line.after)
            }
            Topic::Deliveries => {
                let days = |facts: &Facts| -> Vec<Vec<Date>> {
                    facts.dates.iter().map(|(_, days)| days.clone()).collect()
                };
                let Some(Value::Dates(after)) = &line.after else {
                    continue;
                };
                // Only the days that come are told.
                let all = days(now);
                all.iter()
                    .any(|days| after.iter().all(|day| days.contains(day)))
            }
            _ => true,
        };
        if !fits {
            wrong.push(format!("{line:?}"));
        }
    }
    if let Some(next) = preview.next {
        let fits = |said: Option<Date>, facts: &Facts| match facts.next {
            // Beyond the schedule only the subscriptions tell.
            None => said.is_none_or(|date| date > facts.until),
            shown => said == shown,
        };
        if !fits(next.before, before) || !fits(next.after, now) {
            wrong.push(format!("{next:?} of {:?} and {:?}", before.next, now.next));
        }
    }
    wrong
}

fn run(scenario: Scenario, steps: Vec<(Index, Index)>) -> Result<(), TestCaseError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        let world = World::new(scenario);
        for (key, (kind, which)) in (1..).zip(steps) {
            let Some(intent) = intent(&world, kind, which).await else {
                continue;
            };
            let before = facts(&world).await;
            let asked = world.gateway.preview(world.customer, &intent).await;
            let done = world
                .gateway
                .change(world.customer, &uuid(key), intent.clone())
                .await;
            let (Ok(preview), Ok(outcome)) = (&asked, &done) else {
                prop_assert_eq!(
                    asked.map_err(|problem| problem.kind).err(),
                    done.map_err(|problem| problem.kind).err()
                );
                continue;
            };
            if let Some(reason) = &preview.refused {
                prop_assert_eq!(reason, &refusal(outcome.clone()).0);
                continue;
            }
            // What only upstream knows to be impossible is told as its refusal.
            let is_told = |part: &Part| !matches!(part.state, PartState::Unknown);
            prop_assert!(
                outcome.parts.iter().all(is_told),
                "{:?}: {:?}",
                intent,
                outcome
            );
            if !outcome.is_done() {
                continue;
            }
            // What upstream still works out is not compared.
            let now = facts(&world).await;
            if !now.updating && outcome.differences.is_empty() {
                let wrong = predicted(&before, preview, &now);
                prop_assert!(wrong.is_empty(), "{:?}: {:?}\nnow {:?}", intent, wrong, now);
            }
            world.clock.advance(3_600_000);
        }
        Ok(())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn su7_what_was_previewed_is_what_the_store_does_or_the_difference_is_shown(
        scenario in prop::sample::select(vec![Scenario::Everyday, Scenario::TwoCustomers, Scenario::Cancelled]),
        steps in prop::collection::vec((any::<Index>(), any::<Index>()), 1..6),
    ) {
        run(scenario, steps)?;
    }
}

#[tokio::test]
async fn su7_an_everyday_change_comes_out_as_it_was_shown() {
    for operation in [
        Operation::SkipDelivery,
        Operation::UnskipDelivery,
        Operation::CancelSubscription,
    ] {
        let world = World::new(Scenario::Everyday);
        let sample = crate::samples::sample(&world, operation).await;
        let preview = world
            .gateway
            .preview(world.customer, &sample)
            .await
            .unwrap();
        assert!(!preview.lines.is_empty(), "{sample:?}");
        assert!(preview.next.is_some(), "{sample:?}");
        let outcome = world.change(1, sample.clone()).await.unwrap();
        assert_eq!(outcome.differences, Vec::new(), "{sample:?}: {preview:?}");
    }
}

#[tokio::test]
async fn su13_the_day_that_upstream_sets_is_not_predicted() {
    let world = World::new(Scenario::Everyday);
    let sample = crate::samples::sample(&world, Operation::ReactivateSubscription).await;
    let preview = world
        .gateway
        .preview(world.customer, &sample)
        .await
        .unwrap();
    let is_day = |line: &&PreviewLine| [Topic::NextDate, Topic::Deliveries].contains(&line.topic);
    assert_eq!(preview.lines.iter().find(is_day), None);
    let outcome = world.change(1, sample).await.unwrap();
    assert_eq!(outcome.differences, Vec::new());
}

#[tokio::test]
async fn su13_a_price_that_the_shop_has_changed_since_is_stated_and_the_old_one_kept() {
    let world = World::new(Scenario::Everyday);
    let ask = async |intent: &Intent| {
        let asked = world.gateway.preview(world.customer, intent).await;
        asked.unwrap()
    };
    let shop_price = |preview: &Preview| {
        let mut lines = preview.lines.iter();
        let line = lines.find(|line| line.topic == Topic::ShopPrice);
        line.and_then(|line| line.after.clone())
    };
    let sample = crate::samples::sample(&world, Operation::ReactivateSubscription).await;
    let same = ask(&sample).await;
    assert_eq!(shop_price(&same), None);
    assert!(!same.cautions.contains(&Caution::OtherPrice));

    let card = crate::samples::changeable(&world).await.card;
    let (subscription_id, path) = (card.id, format!("/subscriptions/{}", card.id));
    let cheap = serde_json::json!({"price": "1.00"});
    world.beside("PUT", &path, Some(cheap));
    let reason = serde_json::json!({"cancellation_reason": "Too expensive"});
    world.beside("POST", &format!("{path}/cancel"), Some(reason));
    world.clock.advance(60_000);
    let back = Intent::ReactivateSubscription(ReactivateSubscription {
        subscription_id,
        body: Nothing {},
    });
    let other = ask(&back).await;
    assert!(other.cautions.contains(&Caution::OtherPrice));
    assert_eq!(shop_price(&other), card.price.map(Value::Money));
    let outcome = world.change(1, back).await.unwrap();
    let promised = |line: &PreviewLine| [Topic::Price, Topic::Deliveries].contains(&line.topic);
    assert!(!outcome.differences.iter().any(promised), "{outcome:?}");
    let after: SubscriptionDetail = world.read(Query::Subscription(subscription_id)).await;
    assert_eq!(after.card.price.unwrap().amount(), "1.00");
}

#[tokio::test]
async fn cu5_the_next_order_costs_what_was_said_with_credit() {
    let world = World::new(Scenario::Credits);
    let credit = |next_order| {
        Intent::UseCredit(UseCredit {
            body: CreditUse { next_order },
        })
    };
    let lines = async |next_order| {
        let intent = credit(next_order);
        let asked = world.gateway.preview(world.customer, &intent).await;
        asked.unwrap().lines
    };
    let told = |lines: &[PreviewLine], topic: Topic| {
        let line = lines.iter().find(|line| line.topic == topic).unwrap();
        (line.before.clone(), line.after.clone())
    };
    let said = lines(true).await;
    assert!(world.change(1, credit(true)).await.unwrap().is_done());
    let (without, with) = told(&said, Topic::Total);
    // Switched back, it is the same the other way round.
    let back = lines(false).await;
    assert_eq!(told(&back, Topic::Total), (with.clone(), without));
    assert_eq!(
        told(&back, Topic::Credit),
        (told(&said, Topic::Credit).1, None)
    );
    let schedule: DeliverySchedule = world.read(Query::Deliveries).await;
    let day = said.iter().find_map(|line| line.day).unwrap();
    // What they see of it says so at once, part by part.
    let overview: Overview = world.read(Query::Overview).await;
    for next in [schedule.deliveries.first(), overview.next.as_ref()] {
        let (totals, key) = next
            .and_then(|next| Some((next.totals?, next.key)))
            .unwrap();
        assert_eq!(key.date, day);
        assert_eq!(Some(Value::Money(totals.total)), with);
        assert!(totals.adjustment.is_some_and(|credit| credit.minor() < 0));
    }
    let days = i64::from(world.today().days_until(day) + 1);
    world.clock.advance(days * 86_400_000);
    let orders: Orders = world.read(Query::Orders { cursor: None }).await;
    let paid = orders.orders.first().unwrap();
    assert_eq!((paid.date, paid.total.map(Value::Money)), (Some(day), with));
}
