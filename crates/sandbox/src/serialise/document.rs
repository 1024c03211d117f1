//! Documents: their own fields, with id and times.

use serde_json::{Value, json};

use crate::clock::stamp_bare;
use crate::rows::{Document, Id, Tables, kind};
use crate::serialise::merge;
use crate::settings::Shapes;

/// The document.
pub(crate) fn document(tables: &Tables, row: &Document) -> Value {
    let own = json!({
        "id": row.id,
        "created_at": stamp_bare(row.created_at),
        "updated_at": stamp_bare(row.updated_at),
    });
    let mut value = merge(own, Value::Object(row.fields.clone()));
    if row.kind == kind::METAFIELDS && tables.shop.settings.shapes == Shapes::Published {
        let owner_id = value["owner_id"]
            .as_str()
            .and_then(|id| id.parse::<Id>().ok());
        value["owner_id"] = json!(owner_id);
        let description = value["description"].as_str().unwrap_or_default();
        value["description"] = json!(description);
    }
    value
}

/// The metafields of one owner.
pub(crate) fn metafields(tables: &Tables, owner_resource: &str, owner_id: Id) -> Value {
    let owner_id = owner_id.to_string();
    let is = |d: &Document, name: &str, text: &str| {
        d.fields.get(name).and_then(Value::as_str) == Some(text)
    };
    tables
        .documents_of(kind::METAFIELDS)
        .filter(|d| is(d, "owner_resource", owner_resource) && is(d, "owner_id", &owner_id))
        .map(|row| document(tables, row))
        .collect()
}
