//! Opening a one-time link.
//!
//! A link is used up only where a person opens it: by a navigation that the browser vouches for, or
//! by a button. Scanners, prefetches and embedded pictures get the page with the button, and leave
//! the link good.
//!
//! Who presses twice sends a second request and never sees the answer to the first. So a browser
//! gets a cookie before it uses a link up, and the session's token is made of both: the same
//! browser finds the same session again, and nobody else does.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Query, State};
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use base::hex;
use protocol::CustomerId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::audit::Audit;
use crate::http::hand_over;
use crate::http::navigation::Navigation;
use crate::http::plain_page::{Button, LINK, PlainPage};
use crate::limit::UnknownLink;
use crate::messages;
use crate::problem::ApiError;
use crate::session::{self, SignedIn};
use crate::state::App;
use crate::store::{Link, LinkUse, Terms, TokenHash};

/// The field of the form that confirms replacing a session.
const CONFIRM: &str = "confirm";
/// The longest form of ours, in bytes.
const LONGEST_FORM: usize = 1024;
/// A browser keeps its cookie for so long while it opens a link, seconds.
const OPENING_SECONDS: u32 = 600;

/// Where a link leads.
#[derive(Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Destination {
    /// This portal.
    #[default]
    Portal,
    /// On to the portal that Recharge hosts.
    HostedPortal,
}

/// The parameters of a link; others are somebody else's and mean nothing here.
#[derive(Default, Deserialize)]
struct LinkParameters {
    #[serde(default)]
    to: Destination,
    /// There where the browser was given its cookie just before.
    again: Option<String>,
}

impl Destination {
    /// The address of a link below the origin.
    pub(super) fn link(self, token: &str) -> String {
        let query = match self {
            Destination::Portal => "",
            Destination::HostedPortal => "?to=hosted_portal",
        };
        format!("/portal/open/{token}{query}")
    }
}

/// Opens the portal, once. The answer leads to an address without the token.
pub(super) async fn open_link(
    State(app): State<Arc<App>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let token = uri.path().rsplit('/').next().unwrap_or_default();
    let Query(LinkParameters { to, again }) = Query::try_from_uri(&uri).unwrap_or_default();
    let opening = Opening {
        app: &app,
        headers: &headers,
        token,
        browser: app.config.session.cookie.opening().token(&headers),
        address: to.link(token),
        to,
    };
    let now_ms = app.now_ms().await?;
    let current = session::current(&app, &headers).await?;
    let link = match app.store.link(TokenHash::of(token), now_ms).await? {
        LinkUse::Good(link) => link,
        spent => return opening.spent(spent, current).await,
    };
    let pressed = method == Method::POST;
    if let Some(other) = current.as_ref().filter(|s| s.customer != link.customer) {
        let confirmation = opening.confirmation(other);
        if !pressed || confirmed(body).await.as_ref() != Some(&confirmation) {
            return opening.ask_to_replace(&confirmation);
        }
    } else if !pressed && !opening.is_wanted() {
        return opening.ask_to_open(&link);
    } else if !pressed && opening.browser.is_none() && again.is_none() {
        return opening.give_cookie();
    }
    match app.store.take_link(TokenHash::of(token), now_ms).await? {
        LinkUse::Good(link) => opening.sign_in(link).await,
        spent => opening.spent(spent, current).await,
    }
}

/// What a form of ours confirms.
async fn confirmed(body: Body) -> Option<String> {
    let form = to_bytes(body, LONGEST_FORM).await.ok()?;
    let mut fields = form_urlencoded::parse(&form);
    let (_, value) = fields.find(|(name, _)| name == CONFIRM)?;
    Some(value.into_owned())
}

/// A request that opens a link.
struct Opening<'a> {
    app: &'a App,
    headers: &'a HeaderMap,
    /// The link's own.
    token: &'a str,
    /// The token of the browser's cookie.
    browser: Option<&'a str>,
    /// The link itself, below the origin.
    address: String,
    to: Destination,
}

