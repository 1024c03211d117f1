//! Writing what the merchant wants to remember of a customer.

use protocol::{CustomerId, Problem};
use recharge::{Metafield, MetafieldText, call_json, list_all};

use crate::gateway::Gateway;
use crate::upstream::reader::problem;

/// So many metafields of one customer are looked through.
const MOST: usize = 1_000;

impl Gateway {
    /// Gives a metafield of `customer` a value, whether it is there already or not. May be
    /// repeated: the second time it finds the value and writes nothing.
    ///
    /// # Errors
    /// A [`Problem`] where upstream cannot be asked or refuses.
    pub async fn set_metafield(
        &self,
        customer: CustomerId,
        text: &MetafieldText,
    ) -> Result<(), Problem> {
        let all = list_all::<Metafield>(&*self.upstream.recharge, Metafield::list(customer), MOST)
            .await
            .map_err(problem)?;
        // Upstream was asked for this customer's. One that says otherwise is somebody else's.
        let is_theirs = |found: &Metafield| {
            [0, customer.0].contains(&found.owner_id)
                && ["", "customer"].contains(&found.owner_resource.as_str())
        };
        let same = |found: &&Metafield| {
            found.namespace == text.namespace && found.key == text.key && is_theirs(found)
        };
        let request = match all.items.iter().find(same) {
            Some(found) if found.value == text.value => return Ok(()),
            Some(found) => Metafield::update(found.id, text),
            None => Metafield::create(customer, text),
        };
        call_json(&*self.upstream.recharge, request)
            .await
            .map_err(problem)?;
        Ok(())
    }
}
