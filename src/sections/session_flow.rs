//! A session that is for one thing shows nothing else: what it is about, the dialog, and how it
//! ended. Then come the whole portal, a page that confirms it, or a page of the shop.

use leptos::prelude::*;
use protocol::view::{
    self, AfterCompletion, Delivery, PaymentMethods, Session, SessionFlow, SubscriptionCard,
};
use protocol::{Operation, Query};

use super::flow::{self, Thing};
use super::payment_methods;
use crate::data::change::Phase;
use crate::data::{Changes, Data};
use crate::host::with_parameters;
use crate::i18n::{format, t};
use crate::navigation::{Route, Router};
use crate::overview::lazy_bundle::LazyBundle;
use crate::overview::page::{Page, quietly};
use crate::overview::page_header::PageHeader;
use crate::overview::parts::{names, terms};
use crate::overview::words;
use crate::ui::{
    Announcer, Button, ButtonKind, LinkButton, Picture, PictureSize, Shape, Skeleton, task,
};

/// One wait for the sheet to have left the browser's history, milliseconds.
const WAIT_MS: i32 = 20;
/// At most so many of them.
const WAITS: usize = 50;

/// How far a flow is.
#[derive(Clone)]
enum Step {
    /// What it is about is being read.
    Opening,
    /// It can be done.
    Open(Box<Thing>),
    /// The customer closed it, or undid it: nothing has changed.
    Left,
    /// It was done.
    Done,
    /// The shop's page is on its way.
    Leaving,
}

/// How a flow ended, as the shop's page is told.
#[derive(Clone, Copy)]
enum Ending {
    /// As the shop wanted it.
    Done,
    /// With another change, such as a pause in place of the end.
    Instead,
    /// Without any change.
    Canceled,
}

impl Ending {
    fn name(self) -> &'static str {
        match self {
            Ending::Done => "done",
            Ending::Instead => "instead",
            Ending::Canceled => "canceled",
        }
    }
}

/// The flow of a session. Copies are the same.
#[derive(Clone, Copy)]
struct Running {
    flow: StoredValue<view::Flow>,
    step: RwSignal<Step>,
    changes: Changes,
    data: Data,
    router: Router,
    announcer: Announcer,
    lazy: LazyBundle,
}

/// In place of every page, until the flow is left.
pub(crate) fn session_flow(own: &SessionFlow) -> AnyView {
    let Some(flow) = own.whole.get() else {
        return ().into_any();
    };
    let operation = flow.operation;
    let running = Running {
        flow: StoredValue::new(flow),
        step: RwSignal::new(Step::Opening),
        changes: Changes::expect(),
        data: Data::expect(),
        router: Router::expect(),
        announcer: Announcer::expect(),
        lazy: LazyBundle::expect(),
    };
    running.follow();
    let title = Signal::derive(move || match running.step.get() {
        Step::Left => t::flow_left_title(),
        Step::Done => t::flow_done_title(),
        Step::Leaving => t::flow_leaving(),
        Step::Opening | Step::Open(_) => title(operation),
    });
    let begun = StoredValue::new(false);
    let content = quietly(Query::Session, move |page, session: &Session| {
        if begun.try_update_value(|begun| std::mem::replace(begun, true)) == Some(false) {
            running.begin(page);
        }
        let (page, shop) = (page.clone(), session.merchant.return_url.clone());
        (move || running.shown(&page, &shop)).into_any()
    });
    view! {
        <div class="stack stack-large">
            <PageHeader title/>
            {content}
        </div>
    }
    .into_any()
}

impl Running {
    /// Reads what it is about and opens its dialog.
    fn begin(self, page: &Page) {
        let page = page.clone();
        let (operation, subject) = self
            .flow
            .with_value(|flow| (flow.operation, flow.operation.flow_subject(&flow.subject)));
        let Some(subject) = subject.filter(|_| page.allows(operation)) else {
            return self.give_up(String::new());
        };
        task::set(self.step, Step::Opening);
        task::spawn_to_the_end(async move {
            let found = flow::find(self.data, operation, subject).await;
            let Some(thing) = found else {
                return self.give_up(String::new());
            };
            match flow::open(&page, operation, &thing) {
                Ok(()) => task::set(self.step, Step::Open(Box::new(thing))),
                Err(reason) => self.give_up(reason),
            }
        });
    }

