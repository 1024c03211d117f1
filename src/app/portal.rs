//! The whole portal: what it is made of, and the page at the current place.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::Function;
use leptos::ev;
use leptos::leptos_dom::helpers::WindowListenerHandle;
use leptos::prelude::*;
use protocol::Query;
use protocol::view::Session;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlElement;

use super::config::Config;
use super::shell::{Bare, Shell};
use crate::backend::tokeniser::CardFields;
use crate::data::{Changes, Data, InView, remember_path, take_path};
use crate::entrypoints;
use crate::host::Host;
use crate::i18n::t;
use crate::navigation::{Part, Route, Router};
use crate::overview::ended::{ended, signed_out_everywhere};
use crate::overview::lazy_bundle::{LazyBundle, Place};
use crate::overview::lazy_views::{self, ChangeDialog, FailedPayment};
use crate::overview::{next_delivery, overview};
use crate::ui::{Announcer, Banner, Tone, task};

/// What the page around the portal can make it do.
#[derive(Clone, Copy)]
pub(super) struct Control {
    /// Moves to another place.
    pub(super) router: Router,
    /// Reads again.
    pub(super) data: Data,
    /// Opens dialogs.
    pub(super) lazy: LazyBundle,
    /// Ends the session.
    pub(super) sign_out: Callback<()>,
}

/// The whole portal, or one part of it.
#[component]
pub(crate) fn Portal(
    /// The element it is mounted into, which carries the design tokens.
    root: HtmlElement,
    /// What the page decides.
    config: Config,
    /// Where to leave what the page can make it do.
    control: Rc<Cell<Option<Control>>>,
) -> impl IntoView {
    let (host, part) = (Host::provide(&root), config.part);
    let router = Router::provide(config.location(), host, part.is_some());
    CardFields::provide(config.tokeniser.clone(), &root);
    let announcer = Announcer::provide(Signal::derive(move || router.route().href()));
    let data = Data::provide(&config.base, || config.backend());
    Changes::provide(data, announcer, host);
    let (missing, style) = (config.missing.clone(), config.lazy_style.clone());
    let lazy = LazyBundle::provide(entrypoints::load, data, announcer, missing, style);
    let session = data.open(Query::Session);
    let known = Memo::new(move |_| {
        let session = session.view.get();
        Session::of(session.as_deref()?).cloned()
    });
    let merchant =
        Memo::new(move |_| known.with(|session| Some(session.as_ref()?.merchant.clone())));
    let flow = Memo::new(move |_| {
        let own = known.with(|session| lazy.session_flow(session.as_ref()?));
        own.filter(|_| part.is_none())
    });
    let idle_minutes = move || known.with(|session| Some(session.as_ref()?.idle_minutes));
    let shop = move || {
        let known = merchant.get().map(|merchant| merchant.return_url);
        known.unwrap_or_else(|| [&config.server, "/return"].concat())
    };
    let login = move || merchant.get()?.login_url;
    // Where the address does not say it, it is another portal that remembers.
    let keeps_path = !router.is_memory();
    if let Some(path) = keeps_path.then(take_path).flatten() {
        router.go(Route::parse(&path));
    }
    Effect::new(move |before: Option<()>| {
        router.route();
        if before.is_some() {
            lazy.leave_page();
        }
    });

    let shown = recheck_when_shown_again(data, root.clone());
    on_cleanup(move || shown.remove());
    let sign_out = {
        let (root, shop) = (StoredValue::new_local(root.clone()), shop.clone());
        move |()| {
            let shop = shop();
            // Replaced, so that Back does not come here again; hidden, in case it does.
            data.sign_out(announcer, move |logout| {
                let _ = root.try_with_value(|root| conceal(root, true));
                let next = logout.unwrap_or(shop);
                drop(window().location().replace(&next));
            });
        }
    };
    let sign_out = Callback::new(sign_out);
    control.set(Some(Control {
        router,
        data,
        lazy,
        sign_out,
    }));

    let adopt = config.adopt_theme.clone();
    Effect::new(move || {
        let theme = merchant.with(|m| m.as_ref().and_then(|m| m.theme.clone()));
        if let (Some(theme), Some(adopt)) = (theme, adopt.dyn_ref::<Function>()) {
            let _ = adopt.call1(&JsValue::NULL, &theme.into());
        }
    });

    let is_over = data.ended();
    let ready = {
        let is_over = is_over.clone();
        Memo::new(move |_| !is_over.get() && known.with(Option::is_some))
    };
    Effect::new(move || {
        if ready.get() {
            host.tell("ready", &[]);
        }
    });
    let is_taken = {
        let is_over = is_over.clone();
        Memo::new(move |_| {
            let is_expired = is_over.get() && data.signed_out().is_none();
            is_expired && host.is_taken("session:expired", &[])
        })
    };
    let staff = move || known.with(|session| session.as_ref()?.staff.clone());
    let banner = {
        let is_over = is_over.clone();
        let is_whole = move || part.is_none() && flow.with(Option::is_none);
        move || match staff() {
            _ if is_over.get() => None,
            Some(staff) => Some(notice(t::shell_support(&staff), t::shell_support_text())),
            None => is_whole().then(|| view! { <FailedPayment/> }.into_any()),
        }
    };
    let content = move || {
        if !is_over.get() {
            return match (part, flow.get()) {
                (Some(part), _) => self::part(part),
                (None, Some(flow)) => lazy_views::page(Place::Flow(flow)),
                (None, None) => page(router.route()),
            };
        }
        if let Some(others) = data.signed_out() {
            return signed_out_everywhere(shop(), others as usize);
        }
        if keeps_path {
            remember_path(&router.route().href());
        }
        if is_taken.get() {
            ().into_any()
        } else {
            ended(shop(), login(), idle_minutes())
        }
    };
    let test = move || {
        let is_test = merchant.with(|merchant| merchant.as_ref().is_some_and(|one| one.test));
        is_test.then(|| notice(t::shell_test().to_owned(), t::shell_test_text()))
    };
    let content = view! {
        {test}
        {banner}
        {content}
    };
    let framed = match part {
        Some(_) => view! { <Bare announcer>{content}</Bare> }.into_any(),
        None => {
            let in_flow = Signal::derive(move || flow.with(Option::is_some));
            view! { <Shell session=known merchant announcer in_flow on_sign_out=sign_out>{content}</Shell> }
                .into_any()
        }
    };
    view! {
        {framed}
        <ChangeDialog/>
        {scenarios()}
    }
}

