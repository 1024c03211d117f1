//! `perennial check`: whether the token has the scopes that the portal needs.

use std::collections::BTreeSet;
use std::error::Error;
use std::io::Write;

use gateway::{HAND_OVER_SCOPE, scopes};
use recharge::{Recharge, Request};
use serde_json::Value;

use crate::config::{Config, Way};
use crate::webhooks::install;

/// Names by which stores call one scope.
const SAME: [(&str, &str); 1] = [("store_info", "read_store")];

/// Asks `upstream` for the token's scopes and tells `out` which are missing and which are not
/// needed.
///
/// # Errors
/// Where scopes are missing, or upstream does not say.
pub async fn check(
    upstream: &dyn Recharge,
    config: &Config,
    out: &mut dyn Write,
) -> Result<(), Box<dyn Error>> {
    let answer = upstream.call(Request::get("/token_information")).await;
    let answer = answer.map_err(|_| "Recharge does not answer")?;
    let listed = answer
        .body
        .as_ref()
        .map(|body| &body["token_information"]["scopes"]);
    let Some(Value::Array(listed)) = listed.filter(|_| answer.status == 200) else {
        let status = answer.status;
        return Err(format!("Recharge does not say what the token may do: {status}").into());
    };
    let listed = listed.iter().filter_map(Value::as_str);
    let present: BTreeSet<&str> = listed
        .map(|scope| {
            let same = SAME.iter().find(|(other, _)| *other == scope);
            same.map_or(scope, |(_, usual)| usual)
        })
        .collect();
    let needed = needed(config);
    let names = |scopes: BTreeSet<&str>| scopes.into_iter().collect::<Vec<_>>().join(", ");
    let (missing, surplus) = (&needed - &present, &present - &needed);
    writeln!(
        out,
        "the token has {} of {} scopes that are needed",
        needed.len() - missing.len(),
        needed.len()
    )?;
    if !surplus.is_empty() {
        writeln!(out, "not needed: {}", names(surplus))?;
    }
    if missing.is_empty() {
        return Ok(());
    }
    Err(format!("the token lacks scopes: {}", names(missing)).into())
}

fn needed(config: &Config) -> BTreeSet<&'static str> {
    let named = config.configurations.values();
    let policies = named.map(|one| &one.policy).chain([&config.policy]);
    let allowed = policies.flat_map(|policy| policy.allowed.iter().copied());
    let mut needed = scopes(&allowed.collect());
    if config
        .hosted_portal
        .as_ref()
        .is_some_and(|hosted| hosted.way == Way::Link)
    {
        needed.insert(HAND_OVER_SCOPE);
    }
    if config.webhooks.is_some() {
        needed.extend(install::scopes());
    }
    needed
}

#[cfg(test)]
mod tests {
    use std::future::ready;

    use base::BoxFuture;
    use recharge::{NoAnswer, Response};
    use serde_json::json;

    use super::*;

    /// A store whose token has these scopes.
    struct Token(&'static [&'static str]);

    impl Recharge for Token {
        fn call(&self, request: Request) -> BoxFuture<'_, Result<Response, NoAnswer>> {
            assert_eq!(request.path, "/token_information");
            Box::pin(ready(Ok(Response {
                status: 200,
                body: Some(json!({"token_information": {"scopes": self.0}})),
                retry_after_ms: None,
            })))
        }
    }

    async fn said(scopes: &'static [&'static str], example: &str) -> (String, Option<String>) {
        let config = Config::parse(example, "portal.toml", std::path::Path::new("")).unwrap();
        let mut out = Vec::new();
        let checked = check(&Token(scopes), &config, &mut out).await;
        let error = checked.err().map(|error| error.to_string());
        (String::from_utf8(out).unwrap(), error)
    }

    #[tokio::test]
    async fn scopes_that_are_missing_and_that_are_not_needed_are_named() {
        const ALL_BUT_ONE: &[&str] = &[
            "read_credit_summary",
            "read_customers",
            "read_discounts",
            "read_orders",
            "read_payment_methods",
            "read_products",
            "read_subscriptions",
            "write_customers",
            "write_notifications",
            "write_orders",
            "write_payment_methods",
            "write_subscriptions",
            "write_themes",
        ];
        let example = include_str!("../../../examples/portal.toml");
        let (said_so, error) = said(ALL_BUT_ONE, example).await;
        assert_eq!(
            said_so,
            "the token has 12 of 13 scopes that are needed\nnot needed: write_themes\n"
        );
        assert_eq!(error.unwrap(), "the token lacks scopes: write_payments");
        // Where nothing that needs it is offered, it is not missing.
        let off = example.replace("process_delivery = true", "process_delivery = false");
        assert_eq!(said(ALL_BUT_ONE, &off).await.1, None);
    }

    #[test]
    fn the_manual_names_the_needed_scopes() {
        let manual = include_str!("../../../docs/configuration.md");
        let all = protocol::Operation::ALL.iter().copied().collect();
        let mut scopes = scopes(&all);
        scopes.insert(HAND_OVER_SCOPE);
        let unnamed = scopes.into_iter();
        let unnamed = unnamed.filter(|scope| !manual.contains(&format!("`{scope}`")));
        assert_eq!(unnamed.count(), 0);
    }
}
