//! The frame around the sections: the shop's name, the six sections, the ways out, the
//! page itself, and the one status line.

use leptos::html;
use leptos::prelude::*;
use protocol::Query;
use protocol::view::{Merchant, Session};
use wasm_bindgen::JsCast;
use web_sys::{FocusOptions, HtmlElement};

use crate::backend::tokeniser::CardFields;
use crate::data::{Changes, Data, InView, remember_path, take_path};
use crate::i18n::t;
use crate::mount::Config;
use crate::routing::{Arrival, Route, Router};
use crate::sections::{self, Rest};
use crate::ui::{Announcer, Banner, Glyph, Icon, LinkButton, StatusLine, Tone};

/// The whole portal.
#[component]
pub(crate) fn App(
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
    let rest = Rest::provide(data, announcer);
    let session = data.open(Query::Session);
    let merchant = Memo::new(move |_| {
        let session = session.view.get();
        Session::of(session.as_deref()?).map(|session| session.merchant.clone())
    });
    let shop = move || {
        let known = merchant.get().map(|merchant| merchant.return_url);
        known.unwrap_or_else(|| format!("{}/return", config.base))
    };
    if let Some(path) = take_path() {
        router.go(Route::parse(&path));
    }
    Effect::new(move |before: Option<()>| {
        router.route();
        if before.is_some() {
            rest.leave_page();
        }
    });

    Effect::new(move || {
        let accent = merchant.with(|m| m.as_ref().and_then(|m| m.accent.clone()));
        if let Some(accent) = accent {
            // Something that is no colour leaves the default in place.
            let _ = root.style().set_property("--portal-accent", &accent);
        }
    });

    let ended = data.ended();
    let banner = {
        let ended = ended.clone();
        move || (!ended.get()).then(|| view! { <sections::FailedPayment/> })
    };
    let content = {
        let shop = shop.clone();
        move || match ended.get() {
            true => {
                remember_path(&router.route().href());
                sections::ended(shop())
            }
            false => sections::page(router.route()),
        }
    };
    view! {
        <Shell merchant announcer on_sign_out=move |()| data.sign_out(shop(), announcer)>
            {banner}
            {content}
        </Shell>
        <sections::ChangeDialog/>
        {scenarios()}
    }
}

/// In the preview the ways to other scenarios, elsewhere nothing.
fn scenarios() -> AnyView {
    #[cfg(feature = "mock")]
    return view! { <crate::backend::mock::ScenarioSwitcher/> }.into_any();
    #[cfg(not(feature = "mock"))]
    ().into_any()
}

/// What stands around every page.
#[component]
pub(crate) fn Shell(
    /// The shop, as soon as the session is known.
    #[prop(into)]
    merchant: Signal<Option<Merchant>>,
    /// The status line.
    announcer: Announcer,
    /// Called when the customer signs out.
    #[prop(into)]
    on_sign_out: Callback<()>,
    /// The page.
    children: Children,
) -> impl IntoView {
    let router = Router::expect();
    let main = NodeRef::<html::Main>::new();
    Effect::new(move |before: Option<()>| {
        let (_, arrival) = router.arrival();
        // The page that is loaded first belongs to the browser, which has its own ways.
        if before.is_some() {
            // One frame later the new page is there.
            request_animation_frame(move || arrive(main, arrival));
        }
    });
    view! {
        <Crash/>
        <div class="frame" on:click=move |event| router.follow(&event)>
            <button
                class="skip-link button visually-hidden"
                on:click=move |_| arrive(main, Arrival::Forward)
            >
                {t::shell_skip_link()}
            </button>
            <header class="rail">
                <Brand merchant/>
                <Sections/>
                <Exits merchant on_sign_out/>
            </header>
            <main class="main" node_ref=main>
                {children()}
                <StatusLine announcer/>
            </main>
            <Foot merchant/>
        </div>
    }
}

