//! The outcome of a change in one or two sentences, and what it costs or loses: made of the server's
//! preview in one place for all operations.

use protocol::view::{Caution, NextDelivery, PREVIEW_DATES, Preview, PreviewLine, Topic, Value};
use protocol::{Date, Money};

use crate::i18n::{format, t};

/// What a review says before everything else.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct Summary {
    /// What happens; empty where the preview does not tell.
    pub(super) outcome: String,
    /// What costs more or is lost, each in a sentence.
    pub(super) attention: Vec<String>,
}

/// The days on which deliveries no longer come, and those on which they come instead or too.
struct Days {
    gone: Vec<Date>,
    new: Vec<Date>,
    /// Whether there may be more than are told.
    cut: bool,
}

/// Sums up `preview`.
pub(super) fn summary(preview: &Preview, today: Date) -> Summary {
    let days = days(preview);
    let mut said = Vec::new();
    if preview.cautions.contains(&Caution::Ends) {
        said.push(t::caution_ends().to_owned());
    }
    let pays_now = preview.pays_now.map(format::money);
    said.extend(pays_now.map(|amount| t::outcome_pays_now(&amount)));
    let mut day = None;
    if let Some((text, told)) = dates_told(preview, &days, today) {
        said.push(text);
        day = told;
        let charge = told.filter(|_| preview.pays_now.is_none());
        let charge = charge.and_then(|day| charge_of(preview, day));
        said.extend(charge.map(|(amount, estimated)| {
            let amount = format::money(amount);
            if estimated {
                t::outcome_charged_about(&amount)
            } else {
                t::outcome_charged(&amount)
            }
        }));
        let own = own_date(preview, &days).filter(|own| day.is_some_and(|day| day != *own));
        said.extend(own.map(|own| t::outcome_next_date(&format::date(own, today))));
    } else if preview.pays_now.is_none()
        && let Some((date, amount, estimated)) = totals(preview).next()
    {
        day = Some(date);
        let (amount, date) = (format::money(amount), format::date(date, today));
        said.push(if estimated {
            t::outcome_total_about(&amount, &date)
        } else {
            t::outcome_total(&amount, &date)
        });
    }
    Summary {
        outcome: said.join(" "),
        attention: attention(preview, &days, day, today),
    }
}

fn days(preview: &Preview) -> Days {
    let lines = || {
        let lines = preview.lines.iter();
        lines.filter(|line| line.topic == Topic::Deliveries)
    };
    let dates = |value: &Option<Value>| match value {
        Some(Value::Dates(dates)) => dates.clone(),
        _ => Vec::new(),
    };
    let gone: Vec<Vec<Date>> = lines().map(|line| dates(&line.before)).collect();
    let new: Vec<Vec<Date>> = lines().map(|line| dates(&line.after)).collect();
    let cut = gone.iter().chain(&new).any(|l| l.len() >= PREVIEW_DATES);
    Days {
        gone: gone.concat(),
        new: new.concat(),
        cut,
    }
}

/// What becomes of the days, and the day on which the charge is worth telling.
fn dates_told(preview: &Preview, days: &Days, today: Date) -> Option<(String, Option<Date>)> {
    let say = |date: Date| format::date(date, today);
    let list = |dates: &[Date]| format::list(&dates.iter().map(|d| say(*d)).collect::<Vec<_>>());
    if days.gone.is_empty() && days.new.is_empty() {
        return None;
    }
    match preview.next {
        Some(NextDelivery { before, after, .. }) if before != after => {
            return Some(match after {
                None => (t::outcome_none_left().to_owned(), None),
                Some(next) if preview.pays_now.is_some() => {
                    (t::outcome_next_after(&say(next)), Some(next))
                }
                Some(next) => (t::outcome_next(&say(next)), Some(next)),
            });
        }
        _ => {}
    }
    let next = preview.next.and_then(|next| next.after);
    if let Some(own) = own_date(preview, days) {
        return Some((t::outcome_next_date(&say(own)), None));
    }
    if let Some(shared) = shared_date(preview, days) {
        return Some((t::outcome_next_dates(&say(shared)), None));
    }
    match (days.gone.as_slice(), days.new.as_slice(), next) {
        ([from], [to], _) => Some((t::outcome_moves(&say(*from), &say(*to)), Some(*to))),
        ([], new, _) if !days.cut => Some((t::outcome_also(&list(new)), new.first().copied())),
        (gone, [], Some(next)) if !days.cut => {
            let still = t::outcome_next_still(&say(next));
            let text = [t::outcome_not_coming(&list(gone)), still].join(" ");
            Some((text, None))
        }
        _ => None,
    }
}

