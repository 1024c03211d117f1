use recharge::open_enum;
use serde::{Deserialize, Serialize};

use crate::json::{wire, words};

wire! {
    /// What is wrong with an order, in the customer's words.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct ProblemReport {
        /// What it is about.
        pub about: ReportTopic,
        /// The customer's words, 1 to 1,000 characters.
        pub message: String,
    }
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
        /// The customer asks for her money back.
        Refund = "refund",
        /// Anything else.
        Question = "question",
    }
}

words!(ReportTopic);
