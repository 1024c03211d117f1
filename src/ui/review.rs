//! What a change will do, before it is sent.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::i18n::t;

/// What becomes of one line.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum LineKind {
    /// It changes; shown before and after.
    #[default]
    Changed,
    /// It stays; shown quietly, because the customer may have wondered.
    Unchanged,
    /// It is lost; shown in attention colour.
    Lost,
}

impl LineKind {
    fn name(self) -> &'static str {
        match self {
            LineKind::Changed => "changed",
            LineKind::Unchanged => "unchanged",
            LineKind::Lost => "lost",
        }
    }
}

/// One line of a [`Review`].
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Line {
    /// What it is about: "Next delivery", "Total".
    pub label: String,
    /// How it is now; empty where there is nothing yet.
    pub before: String,
    /// How it will be; empty where nothing takes its place.
    pub after: String,
    /// What becomes of it.
    pub kind: LineKind,
}

/// Before and after, line by line.
#[component]
pub fn Review(
    /// The lines, the most important first.
    #[prop(into)]
    lines: Signal<Vec<Line>>,
) -> impl IntoView {
    view! {
        <dl class="review">
            {move || lines.get().into_iter().map(review_line).collect_view()}
        </dl>
    }
}

fn review_line(line: Line) -> impl IntoView {
    let value = match line.kind {
        LineKind::Unchanged => view! { <span>{line.before}</span> }.into_any(),
        LineKind::Lost => view! {
            <Icon glyph=Glyph::Alert/>
            <del>{line.before}</del>
            <span class="visually-hidden">{t::ui_review_lost()}</span>
        }
        .into_any(),
        LineKind::Changed => {
            let both = !line.before.is_empty() && !line.after.is_empty();
            view! {
                {(!line.before.is_empty()).then(|| view! { <span class="review-before">{line.before}</span> })}
                {both.then(|| view! {
                    <Icon glyph=Glyph::To/>
                    <span class="visually-hidden">{t::ui_review_from_to()}</span>
                })}
                {(!line.after.is_empty()).then(|| view! { <span class="review-after">{line.after}</span> })}
            }
            .into_any()
        }
    };
    view! {
        <div data-kind=line.kind.name()>
            <dt>{line.label}</dt>
            <dd>{value}</dd>
        </div>
    }
}
