use super::bodies::MailedCode;
use super::declare::intent;

intent! {
    /// Confirm by that code that the merchant is to delete all data.
    ConfirmDeletion {}
    POST "/customer/deletion/confirm" MailedCode, secret code
}
