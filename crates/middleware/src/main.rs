//! `perennial serve --config portal.toml`.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use base::Date;
use clap::{Parser, Subcommand, ValueEnum};
use gateway::{Env, Gateway, MemoryJournal};
use middleware::admin::{self, AuditDays, AuditFormat};
use middleware::assets::Assets;
use middleware::config::Origin;
use middleware::store::{Database, End};
use middleware::webhooks::install;
use middleware::{
    App, Config, ConfigFile, Dependencies, Effects, HttpRecharge, PostgresStore, Processor,
    Secrets, SqliteStore, SystemEnv, log,
};
use protocol::CustomerId;
use secrecy::ExposeSecret;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

/// The server behind the subscription portal.
#[derive(Parser)]
#[command(name = "perennial", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the portal until it is told to stop. Secrets come from the environment
    /// (PORTAL_RECHARGE_TOKEN, PORTAL_MERCHANT_SECRET; in test mode PORTAL_TEST_RECHARGE_TOKEN,
    /// PORTAL_TEST_MERCHANT_SECRET) or from files that the configuration names.
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
    /// Asks the running server for a link that makes one change of one customer when its button is
    /// pressed, and prints it. The secret is that of `serve`.
    Link {
        /// The configuration.
        #[arg(long, default_value = "portal.toml")]
        config: PathBuf,
        /// Where the server is, where that is not `public_origin` or `listen` of the configuration.
        #[arg(long)]
        server: Option<String>,
        #[command(flatten)]
        link: LinkArguments,
    },
    /// Serves the configuration over invented customers of every kind, with the reasons for what is
    /// not there. Nothing of yours is called.
    #[cfg(feature = "preview")]
    Preview {
        /// The configuration file.
        #[arg(long, default_value = "portal.toml")]
        config: PathBuf,
        /// Where to open it in a browser.
        #[arg(long, default_value = "127.0.0.1:8403")]
        listen: std::net::SocketAddr,
    },
    /// Says which configuration is for a customer and why, and for each action whether it is on.
    Explain {
        /// The configuration file.
        #[arg(long, default_value = "portal.toml")]
        config: PathBuf,
        /// The customer's id in Recharge.
        #[arg(long)]
        customer: u64,
        /// The configuration that their session names, where it names one.
        #[arg(long)]
        configuration: Option<String>,
    },
    /// Says how many customers took each step of canceling.
    Funnel {
        /// The configuration.
        #[arg(long, default_value = "portal.toml")]
        config: PathBuf,
        /// From this day on, in UTC; 30 days ago without it.
        #[arg(long)]
        from: Option<Date>,
        /// Until the end of this day; today without it.
        #[arg(long)]
        to: Option<Date>,
    },
    /// Registers at Recharge the webhooks that the portal needs, and repairs those that lead elsewhere.
    Webhooks {
        #[command(subcommand)]
        command: WebhooksCommand,
    },
    /// Copies everything from a SQLite file, of which no process serves, into the empty PostgreSQL
    /// database of the configuration.
    Migrate {
        /// The configuration.
        #[arg(long, default_value = "portal.toml")]
        config: PathBuf,
        /// The SQLite file.
        #[arg(long)]
        from: PathBuf,
    },
    /// Exports the audit log, or checks that nothing was changed in it.
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// Prints the JSON Schema of the configuration, for editors.
    Schema,
    /// Says whether the configuration is right and, where there is a token, whether it has the
    /// scopes that the portal needs.
    Check {
        /// The configuration.
        #[arg(long, default_value = "portal.toml")]
        config: PathBuf,
    },
}

#[derive(clap::Args)]
struct LinkArguments {
    /// The customer's id at Recharge.
    #[arg(long)]
    customer: u64,
    /// The action, such as `skip_delivery`.
    #[arg(long)]
    action: String,
    /// What it is about, such as `address_id=178918364` and `date=2026-12-12`; once for each.
    #[arg(long = "object", value_parser = pair)]
    objects: Vec<(String, String)>,
    /// The rest of the action's request, as JSON.
    #[arg(long, value_parser = json)]
    body: Option<Value>,
    /// For how many hours it works.
    #[arg(long, default_value_t = 168)]
    hours: u32,
}

