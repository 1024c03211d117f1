//! Links in messages that make one change: the page behind one says what would happen, and only its
//! button does it, once.

mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use base::hex;
use gateway::{Actor, Caller, Gateway};
use jiff::Timestamp;
use protocol::view::{
    Delivery, DeliveryKey, DeliverySchedule, PaymentLine, PaymentMethods, Preview,
    SubscriptionDetail,
};
use protocol::{
    BadRequest, CustomerId, Intent, Operation, Outcome, PartState, PaymentMethodId, Problem,
    ProblemKind, PurchaseItemId, Query, Refusal, Sendable,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tracing::Instrument;

use self::words::QUESTIONS;
use super::fields::{Id, bad};
use super::sessions::{self, Asked, only_merchant};
use crate::audit::{Audit, Reference};
use crate::budget::Purpose;
use crate::config::operation_name;
use crate::http::body::{read_form, read_json};
use crate::http::plain_page::{Button, LINK, PlainPage};
use crate::limit::UnknownLink;
use crate::messages::{self, Language, Text};
use crate::problem::ApiError;
use crate::session;
use crate::state::App;
use crate::store::{OneClickLink, Terms, TokenHash};
use crate::upstream::calling_for;

/// A link works for so many hours, unless the merchant's server says otherwise.
const USUAL_HOURS: i64 = 7 * 24;
/// For so many at most.
const MOST_HOURS: i64 = 30 * 24;
const HOUR_MS: i64 = 3_600_000;
/// The field with the payment method that was chosen.
const METHOD: &str = "payment_method_id";

/// What the merchant's server asks for a link with. Exactly one of the first four says for whom.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LinkRequest {
    customer_id: Option<Id>,
    external_customer_id: Option<Id>,
    email: Option<String>,
    hash: Option<String>,
    /// The operation, by its name.
    action: String,
    /// The values of the placeholders in the operation's route.
    #[serde(default)]
    object: BTreeMap<String, Value>,
    /// The body of the operation's request.
    body: Option<Value>,
    expires_in_hours: Option<i64>,
    return_url: Option<String>,
    configuration: Option<String>,
    locale: Option<String>,
}

/// Makes a link for one change of one customer.
pub(super) async fn create(
    State(app): State<Arc<App>>,
    request: Request,
) -> Result<Response, ApiError> {
    let (parts, body) = request.into_parts();
    only_merchant(&app, &parts)?;
    let body = read_json(&parts.headers, body).await?;
    let mut request: LinkRequest = protocol::read_body(&body)?;
    let (operation, path) = place(&request.action, &request.object)?;
    let hours = request.expires_in_hours.unwrap_or(USUAL_HOURS);
    if !(1..=MOST_HOURS).contains(&hours) {
        return Err(bad(format!(
            "`expires_in_hours` must be from 1 to {MOST_HOURS}."
        )));
    }
    let terms = sessions::terms(
        &app,
        &Asked {
            return_url: request.return_url.as_deref(),
            configuration: request.configuration.as_deref(),
            locale: request.locale.as_deref(),
            ..Asked::default()
        },
    )?;
    let lookup = sessions::lookup(
        request.customer_id.take(),
        request.external_customer_id.take(),
        request.email.take(),
        request.hash.take(),
    )?;
    let customer = sessions::find(&app, lookup).await?;
    app.limits.link(customer)?;
    let choosing = gateway(&app, customer, &terms);
    let gateway = &*calling_for(Purpose::Link, choosing).await?;
    let body = match request.body {
        None if operation == Operation::ProcessDelivery => {
            amount_due(gateway, customer, &path).await?
        }
        body => body.unwrap_or_else(|| json!({})),
    };
    let intent = intent(operation, &path, &body)?;
    // That it is theirs and that the shop allows it is checked here already.
    let looking = gateway.preview(customer, &intent);
    calling_for(Purpose::Link, looking).await?;

    let token = session::new_token(&app);
    let now_ms = app.now_ms().await?;
    let link = OneClickLink {
        id: format!("pl_{}", hex(&app.env.random())),
        customer,
        change: Sendable::from(&intent),
        key: new_key(app.env.random()),
        terms,
        made_ms: now_ms,
        expires_ms: now_ms + hours * HOUR_MS,
        done_ms: None,
    };
    app.one_click
        .add_one_click(TokenHash::of(&token), &link)
        .await?;
    let expires_at = Timestamp::from_second(link.expires_ms / 1000).map(|at| at.to_string());
    let answer = json!({
        "id": link.id,
        "object": "link",
        "action": request.action,
        "customer_id": customer,
        "url": format!("{}/portal/do/{token}", app.origin),
        "expires_at": expires_at.unwrap_or_default(),
    });
    let mut response = sessions::json(StatusCode::CREATED, &answer)?;
    Audit::of(customer, "link", "done")
        .by(Actor::Shop)
        .on(format!("link={} {}", link.id, request.action))
        .put(&mut response);
    Ok(response)
}

