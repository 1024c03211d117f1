//! Writing to customers, behind a seam: by mail on a server, on the page in mock mode.

use recharge::{BoxFuture, Shared};

/// What a customer is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Letter {
    /// The code that proves a new e-mail address; to be sent at once.
    EmailCode {
        /// The new address.
        to: String,
        /// The code.
        code: String,
    },
    /// The code that confirms that all data is to be deleted; to be sent at once.
    DeletionCode {
        /// The customer's address.
        to: String,
        /// The code.
        code: String,
    },
    /// That the e-mail address was changed; may arrive later, but has to arrive.
    EmailChanged {
        /// The address of before.
        to: String,
        /// The address of now.
        new: String,
    },
}

/// A letter could not be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailError;

/// How customers are written to.
pub trait Mailer: Shared {
    /// Sends a letter, or takes it on durably where it may arrive later.
    fn send<'a>(&'a self, letter: &'a Letter) -> BoxFuture<'a, Result<(), MailError>>;
}

/// Where nobody is written to.
pub(crate) struct NoMail;

impl Mailer for NoMail {
    fn send<'a>(&'a self, _: &'a Letter) -> BoxFuture<'a, Result<(), MailError>> {
        Box::pin(std::future::ready(Err(MailError)))
    }
}