/// What stands above every page: as whom staff look at the portal, or that it is for testing.
fn notice(title: String, text: &'static str) -> AnyView {
    view! { <Banner tone=Tone::Attention title text/> }.into_any()
}

/// What stands at a place.
fn page(route: Route) -> AnyView {
    match route {
        Route::Overview => overview().into_any(),
        elsewhere => lazy_views::page(Place::Page(elsewhere)),
    }
}

/// What stands where only one part is shown.
fn part(part: Part) -> AnyView {
    match part {
        Part::NextDelivery => next_delivery(),
        other => lazy_views::page(Place::Part(other)),
    }
}

/// Shows nothing of a page that the browser had frozen until the session is known to go on: the
/// customer may have signed out since.
fn recheck_when_shown_again(data: Data, root: HtmlElement) -> WindowListenerHandle {
    window_event_listener(ev::pageshow, move |event| {
        if event.persisted() {
            let root = root.clone();
            conceal(&root, true);
            task::spawn_to_the_end(async move {
                data.recheck_session().await;
                conceal(&root, false);
            });
        }
    })
}

/// Takes what `root` shows off the screen, or brings it back; its place stays as it is.
fn conceal(root: &HtmlElement, concealed: bool) {
    let visibility = if concealed { "hidden" } else { "" };
    // A property of our own element cannot be refused.
    let _ = root.style().set_property("visibility", visibility);
}

/// In the preview the ways to other scenarios, elsewhere nothing.
fn scenarios() -> AnyView {
    #[cfg(feature = "mock")]
    return view! { <crate::backend::mock::ScenarioSwitcher/> }.into_any();
    #[cfg(not(feature = "mock"))]
    ().into_any()
}
