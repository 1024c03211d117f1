use super::bodies::MailedCode;
use super::declare::intent;

intent! {
    /// Prove the other e-mail address by the code that was sent to it, which makes it theirs.
    ConfirmEmailChange {}
    POST "/customer/email/confirm" MailedCode, secret code
}
