//! Telling the merchant's server, by a signed POST.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use base::hex;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::LOCATION;
use reqwest::{Client, Response};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

use crate::config::{Config, EffectKind, Secrets, is_global};

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
            Ok(answer) => Err(refusal(&answer)),
            Err(error) => Err(format!("no answer: {}", error.without_url())),
        }
    }
}

/// Why an answer is no success. A redirect is not followed: a signed body goes only where the
/// merchant said.
fn refusal(answer: &Response) -> String {
    let status = answer.status().as_u16();
    let location = answer
        .headers()
        .get(LOCATION)
        .and_then(|to| to.to_str().ok());
    let target = location.and_then(|to| answer.url().join(to).ok());
    match target.filter(|_| answer.status().is_redirection()) {
        Some(to) => format!(
            "it answered {status} and leads to {}; redirects are not followed, so set the \
             effect's `url` to the address that answers itself",
            to.origin().ascii_serialization()
        ),
        None => format!("it answered {status}"),
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
    let digest = hex(&mac.finalize().into_bytes());
    format!("t={seconds},v1={digest}")
}

/// Finds hosts as the system does, and only addresses of the internet.
struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|found| is_global(found.ip())).collect();
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

    /// What is said where the merchant's server gives this answer.
    async fn said_of(answer: &'static str) -> String {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let client = Client::builder().redirect(reqwest::redirect::Policy::none());
        let asked = tokio::spawn(client.build().unwrap().post(url).send());
        let (mut stream, _) = listener.accept().await.unwrap();
        tokio::io::AsyncReadExt::read(&mut stream, &mut [0; 1024])
            .await
            .unwrap();
        let whole = format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\n\r\n");
        tokio::io::AsyncWriteExt::write_all(&mut stream, whole.as_bytes())
            .await
            .unwrap();
        refusal(&asked.await.unwrap().unwrap())
    }

    #[tokio::test]
    async fn a_redirect_is_told_with_its_host_and_what_to_do() {
        let said = said_of("307 Moved\r\nlocation: https://www.shop.example/hook?key=secret").await;
        assert!(
            said.starts_with("it answered 307 and leads to https://www.shop.example;"),
            "{said}"
        );
        assert!(
            said.contains("set the effect's `url`") && !said.contains("secret"),
            "{said}"
        );
        let beside = said_of("308 Moved\r\nlocation: /other").await;
        assert!(beside.contains("leads to http://127.0.0.1:"), "{beside}");
        assert_eq!(said_of("302 Found").await, "it answered 302");
        assert_eq!(said_of("500 Oops").await, "it answered 500");
    }
}
