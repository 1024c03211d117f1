//! `cargo xtask demo`: a shop, the portal behind its My Account page, and a store in
//! memory that both live on.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::dist::{self, Build};
use crate::process::{binaries, program, root, run as run_program, target};
use crate::programs::programs;

const SHOP: &str = "127.0.0.1:8400";
const SANDBOX: &str = "127.0.0.1:8401";
pub(crate) const PORTAL: &str = "127.0.0.1:8402";
/// Secrets of a store that exists only while the demo runs.
const DEMO_TOKEN: &str = "demo-store-token";
const DEMO_MERCHANT_SECRET: &str = "demo-merchant-secret";

/// Builds, starts and serves everything until Ctrl-C; the store begins with `scenario`.
///
/// # Errors
/// Where a step fails, a port is taken, or one of the programs ends by itself.
pub(crate) fn run(scenario: &str) -> Result<()> {
    for address in [SHOP, SANDBOX, PORTAL] {
        TcpListener::bind(address)
            .with_context(|| format!("{address} is in use; is another demo running?"))?;
    }
    println!("1 of 3: the portal (about two minutes the first time, then seconds)");
    dist::bundle(Build::Quick)?;
    println!("2 of 3: its server, the store and the shop (about three minutes the first time)");
    run_program(&mut programs())?;
    println!("3 of 3: starting them");

    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    ctrlc::set_handler(move || asked.store(true, Ordering::SeqCst))?;

    let mut running = Running(Vec::new());
    running.start("sandbox", &mut sandbox(scenario), SANDBOX)?;
    running.start("middleware", &mut middleware()?, PORTAL)?;
    let customers = get(SANDBOX, "/_sandbox/customers")?.context("the store has no customers")?;
    running.start("shop", &mut shop(&customers), SHOP)?;
    println!(
        "\n  The shop      http://{SHOP}/   go to My Account, then to the subscriptions\
         \n  The mailbox   http://{SHOP}/mail   what the portal's login page and codes send\
         \n  The portal    http://{PORTAL}/portal/\
         \n  The store     http://{SANDBOX}/   answers as Recharge does; token {DEMO_TOKEN}\
         \n\n  Ctrl-C ends all three."
    );
    running.wait(&stop)
}

fn sandbox(scenario: &str) -> Command {
    let mut command = program(binaries().join("sandbox"));
    command.args(["serve", "--listen", SANDBOX, "--scenario", scenario]);
    command
}

/// The demo's configuration is examples/shop/portal.toml; only where cargo builds and
/// where the database lies depends on the machine.
fn middleware() -> Result<Command> {
    let example = fs::read_to_string(root().join("examples/shop/portal.toml"))?;
    let mut config: toml::Table = example.parse()?;
    let folder = target().join("demo");
    fs::create_dir_all(&folder)?;
    // A new store knows nothing of the sessions and writes of the last one.
    let database = folder.join("portal.db");
    for leftover in ["portal.db", "portal.db-wal", "portal.db-shm"] {
        let _ = fs::remove_file(folder.join(leftover));
    }
    let text = |path: PathBuf| toml::Value::from(path.display().to_string());
    config.insert("portal_dir".into(), text(Build::Quick.folder()));
    config.insert("database".into(), text(database));
    let file = folder.join("portal.toml");
    fs::write(&file, toml::to_string(&config)?)?;

    let mut command = program(binaries().join("perennial"));
    command
        .args(["serve", "--config"])
        .arg(file)
        .env("PORTAL_RECHARGE_TOKEN", DEMO_TOKEN)
        .env("PORTAL_MERCHANT_SECRET", DEMO_MERCHANT_SECRET);
    Ok(command)
}

fn shop(customers: &str) -> Command {
    let mut command = program(binaries().join("shop"));
    command
        .env("SHOP_LISTEN", SHOP)
        .env("SHOP_PORTAL", format!("http://{PORTAL}"))
        .env("SHOP_CUSTOMERS", customers)
        .env("SHOP_MAIL", target().join("demo/mail"))
        .env("PORTAL_MERCHANT_SECRET", DEMO_MERCHANT_SECRET);
    command
}

/// The programs of the demo; they end with it, whatever way it ends.
struct Running(Vec<(&'static str, Child)>);

impl Running {
    fn start(&mut self, name: &'static str, command: &mut Command, address: &str) -> Result<()> {
        let child = command
            .spawn()
            .with_context(|| format!("cannot start {name}"))?;
        self.0.push((name, child));
        let deadline = Instant::now() + Duration::from_secs(10);
        while get(address, "/")?.is_none() {
            self.ensure_alive()?;
            ensure!(
                Instant::now() < deadline,
                "{name} does not answer on {address}"
            );
            sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    fn ensure_alive(&mut self) -> Result<()> {
        for (name, child) in &mut self.0 {
            if let Some(status) = child.try_wait()? {
                bail!("{name} ended with {status}");
            }
        }
        Ok(())
    }

    fn wait(&mut self, stop: &AtomicBool) -> Result<()> {
        while !stop.load(Ordering::SeqCst) {
            self.ensure_alive()?;
            sleep(Duration::from_millis(100));
        }
        println!("\nEnding the demo");
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        for (_, child) in self.0.iter_mut().rev() {
            // One that has ended already, of the same Ctrl-C, is none to complain about.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// What the program at `address` answers to a GET; nothing while it does not listen.
///
/// # Errors
/// Where `address` is none.
pub(crate) fn get(address: &str, path: &str) -> Result<Option<String>> {
    let address: SocketAddr = address.parse()?;
    let wait = Duration::from_secs(2);
    let Ok(mut stream) = TcpStream::connect_timeout(&address, wait) else {
        return Ok(None);
    };
    stream.set_read_timeout(Some(wait))?;
    // Version 1.0, so that the answer ends with the connection and comes in one piece.
    let request = format!(
        "GET {path} HTTP/1.0\r\nhost: {address}\r\nx-recharge-access-token: {DEMO_TOKEN}\r\n\r\n"
    );
    let mut answer = String::new();
    let read = stream
        .write_all(request.as_bytes())
        .and_then(|()| stream.read_to_string(&mut answer));
    let body = answer
        .split_once("\r\n\r\n")
        .map(|(_, body)| body.to_owned());
    Ok(body.filter(|_| read.is_ok()))
}
