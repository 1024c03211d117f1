//! The portal as a whole: into a page and out of it again, the settings, and the frame around
//! the sections.

mod config;
mod mount;
mod portal;
mod shell;

pub use mount::{Handle, mount};