    /// It cannot be done: the whole portal opens, and says why.
    fn give_up(self, reason: String) {
        // The session may have ended meanwhile, which the page says.
        if self.data.is_over() {
            return;
        }
        let announcer = self.announcer;
        self.leave();
        task::after_paint(move || {
            let reason = match reason.as_str() {
                "" => t::flow_gone(),
                reason => reason,
            };
            announcer.announce(reason);
        });
    }

    /// On to the whole portal.
    fn leave(self) {
        let Some(flow) = self.flow.try_get_value() else {
            return;
        };
        self.router.go(Route::Overview);
        self.lazy.leave_flow(&flow.id);
    }

    /// Follows what becomes of the change.
    fn follow(self) {
        let changes = self.changes;
        Effect::new(move |before: Option<bool>| {
            let happened = matches!(changes.phase.get(), Phase::Settling { rounds: 0 });
            if happened && before == Some(false) {
                untrack(|| self.happened());
            }
            happened
        });
        Effect::new(move |before: Option<bool>| {
            let shown = changes.shown.get();
            if before == Some(true) && !shown {
                untrack(|| self.closed());
            }
            shown
        });
    }

    /// A change was made: the one that the flow is for, another one in its place, or an undo.
    fn happened(self) {
        if let Step::Done = self.step.get() {
            return self.step.set(Step::Left);
        }
        let made = self.changes.intent().and_then(|intent| intent.operation());
        let made = made.and_then(|(name, _)| Operation::named(&name));
        let is_own = self.flow.with_value(|flow| made == Some(flow.operation));
        self.end(if is_own {
            Ending::Done
        } else {
            Ending::Instead
        });
    }

    /// The dialog was closed, by whatever.
    fn closed(self) {
        let is_idle = !self.changes.phase.get().is_busy();
        if is_idle && !self.data.is_over() && matches!(self.step.get(), Step::Open(_)) {
            self.end(Ending::Canceled);
        }
    }

    fn end(self, ending: Ending) {
        let flow = self.flow.get_value();
        match (&flow.after_completion, ending) {
            (AfterCompletion::Redirect { return_url }, _) => {
                let name = serde_json::to_string(&flow.operation).unwrap_or_default();
                let result = [
                    ("flow", name.trim_matches('"').to_owned()),
                    ("result", ending.name().to_owned()),
                ];
                self.go(with_parameters(return_url, &result));
            }
            (_, Ending::Canceled) => self.step.set(Step::Left),
            (AfterCompletion::Portal, _) => self.leave(),
            (AfterCompletion::Confirmation { .. }, _) => self.step.set(Step::Done),
        }
        if !matches!(ending, Ending::Canceled) {
            self.lazy.end_flow(&flow.id);
        }
    }

    /// To a page of the shop, once the sheet has left the browser's history: that would end the
    /// loading of the page.
    fn go(self, url: String) {
        self.step.set(Step::Leaving);
        task::spawn_to_the_end(async move {
            for _ in 0..WAITS {
                task::sleep(WAIT_MS).await;
                if self.router.is_settled() {
                    break;
                }
            }
            // A browser that refuses leaves the customer where they are.
            let _ = window().location().assign(&url);
        });
    }

    fn shown(self, page: &Page, shop: &str) -> AnyView {
        match self.step.get() {
            Step::Opening | Step::Leaving => view! { <Skeleton shape=Shape::Rows(1)/> }.into_any(),
            Step::Open(thing) => match *thing {
                Thing::PaymentMethods(all) => self.card_fields(&all),
                thing => self.open(page, thing),
            },
            Step::Left => {
                let (page, shop) = (page.clone(), shop.to_owned());
                let again = move |()| self.begin(&page);
                view! {
                    <section class="card" part="card">
                        <p>{t::flow_left_text()}</p>
                        <div class="actions">
                            <Button label=t::flow_again() kind=ButtonKind::Primary on_press=again/>
                            <LinkButton href=shop label=t::shell_back()/>
                        </div>
                    </section>
                }
                .into_any()
            }
            Step::Done => {
                let message = self.flow.with_value(|flow| match &flow.after_completion {
                    AfterCompletion::Confirmation { message } => message.clone(),
                    _ => None,
                });
                let message = message.unwrap_or_else(|| t::flow_done_text().to_owned());
                let shop = shop.to_owned();
                view! {
                    <section class="card" part="card">
                        <p class="typed">{message}</p>
                        <div class="actions">
                            <LinkButton href=shop label=t::shell_back() kind=ButtonKind::Primary/>
                        </div>
                    </section>
                }
                .into_any()
            }
        }
    }

