//! Mail: letters to customers and what effects write to the merchant.

use std::path::PathBuf;
use std::sync::Arc;

use gateway::{Env, Letter, MailError, Mailer};
use lettre::message::{Mailbox, header::ContentType};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use recharge::BoxFuture;
use secrecy::ExposeSecret;

use crate::config::{Config, MailConfig, MailWay, Secrets};
use crate::effects::Job;
use crate::store::Outbox;

/// How mail leaves.
pub(crate) struct Mail {
    from: Option<Mailbox>,
    way: Way,
}

enum Way {
    None,
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Folder(PathBuf),
}

impl Mail {
    /// The way that the configuration says.
    pub(crate) fn new(config: &Config, secrets: &Secrets) -> Mail {
        let Some(MailConfig { from, way }) = &config.mail else {
            return Mail {
                from: None,
                way: Way::None,
            };
        };
        let way = match way {
            MailWay::Folder(folder) => Way::Folder(folder.clone()),
            MailWay::Smtp { host, port, user } => {
                let credentials = user.as_ref().and_then(|(user, place)| {
                    let password = secrets.others.get(place)?.expose_secret().to_owned();
                    Some(Credentials::new(user.clone(), password))
                });
                smtp(host, *port, credentials).map_or(Way::None, Way::Smtp)
            }
        };
        Mail {
            from: Some(from.clone()),
            way,
        }
    }

    /// Sends a mail of plain text.
    ///
    /// # Errors
    /// Why it cannot leave, without naming anybody.
    pub(crate) async fn send(&self, to: &str, subject: &str, text: &str) -> Result<(), String> {
        let from = self.from.clone().ok_or("no mail is configured")?;
        let to: Mailbox = to.parse().map_err(|_| "not an address")?;
        let message = Message::builder()
            .from(from)
            .to(to)
            .subject(subject)
            .header(ContentType::TEXT_PLAIN)
            .body(text.to_owned())
            .map_err(|_| "the mail cannot be written")?;
        match &self.way {
            Way::None => Err("the mail server cannot be reached by TLS".to_owned()),
            Way::Smtp(server) => match server.send(message).await {
                Ok(_) => Ok(()),
                Err(error) if error.is_permanent() => Err("the mail server refused it".to_owned()),
                Err(_) => Err("the mail server cannot be reached".to_owned()),
            },
            Way::Folder(folder) => put(folder, &message.formatted())
                .await
                .map_err(|error| error.to_string()),
        }
    }
}

/// TLS from the start at port 465, else STARTTLS; plain on this machine only.
fn smtp(
    host: &str,
    port: u16,
    credentials: Option<Credentials>,
) -> Option<AsyncSmtpTransport<Tokio1Executor>> {
    type Server = AsyncSmtpTransport<Tokio1Executor>;
    let builder = match (host, port) {
        ("127.0.0.1" | "localhost", _) => Server::builder_dangerous(host),
        (_, 465) => Server::relay(host).ok()?,
        _ => Server::starttls_relay(host).ok()?,
    };
    let builder = builder.port(port);
    Some(match credentials {
        Some(credentials) => builder.credentials(credentials).build(),
        None => builder.build(),
    })
}

/// Puts a mail into the folder, as the latest.
async fn put(folder: &std::path::Path, mail: &[u8]) -> std::io::Result<()> {
    tokio::fs::create_dir_all(folder).await?;
    // Whoever reads meanwhile finds the one before or this one, never a half.
    let (new, latest) = (folder.join("new.eml"), folder.join("latest.eml"));
    tokio::fs::write(&new, mail).await?;
    tokio::fs::rename(&new, &latest).await
}

/// Letters to customers: codes leave at once, notices by the outbox.
pub(crate) struct Letters {
    pub(crate) mail: Arc<Mail>,
    pub(crate) outbox: Arc<dyn Outbox>,
    pub(crate) env: Arc<dyn Env>,
    pub(crate) shop: String,
}

impl Letters {
    async fn send(&self, letter: &Letter) -> Result<(), String> {
        let shop = &self.shop;
        match letter {
            Letter::EmailCode { to, code } => {
                let text = format!(
                    "Your code is {code}\n\nEnter it where you asked for it. It counts for ten \
                     minutes; then this becomes the e-mail address of your subscriptions at \
                     {shop}.\n\nIf you did not ask for this, leave it: nothing will change."
                );
                let subject = format!("Your code for {shop}");
                self.mail.send(to, &subject, &text).await
            }
            Letter::DeletionCode { to, code } => {
                let text = format!(
                    "Your code is {code}\n\nEnter it where you asked for it, within ten minutes, \
                     and {shop} is asked to delete your data.\n\nIf you did not ask for this, \
                     leave it: nothing will be deleted. Somebody may be using your account, so \
                     write to {shop}."
                );
                let subject = format!("Your code to have your data at {shop} deleted");
                self.mail.send(to, &subject, &text).await
            }
            Letter::EmailChanged { to, new } => {
                let text = format!(
                    "Your subscriptions at {shop} now use another e-mail address:\n\n{new}\n\n\
                     If that was not you, write to {shop} at once."
                );
                let job = Job::Mail {
                    to: to.clone(),
                    subject: format!("Your e-mail address at {shop} was changed"),
                    text,
                };
                let json = serde_json::to_string(&job).map_err(|error| error.to_string())?;
                let random = self.env.random();
                let id: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
                let added = self.outbox.add(&id, &json, self.env.now_ms()).await;
                added.map_err(|error| error.to_string())
            }
        }
    }
}

impl Mailer for Letters {
    fn send<'a>(&'a self, letter: &'a Letter) -> BoxFuture<'a, Result<(), MailError>> {
        Box::pin(async move {
            Letters::send(self, letter).await.map_err(|error| {
                tracing::warn!(error, "a letter could not be sent");
                MailError
            })
        })
    }
}
