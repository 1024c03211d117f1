//! The size of the first load, by file.

use std::fmt;

/// What the first load may weigh: all of html, js, css and the first file of the wasm,
/// brotli, in bytes. docs/performance.md says where the bytes are.
pub(crate) const BUDGET: u64 = 164_500;

/// One file of a bundle, in bytes.
pub(crate) struct File {
    /// Its path inside the bundle.
    pub(crate) name: String,
    /// As built.
    pub(crate) raw: u64,
    /// With gzip 9.
    pub(crate) gzip: u64,
    /// With brotli 11.
    pub(crate) brotli: u64,
}

/// The files that a first visit fetches.
#[derive(Default)]
pub(crate) struct Table {
    /// For the first page.
    pub(crate) first: Vec<File>,
    /// After the first page is on the screen.
    pub(crate) later: Vec<File>,
    /// The script that a merchant's page loads, which loads the rest.
    pub(crate) embed: Option<File>,
}

/// What of [`Table::first`] only the portal's own page fetches.
const OWN_PAGE: [&str; 4] = ["index", "boot", "page", "icon"];

impl Table {
    /// What the first page transfers with brotli, in bytes.
    pub(crate) fn total(&self) -> u64 {
        self.first.iter().map(|file| file.brotli).sum()
    }

    /// The files that a single part on the first file of the wasm, such as the next delivery, fetches
    /// in a merchant's page.
    fn part(&self) -> impl Iterator<Item = &File> {
        let is_shared = |file: &&File| {
            let name = file.name.rsplit('/').next().unwrap_or_default();
            let stem = name.split('.').next().unwrap_or_default();
            !OWN_PAGE.contains(&stem)
        };
        self.first.iter().filter(is_shared).chain(&self.embed)
    }
}

/// All of `files` as one, called `name`.
fn sum<'a>(name: &str, files: impl Iterator<Item = &'a File>) -> File {
    let mut all = File {
        name: name.to_owned(),
        raw: 0,
        gzip: 0,
        brotli: 0,
    };
    for file in files {
        all.raw += file.raw;
        all.gzip += file.gzip;
        all.brotli += file.brotli;
    }
    all
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<45} {:>9} {:>9} {:>9}",
            "first load, kB", "raw", "gzip", "brotli"
        )?;
        for file in &self.first {
            write_line(f, &file.name, file)?;
        }
        let together = sum("together", self.first.iter());
        write_line(f, &together.name, &together)?;
        writeln!(f, "{:<45} {:>29}", "budget", Kb(BUDGET))?;
        writeln!(f, "after the first screen")?;
        for file in &self.later {
            write_line(f, &file.name, file)?;
        }
        if let Some(script) = &self.embed {
            writeln!(f, "in a merchant's page")?;
            write_line(f, &script.name, script)?;
            let part = sum("first load of view=\"next-delivery\"", self.part());
            write_line(f, &part.name, &part)?;
        }
        Ok(())
    }
}

fn write_line(f: &mut fmt::Formatter<'_>, name: &str, file: &File) -> fmt::Result {
    let (raw, gzip, brotli) = (Kb(file.raw), Kb(file.gzip), Kb(file.brotli));
    writeln!(f, "{name:<45} {raw:>9} {gzip:>9} {brotli:>9}")
}

/// Bytes shown in units of 1000 with one decimal.
struct Kb(u64);

impl fmt::Display for Kb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = self.0.div_ceil(100);
        f.pad(&format!("{}.{}", tenths / 10, tenths % 10))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_does_without_what_only_the_own_page_needs() {
        let file = |name: &str, brotli| File {
            name: name.to_owned(),
            raw: 0,
            gzip: 0,
            brotli,
        };
        let names = [
            "index.html",
            "assets/boot.1a.js",
            "assets/perennial_bg.2b.wasm",
        ];
        let table = Table {
            first: names.map(|name| file(name, 10)).into(),
            embed: Some(file("embed.js", 3)),
            ..Table::default()
        };
        assert_eq!(sum("part", table.part()).brotli, 13);
    }

    #[test]
    fn sizes_are_rounded_up_to_a_tenth_of_a_kilobyte() {
        assert_eq!(Kb(0).to_string(), "0.0");
        assert_eq!(Kb(1).to_string(), "0.1");
        assert_eq!(Kb(170_000).to_string(), "170.0");
        assert_eq!(Kb(170_001).to_string(), "170.1");
    }
}
