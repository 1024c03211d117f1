//! The contents of a bundle that the customer chooses.

use protocol::{
    BundleContents, FieldProblem, Intent, Operation, Problem, Refusal, Resource, UpdateBundle,
};
use recharge::{BundleItem, BundleSelection, ExternalId};

use super::subscription::changeable;
use super::{Action, Row, Step};
use crate::model::bundle::{chosen, contents, counted, current, source_of};
use crate::plan::{Halt, Write, field_error};
use crate::projection::Projection;
use crate::rules::guard::Guard;
#[cfg(feature = "testing")]
use crate::testing::{self, Account};
use crate::upstream::reader::Reader;

impl Action for UpdateBundle {
    fn row() -> Row {
        Row {
            inverse: Some(Operation::UpdateBundle),
            stale: &[
                Resource::Subscriptions,
                Resource::Deliveries,
                Resource::Overview,
                Resource::PaymentMethods,
            ],
            writes: &["PUT /bundle_selections/{id}", "POST /bundle_selections"],
            evidence: &["the bundle holds the sent items"],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::Subscription(self.subscription_id)
    }

    /// Fills the box: as many items as its size takes, each of its collection.
    async fn plan(&self, reader: &Reader<'_>, _: Step) -> Result<Option<Write>, Halt> {
        let UpdateBundle {
            subscription_id: id,
            body,
        } = self;
        let subscription = changeable(reader, *id, Operation::UpdateBundle).await?;
        let contents = contents(reader, &subscription).await?;
        let contents = contents.ok_or(Refusal::StateChanged)?;
        let wanted = counted(&body.items);
        if counted(&contents.items) == wanted {
            return Ok(None);
        }
        let many = wanted.values().copied().fold(0, u32::saturating_add);
        if !contents.takes(many) {
            return Err(field_error("items", FieldProblem::OutOfRange));
        }
        let mut items = Vec::new();
        for (variant, quantity) in wanted {
            let choice = contents
                .choices
                .iter()
                .find(|choice| choice.external_variant_id == variant);
            let choice = choice.ok_or(Refusal::NoLongerSold)?;
            items.push(BundleItem {
                collection_id: ExternalId::new(&choice.collection_id),
                collection_source: source_of(&subscription, &choice.collection_id),
                external_product_id: ExternalId::new(&choice.external_product_id),
                external_variant_id: ExternalId::new(variant),
                quantity,
            });
        }
        let current = current(reader, &subscription).await?;
        let current = current.map(|selection| selection.id);
        let request = match current {
            Some(selection) => BundleSelection::update(selection, &items),
            None => BundleSelection::create(*id, &items),
        };
        let undo = current.map(|_| {
            Intent::UpdateBundle(UpdateBundle {
                subscription_id: *id,
                body: BundleContents {
                    items: contents.items,
                },
            })
        });
        Ok(Some(Write::new(request.commit()).undo(undo)))
    }

    /// The box holds what was sent.
    async fn took_effect(&self, reader: &Reader<'_>, _: Step) -> Result<bool, Problem> {
        let UpdateBundle {
            subscription_id: id,
            body,
        } = self;
        let subscription = reader.subscription(*id).await?;
        let filled = chosen(current(reader, &subscription).await?);
        Ok(counted(&filled) == counted(&body.items))
    }

    async fn preview(&self, _: &mut Projection, _: &Reader<'_>) -> Result<(), Problem> {
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(account: &dyn Account) -> protocol::Intent {
        testing::other_contents(account).await
    }
}
