//! Codes sent by mail, which prove that somebody reads an address.
//!
//! A code is six of thirty-two signs: thirty bits, of which nobody guesses one in five tries. What
//! is kept of it is its hash, with the session that asked for it mixed in.

use protocol::view::AwaitedCode;
use protocol::{FieldError, FieldProblem, Problem, Refusal};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::plan::Stop;
use crate::reader::Reader;

/// Digits and letters, without those that look like others.
const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Signs of a code.
const LENGTH: usize = 6;
/// A code counts for so long: ten minutes.
const GOOD_MS: i64 = 10 * 60_000;
/// So often a code may be tried.
const TRIES: u32 = 5;
/// A minute, in milliseconds.
const MINUTE_MS: i64 = 60_000;

/// A code that was sent, as it is kept among the customer's facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Awaited {
    /// The address it was sent to.
    pub(crate) email: String,
    /// The customer's address when its change was sent upstream.
    pub(crate) before: Option<String>,
    hash: String,
    until_ms: i64,
    tries_left: u32,
}

impl Awaited {
    /// A new code for `email`, and how it is kept.
    pub(crate) fn new(reader: &Reader<'_>, email: &str) -> (String, Awaited) {
        let random = reader.gateway.env.random();
        let sign = |byte: &u8| char::from(SIGNS[usize::from(byte % 32)]);
        let code: String = random.iter().take(LENGTH).map(sign).collect();
        let awaited = Awaited {
            email: email.to_owned(),
            before: None,
            hash: hash(reader, &code),
            until_ms: reader.gateway.env.now_ms() + GOOD_MS,
            tries_left: TRIES,
        };
        (code, awaited)
    }

    /// What is kept under `name`, also where it counts no more.
    pub(crate) async fn find(reader: &Reader<'_>, name: &str) -> Result<Option<Awaited>, Problem> {
        let fact = reader.fact(name).await?;
        Ok(fact.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// That nothing under `name` is still waited for.
    pub(crate) async fn none(reader: &Reader<'_>, name: &str) -> Result<(), Stop> {
        match Awaited::find(reader, name).await? {
            Some(awaited) if awaited.is_young(reader) => Err(Refusal::StillPending.into()),
            _ => Ok(()),
        }
    }

    /// The code under `name`, which `code` must be. A wrong one is counted.
    pub(crate) async fn prove(
        reader: &Reader<'_>,
        name: &'static str,
        code: &str,
    ) -> Result<Awaited, Stop> {
        let awaited = Awaited::find(reader, name).await?;
        let counts = |awaited: &Awaited| awaited.is_young(reader) && awaited.tries_left > 0;
        let awaited = awaited.filter(counts).ok_or(Refusal::CodeExpired)?;
        if hash(reader, &plain(code)) == awaited.hash {
            return Ok(awaited);
        }
        let field = FieldError {
            field: "code".into(),
            error: FieldProblem::Code,
        };
        let tries_left = awaited.tries_left - 1;
        let kept = Awaited {
            tries_left,
            ..awaited
        };
        Err(Stop::Noted(field, (name, kept.json())))
    }

    /// What the customer is shown of the code under `name`, while it is waited for.
    pub(crate) async fn view(
        reader: &Reader<'_>,
        name: &str,
    ) -> Result<Option<AwaitedCode>, Problem> {
        let awaited = Awaited::find(reader, name).await?;
        let awaited = awaited.filter(|awaited| awaited.is_young(reader));
        Ok(awaited.map(|awaited| {
            let left_ms = awaited.until_ms - reader.gateway.env.now_ms();
            let minutes = (left_ms + MINUTE_MS - 1) / MINUTE_MS;
            AwaitedCode {
                email: awaited.email,
                minutes_left: u32::try_from(minutes).unwrap_or(0),
            }
        }))
    }

    /// As it is kept.
    pub(crate) fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    fn is_young(&self, reader: &Reader<'_>) -> bool {
        reader.gateway.env.now_ms() < self.until_ms
    }
}

/// A code as it was made: what a customer types for a sign that there is not is the one it looks
/// like.
fn plain(typed: &str) -> String {
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

fn hash(reader: &Reader<'_>, code: &str) -> String {
    let text = format!("{}/{}/{code}", reader.customer, reader.session);
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s10_a_code_has_thirty_bits_and_is_read_as_people_write() {
        assert!(SIGNS.len().ilog2() as usize * LENGTH >= 20);
        assert_eq!(plain(" 7k-o1 lz"), "7K011Z");
    }
}
