//! How often something comes and is paid, as a body asks for it.

use base::{Interval, Unit};

use crate::call::Answer;
use crate::errors::{invalid, invalid_plain};
use crate::incoming::Incoming;
use crate::rows::*;

/// The longest interval, in units.
const MAX_INTERVAL: u64 = 1000;

/// How often something comes and is paid.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Intervals {
    pub(super) interval: Interval,
    pub(super) charge_every: u32,
}

/// The three fields of the intervals, which go together.
const FIELDS: [&str; 3] = [
    "order_interval_unit",
    "order_interval_frequency",
    "charge_interval_frequency",
];

/// The intervals that a body asks for, by the three interval fields together or by a plan.
pub(super) fn read(tables: &Tables, incoming: &Incoming) -> Result<Option<Intervals>, Answer> {
    let is_sent = |field: &&&str| incoming.value(field).is_some();
    match FIELDS.iter().filter(is_sent).count() {
        0 => {}
        3 => return fields(incoming).map(Some),
        _ => {
            let rule = "when passing order_interval_unit provide charge_interval_frequency and \
                        order_interval_frequency to update the interval information";
            return Err(invalid_plain("charge_interval_unit_type", rule));
        }
    }
    let Some(plan_id) = incoming.number("plan_id")? else {
        return Ok(None);
    };
    let plan = tables.plans.get(&plan_id);
    let plan = plan.ok_or_else(|| invalid("plan_id", "Not found"))?;
    Ok(Some(Intervals {
        interval: Interval {
            unit: plan.unit,
            every: plan.order_every,
        },
        charge_every: plan.charge_every,
    }))
}

fn fields(incoming: &Incoming) -> Result<Intervals, Answer> {
    let unit = match incoming.text(FIELDS[0])?.as_deref() {
        Some("day") => Unit::Day,
        Some("week") => Unit::Week,
        Some("month") => Unit::Month,
        _ => return Err(invalid(FIELDS[0], "Not a valid choice.")),
    };
    let count = |field: &str| -> Result<u32, Answer> {
        match incoming.number(field)? {
            Some(n) if (1..=MAX_INTERVAL).contains(&n) => Ok(n as u32),
            _ => Err(invalid(
                field,
                "Must be greater than or equal to 1 and less than or equal to 1000.",
            )),
        }
    };
    let (every, charge_every) = (count(FIELDS[1])?, count(FIELDS[2])?);
    if charge_every % every != 0 {
        return Err(invalid(
            FIELDS[2],
            "charge_interval_frequency must be a multiple of order_interval_frequency",
        ));
    }
    Ok(Intervals {
        interval: Interval { unit, every },
        charge_every,
    })
}

/// The plan that a body names for a product, which must be one to subscribe by.
pub(super) fn plan<'a>(
    tables: &'a Tables,
    incoming: &Incoming,
    details: &ItemDetails,
) -> Result<Option<&'a Plan>, Answer> {
    let Some(plan_id) = incoming.number("plan_id")? else {
        return Ok(None);
    };
    let plan = tables.plans.get(&plan_id).filter(|plan| {
        plan.kind != "onetime"
            && Some(&plan.external_product_id) == details.external_product_id.as_ref()
    });
    plan.map(Some)
        .ok_or_else(|| invalid("plan_id", "Not found"))
}

/// The plan of a product with these intervals, where there is one.
pub(super) fn plan_of<'a>(
    tables: &'a Tables,
    details: &ItemDetails,
    intervals: Intervals,
) -> Option<&'a Plan> {
    tables.plans.values().find(|plan| {
        plan.kind != "onetime"
            && Some(&plan.external_product_id) == details.external_product_id.as_ref()
            && (plan.unit, plan.order_every, plan.charge_every)
                == (
                    intervals.interval.unit,
                    intervals.interval.every,
                    intervals.charge_every,
                )
    })
}

/// A product without a plan to subscribe by is sold once only.
pub(super) fn check_has_plan(tables: &Tables, details: &ItemDetails) -> Result<(), Answer> {
    let is_for = |plan: &Plan| {
        plan.kind != "onetime"
            && Some(&plan.external_product_id) == details.external_product_id.as_ref()
    };
    if tables.plans.values().any(is_for) {
        return Ok(());
    }
    Err(invalid(
        "external_variant_id",
        "Product has no subscription plan",
    ))
}

/// The fixed day of the week (0 to 6, Monday first) or of the month (1 to 31) that a body
/// sets; each only with its own unit.
pub(super) fn fixed_days(
    incoming: &Incoming,
    unit: Unit,
    old: (Option<u64>, Option<u64>),
) -> Result<(Option<u64>, Option<u64>), Answer> {
    let day = |field: &str, range: std::ops::RangeInclusive<u64>, of: Unit, old: Option<u64>| {
        let day = if incoming.has(field) {
            incoming.number(field)?
        } else {
            // Another unit leaves the day without meaning.
            return Ok(old.filter(|_| unit == of));
        };
        match day {
            Some(day) if !range.contains(&day) => Err(invalid(field, "Not a valid choice.")),
            Some(_) if unit != of => {
                Err(invalid(field, "Does not apply to this order_interval_unit"))
            }
            day => Ok(day),
        }
    };
    Ok((
        day("order_day_of_week", 0..=6, Unit::Week, old.0)?,
        day("order_day_of_month", 1..=31, Unit::Month, old.1)?,
    ))
}
