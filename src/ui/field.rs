//! Fields to type or choose in: label, hint, error where the problem is, all tied together.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use super::id::unique_id;
use super::task;
use crate::i18n::t;

/// The ids that tie a field to its hint and its error.
#[derive(Clone)]
pub(super) struct Ids {
    /// The field itself.
    pub(super) field: String,
    hint: Option<String>,
    error: String,
}

impl Ids {
    /// New ones, for a field with or without a hint.
    pub(super) fn new(has_hint: bool) -> Ids {
        let field = unique_id();
        Ids {
            hint: has_hint.then(|| format!("{field}-hint")),
            error: format!("{field}-error"),
            field,
        }
    }

    /// What describes the field just now: the error before the hint.
    pub(super) fn described_by(&self, error: Signal<Option<String>>) -> Signal<Option<String>> {
        let ids = self.clone();
        Signal::derive(move || {
            let error = error.with(Option::is_some).then_some(ids.error.as_str());
            let all: Vec<&str> = error.into_iter().chain(ids.hint.as_deref()).collect();
            (!all.is_empty()).then(|| all.join(" "))
        })
    }
}

/// The frame of every field: its label above, its hint and its error below.
#[component]
pub(super) fn FieldFrame(
    ids: Ids,
    label: Signal<String>,
    hint: Option<Signal<String>>,
    error: Signal<Option<String>>,
    optional: bool,
    children: Children,
) -> impl IntoView {
    let error_id = ids.error;
    view! {
        <div class="field" part="field">
            <label class="field-label" for=ids.field>
                <span>{label}</span>
                {optional.then(|| view! { <span class="field-optional">{t::ui_optional()}</span> })}
            </label>
            {children()}
            {hint.map(|hint| view! { <p class="field-hint" id=ids.hint>{hint}</p> })}
            {move || error.get().map(|text| view! {
                // Read out as it appears: the focus may be in the field already.
                <p class="field-error" id=error_id.clone() role="alert">
                    <Icon glyph=Glyph::Alert/><span>{text}</span>
                </p>
            })}
        </div>
    }
}

/// The frame of every field that is a group of controls: its question above, its hint, and
/// its error below, which is read out as it appears.
#[component]
pub(super) fn GroupFrame(
    label: Signal<String>,
    hint: Option<Signal<String>>,
    error: Signal<Option<String>>,
    children: Children,
) -> impl IntoView {
    let id = unique_id();
    let about = id.clone();
    let wrong = move || {
        error.get().map(|text| {
            view! {
                <p class="field-error" role="alert"><Icon glyph=Glyph::Alert/><span>{text}</span></p>
            }
        })
    };
    view! {
        <fieldset
            class="field"
            part="field"
            aria-describedby=about
            data-invalid=move || error.with(Option::is_some).then_some("")
        >
            <legend class="choices-legend">{label}</legend>
            {hint.map(|hint| view! { <p class="field-hint">{hint}</p> })}
            {children()}
            <div id=id>{wrong}</div>
        </fieldset>
    }
    .into_any()
}

/// Takes over what stands in a field.
fn type_in(value: RwSignal<String>) -> impl Fn(leptos::ev::Event) + 'static {
    move |event| value.set(event_target_value(&event))
}

