//! The page around the portal, for merchants.

use crate::explain::Explanation;
use crate::messages::escape;

/// One of several things to see.
#[derive(Clone)]
pub(super) struct Choice {
    name: String,
    is_chosen: bool,
}

impl Choice {
    pub(super) fn new(name: &str, is_chosen: bool) -> Choice {
        Choice {
            name: name.to_owned(),
            is_chosen,
        }
    }
}

/// What the page shows.
pub(super) struct Shown {
    pub(super) customers: Vec<Choice>,
    pub(super) configurations: Vec<Choice>,
    pub(super) languages: Vec<Choice>,
    pub(super) states: Vec<Choice>,
    pub(super) explanation: Explanation,
    /// What opens the portal.
    pub(super) link: String,
}

const STYLE: &str = "\
    :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }\
    body { margin: 0; display: grid; grid-template-columns: 340px 1fr; block-size: 100dvh; }\
    aside { overflow: auto; padding: 16px; border-inline-end: 1px solid #8886; }\
    h1 { font-size: 18px; margin: 0 0 12px; } h2 { font-size: 15px; margin: 20px 0 8px; }\
    label { display: block; margin-block-end: 10px; }\
    select, button { font: inherit; inline-size: 100%; padding: 6px; margin-block-start: 2px; }\
    dl { margin: 0; } dt { font-weight: 600; } dd { margin: 0 0 8px; opacity: .8; overflow-wrap: anywhere; }\
    iframe { border: 0; inline-size: 100%; block-size: 100%; }\
    @media (max-width: 760px) { body { grid-template-columns: 1fr; block-size: auto; } iframe { block-size: 90dvh; } }";

/// The portal with its switches and the explanation.
pub(super) fn page(shown: &Shown) -> String {
    let selects = [
        select("customer", "Customer", None, &shown.customers),
        select(
            "configuration",
            "Configuration",
            Some("as the rules decide"),
            &shown.configurations,
        ),
        select(
            "language",
            "Language",
            Some("the browser's"),
            &shown.languages,
        ),
        select("state", "Recharge", Some("answers"), &shown.states),
    ];
    document(&format!(
        "<aside><h1>Preview</h1>\
         <p>Your file over invented customers. Nothing reaches your store, your customers or your servers.</p>\
         <form>{}<button>Show</button></form>\
         <h2>Configuration</h2><p>{}</p><h2>Actions that are off or limited</h2>{}</aside>\
         <iframe title=\"The portal\" src=\"{}\"></iframe>",
        selects.concat(),
        escape(&shown.explanation.decision.to_string()),
        reasons(&shown.explanation),
        escape(&shown.link),
    ))
}

/// That the file, or the preview, does not work, and why.
pub(super) fn failed(why: &str) -> String {
    document(&format!(
        "<aside><h1>This can't be shown</h1><p>{}</p><p>Correct the file and reload this page.</p></aside>",
        escape(why)
    ))
}

fn document(body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>Preview of the portal</title><style>{STYLE}</style></head><body>{body}</body></html>"
    )
}

fn select(name: &str, label: &str, none: Option<&str>, choices: &[Choice]) -> String {
    let none = none.map_or(String::new(), |text| {
        format!("<option value=\"\">{text}</option>")
    });
    let options: String = choices
        .iter()
        .map(|choice| {
            let selected = if choice.is_chosen { " selected" } else { "" };
            format!("<option{selected}>{}</option>", escape(&choice.name))
        })
        .collect();
    format!("<label>{label}<select name=\"{name}\">{none}{options}</select></label>")
}

/// The actions that are off or limited, as HTML.
fn reasons(explanation: &Explanation) -> String {
    let actions = explanation.actions.iter();
    let reasons: String = actions
        .filter_map(|(name, reason)| {
            let reason = escape(reason.as_ref()?);
            Some(format!("<dt>{}</dt><dd>{reason}</dd>", escape(name)))
        })
        .collect();
    match reasons.as_str() {
        "" => "<p>None.</p>".to_owned(),
        reasons => format!("<dl>{reasons}</dl>"),
    }
}
