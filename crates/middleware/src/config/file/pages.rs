//! What customers see of the shop around their things: its legal pages, the sections, and the
//! details that they may change.

use std::collections::BTreeSet;

use protocol::Operation;
use protocol::view::{EditableDetails, Layout, LegalPages, Section};

use crate::config::error::ConfigError;
use crate::config::source::Source;
use crate::config::spanned::Spanned;
use crate::config::suggest::suggestion;
use crate::config::tables::{CustomerTable, File, TermsTable};

/// The details of a customer that the file can name.
const DETAILS: [&str; 5] = [
    "name",
    "phone",
    "email",
    "billing_address",
    "shipping_address",
];

/// The longest headline, in characters.
const LONGEST_HEADLINE: usize = 200;
/// How many sections a phone has in its bar.
const BAR: usize = 4;

/// The merchant's legal pages.
pub(super) fn legal(source: &Source<'_>, table: &TermsTable) -> Result<LegalPages, ConfigError> {
    let url = |value: &Option<Spanned<String>>| {
        let url = value.as_ref().map(|value| source.url(value));
        Ok(url.transpose()?.map(|url| url.url().to_string()))
    };
    Ok(LegalPages {
        terms: url(&table.terms_url)?,
        privacy: url(&table.privacy_url)?,
        imprint: url(&table.imprint_url)?,
    })
}

/// The sentence at the top of the overview.
pub(super) fn headline(
    source: &Source<'_>,
    value: &Option<Spanned<String>>,
) -> Result<Option<String>, ConfigError> {
    let Some(value) = value else { return Ok(None) };
    let text = value.as_ref().trim();
    if text.is_empty() || text.chars().count() > LONGEST_HEADLINE {
        let hint = "write one sentence, or take it out";
        return Err(source.wrong(value, "a headline has 1 to 200 characters", hint));
    }
    Ok(Some(text.to_owned()))
}

/// What of their details customers may change, and the operations that they may not use then.
pub(super) fn editable(
    source: &Source<'_>,
    table: &CustomerTable,
) -> Result<(EditableDetails, BTreeSet<Operation>), ConfigError> {
    let mut off = BTreeSet::new();
    if table.tax_ids == Some(false) {
        off.insert(Operation::SetTaxId);
    }
    let Some(names) = &table.editable else {
        return Ok((EditableDetails::default(), off));
    };
    let mut editable = EditableDetails {
        name: false,
        phone: false,
    };
    off.extend([
        Operation::RequestEmailChange,
        Operation::ConfirmEmailChange,
        Operation::UpdateBillingAddress,
        Operation::UpdateAddress,
    ]);
    for name in names {
        match name.as_ref().as_str() {
            "name" => editable.name = true,
            "phone" => editable.phone = true,
            "email" => off.retain(|operation| {
                let email = [Operation::RequestEmailChange, Operation::ConfirmEmailChange];
                !email.contains(operation)
            }),
            "billing_address" => drop(off.remove(&Operation::UpdateBillingAddress)),
            "shipping_address" => drop(off.remove(&Operation::UpdateAddress)),
            other => {
                let message = format!("{other} is no detail of a customer");
                let hint = suggestion(other, DETAILS);
                return Err(source.wrong(name, message, &hint));
            }
        }
    }
    if !editable.name && !editable.phone {
        off.insert(Operation::UpdateCustomer);
    }
    Ok((editable, off))
}

/// The order of the sections and of what can be done with a subscription.
pub(super) fn layout(source: &Source<'_>, file: &File) -> Result<Layout, ConfigError> {
    let (table, invoices) = (&file.layout, file.history.invoices.unwrap_or(true));
    let usual = Layout::default();
    let actions = table.actions.iter();
    let actions = actions.map(|name| source.operation(name.as_ref(), name));
    let actions = actions.collect::<Result<Vec<_>, _>>()?;
    let Some(names) = &table.sections else {
        return Ok(Layout { actions, ..usual });
    };
    let mut sections: Vec<Section> = Vec::new();
    for name in names {
        let section = Section::from(name.as_ref().as_str());
        if !usual.sections.contains(&section) {
            let hint = suggestion(name.as_ref(), usual.sections.iter().map(Section::as_str));
            let message = format!("no section is called {}", name.as_ref());
            return Err(source.wrong(name, message, &hint));
        }
        if sections.contains(&section) {
            let message = format!("{} is there twice", name.as_ref());
            return Err(source.wrong(name, message, "take one of the two out"));
        }
        sections.push(section);
    }
    for section in usual.sections {
        if !sections.contains(&section) {
            sections.push(section);
        }
    }
    let is_there = |section: &&Section| **section != Section::History || invoices;
    let bar = sections.iter().filter(is_there);
    Ok(Layout {
        bar: bar.take(BAR).cloned().collect(),
        sections,
        actions,
    })
}
