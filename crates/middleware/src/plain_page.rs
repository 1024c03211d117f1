//! A page without any script, for what happens on the way into the portal or out of it.

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::app::App;

/// What such a page says.
pub(crate) struct PlainPage<'a> {
    /// The answer's status.
    pub(crate) status: StatusCode,
    /// Its heading.
    pub(crate) title: &'a str,
    /// What happened.
    pub(crate) text: &'a str,
    /// What to do, after a link that leads back to the shop.
    pub(crate) advice: &'a str,
    /// Where that link leads, where it is not the usual place.
    pub(crate) return_url: Option<&'a str>,
}

impl PlainPage<'_> {
    /// The answer.
    pub(crate) fn response(&self, app: &App) -> Response {
        let merchant = &app.config.policy.merchant;
        let linked = |rel: &str, stem: &str, extension: &str| {
            let path = app.assets.hashed(stem, extension);
            path.map_or(String::new(), |path| {
                format!("<link rel=\"{rel}\" href=\"{path}\">")
            })
        };
        let page = format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <meta name=\"robots\" content=\"noindex\"><title>{title}</title>\
             {style}{icon}</head>\
             <body data-failed><main class=\"fallback\"><h1>{title}</h1>\
             <p>{text} <a href=\"{url}\">Go back to {name}</a> {advice}</p>\
             </main></body></html>",
            title = self.title,
            text = self.text,
            advice = self.advice,
            style = linked("stylesheet", "page", "css"),
            icon = linked("icon", "icon", "svg"),
            url = escape(self.return_url.unwrap_or(&merchant.return_url)),
            name = escape(&merchant.name),
        );
        let content_type = HeaderValue::from_static("text/html; charset=utf-8");
        (self.status, [(CONTENT_TYPE, content_type)], page).into_response()
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