/// The operation of a link, and the path of what it is about.
fn place(action: &str, object: &BTreeMap<String, Value>) -> Result<(Operation, String), ApiError> {
    let operations = QUESTIONS.map(|(operation, _)| operation);
    let mut known = operations.into_iter();
    let operation = known.find(|operation| operation_name(*operation) == action);
    let Some(operation) = operation else {
        let names = operations.map(operation_name).join(", ");
        return Err(bad(format!("`action` must be one of {names}.")));
    };
    let (_, route) = operation.route();
    let mut path = route.to_owned();
    for (name, value) in object {
        let value = match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let place = format!("{{{name}}}");
        if !path.contains(&place) {
            return Err(bad(format!(
                "`object.{name}` is not in the action's route, `{route}`."
            )));
        }
        path = path.replace(&place, &value);
    }
    match path.split_once('{') {
        None => Ok((operation, path)),
        Some((_, rest)) => {
            let name = rest.split('}').next().unwrap_or_default();
            Err(bad(format!("`object.{name}` is missing.")))
        }
    }
}

/// The change that a link is asked for with.
fn intent(operation: Operation, path: &str, body: &Value) -> Result<Intent, ApiError> {
    let (method, route) = operation.route();
    let read = Intent::read(method, path, body.to_string().as_bytes());
    read.map_err(|wrong| match wrong {
        BadRequest::Body(why) => bad(format!("`body`: {why}")),
        _ => bad(format!(
            "`object` does not fill the action's route, `{route}`."
        )),
    })
}

/// The body that pays what a delivery comes to now.
async fn amount_due(
    gateway: &Gateway,
    customer: CustomerId,
    path: &str,
) -> Result<Value, ApiError> {
    let delivery = delivery(gateway, customer, path).await?;
    let due = delivery.and_then(|delivery| delivery.due);
    let due = due.ok_or_else(|| {
        ApiError::of_merchant(
            StatusCode::CONFLICT,
            "nothing_due",
            "The delivery has no charge that can be paid now.",
        )
    })?;
    Ok(json!({ "amount": due }))
}

/// The delivery that a path names, where it is the customer's.
async fn delivery(
    gateway: &Gateway,
    customer: CustomerId,
    path: &str,
) -> Result<Option<Delivery>, ApiError> {
    if !path.starts_with("/deliveries/") {
        return Ok(None);
    }
    let reading = gateway.read(customer, &Query::Deliveries);
    let view = calling_for(Purpose::View(customer.0), reading).await?;
    let schedule: DeliverySchedule =
        serde_json::from_str(&view).map_err(|_| ApiError::internal())?;
    let mut deliveries = schedule.deliveries.into_iter();
    Ok(deliveries.find(|delivery| {
        let DeliveryKey { address_id, date } = delivery.key;
        path.starts_with(&format!("/deliveries/{address_id}/{date}/"))
    }))
}

