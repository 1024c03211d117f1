//! The design system: components without domain types.
//!
//! A section is composed of these and of the layout classes of `style/flow.css`:
//!
//! ```text
//! <div class="stack stack-section">
//!     <PageHeader title=t::nav_addresses()>
//!         <Button label=t::addresses_add() icon=Glyph::Plus on_press=add/>
//!     </PageHeader>
//!     <Card>…</Card>
//! </div>
//! ```
//!
//! Props are concrete (`Signal<String>`, `Callback<T>`): generic components are compiled
//! once per use, and in wasm that is what costs. A `Signal<String>` takes a `&str`, a
//! `String`, any signal, and a closure through `Signal::derive`.

mod banner;
mod button;
mod calendar;
mod card;
mod choice;
mod dialog;
mod empty;
mod facts;
mod field;
mod focus;
mod icon;
mod id;
mod menu;
mod picker;
mod picture;
mod review;
mod skeleton;
mod status;
mod stepper;
mod switch;
mod table;
pub mod task;

pub use banner::Banner;
pub use button::{Button, ButtonKind, LinkButton};
pub use calendar::{DatePicker, OpenDays};
pub use card::{Card, Disclosure, Pill, Tone};
pub use choice::{Choice, RadioGroup};
pub use dialog::{Dialog, DialogBody, DialogFoot};
pub use empty::{Drawing, EmptyState};
pub use facts::{DateBlock, Fact, Facts, Sum, Sums};
pub use field::{Field, Select, TextArea};
pub use focus::{focus, keep_focus};
pub use icon::{Glyph, Icon};
pub use id::unique_id;
pub use menu::{Menu, MenuItem};
pub use picker::{Pick, Picker, Tick, Ticks};
pub use picture::{Picture, PictureSize};
pub use review::{Line, LineKind, Review};
pub use skeleton::{Shape, Skeleton};
pub use status::{Announcer, StatusLine};
pub use stepper::Stepper;
pub use switch::{Progress, Switch};
pub use table::{Column, Table};
