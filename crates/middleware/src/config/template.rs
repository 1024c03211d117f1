//! The texts of effects, with the facts of a change in them.

/// The facts that a template may name.
pub const FACTS: &[&str] = &[
    "operation",
    "reference",
    "customer_id",
    "at",
    "date",
    "subject",
    "subscription_id",
    "address_id",
    "order_id",
    "onetime_id",
    "payment_method_id",
    "external_variant_id",
    "quantity",
];

/// A text in which `{facts}` stand for their values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Fact(&'static str),
}

impl Template {
    /// Reads one.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn parse(text: &str) -> Result<Template, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, behind) = after
                .split_once('}')
                .ok_or_else(|| "a { without its }".to_owned())?;
            let fact = FACTS.iter().find(|fact| **fact == name);
            pieces.push(Piece::Text(before.to_owned()));
            pieces.push(Piece::Fact(
                fact.ok_or_else(|| format!("no fact is called {name}"))?,
            ));
            rest = behind;
        }
        pieces.push(Piece::Text(rest.to_owned()));
        Ok(Template(pieces))
    }

    /// The text with `value` of each fact; a fact that the change does not have is empty.
    pub fn fill(&self, value: impl Fn(&str) -> Option<String>) -> String {
        let pieces = self.0.iter().map(|piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Fact(name) => value(name).unwrap_or_default(),
        });
        pieces.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_has_the_facts_it_names_and_no_others() {
        let template = Template::parse("{operation} on {date}, {quantity}!").unwrap();
        let value = |name: &str| (name != "quantity").then(|| name.to_uppercase());
        assert_eq!(template.fill(value), "OPERATION on DATE, !");
        assert!(Template::parse("{hash}").is_err());
        assert!(Template::parse("{date").is_err());
    }
}
