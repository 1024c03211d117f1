//! Resources that the store keeps and gives back as they are, without rules of their own.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{Id, Tables};

/// The kind of a document, which is its plural on the wire.
pub(crate) mod kind {
    pub(crate) const ANNOUNCEMENTS: &str = "announcements";
    pub(crate) const ASYNC_BATCHES: &str = "async_batches";
    pub(crate) const EVENTS: &str = "events";
    pub(crate) const GIFT_PURCHASES: &str = "gift_purchases";
    pub(crate) const METAFIELDS: &str = "metafields";
    pub(crate) const RETENTION_STRATEGIES: &str = "retention_strategies";
    pub(crate) const WEBHOOKS: &str = "webhooks";
}

/// Something kept with its fields as they go over the wire, but for id and times.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Document {
    pub(crate) id: Id,
    pub(crate) kind: &'static str,
    /// Whose it is, where it is a customer's.
    pub(crate) customer_id: Option<Id>,
    pub(crate) fields: Map<String, Value>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

impl Tables {
    /// Keeps a document with these fields and answers its id.
    pub(crate) fn keep(
        &mut self,
        kind: &'static str,
        customer_id: Option<Id>,
        fields: Value,
        now: i64,
    ) -> Id {
        let id = self.new_id();
        let fields = match fields {
            Value::Object(fields) => fields,
            _ => Map::new(),
        };
        let document = Document {
            id,
            kind,
            customer_id,
            fields,
            created_at: now,
            updated_at: now,
        };
        self.documents.insert(id, document);
        id
    }

    /// The documents of a kind.
    pub(crate) fn documents_of(&self, kind: &'static str) -> impl Iterator<Item = &Document> {
        self.documents.values().filter(move |d| d.kind == kind)
    }
}
