//! Sign-on by what another system vouches for. Each file checks what one method sends and says
//! which customer it names; what then happens is up to the handlers in `http::entry`.

pub(crate) mod app_proxy;
pub(crate) mod customer_account;
pub(crate) mod jwt;
mod refusal;

pub(crate) use refusal::Refusal;

use crate::config::{Config, Origin, Secrets};

/// The configured sign-on methods; `None` where one is off.
pub(crate) struct SignOn {
    pub(crate) jwt: Option<jwt::Verifier>,
    pub(crate) app_proxy: Option<app_proxy::Verifier>,
    pub(crate) customer_account: Option<customer_account::Client>,
}

impl SignOn {
    /// The methods that `config` has, for a portal that browsers reach at `origin`.
    ///
    /// # Errors
    /// Where TLS cannot be set up on this machine.
    pub(crate) fn new(
        config: &Config,
        secrets: &Secrets,
        origin: &Origin,
    ) -> Result<SignOn, reqwest::Error> {
        let methods = &config.sign_on;
        let account = methods.customer_account.as_ref();
        Ok(SignOn {
            jwt: (methods.jwt.as_ref()).and_then(|jwt| jwt::Verifier::new(jwt, secrets)),
            app_proxy: (methods.app_proxy.as_ref())
                .and_then(|proxy| app_proxy::Verifier::new(proxy, secrets)),
            customer_account: account
                .map(|account| customer_account::Client::new(account, secrets, origin))
                .transpose()?,
        })
    }
}
