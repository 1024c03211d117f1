use protocol_derive::Generate;
use serde::{Deserialize, Serialize};

use super::declare::intent;
use crate::json::Read;

intent! {
    /// Ask for another e-mail address: a code is sent to it.
    RequestEmailChange {}
    POST "/customer/email" NewEmail
}

/// An e-mail address to be proven.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read, Generate)]
#[serde(deny_unknown_fields)]
pub struct NewEmail {
    /// The address.
    pub email: String,
}
