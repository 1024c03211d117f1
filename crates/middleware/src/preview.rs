//! `perennial preview`: the merchant's own configuration over a store of invented customers, with
//! switches around the portal and the reasons for what is not there.
//!
//! Nothing of the merchant's is called: the upstream is the sandbox in this process, effects and
//! mail stay here, and other ways to sign in are off.

mod page;
mod rewrite;

use std::collections::HashMap;
use std::error::Error;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use gateway::{Gateway, MemoryJournal};
use protocol::CustomerId;
use sandbox::Scenario;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Mutex;

use self::page::{Choice, Shown};
use crate::assets::Assets;
use crate::config::Origin;
use crate::explain::explain;
use crate::{
    App, Config, Dependencies, Effects, HttpRecharge, Processor, Secrets, SqliteStore, SystemEnv,
};

/// Why something cannot be previewed.
type Failure = Box<dyn Error + Send + Sync>;

/// The merchant's secret of a preview, which only this process knows to be one.
const SECRET: &str = "secret-of-the-preview";
/// The store answers late.
const SLOW: &str = "slow";
/// The store does not answer.
const UNREACHABLE: &str = "unreachable";

/// What a preview consists of.
struct Preview {
    /// The merchant's file and its folder.
    file: PathBuf,
    /// Where databases and mail of this preview lie.
    scratch: PathBuf,
    /// Where the sandbox is.
    sandbox: String,
    /// Where this preview is.
    origin: String,
    /// The origin of the portal by kind of customer and text of the file.
    portals: Mutex<HashMap<(&'static str, String), String>>,
}

/// Serves a preview of the configuration in `file` at `listen` until the process ends. Databases
/// and mail lie in `scratch` meanwhile. `ready` gets the address.
///
/// # Errors
/// Where the configuration is wrong, or an address is taken.
pub async fn serve(
    file: &Path,
    listen: SocketAddr,
    scratch: &Path,
    ready: impl FnOnce(SocketAddr),
) -> Result<(), Failure> {
    Config::load(file)?;
    let listener = TcpListener::bind(listen).await?;
    let address = listener.local_addr()?;
    let store = TcpListener::bind("127.0.0.1:0").await?;
    let sandbox = format!("http://{}", store.local_addr()?);
    tokio::spawn(sandbox::server::serve(
        store,
        Scenario::Everyday,
        std::future::pending(),
    ));
    let preview = Arc::new(Preview {
        file: file.to_owned(),
        scratch: scratch.to_owned(),
        sandbox,
        origin: format!("http://{address}"),
        portals: Mutex::default(),
    });
    let router = Router::new().route("/", get(show)).with_state(preview);
    ready(address);
    axum::serve(listener, router).await?;
    Ok(())
}

/// What the merchant chose to see.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wanted {
    customer: String,
    configuration: String,
    language: String,
    state: String,
}

async fn show(State(preview): State<Arc<Preview>>, Query(wanted): Query<Wanted>) -> Response {
    match preview.shown(&wanted).await {
        Ok(shown) => Html(page::page(&shown)).into_response(),
        Err(error) => {
            let page = page::failed(&error.to_string());
            (StatusCode::INTERNAL_SERVER_ERROR, Html(page)).into_response()
        }
    }
}

impl Preview {
    /// The portal as it was wanted. The file is read anew each time, so that the page of before
    /// shows what was saved meanwhile.
    async fn shown(&self, wanted: &Wanted) -> Result<Shown, Failure> {
        let config = Config::load(&self.file)?;
        let scenario: Scenario = wanted.customer.parse().unwrap_or(Scenario::Everyday);
        let portal = self.portal(scenario).await?;
        let customer = self.begin(scenario).await?;
        let named = Some(wanted.configuration.as_str()).filter(|name| !name.is_empty());
        let gateway = self.gateway(&config, scenario)?;
        let explanation = explain(&config, &gateway, customer, named).await?;
        let link = self.link(&portal, customer, wanted).await?;
        self.disturb(scenario, &wanted.state).await?;
        Ok(Shown {
            customers: Scenario::ALL
                .iter()
                .map(|one| Choice::new(one.name(), one.name() == scenario.name()))
                .collect(),
            configurations: config
                .configurations
                .keys()
                .map(|name| Choice::new(name, *name == wanted.configuration))
                .collect(),
            languages: config
                .languages
                .tags()
                .into_iter()
                .map(|tag| Choice::new(tag, tag == wanted.language))
                .collect(),
            states: [SLOW, UNREACHABLE]
                .map(|state| Choice::new(state, state == wanted.state))
                .to_vec(),
            explanation,
            link,
        })
    }

    /// The origin of the portal over the store of a kind of customer. It is started where there is
    /// none yet under the file as it is now.
    async fn portal(&self, scenario: Scenario) -> Result<String, Failure> {
        let text = Config::read(&self.file)?;
        let mut portals = self.portals.lock().await;
        let key = (scenario.name(), text);
        if let Some(origin) = portals.get(&key) {
            return Ok(origin.clone());
        }
        let number = portals.len().to_string();
        let origin = self.start(&key.1, scenario, &number).await?;
        portals.insert(key, origin.clone());
        Ok(origin)
    }