fn json(text: &str) -> serde_json::Result<Value> {
    serde_json::from_str(text)
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text
        .split_once('=')
        .ok_or("write it like date=2026-12-12")?;
    Ok((name.to_owned(), value.to_owned()))
}

#[derive(Subcommand)]
enum AuditCommand {
    /// Writes the audit log to standard output, and its head to standard error.
    Export {
        /// The configuration.
        #[arg(long, default_value = "portal.toml")]
        config: PathBuf,
        /// JSON Lines as they are stored, or a table.
        #[arg(long, value_enum)]
        format: Format,
        /// From the start of this day on, in UTC, such as 2026-12-01.
        #[arg(long)]
        from: Option<Date>,
        /// Until the end of this day, in UTC.
        #[arg(long)]
        to: Option<Date>,
    },
    /// Says whether all lines are as they were written, or the first thing that is wrong.
    Verify {
        /// The configuration.
        #[arg(long, default_value = "portal.toml")]
        config: PathBuf,
        /// A head that the log or an export named, which must still be there.
        #[arg(long)]
        head: Option<End>,
    },
}

#[derive(Subcommand)]
enum WebhooksCommand {
    /// Registers those that are missing and repairs those that lead elsewhere.
    Install {
        /// The configuration.
        #[arg(long, default_value = "portal.toml")]
        config: PathBuf,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Jsonl,
    Csv,
}

fn main() -> ExitCode {
    match start() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "perennial: {error}");
            ExitCode::FAILURE
        }
    }
}

fn start() -> Result<(), Box<dyn Error>> {
    let command = Arguments::parse().command;
    let runtime = Runtime::new()?;
    let result = runtime.block_on(async {
        match command {
            Command::Serve { config } => run(config).await,
            Command::Outbox { config, retry } => outbox(&config, retry).await,
            Command::Link {
                config,
                server,
                link,
            } => make_link(&config, server, link).await,
            Command::Funnel { config, from, to } => funnel(&config, from, to).await,
            Command::Audit { command } => audit(command).await,
            Command::Webhooks {
                command: WebhooksCommand::Install { config },
            } => install_webhooks(&config).await,
            Command::Migrate { config, from } => migrate(&config, &from).await,
            Command::Check { config } => check(&config).await,
            #[cfg(feature = "preview")]
            Command::Preview { config, listen } => preview(&config, listen).await,
            Command::Schema => schema(),
            Command::Explain {
                config,
                customer,
                configuration,
            } => explain(&config, CustomerId(customer), configuration.as_deref()).await,
        }
    });
    // An export that is still being made would delay the end for as long as it takes.
    runtime.shutdown_background();
    result
}

async fn run(path: PathBuf) -> Result<(), Box<dyn Error>> {
    let (file, config) = ConfigFile::load(&path)?;
    let secrets = Secrets::load(&config)?;
    let assets = Assets::load(config.portal_dir.as_deref())?;
    log::init(config.log);
    config.log_warnings();
    let assets = assets.with_earlier(&config.database.with_extension("files"));
    let env = Arc::new(SystemEnv::new(config.zone.clone()));
    let effects = Effects::new(config.effects.clone(), env.clone());
    let upstream = HttpRecharge::new(&config.upstream, &secrets.recharge_token)?;
    let processor = match &config.payments {
        Some(payments) => Some(Processor::new(payments, &secrets)?),
        None => None,
    };
    let Some(url) = Secrets::database_url(&config)? else {
        let store = SqliteStore::open(&config.database).await?;
        store.claim(&config.database, config.mode).await?;
        let store = Arc::new(store.with_effects(effects));
        let dependencies = Dependencies::over(&store, env, upstream, processor);
        serve(config, secrets, assets, dependencies, file, None).await?;
        store.close().await;
        return Ok(());
    };
    let store = PostgresStore::open(url.expose_secret()).await?;
    store.claim(config.mode).await?;
    let store = Arc::new(store.with_effects(effects));
    let dependencies = Dependencies::over(&store, env, upstream, processor);
    let others = Some(Arc::clone(&store));
    serve(config, secrets, assets, dependencies, file, others).await?;
    store.close().await;
    Ok(())
}