/// Takes the focus to the page's heading, so that it is read out and the next Tab starts
/// there, and scrolls to where the page begins or was left.
fn arrive(main: NodeRef<html::Main>, arrival: Arrival) {
    let Some(main) = main.get_untracked() else {
        return;
    };
    if let Ok(Some(heading)) = main.query_selector("h1") {
        let quietly = FocusOptions::new();
        quietly.set_prevent_scroll(true);
        // A heading that cannot take the focus leaves it where it is.
        let _ = heading
            .unchecked_into::<HtmlElement>()
            .focus_with_options(&quietly);
    }
    match arrival {
        Arrival::Returned(offset) => window().scroll_to_with_x_and_y(0.0, offset),
        Arrival::Forward => {
            // In a merchant's page the portal may begin far down: only what has been
            // scrolled past is brought back.
            let frame = main.closest(".portal").ok().flatten();
            if let Some(frame) = frame.filter(|f| f.get_bounding_client_rect().top() < 0.0) {
                frame.scroll_into_view();
            }
        }
    }
}

/// The shop's name.
#[component]
fn Brand(merchant: Signal<Option<Merchant>>) -> impl IntoView {
    view! {
        <div class="brand">
            <span class="clamp-2 typed">
                {move || merchant.with(|m| m.as_ref().map(|m| m.name.clone()))}
            </span>
        </div>
    }
}

/// The six sections: a rail where there is room, tabs where there is not.
#[component]
fn Sections() -> impl IntoView {
    let router = Router::expect();
    let nav = NodeRef::<html::Nav>::new();
    let sections = [
        (Route::Overview, Glyph::Home),
        (Route::Subscriptions, Glyph::Repeat),
        (Route::Deliveries, Glyph::Calendar),
        (Route::history(), Glyph::Receipt),
        (Route::Addresses, Glyph::Pin),
        (Route::PaymentMethods, Glyph::Card),
        (Route::Customer, Glyph::Person),
    ];
    Effect::new(move || {
        router.route();
        request_animation_frame(move || show_current_tab(nav));
    });
    view! {
        <nav class="nav" aria-label=t::nav_label() node_ref=nav>
            <ul>
                {sections.into_iter().map(|(route, glyph)| {
                    let label = sections::name(&route);
                    let href = router.href(&route);
                    let current = move || (router.route().section() == route).then_some("page");
                    view! {
                        <li><a href=href aria-current=current><Icon glyph/><span>{label}</span></a></li>
                    }
                }).collect_view()}
            </ul>
        </nav>
    }
}

/// Where tabs scroll sideways, brings the current one to the middle. Not by
/// `scrollIntoView`, which would move the page as well.
fn show_current_tab(nav: NodeRef<html::Nav>) {
    let find = || {
        let nav = nav.get_untracked()?;
        let list = nav.query_selector("ul").ok()??;
        let tab = nav
            .query_selector("[aria-current]")
            .ok()??
            .dyn_into::<HtmlElement>()
            .ok()?;
        Some((list, tab))
    };
    if let Some((list, tab)) = find() {
        let margin = (list.client_width() - tab.offset_width()) / 2;
        list.set_scroll_left(tab.offset_left() - margin);
    }
}

/// Back to the shop, and out.
#[component]
fn Exits(merchant: Signal<Option<Merchant>>, on_sign_out: Callback<()>) -> impl IntoView {
    let back = move || {
        merchant.get().map(|merchant| {
            view! {
                <a class="exit" href=merchant.return_url>
                    <Icon glyph=Glyph::Back/><span>{t::shell_back()}</span>
                </a>
            }
        })
    };
    view! {
        <div class="exits">
            {back}
            <button class="exit" type="button" on:click=move |_| on_sign_out.run(())>
                <Icon glyph=Glyph::SignOut/><span>{t::shell_sign_out()}</span>
            </button>
        </div>
    }
}

/// Help, and whether this is a demonstration.
#[component]
fn Foot(merchant: Signal<Option<Merchant>>) -> impl IntoView {
    let content = move || {
        merchant.get().map(|merchant| {
            view! {
                {merchant.support_url.map(|url| view! { <a href=url>{t::shell_help()}</a> })}
                {merchant.demo.then(|| view! { <p class="foot-demo">{t::shell_demo()}</p> })}
            }
        })
    };
    view! { <footer class="foot">{content}</footer> }
}

/// Stands ready for the panic hook, which can only unhide it. Its link loads the page
/// again without any code.
#[component]
fn Crash() -> impl IntoView {
    view! {
        <div class="crash" data-crash hidden>
            <Banner tone=Tone::Stop title=t::shell_crash_title() text=t::shell_crash_text() alert=true>
                <LinkButton href="" label=t::shell_reload()/>
            </Banner>
        </div>
    }
}
