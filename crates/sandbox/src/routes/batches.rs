//! Batches of many small changes, taken and closed: nothing a portal does depends on what
//! they would change.

use serde_json::{Value, json};

use super::documents::{found, list, one, write};
use super::{Access, Route};
use crate::call::{Answer, Outcome};
use crate::clock::stamp_bare;
use crate::errors::{invalid, not_found};
use crate::incoming::{Incoming, required};
use crate::rows::*;
use crate::serialise::document as wire;

pub(super) const ROUTES: &[Route] = &[
    (
        "GET",
        "/async_batches",
        Access::Read(|t, i| list(t, i, kind::ASYNC_BATCHES, &[])),
    ),
    ("POST", "/async_batches", Access::Write(create_batch)),
    (
        "GET",
        "/async_batches/{id}",
        Access::Read(|t, i| one(t, i, kind::ASYNC_BATCHES, "async_batch")),
    ),
    (
        "POST",
        "/async_batches/{id}/tasks",
        Access::Write(add_tasks),
    ),
    ("GET", "/async_batches/{id}/tasks", Access::Read(tasks)),
    (
        "POST",
        "/async_batches/{id}/process",
        Access::Write(process_batch),
    ),
];

fn create_batch(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let batch_type = required("batch_type", incoming.text("batch_type")?)?;
    let known = [
        "discount_create",
        "discount_update",
        "discount_delete",
        "bulk_plans_create",
        "bulk_plans_update",
        "bulk_plans_delete",
        "onetime_create",
        "onetime_delete",
    ];
    if !known.contains(&batch_type.as_str()) {
        return Err(invalid("batch_type", "Not a valid choice."));
    }
    let fields = json!({
        "batch_type": batch_type, "status": "not_started", "version": "2021-11",
        "total_task_count": 0, "success_task_count": 0, "fail_task_count": 0,
        "submitted_at": null, "closed_at": null,
    });
    let id = tables.keep(kind::ASYNC_BATCHES, None, fields, incoming.now);
    let document = tables.documents.get(&id).ok_or_else(not_found)?;
    Ok(Answer::created(
        201,
        "async_batch",
        wire::document(tables, document),
    ))
}

fn add_tasks(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let batch = found(tables, incoming, kind::ASYNC_BATCHES)?;
    let (id, status) = (batch.id, batch.fields.get("status").cloned());
    if status != Some(json!("not_started")) {
        return Err(invalid("status", "Batch was submitted already"));
    }
    let listed = incoming.value("tasks").and_then(Value::as_array);
    let listed = required("tasks", listed)?;
    let Some(document) = tables.documents.get_mut(&id) else {
        return Err(not_found());
    };
    let held = document.fields.entry("tasks").or_insert(json!([]));
    if let Value::Array(held) = held {
        let made = stamp_bare(incoming.now);
        for task in listed {
            held.push(json!({
                "id": id * 1_000 + held.len() as Id, "batch_id": id, "status": "not_started",
                "body": task.get("body").cloned().unwrap_or_default(), "result": {},
                "created_at": made, "updated_at": made, "queued_at": null, "started_at": null,
                "completed_at": null, "deleted_at": null,
            }));
        }
        let count = held.len();
        document
            .fields
            .insert("total_task_count".into(), json!(count));
    }
    Ok(Answer::json(200, json!({"count": listed.len()})))
}

fn tasks(tables: &Tables, incoming: &Incoming) -> Outcome {
    let batch = found(tables, incoming, kind::ASYNC_BATCHES)?;
    let held = batch.fields.get("tasks").cloned().unwrap_or(json!([]));
    Ok(Answer::json(
        200,
        json!({"next_cursor": null, "previous_cursor": null, "async_batch_tasks": held}),
    ))
}

fn process_batch(tables: &mut Tables, incoming: &Incoming) -> Outcome {
    let id = found(tables, incoming, kind::ASYNC_BATCHES)?.id;
    let closed = stamp_bare(incoming.now);
    let fields = json!({"status": "completed", "submitted_at": closed, "closed_at": closed});
    let fields = fields.as_object().cloned().unwrap_or_default();
    let value = write(tables, Some(id), kind::ASYNC_BATCHES, fields, incoming.now)?;
    Ok(Answer::json(202, json!({"async_batch": value})))
}
