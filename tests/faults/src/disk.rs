//! What tests call.

use std::sync::{Arc, MutexGuard};

use crate::image::Image;
use crate::limits::SECTOR_BYTES;
use crate::medium::{DirChange, Medium};
use crate::seeded::Seeded;
use crate::state::State;
use crate::vfs::Shared;

/// Whether the disk tells the truth about syncs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lies {
    /// What was synced is durable.
    #[default]
    Never,
    /// This many syncs are true, then one says that it is done and does nothing.
    OnceAfter(u64),
    /// No sync does anything.
    Always,
}

/// A disk in memory and the machine that uses it, as a file system of SQLite.
///
/// Changes are what alters the disk: a write, a cut, a sync, a file made or deleted. Reads are not
/// counted. Close the connections before the disk is dropped.
#[derive(Debug)]
pub struct Disk {
    shared: Arc<Shared>,
}

impl Default for Disk {
    fn default() -> Disk {
        Disk::new()
    }
}

impl Disk {
    /// An empty disk with sectors of 512 bytes.
    #[must_use]
    pub fn new() -> Disk {
        Disk::holding(&Image::default(), SECTOR_BYTES)
    }

    /// A disk that holds `image`, all of it durable.
    ///
    /// # Panics
    /// If SQLite has no memory left, or `sector_bytes` is 0.
    #[must_use]
    pub fn holding(image: &Image, sector_bytes: usize) -> Disk {
        assert!(sector_bytes > 0, "a sector has bytes");
        let state = State::new(Medium::holding(image), sector_bytes);
        Disk {
            shared: Shared::register(state),
        }
    }

    /// The name to open databases with.
    #[must_use]
    pub fn vfs(&self) -> &str {
        self.shared.name()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state()
    }

    /// Changes so far.
    #[must_use]
    pub fn changes(&self) -> u64 {
        self.state().changes
    }

    /// Whether the machine has died and waits for [`Disk::power_loss`] or [`Disk::process_killed`].
    #[must_use]
    pub fn is_dead(&self) -> bool {
        self.state().dead
    }

    /// Files that connections of this life of the machine have open.
    #[must_use]
    pub fn open_files(&self) -> usize {
        self.state().open_handles()
    }

    /// What a running system sees.
    #[must_use]
    pub fn live(&self) -> Image {
        self.state().medium.live()
    }

    /// What is there after a loss of power, whatever else is.
    #[must_use]
    pub fn durable(&self) -> Image {
        self.state().medium.durable()
    }

    /// This moment, to be lost in several ways.
    #[must_use]
    pub fn moment(&self) -> Moment {
        let state = self.state();
        Moment::new(state.changes, state.medium.clone(), state.sector_bytes)
    }

    /// From now on keeps a [`Moment`] before every change.
    pub fn keep_moments(&self) {
        self.state().moments.get_or_insert_default();
    }

    /// The moments that were kept since the last call.
    #[must_use]
    pub fn take_moments(&self) -> Vec<Moment> {
        self.state()
            .moments
            .as_mut()
            .map(std::mem::take)
            .unwrap_or_default()
    }

    /// Power is lost and comes back: what was not durable is kept in part, connections that are
    /// open are dead, and faults that were to come do not come. Lies, a full and a read-only disk
    /// stay.
    pub fn power_loss(&self, rng: &mut Seeded) {
        let mut state = self.state();
        let left = state.medium.after_power_loss(state.sector_bytes, rng);
        state.start_again(Medium::holding(&left));
    }

    /// The process is killed, the system lives on: everything that was written is there, and
    /// connections that are open are dead.
    pub fn process_killed(&self) {
        let mut state = self.state();
        let medium = state.medium.clone();
        state.start_again(medium);
    }

    /// The machine dies at a change, after `changes` more. That change is on its way and may be
    /// kept in part; everything after it fails.
    pub fn die_after(&self, changes: u64) {
        self.state().faults.die_after = Some(changes);
    }

    /// One change fails and does nothing, after `changes` more.
    pub fn fail_after(&self, changes: u64) {
        self.state().faults.fail_after = Some(changes);
    }

    /// One sync fails, after `syncs` more, and the system forgets what it should have written: it
    /// is seen until the machine ends, and never becomes durable.
    pub fn fail_sync_after(&self, syncs: u64) {
        self.state().faults.fail_sync_after = Some(syncs);
    }

    /// Files can grow by this much together; `None` is an endless disk.
    pub fn set_free_bytes(&self, bytes: Option<u64>) {
        self.state().faults.free_bytes = bytes;
    }

    /// Nothing can be changed any more, or it can again.
    pub fn set_read_only(&self, read_only: bool) {
        self.state().faults.read_only = read_only;
    }

    /// How syncs are from now on.
    pub fn set_lies(&self, lies: Lies) {
        self.state().faults.lies = lies;
    }

    /// One read, after `reads` more, has one bit flipped; bits are counted from the read's first
    /// byte and round its end.
    pub fn flip_read_after(&self, reads: u64, bit: u64) {
        self.state().faults.flip_read_after = Some((reads, bit));
    }

    /// Flips one bit of a file for good; see [`Image::flip`].
    pub fn flip(&self, name: &str, bit: u64) {
        self.state().flip(name, bit);
    }

    /// Renames a file, as the caller of a database may. Not durable until the directory is.
    pub fn rename(&self, from: &str, to: &str) {
        let change = DirChange::Renamed(from.to_owned(), to.to_owned());
        self.state().medium.change_directory(change);
    }

    /// Deletes a file, as the caller of a database may. Not durable until the directory is.
    pub fn delete(&self, name: &str) {
        let change = DirChange::Unbound(name.to_owned());
        self.state().medium.change_directory(change);
    }

    /// Makes the directory durable.
    pub fn sync_directory(&self) {
        self.state().medium.sync_directory();
    }
}

/// A disk as it was just before a change.
#[derive(Debug, Clone)]
pub struct Moment {
    changes: u64,
    medium: Medium,
    sector_bytes: usize,
}

impl Moment {
    pub(crate) fn new(changes: u64, medium: Medium, sector_bytes: usize) -> Moment {
        Moment {
            changes,
            medium,
            sector_bytes,
        }
    }

    /// Changes before it.
    #[must_use]
    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// The files after a loss of power at this moment.
    pub fn after_power_loss(&self, rng: &mut Seeded) -> Image {
        self.medium.after_power_loss(self.sector_bytes, rng)
    }

    /// The files that a process finds which starts after another was killed at this moment.
    #[must_use]
    pub fn after_process_killed(&self) -> Image {
        self.medium.live()
    }

    /// What is there after a loss of power, whatever else is.
    #[must_use]
    pub fn durable(&self) -> Image {
        self.medium.durable()
    }
}
