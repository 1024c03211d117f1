//! A page without any script, for what happens on the way into the portal or out of it.

use std::sync::Arc;

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::messages::{self, Language, Text, escape};
use crate::state::{App, LOGIN};
use crate::store::Terms;

/// What such a page says.
pub(crate) struct PlainPage<'a> {
    /// The language it is in.
    pub(crate) language: &'a Language,
    /// The answer's status.
    pub(crate) status: StatusCode,
    /// Its heading.
    pub(crate) title: Text,
    /// What happened.
    pub(crate) text: Text,
    /// What it is about, as terms and their values; without a term a sentence.
    pub(crate) facts: Vec<(String, String)>,
    /// What can be done here.
    pub(crate) buttons: Vec<Button<'a>>,
    /// Where else to go: the address and the words of a link.
    pub(crate) link: (String, Text),
    /// What to do there, made with [`LINK`] in place of the link; without it the link stands alone.
    pub(crate) advice: Option<Text>,
}

/// What stands for the link in [`PlainPage::advice`]: no text contains it.
pub(crate) const LINK: &str = "\u{1}";

/// A button that sends a form.
pub(crate) struct Button<'a> {
    /// Where, below our own origin.
    pub(crate) action: &'a str,
    /// What it says.
    pub(crate) label: Text,
    /// A field that goes with it, by name and value.
    pub(crate) field: Option<(&'a str, &'a str)>,
    /// Whether what comes opens in a tab of its own.
    pub(crate) new_tab: bool,
}

impl App {
    /// The link of a plain page that leads back to the shop: to `return_url`, else to the usual
    /// place.
    pub(crate) fn back_link(
        &self,
        language: &Language,
        return_url: Option<&str>,
    ) -> (String, Text) {
        let merchant = &self.config.policy.merchant;
        let url = return_url.unwrap_or(&merchant.return_url);
        (
            url.to_owned(),
            messages::page_back(language, &merchant.name),
        )
    }

    /// The link of a plain page that leads to the login page, else back to the shop.
    pub(crate) fn login_link(&self, language: &Language) -> (String, Text) {
        match self.config.login {
            Some(_) => (LOGIN.to_owned(), messages::page_login_link(language)),
            None => self.back_link(language, None),
        }
    }

    /// The language of a session, else the one that the browser asks for.
    pub(crate) fn language(&self, terms: Option<&Terms>, headers: &HeaderMap) -> Arc<Language> {
        let locale = terms.and_then(|terms| terms.locale.as_deref());
        self.config.languages.of_request(locale, headers)
    }
}

impl PlainPage<'_> {
    /// The answer.
    pub(crate) fn response(&self, app: &App) -> Response {
        let (url, words) = &self.link;
        let link = format!("<a href=\"{}\">{}</a>", escape(url), escape(words.as_str()));
        let buttons: String = self.buttons.iter().map(Button::form).collect();
        let onward = match &self.advice {
            Some(advice) => escape(advice.as_str()).replace(LINK, &link),
            None => link,
        };
        let (text, facts) = (escape(self.text.as_str()), facts(&self.facts));
        let body = format!("<p>{text}</p>{facts}{buttons}<p>{onward}</p>");
        document(app, self.language, self.status, &self.title, &body)
    }
}

/// A page without a script, which has `body`, as HTML, below its heading.
pub(crate) fn document(
    app: &App,
    language: &Language,
    status: StatusCode,
    title: &Text,
    body: &str,
) -> Response {
    let linked = |rel: &str, stem: &str, extension: &str| {
        let path = app.assets.hashed(stem, extension);
        path.map_or(String::new(), |path| {
            format!("<link rel=\"{rel}\" href=\"{path}\">")
        })
    };
    // The form's request must name its origin, which `no-referrer` in the header would hide.
    let page = format!(
        "<!doctype html><html lang=\"{tag}\" dir=\"{direction}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"referrer\" content=\"strict-origin\">\
         <meta name=\"robots\" content=\"noindex\"><title>{title}</title>\
         {style}{plain}{icon}</head>\
         <body data-failed><main class=\"fallback\"><h1>{title}</h1>\
         {body}</main></body></html>",
        tag = escape(&language.tag),
        direction = escape(language.direction()),
        title = escape(title.as_str()),
        style = linked("stylesheet", "page", "css"),
        plain = linked("stylesheet", "plain", "css"),
        icon = linked("icon", "icon", "svg"),
    );
    let content_type = HeaderValue::from_static("text/html; charset=utf-8");
    (status, [(CONTENT_TYPE, content_type)], page).into_response()
}

/// Terms and values as a list; sentences come after it.
fn facts(facts: &[(String, String)]) -> String {
    let (sentences, terms): (Vec<_>, Vec<_>) = facts.iter().partition(|(term, _)| term.is_empty());
    let terms: String = (terms.iter())
        .map(|(term, value)| format!("<dt>{}</dt><dd>{}</dd>", escape(term), escape(value)))
        .collect();
    let sentences: String = (sentences.iter())
        .map(|(_, text)| format!("<p>{}</p>", escape(text)))
        .collect();
    match terms.as_str() {
        "" => sentences,
        terms => format!("<dl>{terms}</dl>{sentences}"),
    }
}

impl Button<'_> {
    fn form(&self) -> String {
        let field = self.field.map_or(String::new(), |(name, value)| {
            format!(
                "<input type=\"hidden\" name=\"{name}\" value=\"{}\">",
                escape(value)
            )
        });
        let target = if self.new_tab {
            " target=\"_blank\""
        } else {
            ""
        };
        format!(
            "<form method=\"post\" action=\"{}\"{target}>{field}<button>{}</button></form>",
            escape(self.action),
            escape(self.label.as_str()),
        )
    }
}
