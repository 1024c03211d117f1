//! Which configuration is for a customer, and the gateway under its policy.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use gateway::{Gateway, Policy, Segment};
use protocol::{CustomerId, Problem};

use crate::config::{Config, DEFAULT, Rule};

/// The gateways under the policies of all configurations, and the rules that choose one.
pub struct Configurations {
    /// By name; [`DEFAULT`] is one of them.
    gateways: BTreeMap<String, Arc<Gateway>>,
    default: Arc<Gateway>,
    rules: Vec<Rule>,
    /// Names that sessions still have and that are gone from the file, as far as that was logged.
    gone: Mutex<BTreeSet<String>>,
}

/// Which configuration is for a customer, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Its name.
    pub configuration: String,
    /// Why this one.
    pub reason: Reason,
}

/// Why a configuration is for a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The session names it.
    Session,
    /// A rule does.
    Rule {
        /// Which, counted from 1.
        number: usize,
        /// The file and the line.
        place: String,
    },
    /// No rule fits.
    NoRule,
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.configuration)?;
        match &self.reason {
            Reason::Session => write!(f, "the session names it"),
            Reason::Rule { number, place } => write!(f, "rule {number} ({place})"),
            Reason::NoRule => write!(f, "no rule fits"),
        }
    }
}

impl Configurations {
    /// Those of `config`; `gateway` makes a gateway under a policy.
    pub fn new(config: &Config, gateway: impl Fn(&Policy) -> Gateway) -> Configurations {
        let default = Arc::new(gateway(&config.policy));
        let named = config.configurations.iter();
        let named = named.map(|(name, one)| (name.clone(), Arc::new(gateway(&one.policy))));
        Configurations {
            gateways: named
                .chain([(DEFAULT.to_owned(), Arc::clone(&default))])
                .collect(),
            default,
            rules: config.rules.clone(),
            gone: Mutex::default(),
        }
    }

    /// The gateway under the policy that is for nobody in particular.
    pub fn default_gateway(&self) -> &Arc<Gateway> {
        &self.default
    }

    /// Whether there is a configuration with this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.gateways.contains_key(name)
    }

    /// The names of all configurations.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.gateways.keys().map(String::as_str)
    }

    /// Decides for a customer, whose session may name a configuration. One that is gone counts as
    /// not named.
    ///
    /// # Errors
    /// A [`Problem`], 503, where a rule asks what upstream cannot be asked: another configuration
    /// might allow more.
    pub async fn decide(
        &self,
        customer: CustomerId,
        named: Option<&str>,
    ) -> Result<Decision, Problem> {
        if let Some(name) = named {
            if self.has(name) {
                return Ok(Decision {
                    configuration: name.to_owned(),
                    reason: Reason::Session,
                });
            }
            self.log_gone(name);
        }
        let segments: Vec<&Segment> = self.rules.iter().map(|rule| &rule.segment).collect();
        let first = self.default.first_segment(customer, &segments).await?;
        let rule = first.and_then(|at| Some((at + 1, self.rules.get(at)?)));
        Ok(match rule {
            Some((number, rule)) => Decision {
                configuration: rule.configuration.clone(),
                reason: Reason::Rule {
                    number,
                    place: rule.place.clone(),
                },
            },
            None => Decision {
                configuration: DEFAULT.to_owned(),
                reason: Reason::NoRule,
            },
        })
    }

    /// The gateway for a customer, whose session may name a configuration.
    ///
    /// # Errors
    /// As for [`Configurations::decide`].
    pub(crate) async fn gateway(
        &self,
        customer: CustomerId,
        named: Option<&str>,
    ) -> Result<Arc<Gateway>, Problem> {
        let decision = self.decide(customer, named).await?;
        let found = self.gateways.get(&decision.configuration);
        Ok(Arc::clone(found.unwrap_or(&self.default)))
    }

    /// Says once in the log that sessions name a configuration that is gone.
    fn log_gone(&self, name: &str) {
        let mut gone = self.gone.lock().unwrap_or_else(PoisonError::into_inner);
        if gone.insert(name.to_owned()) {
            tracing::warn!(
                configuration = name,
                "sessions name a configuration that is gone; the rules decide for them"
            );
        }
    }
}