/// Where one subscription comes on other days from now on, the first of them.
fn own_date(preview: &Preview, days: &Days) -> Option<Date> {
    let is_move = days.gone.len() == 1 && days.new.len() == 1;
    let is_own = |line: &&PreviewLine| line.topic == Topic::NextDate && line.subject.is_empty();
    let line = preview.lines.iter().find(is_own);
    match line.map(|line| (&line.before, &line.after)) {
        Some((Some(_), Some(Value::Date(date)))) if !is_move && !days.new.is_empty() => Some(*date),
        _ => None,
    }
}

/// Where several subscriptions come on one day next. That day need not be among the new ones, as
/// something else may come then already.
fn shared_date(preview: &Preview, days: &Days) -> Option<Date> {
    let lines = preview.lines.iter();
    let next = lines.filter(|line| line.topic == Topic::NextDate && !line.subject.is_empty());
    let mut dates = next.map(|line| match &line.after {
        Some(Value::Date(date)) => Some(*date),
        _ => None,
    });
    let first = dates.next()??;
    let is_move = days.gone.len() == 1 && days.new == [first];
    let others: Vec<Option<Date>> = dates.collect();
    let is_shared = !others.is_empty() && others.iter().all(|date| *date == Some(first));
    (is_shared && !is_move).then_some(first)
}

/// The days of which the preview tells what is charged, each with the amount, and whether that is
/// an estimate.
fn totals(preview: &Preview) -> impl Iterator<Item = (Date, Money, bool)> {
    let lines = preview.lines.iter();
    lines.filter_map(|line| Some((line.day?, total(line)?.1, line.estimated)))
}

/// What is charged on `day`, and whether that is an estimate.
fn charge_of(preview: &Preview, day: Date) -> Option<(Money, bool)> {
    if let Some(next) = preview.next.filter(|next| next.after == Some(day)) {
        return next.total.map(|total| (total, next.estimated));
    }
    let mut told = totals(preview).filter(|(told, ..)| *told == day);
    let (_, amount, estimated) = told.next().filter(|_| told.next().is_none())?;
    Some((amount, estimated))
}

/// A line about what a delivery costs, and what it will cost.
fn total(line: &PreviewLine) -> Option<(&PreviewLine, Money)> {
    match (&line.topic, &line.after) {
        (Topic::Total, Some(Value::Money(after))) if line.day.is_some() => Some((line, *after)),
        _ => None,
    }
}

fn attention(preview: &Preview, days: &Days, told: Option<Date>, today: Date) -> Vec<String> {
    let lines = || preview.lines.iter();
    // Where deliveries are joined, more in one of them is none more to pay.
    let more = lines().find_map(|line| more(line, told, today));
    let more = more.filter(|_| days.gone.is_empty());
    // What is lost is in what costs more.
    let dearer = more.or_else(|| lines().find_map(lost));
    let cautions = preview.cautions.iter().filter_map(caution);
    let cautions = cautions.map(str::to_owned);
    dearer.into_iter().chain(cautions).collect()
}

fn more(line: &PreviewLine, told: Option<Date>, today: Date) -> Option<String> {
    let (line, after) = total(line)?;
    let Some(Value::Money(before)) = &line.before else {
        return None;
    };
    let more = after.minus(*before).filter(|more| more.minor() > 0)?;
    let amount = format::money(more);
    Some(if line.day == told {
        t::outcome_more(&amount)
    } else {
        t::outcome_more_on(&amount, &format::date(line.day?, today))
    })
}

/// A reduction that nothing takes the place of.
fn lost(line: &PreviewLine) -> Option<String> {
    let (Some(Value::Money(value)), None) = (&line.before, &line.after) else {
        return None;
    };
    let value = format::money(*value);
    match line.topic {
        Topic::Discount => Some(t::outcome_lost_discount(&value)),
        Topic::Credit => Some(t::outcome_lost_credit(&value)),
        _ => None,
    }
}

/// What the customer should know; one that this version has no words for says nothing.
fn caution(caution: &Caution) -> Option<&'static str> {
    Some(match caution {
        Caution::Joins => t::caution_joins(),
        Caution::LosesSkips => t::caution_loses_skips(),
        Caution::LosesDiscount => t::caution_loses_discount(),
        Caution::DiscountStays => t::caution_discount_stays(),
        Caution::OtherPrice => t::caution_other_price(),
        Caution::NotSold => t::caution_not_sold(),
        Caution::GiftCosts => t::caution_gift_costs(),
        Caution::GiftStays => t::caution_gift_stays(),
        // That is the outcome itself.
        Caution::Ends | Caution::Other(_) => return None,
    })
}
