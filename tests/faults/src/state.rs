//! One disk behind its lock: medium, open files, locks, faults.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::c_int;

use rusqlite::ffi;

use crate::disk::{Lies, Moment};
use crate::image::flip;
use crate::locks::Locks;
use crate::medium::{DirChange, FileId, Medium};
use crate::shm::Shm;

/// What SQLite is told: nothing, or one of its result codes.
pub(crate) type Answer<T = ()> = Result<T, c_int>;

/// A file that a connection has open.
#[derive(Debug, Clone)]
pub(crate) struct Handle {
    pub(crate) file: FileId,
    name: Option<String>,
    /// Handles of an earlier life of the machine are dead.
    pub(crate) generation: u64,
    read_only: bool,
    delete_on_close: bool,
    /// The next sync makes the directory durable as well.
    syncs_directory: bool,
}

/// How the file is to be opened, from SQLite's flags.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wish(pub(crate) c_int);

impl Wish {
    fn has(self, flag: c_int) -> bool {
        self.0 & flag != 0
    }
}

/// Faults that are switched on.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    pub(crate) die_after: Option<u64>,
    pub(crate) fail_after: Option<u64>,
    pub(crate) fail_sync_after: Option<u64>,
    pub(crate) free_bytes: Option<u64>,
    pub(crate) read_only: bool,
    pub(crate) lies: Lies,
    pub(crate) flip_read_after: Option<(u64, u64)>,
}

/// Whether a change may go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Go {
    On,
    Fails,
    /// It is on its way to the disk, but nobody hears of it any more.
    Dies,
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) medium: Medium,
    pub(crate) sector_bytes: usize,
    pub(crate) faults: Faults,
    pub(crate) changes: u64,
    pub(crate) dead: bool,
    pub(crate) moments: Option<Vec<Moment>>,
    pub(crate) generation: u64,
    pub(crate) handles: BTreeMap<u64, Handle>,
    next_handle: u64,
    pub(crate) locks: BTreeMap<FileId, Locks>,
    pub(crate) shm: BTreeMap<(u64, FileId), Shm>,
}

/// Counts down; true when it is over, and then it is switched off.
fn over(left: &mut Option<u64>) -> bool {
    match left {
        Some(0) => {
            *left = None;
            true
        }
        Some(more) => {
            *more -= 1;
            false
        }
        None => false,
    }
}

impl State {
    pub(crate) fn new(medium: Medium, sector_bytes: usize) -> State {
        State {
            medium,
            sector_bytes,
            faults: Faults::default(),
            changes: 0,
            dead: false,
            moments: None,
            generation: 0,
            handles: BTreeMap::new(),
            next_handle: 0,
            locks: BTreeMap::new(),
            shm: BTreeMap::new(),
        }
    }

    /// The machine starts again with `medium`: whatever was open is dead.
    pub(crate) fn start_again(&mut self, medium: Medium) {
        self.medium = medium;
        self.generation += 1;
        self.locks.clear();
        self.dead = false;
        self.faults.die_after = None;
        self.faults.fail_after = None;
        self.faults.fail_sync_after = None;
        self.faults.flip_read_after = None;
    }

    pub(crate) fn open_handles(&self) -> usize {
        let alive = |handle: &&Handle| handle.generation == self.generation;
        self.handles.values().filter(alive).count()
    }

    pub(crate) fn alive(&self, id: u64, code: c_int) -> Answer<&Handle> {
        match self.handles.get(&id) {
            Some(handle) if !self.dead && handle.generation == self.generation => Ok(handle),
            _ => Err(code),
        }
    }

    fn writable(&self, id: u64, code: c_int) -> Answer<FileId> {
        let handle = self.alive(id, code)?;
        if handle.read_only || self.faults.read_only {
            return Err(code);
        }
        Ok(handle.file)
    }

    /// Every change of the disk begins here.
    fn change(&mut self, sync: bool) -> Go {
        if let Some(moments) = &mut self.moments {
            moments.push(Moment::new(
                self.changes,
                self.medium.clone(),
                self.sector_bytes,
            ));
        }
        self.changes += 1;
        if over(&mut self.faults.die_after) {
            self.dead = true;
            return Go::Dies;
        }
        let this_fails = over(&mut self.faults.fail_after);
        let this_sync_fails = sync && over(&mut self.faults.fail_sync_after);
        if this_fails || this_sync_fails {
            Go::Fails
        } else {
            Go::On
        }
    }