/// Sixteen random bytes as a UUID, version 4.
fn new_key(mut random: [u8; 16]) -> String {
    random[6] = random[6] & 0x0f | 0x40;
    random[8] = random[8] & 0x3f | 0x80;
    let digits = hex(&random);
    let ends = [(0, 8), (8, 12), (12, 16), (16, 20), (20, 32)];
    ends.map(|(from, to)| &digits[from..to]).join("-")
}

/// Shows the change of a link or, where its button was pressed, makes it.
pub(super) async fn open(
    State(app): State<Arc<App>>,
    request: Request,
) -> Result<Response, ApiError> {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path();
    let token = path.rsplit('/').next().unwrap_or_default();
    let hash = TokenHash::of(token);
    let now_ms = app.now_ms().await?;
    let found = app.one_click.one_click(hash).await?;
    let link = found.filter(|link| link.expires_ms > now_ms);
    let terms = link.as_ref().map(|link| &link.terms);
    let language = &app.language(terms, &parts.headers);
    let page = Page {
        app: &app,
        language,
        terms,
    };
    let Some(link) = &link else {
        let mut response = page.expired();
        response.extensions_mut().insert(UnknownLink);
        return Ok(response);
    };
    if link.done_ms.is_some() {
        return Ok(page.already_done());
    }
    let mut intent = link.change.intent().map_err(|_| ApiError::internal())?;
    let caller = caller(link, &parts, language);
    let choosing = gateway(&app, link.customer, &link.terms);
    let gateway = calling_for(Purpose::View(link.customer.0), choosing).await?;
    if parts.method != Method::POST {
        let looking = gateway.preview(caller, &intent);
        return match calling_for(Purpose::View(link.customer.0), looking).await {
            Ok(preview) => {
                let mut facts = about(&gateway, language, link, intent.operation()).await?;
                facts.extend(words::facts(language, &preview));
                let others = other_methods(&gateway, link, &intent).await?;
                Ok(page.question(path, intent.operation(), &preview, facts, &others))
            }
            Err(problem) if problem.status < 500 => Ok(page.refused(None)),
            Err(problem) => Err(problem.into()),
        };
    }
    if let Intent::ProcessDelivery(pay) = &mut intent {
        let chosen = chosen_method(&parts.headers, body).await?;
        pay.body.payment_method_id = chosen.or(pay.body.payment_method_id);
    }
    let operation = intent.operation();
    let outcome = carry_out(&app, gateway, caller, hash, link.key.clone(), intent).await?;
    let (mut response, result) = match &outcome {
        Ok(outcome) => page.outcome(operation, outcome),
        Err(problem) if problem.kind == ProblemKind::StillChecking => (page.checking(), "unknown"),
        Err(problem) if problem.status < 500 => (page.refused(None), "refused"),
        Err(problem) => return Err(problem.clone().into()),
    };
    let action = operation_name(operation);
    let audit = Audit::of(link.customer, &action, result)
        .by(Actor::Link)
        .on(format!("link={}", link.id));
    let audit = match &outcome {
        Ok(outcome) => audit.after(outcome),
        Err(_) => audit,
    };
    audit.put(&mut response);
    Ok(response)
}

/// The gateway under the configuration of a link.
async fn gateway(app: &App, customer: CustomerId, terms: &Terms) -> Result<Arc<Gateway>, Problem> {
    let named = terms.configuration.as_deref();
    app.configurations.gateway(customer, named).await
}

/// What a change is about: the items and, where something is paid, what pays.
async fn about(
    gateway: &Gateway,
    language: &Language,
    link: &OneClickLink,
    operation: Operation,
) -> Result<Vec<(String, String)>, ApiError> {
    let path = &link.change.path;
    let mut facts = Vec::new();
    if let Some(delivery) = delivery(gateway, link.customer, path).await? {
        let chosen = chosen(&link.change.body);
        let items = delivery.items.iter().filter(|item| match &chosen {
            Some(chosen) => chosen.contains(&item.purchase_item_id),
            None => !item.skipped,
        });
        let titles: Vec<String> = items.map(|item| item.title.clone()).collect();
        facts.push(words::delivery(language, delivery.key.date));
        facts.extend(words::items(language, &titles));
        let pays = operation == Operation::ProcessDelivery;
        let payment = delivery.payment.filter(|_| pays);
        facts.extend(payment.map(|payment| words::payment(language, &payment)));
    }
    let id = path.strip_prefix("/subscriptions/");
    let id = id.and_then(|rest| rest.split('/').next()?.parse().ok());
    if let Some(id) = id {
        let query = Query::Subscription(id);
        let reading = gateway.read(link.customer, &query);
        let view = calling_for(Purpose::View(link.customer.0), reading).await?;
        let detail: SubscriptionDetail =
            serde_json::from_str(&view).map_err(|_| ApiError::internal())?;
        facts.extend(words::items(language, &[detail.card.title]));
    }
    Ok(facts)
}