    async fn start(&self, text: &str, scenario: Scenario, number: &str) -> Result<String, Failure> {
        let scratch = self.scratch.join(number);
        std::fs::create_dir_all(&scratch)?;
        let place = rewrite::Place {
            folder: self.file.parent().unwrap_or(Path::new("")),
            scratch: &scratch,
            sandbox: &self.sandbox,
            origin: &self.origin,
        };
        let text = rewrite::rewritten(text, &place)?;
        let config = Config::parse(&text, "the preview", &scratch)?;
        let token = scenario.name().to_owned();
        let secrets = Secrets::with(token.into(), SECRET.into(), &config)?;
        let env = Arc::new(SystemEnv::new(config.zone.clone()));
        let effects = Effects::new(config.effects.clone(), env.clone());
        let store = SqliteStore::open(&config.database).await?;
        let store = Arc::new(store.with_effects(effects));
        let upstream = HttpRecharge::new(&config.upstream, &secrets.recharge_token)?;
        let processor = config.payments.as_ref();
        let processor = processor.map(|payments| Processor::new(payments, &secrets));
        let dependencies = Dependencies {
            env,
            upstream_health: upstream.health(),
            upstream: Arc::new(upstream),
            processor: processor.transpose()?,
            journal: store.clone(),
            store: store.clone(),
            one_click: store.clone(),
            logins: store.clone(),
            spent_tokens: store.clone(),
            audit_log: store.clone(),
            funnel: store.clone(),
            statistics: store.clone(),
            reports: store.clone(),
            outbox: store,
        };
        let assets = Assets::load(config.portal_dir.as_deref())?;
        let listener = TcpListener::bind(config.listen).await?;
        let origin = format!("http://{}", listener.local_addr()?);
        let app = App::new(
            config,
            secrets,
            Origin::parse(&origin)?,
            assets,
            dependencies,
        )?;
        tokio::spawn(crate::serve(listener, app, std::future::pending()));
        Ok(origin)
    }

    /// Begins the store of a kind of customer anew, and answers who they are.
    async fn begin(&self, scenario: Scenario) -> Result<CustomerId, Failure> {
        let scenario = scenario.name();
        let begin = json!({ "scenario": scenario });
        self.steer(scenario, "POST", "scenario", &begin).await?;
        let people = self.steer(scenario, "GET", "customers", &Value::Null);
        let id = people.await?[0]["id"].as_u64();
        Ok(CustomerId(id.ok_or("there is no such customer")?))
    }

    /// Has the store answer late, or not at all.
    async fn disturb(&self, scenario: Scenario, state: &str) -> Result<(), Failure> {
        let effect = match state {
            SLOW => json!({"delay": 2_000}),
            UNREACHABLE => json!({"status": 503}),
            _ => return Ok(()),
        };
        let fault = json!({"method": "", "path": "", "effect": effect, "times": 1_000_000});
        self.steer(scenario.name(), "POST", "faults", &fault)
            .await?;
        Ok(())
    }

    /// A call that steers the sandbox.
    async fn steer(
        &self,
        token: &str,
        method: &str,
        path: &str,
        body: &Value,
    ) -> Result<Value, Failure> {
        let url = format!("{}/_sandbox/{path}", self.sandbox);
        let request = reqwest::Client::new()
            .request(method.parse()?, url)
            .header("x-recharge-access-token", token);
        let request = match body {
            Value::Null => request,
            body => request.json(body),
        };
        let text = request.send().await?.error_for_status()?.text().await?;
        Ok(serde_json::from_str(&text).unwrap_or_default())
    }

    /// A link that opens the portal for a customer.
    async fn link(
        &self,
        portal: &str,
        customer: CustomerId,
        wanted: &Wanted,
    ) -> Result<String, Failure> {
        let filled = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        let body = json!({
            "customer_id": customer,
            "configuration": filled(&wanted.configuration),
            "locale": filled(&wanted.language),
        });
        let answer = reqwest::Client::new()
            .post(format!("{portal}/portal/sessions"))
            .bearer_auth(SECRET)
            .json(&body)
            .send()
            .await?;
        let answer: Value = answer.json().await?;
        match (answer["url"].as_str(), answer["title"].as_str()) {
            (Some(url), _) => Ok(url.to_owned()),
            (None, why) => Err(why.unwrap_or("the portal made no session").into()),
        }
    }

    /// What reads the store of a kind of customer for an explanation.
    fn gateway(&self, config: &Config, scenario: Scenario) -> Result<Gateway, Failure> {
        let mut upstream = config.upstream.clone();
        upstream.base_url = self.sandbox.parse()?;
        let upstream = HttpRecharge::new(&upstream, &scenario.name().to_owned().into())?;
        Ok(Gateway::new(
            Arc::new(upstream),
            Arc::new(SystemEnv::new(config.zone.clone())),
            Arc::new(MemoryJournal::default()),
            Arc::new(config.policy.clone()),
        ))
    }
}
