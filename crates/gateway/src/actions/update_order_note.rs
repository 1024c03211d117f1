//! The note on everything that goes to an address.

use protocol::{Intent, Operation, OrderNote, Problem, Resource, UpdateOrderNote};
use recharge::{Address, AddressUpdate};

use super::subscription::committed_write;
use super::{Action, Row, Step};
use crate::plan::{Halt, Write};
use crate::projection::Projection;
use crate::rules::guard::Guard;
use crate::rules::texts::check_length;
#[cfg(feature = "testing")]
use crate::testing::{self, Account};
use crate::upstream::reader::Reader;

impl Action for UpdateOrderNote {
    fn row() -> Row {
        Row {
            inverse: Some(Operation::UpdateOrderNote),
            stale: &[Resource::Subscriptions, Resource::Addresses],
            writes: &["PUT /addresses/{id}"],
            evidence: &["the address has the note"],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::Address(self.address_id)
    }

    /// Writes the note, and nothing else of the address.
    async fn plan(&self, reader: &Reader<'_>, _: Step) -> Result<Option<Write>, Halt> {
        let UpdateOrderNote {
            address_id: id,
            body,
        } = self;
        let before = reader.address(*id).await?.order_note;
        let note = body.note.trim();
        if before == note {
            return Ok(None);
        }
        let longest = reader.upstream.policy.subscriptions.note_length;
        let longest = usize::try_from(longest).unwrap_or(usize::MAX);
        if let Some(error) = check_length("note", note, false, longest) {
            return Err(vec![error].into());
        }
        let update = AddressUpdate {
            order_note: Some(note.to_owned()),
            ..AddressUpdate::default()
        };
        let undo = Intent::UpdateOrderNote(UpdateOrderNote {
            address_id: *id,
            body: OrderNote { note: before },
        });
        committed_write(Address::update(*id, &update), Some(undo))
    }

    /// The note is the one that was sent.
    async fn took_effect(&self, reader: &Reader<'_>, _: Step) -> Result<bool, Problem> {
        let UpdateOrderNote {
            address_id: id,
            body,
        } = self;
        Ok(reader.address(*id).await?.order_note.trim() == body.note.trim())
    }

    async fn preview(&self, _: &mut Projection, _: &Reader<'_>) -> Result<(), Problem> {
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(account: &dyn Account) -> protocol::Intent {
        let body = OrderNote {
            note: "Ring twice".into(),
        };
        UpdateOrderNote {
            address_id: testing::changeable(account).await.card.address_id,
            body,
        }
        .into()
    }
}
