//! The note on everything that goes to an address.

use protocol::{AddressId, FieldProblem, Intent, OrderNote, Problem};
use recharge::{Address, AddressUpdate};

use super::subscription::{last, wrong};
use crate::plan::{Stop, Write};
use crate::reader::Reader;

/// Writes the note, and nothing else of the address.
pub(crate) async fn update(
    reader: &Reader<'_>,
    id: &AddressId,
    body: &OrderNote,
) -> Result<Option<Write>, Stop> {
    let before = reader.address(*id).await?.order_note;
    let note = body.note.trim();
    if before == note {
        return Ok(None);
    }
    let longest = reader.gateway.policy.subscriptions.note_length;
    if note.chars().count() > usize::try_from(longest).unwrap_or(usize::MAX) {
        return Err(wrong("note", FieldProblem::TooLong));
    }
    let update = AddressUpdate {
        order_note: Some(note.to_owned()),
        ..AddressUpdate::default()
    };
    let undo = Intent::UpdateOrderNote {
        address_id: *id,
        body: OrderNote { note: before },
    };
    last(Address::update(*id, &update), Some(undo))
}

/// The note is the one that was sent.
pub(crate) async fn is_written(
    reader: &Reader<'_>,
    id: &AddressId,
    body: &OrderNote,
) -> Result<bool, Problem> {
    Ok(reader.address(*id).await?.order_note.trim() == body.note.trim())
}