/// Serves until it is told to stop. `others` is the database where there may be other processes.
async fn serve(
    config: Config,
    secrets: Secrets,
    assets: Assets,
    dependencies: Dependencies,
    file: ConfigFile,
    others: Option<Arc<PostgresStore>>,
) -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind(config.listen).await?;
    let address = listener.local_addr()?;
    let origin = match &config.public_origin {
        Some(origin) => origin.clone(),
        None => Origin::parse(&format!("http://{address}"))?,
    };
    let metrics_listen = config.metrics_listen;
    let app = App::new(config, secrets, origin, assets, dependencies)?;
    if let Some(database) = others {
        let app = Arc::clone(&app);
        tokio::spawn(async move { app.follow(&database).await });
    }
    let told_to_stop = told_to_stop()?;
    let stop = CancellationToken::new();
    if let Some(address) = metrics_listen {
        let listener = TcpListener::bind(address).await?;
        let stopped = stop.clone().cancelled_owned();
        tokio::spawn(middleware::serve_metrics(
            listener,
            Arc::clone(&app),
            stopped,
        ));
    }
    // Whoever started this on port 0 reads the address here.
    writeln!(std::io::stdout(), "listening on http://{address}")?;
    middleware::serve_file(listener, app, file, told_to_stop).await;
    stop.cancel();
    Ok(())
}

fn schema() -> Result<(), Box<dyn Error>> {
    writeln!(std::io::stdout(), "{:#}", middleware::config::schema())?;
    Ok(())
}

async fn check(path: &Path) -> Result<(), Box<dyn Error>> {
    let config = Config::load(path)?;
    for warning in config.warnings() {
        writeln!(std::io::stderr(), "perennial: warning: {warning}")?;
    }
    let mut out = std::io::stdout();
    match Secrets::recharge_token(&config) {
        Ok(token) => {
            let upstream = HttpRecharge::new(&config.upstream, &token)?;
            middleware::scopes::check(&upstream, &config, &mut out).await?;
            check_webhooks(&upstream, &config, &mut out).await
        }
        // A file that is named must be there; the environment may be that of another place.
        Err(missing) if config.secret_files.recharge_token.is_none() => {
            writeln!(out, "the token's scopes are not checked: {missing}")?;
            Ok(())
        }
        Err(missing) => Err(missing.into()),
    }
}

/// Says which webhooks are missing, where they are configured.
async fn check_webhooks(
    upstream: &HttpRecharge,
    config: &Config,
    out: &mut dyn Write,
) -> Result<(), Box<dyn Error>> {
    let Some(origin) = config.webhooks.as_ref().and(config.public_origin.as_ref()) else {
        return Ok(());
    };
    let missing = install::missing(upstream, origin).await;
    let missing = missing.map_err(|error| error as Box<dyn Error>)?;
    if missing.is_empty() {
        writeln!(out, "all webhooks are registered")?;
        return Ok(());
    }
    let missing = missing.join(", ");
    Err(format!("webhooks are missing: {missing}; run `perennial webhooks install`").into())
}

async fn install_webhooks(path: &Path) -> Result<(), Box<dyn Error>> {
    let config = Config::load(path)?;
    let origin = config.webhooks.as_ref().and(config.public_origin.as_ref());
    let origin = origin.ok_or("the configuration needs [webhooks] and public_origin")?;
    let upstream = HttpRecharge::new(&config.upstream, &Secrets::recharge_token(&config)?)?;
    let mut out = std::io::stdout();
    let installing = install::install(&upstream, origin, &mut out);
    installing.await.map_err(|error| error as Box<dyn Error>)
}

async fn make_link(
    path: &Path,
    server: Option<String>,
    link: LinkArguments,
) -> Result<(), Box<dyn Error>> {
    let config = Config::load(path)?;
    let secret = Secrets::merchant_secret(&config)?;
    let usual = || match &config.public_origin {
        Some(origin) => origin.to_string(),
        None => format!("http://{}", config.listen),
    };
    let server = server.unwrap_or_else(usual);
    let objects: BTreeMap<_, _> = link.objects.into_iter().collect();
    let wanted = serde_json::json!({
        "customer_id": link.customer,
        "action": link.action,
        "object": objects,
        "body": link.body,
        "expires_in_hours": link.hours,
    });
    let url = middleware::admin::link(&server, &secret, &wanted).await?;
    writeln!(std::io::stdout(), "{url}")?;
    Ok(())
}

