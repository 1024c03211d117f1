//! Everything that the portal shows, as files to keep.

use leptos::prelude::*;
use protocol::Query;
use protocol::view::{Export, ExportFile};

use crate::backend::{Failure, Request};
use crate::data::Data;
use crate::i18n::t;
use crate::overview::trouble::reference;
use crate::overview::words;
use crate::ui::{Banner, Button, Card, Tone, task};

/// How the files stand.
#[derive(Clone)]
enum State {
    /// Nobody has asked for them.
    Away,
    /// They are being made.
    Coming,
    /// They are here.
    Here(Vec<ExportFile>),
    /// They did not come.
    Failed(Failure),
}

/// A button that makes the files, and then a link to each.
pub(super) fn export() -> AnyView {
    let data = Data::expect();
    let state = RwSignal::new(State::Away);
    let busy = Signal::derive(move || {
        let is_coming = state.with(|state| matches!(state, State::Coming));
        is_coming.then(|| t::export_making().to_owned())
    });
    let press = move |()| {
        state.set(State::Coming);
        task::spawn_to_the_end(async move { task::set(state, ask(data).await) });
    };
    let files = move || match state.get() {
        State::Here(files) => {
            let links = files.iter().map(link);
            view! {
                <p class="small" aria-live="polite">{t::export_ready()}</p>
                <ul class="stack stack-small">{links.collect_view()}</ul>
            }
            .into_any()
        }
        State::Failed(failure) => {
            let words = words::failure(&failure);
            view! {
                <Banner tone=Tone::Stop title=words.title text=words.text alert=true/>
                {reference(&words.reference)}
            }
            .into_any()
        }
        State::Away | State::Coming => ().into_any(),
    };
    view! {
        <Card title=t::export_title()>
            <p class="small muted">{t::export_lead()}</p>
            <div><Button label=t::export_make() busy on_press=press/></div>
            {files}
        </Card>
    }
    .into_any()
}

/// Made anew each time: a copy to keep should not be an old one.
async fn ask(data: Data) -> State {
    let answer = data.backend().send(Request::Read(Query::Export)).await;
    match answer.map(|reply| protocol::read::<Export>(&reply.text)) {
        Ok(Some(export)) => State::Here(export.files),
        Ok(None) => State::Failed(Failure::Lost),
        Err(failure) => State::Failed(failure),
    }
}

/// A file in its own link: nothing is kept anywhere but in this page.
fn link(file: &ExportFile) -> AnyView {
    let kind = if file.name.ends_with(".json") {
        "application/json"
    } else {
        "text/csv"
    };
    let text = String::from(js_sys::encode_uri_component(&file.text));
    let href = format!("data:{kind};charset=utf-8,{text}");
    view! { <li><a href=href download=file.name.clone()>{file.name.clone()}</a></li> }.into_any()
}
