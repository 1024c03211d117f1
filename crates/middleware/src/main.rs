//! `middleware serve --config portal.toml`.

use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use middleware::assets::Assets;
use middleware::config::Origin;
use middleware::{
    App, Config, Effects, HttpRecharge, Processor, Secrets, SqliteStore, SystemEnv, World, log,
};
use tokio::net::TcpListener;

/// The server behind the subscription portal.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the portal until it is told to stop. Secrets come from the environment
    /// (PORTAL_RECHARGE_TOKEN, PORTAL_MERCHANT_SECRET) or from files that the configuration names.
    Serve {
        /// The configuration.
        #[arg(long, default_value = "portal.toml")]
        config: PathBuf,
    },
    /// Lists what changes left to be done elsewhere and is not done yet, and why.
    Outbox {
        /// The configuration.
        #[arg(long, default_value = "portal.toml")]
        config: PathBuf,
        /// Has all of it tried again now, also what was given up.
        #[arg(long)]
        retry: bool,
    },
    /// Says whether the configuration is right, and does nothing else.
    Check {
        /// The configuration.
        #[arg(long, default_value = "portal.toml")]
        config: PathBuf,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Serve { config } => run(config).await,
        Command::Outbox { config, retry } => outbox(&config, retry).await,
        Command::Check { config } => Config::load(&config).map(|_| ()).map_err(Into::into),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "middleware: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(path: PathBuf) -> Result<(), Box<dyn Error>> {
    let config = Config::load(&path)?;
    let secrets = Secrets::load(&config)?;
    let assets = Assets::load(config.portal_dir.as_deref())?;
    log::init(config.log);
    let env = Arc::new(SystemEnv::new(config.zone.clone()));
    let effects = Effects::new(config.effects.clone(), env.clone());
    let store = SqliteStore::open(&config.database).await?;
    let store = Arc::new(store.with_effects(effects));
    let world = World {
        env,
        upstream: Arc::new(HttpRecharge::new(
            &config.upstream,
            &secrets.recharge_token,
        )?),
        processor: match &config.payments {
            Some(payments) => Some(Processor::new(payments, &secrets)?),
            None => None,
        },
        journal: store.clone(),
        store: store.clone(),
        outbox: store.clone(),
    };
    let listener = TcpListener::bind(config.listen).await?;
    let address = listener.local_addr()?;
    let origin = match &config.public_origin {
        Some(origin) => origin.clone(),
        None => Origin::parse(&format!("http://{address}"))?,
    };
    let app = App::new(config, secrets, origin, assets, world)?;
    let told_to_stop = told_to_stop()?;
    // Whoever started this on port 0 reads the address here.
    writeln!(std::io::stdout(), "listening on http://{address}")?;
    middleware::serve(listener, app, told_to_stop).await?;
    store.close().await;
    Ok(())
}

async fn outbox(path: &Path, retry: bool) -> Result<(), Box<dyn Error>> {
    let config = Config::load(path)?;
    let store = SqliteStore::open(&config.database).await?;
    let env = SystemEnv::new(config.zone);
    middleware::admin::outbox(&store, &env, retry, &mut std::io::stdout()).await?;
    store.close().await;
    Ok(())
}

/// Ends when a service manager, or Ctrl-C, says so.
#[cfg(unix)]
fn told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Ends at Ctrl-C.
#[cfg(not(unix))]
fn told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
