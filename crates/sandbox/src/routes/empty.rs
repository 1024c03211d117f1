//! Resources that this shop has none of: their lists are empty, as those of a shop that
//! does not use them.

use serde_json::json;

use super::{Access, Route};
use crate::call::{Answer, Outcome};

pub(super) const ROUTES: &[Route] = &[
    (
        "GET",
        "/async_batches",
        Access::Read(|_, _| none("async_batches")),
    ),
    (
        "GET",
        "/bundle_selections",
        Access::Read(|_, _| none("bundle_selections")),
    ),
    (
        "GET",
        "/collections",
        Access::Read(|_, _| none("collections")),
    ),
    (
        "GET",
        "/credit_accounts",
        Access::Read(|_, _| none("credit_accounts")),
    ),
    ("GET", "/events", Access::Read(|_, _| none("events"))),
    (
        "GET",
        "/metafields",
        Access::Read(|_, _| none("metafields")),
    ),
    (
        "GET",
        "/retention_strategies",
        Access::Read(|_, _| none("retention_strategies")),
    ),
    ("GET", "/webhooks", Access::Read(|_, _| none("webhooks"))),
];

fn none(plural: &str) -> Outcome {
    Ok(Answer::json(
        200,
        json!({"next_cursor": null, "previous_cursor": null, plural: []}),
    ))
}
