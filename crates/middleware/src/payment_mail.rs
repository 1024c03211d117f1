//! The email that customers get after each payment, with the way to the portal.

use protocol::view::Customer;
use protocol::{CustomerId, Query};

use crate::budget::Purpose;
use crate::effects::Job;
use crate::messages;
use crate::state::{App, LOGIN};
use crate::store::{Report, StoreError, TokenHash};
use crate::upstream::calling_for;

/// What reports that a charge was paid.
const PAID: &str = "charge/paid";

/// Queues the email after a payment that `report` tells of, where the shop wants one. A payment that
/// is reported again gets none, for as long as `remember_ms`.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn queue(app: &App, report: &Report, remember_ms: i64) -> Result<(), StoreError> {
    let wanted = app.config.mail.as_ref();
    let wanted = wanted.is_some_and(|mail| mail.after_payment);
    let Some(customer) = report.customer.filter(|_| wanted && report.topic == PAID) else {
        return Ok(());
    };
    let id = format!("paid-{}", report.object);
    let now_ms = app.env.now_ms();
    // Noted first: an email that gets lost is better than one that comes twice.
    let once = TokenHash::of(&id);
    if !app.spent_tokens.spend(once, now_ms + remember_ms).await? {
        return Ok(());
    }
    let job = Job::PaymentMail { customer };
    let json = serde_json::to_string(&job).map_err(|error| StoreError(error.to_string()))?;
    app.outbox.add(&id, &json, now_ms).await
}

/// Sends it to the address that the customer has by now.
///
/// # Errors
/// Where that cannot be read, or the mail cannot be sent.
pub(crate) async fn send(app: &App, customer: CustomerId) -> Result<(), String> {
    let reading = app.gateway.read(customer, &Query::Customer);
    let view = calling_for(Purpose::Background, reading).await;
    let view = view.map_err(|problem| problem.title)?;
    let view: Customer = serde_json::from_str(&view).map_err(|error| error.to_string())?;
    let language = &app.config.languages.preferred("");
    let shop = &app.config.policy.merchant.name;
    let path = match app.config.login {
        Some(_) => LOGIN,
        None => "/portal/",
    };
    let link = format!("{}{path}", app.origin);
    let subject = messages::mail_payment_subject(language, shop);
    let text = messages::mail_payment_text(language, &link, shop);
    app.mail
        .send(&view.email, subject.as_str(), text.as_str())
        .await
}
