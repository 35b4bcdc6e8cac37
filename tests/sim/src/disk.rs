//! The disk under a desk: a file system in memory that loses power, and what is left of it after a
//! death. A folder beside it holds what the store keeps besides its database.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use scrim_faults::{Image, Lies, Seeded};
use scrim_model::Timestamp;
use scrim_store::{DATABASE_FILE, Key, OpenOptions, Opening, Reader, Store, StoreError};

use crate::rng::Rng;
use crate::world::Unfit;

/// Bytes of a sector of every disk.
const SECTOR_BYTES: usize = 512;

/// See the module.
#[derive(Debug)]
pub(crate) struct Disk {
    folder: PathBuf,
    key: Key,
    pub(crate) faulty: Arc<scrim_faults::Disk>,
}

impl Disk {
    pub(crate) fn new(world: &Path, desk: usize, rng: &mut Rng) -> Result<Self, Unfit> {
        let folder = world.join(format!("desk-{desk}"));
        std::fs::create_dir_all(&folder)?;
        let mut image = Image::default();
        // The store makes its database as an empty file with the right rights.
        image.put(&name_in(&folder), &[]);
        Ok(Self {
            folder,
            key: Key::new(rng.bytes()),
            faulty: Arc::new(scrim_faults::Disk::holding(&image, SECTOR_BYTES)),
        })
    }

    fn options(&self) -> OpenOptions {
        OpenOptions {
            vfs: Some(self.faulty.vfs().to_owned()),
            grow_wal: false,
        }
    }

    /// The store, as the sole writer; none if it is found damaged.
    pub(crate) fn store(&self, at: Timestamp) -> Result<Option<Store>, Unfit> {
        // Before it opens a database the store looks at its first bytes and its length.
        let found = self.faulty.live().bytes(&name_in(&self.folder));
        std::fs::write(self.folder.join(DATABASE_FILE), found.unwrap_or_default())?;
        match Store::open_with(&self.folder, &self.key, at, &self.options()) {
            Ok((store, Opening::Created | Opening::Found)) => Ok(Some(store)),
            Ok((_, Opening::SetAside { .. })) | Err(StoreError::Damaged) => Ok(None),
            Err(fault) => Err(fault.into()),
        }
    }

    /// A second look.
    pub(crate) fn reader(&self) -> Result<Reader, Unfit> {
        let found = self.faulty.live().bytes(&name_in(&self.folder));
        std::fs::write(self.folder.join(DATABASE_FILE), found.unwrap_or_default())?;
        Ok(Store::open_read_only_with(
            &self.folder,
            &self.key,
            &self.options(),
        )?)
    }

    /// From now on no sync does anything.
    pub(crate) fn lies(&self) {
        self.faulty.set_lies(Lies::Always);
    }

    /// The process that writes is killed; what the system has of its files is what the next finds.
    pub(crate) fn process_dies(&self) {
        self.faulty.process_killed();
    }

    /// The machine loses power: what was not synced is there, or not, or in part.
    pub(crate) fn power_dies(&self, rng: &mut Rng) {
        self.faulty.power_loss(&mut Seeded::new(rng.next()));
    }
}

/// What the file system in memory calls the database.
fn name_in(folder: &Path) -> String {
    folder.join(DATABASE_FILE).to_string_lossy().into_owned()
}
