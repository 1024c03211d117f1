//! The real program, as a process that can be killed.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::Duration;

use super::{Customer, MERCHANT_SECRET, Upstream, client, config};

/// A running middleware.
pub(crate) struct Program {
    pub(crate) origin: String,
    child: Child,
    log: std::path::PathBuf,
    file: std::path::PathBuf,
}

impl Program {
    /// Starts it over `upstream`, with its database and log in `folder`.
    pub(crate) fn start(folder: &Path, upstream: &Upstream) -> Program {
        Program::start_with(folder, upstream, &config(&upstream.url))
    }

    /// The same, with this configuration.
    pub(crate) fn start_with(folder: &Path, upstream: &Upstream, config: &str) -> Program {
        let program = Command::new(env!("CARGO_BIN_EXE_perennial"));
        Program::spawn(program, folder, upstream, config)
    }

    /// The same, where it may open so many files.
    pub(crate) fn start_limited(folder: &Path, upstream: &Upstream, files: u32) -> Program {
        let mut shell = Command::new("sh");
        shell.arg("-c");
        shell.arg(format!("ulimit -n {files}; exec \"$0\" \"$@\""));
        shell.arg(env!("CARGO_BIN_EXE_perennial"));
        Program::spawn(shell, folder, upstream, &config(&upstream.url))
    }

    fn spawn(mut program: Command, folder: &Path, upstream: &Upstream, config: &str) -> Program {
        let file = folder.join("portal.toml");
        let config = format!("log = \"debug\"\n{config}");
        std::fs::write(&file, config).unwrap();
        let log = folder.join("log");
        let options = std::fs::File::options()
            .create(true)
            .append(true)
            .open(&log);
        let mut child = program
            .args(["serve", "--config"])
            .arg(&file)
            .env("PORTAL_RECHARGE_TOKEN", &upstream.token)
            .env("PORTAL_MERCHANT_SECRET", MERCHANT_SECRET)
            .stdout(Stdio::piped())
            .stderr(options.unwrap())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        let origin = line
            .trim()
            .strip_prefix("listening on ")
            .unwrap()
            .to_owned();
        Program {
            origin,
            child,
            log,
            file,
        }
    }

    /// The first customer of the store, signed in.
    pub(crate) async fn customer(&self, upstream: &Upstream) -> Customer {
        client::sign_in(&self.origin, &self.link(upstream).await).await
    }

    /// A link for the first customer of the store.
    pub(crate) async fn link(&self, upstream: &Upstream) -> String {
        let customers = upstream.customers().await;
        let body = serde_json::json!({"email": customers[0]["email"]});
        let reply = client::link(&self.origin, MERCHANT_SECRET, body).await;
        reply.json()["url"].as_str().unwrap().to_owned()
    }

    /// Ends it without a word, as `kill -9` does.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop, as a service manager does.
    pub(crate) fn terminate(&self) {
        self.signal("-TERM");
    }

    /// Asks it to read its configuration again.
    pub(crate) fn hang_up(&self) {
        self.signal("-HUP");
    }

    fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        let status = Command::new("kill").args([signal, &id]).status().unwrap();
        assert!(status.success());
    }

    /// Writes its configuration file anew, as `change` changes it.
    pub(crate) fn rewrite(&self, change: impl FnOnce(String) -> String) {
        let text = std::fs::read_to_string(&self.file).unwrap();
        std::fs::write(&self.file, change(text)).unwrap();
    }

    /// Waits for its end.
    pub(crate) async fn ended(&mut self) -> ExitStatus {
        for _ in 0..200 {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the program does not end");
    }

    /// What the program says when it is called with these words, over the same configuration.
    pub(crate) fn run(&self, words: &[&str]) -> String {
        let output = call(words, &self.file);
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// The id of its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Everything it has logged.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// How it was called, as everybody on the machine can see.
    pub(crate) fn arguments(&self) -> String {
        let id = self.child.id().to_string();
        let bytes = std::fs::read(format!("/proc/{id}/cmdline")).unwrap_or_else(|_| {
            let ps = Command::new("ps").args(["-o", "args=", "-p", &id]).output();
            ps.unwrap().stdout
        });
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// Calls the program with these words over the configuration in `file`, and waits for its end.
pub(crate) fn call(words: &[&str], file: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_perennial"))
        .args(words)
        .arg("--config")
        .arg(file)
        .env("PORTAL_RECHARGE_TOKEN", "upstream-token")
        .env("PORTAL_MERCHANT_SECRET", MERCHANT_SECRET)
        .output()
        .unwrap()
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
