//! Every call the store understands: one file per resource, each with its table.

mod addresses;
mod batches;
mod bulk;
mod bundles;
mod charge_actions;
mod charges;
mod credits;
mod customers;
mod discounts;
mod documents;
mod free_gifts;
mod gifts;
mod hosted;
mod intervals;
mod item_details;
mod onetimes;
mod orders;
mod payment_methods;
mod plans;
mod products;
mod search;
mod shop;
mod subscription_actions;
mod subscriptions;

use crate::call::{Answer, Call, Outcome};
use crate::errors::{invalid, not_found};
use crate::incoming::{Incoming, whole};
use crate::paging::Listed;
use crate::rows::*;

#[cfg(feature = "server")]
pub(crate) use search::is_of_2021_01;

/// A handler, and whether it may change rows.
#[derive(Clone, Copy)]
pub(crate) enum Access {
    Read(fn(&Tables, &Incoming) -> Outcome),
    Write(fn(&mut Tables, &Incoming) -> Outcome),
}

/// Method, path template, handler.
pub(crate) type Route = (&'static str, &'static str, Access);

/// The tables of all resources. A path that could fit two templates is taken by the first.
pub(crate) const ALL: &[&[Route]] = &[
    customers::ROUTES,
    addresses::ROUTES,
    payment_methods::ROUTES,
    gifts::ROUTES,
    subscriptions::ROUTES,
    subscription_actions::ROUTES,
    bulk::ROUTES,
    onetimes::ROUTES,
    charges::ROUTES,
    charge_actions::ROUTES,
    orders::ROUTES,
    discounts::ROUTES,
    plans::ROUTES,
    products::ROUTES,
    shop::ROUTES,
    search::ROUTES,
    bundles::ROUTES,
    bundles::COLLECTIONS,
    credits::ROUTES,
    documents::ROUTES,
    batches::ROUTES,
    free_gifts::ROUTES,
    hosted::ROUTES,
];

/// The address that a call is about, for writes to one address never overlap.
pub(crate) fn address_of(tables: &Tables, call: &Call) -> Option<Id> {
    let mut words = call.path.split('/').skip(1);
    let (resource, id) = (
        words.next()?,
        words.next().and_then(|word| word.parse::<Id>().ok()),
    );
    let in_body = || whole(call.body.as_ref()?.get("address_id")?);
    match (resource, id) {
        ("addresses", Some(id)) => Some(id),
        ("subscriptions", Some(id)) => tables.subscriptions.get(&id).map(|s| s.address_id),
        ("onetimes", Some(id)) => tables.onetimes.get(&id).map(|o| o.address_id),
        ("charges", Some(id)) => tables.charges.get(&id).map(|c| c.address_id),
        ("subscriptions" | "onetimes", None) => in_body(),
        _ => None,
    }
}

/// The address named in the body, which must exist.
fn address_in_body<'a>(tables: &'a Tables, incoming: &Incoming) -> Result<&'a Address, Answer> {
    let id = crate::incoming::required("address_id", incoming.number("address_id")?)?;
    tables
        .addresses
        .get(&id)
        .ok_or_else(|| invalid("address_id", "Not found"))
}

/// The row of a table with the id of the path.
fn row<'a, R>(
    rows: &'a std::collections::BTreeMap<Id, R>,
    incoming: &Incoming,
) -> Result<&'a R, Answer> {
    rows.get(&incoming.id()?).ok_or_else(not_found)
}

/// The row to change.
fn row_mut<'a, R>(
    rows: &'a mut std::collections::BTreeMap<Id, R>,
    incoming: &Incoming,
) -> Result<&'a mut R, Answer> {
    rows.get_mut(&incoming.id()?).ok_or_else(not_found)
}

/// The rows that pass a test which may refuse the query itself.
fn admitted<'a, R>(
    rows: impl Iterator<Item = &'a R>,
    mut admits: impl FnMut(&R) -> Result<bool, Answer>,
) -> Result<Vec<&'a R>, Answer> {
    let mut kept = Vec::new();
    for row in rows {
        if admits(row)? {
            kept.push(row);
        }
    }
    Ok(kept)
}

macro_rules! listed {
    ($row:ty $(, $field:literal => $key:expr)*) => {
        impl Listed for $row {
            fn id(&self) -> Id {
                self.id
            }

            fn key(&self, field: &str) -> Option<i64> {
                match field {
                    "id" => Some(self.id as i64),
                    "created_at" => Some(self.created_at),
                    $($field => { let key: fn(&$row) -> Option<i64> = $key; key(self) })*
                    _ => None,
                }
            }
        }
    };
}

listed!(Customer, "updated_at" => |row| Some(row.updated_at));
listed!(Address, "updated_at" => |row| Some(row.updated_at));
listed!(PaymentMethod, "updated_at" => |row| Some(row.updated_at));
listed!(Subscription, "updated_at" => |row| Some(row.updated_at));
listed!(Onetime, "updated_at" => |row| Some(row.updated_at));
listed!(Charge,
    "updated_at" => |row| Some(row.updated_at),
    "scheduled_at" => |row| Some(row.scheduled_at.days().into()),
    "processed_at" => |row| row.processed_at);
listed!(Order,
    "updated_at" => |row| Some(row.updated_at),
    "scheduled_at" => |row| Some(row.scheduled_at.days().into()),
    "processed_at" => |row| row.processed_at);
listed!(Discount, "updated_at" => |row| Some(row.updated_at));
listed!(Collection, "updated_at" => |row| Some(row.created_at));
listed!(CollectionProduct, "updated_at" => |row| Some(row.created_at));
listed!(BundleSelection, "updated_at" => |row| Some(row.updated_at));
listed!(CreditAccount, "expires_at" => |row| row.expires_at);
listed!(Plan, "updated_at" => |row| Some(row.created_at));
