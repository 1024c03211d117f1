//! Editing an address in place, by the rules of its country.

use leptos::prelude::*;
use protocol::view::Address;
use protocol::{AddressForm, Country, Date, FieldError, FieldRule, Intent, Sendable, rules_for};

use super::place;
use crate::data::{Action, Data};
use crate::i18n::{format, t};
use crate::sections::words;
use crate::ui::{Field, Line, LineKind, Select};

/// The fields of a form: its name and what stands in it.
type Fields = [(&'static str, RwSignal<String>); 10];

const NAMES: [&str; 10] = [
    "first_name",
    "last_name",
    "company",
    "address1",
    "address2",
    "city",
    "province",
    "zip",
    "country_code",
    "phone",
];

/// Editing one address.
pub(super) struct Edit {
    before: Address,
    countries: Vec<Country>,
    today: Date,
    fields: Fields,
    errors: RwSignal<Vec<FieldError>>,
}

impl Edit {
    /// Of `address`, in a store that ships to `countries`.
    pub(super) fn new(address: Address, countries: Vec<Country>, today: Date) -> Edit {
        let field = |name| (name, RwSignal::new(address.form.value(name).to_owned()));
        Edit {
            fields: NAMES.map(field),
            before: address,
            countries,
            today,
            errors: RwSignal::new(Vec::new()),
        }
    }

    fn value(&self, name: &str) -> RwSignal<String> {
        value(&self.fields, name)
    }

    /// The form as it is filled in now, without spaces around.
    fn filled(&self) -> AddressForm {
        filled(&self.fields)
    }
}

fn value(fields: &Fields, name: &str) -> RwSignal<String> {
    let found = fields.iter().find(|(field, _)| *field == name);
    found.map_or(fields[0].1, |(_, value)| *value)
}

fn filled(fields: &Fields) -> AddressForm {
    let mut form = AddressForm::default();
    for (name, value) in fields {
        form.set(name, value.with_untracked(|text| text.trim().to_owned()));
    }
    form
}

/// What the form's fields have in common.
#[derive(Clone)]
struct Shared {
    fields: Fields,
    errors: RwSignal<Vec<FieldError>>,
    countries: Vec<Country>,
}

impl Shared {
    fn error(&self, name: &'static str) -> Signal<Option<String>> {
        let (errors, country) = (self.errors, value(&self.fields, "country_code"));
        Signal::derive(move || {
            let problem = errors.with(|errors| {
                errors
                    .iter()
                    .find(|error| error.field == name)
                    .map(|error| error.error.clone())
            })?;
            let example = country.with(|code| rules_for(code).example);
            Some(words::field(&problem, example))
        })
    }

    /// Checks one field as the customer leaves it.
    fn check(&self, name: &'static str) {
        let found = filled(&self.fields).problems(&self.countries);
        let found = found.into_iter().find(|error| error.field == name);
        self.errors.update(|errors| {
            errors.retain(|error| error.field != name);
            errors.extend(found);
        });
    }

    fn field(
        &self,
        name: &'static str,
        label: String,
        token: &'static str,
        optional: bool,
    ) -> AnyView {
        let own = self.clone();
        let kind = if name == "phone" { "tel" } else { "text" };
        view! {
            <Field
                label
                value=value(&self.fields, name)
                error=self.error(name)
                optional
                kind
                autocomplete=token
                on_blur=move |()| own.check(name)
            />
        }
        .into_any()
    }

    /// The province: chosen where the store names the country's provinces, typed elsewhere.
    fn province(&self, label: String, rule: &FieldRule, code: &str) -> AnyView {
        let country = self.countries.iter().find(|country| country.code == code);
        let provinces = country
            .map(|country| country.provinces.as_slice())
            .unwrap_or_default();
        if provinces.is_empty() {
            return self.field(rule.field, label, rule.autocomplete, true);
        }
        let named = provinces.iter().map(|p| (p.name.clone(), p.name.clone()));
        let empty = (String::new(), t::address_choose().to_owned());
        let options: Vec<(String, String)> = std::iter::once(empty).chain(named).collect();
        let own = self.clone();
        view! {
            <Select
                label
                value=value(&self.fields, rule.field)
                options=options
                error=self.error(rule.field)
                optional=!rule.required
                autocomplete=rule.autocomplete
                on_change=move |()| own.check("province")
            />
        }
        .into_any()
    }

    /// The fields below the name, in the order of the country `code`.
    fn by_country(&self, code: &str) -> AnyView {
        let fields = rules_for(code).fields.into_iter().map(|rule| {
            let label = label(rule.label).to_owned();
            match rule.field {
                "province" => self.province(label, &rule, code),
                name => self.field(name, label, rule.autocomplete, !rule.required),
            }
        });
        fields.collect_view().into_any()
    }
}

/// The label for one of the words that the rules of a country use.
fn label(word: &str) -> &'static str {
    match word {
        "first_name" => t::address_first_name(),
        "last_name" => t::address_last_name(),
        "company" => t::address_company(),
        "phone" => t::address_phone(),
        "country_code" => t::address_country(),
        "address1" => t::address_street(),
        "address2" => t::address_more(),
        "city" => t::address_city(),
        "state" => t::address_state(),
        "county" => t::address_county(),
        "prefecture" => t::address_prefecture(),
        "zip" => t::address_zip(),
        "eircode" => t::address_eircode(),
        "postcode" => t::address_postcode(),
        _ => t::address_province(),
    }
}

impl Action for Edit {
    fn title(&self) -> String {
        t::address_edit_title().into()
    }

    fn has_form(&self) -> bool {
        true
    }

    fn form(&self) -> AnyView {
        let shared = Shared {
            fields: self.fields,
            errors: self.errors,
            countries: self.countries.clone(),
        };
        let country = self.value("country_code");
        // Put in order one by one: the few lines of a sort cost the bundle kilobytes.
        let mut options: Vec<(String, String)> = Vec::new();
        for country in &self.countries {
            let name = format::country(&country.code);
            let at = options.partition_point(|(_, other)| *other < name);
            options.insert(at, (country.code.clone(), name));
        }
        let own = shared.clone();
        let recheck = move |()| own.errors.update(Vec::clear);
        let by_country = {
            let shared = shared.clone();
            move || shared.by_country(&country.get())
        };
        view! {
            <Select
                label=t::address_country()
                value=country
                options=options
                error=shared.error("country_code")
                autocomplete="country"
                on_change=recheck
            />
            <div class="field-pair">
                {shared.field("first_name", t::address_first_name().into(), "given-name", false)}
                {shared.field("last_name", t::address_last_name().into(), "family-name", false)}
            </div>
            {shared.field("company", t::address_company().into(), "organization", true)}
            {by_country}
            {shared.field("phone", t::address_phone().into(), "tel", true)}
        }
        .into_any()
    }

    fn check(&self) -> bool {
        let errors = self.filled().problems(&self.countries);
        let fine = errors.is_empty();
        self.errors.set(errors);
        fine
    }

    fn review(&self) -> Vec<Line> {
        let after = self.filled();
        let shown = |name: &str, text: &str| match name {
            "country_code" => format::country(text),
            _ => text.to_owned(),
        };
        let changed = NAMES.into_iter().filter_map(|name| {
            let (old, new) = (self.before.form.value(name), after.value(name));
            (old != new).then(|| Line {
                label: label_in(name, after.value("country_code")).to_owned(),
                before: shown(name, old),
                after: if new.is_empty() {
                    t::address_nothing().into()
                } else {
                    shown(name, new)
                },
                kind: LineKind::Changed,
            })
        });
        let mut lines: Vec<Line> = changed.collect();
        if !self.before.deliveries.is_empty() {
            let dates = self.before.deliveries.iter();
            let dates: Vec<String> = dates
                .map(|key| format::date_short(key.date, self.today))
                .collect();
            lines.push(Line {
                label: t::address_applies_to().into(),
                after: format::list(&dates),
                kind: LineKind::Changed,
                ..Line::default()
            });
        }
        lines
    }

    fn meaning(&self) -> String {
        let titles: Vec<String> = self
            .before
            .subscriptions
            .iter()
            .map(|dependent| words::short(&dependent.title))
            .collect();
        match titles.is_empty() {
            true => String::new(),
            false => t::address_meaning(&format::list(&titles)),
        }
    }

    fn confirm(&self) -> String {
        t::address_save().into()
    }

    fn sending(&self) -> String {
        t::address_saving().into()
    }

    fn intent(&self) -> Sendable {
        Intent::UpdateAddress {
            address_id: self.before.id,
            body: self.filled().changes_from(&self.before.form),
        }
        .into()
    }

    fn done(&self, _: Data, _: &str) -> String {
        t::address_done().into()
    }

    fn place(&self) -> String {
        place(self.before.id)
    }

    fn refused(&self, fields: &[FieldError]) -> bool {
        let known = |error: &&FieldError| NAMES.contains(&error.field.as_str());
        self.errors
            .set(fields.iter().filter(known).cloned().collect());
        fields
            .iter()
            .any(|error| NAMES.contains(&error.field.as_str()))
    }
}

/// The label of the field `name` in the country `code`.
fn label_in(name: &str, code: &str) -> &'static str {
    let rules = rules_for(code);
    let rule = rules.fields.iter().find(|rule| rule.field == name);
    label(rule.map_or(name, |rule| rule.label))
}