    pub(crate) fn open(&mut self, name: Option<&str>, wish: Wish) -> Answer<(u64, c_int)> {
        if self.dead {
            return Err(ffi::SQLITE_CANTOPEN);
        }
        let mut flags = wish.0;
        if self.faults.read_only && wish.has(ffi::SQLITE_OPEN_READWRITE) {
            flags &= !(ffi::SQLITE_OPEN_READWRITE | ffi::SQLITE_OPEN_CREATE);
            flags |= ffi::SQLITE_OPEN_READONLY;
        }
        let (file, created) = match name {
            None => (self.medium.create_nameless(), false),
            Some(name) => self.find_or_create(name, Wish(flags))?,
        };
        let journal = wish.has(
            ffi::SQLITE_OPEN_MAIN_JOURNAL | ffi::SQLITE_OPEN_SUPER_JOURNAL | ffi::SQLITE_OPEN_WAL,
        );
        self.next_handle += 1;
        let handle = Handle {
            file,
            name: name.map(str::to_owned),
            generation: self.generation,
            read_only: flags & ffi::SQLITE_OPEN_READONLY != 0,
            delete_on_close: name.is_none() || wish.has(ffi::SQLITE_OPEN_DELETEONCLOSE),
            syncs_directory: created && journal,
        };
        self.handles.insert(self.next_handle, handle);
        Ok((self.next_handle, flags))
    }

    fn find_or_create(&mut self, name: &str, wish: Wish) -> Answer<(FileId, bool)> {
        match self.medium.names.get(name) {
            Some(_)
                if wish.has(ffi::SQLITE_OPEN_EXCLUSIVE) && wish.has(ffi::SQLITE_OPEN_CREATE) =>
            {
                Err(ffi::SQLITE_CANTOPEN)
            }
            Some(file) => Ok((*file, false)),
            None if !wish.has(ffi::SQLITE_OPEN_CREATE) => Err(ffi::SQLITE_CANTOPEN),
            None => match self.change(false) {
                Go::On => Ok((self.medium.create(name), true)),
                Go::Fails => Err(ffi::SQLITE_CANTOPEN),
                Go::Dies => {
                    self.medium.create(name);
                    Err(ffi::SQLITE_CANTOPEN)
                }
            },
        }
    }

    pub(crate) fn close(&mut self, id: u64) {
        self.unmap(id);
        let Some(handle) = self.handles.remove(&id) else {
            return;
        };
        if handle.generation != self.generation {
            return;
        }
        if let Some(locks) = self.locks.get_mut(&handle.file) {
            locks.lower(id, ffi::SQLITE_LOCK_NONE);
        }
        if let Some(name) = handle.name.filter(|_| handle.delete_on_close && !self.dead) {
            self.medium.change_directory(DirChange::Unbound(name));
        }
        let open: BTreeSet<FileId> = self
            .handles
            .values()
            .filter(|other| other.generation == self.generation)
            .map(|other| other.file)
            .collect();
        self.medium.collect(&open);
    }

    pub(crate) fn delete(&mut self, name: &str, sync_directory: bool) -> Answer {
        if self.dead || self.faults.read_only {
            return Err(ffi::SQLITE_IOERR_DELETE);
        }
        if !self.medium.names.contains_key(name) {
            return Err(ffi::SQLITE_IOERR_DELETE_NOENT);
        }
        let go = self.change(false);
        if go != Go::Fails {
            self.medium
                .change_directory(DirChange::Unbound(name.to_owned()));
        }
        if go != Go::On {
            return Err(ffi::SQLITE_IOERR_DELETE);
        }
        if sync_directory && !self.lies() {
            self.medium.sync_directory();
        }
        Ok(())
    }

    /// As SQLite on Unix: an empty file does not exist.
    pub(crate) fn exists(&self, name: &str) -> bool {
        let file = self
            .medium
            .names
            .get(name)
            .and_then(|id| self.medium.files.get(id));
        !self.dead && file.is_some_and(|inode| inode.live.len() > 0)
    }

