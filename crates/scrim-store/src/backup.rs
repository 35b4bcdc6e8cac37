//! A copy of the records in another folder, taken while an agent may be writing.

use std::path::Path;

use rusqlite::OpenFlags;
use rusqlite::backup::Backup;

use crate::error::StoreError;
use crate::files::{
    DATABASE_FILE, make_private_file, make_private_folder, remove, suffixed, sync_folder,
};
use crate::key;
use crate::{Reader, Store, Verdict};

const UNFINISHED: &str = ".unfinished";

impl Reader {
    /// Copies the records as they are at one moment into `folder`, made if it is missing, under the
    /// same key, and verifies the copy. Nothing is ever overwritten.
    ///
    /// # Errors
    /// [`StoreError::BackupInTheWay`] if there are records in `folder`; otherwise what the disk or
    /// SQLite said. Then there is no copy, and the records are as they were.
    pub fn backup(&self, folder: &Path) -> Result<Verdict, StoreError> {
        let place = folder.join(DATABASE_FILE);
        let failed = || StoreError::disk("writing the copy");
        if place.try_exists().map_err(failed())? {
            return Err(StoreError::BackupInTheWay);
        }
        make_private_folder(folder)?;
        let unfinished = suffixed(folder, DATABASE_FILE, UNFINISHED);
        remove(&unfinished).map_err(failed())?;
        let copied = self.copy_to(&unfinished);
        if copied.is_err() {
            remove(&unfinished).map_err(failed())?;
        }
        copied?;
        std::fs::File::open(&unfinished)
            .and_then(|file| file.sync_all())
            .map_err(failed())?;
        key::keep_check(folder, &[&self.source.key])?;
        // A link never takes another file's place.
        let linked = std::fs::hard_link(&unfinished, &place);
        remove(&unfinished).map_err(failed())?;
        linked.map_err(failed())?;
        sync_folder(folder)?;
        Store::open_read_only_with(folder, &self.source.key, &self.source.options)?.verify()
    }

    fn copy_to(&self, path: &Path) -> Result<(), StoreError> {
        make_private_file(path)?;
        let mut to = self
            .source
            .connect_to(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        // All pages at once: one moment, whatever is written meanwhile.
        let backup = Backup::new(&self.conn, &mut to)?;
        let all = -1;
        backup.step(all)?;
        drop(backup);
        // Without a log beside it the copy is one file.
        to.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))?;
        Ok(to.close().map_err(|(_, error)| error)?)
    }
}
