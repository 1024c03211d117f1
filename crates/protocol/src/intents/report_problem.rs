use protocol_derive::Generate;
use recharge::{OrderId, open_enum};
use serde::{Deserialize, Serialize};

use super::declare::intent;
use crate::json::{Read, words};

intent! {
    /// Tell the merchant that something is wrong with an order, or ask for money back.
    ReportProblem { order_id: OrderId }
    POST "/orders/{order_id}/report" ProblemReport
}

/// What is wrong with an order, in the customer's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read, Generate)]
#[serde(deny_unknown_fields)]
pub struct ProblemReport {
    /// What it is about.
    pub about: ReportTopic,
    /// The customer's words, 1 to 1,000 characters.
    pub message: String,
}

open_enum! {
    /// What a report is about.
    pub enum ReportTopic {
        /// Something is broken or spoilt.
        Damaged = "damaged",
        /// Something is missing, or nothing came.
        Missing = "missing",
        /// Something else came than was ordered.
        Wrong = "wrong",
        /// The customer asks for their money back.
        Refund = "refund",
        /// Anything else.
        Question = "question",
    }
}

words!(ReportTopic);

#[cfg(feature = "testing")]
impl crate::testing::Generate for ReportTopic {
    fn generate(from: &mut crate::testing::Generator) -> ReportTopic {
        ReportTopic::from(String::generate(from).as_str())
    }
}
