//! The merchant's file as a preview reads it.

use std::error::Error;
use std::path::Path;

use toml::{Table, Value};

use crate::config::PROCESS;

/// Where a preview keeps and finds its things.
pub(super) struct Place<'a> {
    /// The folder of the merchant's file.
    pub(super) folder: &'a Path,
    /// Where its own files lie.
    pub(super) scratch: &'a Path,
    /// Where the sandbox is.
    pub(super) sandbox: &'a str,
    /// The page that frames the portal.
    pub(super) origin: &'a str,
}

/// What of the process's own keys a preview reads, as they are or over something of its own. All
/// others are left out: the network, secrets, and other ways to sign in.
const READ: [&str; 7] = [
    "mode",
    "portal_dir",
    "log",
    "payments",
    "mail",
    "login",
    "effects",
];
/// What else concerns only where the file is used.
const LEFT_OUT: [&str; 4] = [
    "own_origin",
    "hsts_subdomains",
    "embedding",
    "hosted_portal",
];

/// `text` over the sandbox, on a loopback address, with nothing that leaves this machine.
pub(super) fn rewritten(
    text: &str,
    place: &Place<'_>,
) -> Result<String, Box<dyn Error + Send + Sync>> {
    let mut file: Table = text.parse()?;
    let of_process = PROCESS.iter().filter(|key| !READ.contains(key));
    for key in of_process.chain(&LEFT_OUT) {
        file.remove(*key);
    }
    let path = |path: &Path| Value::from(path.display().to_string());
    for key in ["portal_dir", "texts_dir"] {
        if let Some(folder) = file.get(key).and_then(Value::as_str) {
            let folder = std::path::absolute(place.folder.join(folder))?;
            file.insert(key.into(), path(&folder));
        }
    }
    file.insert("listen".into(), "127.0.0.1:0".into());
    file.insert("database".into(), path(&place.scratch.join("portal.db")));
    file.insert("frame_ancestors".into(), vec![place.origin].into());
    let upstream = Table::from_iter([("base_url".to_owned(), place.sandbox.into())]);
    file.insert("upstream".into(), upstream.into());
    if let Some(Value::Table(merchant)) = file.get_mut("merchant") {
        merchant.remove("secret_file");
    }
    let session = file.entry("session").or_insert_with(|| Table::new().into());
    if let Value::Table(session) = session {
        session.insert("loopback_cookie".into(), true.into());
    }
    if file.contains_key("payments") {
        let payments = [("tokeniser", "sandbox"), ("origin", place.sandbox)];
        let payments = payments.map(|(key, value)| (key.to_owned(), value.into()));
        file.insert("payments".into(), Table::from_iter(payments).into());
    }
    if let Some(Value::Table(mail)) = file.get_mut("mail") {
        mail.retain(|key, _| key == "from");
        mail.insert("folder".into(), path(&place.scratch.join("mail")));
    }
    // What is done after a change is noted at the invented customer, and reaches nobody.
    if let Some(Value::Array(effects)) = file.get_mut("effects") {
        for effect in effects.iter_mut().filter_map(Value::as_table_mut) {
            effect.retain(|key, _| key == "after");
            for (key, value) in [
                ("kind", "metafield"),
                ("namespace", "preview"),
                ("key", "last_change"),
                ("value", "{operation}"),
            ] {
                effect.insert(key.into(), value.into());
            }
        }
    }
    Ok(toml::to_string(&file)?)
}
