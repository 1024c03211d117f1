//! Small things that several views show: pictures, addresses, payment methods, titles.

use base::Timestamp;
use protocol::view::{AddressLines, PaymentKind, PaymentLine};
use protocol::{PaymentMethodId, rules_for};
use recharge::{PaymentMethod, PostalAddress};

/// An address as it is written on a parcel; `None` where there is nothing of it.
pub(crate) fn address_lines(address: &PostalAddress) -> Option<AddressLines> {
    if address.is_blank() {
        return None;
    }
    let street = [address.address1.trim(), address.address2.trim()].into_iter();
    let mut lines: Vec<String> = street
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect();
    lines.extend(place_line(address));
    let person = joined(" ", [address.first_name.trim(), address.last_name.trim()]);
    Some(AddressLines {
        name: joined(", ", [person.as_str(), address.company.trim()]),
        street: address.address1.trim().to_owned(),
        lines,
        country_code: address.country_code.trim().to_owned(),
    })
}

/// City, province and postcode on one line, in the order of the country.
fn place_line(address: &PostalAddress) -> Option<String> {
    let mut line = String::new();
    let mut last = "";
    for rule in rules_for(&address.country_code).fields {
        let text = match rule.field {
            "city" => address.city.trim(),
            "province" => address.province.trim(),
            "zip" => address.zip.trim(),
            _ => "",
        };
        if text.is_empty() {
            continue;
        }
        // A province after its city reads as a part of its name without a comma.
        let between = match (last, rule.field) {
            ("", _) => "",
            ("city", "province") => ", ",
            _ => " ",
        };
        line.push_str(between);
        line.push_str(text);
        last = rule.field;
    }
    (!line.is_empty()).then_some(line)
}

/// A payment method in one line, as far as it takes to tell it from the others of `all`.
pub(crate) fn payment_line(method: &PaymentMethod, all: &[PaymentMethod]) -> PaymentLine {
    let line = payment_line_alone(method);
    let others = all.iter().filter(|other| other.id != method.id);
    let alike: Vec<PaymentLine> = others
        .map(payment_line_alone)
        .filter(|other| {
            let numbers = (&other.last4, &other.account) == (&line.last4, &line.account);
            numbers && (&other.kind, &other.brand) == (&line.kind, &line.brand)
        })
        .collect();
    let is_same = alike.iter().any(|other| other.expiry == line.expiry);
    let added = method.created_at.as_ref().filter(|_| is_same);
    PaymentLine {
        alike: !alike.is_empty(),
        added: added.map(Timestamp::date),
        ..line
    }
}

/// Of an account only what tells it from another.
fn payment_line_alone(method: &PaymentMethod) -> PaymentLine {
    let details = &method.payment_details;
    let month = details.exp_month.filter(|month| (1..=12).contains(month));
    PaymentLine {
        id: PaymentMethodId(method.id.0),
        kind: PaymentKind::from(method.payment_type.as_str()),
        brand: details.brand.as_ref().map(|brand| brand.to_lowercase()),
        last4: details.last4.clone(),
        expiry: details.exp_year.zip(month),
        account: details.paypal_email.as_deref().map(masked),
        alike: false,
        added: None,
    }
}

/// `ana@example.test` as `a…@example.test`.
pub(crate) fn masked(email: &str) -> String {
    let (name, host) = email.split_once('@').unwrap_or((email, ""));
    let first: String = name.chars().take(1).collect();
    if host.is_empty() {
        format!("{first}…")
    } else {
        format!("{first}…@{host}")
    }
}

/// The texts that are not empty, with `between` them.
fn joined<const N: usize>(between: &str, texts: [&str; N]) -> String {
    texts
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join(between)
}
