//! What the shop has to say, above every page until the customer dismisses it.

use leptos::prelude::*;
use protocol::view::Session;
use protocol::{Announcement, DISMISSALS, Dismissal, Query};

use crate::backend::Request;
use crate::data::Data;
use crate::i18n::{locale, t};
use crate::overview::page::quietly;
use crate::ui::{Button, ButtonKind, Glyph, Picture, PictureSize, task};

/// The announcement; nothing where there is none.
pub(crate) fn announcement() -> AnyView {
    let dismissed = RwSignal::new(String::new());
    quietly(Query::Session, move |page, session: &Session| {
        let data = page.data;
        let current = session.announcement.get().flatten();
        let shown = move || {
            let current = current.clone()?;
            let is_shown = dismissed.with(|id| *id != current.id);
            is_shown.then(|| card(data, current, dismissed))
        };
        view! { {shown} }.into_any()
    })
}

fn card(data: Data, current: Announcement, dismissed: RwSignal<String>) -> AnyView {
    let Announcement {
        id,
        text,
        picture,
        link,
    } = current;
    let text = text.in_language(&locale()).to_owned();
    let dismiss = move |()| {
        dismissed.set(id.clone());
        let announcement = id.clone();
        let dismissal = serde_json::to_string(&Dismissal { announcement });
        let request = Request::Post(DISMISSALS, dismissal.unwrap_or_default());
        let sent = data.backend().send(request);
        // Where that does not arrive, it is shown again next time.
        task::spawn_to_the_end(async move { drop(sent.await) });
    };
    let picture = picture.map(|src| view! { <Picture src=Some(src) size=PictureSize::Card/> });
    let link = link.map(|url| view! { <p><a href=url>{t::announcement_more()}</a></p> });
    view! {
        <section class="card announcement" part="card" aria-label=t::announcement_label()>
            {picture}
            <div class="grow">
                <p class="typed">{text}</p>
                {link}
            </div>
            <Button
                label=t::shell_dismiss()
                kind=ButtonKind::Icon
                icon=Glyph::Close
                on_press=dismiss
            />
        </section>
    }
    .into_any()
}
