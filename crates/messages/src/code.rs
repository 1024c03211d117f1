//! The functions that build scripts make.

use std::fmt::Write as _;

use crate::translation::{fingerprint, numbered};
use crate::{Message, is_of_server, of_the_portal, placeholders, read};

/// The functions of the portal, and the fingerprint that a translation must have. They call
/// `super::catalog`.
///
/// # Panics
/// Where a message is not well-formed.
pub fn of_portal(catalog: &str) -> String {
    let catalog = read(catalog);
    let messages = of_the_portal(&catalog);
    let mut code = format!(
        "/// Which messages there are, in which order and with which placeholders.\n\
         pub(super) const FINGERPRINT: &str = {:?};\n",
        fingerprint(&messages)
    );
    for (number, message) in messages.iter().enumerate() {
        function(&mut code, number, message);
    }
    code
}

fn function(code: &mut String, number: usize, message: &Message<'_>) {
    let (name, arguments) = (name(message.key), &message.arguments);
    let english = numbered(message, &message.forms);
    // One pointer for each call: the number and the text are in the data.
    let message_of = format!("super::catalog::Message({number}, {english:?})");
    let call = |function: &str, arguments: &[&str]| {
        let values = arguments.join(", ");
        format!(
            "static M: super::catalog::Message = {message_of}; super::catalog::{function}(&M, {values})"
        )
    };
    document(
        code,
        message
            .forms
            .get("")
            .or(message.forms.get("other"))
            .unwrap_or(&""),
    );
    let list = |arguments: &[&str]| format!("&[{}]", arguments.join(", "));
    let _ = if message.is_plural() {
        let others = &arguments[1..];
        let parameters: String = others.iter().map(|a| format!(", {a}: &str")).collect();
        let body = call("plural", &["count", &list(others)]);
        writeln!(
            code,
            "pub fn {name}(count: usize{parameters}) -> String {{ {body} }}"
        )
    } else if arguments.is_empty() {
        let body = call("text", &[]);
        writeln!(code, "pub fn {name}() -> &'static str {{ {body} }}")
    } else {
        let body = call("fill", &[&list(arguments)]);
        let parameters = signature(arguments);
        writeln!(code, "pub fn {name}({parameters}) -> String {{ {body} }}")
    };
}

/// The functions of the middleware, each of which makes a `Text` in the language that it is given.
///
/// # Panics
/// Where a message is not well-formed.
pub fn of_server(catalog: &str) -> String {
    let mut code = String::new();
    for (key, text) in read(catalog) {
        if is_of_server(&key) {
            let arguments = placeholders(&text).unwrap_or_else(|wrong| panic!("{key}: {wrong}"));
            document(&mut code, &text);
            let parameters: String = arguments.iter().map(|a| format!(", {a}: &str")).collect();
            let values: String = arguments
                .iter()
                .map(|a| format!("({a:?}, {a}), "))
                .collect();
            let _ = writeln!(
                code,
                "pub(crate) fn {}(language: &Language{parameters}) -> Text {{ language.text({key:?}, {text:?}, &[{values}]) }}",
                name(&key),
            );
        }
    }
    code
}

/// The English text is the function's documentation.
fn document(code: &mut String, text: &str) {
    let _ = writeln!(code, "#[doc = {:?}]", format!("\u{201c}{text}\u{201d}"));
}

fn name(key: &str) -> String {
    let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '.' || c == '_';
    assert!(
        key.chars().all(legal),
        "key {key:?} has a character other than a-z, 0-9, . and _"
    );
    key.replace('.', "_")
}

fn signature(arguments: &[&str]) -> String {
    let parameters: Vec<String> = arguments.iter().map(|a| format!("{a}: &str")).collect();
    parameters.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const CATALOG: &str = r#"{
        "boot.failed": "We couldn't open this page",
        "items.one": "{count} item",
        "items.other": "{count} items",
        "mail.code": "Your code is {code}",
        "skip.title": "Skip {date}"
    }"#;

    #[test]
    fn each_program_gets_the_functions_of_its_own_messages() {
        let portal = of_portal(CATALOG);
        assert!(portal.contains("pub fn skip_title(date: &str) -> String"));
        assert!(portal.contains("Message(1, \"Skip {0}\")"));
        assert!(portal.contains("pub fn items(count: usize) -> String"));
        assert_eq!(portal.matches("pub fn").count(), 2);
        let server = of_server(CATALOG);
        assert!(
            server.contains("pub(crate) fn mail_code(language: &Language, code: &str) -> Text")
        );
        assert_eq!(server.matches("pub(crate) fn").count(), 1);
    }

    #[test]
    #[should_panic(expected = "a placeholder does not end")]
    fn a_placeholder_that_does_not_end_fails_the_build() {
        of_portal("{\n\"a\": \"Skip {date\"\n}");
    }

    #[test]
    #[should_panic(expected = "a key stands twice")]
    fn a_key_that_stands_twice_fails_the_build() {
        read("{\n\"a\": \"one\",\n\"a\": \"two\"\n}");
    }
}
