//! The page of operations is made from the table.

use protocol::Operation;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/operations.md");

/// The table as the page has it.
fn table() -> String {
    let mut table = String::from(
        "| operation | request | upstream writes | taken back by | makes stale |\n| --- | --- | --- | --- | --- |\n",
    );
    for operation in Operation::ALL {
        let (method, route) = operation.route();
        let row = gateway::row(*operation);
        let writes: Vec<String> = row
            .writes
            .iter()
            .map(|write| format!("`{write}`"))
            .collect();
        let stale: Vec<&str> = row.stale.iter().map(|resource| resource.as_str()).collect();
        table += &format!(
            "| `{}` | `{method} {route}` | {} | {} | {} |\n",
            name(*operation),
            writes.join(", "),
            row.inverse
                .map_or("–".into(), |inverse| format!("`{}`", name(inverse))),
            stale.join(", "),
        );
    }
    table
}

fn name(operation: Operation) -> String {
    serde_json::to_value(operation)
        .unwrap()
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn the_page_of_operations_has_the_table() {
    let page = std::fs::read_to_string(PAGE).unwrap_or_default();
    let table = table();
    assert!(
        page.contains(&table),
        "docs/operations.md should hold:\n\n{table}"
    );
}
