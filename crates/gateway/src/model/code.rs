//! Codes sent by mail, which prove that somebody reads an address.
//!
//! A code is six of thirty-two signs: thirty bits, of which nobody guesses one in five tries. What
//! is kept of it is its hash, with the session that asked for it mixed in.

use base::hex;
use protocol::view::AwaitedCode;
use protocol::{FieldError, FieldProblem, Problem, Refusal, Secret};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::env::Env;
use crate::plan::Halt;
use crate::upstream::reader::Reader;

/// The fact that a proof of who is there waits for its code.
pub(crate) const VERIFICATION: &str = "verification";
/// The fact that it was proven.
const VERIFIED: &str = "verified";
/// The fact that a request for deletion waits for its code.
pub(crate) const DELETION: &str = "deletion";
/// The fact that an e-mail address waits for its code.
pub(crate) const EMAIL_CHANGE: &str = "email_change";

/// Digits and letters, without those that look like others.
const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Signs of a code.
const LENGTH: usize = 6;
/// How long a code is good, in minutes.
pub(crate) const GOOD_MINUTES: u32 = 10;
/// A code counts for so long: ten minutes.
const GOOD_MS: i64 = GOOD_MINUTES as i64 * 60_000;
/// So often a code may be tried.
const TRIES: u32 = 5;
/// A minute, in milliseconds.
const MINUTE_MS: i64 = 60_000;
/// A proof of who is there counts for so long: five minutes.
const PROVEN_MS: i64 = 5 * MINUTE_MS;

/// A code that was sent, as it is kept among the customer's facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PendingCode {
    /// The address it was sent to.
    pub(crate) email: String,
    /// The customer's address when its change was sent upstream.
    pub(crate) before: Option<String>,
    hash: String,
    /// The session that asked for it, so that no other one uses its tries up.
    #[serde(default)]
    session: String,
    until_ms: i64,
    tries_left: u32,
}

impl PendingCode {
    /// A new code for `email`, and how it is kept.
    pub(crate) fn new(reader: &Reader<'_>, email: &str) -> (Secret, PendingCode) {
        let code = new_code(&*reader.upstream.env);
        let pending = PendingCode {
            email: email.to_owned(),
            before: None,
            hash: hash(reader, code.expose()),
            session: session(reader),
            until_ms: reader.upstream.env.now_ms() + GOOD_MS,
            tries_left: TRIES,
        };
        (code, pending)
    }

    /// What is kept under `name`, also where it counts no more.
    pub(crate) async fn find(
        reader: &Reader<'_>,
        name: &str,
    ) -> Result<Option<PendingCode>, Problem> {
        let fact = reader.fact(name).await?;
        Ok(fact.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// That nothing under `name` is still waited for.
    pub(crate) async fn ensure_none(reader: &Reader<'_>, name: &str) -> Result<(), Halt> {
        match PendingCode::find(reader, name).await? {
            Some(pending) if pending.counts(reader) => Err(Refusal::StillPending.into()),
            _ => Ok(()),
        }
    }

    /// The code under `name`, which `code` must be. A wrong one is counted.
    pub(crate) async fn prove(
        reader: &Reader<'_>,
        name: &'static str,
        code: &Secret,
    ) -> Result<PendingCode, Halt> {
        let pending = PendingCode::find(reader, name).await?;
        let counts = |one: &PendingCode| one.session == session(reader) && one.counts(reader);
        let pending = pending.filter(counts).ok_or(Refusal::CodeExpired)?;
        if hash(reader, &read_code(code.expose())) == pending.hash {
            return Ok(pending);
        }
        let field = FieldError::new("code", FieldProblem::Code);
        let tries_left = pending.tries_left - 1;
        let kept = PendingCode {
            tries_left,
            ..pending
        };
        Err(Halt::RejectedWithFact(field, (name, kept.json())))
    }

    /// What the customer is shown of the code under `name`, while it is waited for.
    pub(crate) async fn view(
        reader: &Reader<'_>,
        name: &str,
    ) -> Result<Option<AwaitedCode>, Problem> {
        let pending = PendingCode::find(reader, name).await?;
        let pending = pending.filter(|pending| pending.counts(reader));
        Ok(pending.map(|pending| {
            let left_ms = pending.until_ms - reader.upstream.env.now_ms();
            let minutes = (left_ms + MINUTE_MS - 1) / MINUTE_MS;
            AwaitedCode {
                email: pending.email,
                minutes_left: u32::try_from(minutes).unwrap_or(0),
                tries_left: pending.tries_left,
            }
        }))
    }

    /// Whether this session asked for it less than a minute ago, so that another is not sent yet.
    pub(crate) fn is_recent(&self, reader: &Reader<'_>) -> bool {
        let age_ms = reader.upstream.env.now_ms() - (self.until_ms - GOOD_MS);
        self.counts(reader) && self.session == session(reader) && age_ms < MINUTE_MS
    }

    /// As it is kept.
    pub(crate) fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Whether it can still prove something: there are tries left, and it is not too old, nor dated
    /// later than now, as by a clock that was set back since.
    fn counts(&self, reader: &Reader<'_>) -> bool {
        let left_ms = self.until_ms - reader.upstream.env.now_ms();
        self.tries_left > 0 && (1..=GOOD_MS + MINUTE_MS).contains(&left_ms)
    }
}

/// That a session has proven who is there.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Verified {
    session: String,
    until_ms: i64,
}

impl Verified {
    /// The fact that the session of `reader` has proven it now.
    pub(crate) fn fact(reader: &Reader<'_>) -> (&'static str, String) {
        let verified = Verified {
            session: session(reader),
            until_ms: reader.upstream.env.now_ms() + PROVEN_MS,
        };
        let json = serde_json::to_string(&verified).unwrap_or_default();
        (VERIFIED, json)
    }

    /// Whether the session of `reader` proved it within the last five minutes.
    pub(crate) async fn is_fresh(reader: &Reader<'_>) -> Result<bool, Problem> {
        let fact = reader.fact(VERIFIED).await?;
        let verified = fact.and_then(|text| serde_json::from_str::<Verified>(&text).ok());
        Ok(verified.is_some_and(|verified| {
            let left_ms = verified.until_ms - reader.upstream.env.now_ms();
            verified.session == session(reader) && (1..=PROVEN_MS).contains(&left_ms)
        }))
    }
}

/// A new code to send by mail: thirty random bits as six digits and letters.
pub fn new_code(env: &dyn Env) -> Secret {
    let sign = |byte: &u8| char::from(SIGNS[usize::from(byte % 32)]);
    let code: String = env.random().iter().take(LENGTH).map(sign).collect();
    code.into()
}

/// A typed code as it was made. Spaces and dashes do not count, nor does case; a sign that codes do
/// not have is read as the one it looks like.
pub fn read_code(typed: &str) -> String {
    let signs = typed.chars().filter(|c| c.is_ascii_alphanumeric());
    signs
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            'U' => 'V',
            sign => sign,
        })
        .collect()
}

/// A short name of the session that asks, from which nobody learns the session.
fn session(reader: &Reader<'_>) -> String {
    let mut name = hash(reader, "");
    name.truncate(16);
    name
}

fn hash(reader: &Reader<'_>, code: &str) -> String {
    let text = format!("{}/{}/{code}", reader.customer, reader.session);
    hex(&Sha256::digest(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s10_a_code_has_thirty_bits_and_is_read_as_people_write() {
        assert!(SIGNS.len().ilog2() as usize * LENGTH >= 20);
        assert_eq!(read_code(" 7k-o1 lz"), "7K011Z");
    }
}
