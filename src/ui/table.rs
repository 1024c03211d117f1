//! A table, for where there is room for one.

use leptos::prelude::*;

/// A column's head.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Column {
    /// What stands in it.
    pub title: String,
    /// Whether it holds figures, which align at the line's end.
    pub end: bool,
}

/// A table in a card. Its children are `<tr>` with `<td>`; cells under an `end` column
/// take the class `end`.
#[component]
pub fn Table(
    /// What the table is, for screen readers.
    #[prop(into)]
    caption: Signal<String>,
    /// The heads of its columns.
    columns: Vec<Column>,
    /// Its rows.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="card card-flush" part="card">
            <table class="table">
                <caption class="visually-hidden">{caption}</caption>
                <thead>
                    <tr>
                        {columns.into_iter().map(|column| view! {
                            <th scope="col" class:end=column.end>{column.title}</th>
                        }).collect_view()}
                    </tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}
