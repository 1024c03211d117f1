//! `perennial explain`: which configuration is for a customer, and what it lets them do.

use std::io::{self, Write};
use std::sync::Arc;

use gateway::{Gateway, Policy};
use protocol::{CustomerId, Operation};

use crate::config::{Config, Switches, operation_name};
use crate::configurations::{Configurations, Decision};

/// Decides as for a session that may name a configuration, and writes to `out` why, and why each
/// action is off. `gateway` reads what the rules ask about.
///
/// # Errors
/// Where upstream cannot be asked, there is no such configuration, or `out` cannot be written.
pub async fn explain(
    config: &Config,
    gateway: &Gateway,
    customer: CustomerId,
    named: Option<&str>,
    out: &mut (dyn Write + Send),
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
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
    write_explanation(customer, &decision, switches, out)?;
    Ok(())
}

fn write_explanation(
    customer: CustomerId,
    decision: &Decision,
    switches: &Switches,
    out: &mut (dyn Write + Send),
) -> io::Result<()> {
    writeln!(out, "customer {customer}")?;
    writeln!(out, "configuration {decision}")?;
    for operation in Operation::ALL.iter().copied() {
        let name = operation_name(operation);
        match (
            switches.off.get(&operation),
            switches.locked.get(&operation),
        ) {
            (Some(why), _) => writeln!(out, "{name}: off, {why}")?,
            (None, Some(limits)) => writeln!(out, "{name}: on, limited by {limits}")?,
            (None, None) => writeln!(out, "{name}: on")?,
        }
    }
    Ok(())
}
