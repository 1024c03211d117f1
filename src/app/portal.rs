//! The whole portal: what it is made of, and the page at the current place.

use leptos::ev;
use leptos::leptos_dom::helpers::WindowListenerHandle;
use leptos::prelude::*;
use protocol::Query;
use protocol::view::Session;
use web_sys::HtmlElement;

use super::config::Config;
use super::shell::Shell;
use crate::backend::tokeniser::CardFields;
use crate::data::{Changes, Data, InView, remember_path, take_path};
use crate::entrypoints;
use crate::navigation::{Route, Router, origin};
use crate::overview::ended::ended;
use crate::overview::lazy_bundle::LazyBundle;
use crate::overview::lazy_views::{self, ChangeDialog, FailedPayment};
use crate::overview::overview;
use crate::ui::{Announcer, task};

/// The whole portal.
#[component]
pub(crate) fn Portal(
    /// The element it is mounted into, which carries the design tokens.
    root: HtmlElement,
    /// What the page decides.
    config: Config,
) -> impl IntoView {
    let router = Router::provide(config.location());
    CardFields::provide(config.tokeniser.clone(), &root);
    let announcer = Announcer::provide(Signal::derive(move || router.route().href()));
    let data = Data::provide(config.backend());
    Changes::provide(data, announcer);
    let (missing, style) = (config.missing.clone(), config.lazy_style.clone());
    let lazy = LazyBundle::provide(entrypoints::load, data, announcer, missing, style);
    let session = data.open(Query::Session);
    let known = Memo::new(move |_| {
        let session = session.view.get();
        Session::of(session.as_deref()?).cloned()
    });
    let merchant =
        Memo::new(move |_| known.with(|session| Some(session.as_ref()?.merchant.clone())));
    let idle_minutes = move || known.with(|session| Some(session.as_ref()?.idle_minutes));
    let shop = move || {
        let known = merchant.get().map(|merchant| merchant.return_url);
        known.unwrap_or_else(|| [&*origin(), &config.base, "/return"].concat())
    };
    if let Some(path) = take_path() {
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
            data.sign_out(announcer, move || {
                let _ = root.try_with_value(|root| conceal(root, true));
                drop(window().location().replace(&shop));
            });
        }
    };

    Effect::new(move || {
        let accent = merchant.with(|m| m.as_ref().and_then(|m| m.accent.clone()));
        if let Some(accent) = accent {
            // Something that is no colour leaves the default in place.
            let _ = root.style().set_property("--portal-accent", &accent);
        }
    });

    let is_over = data.ended();
    let banner = {
        let is_over = is_over.clone();
        move || (!is_over.get()).then(|| view! { <FailedPayment/> })
    };
    let content = {
        let shop = shop.clone();
        move || {
            if is_over.get() {
                remember_path(&router.route().href());
                ended(shop(), idle_minutes())
            } else {
                page(router.route())
            }
        }
    };
    view! {
        <Shell merchant announcer on_sign_out=sign_out>
            {banner}
            {content}
        </Shell>
        <ChangeDialog/>
        {scenarios()}
    }
}

/// What stands at a place.
fn page(route: Route) -> AnyView {
    match route {
        Route::Overview => overview().into_any(),
        elsewhere => lazy_views::page(elsewhere),
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
