//! Cards are typed into the processor's own fields: nothing of ours has a place for one.

use std::fs;
use std::path::{Path, PathBuf};

use crate::process::root;

/// What a field for a card is called, in markup and in data.
const NAMES: [&str; 8] = [
    "cc-number",
    "cc-csc",
    "cc-exp",
    "card_number",
    "cardnumber",
    "card-number",
    "security_code",
    "cvc_code",
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else {
            found.push(path);
        }
    }
}

#[test]
fn s46_no_source_of_the_portal_or_its_server_has_a_field_for_a_card() {
    let rooms = [
        "src",
        "web",
        "crates/protocol/src",
        "crates/gateway/src",
        "crates/recharge/src",
        "crates/middleware/src",
    ];
    let mut files = Vec::new();
    rooms
        .iter()
        .for_each(|room| sources(&root().join(room), &mut files));
    assert!(
        files.len() > 100,
        "only {} files were looked at",
        files.len()
    );
    for file in files {
        let text = fs::read_to_string(&file).unwrap_or_default().to_lowercase();
        let name = NAMES.iter().find(|name| text.contains(**name));
        assert_eq!(name, None, "{}", file.display());
    }
}
