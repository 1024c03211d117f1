//! The frame around the sections: the shop's name, the sections, the ways out, the
//! page itself, and the one status line.

use leptos::html;
use leptos::prelude::*;
use protocol::view::{Layout, Merchant, Section, Session};
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement};

use crate::i18n::t;
use crate::navigation::{Arrival, Route, Router, section_name};
use crate::ui::{Announcer, Banner, Glyph, Icon, LinkButton, StatusLine, Tone, focus, task};

/// What stands around every page.
#[component]
pub(crate) fn Shell(
    /// The shop, as soon as the session is known.
    #[prop(into)]
    merchant: Signal<Option<Merchant>>,
    /// Who is here, for the sections that there are.
    session: Memo<Option<Session>>,
    /// The status line.
    announcer: Announcer,
    /// Whether the page is all that the session is for: then no way leads to others.
    in_flow: Signal<bool>,
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
            task::next_frame(main, move |main| arrive(&main, arrival));
        }
    });
    view! {
        <Crash/>
        <div class="frame" data-flow=move || in_flow.get().then_some("") on:click=task::guard(move |event| router.follow(&event))>
            <button
                class="skip-link visually-hidden"
                on:click=task::guard(move |_| task::next_frame(main, |main| arrive(&main, Arrival::Forward)))
            >
                {t::shell_skip_link()}
            </button>
            <header class="rail">
                <Brand merchant/>
                {move || (!in_flow.get()).then(|| view! { <Sections session on_sign_out/> })}
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

/// What stands around a single part: nothing to see but the status line.
#[component]
pub(crate) fn Bare(
    /// The status line.
    announcer: Announcer,
    /// The part.
    children: Children,
) -> impl IntoView {
    let router = Router::expect();
    view! {
        <Crash/>
        <div class="part" on:click=task::guard(move |event| router.follow(&event))>
            {children()}
            <StatusLine announcer/>
        </div>
    }
}

/// Takes the focus to the page's heading, so that it is read out and the next Tab starts
/// there, and scrolls to where the page begins or was left.
fn arrive(main: &Element, arrival: Arrival) {
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

/// The shop's name or logo, unless the page around has something of its own.
#[component]
fn Brand(merchant: Signal<Option<Merchant>>) -> impl IntoView {
    let name = move || {
        merchant
            .get()
            .map(|Merchant { name, logo, .. }| match logo {
                Some(logo) => view! { <img src=logo alt=name/> }.into_any(),
                None => view! { <span class="typed">{name}</span> }.into_any(),
            })
    };
    view! {
        <div class="brand" part="brand"><slot name="brand">{name}</slot></div>
    }
}

/// The sections: a rail where there is room, tabs where there is not, and on a phone a bar of
/// four with the rest in a menu.
#[component]
fn Sections(session: Memo<Option<Session>>, on_sign_out: Callback<()>) -> impl IntoView {
    let router = Router::expect();
    let layout = |session: &Option<Session>| {
        let layout = session.as_ref().map(|session| session.layout.clone());
        layout.unwrap_or_default()
    };
    // Where the shop has not its own, the links stay as they are when the session is known.
    let is_own = Memo::new(move |_| session.with(layout) != Layout::default());
    let links = move |class: &'static str, all: bool| {
        let Layout { sections, bar, .. } = match is_own.get() {
            true => session.with_untracked(layout),
            false => Layout::default(),
        };
        let sections = sections
            .into_iter()
            .filter_map(|section| Some((place(&section)?, !bar.contains(&section))));
        let shown = sections.filter(|(_, rare)| all || *rare);
        let links = shown.map(|((route, glyph), rare)| {
            let label = section_name(&route);
            let href = router.href(&route);
            let current = move || (router.route().section() == route).then_some("page");
            view! {
                <li data-rare=rare.then_some("")>
                    <a class=class part=class href=href aria-current=current><Icon glyph/><span>{label}</span></a>
                </li>
            }
        });
        links.collect_view()
    };
    let (menu, opener) = (NodeRef::<html::Ul>::new(), NodeRef::<html::Button>::new());
    // Not every browser gives the focus back where the list is in a shadow tree.
    let leave = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape"
            && let Some(opener) = opener.get_untracked()
        {
            focus(&opener);
        }
    };
    let close = move |_| {
        if let Some(menu) = menu.get_untracked() {
            // Refused only where it is not open.
            let _ = menu.hide_popover();
        }
    };
    view! {
        <nav class="nav" part="nav" aria-label=t::nav_label()>
            <ul>
                {move || links("nav-link", true)}
                <li class="nav-more">
                    <button node_ref=opener class="nav-link" part="nav-link" type="button" popovertarget="nav-menu">
                        <Icon glyph=Glyph::More/><span>{t::actions_more()}</span>
                    </button>
                    <ul
                        class="menu-list"
                        part="menu"
                        id="nav-menu"
                        popover="auto"
                        node_ref=menu
                        on:click=task::guard(close)
                        on:keydown=task::guard(leave)
                    >
                        {move || links("menu-item", false)}
                        <li>
                            <button class="menu-item" part="menu-item" type="button" on:click=task::guard(move |_| on_sign_out.run(()))>
                                <Icon glyph=Glyph::SignOut/><span>{t::shell_sign_out()}</span>
                            </button>
                        </li>
                    </ul>
                </li>
            </ul>
        </nav>
    }
}

/// Where a section is, and what stands for it; nothing for one that this version does not know.
fn place(section: &Section) -> Option<(Route, Glyph)> {
    Some(match section {
        Section::Overview => (Route::Overview, Glyph::Home),
        Section::Subscriptions => (Route::Subscriptions, Glyph::Repeat),
        Section::Deliveries => (Route::Deliveries, Glyph::Calendar),
        Section::History => (Route::history(), Glyph::Receipt),
        Section::Addresses => (Route::Addresses, Glyph::Pin),
        Section::PaymentMethods => (Route::PaymentMethods, Glyph::Card),
        Section::Customer => (Route::Customer, Glyph::Person),
        Section::Other(_) => return None,
    })
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
            <button class="exit" type="button" on:click=task::guard(move |_| on_sign_out.run(()))>
                <Icon glyph=Glyph::SignOut/><span>{t::shell_sign_out()}</span>
            </button>
        </div>
    }
}

/// Help, the shop's legal pages, and whether this is a demonstration.
#[component]
fn Foot(merchant: Signal<Option<Merchant>>) -> impl IntoView {
    let content = move || {
        merchant.get().map(|merchant| {
            let pages = merchant.pages;
            let links = [
                (merchant.support_url, t::shell_help()),
                (pages.terms, t::legal_terms()),
                (pages.privacy, t::legal_privacy()),
                (pages.imprint, t::legal_imprint()),
            ];
            let links = links
                .into_iter()
                .filter_map(|(url, label)| Some(view! { <a href=url?>{label}</a> }));
            view! {
                {links.collect_view()}
                {merchant.demo.then(|| view! { <p class="foot-demo">{t::shell_demo()}</p> })}
            }
        })
    };
    view! { <footer class="foot" part="footer"><slot name="footer"></slot>{content}</footer> }
}

/// Stands ready for the panic hook, which can only unhide it. Its link loads the page
/// again without any code.
#[component]
fn Crash() -> impl IntoView {
    view! {
        <div class="crash" data-crash hidden>
            <Banner tone=Tone::Stop title=t::shell_crash_title() text=t::shell_crash_text() alert=true>
                <LinkButton href=Router::expect().reload_href() label=t::shell_reload()/>
            </Banner>
        </div>
    }
}
