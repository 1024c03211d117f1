//! Everything that the portal shows, as files to keep.

use leptos::prelude::*;
use protocol::view::{Export, ExportFile};
use protocol::{ProblemKind, Query};

use crate::actions::verification::Proving;
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
    /// The customer has to prove first who they are.
    Guarded,
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
    let proving = Proving::new(data);
    let make = move || {
        state.set(State::Coming);
        task::spawn_to_the_end(async move {
            let answer = ask(data).await;
            if matches!(answer, State::Guarded) {
                proving.begin();
            }
            task::set(state, answer);
        });
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
        State::Guarded => guarded(proving, make),
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
            <div><Button label=t::export_make() busy on_press=move |()| make()/></div>
            {files}
        </Card>
    }
    .into_any()
}

/// The field for the code, after which the files are made.
fn guarded(proving: Proving, make: impl Fn() + Copy + 'static) -> AnyView {
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        proving.confirm(make);
    };
    view! {
        <form class="stack" novalidate on:submit=task::guard(submit)>
            {proving.view()}
            <div><Button label=t::verification_confirm() busy=proving.busy submit=true/></div>
        </form>
    }
    .into_any()
}

/// Made anew each time: a copy to keep should not be an old one.
async fn ask(data: Data) -> State {
    let answer = data.backend().send(Request::Read(Query::Export)).await;
    match answer.map(|reply| protocol::read::<Export>(&reply.text)) {
        Ok(Some(export)) => State::Here(export.files),
        Ok(None) => State::Failed(Failure::Lost),
        Err(Failure::Problem(problem)) if problem.kind == ProblemKind::CodeNeeded => State::Guarded,
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
