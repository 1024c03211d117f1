//! What may be added, swapped to and bought once.

use std::collections::BTreeSet;

use gateway::{ProductList, ProductLists};
use protocol::view::{QuantityLimits, SubscriptionRules};

use crate::config::error::ConfigError;
use crate::config::source::Source;
use crate::config::spanned::Spanned;
use crate::config::tables::{ProductListTable, ProductsTable};

/// The three lists, where a subscription goes by `rules`.
pub(super) fn products(
    source: &Source<'_>,
    table: &ProductsTable,
    rules: &SubscriptionRules,
) -> Result<ProductLists, ConfigError> {
    Ok(ProductLists {
        add: list(source, &table.add, rules)?,
        swap: list(source, &table.swap, rules)?,
        once: list(source, &table.once, rules)?,
    })
}

fn list(
    source: &Source<'_>,
    table: &ProductListTable,
    rules: &SubscriptionRules,
) -> Result<ProductList, ConfigError> {
    Ok(ProductList {
        products: ids(source, &table.products)?,
        collections: ids(source, &table.collections)?,
        variants: ids(source, &table.variants)?,
        plans: table.plans.iter().copied().collect(),
        quantity: quantity(source, table, rules)?,
    })
}

/// Ids as the shop's platform has them.
fn ids(source: &Source<'_>, values: &[Spanned<String>]) -> Result<BTreeSet<String>, ConfigError> {
    let id = |value: &Spanned<String>| {
        let id = value.as_ref();
        if id.is_empty() || id.len() > 100 || !id.bytes().all(|byte| byte.is_ascii_graphic()) {
            let hint = "write the id that your shop has for it, like \"8012345\"";
            return Err(source.wrong(value, "not an id", hint));
        }
        Ok(id.clone())
    };
    values.iter().map(id).collect()
}

/// How many of one product at once; `None` where the list does not say.
fn quantity(
    source: &Source<'_>,
    table: &ProductListTable,
    rules: &SubscriptionRules,
) -> Result<Option<QuantityLimits>, ConfigError> {
    if table.fewest.is_none() && table.most.is_none() {
        return Ok(None);
    }
    let fewest = source.number(&table.fewest, rules.fewest.into(), 1..=1_000)?;
    let usual = u64::from(rules.most).max(fewest);
    let most = source.number(&table.most, usual, fewest..=10_000)?;
    Ok(Some(QuantityLimits {
        fewest: fewest as u32,
        most: most as u32,
    }))
}
