//! Who makes a change.

use std::fmt;

/// Who makes a change to a customer's account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Actor {
    /// The customer.
    #[default]
    Customer,
    /// One of the merchant's staff, by the id that the merchant's server gave.
    Staff(String),
    /// The merchant's server.
    Shop,
    /// A rule of the merchant's configuration.
    Rule,
    /// Whoever used a link that was sent to the customer.
    Link,
    /// Somebody outside the portal, as upstream reports it.
    Elsewhere,
}

/// What stands before the id of a member of staff.
const STAFF: &str = "staff:";

impl Actor {
    /// Whether it is one of the merchant's staff.
    pub fn is_staff(&self) -> bool {
        matches!(self, Actor::Staff(_))
    }
}

impl fmt::Display for Actor {
    /// As it is stored: `customer`, `staff:agent-7`, `shop`, `rule`, `link` or `elsewhere`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Actor::Customer => f.write_str("customer"),
            Actor::Staff(id) => write!(f, "{STAFF}{id}"),
            Actor::Shop => f.write_str("shop"),
            Actor::Rule => f.write_str("rule"),
            Actor::Link => f.write_str("link"),
            Actor::Elsewhere => f.write_str("elsewhere"),
        }
    }
}

impl From<&str> for Actor {
    /// Reads what [`Display`](fmt::Display) wrote. Anything else is the customer, who made all
    /// changes before actors were stored.
    fn from(text: &str) -> Actor {
        match text {
            "shop" => Actor::Shop,
            "rule" => Actor::Rule,
            "link" => Actor::Link,
            "elsewhere" => Actor::Elsewhere,
            other => match other.strip_prefix(STAFF) {
                Some(id) => Actor::Staff(id.to_owned()),
                None => Actor::Customer,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cu_9_an_actor_is_read_back_as_it_was_written() {
        for actor in [
            Actor::Customer,
            Actor::Staff("agent-7".into()),
            Actor::Staff(String::new()),
            Actor::Shop,
            Actor::Rule,
            Actor::Link,
            Actor::Elsewhere,
        ] {
            assert_eq!(Actor::from(actor.to_string().as_str()), actor);
        }
        assert_eq!(Actor::from(""), Actor::Customer);
    }
}
