use protocol_derive::Generate;
use serde::{Deserialize, Serialize};

use super::declare::intent;

intent! {
    /// Change the customer's name or telephone.
    UpdateCustomer {}
    PUT "/customer" CustomerForm
}

/// The fields of the customer's record that they may change; a field that is `None` keeps its value.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, Generate)]
#[serde(deny_unknown_fields, default)]
pub struct CustomerForm {
    /// First name, 1 to 255 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Last name, 1 to 255 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Telephone, at most 255 characters; empty removes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}