/// One line to type in.
#[component]
pub fn Field(
    /// What is asked.
    #[prop(into)]
    label: Signal<String>,
    /// What stands in it.
    value: RwSignal<String>,
    /// Help that is always seen.
    #[prop(optional, into)]
    hint: Option<Signal<String>>,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Whether it may stay empty, which the label then says.
    #[prop(optional)]
    optional: bool,
    /// Whether it narrows a list and asks for nothing: neither required nor called optional.
    #[prop(optional)]
    filter: bool,
    /// The `type` attribute.
    #[prop(default = "text")]
    kind: &'static str,
    /// The autofill token, such as `address-line1`; also its name in the form.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Which keyboard a phone shows, such as `numeric`.
    #[prop(optional)]
    inputmode: Option<&'static str>,
    /// The most characters it takes.
    #[prop(optional)]
    max_length: Option<u32>,
    /// Called when the customer leaves it: the moment to check it.
    #[prop(optional, into)]
    on_blur: Option<Callback<()>>,
) -> impl IntoView {
    let ids = Ids::new(hint.is_some());
    let id = ids.field.clone();
    let described_by = ids.described_by(error);
    view! {
        <FieldFrame ids label hint error optional>
            <input
                class="input"
                part="input"
                id=id
                type=kind
                name=(autocomplete != "off").then_some(autocomplete)
                autocomplete=autocomplete
                inputmode=inputmode
                enterkeyhint=if kind == "search" { "search" } else { "done" }
                maxlength=max_length.map(|length| length.to_string())
                required=!(optional || filter)
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=described_by
                prop:value=value
                on:input=task::guard(type_in(value))
                // Some form fillers say nothing else.
                on:change=task::guard(type_in(value))
                on:blur=task::guard(move |_| if let Some(on_blur) = on_blur { on_blur.run(()) })
            />
        </FieldFrame>
    }
}

/// One of a list that is too long to lay out.
#[component]
pub fn Select(
    /// What is asked.
    #[prop(into)]
    label: Signal<String>,
    /// The value of the chosen option.
    value: RwSignal<String>,
    /// The options: value and text. Where none has the current value, the browser shows
    /// the first; begin with an empty one to make the customer choose.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    /// Help that is always seen.
    #[prop(optional, into)]
    hint: Option<Signal<String>>,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Whether it may stay empty, which the label then says.
    #[prop(optional)]
    optional: bool,
    /// Whether it narrows a list and asks for nothing: neither required nor called optional.
    #[prop(optional)]
    filter: bool,
    /// The autofill token, such as `country`; also its name in the form.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Called after the customer has chosen another option.
    #[prop(optional, into)]
    on_change: Option<Callback<()>>,
) -> impl IntoView {
    let ids = Ids::new(hint.is_some());
    let id = ids.field.clone();
    let described_by = ids.described_by(error);
    let choose = move |event| {
        value.set(event_target_value(&event));
        if let Some(on_change) = on_change {
            on_change.run(());
        }
    };
    view! {
        <FieldFrame ids label hint error optional>
            <div class="select">
                <select
                    class="input"
                    part="input"
                    id=id
                    name=(autocomplete != "off").then_some(autocomplete)
                    autocomplete=autocomplete
                    required=!(optional || filter)
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    aria-describedby=described_by
                    on:change=task::guard(choose)
                >
                    {move || options.get().into_iter().map(|(key, text)| {
                        let own = key.clone();
                        view! {
                            <option value=key prop:selected=move || value.with(|v| *v == own)>{text}</option>
                        }
                    }).collect_view()}
                </select>
                <Icon glyph=Glyph::Down/>
            </div>
        </FieldFrame>
    }
}

/// Several lines to type in, with the characters counted that are left.
#[component]
pub fn TextArea(
    /// What is asked.
    #[prop(into)]
    label: Signal<String>,
    /// What stands in it.
    value: RwSignal<String>,
    /// The most characters it takes.
    limit: usize,
    /// Help that is always seen.
    #[prop(optional, into)]
    hint: Option<Signal<String>>,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Whether it may stay empty, which the label then says.
    #[prop(optional)]
    optional: bool,
) -> impl IntoView {
    let ids = Ids::new(hint.is_some());
    let id = ids.field.clone();
    let described_by = ids.described_by(error);
    // `maxlength` counts UTF-16 units, so this does too.
    let left = move || limit.saturating_sub(value.with(|text| text.encode_utf16().count()));
    view! {
        <FieldFrame ids label hint error optional>
            <textarea
                class="input"
                part="input"
                id=id
                autocomplete="off"
                maxlength=limit.to_string()
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=described_by
                prop:value=value
                on:input=task::guard(type_in(value))
                // Some form fillers say nothing else.
                on:change=task::guard(type_in(value))
            ></textarea>
            <p class="field-count">{move || t::ui_characters_left(left())}</p>
        </FieldFrame>
    }
}