/// What could pay in place of the payment method that does, where the shop lets customers choose.
async fn other_methods(
    gateway: &Gateway,
    link: &OneClickLink,
    intent: &Intent,
) -> Result<Vec<PaymentLine>, ApiError> {
    let chosen = Operation::AssignPaymentMethod;
    if intent.operation() != Operation::ProcessDelivery
        || !gateway.policy().allowed.contains(&chosen)
    {
        return Ok(Vec::new());
    }
    let paying = delivery(gateway, link.customer, &link.change.path).await?;
    let paying = paying.and_then(|delivery| delivery.payment);
    let reading = gateway.read(link.customer, &Query::PaymentMethods);
    let view = calling_for(Purpose::View(link.customer.0), reading).await?;
    let view: PaymentMethods = serde_json::from_str(&view).map_err(|_| ApiError::internal())?;
    let lines = view.methods.into_iter().map(|method| method.line);
    Ok(lines
        .filter(|line| paying.as_ref().is_none_or(|paying| paying.id != line.id))
        .collect())
}

/// The payment method whose button was pressed; none where it was the usual one.
async fn chosen_method(
    headers: &HeaderMap,
    body: Body,
) -> Result<Option<PaymentMethodId>, ApiError> {
    if !headers.contains_key(CONTENT_TYPE) {
        return Ok(None);
    }
    let fields = read_form(headers, body).await?;
    let mut fields = fields.into_iter();
    let Some((_, id)) = fields.find(|(name, _)| name == METHOD) else {
        return Ok(None);
    };
    let id = id
        .parse()
        .map_err(|_| bad("There is no such payment method."))?;
    Ok(Some(id))
}

/// The items that a change names, where it does.
fn chosen(body: &str) -> Option<Vec<PurchaseItemId>> {
    let body: Value = serde_json::from_str(body).ok()?;
    serde_json::from_value(body["purchase_item_ids"].clone()).ok()
}

/// Carries the change out in a task of its own, which a browser that leaves does not interrupt.
async fn carry_out(
    app: &Arc<App>,
    gateway: Arc<Gateway>,
    caller: Caller,
    token: TokenHash,
    key: String,
    intent: Intent,
) -> Result<Result<Outcome, Problem>, ApiError> {
    let worker = Arc::clone(app);
    let work = async move {
        let purpose = Purpose::Change(caller.customer.0);
        let outcome = calling_for(purpose, gateway.change(caller, &key, intent)).await;
        let parts = outcome.as_ref().map_or(&[][..], |outcome| &outcome.parts);
        let some = |is: fn(&PartState) -> bool| parts.iter().any(|part| is(&part.state));
        if some(|state| *state == PartState::Done) {
            let now_ms = worker.now_ms().await?;
            worker.one_click.finish_one_click(token, now_ms).await?;
        } else if !parts.is_empty() && !some(|state| *state == PartState::Unknown) {
            let next = new_key(worker.env.random());
            worker.one_click.retry_one_click(token, &key, &next).await?;
        }
        Ok::<_, ApiError>(outcome)
    };
    let task = app.changes.spawn(work.in_current_span());
    task.await.map_err(|_| ApiError::internal())?
}

