//! Import cycles between the files of a crate, and imports from a lower layer into a higher one.
//!
//! A path counts as an import of the last file that it names, so a parent module that re-exports
//! what its children define must not also define what they use.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::source::Source;
use crate::process::root;

/// The folders that are free of import cycles.
const ACYCLIC: &[&str] = &[
    "crates/base/src",
    "crates/gateway/src",
    "crates/middleware/src",
    "crates/protocol/src",
    "crates/recharge/src",
    "crates/sandbox-recharge/src",
    "src",
    "xtask/src",
];
/// Crates with layers, the lowest first.
const LAYERED: &[(&str, &[&[&str]])] = &[
    (
        "crates/gateway/src",
        &[
            &["upstream"],
            &["model"],
            &["rules"],
            &["views"],
            &["projection"],
            &["actions"],
            &["engine", "preview"],
        ],
    ),
    // Up to `overview` they are in the first file of the bundle, then in the second.
    (
        "src",
        &[
            &["host"],
            &["i18n"],
            &["ui"],
            &["navigation"],
            &["backend"],
            &["data"],
            &["overview"],
            &["actions"],
            &["sections"],
            &["entrypoints"],
            &["app"],
        ],
    ),
];

/// The files that each file imports, as paths below the folder.
type Imports = BTreeMap<String, BTreeSet<String>>;

/// Checks the cycles and layers of the whole workspace.
///
/// # Errors
/// Lists the imports of each cycle, and each import from a higher layer.
pub(super) fn check() -> Result<()> {
    let mut wrong = Vec::new();
    for folder in ACYCLIC {
        wrong.extend(cycles(&imports(folder)?));
    }
    for (folder, layers) in LAYERED {
        wrong.extend(upward(&imports(folder)?, layers));
    }
    report(&wrong)
}

/// Checks one crate, whose sources are in `folder`, for import cycles.
///
/// # Errors
/// Lists the imports of each cycle.
pub(super) fn check_folder(folder: &str) -> Result<()> {
    report(&cycles(&imports(folder)?))
}

fn report(wrong: &[String]) -> Result<()> {
    if !wrong.is_empty() {
        bail!(
            "import cycles, or imports from a higher layer:\n{}",
            wrong.join("\n")
        );
    }
    Ok(())
}

/// Reads the files of a crate by following its module declarations. Test modules are left out.
fn imports(folder: &str) -> Result<Imports> {
    let folder = root().join(folder);
    let mut roots = ["lib.rs", "main.rs"].into_iter();
    let first = roots.find(|file| folder.join(file).exists());
    let first = first.with_context(|| format!("{} has no lib.rs or main.rs", folder.display()))?;
    let mut files = BTreeMap::from([(String::new(), first.to_owned())]);
    let mut sources = BTreeMap::new();
    let mut open = vec![String::new()];
    while let Some(module) = open.pop() {
        let file = folder.join(&files[&module]);
        let source = Source::read(&fs::read_to_string(&file)?)
            .with_context(|| file.display().to_string())?;
        for child in &source.modules {
            let child = join(&module, child);
            if let Some(file) = file_of(&folder, &child) {
                files.insert(child.clone(), file);
                open.push(child);
            }
        }
        sources.insert(module, source);
    }
    let mut imports = Imports::new();
    for (module, source) in &sources {
        let own = &files[module];
        let of_module = imports.entry(own.clone()).or_default();
        let targets = source.paths.iter().filter_map(|(inside, path)| {
            let place = inside
                .iter()
                .fold(module.clone(), |at, name| join(&at, name));
            resolve(&files, &place, path)
        });
        of_module.extend(targets.filter(|file| *file != own).cloned());
    }
    Ok(imports)
}

fn file_of(folder: &Path, module: &str) -> Option<String> {
    let path = module.replace("::", "/");
    let files = [format!("{path}.rs"), format!("{path}/mod.rs")];
    files.into_iter().find(|file| folder.join(file).exists())
}

fn join(module: &str, child: &str) -> String {
    if module.is_empty() {
        child.to_owned()
    } else {
        format!("{module}::{child}")
    }
}