    /// What it is about, and the way to its dialog where that was closed while a change was on its
    /// way.
    fn open(self, page: &Page, thing: Thing) -> AnyView {
        let operation = self.flow.with_value(|flow| flow.operation);
        let (own, locked) = (page.clone(), page.locked(None));
        let about = about(page, &thing);
        let press = move |()| {
            if let Err(reason) = flow::open(&own, operation, &thing) {
                self.give_up(reason);
            }
        };
        view! {
            <section class="card" part="card">
                {about}
                <div class="actions">
                    <Button label=title(operation) kind=ButtonKind::Primary locked on_press=press/>
                </div>
            </section>
        }
        .into_any()
    }

    /// The fields for a card.
    fn card_fields(self, all: &PaymentMethods) -> AnyView {
        let closed = move || {
            if !self.changes.phase.get_untracked().is_busy() {
                untrack(|| self.closed());
            }
        };
        payment_methods::card_fields(all, closed)
    }
}

/// What the thing is.
fn about(page: &Page, thing: &Thing) -> AnyView {
    match thing {
        Thing::Subscription(detail) => subscription(page, &detail.card),
        Thing::Delivery(own) => delivery(page, own),
        Thing::Address(address) => {
            let lines = [address.lines.name.clone(), address.lines.street.clone()];
            lines
                .map(|line| view! { <p class="typed">{words::short(&line)}</p> })
                .into_any()
        }
        Thing::PaymentMethod(method, _) => {
            view! { <p class="typed">{words::payment_line(&method.line)}</p> }.into_any()
        }
        Thing::Nothing | Thing::PaymentMethods(_) | Thing::Customer(_) => ().into_any(),
    }
}

fn subscription(page: &Page, card: &SubscriptionCard) -> AnyView {
    let next = card.next_date.map(|date| {
        let next = t::subscription_next(&format::date(date, page.today()));
        view! { <p class="small muted">{next}</p> }
    });
    view! {
        <div class="media">
            <Picture src=card.image.clone() size=PictureSize::Card count=card.quantity/>
            <div>
                <p class="strong typed">{words::short(&card.title)}</p>
                <p class="small typed">{terms(card)}</p>
                {next}
            </div>
        </div>
    }
    .into_any()
}

fn delivery(page: &Page, delivery: &Delivery) -> AnyView {
    let items = delivery.items.iter().map(|item| item.title.as_str());
    view! {
        <h2>{format::date(delivery.key.date, page.today())}</h2>
        <p class="typed">{names(items)}</p>
    }
    .into_any()
}

/// What is to be done, in the words of its dialog where they do not depend on what it is about.
fn title(operation: Operation) -> &'static str {
    match operation {
        Operation::CancelSubscription => t::cancel_subscription_title(),
        Operation::ReactivateSubscription => t::reactivate_subscription_title(),
        Operation::PauseSubscription => t::pause_subscription_title(),
        Operation::ResumeSubscription => t::resume_subscription_title(),
        Operation::SwapProduct => t::swap_product_title(),
        Operation::ChangeDate => t::change_date_title(),
        Operation::ChangeFrequency => t::change_frequency_title(),
        Operation::ChangeQuantity => t::change_quantity_title(),
        Operation::UpdateBundle => t::update_bundle_title(),
        Operation::UpdateOrderNote => t::update_order_note_title(),
        Operation::UpdateProperties => t::update_properties_title(),
        Operation::SkipDelivery => t::flow_skip_delivery(),
        Operation::RescheduleDelivery => t::flow_reschedule_delivery(),
        Operation::UnskipDelivery => t::unskip_delivery_title(),
        Operation::ProcessDelivery => t::process_delivery_open(),
        Operation::GiftDelivery => t::gift_delivery_open(),
        Operation::UpdateAddress => t::update_address_title(),
        Operation::UpdateBillingAddress => t::update_billing_address_open(),
        Operation::AddPaymentMethod => t::card_title(),
        Operation::AddSubscription => t::add_subscription_title(),
        Operation::AddAddress => t::add_address_title(),
        Operation::UpdateCustomer => t::update_customer_title(),
        Operation::RequestEmailChange => t::request_email_change_title(),
        _ => t::overview_title(),
    }
}
