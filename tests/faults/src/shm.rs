//! The index of a write-ahead log, which connections share: plain memory and eight locks.
#![allow(
    unsafe_code,
    reason = "SQLite keeps pointers into this memory; it is freed when no connection has it any more"
)]

use std::alloc::{Layout, alloc_zeroed, dealloc, handle_alloc_error};
use std::collections::BTreeMap;

use rusqlite::ffi::SQLITE_SHM_NLOCK;

const LOCKS: usize = SQLITE_SHM_NLOCK as usize;

/// One region: zeroed memory that stays where it is until it is dropped.
#[derive(Debug)]
struct Region {
    start: *mut u8,
    layout: Layout,
}

// SAFETY: the pointer is never read or written here; SQLite orders its own accesses.
unsafe impl Send for Region {}

impl Region {
    fn new(bytes: usize) -> Option<Region> {
        let layout = Layout::from_size_align(bytes.max(1), 4096).ok()?;
        // SAFETY: the layout is not empty.
        let start = unsafe { alloc_zeroed(layout) };
        if start.is_null() {
            handle_alloc_error(layout);
        }
        Some(Region { start, layout })
    }
}

impl Drop for Region {
    fn drop(&mut self) {
        // SAFETY: allocated in `new` with this layout, and freed only here.
        unsafe { dealloc(self.start, self.layout) }
    }
}

/// The shared memory of one file.
#[derive(Debug, Default)]
pub(crate) struct Shm {
    regions: Vec<Region>,
    /// Handle: its shared and its exclusive locks, a bit each.
    users: BTreeMap<u64, (u8, u8)>,
}

impl Shm {
    /// Where region `at` lies; null if it is not there and must not be made.
    pub(crate) fn map(&mut self, handle: u64, at: usize, bytes: usize, extend: bool) -> *mut u8 {
        self.users.entry(handle).or_default();
        while extend && self.regions.len() <= at {
            match Region::new(bytes) {
                Some(region) => self.regions.push(region),
                None => break,
            }
        }
        self.regions
            .get(at)
            .map_or(std::ptr::null_mut(), |region| region.start)
    }

    /// Takes locks `first..first + count`; false if another's lock forbids it.
    pub(crate) fn lock(
        &mut self,
        handle: u64,
        first: usize,
        count: usize,
        exclusive: bool,
    ) -> bool {
        let mask = mask(first, count);
        let taken = self
            .users
            .iter()
            .filter(|(other, _)| **other != handle)
            .any(|(_, (shared, alone))| alone & mask != 0 || (exclusive && shared & mask != 0));
        if !taken {
            let (shared, alone) = self.users.entry(handle).or_default();
            *if exclusive { alone } else { shared } |= mask;
        }
        !taken
    }

    pub(crate) fn unlock(&mut self, handle: u64, first: usize, count: usize) {
        if let Some((shared, alone)) = self.users.get_mut(&handle) {
            *shared &= !mask(first, count);
            *alone &= !mask(first, count);
        }
    }

    /// Takes `handle` out; true if nobody uses the memory any more.
    pub(crate) fn leave(&mut self, handle: u64) -> bool {
        self.users.remove(&handle);
        self.users.is_empty()
    }
}

fn mask(first: usize, count: usize) -> u8 {
    (first..first + count)
        .filter(|at| *at < LOCKS)
        .fold(0, |mask, at| mask | (1 << at))
}
