//! Which configuration is for a customer, and what it lets them do: for `perennial explain` and the
//! preview.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use gateway::{Gateway, Policy};
use protocol::{CustomerId, Operation};

use crate::config::{Config, Switches, operation_name};
use crate::configurations::{Configurations, Decision};

/// Which configuration is for a customer and why, and what it lets them do.
pub struct Explanation {
    customer: CustomerId,
    /// The configuration, and why it is this one.
    pub(crate) decision: Decision,
    /// Each action by its name, with the reason where it is off or limited.
    pub(crate) actions: Vec<(String, Option<String>)>,
}

/// Decides as for a session that may name a configuration. `gateway` reads what the rules ask about.
///
/// # Errors
/// Where upstream cannot be asked, or there is no such configuration.
pub async fn explain(
    config: &Config,
    gateway: &Gateway,
    customer: CustomerId,
    named: Option<&str>,
) -> Result<Explanation, Box<dyn Error + Send + Sync>> {
    let under = |policy: &Policy| gateway.with_policy(Arc::new(policy.clone()));
    let configurations = Configurations::new(config, under);
    if let Some(name) = named.filter(|name| !configurations.has(name)) {
        let names: Vec<&str> = configurations.names().collect();
        let names = names.join(", ");
        return Err(format!("no configuration is called {name}; there are: {names}").into());
    }
    let decision = configurations.decide(customer, named).await;
    let decision = decision.map_err(|problem| problem.title)?;
    let switches = match config.configurations.get(&decision.configuration) {
        Some(configuration) => &configuration.switches,
        None => &config.switches,
    };
    let all = Operation::ALL.iter().copied();
    Ok(Explanation {
        customer,
        decision,
        actions: all
            .map(|operation| (operation_name(operation), reason(switches, operation)))
            .collect(),
    })
}

/// Why an action is off or limited, where it is.
fn reason(switches: &Switches, operation: Operation) -> Option<String> {
    let off = switches.off.get(&operation);
    let off = off.map(|why| format!("off, {why}"));
    let limits = switches.locked.get(&operation);
    off.or(limits.map(|limits| format!("on, limited by {limits}")))
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "customer {}", self.customer)?;
        writeln!(f, "configuration {}", self.decision)?;
        for (name, reason) in &self.actions {
            writeln!(f, "{name}: {}", reason.as_deref().unwrap_or("on"))?;
        }
        Ok(())
    }
}
