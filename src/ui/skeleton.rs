//! Shapes that stand where data will: as high as what comes, so that nothing jumps.

use leptos::prelude::*;

use crate::i18n::t;

/// One grey bar.
#[component]
fn Bone(
    /// Its width, as CSS writes it: `60%`, `120px`.
    wide: &'static str,
    /// Its height, as CSS writes it.
    #[prop(default = "16px")]
    high: &'static str,
    /// Its corner, as CSS writes it.
    #[prop(default = "4px")]
    round: &'static str,
) -> impl IntoView {
    view! { <span class="skeleton" style:--wide=wide style:--high=high style:--round=round></span> }
}

/// What is on its way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// The card that leads the overview: a big line, pictures, lines, buttons.
    Lead,
    /// So many cards with a picture and two lines.
    Cards(usize),
    /// So many rows of one card.
    Rows(usize),
    /// So many labelled lines of one card.
    Facts(usize),
}

/// A shape in place of data that is loading. Screen readers hear "Loading" instead.
#[component]
pub fn Skeleton(
    /// What is on its way.
    shape: Shape,
) -> impl IntoView {
    let drawn = match shape {
        Shape::Lead => lead().into_any(),
        Shape::Cards(count) => (0..count)
            .map(|_| view! { <div class="card" part="card">{media("72px")}</div> })
            .collect_view()
            .into_any(),
        Shape::Rows(count) => view! {
            <div class="card card-flush" part="card">{(0..count).map(|_| media("56px")).collect_view()}</div>
        }
        .into_any(),
        Shape::Facts(count) => view! {
            <div class="card" part="card">
                {(0..count).map(|_| view! {
                    <div class="row row-between"><Bone wide="30%"/><Bone wide="45%"/></div>
                }).collect_view()}
            </div>
        }
        .into_any(),
    };
    view! {
        <div class="stack" aria-busy="true">
            <span class="visually-hidden">{t::ui_loading()}</span>
            {drawn}
        </div>
    }
}

/// A picture and two lines.
fn media(picture: &'static str) -> impl IntoView {
    view! {
        <div class="media">
            <Bone wide=picture high=picture round="8px"/>
            <div class="stack stack-small">
                <Bone wide="55%"/>
                <Bone wide="35%" high="12px"/>
            </div>
        </div>
    }
}

fn lead() -> impl IntoView {
    view! {
        <div class="card stack-large" part="card">
            <Bone wide="60%" high="34px"/>
            <div class="row">
                {(0..3).map(|_| view! { <Bone wide="72px" high="72px" round="8px"/> }).collect_view()}
            </div>
            <div class="stack stack-small">
                <Bone wide="70%"/>
                <Bone wide="50%"/>
            </div>
            <div class="row">
                <Bone wide="148px" high="40px" round="8px"/>
                <Bone wide="116px" high="40px" round="8px"/>
            </div>
        </div>
    }
}
