//! Makes a typed function of each message that the middleware writes, of the portal's catalog, and
//! a table of the translations.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

const ENGLISH: &str = "../../src/i18n/en.json";
const TRANSLATIONS: &str = "../../src/i18n/translations";

fn main() {
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    let out = Path::new(&out);

    println!("cargo:rerun-if-changed={ENGLISH}");
    let english = fs::canonicalize(ENGLISH).expect("the English catalog is there");
    let catalog = fs::read_to_string(&english).expect("the English catalog is readable");
    let code = messages::of_server(&catalog);
    fs::write(out.join("messages.rs"), code).expect("OUT_DIR is writable");

    println!("cargo:rerun-if-changed={TRANSLATIONS}");
    let folder = fs::canonicalize(TRANSLATIONS).expect("the translations are there");
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("the folder of the translations is readable")
        .map(|entry| entry.expect("the folder is readable").path())
        .collect();
    files.sort();
    let mut table = format!(
        "/// The English catalog.\nconst CATALOG: &str = include_str!({english:?});\n\
         /// The translations by their tags.\nconst TRANSLATIONS: &[(&str, &str)] = &[\n"
    );
    for path in files {
        println!("cargo:rerun-if-changed={}", path.display());
        let tag = path.file_stem().unwrap_or_default();
        let _ = writeln!(table, "    ({tag:?}, include_str!({path:?})),");
    }
    table.push_str("];\n");
    fs::write(out.join("catalogs.rs"), table).expect("OUT_DIR is writable");
}
