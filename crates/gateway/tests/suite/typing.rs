//! Text that a customer types: what nobody can see is not written.

use protocol::*;
use sandbox::Scenario;
use serde_json::Value;

use crate::samples::{sample, world_for};
use crate::world::World;

/// The fields of a body that hold text, and where.
fn texts(body: &Value) -> Vec<(String, String)> {
    fn collect(name: &str, place: &str, value: &Value, found: &mut Vec<(String, String)>) {
        match value {
            Value::Object(fields) => {
                let own = fields.get("name").and_then(Value::as_str);
                for (key, value) in fields {
                    let name = own.filter(|_| key == "value").unwrap_or(key);
                    collect(name, &format!("{place}/{key}"), value, found);
                }
            }
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    collect(name, &format!("{place}/{at}"), item, found);
                }
            }
            Value::String(_) => found.push((name.to_owned(), place.to_owned())),
            _ => {}
        }
    }
    let mut found = Vec::new();
    collect("", "", body, &mut found);
    found
}

/// The same intent with another text there; `None` where that is no text that can be sent.
fn with(intent: &Intent, place: &str, text: &str) -> Option<Intent> {
    let mut sent = intent.request();
    let mut body: Value = serde_json::from_str(&sent.body).unwrap();
    *body.pointer_mut(place).unwrap() = text.into();
    sent.body = body.to_string();
    sent.intent().ok()
}

/// What was refused at fields.
fn fields(outcome: &Outcome) -> Vec<FieldError> {
    let refused = outcome.parts.iter().filter_map(|part| match &part.state {
        PartState::Refused { fields, .. } => Some(fields.clone()),
        _ => None,
    });
    refused.flatten().collect()
}

/// Every text field of an address, which a sample need not fill.
fn filled(operation: Operation, intent: Intent) -> Intent {
    let mut form = AddressForm::default();
    for (field, value) in [
        ("first_name", "Maya"),
        ("last_name", "Lindqvist"),
        ("company", "Alder"),
        ("address1", "1 Pike Place"),
        ("address2", "2"),
        ("city", "Seattle"),
        ("province", "Washington"),
        ("zip", "98101"),
        ("country_code", "US"),
        ("phone", "1"),
    ] {
        form.set(field, value.into());
    }
    match (operation, intent) {
        (_, Intent::UpdateAddress(UpdateAddress { address_id, .. })) => {
            Intent::UpdateAddress(UpdateAddress {
                address_id,
                body: form,
            })
        }
        (
            _,
            Intent::UpdateBillingAddress(UpdateBillingAddress {
                payment_method_id, ..
            }),
        ) => Intent::UpdateBillingAddress(UpdateBillingAddress {
            payment_method_id,
            body: form,
        }),
        (_, Intent::UpdateCustomer(UpdateCustomer { body })) => {
            Intent::UpdateCustomer(UpdateCustomer {
                body: CustomerForm {
                    first_name: Some("Maya".into()),
                    last_name: Some("Lindqvist".into()),
                    ..body
                },
            })
        }
        (_, intent) => intent,
    }
}

#[tokio::test]
async fn s55_text_that_cannot_be_seen_is_refused_at_every_field_of_every_operation() {
    let mut tried = 0;
    for operation in Operation::ALL {
        let (world, intent) = world_for(*operation).await;
        let intent = filled(*operation, intent);
        let body: Value = serde_json::from_str(&intent.request().body).unwrap();
        for (name, place) in texts(&body) {
            for hostile in [
                "a\0b",
                "\u{1b}[31mred",
                "\u{202e}gpj",
                "\u{200b}",
                "a\u{85}b",
            ] {
                let Some(intent) = with(&intent, &place, hostile) else {
                    continue;
                };
                tried += 1;
                world.clear_log();
                let preview = world.gateway.preview(world.customer, &intent).await;
                let outcome = world.change(tried, intent).await.unwrap();
                let refused = fields(&outcome);
                // Codes and tokens are compared as they are, and are in no text that is kept.
                if name != "code" && name != "token" {
                    let expected = FieldError::new(&name, FieldProblem::Characters);
                    assert_eq!(refused, [expected], "{operation:?} {hostile:?}");
                    assert_eq!(preview.unwrap().fields, refused, "{operation:?}");
                }
                assert!(!outcome.is_done(), "{operation:?} {name} {hostile:?}");
                assert_eq!(
                    world.effects(),
                    Vec::<String>::new(),
                    "{operation:?} {name}"
                );
            }
        }
    }
    assert!(tried > 150, "{tried}");
}

#[tokio::test]
async fn s55_several_lines_are_for_notes_comments_and_reports() {
    let world = World::new(Scenario::Everyday);
    for (key, operation, place, fits) in [
        (1, Operation::UpdateOrderNote, "/note", true),
        (2, Operation::ReportProblem, "/message", true),
        (3, Operation::UpdateProperties, "/properties/0/value", true),
        (4, Operation::CancelSubscription, "/comment", true),
        (5, Operation::UpdateCustomer, "/phone", false),
        (6, Operation::UpdateAddress, "/city", false),
    ] {
        let intent = sample(&world, operation).await;
        let intent = with(&intent, place, "Two\nlines").unwrap();
        let outcome = world.change(key, intent).await.unwrap();
        assert_eq!(
            fields(&outcome).is_empty(),
            fits,
            "{operation:?}: {outcome:?}"
        );
    }
}
