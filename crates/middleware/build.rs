//! Makes a typed function of each message that the middleware writes, of the portal's catalog.

use std::path::Path;
use std::{env, fs};

const CATALOG: &str = "../../src/i18n/en.json";

fn main() {
    println!("cargo:rerun-if-changed={CATALOG}");
    let catalog = fs::read_to_string(CATALOG).expect("the catalog is readable");
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(
        Path::new(&out).join("messages.rs"),
        messages::of_server(&catalog),
    )
    .expect("OUT_DIR is writable");
}
