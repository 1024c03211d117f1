//! Why a request got no view and no outcome: problem+json.

use crate::json::{Json, Read, words};
use recharge::open_enum;
use serde::{Deserialize, Serialize};

/// A problem, as `application/problem+json` (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What kind of problem; the portal has words for each.
    #[serde(rename = "type")]
    pub kind: ProblemKind,
    /// The HTTP status.
    pub status: u16,
    /// One plain English sentence for whoever reads the traffic.
    pub title: String,
    /// The reference that the middleware's log has too; empty until the middleware sets it.
    #[serde(default)]
    pub reference: String,
    /// Fields that were refused.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldError>,
    /// Seconds after which to try again, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
}

open_enum! {
    /// The kind of a [`Problem`].
    pub enum ProblemKind {
        /// 401: no session, or it has ended.
        SessionEnded = "session_ended",
        /// 403: the merchant has switched this action off.
        SwitchedOff = "switched_off",
        /// 403: the customer has to prove who they are by a code first; see
        /// [`VERIFICATIONS`](crate::view::VERIFICATIONS).
        CodeNeeded = "code_needed",
        /// 403: the request does not come from the portal's own page.
        ForeignOrigin = "foreign_origin",
        /// 404: no such thing, or not this customer's.
        NotFound = "not_found",
        /// 405: the route exists for another method.
        MethodNotAllowed = "method_not_allowed",
        /// 400: the request is not understood.
        BadRequest = "bad_request",
        /// 413: the body is too large.
        TooLarge = "too_large",
        /// 415: the body is not JSON.
        NotJson = "not_json",
        /// 409: this key was used for another change.
        KeyReused = "key_reused",
        /// 409: an earlier change is still being checked; try again later.
        StillChecking = "still_checking",
        /// 429: too many requests.
        TooManyRequests = "too_many_requests",
        /// 502: upstream answered something that could not be read or refused our key.
        Upstream = "upstream",
        /// 503: upstream cannot be reached now; nothing was changed.
        Unavailable = "unavailable",
        /// 500: a fault of ours; nothing is known to have changed.
        Internal = "internal",
    }
}

impl ProblemKind {
    /// The HTTP status that goes with it; 500 for one this version does not know.
    pub fn status(&self) -> u16 {
        match self {
            ProblemKind::BadRequest => 400,
            ProblemKind::SessionEnded => 401,
            ProblemKind::SwitchedOff | ProblemKind::CodeNeeded | ProblemKind::ForeignOrigin => 403,
            ProblemKind::NotFound => 404,
            ProblemKind::MethodNotAllowed => 405,
            ProblemKind::KeyReused | ProblemKind::StillChecking => 409,
            ProblemKind::TooLarge => 413,
            ProblemKind::NotJson => 415,
            ProblemKind::TooManyRequests => 429,
            ProblemKind::Upstream => 502,
            ProblemKind::Unavailable => 503,
            ProblemKind::Internal | ProblemKind::Other(_) => 500,
        }
    }
}

impl Problem {
    /// A problem of `kind`, told in `title`.
    pub fn new(kind: ProblemKind, title: impl Into<String>) -> Problem {
        let status = kind.status();
        Problem {
            kind,
            status,
            title: title.into(),
            reference: String::new(),
            fields: Vec::new(),
            retry_after: None,
        }
    }

    /// What a missing thing and somebody else's thing both answer.
    pub fn not_found() -> Problem {
        Problem::new(
            ProblemKind::NotFound,
            "There is no such thing for this customer.",
        )
    }
}

/// A field of a form that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct FieldError {
    /// The field's name as sent, such as `zip`.
    pub field: String,
    /// What is wrong with it.
    pub error: FieldProblem,
    /// The most characters that it may have, where it is too long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

impl FieldError {
    /// What is wrong with a field.
    pub fn new(field: impl Into<String>, error: FieldProblem) -> FieldError {
        FieldError {
            field: field.into(),
            error,
            limit: None,
        }
    }

    /// A field with more than `limit` characters.
    pub fn too_long(field: impl Into<String>, limit: usize) -> FieldError {
        FieldError {
            limit: u32::try_from(limit).ok(),
            ..FieldError::new(field, FieldProblem::TooLong)
        }
    }
}

open_enum! {
    /// What is wrong with a field.
    pub enum FieldProblem {
        /// It must not be empty.
        Required = "required",
        /// It holds characters that nobody can see, or that change how the rest is read.
        Characters = "characters",
        /// It is longer than allowed.
        TooLong = "too_long",
        /// The number is below the least or above the most.
        OutOfRange = "out_of_range",
        /// It does not have the form that the country's postcodes have.
        Postcode = "postcode",
        /// It does not have the form of a tax id.
        TaxId = "tax_id",
        /// It is not one of the country's provinces.
        Province = "province",
        /// The store does not ship to that country.
        Country = "country",
        /// It is not an e-mail address.
        Email = "email",
        /// It is not the code that was sent.
        Code = "code",
        /// It is what the customer has already.
        Unchanged = "unchanged",
        /// There is no such discount code.
        DiscountUnknown = "discount_unknown",
        /// The code is not for use in the portal.
        DiscountBlocked = "discount_blocked",
        /// The code is switched off.
        DiscountDisabled = "discount_disabled",
        /// The code does not count yet.
        DiscountNotYet = "discount_not_yet",
        /// The code counts no more.
        DiscountExpired = "discount_expired",
        /// The code was used as often as it may be.
        DiscountUsedUp = "discount_used_up",
        /// The code is for once per customer.
        DiscountUsedBefore = "discount_used_before",
        /// The code is for a first order.
        DiscountNewCustomers = "discount_new_customers",
        /// The items cost less than the code asks for.
        DiscountMinimum = "discount_minimum",
        /// There is another discount, and only one at a time counts.
        DiscountNotCombinable = "discount_not_combinable",
        /// Upstream refused the value.
        Refused = "refused",
    }
}

words!(ProblemKind, FieldProblem);

impl Read for Problem {
    fn read(mut json: Json) -> Option<Problem> {
        Some(Problem {
            kind: json.take("type")?,
            status: json.take("status")?,
            title: json.take("title")?,
            reference: json
                .take::<Option<String>>("reference")?
                .unwrap_or_default(),
            fields: json.take("fields")?,
            retry_after: json.take("retry_after")?,
        })
    }
}
