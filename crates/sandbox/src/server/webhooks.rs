//! Calling the webhooks that a store has registered.

use std::io;
use std::time::Duration;

use base::hex;
use hmac::{Hmac, KeyInit, Mac};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::HOST;
use hyper::{Request, Uri};
use hyper_util::rt::TokioIo;
use sha2::{Digest, Sha256};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use super::{Tenants, real_ms};
use crate::WebhookCall;

/// The API client secret of every token, which signs webhooks.
pub const CLIENT_SECRET: &str = "sandbox-client-secret";
/// Whoever takes longer to answer has failed.
const PATIENCE: Duration = Duration::from_secs(5);
/// Tries of one call; upstream makes twenty in 48 hours.
const TRIES: u32 = 8;
/// The wait after the first failure; it doubles.
const FIRST_WAIT: Duration = Duration::from_millis(250);

/// Makes the calls that changes of a token's store lead to, each on its own and in no order.
pub(super) fn deliver(tenants: &Tenants, token: &str) {
    let calls = tenants.with(token, |tenant| tenant.store.take_webhook_calls());
    for call in calls {
        tokio::spawn(async move {
            for number in 0..TRIES {
                if matches!(timeout(PATIENCE, send(&call)).await, Ok(Ok(true))) {
                    return;
                }
                sleep(FIRST_WAIT * (1 << number)).await;
            }
        });
    }
}

/// Makes one call; whether it was answered with a success.
async fn send(call: &WebhookCall) -> io::Result<bool> {
    let url: Uri = call.address.parse().map_err(io::Error::other)?;
    let host = url.authority().map(|host| host.as_str().to_owned());
    let host = host.ok_or(io::ErrorKind::InvalidInput)?;
    let stream = TcpStream::connect(&host).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(io::Error::other)?;
    tokio::spawn(connection);
    let seconds = real_ms() / 1_000;
    let path = url.path_and_query().map_or("/", |path| path.as_str());
    let request = Request::post(path)
        .header(HOST, host)
        .header("content-type", "application/json")
        .header("x-recharge-hmac-sha256", plain_digest(&call.body))
        .header("x-recharge-webhook-timestamp", seconds)
        .header(
            "x-recharge-webhook-signature",
            signature(seconds, &call.body),
        )
        .body(Full::new(Bytes::from(call.body.clone())))
        .map_err(io::Error::other)?;
    let answer = sender.send_request(request).await;
    let answer = answer.map_err(io::Error::other)?;
    Ok(answer.status().is_success())
}

/// The older signature, which is no HMAC in spite of its header's name.
fn plain_digest(body: &str) -> String {
    let digest = Sha256::new().chain_update(CLIENT_SECRET).chain_update(body);
    hex(&digest.finalize())
}

/// The current signature.
fn signature(seconds: i64, body: &str) -> String {
    // HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(CLIENT_SECRET.as_bytes()) else {
        return String::new();
    };
    mac.update(format!("{seconds}.{body}").as_bytes());
    format!("t={seconds},v1={}", hex(&mac.finalize().into_bytes()))
}
