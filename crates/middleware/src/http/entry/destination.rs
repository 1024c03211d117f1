//! Where a session begins: at a page of the portal, or in a flow, which is all that it is for.

use protocol::Operation;
use protocol::view::{AfterCompletion, Flow, PAGES, SubjectKind};
use serde::{Deserialize, Serialize};

use super::fields::{Id, allowed_url, bad};
use crate::config::operation_name;
use crate::problem::ApiError;
use crate::state::App;

/// The longest message of the merchant's on a page that confirms, in characters.
const LONGEST_MESSAGE: usize = 500;

/// A flow, as the merchant's server asks for it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FlowRequest {
    /// The operation's name.
    #[serde(rename = "type")]
    kind: String,
    subject: Option<Id>,
    after_completion: Option<CompletionRequest>,
}

/// What comes after a flow, as the merchant's server asks for it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CompletionRequest {
    #[serde(rename = "type")]
    kind: String,
    message: Option<String>,
    return_url: Option<String>,
}

impl FlowRequest {
    /// The flow, checked; whether its subject is the customer's is found out when it begins.
    ///
    /// # Errors
    /// 400, naming the field that is wrong and what to send.
    pub(super) fn check(self, app: &App) -> Result<Flow, ApiError> {
        let mut all = flows();
        let operation = all.find(|operation| operation_name(*operation) == self.kind);
        let operation = operation.ok_or_else(|| {
            let names: Vec<String> = flows().map(operation_name).collect();
            bad(format!(
                "`flow.type` is not a flow. Send one of: {}.",
                names.join(", ")
            ))
        })?;
        let subject = self.subject.map(Id::into_text).unwrap_or_default();
        if operation.flow_subject(&subject).is_none() {
            return Err(bad(wrong_subject(operation)));
        }
        let after_completion = match self.after_completion {
            Some(request) => request.check(app)?,
            None => AfterCompletion::Portal,
        };
        Ok(Flow {
            id: String::new(),
            operation,
            subject,
            after_completion,
        })
    }
}

impl CompletionRequest {
    fn check(self, app: &App) -> Result<AfterCompletion, ApiError> {
        let unused = |field: &str, kind: &str| {
            bad(format!(
                "`flow.after_completion.{field}` goes with `\"type\": \"{kind}\"` only."
            ))
        };
        let (message, return_url) = (self.message, self.return_url);
        match self.kind.as_str() {
            "portal" | "redirect" if message.is_some() => Err(unused("message", "confirmation")),
            "portal" | "confirmation" if return_url.is_some() => {
                Err(unused("return_url", "redirect"))
            }
            "portal" => Ok(AfterCompletion::Portal),
            "confirmation" => Ok(AfterCompletion::Confirmation {
                message: message.map(checked_message).transpose()?,
            }),
            "redirect" => {
                let field = "flow.after_completion.return_url";
                let url = return_url.ok_or_else(|| {
                    bad(format!(
                        "`{field}` is missing. Send the address that the flow leads to."
                    ))
                })?;
                let return_url = allowed_url(app, field, &url)?;
                Ok(AfterCompletion::Redirect { return_url })
            }
            _ => Err(bad(
                "`flow.after_completion.type` is not one that there is. Send `portal`, \
                 `confirmation` or `redirect`.",
            )),
        }
    }
}

/// The operations that can be a flow.
fn flows() -> impl Iterator<Item = Operation> {
    let all = Operation::ALL.iter().copied();
    all.filter(|operation| !operation.flow_subjects().is_empty())
}

fn wrong_subject(operation: Operation) -> String {
    let words = operation.flow_subjects().iter().map(|kind| match kind {
        SubjectKind::Nothing => "none",
        SubjectKind::Subscription => "the id of a subscription",
        SubjectKind::Delivery => {
            "a delivery by the id of its address and its date, as `123/2026-12-01`"
        }
        SubjectKind::Address => "the id of an address",
        SubjectKind::PaymentMethod => "the id of a payment method",
    });
    let words: Vec<&str> = words.collect();
    format!(
        "`flow.subject` is not what `{}` is about. Send {}.",
        operation_name(operation),
        words.join(", or ")
    )
}

fn checked_message(message: String) -> Result<String, ApiError> {
    let is_fine = !message.trim().is_empty()
        && message.chars().count() <= LONGEST_MESSAGE
        && !message.chars().any(char::is_control);
    is_fine.then_some(message).ok_or_else(|| {
        bad(format!(
            "`flow.after_completion.message` is empty, longer than {LONGEST_MESSAGE} characters, \
             or has a control character. Send plain text, or leave it out."
        ))
    })
}

/// A page of the portal by its path, such as `/subscriptions/123`.
///
/// # Errors
/// 400 where there is no such page, naming those that there are.
pub(super) fn checked_page(page: String) -> Result<String, ApiError> {
    if is_page(&page) {
        return Ok(page);
    }
    Err(bad(format!(
        "`page` is not a page of the portal. Send one of: {}.",
        PAGES.join(", ")
    )))
}

/// Whether `page` is the path of a page of the portal.
pub(super) fn is_page(page: &str) -> bool {
    PAGES.iter().any(|known| {
        let (known, given) = (known.split('/'), page.split('/'));
        known.clone().count() == given.clone().count()
            && known.zip(given).all(|(known, given)| match known {
                // As long as the longest number.
                "{id}" => {
                    (1..=20).contains(&given.len()) && given.bytes().all(|b| b.is_ascii_digit())
                }
                _ => known == given,
            })
    })
}
