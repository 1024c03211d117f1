//! Signing out in all browsers at once.

use leptos::prelude::*;
use protocol::view::SignedOut;

use crate::backend::Request;
use crate::data::{Data, forget_those};
use crate::i18n::t;
use crate::ui::{Announcer, Button, task};

/// What it does, and the button.
pub(super) fn everywhere() -> AnyView {
    let (data, announcer) = (Data::expect(), Announcer::expect());
    let busy = RwSignal::new(false);
    let press = move |()| {
        busy.set(true);
        task::spawn_to_the_end(async move {
            sign_out(data, announcer).await;
            task::set(busy, false);
        });
    };
    let busy = Signal::derive(move || busy.get().then(|| t::sign_out_busy().to_owned()));
    view! {
        <section class="row row-between ending">
            <p class="small muted grow">{t::sign_out_lead()}</p>
            <Button label=t::sign_out_everywhere() busy on_press=press/>
        </section>
    }
    .into_any()
}

/// Ends all sessions and forgets what this tab keeps. The page then says so.
async fn sign_out(data: Data, announcer: Announcer) {
    let answer = data.backend().send(Request::SignOutEverywhere).await;
    match answer.map(|reply| protocol::read::<SignedOut>(&reply.text)) {
        Ok(Some(ended)) => {
            forget_those(|_| true);
            data.end_by_signing_out(ended.other_sessions);
        }
        Err(failure) if failure.is_session_end() => data.end_session(),
        _ => announcer.announce(t::trouble_sign_out()),
    }
}
