//! Mail: emails to customers and what effects write to the merchant.

use std::path::PathBuf;
use std::sync::Arc;

use base::{BoxFuture, hex};
use gateway::{Email, Env, MailError, Mailer};
use lettre::message::{Mailbox, header::ContentType};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use secrecy::ExposeSecret;

use crate::config::{Config, MailConfig, MailTransport, Secrets};
use crate::effects::Job;
use crate::messages::{self, Languages};
use crate::store::Outbox;

/// How mail leaves.
pub(crate) struct Mail {
    from: Option<Mailbox>,
    transport: Transport,
}

enum Transport {
    None,
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Folder(PathBuf),
}

impl Mail {
    /// Mail as it is configured.
    pub(crate) fn new(config: &Config, secrets: &Secrets) -> Mail {
        let Some(MailConfig {
            from, transport, ..
        }) = &config.mail
        else {
            return Mail {
                from: None,
                transport: Transport::None,
            };
        };
        let transport = match transport {
            MailTransport::Folder(folder) => Transport::Folder(folder.clone()),
            MailTransport::Smtp { host, port, user } => {
                let credentials = user.as_ref().and_then(|(user, place)| {
                    let password = secrets.others.get(place)?.expose_secret().to_owned();
                    Some(Credentials::new(user.clone(), password))
                });
                smtp(host, *port, credentials).map_or(Transport::None, Transport::Smtp)
            }
        };
        Mail {
            from: Some(from.clone()),
            transport,
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
        match &self.transport {
            Transport::None => Err("the mail server cannot be reached by TLS".to_owned()),
            Transport::Smtp(server) => match server.send(message).await {
                Ok(_) => Ok(()),
                Err(error) if error.is_permanent() => Err("the mail server refused it".to_owned()),
                Err(_) => Err("the mail server cannot be reached".to_owned()),
            },
            Transport::Folder(folder) => put(folder, &message.formatted())
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
    // Mail holds codes and addresses: it is for the owner of the folder alone.
    let mut builder = tokio::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    builder.mode(0o700);
    builder.create(folder).await?;
    // Whoever reads meanwhile finds the one before or this one, never a half.
    let (new, latest) = (folder.join("new.eml"), folder.join("latest.eml"));
    let mut options = tokio::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    options.mode(0o600);
    let mut file = options.open(&new).await?;
    tokio::io::AsyncWriteExt::write_all(&mut file, mail).await?;
    file.sync_all().await?;
    tokio::fs::rename(&new, &latest).await
}

/// Emails to customers: codes leave at once, notices by the outbox.
pub(crate) struct EmailSender {
    pub(crate) mail: Arc<Mail>,
    pub(crate) outbox: Arc<dyn Outbox>,
    pub(crate) env: Arc<dyn Env>,
    pub(crate) shop: String,
    pub(crate) languages: Arc<Languages>,
}

impl EmailSender {
    async fn send(&self, email: &Email, language: &str) -> Result<(), String> {
        let (shop, language) = (&self.shop, &self.languages.preferred(language));
        match email {
            Email::AddressCode { to, code, minutes } => {
                let minutes = minutes.to_string();
                let subject = messages::mail_address_code_subject(language, shop);
                let text =
                    messages::mail_address_code_text(language, code.expose(), &minutes, shop);
                self.mail.send(to, subject.as_str(), text.as_str()).await
            }
            Email::VerificationCode { to, code, minutes } => {
                let minutes = minutes.to_string();
                let subject = messages::mail_verification_code_subject(language, shop);
                let text =
                    messages::mail_verification_code_text(language, code.expose(), &minutes, shop);
                self.mail.send(to, subject.as_str(), text.as_str()).await
            }
            Email::DeletionCode { to, code, minutes } => {
                let minutes = minutes.to_string();
                let subject = messages::mail_deletion_code_subject(language, shop);
                let text =
                    messages::mail_deletion_code_text(language, code.expose(), &minutes, shop);
                self.mail.send(to, subject.as_str(), text.as_str()).await
            }
            Email::AddressChanged { to, new } => {
                let subject = messages::mail_address_changed_subject(language, shop);
                let text = messages::mail_address_changed_text(language, new, shop);
                let job = Job::Mail {
                    to: to.clone(),
                    subject: subject.as_str().to_owned(),
                    text: text.as_str().to_owned(),
                };
                let json = serde_json::to_string(&job).map_err(|error| error.to_string())?;
                let id = hex(&self.env.random());
                let added = self.outbox.add(&id, &json, self.env.now_ms()).await;
                added.map_err(|error| error.to_string())
            }
        }
    }
}

impl Mailer for EmailSender {
    fn send<'a>(
        &'a self,
        email: &'a Email,
        language: &'a str,
    ) -> BoxFuture<'a, Result<(), MailError>> {
        Box::pin(async move {
            EmailSender::send(self, email, language)
                .await
                .map_err(|error| {
                    tracing::warn!(error, "an email could not be sent");
                    MailError
                })
        })
    }
}
