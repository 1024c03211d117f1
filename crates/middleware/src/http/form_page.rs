//! A plain page with a form: a text field, or a choice.

use axum::http::StatusCode;
use axum::response::Response;

use crate::http::plain_page::document;
use crate::messages::{Language, Text, escape};
use crate::state::App;

/// What such a page says and asks.
pub(crate) struct FormPage<'a> {
    /// The language it is in.
    pub(crate) language: &'a Language,
    /// The answer's status.
    pub(crate) status: StatusCode,
    /// Its heading.
    pub(crate) title: Text,
    /// What it is about, by paragraphs.
    pub(crate) texts: Vec<Text>,
    /// The form.
    pub(crate) form: Form<'a>,
    /// Where else to go: addresses and the words of links.
    pub(crate) links: Vec<(String, Text)>,
}

/// A form, which is sent to our own origin.
pub(crate) struct Form<'a> {
    /// Where to.
    pub(crate) action: &'a str,
    /// Values that go with it, by name.
    pub(crate) hidden: Vec<(&'a str, &'a str)>,
    /// What is asked; without it there is only the button.
    pub(crate) field: Option<Field<'a>>,
    /// What sends it: one button, or one for each choice.
    pub(crate) buttons: Vec<FormButton<'a>>,
}

/// A text field.
pub(crate) struct Field<'a> {
    /// Its name.
    pub(crate) name: &'a str,
    /// What is typed there, which decides what a keyboard and a password manager offer.
    pub(crate) kind: FieldKind,
    /// Its label.
    pub(crate) label: Text,
    /// How to fill it in.
    pub(crate) hint: Option<Text>,
    /// What was typed before.
    pub(crate) value: &'a str,
    /// What is wrong with that.
    pub(crate) error: Option<Text>,
}

/// What is typed into a field.
#[derive(Clone, Copy)]
pub(crate) enum FieldKind {
    /// An email address.
    Email,
    /// A code that was sent.
    Code,
}

/// A button that sends a form.
pub(crate) struct FormButton<'a> {
    /// What it chooses, by name and value.
    pub(crate) choice: Option<(&'a str, String)>,
    /// What it says.
    pub(crate) label: Text,
    /// More about it, in smaller words.
    pub(crate) detail: Option<String>,
}

impl FormPage<'_> {
    /// The answer.
    pub(crate) fn response(&self, app: &App) -> Response {
        let texts = self.texts.iter();
        let texts: String = texts
            .map(|text| format!("<p>{}</p>", escape(text.as_str())))
            .collect();
        let links = self.links.iter();
        let links: String = links
            .map(|(url, words)| {
                let (url, words) = (escape(url), escape(words.as_str()));
                format!("<p><a href=\"{url}\">{words}</a></p>")
            })
            .collect();
        let body = format!("{texts}{}{links}", self.form.html());
        document(app, self.language, self.status, &self.title, &body)
    }
}

impl Form<'_> {
    fn html(&self) -> String {
        let hidden: String = self
            .hidden
            .iter()
            .map(|(name, value)| {
                let value = escape(value);
                format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">")
            })
            .collect();
        let field = self.field.as_ref().map_or(String::new(), Field::html);
        let buttons: String = self.buttons.iter().map(FormButton::html).collect();
        // The server's words on a field are in the page's language; the browser's need not be.
        format!(
            "<form method=\"post\" action=\"{}\" novalidate>{hidden}{field}{buttons}</form>",
            escape(self.action)
        )
    }
}

impl Field<'_> {
    fn html(&self) -> String {
        let name = self.name;
        let part = |suffix: &str, class: &str, text: &Option<Text>| {
            text.as_ref().map(|text| {
                let id = format!("{name}-{suffix}");
                let text = escape(text.as_str());
                let html = format!("<p id=\"{id}\" class=\"{class}\">{text}</p>");
                (id, html)
            })
        };
        let hint = part("hint", "hint", &self.hint);
        let error = part("error", "error", &self.error);
        let said: Vec<(String, String)> = [hint, error].into_iter().flatten().collect();
        let ids: Vec<&str> = said.iter().map(|(id, _)| id.as_str()).collect();
        let html: String = said.iter().map(|(_, html)| html.as_str()).collect();
        let described = match ids.as_slice() {
            [] => String::new(),
            ids => format!(" aria-describedby=\"{}\"", ids.join(" ")),
        };
        let invalid = if self.error.is_some() {
            " aria-invalid=\"true\""
        } else {
            ""
        };
        // A code may be pasted with spaces and dashes, so it is as long as that.
        let kind = match self.kind {
            FieldKind::Email => {
                "type=\"email\" inputmode=\"email\" autocomplete=\"email\" maxlength=\"254\""
            }
            FieldKind::Code => {
                "type=\"text\" inputmode=\"text\" autocomplete=\"one-time-code\" maxlength=\"40\" \
                 dir=\"ltr\""
            }
        };
        format!(
            "<label for=\"{name}\">{}</label>{html}\
             <input id=\"{name}\" name=\"{name}\" {kind} autocapitalize=\"none\" \
             autocorrect=\"off\" spellcheck=\"false\" required autofocus \
             value=\"{}\"{described}{invalid}>",
            escape(self.label.as_str()),
            escape(self.value),
        )
    }
}

impl FormButton<'_> {
    fn html(&self) -> String {
        let choice = self.choice.as_ref().map_or(String::new(), |(name, value)| {
            format!(" name=\"{name}\" value=\"{}\"", escape(value))
        });
        let detail = self.detail.as_ref().map_or(String::new(), |detail| {
            format!(" <span>{}</span>", escape(detail))
        });
        let label = escape(self.label.as_str());
        format!("<button{choice}>{label}{detail}</button>")
    }
}