#[cfg(feature = "preview")]
async fn preview(path: &Path, listen: std::net::SocketAddr) -> Result<(), Box<dyn Error>> {
    let scratch = tempfile::tempdir()?;
    let ready = |address| {
        let _ = writeln!(std::io::stdout(), "open http://{address}/ in a browser");
    };
    tokio::select! {
        ended = middleware::preview::serve(path, listen, scratch.path(), ready) => {
            ended.map_err(|error| error as Box<dyn Error>)
        }
        () = told_to_stop()? => Ok(()),
    }
}

async fn explain(
    path: &Path,
    customer: CustomerId,
    configuration: Option<&str>,
) -> Result<(), Box<dyn Error>> {
    let config = Config::load(path)?;
    let upstream = HttpRecharge::new(&config.upstream, &Secrets::recharge_token(&config)?)?;
    let gateway = Gateway::new(
        Arc::new(upstream),
        Arc::new(SystemEnv::new(config.zone.clone())),
        Arc::new(MemoryJournal::default()),
        Arc::new(config.policy.clone()),
    );
    let explaining = middleware::explain::explain(&config, &gateway, customer, configuration);
    let explanation = explaining.await.map_err(|error| error as Box<dyn Error>)?;
    write!(std::io::stdout(), "{explanation}")?;
    Ok(())
}

/// The database, beside the processes that serve from it.
async fn beside(config: &Config) -> Result<Box<dyn Database>, Box<dyn Error>> {
    Ok(match Secrets::database_url(config)? {
        Some(url) => Box::new(PostgresStore::beside(url.expose_secret()).await?),
        None => Box::new(SqliteStore::beside(&config.database).await?),
    })
}

/// Copies a SQLite file into the PostgreSQL database.
async fn migrate(path: &Path, from: &Path) -> Result<(), Box<dyn Error>> {
    let config = Config::load(path)?;
    let url = Secrets::database_url(&config)?;
    let url = url.ok_or("the configuration has no [postgres]")?;
    let file = SqliteStore::open(from).await?;
    let database = PostgresStore::open(url.expose_secret()).await?;
    let rows = database.copy(&file).await?;
    writeln!(
        std::io::stdout(),
        "{rows} rows copied from {}",
        from.display()
    )?;
    file.close().await;
    database.close().await;
    Ok(())
}

async fn outbox(path: &Path, retry: bool) -> Result<(), Box<dyn Error>> {
    let config = Config::load(path)?;
    let store = beside(&config).await?;
    let env = SystemEnv::new(config.zone);
    middleware::admin::outbox(&*store, &env, retry, &mut std::io::stdout()).await?;
    store.close().await;
    Ok(())
}

async fn funnel(path: &Path, from: Option<Date>, to: Option<Date>) -> Result<(), Box<dyn Error>> {
    let config = Config::load(path)?;
    let store = beside(&config).await?;
    let today = Date::from_unix_ms(SystemEnv::new(config.zone).now_ms());
    let to = to.unwrap_or(today);
    let from = from.unwrap_or_else(|| to.add_days(-30));
    admin::funnel(&*store, from, to, &mut std::io::stdout()).await?;
    store.close().await;
    Ok(())
}

async fn audit(command: AuditCommand) -> Result<(), Box<dyn Error>> {
    let mut out = BufWriter::new(std::io::stdout());
    match command {
        AuditCommand::Export {
            config,
            format,
            from,
            to,
        } => {
            let store = beside(&Config::load(&config)?).await?;
            let format = match format {
                Format::Jsonl => AuditFormat::Jsonl,
                Format::Csv => AuditFormat::Csv,
            };
            let days = AuditDays { from, to };
            let head = admin::export_audit(&*store, format, days, &mut out).await?;
            out.flush()?;
            writeln!(std::io::stderr(), "head {head}")?;
            store.close().await;
            Ok(())
        }
        AuditCommand::Verify { config, head } => {
            let store = beside(&Config::load(&config)?).await?;
            let is_right = admin::verify_audit(&*store, head.as_ref(), &mut out).await?;
            out.flush()?;
            store.close().await;
            is_right
                .then_some(())
                .ok_or_else(|| "the audit log is broken".into())
        }
    }
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
