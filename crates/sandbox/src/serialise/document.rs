//! Documents: their own fields, with id and times.

use serde_json::{Value, json};

use crate::clock::stamp_bare;
use crate::rows::{Document, Id, Tables, kind};
use crate::serialise::merge;

/// The document.
pub(crate) fn document(row: &Document) -> Value {
    let own = json!({
        "id": row.id,
        "created_at": stamp_bare(row.created_at),
        "updated_at": stamp_bare(row.updated_at),
    });
    merge(own, Value::Object(row.fields.clone()))
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
        .map(document)
        .collect()
}
