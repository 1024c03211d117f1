//! Following changes of the configuration file while the process runs.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::task::spawn_blocking;
use tokio::time::{MissedTickBehavior, interval};

use crate::config::{Config, ConfigError, needs_restart};
use crate::live::Live;
use crate::state::App;

/// How often the file is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// The configuration file, with the text of it that is in force.
#[derive(Debug, Clone)]
pub struct ConfigFile {
    path: PathBuf,
    text: String,
}

impl ConfigFile {
    /// Reads and checks the file at `path`.
    ///
    /// # Errors
    /// As for [`Config::load`].
    pub fn load(path: &Path) -> Result<(ConfigFile, Config), ConfigError> {
        let text = Config::read(path)?;
        let config = Config::parse_at(path, &text)?;
        let path = path.to_owned();
        Ok((ConfigFile { path, text }, config))
    }

    /// The configuration that `text` makes of the one in force.
    fn changed_to(&self, text: &str) -> Result<Config, ConfigError> {
        let config = Config::parse_at(&self.path, text)?;
        needs_restart(&self.text, text, &self.path.display().to_string())?;
        Ok(config)
    }
}

/// Puts the file into force whenever it has changed, or the process gets SIGHUP; never returns.
/// A file that is wrong changes nothing.
pub(crate) async fn follow(mut file: ConfigFile, live: Live) {
    let mut ticks = interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut hangup = Hangup::new();
    // What was read last, and what was last tried.
    let (mut seen, mut tried) = (file.text.clone(), file.text.clone());
    loop {
        let asked = tokio::select! {
            _ = ticks.tick() => false,
            () = hangup.received() => true,
        };
        let path = file.path.clone();
        let read = spawn_blocking(move || Config::read(&path)).await;
        let text = match read {
            Ok(Ok(text)) => text,
            Ok(Err(error)) => {
                if asked || !tried.is_empty() {
                    refuse(&live, &error);
                }
                (seen, tried) = (String::new(), String::new());
                continue;
            }
            Err(_) => continue,
        };
        // A file that is being written may be right and yet lack its end.
        let is_still = text == seen;
        seen.clone_from(&text);
        if !asked && (!is_still || text == tried) {
            continue;
        }
        tried.clone_from(&text);
        let (known, app) = (file.clone(), live.app());
        let changed =
            spawn_blocking(move || reconfigured(&known, &app, &text).map(|app| (app, text)));
        match changed.await {
            Ok(Ok((app, text))) => {
                app.config_health.note(Ok(()));
                live.replace(Arc::clone(&app));
                file.text = text;
                tracing::info!("the configuration was reloaded");
                app.config.log_warnings();
            }
            Ok(Err(error)) => refuse(&live, &error),
            Err(_) => tracing::error!("the configuration could not be reloaded"),
        }
    }
}

/// The application under what the file says now.
fn reconfigured(file: &ConfigFile, app: &App, text: &str) -> Result<Arc<App>, ConfigError> {
    let config = file.changed_to(text)?;
    Ok(Arc::new(app.reconfigured(config)))
}

fn refuse(live: &Live, error: &ConfigError) {
    tracing::error!(
        place = error.place,
        hint = error.hint,
        "the configuration stays as it was: {}",
        error.message
    );
    live.app().config_health.note(Err(error));
}

/// SIGHUP, where there is such a thing.
struct Hangup {
    #[cfg(unix)]
    signal: Option<tokio::signal::unix::Signal>,
}

impl Hangup {
    #[cfg(unix)]
    fn new() -> Hangup {
        use tokio::signal::unix::{SignalKind, signal};
        let signal = signal(SignalKind::hangup());
        if let Err(error) = &signal {
            tracing::warn!(%error, "SIGHUP cannot be received");
        }
        Hangup {
            signal: signal.ok(),
        }
    }

    #[cfg(not(unix))]
    fn new() -> Hangup {
        Hangup {}
    }

    /// Waits for the next one.
    async fn received(&mut self) {
        #[cfg(unix)]
        if let Some(signal) = &mut self.signal {
            signal.recv().await;
            return;
        }
        std::future::pending().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = include_str!("../../../examples/portal.toml");

    fn changed(line: &str, instead: &str) -> Result<Config, ConfigError> {
        assert!(EXAMPLE.contains(line), "{line}");
        let file = ConfigFile {
            path: PathBuf::from("portal.toml"),
            text: EXAMPLE.to_owned(),
        };
        file.changed_to(&EXAMPLE.replacen(line, instead, 1))
    }

    #[test]
    fn cf_8_what_only_a_restart_changes_is_refused_with_its_line() {
        for (line, instead, key) in [
            (
                "listen = \"127.0.0.1:8402\"",
                "listen = \"127.0.0.1:8403\"",
                "listen",
            ),
            ("bucket = 40", "bucket = 50", "upstream"),
            (
                "database = \"portal.db\"",
                "database = \"other.db\"",
                "database",
            ),
            ("log = \"info\"", "log = \"warn\"", "log"),
            (
                "zone = \"America/New_York\"",
                "zone = \"Europe/Berlin\"",
                "store.zone",
            ),
        ] {
            let error = changed(line, instead).unwrap_err();
            let said = format!("`{key}` has changed, which needs a restart");
            assert_eq!(error.message, said);
            let before = &EXAMPLE[..EXAMPLE.find(line).unwrap()];
            let inner = key.contains('.') || !key.contains("upstream");
            if inner {
                let at = before.lines().count() + 1;
                assert_eq!(error.place, format!("portal.toml:{at}"), "{key}");
            }
        }
    }

    #[test]
    fn cf_8_what_customers_may_do_changes_without_a_restart() {
        for (line, instead) in [
            ("skip_delivery = true", "skip_delivery = false"),
            ("name = \"Your Shop\"", "name = \"Our Shop\""),
            (
                "frame_ancestors = []",
                "frame_ancestors = [\"https://www.shop.example\"]",
            ),
            ("idle_minutes = 30", "idle_minutes = 20"),
        ] {
            assert!(changed(line, instead).is_ok(), "{instead}");
        }
    }
}
