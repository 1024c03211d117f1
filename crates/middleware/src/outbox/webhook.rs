//! Telling the merchant's server, by a signed POST.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use reqwest::Client;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

use crate::config::{Config, EffectKind, Secrets, is_public};

/// The header with the signature: `t=1763720227,v1=` and 64 hexadecimal digits.
pub const SIGNATURE_HEADER: &str = "perennial-signature";
/// The header with the id of what is told: a repeat has the same one.
pub const DELIVERY_HEADER: &str = "perennial-delivery";

/// The merchant's server may take so long.
const PATIENCE: Duration = Duration::from_secs(10);

/// The way to the merchant's webhooks: configured addresses only, redirects not followed, and in
/// a live configuration none that leads to this machine or its network.
#[derive(Debug)]
pub(crate) struct Webhooks {
    client: Client,
    secrets: BTreeMap<String, SecretString>,
}

impl Webhooks {
    pub(crate) fn new(config: &Config, secrets: &Secrets) -> Result<Webhooks, reqwest::Error> {
        // An error only says that a provider is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = Client::builder()
            .user_agent(concat!("perennial/", env!("CARGO_PKG_VERSION")))
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .retry(reqwest::retry::never());
        if !config.policy.merchant.demo {
            builder = builder.dns_resolver(PublicOnly);
        }
        let with_secret = config
            .effects
            .iter()
            .filter_map(|effect| match &effect.kind {
                EffectKind::Webhook { url, secret } => {
                    let secret = secrets.others.get(secret)?.clone();
                    Some((url.url().to_string(), secret))
                }
                _ => None,
            });
        Ok(Webhooks {
            client: builder.build()?,
            secrets: with_secret.collect(),
        })
    }

    /// Tells `url` what `body` says; done when it answers with a success.
    pub(crate) async fn send(
        &self,
        url: &str,
        id: &str,
        body: &str,
        now_ms: i64,
    ) -> Result<(), String> {
        let secret = self
            .secrets
            .get(url)
            .ok_or("the configuration has no such webhook any more")?;
        let signed = signature(secret.expose_secret(), now_ms / 1_000, body);
        let request = self
            .client
            .post(url)
            .header("content-type", "application/json")
            .header(DELIVERY_HEADER, id)
            .header(SIGNATURE_HEADER, signed)
            .body(body.to_owned());
        match request.send().await {
            Ok(answer) if answer.status().is_success() => Ok(()),
            Ok(answer) => Err(format!("it answered {}", answer.status().as_u16())),
            Err(error) => Err(format!("no answer: {}", error.without_url())),
        }
    }
}

/// The signature of `body` sent at `seconds` since 1970: HMAC-SHA256, by `secret`, of the seconds,
/// a full stop and the body.
pub fn signature(secret: &str, seconds: i64, body: &str) -> String {
    // Any length of key is taken.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(format!("{seconds}.{body}").as_bytes());
    let digest = mac.finalize().into_bytes();
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={seconds},v1={hex}")
}

/// Finds hosts as the system does, and only addresses of the internet.
struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|found| is_public(found.ip())).collect();
            if public.is_empty() {
                return Err("the name leads to no address of the internet".into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_exactly_this() {
        // As `printf '1763720227.{}' | openssl dgst -sha256 -hmac secret-of-sixteen` says.
        let hex = "03b4c283cbcfbc4ae75548647e6825d53c471c34e941c9b4acd475ca6504418b";
        let signed = signature("secret-of-sixteen", 1_763_720_227, "{}");
        assert_eq!(signed, format!("t=1763720227,v1={hex}"));
    }

    #[tokio::test]
    async fn a_name_of_this_machine_is_not_found() {
        let name = |text: &str| text.parse::<Name>().unwrap();
        assert!(PublicOnly.resolve(name("localhost")).await.is_err());
    }
}
