//! Store credit: balance, accounts and gifts that were bought.

use base::Money;
use serde_json::{Value, json};

use super::{Access, Route, admitted, row};
use crate::call::{Answer, Outcome};
use crate::clock::stamp;
use crate::credits::usable;
use crate::incoming::Incoming;
use crate::paging::Query;
use crate::rows::*;
use crate::serialise::customer;

pub(super) const ROUTES: &[Route] = &[
    (
        "GET",
        "/customers/{id}/credit_summary",
        Access::Read(summary),
    ),
    ("GET", "/credit_accounts", Access::Read(list)),
    ("GET", "/credit_accounts/{id}", Access::Read(get)),
];

/// An account as it goes over the wire.
fn account(tables: &Tables, row: &CreditAccount) -> Value {
    json!({
        "id": row.id,
        "api_client_id": null,
        "api_client_restricted": false,
        "available_balance": row.available.amount(),
        "created_at": stamp(row.created_at),
        "currency_code": row.available.currency(),
        "customer_id": row.customer_id,
        "expires_at": row.expires_at.map(stamp),
        "initial_balance": row.initial.amount(),
        "name": row.name,
        "redemption_code": row.redemption_code,
        "store_id": tables.shop.id,
        "type": row.kind,
        "updated_at": stamp(row.updated_at),
    })
}

fn summary(tables: &Tables, incoming: &Incoming) -> Outcome {
    let customer = row(&tables.customers, incoming)?;
    let accounts = usable(tables, customer.id, incoming.now);
    let balance = |kind: Option<&str>| {
        let counted = accounts
            .iter()
            .filter(|a| kind.is_none_or(|kind| a.kind == kind));
        let minor = counted.map(|account| account.available.minor()).sum();
        Money::from_minor(minor, tables.shop.currency).amount()
    };
    let mut value = json!({
        "customer_id": customer.id,
        "currency_code": tables.shop.currency,
        "max_redemption_limit": null,
        "total_available_balance": balance(None),
        "total_available_balance_by_credit_type": {
            "gift": balance(Some("gift")),
            "manual": balance(Some("manual")),
            "reward": balance(Some("reward")),
        },
    });
    // Vendor code writes the parameter both ways here.
    let wants = incoming.include().names("credit_details")
        || incoming.param("include[]") == Some("credit_details");
    if wants {
        let details: Vec<Value> = accounts.iter().map(|a| account(tables, a)).collect();
        value["include"] = json!({"credit_details": details});
    }
    Ok(Answer::one("credit_summary", value))
}

fn list(tables: &Tables, incoming: &Incoming) -> Outcome {
    let query = Query::read(incoming, &["id", "expires_at"])?;
    let rows = admitted(tables.credit_accounts.values(), |a| {
        Ok(query.admits_id("customer_id", a.customer_id)?
            && query.admits_id("ids", a.id)?
            && query.admits_word("credit_type", a.kind)
            && query.admits_time("expires_at", a.expires_at)?)
    })?;
    query.answer("credit_accounts", rows.into_iter(), |a| {
        let mut value = account(tables, a);
        let owner = tables.customers.get(&a.customer_id);
        if let (true, Some(owner)) = (query.include().names("customer"), owner) {
            value["include"] = json!({"customer": customer::customer(tables, owner)});
        }
        value
    })
}

fn get(tables: &Tables, incoming: &Incoming) -> Outcome {
    let found = row(&tables.credit_accounts, incoming)?;
    Ok(Answer::one("credit_account", account(tables, found)))
}
