//! The commands of the program besides `serve`: `perennial outbox`, what is still to be done
//! outside, `perennial link`, a link that makes one change, and `perennial audit`.

mod audit;
mod funnel;

use std::io::{self, Write};

use gateway::Env;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

pub use self::audit::{AuditDays, AuditFormat, export_audit, verify_audit};
pub use self::funnel::funnel;
use crate::effects::Job;
use crate::store::{Outbox, QueuedJob, StoreError};

/// `perennial outbox`: lists what waits in `outbox` and, where `retry` says so, has all of it tried again at once.
///
/// # Errors
/// Where the outbox cannot be read or `out` not be written.
pub async fn outbox(
    outbox: &dyn Outbox,
    env: &dyn Env,
    retry: bool,
    out: &mut dyn Write,
) -> Result<(), Box<dyn std::error::Error>> {
    if retry {
        let all = outbox.retry(env.now_ms()).await?;
        writeln!(out, "{all} to be tried again now")?;
    }
    list(&outbox.all().await?, out).map_err(|error| StoreError(error.to_string()))?;
    Ok(())
}

/// Asks the server at the origin `server` for a link that makes one change, as `wanted` says, and
/// answers the link.
///
/// # Errors
/// Where the server cannot be reached, or refuses: then with its reason.
pub async fn link(
    server: &str,
    secret: &SecretString,
    wanted: &Value,
) -> Result<String, Box<dyn std::error::Error>> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let asking = reqwest::Client::new()
        .post(format!("{server}/portal/links"))
        .bearer_auth(secret.expose_secret())
        .json(wanted);
    let hint = "name the running server with --server";
    let answer = asking.send().await;
    let answer = answer.map_err(|error| format!("{}; {hint}", error.without_url()))?;
    let answer: Value = answer.json().await?;
    match (answer["url"].as_str(), answer["title"].as_str()) {
        (Some(url), _) => Ok(url.to_owned()),
        (None, Some(why)) => Err(why.into()),
        (None, None) => Err(format!("{server} is another server; {hint}").into()),
    }
}

fn list(all: &[QueuedJob], out: &mut dyn Write) -> io::Result<()> {
    if all.is_empty() {
        return writeln!(out, "nothing waits");
    }
    for kept in all {
        let job = serde_json::from_str::<Job>(&kept.job);
        let about = job.map_or("unknown".to_owned(), |job| job.about());
        let next = kept.due_ms.map_or("given up".to_owned(), |due_ms| {
            format!("next {}", time(due_ms))
        });
        let error = kept.error.as_deref().unwrap_or("not tried yet");
        writeln!(
            out,
            "{} since {}, {} tries, {next}: {about}: {error}",
            kept.id,
            time(kept.since_ms),
            kept.tries
        )?;
    }
    Ok(())
}

fn time(ms: i64) -> String {
    Timestamp::from_second(ms / 1_000).map_or(String::new(), |at| at.to_string())
}
