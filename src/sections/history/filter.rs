//! Which of the orders are shown: by state, by date and by what is in them.

use leptos::prelude::*;
use protocol::view::PaymentState;

use super::list::Row;
use crate::i18n::t;
use crate::navigation::HistoryFilter;
use crate::overview::words;
use crate::ui::{Button, Field, Glyph, Icon, Select, task};

/// The states that can be chosen.
const STATES: [&str; 7] = [
    "success",
    "pending",
    "pending_manual_payment",
    "error",
    "partially_refunded",
    "refunded",
    "cancelled",
];

/// What the fields hold. Copies are handles to the same.
#[derive(Clone, Copy)]
pub(super) struct Filter {
    state: RwSignal<String>,
    from: RwSignal<String>,
    to: RwSignal<String>,
    text: RwSignal<String>,
}

impl Filter {
    /// As the address has it.
    pub(super) fn new(filter: HistoryFilter) -> Filter {
        let day = |date: Option<protocol::Date>| {
            RwSignal::new(date.map(|date| date.to_string()).unwrap_or_default())
        };
        Filter {
            state: RwSignal::new(filter.state),
            from: day(filter.from),
            to: day(filter.to),
            text: RwSignal::new(filter.text),
        }
    }

    /// What is chosen now; a day that is not complete counts as none.
    pub(super) fn get(self) -> HistoryFilter {
        HistoryFilter {
            state: self.state.get(),
            from: self.from.with(|day| day.parse().ok()),
            to: self.to.with(|day| day.parse().ok()),
            text: self.text.get(),
        }
    }

    /// How many fields are filled in.
    fn count(self) -> usize {
        let all = [self.state, self.from, self.to, self.text];
        let filled = all
            .iter()
            .filter(|field| field.with(|text| !text.is_empty()));
        filled.count()
    }

    fn clear(self) {
        for field in [self.state, self.from, self.to, self.text] {
            field.set(String::new());
        }
    }

    /// The fields.
    pub(super) fn fields(self) -> AnyView {
        let any = (String::new(), t::history_any_state().to_owned());
        let states = STATES.map(|word| {
            let (label, _, _) = words::payment_state(&PaymentState::from(word));
            (word.to_owned(), label)
        });
        let options: Vec<(String, String)> = [any].into_iter().chain(states).collect();
        let clear = move || {
            (self.get() != HistoryFilter::default()).then(|| {
                let press = move |()| self.clear();
                view! { <Button label=t::history_clear() on_press=press/> }
            })
        };
        let open = RwSignal::new(false);
        let label = move || match self.count() {
            0 => t::history_filter().to_owned(),
            some => t::history_filter_active(some),
        };
        let toggle = move |_| open.update(|open| *open = !*open);
        view! {
            // Where there is room the fields are in sight, and this is not.
            <button
                type="button"
                class="button filters-toggle"
                part="button"
                aria-expanded=move || open.get().to_string()
                on:click=task::guard(toggle)
            >
                <Icon glyph=Glyph::Down/><span>{label}</span>
            </button>
            <div
                class="filters"
                role="search"
                aria-label=t::history_filter()
                data-open=move || open.get().then_some("")
            >
                <Field label=t::history_text() value=self.text kind="search" filter=true/>
                <Select label=t::history_state() value=self.state options filter=true/>
                <Field label=t::history_from() value=self.from kind="date" filter=true/>
                <Field label=t::history_to() value=self.to kind="date" filter=true/>
                {clear}
            </div>
        }
        .into_any()
    }
}

/// Whether a row is among what is wanted.
pub(super) fn matches(filter: &HistoryFilter, row: &Row) -> bool {
    let text = filter.text.trim().to_lowercase();
    let has = |value: &str| value.to_lowercase().contains(&text);
    let in_items = || {
        let mut items = row.items.iter();
        items.any(|item| has(&item.title) || has(&item.variant))
    };
    (filter.state.is_empty() || row.state.as_str() == filter.state)
        && filter
            .from
            .is_none_or(|from| row.date.is_some_and(|date| date >= from))
        && filter
            .to
            .is_none_or(|to| row.date.is_some_and(|date| date <= to))
        && (text.is_empty() || has(&row.number) || in_items())
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::view::OrderItem;
    use protocol::{Currency, Money};

    fn row() -> Row {
        Row {
            id: None,
            number: "#1016".into(),
            date: "2026-05-01".parse().ok(),
            state: PaymentState::Refunded,
            items: vec![OrderItem {
                title: "Sencha from Uji".into(),
                variant: "100 g".into(),
                quantity: 1,
                total: Some(Money::zero(Currency::USD)),
                image: None,
                external_variant_id: None,
            }],
            total: Some(Money::zero(Currency::USD)),
            refunded: None,
        }
    }

    #[test]
    fn ph9_a_row_is_found_by_number_title_variant_state_and_day() {
        let wanted = |query: &str| match crate::navigation::Route::parse(query) {
            crate::navigation::Route::History(filter) => matches(&filter, &row()),
            other => panic!("{other:?}"),
        };
        for query in [
            "",
            "?q=1016",
            "?q=SENCHA",
            "?q=100+g",
            "?state=refunded",
            "?from=2026-05-01&to=2026-05-01",
        ] {
            assert!(wanted(&format!("/history{query}")), "{query}");
        }
        for query in [
            "?q=oat",
            "?state=success",
            "?from=2026-05-02",
            "?to=2026-04-30",
        ] {
            assert!(!wanted(&format!("/history{query}")), "{query}");
        }
    }
}
