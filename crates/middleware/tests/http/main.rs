//! The middleware over real HTTP, against the sandbox as its upstream.

mod answers;
mod cards;
mod changes;
mod effects;
mod entry;
mod failing;
mod hand_over;
mod program;
mod reads;
mod requests;
mod support;
mod upstream;
