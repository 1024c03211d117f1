//! Carrying changes out exactly once, over an upstream that knows no idempotency keys.

mod change;
mod completion;
pub(crate) mod locks;
mod record;
mod recovery;
mod sending;
