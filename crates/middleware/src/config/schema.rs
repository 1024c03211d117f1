//! The JSON Schema of the configuration file, for editors.

use protocol::Operation;
use protocol::view::FIRST_ACTIONS;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::keys::may_differ;
use super::source::operation_name;
use super::tables::File;

/// The JSON Schema of the configuration file, draft 7, with the meaning of each key.
pub fn schema() -> Value {
    let mut settings = SchemaSettings::draft07();
    settings.inline_subschemas = true;
    let generator = settings.into_generator();
    let mut schema = generator.into_root_schema_for::<File>().to_value();
    schema["title"] = "The configuration of a Perennial portal".into();
    name_actions(&mut schema["properties"]);
    let configuration = configuration(&schema);
    schema["properties"]["configurations"]["additionalProperties"] = configuration;
    schema
}

/// Says wherever an action is named which ones there are.
fn name_actions(properties: &mut Value) {
    let names = |operations: &[Operation]| -> Value {
        let names = operations.iter().copied().map(operation_name);
        json!({"enum": names.collect::<Vec<_>>()})
    };
    let all = names(Operation::ALL);
    for table in ["actions", "locks"] {
        properties[table]["propertyNames"] = all.clone();
    }
    properties["effects"]["items"]["properties"]["after"]["enum"] = all["enum"].clone();
    let mut first = names(&FIRST_ACTIONS)["enum"].take();
    if let Some(first) = first.as_array_mut() {
        // The key may be left out, which is null in a schema.
        first.push(Value::Null);
    }
    properties["merchant"]["properties"]["first_action"]["enum"] = first;
}

/// The schema of one configuration: the keys of the file that may be different in it, none of
/// which has to be there.
fn configuration(file: &Value) -> Value {
    let empty = Map::new();
    let all = file["properties"].as_object().unwrap_or(&empty);
    let mut properties = Map::new();
    for (key, schema) in all.iter().filter(|(key, _)| may_differ(key)) {
        let mut schema = schema.clone();
        let has_keys = schema.get("properties").is_some();
        if let Some(table) = schema.as_object_mut().filter(|_| has_keys) {
            table.remove("required");
            if let Some(inner) = table.get_mut("properties").and_then(Value::as_object_mut) {
                inner.retain(|name, _| may_differ(&format!("{key}.{name}")));
            }
        }
        properties.insert(key.clone(), schema);
    }
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    })
}
