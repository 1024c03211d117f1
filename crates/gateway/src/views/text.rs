//! Small things that several views show: pictures, addresses, payment methods, titles.

use protocol::view::{AddressLines, PaymentKind, PaymentLine};
use protocol::{PaymentMethodId, rules_for};
use recharge::{PaymentMethod, PostalAddress};

/// A link that a customer may follow: over https. Anything else that upstream may hold,
/// `javascript:` above all, is dropped.
pub(crate) fn safe_link(url: &str) -> Option<String> {
    begins_with(url.trim(), "https://")
}

/// A picture that a page may load: over https, or drawn into the URL itself.
pub(crate) fn safe_picture(url: &str) -> Option<String> {
    begins_with(url, "https://").or_else(|| begins_with(url, "data:image/"))
}

/// `url`, where it begins so and goes on without anything that does not show.
fn begins_with(url: &str, start: &str) -> Option<String> {
    let (first, rest) = url.split_at_checked(start.len())?;
    let clean = !rest.is_empty() && !rest.chars().any(|c| c.is_control() || c.is_whitespace());
    (first.eq_ignore_ascii_case(start) && clean).then(|| url.to_owned())
}

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

/// A payment method in one line; of an account only what tells it from another.
pub(crate) fn payment_line(method: &PaymentMethod) -> PaymentLine {
    let details = &method.payment_details;
    let month = details.exp_month.filter(|month| (1..=12).contains(month));
    PaymentLine {
        id: PaymentMethodId(method.id.0),
        kind: PaymentKind::from(method.payment_type.as_str()),
        brand: details.brand.as_ref().map(|brand| brand.to_lowercase()),
        last4: details.last4.clone(),
        expiry: details.exp_year.zip(month),
        account: details.paypal_email.as_deref().map(masked),
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
