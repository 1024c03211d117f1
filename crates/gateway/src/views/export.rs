//! All that the portal can show of a customer, as files: one JSON with everything, and a table
//! for each list.

use std::collections::BTreeSet;

use base::csv_row;
use protocol::Problem;
use protocol::view::{Export, ExportFile, Orders};
use serde::Serialize;
use serde_json::Value;

use super::{account, changes, deliveries, orders, subscriptions};
use crate::upstream::reader::Reader;

/// Pages of orders and of changes that are followed at most.
const PAGES: usize = 100;

/// Everything, read anew where the cache is too old.
pub(crate) async fn export(reader: &Reader<'_>) -> Result<Export, Problem> {
    let mut files = Files::default();
    files.add("customer", value(&account::customer(reader).await?));
    let view = value(&subscriptions::list(reader).await?);
    files.add("subscriptions", list(view, "subscriptions"));
    let view = value(&deliveries::shown(reader).await?);
    files.add("deliveries", list(view, "deliveries"));
    if reader.upstream.policy.invoices {
        files.add("orders", orders_of(reader).await?);
    }
    let view = value(&account::addresses(reader).await?);
    files.add("addresses", list(view, "addresses"));
    let view = value(&account::payment_methods(reader).await?);
    files.add("payment_methods", list(view, "methods"));
    files.add("changes", changes_of(reader).await?);
    Ok(files.finish())
}

/// The files as far as they are written. Of the views one at a time is in memory.
#[derive(Default)]
struct Files {
    json: String,
    tables: Vec<ExportFile>,
}

impl Files {
    fn add(&mut self, name: &str, view: Value) {
        let start = if self.json.is_empty() { "{" } else { "," };
        let text = serde_json::to_string_pretty(&view).unwrap_or_default();
        self.json.push_str(&format!("{start}\n\"{name}\": {text}"));
        if let Some(rows) = view.as_array() {
            self.tables.push(ExportFile {
                name: format!("{name}.csv"),
                text: table(rows),
            });
        }
    }

    fn finish(mut self) -> Export {
        self.json.push_str("\n}\n");
        let json = ExportFile {
            name: "account.json".into(),
            text: self.json,
        };
        Export {
            files: [json].into_iter().chain(self.tables).collect(),
        }
    }
}

fn value(view: &impl Serialize) -> Value {
    serde_json::to_value(view).unwrap_or_default()
}

fn list(mut view: Value, name: &str) -> Value {
    view[name].take()
}

async fn orders_of(reader: &Reader<'_>) -> Result<Value, Problem> {
    let (mut rows, mut known) = (Vec::new(), BTreeSet::new());
    let mut page: Orders = orders::page(reader, None).await?;
    for _ in 0..PAGES {
        let count = rows.len();
        let new = page.orders.iter().filter(|order| known.insert(order.id));
        rows.extend(new.map(value));
        // A page that brings nothing new leads back to where the list was before.
        let Some(cursor) = page.next.filter(|_| rows.len() > count) else {
            break;
        };
        page = orders::page(reader, Some(&cursor)).await?;
    }
    Ok(Value::Array(rows))
}

async fn changes_of(reader: &Reader<'_>) -> Result<Value, Problem> {
    let mut rows = Vec::new();
    let mut before = None;
    for _ in 0..PAGES {
        let page = changes::page(reader, before, None).await?;
        rows.extend(page.changes.iter().map(value));
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    Ok(Value::Array(rows))
}

/// Rows as CSV (RFC 4180), a column for each plain value that any of them has.
fn table(rows: &[Value]) -> String {
    let rows: Vec<Vec<(String, String)>> = rows.iter().map(cells).collect();
    let mut columns: Vec<&str> = Vec::new();
    for (name, _) in rows.iter().flatten() {
        if !columns.contains(&name.as_str()) {
            columns.push(name);
        }
    }
    let mut text = csv_row(columns.iter().copied());
    for row in &rows {
        let cell = |column: &&str| {
            let found = row.iter().find(|(name, _)| name == column);
            found.map_or("", |(_, text)| text.as_str())
        };
        text.push_str(&csv_row(columns.iter().map(cell)));
    }
    text
}

/// The plain values of a row by their names; what is in a list stands in one cell.
fn cells(row: &Value) -> Vec<(String, String)> {
    let mut cells = Vec::new();
    let Value::Object(fields) = row else {
        return cells;
    };
    for (name, value) in fields {
        match value {
            Value::Object(_) => {
                let inner = self::cells(value).into_iter();
                cells.extend(inner.map(|(inner, text)| (format!("{name}.{inner}"), text)));
            }
            value => cells.push((name.clone(), plain(value))),
        }
    }
    cells
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(plain).collect::<Vec<_>>().join("; "),
        Value::Object(fields) => match fields.get("title") {
            Some(title) => plain(title),
            None => fields.values().map(plain).collect::<Vec<_>>().join(" "),
        },
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn cu10_a_cell_that_would_be_a_formula_is_text() {
        let rows = [json!({"title": "=HYPERLINK(\"x\")", "note": "+1,5", "count": 2})];
        assert_eq!(
            table(&rows),
            "count,note,title\r\n2,\"'+1,5\",\"'=HYPERLINK(\"\"x\"\")\"\r\n"
        );
    }

    #[test]
    fn cu10_rows_of_different_shapes_share_the_columns() {
        let rows = [
            json!({"price": {"amount": "1.00", "currency": "USD"}}),
            json!({"items": [{"title": "Tea"}, {"title": "Milk"}]}),
        ];
        let text = table(&rows);
        assert_eq!(
            text,
            "price.amount,price.currency,items\r\n1.00,USD,\r\n,,\"Tea; Milk\"\r\n"
        );
    }
}
