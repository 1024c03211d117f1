//! The handlers of requests, above the application's state. Each file with `routes` has a row in the
//! table of routes; the others are what handlers share.

pub(crate) mod answer;
pub(crate) mod api;
mod body;
mod credential;
pub(crate) mod cross_origin;
pub(crate) mod entry;
pub(crate) mod events;
mod first_answers;
mod form_page;
pub(crate) mod hand_over;
pub(crate) mod health;
pub(crate) mod metrics;
mod navigation;
pub(crate) mod origin;
mod plain_page;
pub(crate) mod portal;
pub(crate) mod webhooks;
