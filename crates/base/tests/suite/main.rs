//! What dates and money promise, shown from outside.

mod calendar;
mod money;
