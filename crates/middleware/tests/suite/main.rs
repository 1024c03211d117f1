//! The middleware over real HTTP, against the sandbox as its upstream.

mod answers;
mod bearer;
mod cards;
mod changes;
mod configurations;
mod connections;
mod cross_origin;
mod effects;
mod entry;
mod failing;
mod hand_over;
mod kill_walk;
mod languages;
mod limits;
mod links;
mod one_click;
mod one_writer;
mod program;
mod readiness;
mod reads;
mod reload;
mod requests;
mod secrets;
mod support;
mod upstream;
mod world;
