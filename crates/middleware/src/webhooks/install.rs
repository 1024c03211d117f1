//! `perennial webhooks install`: registering the webhooks at Recharge, and what is missing of them.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write;

use recharge::{Recharge, Webhook, call_json, list_all};

use super::topics::{PATH, TOPICS};
use crate::config::Origin;

/// So many webhooks of one token are looked through: ten of each of Recharge's topics at most.
const MOST: usize = 1_000;

type Failed = Box<dyn Error + Send + Sync>;

/// Registers the webhooks that are missing, has those of ours that lead elsewhere lead to `origin`, and
/// tells `out`. Those of other programs stay as they are.
///
/// # Errors
/// Where Recharge does not answer or refuses.
pub async fn install(
    upstream: &dyn Recharge,
    origin: &Origin,
    out: &mut (dyn Write + Send),
) -> Result<(), Failed> {
    let mut known = registered(upstream).await?;
    let (mut made, mut moved) = (0, 0);
    for (topic, _) in TOPICS {
        let address = address(origin, topic);
        let of_topic = known.remove(*topic).unwrap_or_default();
        if of_topic.iter().any(|webhook| webhook.address == address) {
            continue;
        }
        let path = format!("{PATH}/{topic}");
        // One of ours at another origin: the portal was there before.
        let ours = of_topic
            .iter()
            .find(|webhook| webhook.address.ends_with(&path));
        let (request, count) = match ours {
            Some(webhook) => (Webhook::update(webhook.id, &address), &mut moved),
            None => (Webhook::create(topic, &address), &mut made),
        };
        call_json(upstream, request)
            .await
            .map_err(|why| told(topic, &why))?;
        *count += 1;
    }
    let there = TOPICS.len() - made - moved;
    writeln!(
        out,
        "{made} webhooks registered, {moved} repaired, {there} were there"
    )?;
    Ok(())
}

/// The topics of which no webhook leads to `origin`.
///
/// # Errors
/// Where Recharge does not answer or refuses.
pub async fn missing(
    upstream: &dyn Recharge,
    origin: &Origin,
) -> Result<Vec<&'static str>, Failed> {
    let known = registered(upstream).await?;
    let is_missing = |topic: &&str| {
        let address = address(origin, topic);
        let of_topic = known.get(*topic);
        !of_topic.is_some_and(|all| all.iter().any(|webhook| webhook.address == address))
    };
    let topics = TOPICS.iter().map(|(topic, _)| *topic);
    Ok(topics.filter(is_missing).collect())
}

/// The scopes that the webhooks need.
pub(crate) fn scopes() -> impl Iterator<Item = &'static str> {
    TOPICS.iter().map(|(_, scope)| *scope)
}

async fn registered(upstream: &dyn Recharge) -> Result<BTreeMap<String, Vec<Webhook>>, Failed> {
    let listed = list_all::<Webhook>(upstream, Webhook::list(), MOST).await;
    let listed = listed.map_err(|why| told("the list of webhooks", &why))?;
    let mut by_topic: BTreeMap<String, Vec<Webhook>> = BTreeMap::new();
    for webhook in listed.items {
        by_topic
            .entry(webhook.topic.clone())
            .or_default()
            .push(webhook);
    }
    Ok(by_topic)
}

fn told(what: &str, why: &recharge::CallError) -> Failed {
    format!("{what}: Recharge says {why:?}").into()
}

fn address(origin: &Origin, topic: &str) -> String {
    format!("{origin}{PATH}/{topic}")
}
