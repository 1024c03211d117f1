//! One process for one file.
//!
//! The lease is a lock of the operating system on a file beside the database: it ends with the
//! process, however that ends, so that the next start need not wait; and neither a clock that is
//! set nor a process that was stopped for a while can give it to two.

use std::fs::{File, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

use super::owner_only;
use crate::store::error::StoreError;

/// The lease of a database, until it is dropped.
pub(in crate::store) struct Lease(File);

impl Lease {
    /// Takes the lease of the file at `database`, which is there.
    ///
    /// # Errors
    /// Where another process has it, or the file system knows no locks.
    pub(super) fn take(database: &Path) -> Result<Lease, StoreError> {
        // However the path was written, the same file has the same lock.
        let database = database
            .canonicalize()
            .map_err(|error| StoreError(format!("{}: {error}", database.display())))?;
        let mut path = database.clone().into_os_string();
        path.push(".lock");
        let failed = |error: std::io::Error| {
            StoreError(format!(
                "{}: cannot be locked: {error}",
                Path::new(&path).display()
            ))
        };
        let mut file = owner_only::open(Path::new(&path)).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // Only for the message, so nothing is lost without it.
                let _ = file.read_to_string(&mut holder);
                return Err(StoreError(format!(
                    "another process ({}) serves from {}. One SQLite file is for one process: \
                     stop the other first, or give this one a `database` of its own.",
                    holder.trim(),
                    database.display()
                )));
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        let note = |file: &mut File| {
            file.set_len(0)?;
            file.rewind()?;
            write!(file, "process {}", std::process::id())
        };
        note(&mut file).map_err(failed)?;
        Ok(Lease(file))
    }

    /// Gives it back, so that another store can be opened.
    pub(super) fn end(&self) {
        // Dropping the file ends it as well.
        let _ = self.0.unlock();
    }
}
