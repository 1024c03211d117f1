//! The form of an address, by the rules of its country.

use leptos::prelude::*;
use protocol::{AddressForm, Country, FieldError, FieldRule, rules_for};

use crate::i18n::{format, t};
use crate::sections::words;
use crate::ui::{Field, Line, LineKind, Select};

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

/// The fields of an address with what stands in them and what is wrong. Copies are the same.
#[derive(Clone, Copy)]
pub(in crate::sections) struct AddressFields {
    values: [RwSignal<String>; NAMES.len()],
    errors: RwSignal<Vec<FieldError>>,
    countries: StoredValue<Vec<Country>>,
}

impl AddressFields {
    /// Filled with `form`, in a store that ships to `countries`.
    pub(in crate::sections) fn new(form: &AddressForm, countries: Vec<Country>) -> AddressFields {
        AddressFields {
            values: NAMES.map(|name| RwSignal::new(form.value(name).to_owned())),
            errors: RwSignal::new(Vec::new()),
            countries: StoredValue::new(countries),
        }
    }

    /// With nothing filled in but the first of `countries`.
    pub(in crate::sections) fn empty(countries: Vec<Country>) -> AddressFields {
        let mut form = AddressForm::default();
        if let Some(country) = countries.first() {
            form.set("country_code", country.code.clone());
        }
        AddressFields::new(&form, countries)
    }

    fn value(self, name: &str) -> RwSignal<String> {
        let at = NAMES.iter().position(|field| *field == name);
        self.values[at.unwrap_or_default()]
    }

    /// The form as it is filled in now, without spaces around.
    pub(in crate::sections) fn filled(self) -> AddressForm {
        let mut form = AddressForm::default();
        for (name, value) in NAMES.iter().zip(self.values) {
            form.set(name, value.with_untracked(|text| text.trim().to_owned()));
        }
        form
    }

    /// Puts `form` in the place of what stands there.
    pub(in crate::sections) fn fill(self, form: &AddressForm) {
        for (name, value) in NAMES.iter().zip(self.values) {
            value.set(form.value(name).to_owned());
        }
        self.errors.update(Vec::clear);
    }

    fn problems(self) -> Vec<FieldError> {
        let filled = self.filled();
        self.countries
            .with_value(|countries| filled.problems(countries))
    }

    /// Checks all fields and shows what is wrong; whether nothing is.
    pub(in crate::sections) fn check(self) -> bool {
        let problems = self.problems();
        let fine = problems.is_empty();
        self.errors.set(problems);
        fine
    }

    /// Shows what the server found wrong; whether there was a field for it.
    pub(in crate::sections) fn refused(self, errors: &[FieldError]) -> bool {
        let known = errors
            .iter()
            .filter(|error| NAMES.contains(&error.field.as_str()));
        let known: Vec<FieldError> = known.cloned().collect();
        let any = !known.is_empty();
        self.errors.set(known);
        any
    }

    fn error(self, name: &'static str) -> Signal<Option<String>> {
        let country = self.value("country_code");
        Signal::derive(move || {
            let problem = self.errors.with(|errors| {
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
    fn check_one(self, name: &'static str) {
        let mut found = self.problems().into_iter();
        let found = found.find(|error| error.field == name);
        self.errors.update(|errors| {
            errors.retain(|error| error.field != name);
            errors.extend(found);
        });
    }

    fn field(
        self,
        name: &'static str,
        label: String,
        token: &'static str,
        optional: bool,
    ) -> AnyView {
        let kind = if name == "phone" { "tel" } else { "text" };
        view! {
            <Field
                label
                value=self.value(name)
                error=self.error(name)
                optional
                kind
                autocomplete=token
                on_blur=move |()| self.check_one(name)
            />
        }
        .into_any()
    }

    /// The fields: country first, for the others depend on it.
    pub(in crate::sections) fn view(self) -> AnyView {
        let country = self.value("country_code");
        // Put in order one by one: the few lines of a sort cost the bundle kilobytes.
        let mut options: Vec<(String, String)> = Vec::new();
        for country in self.countries.get_value() {
            let name = format::country(&country.code);
            let at = options.partition_point(|(_, other)| *other < name);
            options.insert(at, (country.code, name));
        }
        view! {
            <Select
                label=t::address_country()
                value=country
                options=options
                error=self.error("country_code")
                autocomplete="country"
                on_change=move |()| self.errors.update(Vec::clear)
            />
            <div class="field-pair">
                {self.field("first_name", t::address_first_name().into(), "given-name", false)}
                {self.field("last_name", t::address_last_name().into(), "family-name", false)}
            </div>
            {self.field("company", t::address_company().into(), "organization", true)}
            {move || self.by_country(&country.get())}
            {self.field("phone", t::address_phone().into(), "tel", true)}
        }
        .into_any()
    }

    /// The province: chosen where the store names the country's provinces, typed elsewhere.
    fn province(self, label: String, rule: &FieldRule, code: &str) -> AnyView {
        let countries = self.countries.get_value();
        let country = countries.iter().find(|country| country.code == code);
        let provinces = country
            .map(|country| country.provinces.as_slice())
            .unwrap_or_default();
        if provinces.is_empty() {
            return self.field(rule.field, label, rule.autocomplete, true);
        }
        let named = provinces.iter().map(|p| (p.name.clone(), p.name.clone()));
        let empty = (String::new(), t::address_choose().to_owned());
        let options: Vec<(String, String)> = std::iter::once(empty).chain(named).collect();
        view! {
            <Select
                label
                value=self.value(rule.field)
                options=options
                error=self.error(rule.field)
                optional=!rule.required
                autocomplete=rule.autocomplete
                on_change=move |()| self.check_one("province")
            />
        }
        .into_any()
    }

    /// The fields below the name, in the order of the country `code`.
    fn by_country(self, code: &str) -> AnyView {
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

/// What differs between two forms, field by field, in the words of the country it then has.
pub(in crate::sections) fn changes(before: &AddressForm, after: &AddressForm) -> Vec<Line> {
    let shown = |name: &str, text: &str| match name {
        "country_code" => format::country(text),
        _ => text.to_owned(),
    };
    let code = after.value("country_code");
    let changed = NAMES.into_iter().filter_map(|name| {
        let (old, new) = (before.value(name), after.value(name));
        (old != new).then(|| Line {
            label: label_in(name, code).to_owned(),
            before: if old.is_empty() {
                String::new()
            } else {
                shown(name, old)
            },
            after: if new.is_empty() {
                t::address_nothing().into()
            } else {
                shown(name, new)
            },
            kind: LineKind::Changed,
        })
    });
    changed.collect()
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

/// The label of the field `name` in the country `code`.
pub(in crate::sections) fn label_in(name: &str, code: &str) -> &'static str {
    let rules = rules_for(code);
    let rule = rules.fields.iter().find(|rule| rule.field == name);
    label(rule.map_or(name, |rule| rule.label))
}
