//! The store itself and its token.

use serde_json::json;

use super::{Access, Route};
use crate::call::{Answer, Outcome};
use crate::incoming::Incoming;
use crate::rows::Tables;
use crate::serialise::shop as wire;

pub(super) const ROUTES: &[Route] = &[
    ("GET", "/", Access::Read(root)),
    ("GET", "/store", Access::Read(store)),
    ("GET", "/token_information", Access::Read(token_information)),
];

/// Some clients check their token here.
fn root(_: &Tables, _: &Incoming) -> Outcome {
    Ok(Answer::json(200, json!({})))
}

fn store(tables: &Tables, _: &Incoming) -> Outcome {
    Ok(Answer::one("store", wire::store(&tables.shop)))
}

fn token_information(tables: &Tables, _: &Incoming) -> Outcome {
    Ok(Answer::one(
        "token_information",
        wire::token_information(&tables.shop),
    ))
}