    pub(crate) fn read(&mut self, id: u64, offset: usize, out: &mut [u8]) -> Answer {
        let file = self.alive(id, ffi::SQLITE_IOERR_READ)?.file;
        let inode = self.medium.files.get(&file).ok_or(ffi::SQLITE_IOERR_READ)?;
        let there = inode.live.read_at(offset, out);
        if let Some((left, bit)) = &mut self.faults.flip_read_after {
            if *left > 0 {
                *left -= 1;
            } else if !out.is_empty() {
                let bit = *bit;
                out[(bit / 8) as usize % out.len()] ^= 1 << (bit % 8);
                self.faults.flip_read_after = None;
            }
        }
        if there < out.len() {
            return Err(ffi::SQLITE_IOERR_SHORT_READ);
        }
        Ok(())
    }

    pub(crate) fn write(&mut self, id: u64, offset: usize, bytes: &[u8]) -> Answer {
        let file = self.writable(id, ffi::SQLITE_IOERR_WRITE)?;
        let len = self
            .medium
            .files
            .get(&file)
            .map_or(0, |inode| inode.live.len());
        let growth = (offset + bytes.len()).saturating_sub(len) as u64;
        let go = self.change(false);
        if go == Go::Fails {
            return Err(ffi::SQLITE_IOERR_WRITE);
        }
        if let Some(free) = &mut self.faults.free_bytes {
            if growth > *free {
                // What fits is written, as by a system call that comes back short.
                let fits = bytes.len() - (growth - *free).min(bytes.len() as u64) as usize;
                *free = 0;
                self.medium.write(file, offset, &bytes[..fits]);
                return Err(ffi::SQLITE_FULL);
            }
            *free -= growth;
        }
        self.medium.write(file, offset, bytes);
        if go == Go::Dies {
            Err(ffi::SQLITE_IOERR_WRITE)
        } else {
            Ok(())
        }
    }

    pub(crate) fn truncate(&mut self, id: u64, len: usize) -> Answer {
        let file = self.writable(id, ffi::SQLITE_IOERR_TRUNCATE)?;
        let go = self.change(false);
        if go != Go::Fails {
            self.medium.resize(file, len);
        }
        if go == Go::On {
            Ok(())
        } else {
            Err(ffi::SQLITE_IOERR_TRUNCATE)
        }
    }

    pub(crate) fn sync(&mut self, id: u64) -> Answer {
        let handle = self.alive(id, ffi::SQLITE_IOERR_FSYNC)?.clone();
        match self.change(true) {
            Go::On => {}
            Go::Fails => {
                self.medium.forget(handle.file);
                return Err(ffi::SQLITE_IOERR_FSYNC);
            }
            Go::Dies => return Err(ffi::SQLITE_IOERR_FSYNC),
        }
        if self.lies() {
            return Ok(());
        }
        self.medium.sync(handle.file);
        if handle.syncs_directory {
            self.medium.sync_directory();
            if let Some(handle) = self.handles.get_mut(&id) {
                handle.syncs_directory = false;
            }
        }
        Ok(())
    }

    fn lies(&mut self) -> bool {
        match &mut self.faults.lies {
            Lies::Never => false,
            Lies::Always => true,
            Lies::OnceAfter(0) => {
                self.faults.lies = Lies::Never;
                true
            }
            Lies::OnceAfter(more) => {
                *more -= 1;
                false
            }
        }
    }

    pub(crate) fn len(&self, id: u64) -> Answer<usize> {
        let file = self.alive(id, ffi::SQLITE_IOERR_FSTAT)?.file;
        let inode = self
            .medium
            .files
            .get(&file)
            .ok_or(ffi::SQLITE_IOERR_FSTAT)?;
        Ok(inode.live.len())
    }

    /// Flips a bit for good, in what is seen and in what is durable.
    pub(crate) fn flip(&mut self, name: &str, bit: u64) {
        let id = self.medium.names.get(name);
        if let Some(inode) = id.and_then(|id| self.medium.files.get_mut(id)) {
            flip(&mut inode.live, bit);
            flip(&mut inode.durable, bit);
        }
    }
}
