//! What the browser holds of the customer's data, and how it changes.
//!
//! A [`Query`] has one cell, shared by everything that shows it: loaded when a section opens,
//! read again when the window gets the focus back or a change says that it is no longer true.
//! While it is read again the old value stays.

mod action;
mod cell;
mod cells;
pub mod change;
mod changes;
mod notice;
mod prepared;
mod session;
mod view;

pub use action::Action;
pub use cell::{Cell, Status};
pub use cells::Data;
pub use changes::Changes;
pub use notice::{Notice, PreviewState};
pub use prepared::Prepared;
pub use session::{dismiss, forget_those, is_dismissed, remember_path, storage, take_path};
pub use view::{InView, Reader, View};
