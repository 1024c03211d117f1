//! The form of an address, by the rules of its country.

use leptos::prelude::*;
use protocol::{AddressForm, Country, FieldError, FieldRule, rules_for};

use crate::i18n::{format, t};
use crate::overview::words;
use crate::ui::{Field, Line, LineKind, Select};

/// The fields of an address with what stands in them and what is wrong. Copies are the same.
#[derive(Clone, Copy)]
pub(crate) struct AddressFields {
    /// What stands in the fields.
    pub(crate) values: [RwSignal<String>; AddressForm::FIELDS.len()],
    errors: RwSignal<Vec<FieldError>>,
    countries: StoredValue<Vec<Country>>,
    /// What stood in them at first; `None` for an address that is new.
    before: StoredValue<Option<AddressForm>>,
}

impl AddressFields {
    /// To change `form`, in a store that ships to `countries`. What is not touched is not checked.
    pub(crate) fn new(form: &AddressForm, countries: Vec<Country>) -> AddressFields {
        AddressFields {
            values: AddressForm::FIELDS.map(|name| RwSignal::new(form.value(name).to_owned())),
            errors: RwSignal::new(Vec::new()),
            countries: StoredValue::new(countries),
            before: StoredValue::new(Some(form.clone())),
        }
    }

    /// With nothing filled in but the first of `countries`.
    pub(crate) fn empty(countries: Vec<Country>) -> AddressFields {
        let mut form = AddressForm::default();
        if let Some(country) = countries.first() {
            form.set("country_code", country.code.clone());
        }
        AddressFields {
            before: StoredValue::new(None),
            ..AddressFields::new(&form, countries)
        }
    }

    fn value(self, name: &str) -> RwSignal<String> {
        let at = AddressForm::FIELDS.iter().position(|field| *field == name);
        self.values[at.unwrap_or_default()]
    }

    /// The form as it is filled in now, without spaces around.
    pub(crate) fn filled(self) -> AddressForm {
        let mut form = AddressForm::default();
        for (name, value) in AddressForm::FIELDS.iter().zip(self.values) {
            form.set(name, value.with_untracked(|text| text.trim().to_owned()));
        }
        form
    }

    /// Puts `form` in the place of what stands there.
    pub(crate) fn fill(self, form: &AddressForm) {
        for (name, value) in AddressForm::FIELDS.iter().zip(self.values) {
            value.set(form.value(name).to_owned());
        }
        self.errors.update(Vec::clear);
    }

    fn problems(self) -> Vec<FieldError> {
        let filled = self.filled();
        let problems = |countries: &Vec<Country>| match self.before.get_value() {
            Some(before) => filled.problems_since(&before, countries),
            None => filled.problems(countries),
        };
        self.countries.with_value(problems)
    }

    /// Checks all fields and shows what is wrong; whether nothing is.
    pub(crate) fn check(self) -> bool {
        let problems = self.problems();
        let fine = problems.is_empty();
        self.errors.set(problems);
        fine
    }

    /// Shows what the server found wrong; whether there was a field for it.
    pub(crate) fn refused(self, errors: &[FieldError]) -> bool {
        let known = errors
            .iter()
            .filter(|error| AddressForm::FIELDS.contains(&error.field.as_str()));
        let known: Vec<FieldError> = known.cloned().collect();
        let any = !known.is_empty();
        self.errors.set(known);
        any
    }

    fn error(self, name: &'static str) -> Signal<Option<String>> {
        let country = self.value("country_code");
        Signal::derive(move || {
            let problem = self
                .errors
                .with(|errors| errors.iter().find(|error| error.field == name).cloned())?;
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
    pub(crate) fn view(self) -> AnyView {
        let country = self.value("country_code");
        // Put in order one by one: the few lines of a sort cost the bundle kilobytes.
        let mut options: Vec<(String, String)> = Vec::new();
        for country in self.countries.get_value() {
            let name = format::country(&country.code);
            let at = options.partition_point(|(_, other)| *other < name);
            options.insert(at, (country.code, name));
        }
        let code = country.get_untracked();
        if !options.iter().any(|(known, _)| *known == code) {
            let name = match code.as_str() {
                "" => t::address_choose().to_owned(),
                code => format::country(code),
            };
            options.insert(0, (code, name));
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
        let mut options: Vec<(String, String)> = std::iter::once(empty).chain(named).collect();
        // What is kept may be a code, or nothing that the store names: it stays until changed.
        let now = self.value(rule.field).get_untracked();
        let is_kept = self.before.with_value(|before| {
            let is_in = |before: &AddressForm| before.value("country_code") == code;
            before.as_ref().is_some_and(is_in)
        });
        if is_kept && !options.iter().any(|(value, _)| *value == now) {
            let known = country.and_then(|country| country.province(&now));
            let name = known.map_or(now.clone(), |province| province.name.clone());
            options.retain(|(value, _)| *value != name);
            options.push((now, name));
        }
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
pub(crate) fn changes(before: &AddressForm, after: &AddressForm) -> Vec<Line> {
    let shown = |name: &str, text: &str| match name {
        "country_code" => format::country(text),
        _ => text.to_owned(),
    };
    let code = after.value("country_code");
    let changed = AddressForm::FIELDS.into_iter().filter_map(|name| {
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
        "postal_code" => t::address_postal_code(),
        "postcode" => t::address_postcode(),
        _ => t::address_province(),
    }
}

/// The label of the field `name` in the country `code`.
pub(crate) fn label_in(name: &str, code: &str) -> &'static str {
    let rules = rules_for(code);
    let rule = rules.fields.iter().find(|rule| rule.field == name);
    label(rule.map_or(name, |rule| rule.label))
}