/// The customer of a link, by it.
fn caller(link: &OneClickLink, request: &Parts, language: &Language) -> Caller {
    let reference = request.extensions.get::<Reference>();
    Caller {
        customer: link.customer,
        actor: Actor::Link,
        session: link.id.clone(),
        reference: reference.map_or(String::new(), |Reference(name)| name.clone()),
        language: language.tag.clone(),
    }
}

/// What a link's page says, in the language of its reader.
struct Page<'a> {
    app: &'a App,
    language: &'a Language,
    terms: Option<&'a Terms>,
}

impl Page<'_> {
    fn say(&self, status: StatusCode, title: Text, text: Text) -> PlainPage<'_> {
        let return_url = self.terms.and_then(|terms| terms.return_url.as_deref());
        PlainPage {
            language: self.language,
            status,
            title,
            text,
            facts: Vec::new(),
            buttons: Vec::new(),
            link: self.app.back_link(self.language, return_url),
            advice: None,
        }
    }

    /// What would happen, with the button that does it.
    fn question(
        &self,
        path: &str,
        operation: Operation,
        preview: &Preview,
        facts: Vec<(String, String)>,
        others: &[PaymentLine],
    ) -> Response {
        if let Some(reason) = &preview.refused {
            return self.refused(Some(reason));
        }
        let language = self.language;
        let title = words::question(language, operation);
        let text = messages::page_change_text(language);
        let button = |label, field| Button {
            action: path,
            label,
            field,
            new_tab: false,
        };
        let ids: Vec<String> = others.iter().map(|line| line.id.to_string()).collect();
        let others = others.iter().zip(&ids).map(|(line, id)| {
            let (_, method) = words::payment(language, line);
            let label = messages::page_change_pay_with(language, &method);
            button(label, Some((METHOD, id.as_str())))
        });
        let first = button(messages::page_change_button(language), None);
        let page = PlainPage {
            facts,
            buttons: std::iter::once(first).chain(others).collect(),
            ..self.say(StatusCode::OK, title, text)
        };
        page.response(self.app)
    }

    /// What came of it, and what the log says of that.
    fn outcome(&self, operation: Operation, outcome: &Outcome) -> (Response, &'static str) {
        let is_unknown = |part: &protocol::Part| part.state == PartState::Unknown;
        let refusal = outcome.parts.iter().find_map(|part| match &part.state {
            PartState::Refused { reason, .. } => Some(reason),
            _ => None,
        });
        if outcome.is_done() {
            return (self.done(operation, &outcome.reference), "done");
        }
        if outcome.parts.iter().any(is_unknown) {
            return (self.checking(), "unknown");
        }
        (self.refused(refusal), "refused")
    }

    fn done(&self, operation: Operation, reference: &str) -> Response {
        let title = words::done(self.language, operation);
        let text = messages::page_change_done(self.language, reference);
        self.say(StatusCode::OK, title, text).response(self.app)
    }

    fn already_done(&self) -> Response {
        let title = messages::page_change_again_title(self.language);
        let text = messages::page_change_again_text(self.language);
        self.say(StatusCode::OK, title, text).response(self.app)
    }

    fn checking(&self) -> Response {
        let title = messages::page_change_checking_title(self.language);
        let text = messages::page_change_checking_text(self.language);
        self.say(StatusCode::ACCEPTED, title, text)
            .response(self.app)
    }

    fn refused(&self, reason: Option<&Refusal>) -> Response {
        let title = messages::page_change_refused_title(self.language);
        let text = words::refusal(self.language, reason);
        self.say(StatusCode::CONFLICT, title, text)
            .response(self.app)
    }

    fn expired(&self) -> Response {
        let language = self.language;
        let title = messages::page_link_used_title(language);
        let text = messages::page_change_expired(language);
        let page = PlainPage {
            advice: Some(messages::page_link_used_advice(language, LINK)),
            ..self.say(StatusCode::GONE, title, text)
        };
        page.response(self.app)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_one_that_the_journal_takes() {
        let made = new_key([0xff; 16]);
        assert_eq!(made, "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert!(base::idempotency_key(&made).is_some());
    }
}