/// The file that a path in the module `place` refers to; `None` for a path into another crate.
fn resolve<'a>(
    files: &'a BTreeMap<String, String>,
    place: &str,
    path: &[String],
) -> Option<&'a String> {
    let parent = |module: &str| match module.rsplit_once("::") {
        Some((parent, _)) => parent.to_owned(),
        None => String::new(),
    };
    let (first, rest) = path.split_first()?;
    let mut module = match first.as_str() {
        "crate" => String::new(),
        "self" => place.to_owned(),
        "super" => parent(place),
        child => Some(join(place, child)).filter(|child| files.contains_key(child))?,
    };
    for segment in rest {
        let next = match segment.as_str() {
            "super" => parent(&module),
            child => join(&module, child),
        };
        if segment != "super" && !files.contains_key(&next) {
            break;
        }
        module = next;
    }
    // An inline module belongs to the file that it is in.
    while !files.contains_key(&module) {
        module = parent(&module);
    }
    files.get(&module)
}

/// Describes each cycle by the imports between its files.
fn cycles(imports: &Imports) -> Vec<String> {
    let reached: BTreeMap<&String, BTreeSet<&String>> = imports
        .keys()
        .map(|file| (file, reach(imports, file)))
        .collect();
    let mut cycles = BTreeSet::new();
    for (file, others) in &reached {
        let cycle: BTreeSet<&String> = others
            .iter()
            .copied()
            .filter(|other| reached[other].contains(file))
            .collect();
        cycles.insert(cycle);
    }
    cycles.remove(&BTreeSet::new());
    let name = |cycle: &BTreeSet<&String>| {
        let mut text = format!("a cycle of {} files:", cycle.len());
        for file in cycle {
            for to in imports[*file].iter().filter(|to| cycle.contains(to)) {
                text += &format!("\n  {file} imports {to}");
            }
        }
        text
    };
    cycles.iter().map(name).collect()
}

/// The files that `file` imports directly or indirectly.
fn reach<'a>(imports: &'a Imports, file: &str) -> BTreeSet<&'a String> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&String> = imports[file].iter().collect();
    while let Some(next) = open.pop() {
        if reached.insert(next) {
            open.extend(&imports[next]);
        }
    }
    reached
}

/// Lists the imports from a higher layer.
fn upward(imports: &Imports, layers: &[&[&str]]) -> Vec<String> {
    let layer = |file: &str| {
        let (folder, _) = file.split_once(['/', '.'])?;
        layers.iter().position(|layer| layer.contains(&folder))
    };
    let mut wrong = Vec::new();
    for (file, targets) in imports {
        for to in targets {
            if let (Some(low), Some(high)) = (layer(file), layer(to))
                && low < high
            {
                wrong.push(format!("{file} imports {to}, which is in a higher layer"));
            }
        }
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(edges: &[(&str, &str)]) -> Imports {
        let mut imports = Imports::new();
        for (from, to) in edges {
            imports.entry((*to).to_owned()).or_default();
            let of_file = imports.entry((*from).to_owned()).or_default();
            of_file.insert((*to).to_owned());
        }
        imports
    }

    #[test]
    fn a_cycle_is_reported_with_its_own_imports_only() {
        let imports = graph(&[("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("e", "a")]);
        let cycle = "a cycle of 3 files:\n  a imports b\n  b imports c\n  c imports a";
        assert_eq!(cycles(&imports), [cycle]);
        assert!(cycles(&graph(&[("a", "b"), ("a", "c"), ("b", "c")])).is_empty());
    }

    #[test]
    fn a_layer_may_import_from_itself_and_from_lower_layers() {
        let layers: &[&[&str]] = &[&["model"], &["actions", "views"]];
        let imports = graph(&[
            ("actions/skip.rs", "model/day.rs"),
            ("actions/skip.rs", "views/day.rs"),
            ("model/day.rs", "lib.rs"),
            ("model/day.rs", "views/day.rs"),
        ]);
        let wrong = "model/day.rs imports views/day.rs, which is in a higher layer";
        assert_eq!(upward(&imports, layers), [wrong]);
    }

    #[test]
    fn a_path_refers_to_the_last_file_that_it_names() {
        let files =
            ["", "a", "a::b", "c"].map(|module| (module.to_owned(), format!("{module}.rs")));
        let files = BTreeMap::from(files);
        let leads = |place, path: &str| {
            let path: Vec<String> = path.split("::").map(str::to_owned).collect();
            resolve(&files, place, &path).map(String::as_str)
        };
        assert_eq!(leads("c", "crate::a::b::X"), Some("a::b.rs"));
        assert_eq!(leads("c", "crate::a::X"), Some("a.rs"));
        assert_eq!(leads("a", "b::X"), Some("a::b.rs"));
        assert_eq!(leads("a::b", "super::X"), Some("a.rs"));
        assert_eq!(leads("a::b::inside", "super::X"), Some("a::b.rs"));
        assert_eq!(leads("a::b", "super::super::c::X"), Some("c.rs"));
        assert_eq!(leads("c", "std::fs"), None);
    }
}