impl Opening<'_> {
    /// Whether the browser says that a person goes there. In a frame that is so only where the
    /// merchant frames the portal, and the cookie reaches only a frame of the same site.
    fn is_wanted(&self) -> bool {
        match Navigation::of(self.headers) {
            Some(Navigation::Page) => true,
            Some(Navigation::Frame { same_site }) => {
                same_site && !self.app.config.frame_ancestors.is_empty()
            }
            None => false,
        }
    }

    /// Proof that the page which confirms was made for this browser's session and this link: no
    /// other site can know it.
    fn confirmation(&self, session: &SignedIn) -> String {
        let both = [session.token.0, TokenHash::of(self.token).0];
        TokenHash(Sha256::digest(both.as_flattened()).into()).name()
    }

    /// Has the browser come back with a cookie.
    fn give_cookie(&self) -> Result<Response, ApiError> {
        let join = if self.address.contains('?') { '&' } else { '?' };
        let address = format!("{}{join}again=1", self.address);
        let mut location = HeaderValue::try_from(address).map_err(|_| ApiError::internal())?;
        location.set_sensitive(true);
        let response = (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response();
        self.with_cookie(response)
    }

    /// The same answer, which gives the browser its cookie, unless it has one.
    fn with_cookie(&self, mut response: Response) -> Result<Response, ApiError> {
        if self.browser.is_none() {
            let cookie = self.app.config.session.cookie.opening();
            let cookie = cookie.set_for(&session::new_token(self.app), OPENING_SECONDS)?;
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        Ok(response)
    }

    /// The token of the session that this link begins in this browser.
    fn session_token(&self, browser: &str) -> String {
        hex(&Sha256::digest(format!("{browser} {}", self.token)))
    }

    async fn sign_in(&self, link: Link) -> Result<Response, ApiError> {
        let (customer, terms) = (link.customer, link.terms.clone());
        let token = match self.browser {
            Some(browser) => self.session_token(browser),
            // One that takes no cookies has no use for a session either.
            None => session::new_token(self.app),
        };
        let cookie = session::begin(self.app, self.headers, link, &token).await?;
        self.signed_in(customer, &terms, cookie).await
    }

    async fn signed_in(
        &self,
        customer: CustomerId,
        terms: &Terms,
        cookie: HeaderValue,
    ) -> Result<Response, ApiError> {
        let mut response = self.lead_on(customer, terms).await?;
        response.headers_mut().append(SET_COOKIE, cookie);
        if self.browser.is_some() {
            let done = self.app.config.session.cookie.opening().expired()?;
            response.headers_mut().append(SET_COOKIE, done);
        }
        Audit::of(customer, "sign_in", "done")
            .by(terms.actor())
            .put(&mut response);
        Ok(response)
    }

    /// Leads to the link's page of the portal, or makes the hand-over to the hosted one.
    async fn lead_on(&self, customer: CustomerId, terms: &Terms) -> Result<Response, ApiError> {
        // Where the link leads stands in its address, which staff could change.
        let goes_on = self.to == Destination::HostedPortal && terms.staff.is_none();
        match &self.app.config.hosted_portal {
            Some(hosted) if goes_on => {
                hand_over::send_on(self.app, hosted, customer, self.headers, terms).await
            }
            _ => {
                let page = terms.page.as_deref().unwrap_or("/");
                let location = HeaderValue::try_from(format!("/portal{page}"));
                let location = location.map_err(|_| ApiError::internal())?;
                Ok((StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response())
            }
        }
    }

    /// A link that is used up lets in only whom it let in before: the second request of a double
    /// press, or a page that was gone back to.
    async fn spent(&self, taken: LinkUse, current: Option<SignedIn>) -> Result<Response, ApiError> {
        let LinkUse::AlreadyUsed(link) = taken else {
            let mut response = self.spent_page(None);
            response.extensions_mut().insert(UnknownLink);
            return Ok(response);
        };
        if current.is_some_and(|session| session.customer == link.customer) {
            return self.lead_on(link.customer, &link.terms).await;
        }
        if let Some(token) = self.begun_before().await? {
            let cookie = self.app.config.session.cookie.session().set(&token)?;
            return self.signed_in(link.customer, &link.terms, cookie).await;
        }
        let mut response = self.spent_page(Some(&link.terms));
        Audit::of(link.customer, "sign_in", "spent")
            .by(link.terms.actor())
            .put(&mut response);
        Ok(response)
    }

    /// The session that this link began in this browser a moment ago.
    async fn begun_before(&self) -> Result<Option<String>, ApiError> {
        let Some(browser) = self.browser else {
            return Ok(None);
        };
        let token = self.session_token(browser);
        let session = session::just_begun(self.app, &token).await?;
        Ok(session.map(|_| token))
    }

    /// Says without any script that a link is used up, and where to get another.
    fn spent_page(&self, terms: Option<&Terms>) -> Response {
        let minutes = (self.app.config.session.link_ms / 60_000).to_string();
        let language = &self.app.language(terms, self.headers);
        let return_url = terms.and_then(|terms| terms.return_url.as_deref());
        let (link, advice) = match self.app.config.login {
            Some(_) => (self.app.login_link(language), None),
            None => (
                self.app.back_link(language, return_url),
                Some(messages::page_link_used_advice(language, LINK)),
            ),
        };
        let page = PlainPage {
            language,
            status: StatusCode::GONE,
            title: messages::page_link_used_title(language),
            text: messages::page_link_used_text(language, &minutes),
            facts: Vec::new(),
            buttons: Vec::new(),
            link,
            advice,
        };
        page.response(self.app)
    }

    /// A button that opens the link; in a frame, which may not get the cookie, in a tab of its own.
    fn ask_to_open(&self, link: &Link) -> Result<Response, ApiError> {
        let framed = matches!(
            Navigation::of(self.headers),
            Some(Navigation::Frame { same_site: false })
        );
        let language = &self.app.language(Some(&link.terms), self.headers);
        let label = if framed {
            messages::page_open_button_new_tab(language)
        } else {
            messages::page_open_button(language)
        };
        let page = PlainPage {
            language,
            status: StatusCode::OK,
            title: messages::page_open_title(language),
            text: messages::page_open_text(language),
            facts: Vec::new(),
            buttons: vec![Button {
                action: &self.address,
                label,
                field: None,
                new_tab: framed,
            }],
            link: self
                .app
                .back_link(language, link.terms.return_url.as_deref()),
            advice: None,
        };
        self.with_cookie(page.response(self.app))
    }

    /// Asks before a link of one customer replaces the session of another.
    fn ask_to_replace(&self, confirmation: &str) -> Result<Response, ApiError> {
        let language = &self.app.language(None, self.headers);
        let page = PlainPage {
            language,
            status: StatusCode::OK,
            title: messages::page_switch_title(language),
            text: messages::page_switch_text(language),
            facts: Vec::new(),
            buttons: vec![Button {
                action: &self.address,
                label: messages::page_switch_button(language),
                field: Some((CONFIRM, confirmation)),
                new_tab: false,
            }],
            link: ("/portal/".to_owned(), messages::page_switch_stay(language)),
            advice: None,
        };
        self.with_cookie(page.response(self.app))
    }
}
