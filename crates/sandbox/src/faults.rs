//! Faults on purpose: what a network and a busy upstream do to a call.

use serde::{Deserialize, Serialize};

/// What happens to a call that a fault meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// The connection breaks before the store does anything.
    LoseBefore,
    /// The store does what was asked, then the connection breaks.
    LoseAfter,
    /// An answer of this status, without any effect.
    Status(u16),
    /// The answer comes so many milliseconds later. A delayed write occupies its address
    /// for that time: another write to it is answered 409.
    Delay(u64),
    /// The store does what was asked and answers 200 with a page of HTML.
    NotJson,
}

/// A fault, which meets the next calls that match it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Only this method; any without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Only this path: a template such as `/charges/{id}/skip`, or with `*` at its end
    /// everything that begins so. Empty or absent for any.
    #[serde(default)]
    pub path: String,
    /// What happens.
    pub effect: Effect,
    /// To how many calls; 1 where not said.
    #[serde(default = "once")]
    pub times: u32,
}

fn once() -> u32 {
    1
}

impl Fault {
    /// A fault for the next call of `method` to `path`.
    pub fn once(method: &str, path: &str, effect: Effect) -> Fault {
        Fault {
            method: Some(method.to_owned()),
            path: path.to_owned(),
            effect,
            times: 1,
        }
    }

    /// Whether a call is one this fault is for.
    pub(crate) fn meets(&self, method: &str, path: &str) -> bool {
        self.times > 0
            && self
                .method
                .as_deref()
                .is_none_or(|m| m.eq_ignore_ascii_case(method))
            && path_matches(&self.path, path)
    }
}

fn path_matches(template: &str, path: &str) -> bool {
    if template.is_empty() {
        return true;
    }
    if let Some(prefix) = template.strip_suffix('*') {
        return path.starts_with(prefix);
    }
    fill_template(template, path).is_some()
}

/// The values of a template's placeholders in a path, if the path has its form.
pub(crate) fn fill_template(template: &str, path: &str) -> Option<Vec<String>> {
    let mut words = path.split('/');
    let mut values = Vec::new();
    for part in template.split('/') {
        let word = words.next()?;
        if part.starts_with('{') {
            values.push(word.to_owned());
        } else if part != word {
            return None;
        }
    }
    words.next().is_none().then_some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_meets_its_method_and_path_only() {
        let fault = Fault::once("POST", "/charges/{id}/skip", Effect::LoseAfter);
        assert!(fault.meets("POST", "/charges/12/skip"));
        assert!(!fault.meets("GET", "/charges/12/skip"));
        assert!(!fault.meets("POST", "/charges/12/unskip"));
        assert!(!fault.meets("POST", "/charges/12/skip/more"));
        let any = Fault {
            method: None,
            path: "/subscriptions*".into(),
            ..fault
        };
        assert!(any.meets("PUT", "/subscriptions/3") && !any.meets("PUT", "/orders/3"));
    }
}
