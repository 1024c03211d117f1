//! Choosing one of several things that have a picture, a price or a note of their own.

use leptos::prelude::*;

use super::field::{Field, GroupFrame};
use super::id::unique_id;
use super::picture::{Picture, PictureSize};
use super::task;
use crate::i18n::{format, t};

/// From how many entries on they can be searched.
const MANY: usize = 9;

/// One entry of a [`Picker`].
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Pick {
    /// What the picker's value becomes.
    pub value: String,
    /// What it is: a product's title, a street.
    pub title: String,
    /// More about it, such as the variant; may be empty.
    pub detail: String,
    /// What it costs, formatted; may be empty.
    pub price: String,
    /// What is to be known of it, such as how many are left; may be empty.
    pub note: String,
    /// The address of its picture. Where no entry has one, none is drawn.
    pub picture: Option<String>,
    /// Why it cannot be chosen; empty where it can.
    pub locked: String,
    /// What else it is found by, such as what kind of thing it is; may be empty.
    pub keywords: String,
}

impl Pick {
    /// Whether each of the words is in it, wherever they are.
    fn holds(&self, searched: &str) -> bool {
        let all = [&self.title, &self.detail, &self.note, &self.keywords];
        let all = all.map(|text| text.to_lowercase());
        let mut words = searched.split_whitespace();
        words.all(|word| all.iter().any(|text| text.contains(word)))
    }
}

/// A list of entries of which one is chosen; with a search where there are many.
#[component]
pub fn Picker(
    /// What is asked.
    #[prop(into)]
    label: Signal<String>,
    /// The value of the chosen entry; empty while none is.
    value: RwSignal<String>,
    /// The entries.
    #[prop(into)]
    picks: Signal<Vec<Pick>>,
    /// Help that is always seen.
    hint: Option<Signal<String>>,
    /// What is wrong with it.
    #[prop(into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let name = unique_id();
    // The same entries read again stay as they are: new ones would scroll the dialog to its top.
    let picks = Memo::new(move |_| picks.get());
    let searched = RwSignal::new(String::new());
    let wanted = move || searched.with(|text| text.to_lowercase());
    let search = move || {
        (picks.with(Vec::len) >= MANY).then(|| {
            let found = move || {
                let wanted = wanted();
                let count = picks.with(|all| all.iter().filter(|pick| pick.holds(&wanted)).count());
                t::ui_found(count)
            };
            view! {
                <Field label=t::ui_search() value=searched kind="search" filter=true/>
                <p class="field-hint" aria-live="polite">{found}</p>
            }
        })
    };
    let rows = move || {
        let all = picks.get();
        let pictured = all.iter().any(|pick| pick.picture.is_some());
        // What differs only in detail, such as the variants of a product, stands under one title.
        let groups = all.chunk_by(|a, b| a.title == b.title);
        let group = |picks: &[Pick]| {
            let own = picks.to_vec();
            let hidden = move || {
                let wanted = wanted();
                !own.iter().any(|pick| pick.holds(&wanted))
            };
            let is_alone = picks.len() == 1;
            let head = (!is_alone).then(|| head(&picks[0], pictured));
            let rows = picks.iter().map(|pick| {
                let own = pick.clone();
                let hidden = move || !own.holds(&wanted());
                let entry = entry(pick.clone(), name.clone(), value, pictured, is_alone);
                view! { <div hidden=hidden>{entry}</div> }
            });
            view! { <li hidden=hidden>{head}{rows.collect_view()}</li> }.into_any()
        };
        groups.map(group).collect_view()
    };
    view! {
        <GroupFrame label hint error>
            {search}
            <ul class="choices picker">{rows}</ul>
        </GroupFrame>
    }
    .into_any()
}

/// The title above entries that have it in common; each says it itself to screen readers.
fn head(pick: &Pick, pictured: bool) -> AnyView {
    let picture = pictured.then(|| {
        view! { <Picture src=pick.picture.clone() size=PictureSize::Small/> }
    });
    view! {
        <p class="pick picker-head" aria-hidden="true">
            {picture}
            <span class="typed">{pick.title.clone()}</span>
        </p>
    }
    .into_any()
}

/// One entry; with its title and its picture where it `is_alone` under its title.
fn entry(
    pick: Pick,
    name: String,
    value: RwSignal<String>,
    pictured: bool,
    is_alone: bool,
) -> AnyView {
    let (own, chosen) = (pick.value.clone(), pick.value.clone());
    let is_locked = !pick.locked.is_empty();
    let note = if is_locked { pick.locked } else { pick.note };
    let (title, details) = if is_alone {
        let title = view! { <span class="typed">{pick.title}</span> }.into_any();
        (title, [pick.detail, note])
    } else {
        let title = view! {
            <span class="visually-hidden">{pick.title}" "</span>
            <span class="typed">{pick.detail}</span>
        };
        (title.into_any(), [note, String::new()])
    };
    let details: Vec<String> = details
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect();
    let picture = (pictured && is_alone)
        .then(|| view! { <Picture src=pick.picture size=PictureSize::Small/> });
    view! {
        <label class="choice">
            <input
                type="radio"
                name=name
                value=pick.value
                disabled=is_locked
                prop:checked=move || value.with(|value| *value == own)
                on:change=task::guard(move |_| value.set(chosen.clone()))
            />
            <span class="pick">
                {picture}
                <span class="grow">
                    {title}
                    <span class="choice-hint typed">{details.join(" · ")}</span>
                </span>
                <span class="money">{pick.price}</span>
            </span>
        </label>
    }
    .into_any()
}

/// One line of [`Ticks`].
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tick {
    /// What stands for it among the ticked.
    pub value: String,
    /// What is read.
    pub label: String,
    /// More about it; may be empty.
    pub hint: String,
    /// Why it cannot be changed; empty where it can.
    pub locked: String,
}

/// Several of a few, all in sight.
#[component]
pub fn Ticks(
    /// What is asked.
    #[prop(into)]
    label: Signal<String>,
    /// The values of those that are ticked.
    value: RwSignal<Vec<String>>,
    /// The lines.
    #[prop(into)]
    ticks: Signal<Vec<Tick>>,
    /// Help that is always seen.
    hint: Option<Signal<String>>,
    /// What is wrong with it.
    #[prop(into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let rows = move || {
        ticks
            .get()
            .into_iter()
            .map(|tick| tick_line(tick, value))
            .collect_view()
    };
    let count = move || {
        let of = ticks.with(Vec::len);
        (of > 3).then(|| t::ui_ticked(&format::integer(of), &format::integer(value.with(Vec::len))))
    };
    view! {
        <GroupFrame label hint error>
            <div class="choices">{rows}</div>
            <p class="field-hint">{count}</p>
        </GroupFrame>
    }
    .into_any()
}

fn tick_line(tick: Tick, value: RwSignal<Vec<String>>) -> AnyView {
    let (own, changed) = (tick.value.clone(), tick.value);
    let is_locked = !tick.locked.is_empty();
    let hint = if is_locked { tick.locked } else { tick.hint };
    let change = move |event| {
        let ticked = event_target_checked(&event);
        value.update(|all| {
            all.retain(|one| *one != changed);
            if ticked {
                all.push(changed.clone());
            }
        });
    };
    view! {
        <label class="choice">
            <input
                type="checkbox"
                disabled=is_locked
                prop:checked=move || value.with(|all| all.contains(&own))
                on:change=task::guard(change)
            />
            <span class="typed">{tick.label}</span>
            {(!hint.is_empty()).then(|| view! { <span class="choice-hint typed">{hint}</span> })}
        </label>
    }
    .into_any()
}
