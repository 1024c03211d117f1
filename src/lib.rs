//! The portal: a single-page app that a page mounts into an element of its own.
//!
//! `mount` is the way in; `app` is the frame around the six `sections`; `routing` says
//! where the customer is; `ui` is the design system, which knows nothing of
//! subscriptions; `i18n` holds the words.

#![expect(
    unreachable_pub,
    reason = "the component macro writes `pub` items into private modules"
)]

mod app;
mod backend;
mod data;
mod host;
pub mod i18n;
mod mount;
pub mod routing;
mod sections;
pub mod ui;

pub use mount::{Handle, mount};
