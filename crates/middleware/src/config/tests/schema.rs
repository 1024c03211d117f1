//! The published JSON Schema of the file.

use std::path::Path;

use serde_json::Value;

use super::EXAMPLE;
use crate::config::schema;

#[test]
fn cf_8_the_published_schema_is_the_one_of_the_tables() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/portal.schema.json");
    let text = format!("{:#}\n", schema());
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        published == text,
        "docs/portal.schema.json is not the schema of the tables: run \
         `UPDATE=1 cargo test -p middleware published_schema`"
    );
}

/// The keys of a table, and of the tables in it, that `schema` does not describe.
fn not_described(schema: &Value, at: &str, found: &mut Vec<String>) {
    let properties = schema["properties"].as_object().into_iter().flatten();
    for (name, schema) in properties {
        let at = format!("{at}.{name}");
        if schema["description"].as_str().is_none_or(str::is_empty) {
            found.push(at.clone());
        }
        not_described(schema, &at, found);
        not_described(&schema["items"], &at, found);
        not_described(&schema["additionalProperties"], &at, found);
    }
}

#[test]
fn cf_8_the_schema_describes_every_key() {
    let mut found = Vec::new();
    not_described(&schema(), "", &mut found);
    assert_eq!(found, [""; 0]);
}

/// Whether `schema` has all keys of `value`.
fn check_keys(schema: &Value, value: &toml::Value, at: &str) {
    match value {
        toml::Value::Table(table) => {
            for (key, value) in table {
                let at = format!("{at}.{key}");
                let known = &schema["properties"][key];
                let known = match known {
                    Value::Null => &schema["additionalProperties"],
                    known => known,
                };
                assert!(known.is_object(), "{at}");
                if let Some(names) = schema["propertyNames"]["enum"].as_array() {
                    assert!(names.iter().any(|name| name == key), "{at}");
                }
                check_keys(known, value, &at);
            }
        }
        toml::Value::Array(values) => {
            for value in values {
                check_keys(&schema["items"], value, at);
            }
        }
        _ => {}
    }
}

#[test]
fn cf_8_the_schema_has_every_key_of_the_example() {
    let more = "[configurations.b2b]\nmerchant.name = \"B2B\"\n[configurations.b2b.actions]\n\
                skip_delivery = false\n[[rules]]\nconfiguration = \"b2b\"\ntags = [\"b2b\"]";
    let example: toml::Value = toml::from_str(&format!("{EXAMPLE}\n{more}")).unwrap();
    check_keys(&schema(), &example, "");
}

#[test]
fn cf_2_the_schema_of_a_configuration_has_what_may_be_different_in_it_and_nothing_else() {
    let schema = schema();
    let one = &schema["properties"]["configurations"]["additionalProperties"];
    let has = |table: &Value, key: &str| table["properties"].get(key).is_some();
    for key in [
        "cancel_reasons",
        "actions",
        "locks",
        "dates",
        "cutoff",
        "merchant",
        "theme",
    ] {
        assert!(has(one, key), "{key}");
    }
    for key in [
        "listen",
        "upstream",
        "mode",
        "session",
        "store",
        "configurations",
        "rules",
    ] {
        assert!(!has(one, key), "{key}");
    }
    let merchant = &one["properties"]["merchant"];
    assert!(has(merchant, "name") && !has(merchant, "secret_file"));
    assert!(merchant.get("required").is_none());
    assert_eq!(one["additionalProperties"], false);
}
