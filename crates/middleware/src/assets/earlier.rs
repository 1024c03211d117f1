//! The files of earlier releases, for the pages that customers opened before an update: such a page
//! asks for files of its own release when it is used further.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

use axum::body::Bytes;

use super::{Asset, Assets};

/// How long after its last start the files of a release are served: as long as a session can last.
const KEPT: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// At most so many bytes of earlier releases are in memory.
const LARGEST: usize = 32 * 1024 * 1024;
/// Begins the path of a file whose name changes with its content.
const HASHED: &str = "assets/";

impl Assets {
    /// The same, and the hashed files of the releases that were started with this `folder` before.
    /// Those of this release are put there too. Where that cannot be done, the log says so and only
    /// this release is served.
    #[must_use]
    pub fn with_earlier(mut self, folder: &Path) -> Assets {
        let kept = read(folder).and_then(|earlier| self.write(folder).map(|()| earlier));
        match kept {
            Ok(files) => {
                self.earlier = Assets::from_files(files).current;
                self.earlier
                    .retain(|path, _| !self.current.contains_key(path));
            }
            Err(error) => tracing::warn!(
                %error,
                folder = %folder.display(),
                "the files of this release cannot be kept for pages that are open at the next update"
            ),
        }
        self
    }

    /// Puts the hashed files into `folder`, or says that those there are in use.
    #[expect(
        clippy::disallowed_methods,
        reason = "the file system has the same clock"
    )]
    fn write(&self, folder: &Path) -> io::Result<()> {
        for (path, asset) in &self.current {
            let Some(name) = path.strip_prefix(HASHED) else {
                continue;
            };
            for (suffix, bytes) in asset.forms() {
                let file = folder.join(format!("{name}{suffix}"));
                match File::options().append(true).open(&file) {
                    Ok(known) => known.set_modified(SystemTime::now())?,
                    // Complete from the start, whenever this is interrupted.
                    Err(_) => {
                        let unfinished = folder.join("unfinished");
                        fs::write(&unfinished, bytes)?;
                        fs::rename(unfinished, file)?;
                    }
                }
            }
        }
        Ok(())
    }
}

impl Asset {
    /// Its content in each form, with what a file name says of it.
    fn forms(&self) -> impl Iterator<Item = (&'static str, &Bytes)> {
        let plain = std::iter::once(("", &self.plain));
        let brotli = self.brotli.iter().map(|bytes| (".br", bytes));
        plain
            .chain(brotli)
            .chain(self.gzip.iter().map(|bytes| (".gz", bytes)))
    }
}

/// The files in `folder` by path below the portal, the newest first; old ones are removed.
fn read(folder: &Path) -> io::Result<Vec<(String, Bytes)>> {
    fs::create_dir_all(folder)?;
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let modified = entry.metadata()?.modified()?;
        if modified.elapsed().is_ok_and(|age| age > KEPT) {
            fs::remove_file(entry.path())?;
        } else {
            found.push((modified, entry));
        }
    }
    found.sort_by_key(|(modified, _)| std::cmp::Reverse(*modified));
    let (mut files, mut size) = (Vec::new(), 0);
    for (_, entry) in found {
        let bytes = Bytes::from(fs::read(entry.path())?);
        size += bytes.len();
        if size > LARGEST {
            break;
        }
        files.push((
            format!("{HASHED}{}", entry.file_name().to_string_lossy()),
            bytes,
        ));
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A release of one script.
    fn release(name: &str) -> Assets {
        let file = |path: String| (path, Bytes::from(name.to_owned()));
        Assets::from_files(vec![
            file("index.html".into()),
            file(format!("assets/{name}.js")),
            file(format!("assets/{name}.js.br")),
        ])
    }

    fn has_earlier(assets: &Assets, name: &str) -> bool {
        let asset = assets.earlier.get(&format!("assets/{name}.js"));
        asset.is_some_and(|asset| asset.plain == name && asset.brotli.is_some())
    }

    #[test]
    fn the_files_of_an_earlier_release_are_served_beside_this_ones() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("files");
        assert!(release("one").with_earlier(&folder).earlier.is_empty());
        let second = release("two").with_earlier(&folder);
        assert!(has_earlier(&second, "one") && second.earlier.len() == 1);
        assert!(
            second.hashed("one", "js").is_none(),
            "pages name this release's"
        );
        // Gone back to, the first is this one again.
        let first = release("one").with_earlier(&folder);
        assert!(has_earlier(&first, "two") && first.earlier.len() == 1);
    }

    #[test]
    #[expect(
        clippy::disallowed_methods,
        reason = "the file system has the same clock"
    )]
    fn files_go_a_week_after_their_release_was_started_last() {
        let folder = tempfile::tempdir().unwrap();
        let _ = release("one").with_earlier(folder.path());
        let _ = release("two").with_earlier(folder.path());
        for name in ["one.js", "one.js.br"] {
            let file = File::options().append(true).open(folder.path().join(name));
            let week = SystemTime::now() - KEPT - Duration::from_secs(1);
            file.unwrap().set_modified(week).unwrap();
        }
        let third = release("three").with_earlier(folder.path());
        assert!(has_earlier(&third, "two") && third.earlier.len() == 1);
        assert!(!folder.path().join("one.js").exists());
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_no_reason_not_to_start() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let assets = release("one").with_earlier(&file);
        assert!(assets.earlier.is_empty() && assets.current.len() == 2);
    }
}
