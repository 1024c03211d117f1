//! Writing to customers, behind a seam: by mail on a server, on the page in mock mode.

use base::{BoxFuture, Secret, Shared};

/// An email to a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Email {
    /// The code that proves a new e-mail address; to be sent at once.
    AddressCode {
        /// The new address.
        to: String,
        /// The code.
        code: Secret,
        /// How long it is good.
        minutes: u32,
    },
    /// The code that proves that the customer themselves is there; to be sent at once.
    VerificationCode {
        /// The customer's address.
        to: String,
        /// The code.
        code: Secret,
        /// How long it is good.
        minutes: u32,
    },
    /// The code that confirms that all data is to be deleted; to be sent at once.
    DeletionCode {
        /// The customer's address.
        to: String,
        /// The code.
        code: Secret,
        /// How long it is good.
        minutes: u32,
    },
    /// That the e-mail address was changed; may arrive later, but has to arrive.
    AddressChanged {
        /// The address of before.
        to: String,
        /// The address of now.
        new: String,
    },
}

/// An email could not be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailError;

/// How customers are written to.
pub trait Mailer: Shared {
    /// Sends an email, or stores it to be sent later where it may arrive later. `language` is what
    /// the customer reads, as of `Accept-Language`; empty where it is not known.
    fn send<'a>(
        &'a self,
        email: &'a Email,
        language: &'a str,
    ) -> BoxFuture<'a, Result<(), MailError>>;
}

/// Where nobody is written to.
pub(crate) struct NoMail;

impl Mailer for NoMail {
    fn send<'a>(&'a self, _: &'a Email, _: &'a str) -> BoxFuture<'a, Result<(), MailError>> {
        Box::pin(std::future::ready(Err(MailError)))
    }
}
