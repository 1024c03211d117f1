//! `sandbox serve --listen 127.0.0.1:8401 --scenario everyday`: a Recharge store in
//! memory, over HTTP.

use std::error::Error;
use std::io::Write;

use sandbox::{Scenario, server};
use tokio::net::TcpListener;

const USAGE: &str = "usage: sandbox serve [--listen 127.0.0.1:8401] [--scenario everyday]";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (listen, scenario) = read_arguments(std::env::args().skip(1))?;
    let listener = TcpListener::bind(&listen).await?;
    let address = listener.local_addr()?;
    writeln!(
        std::io::stdout(),
        "sandbox: scenario {} at http://{address}",
        scenario.name()
    )?;
    server::serve(listener, scenario, async {
        // Without a handler for Ctrl-C the process ends by it all the same.
        let _ = tokio::signal::ctrl_c().await;
    })
    .await?;
    Ok(())
}

/// The address to listen on and the scenario.
fn read_arguments(
    mut arguments: impl Iterator<Item = String>,
) -> Result<(String, Scenario), Box<dyn Error>> {
    let mut listen = "127.0.0.1:8401".to_owned();
    let mut scenario = Scenario::Everyday;
    if arguments.next().as_deref() != Some("serve") {
        return Err(USAGE.into());
    }
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or(USAGE)?;
        match name.as_str() {
            "--listen" => listen = value,
            "--scenario" => scenario = value.parse()?,
            _ => return Err(USAGE.into()),
        }
    }
    Ok((listen, scenario))
}
