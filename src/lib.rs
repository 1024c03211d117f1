//! The portal: a single-page app that a page mounts into an element of its own.
//!
//! [`mount`] is the way in; `app` is the frame around all pages; `overview` is the first page,
//! `sections` are the other six, and `actions` what a customer can change; `navigation` says where
//! the customer is; `data` is what the browser holds, and `backend` where it comes from; `ui` is
//! the design system, which knows nothing of subscriptions; `i18n` holds the words.
//!
//! The bundle has two files: `sections` and `actions` are in the second, behind `entrypoints`, and
//! everything else is in the first.

#![expect(
    unreachable_pub,
    reason = "the component macro writes `pub` items into private modules"
)]

mod actions;
mod app;
mod backend;
mod data;
mod entrypoints;
mod host;
pub mod i18n;
pub mod navigation;
mod overview;
mod sections;
pub mod ui;

pub use app::{Handle, mount};

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();
