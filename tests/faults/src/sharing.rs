//! What connections to one file share: locks, and the index of its log.

use std::ffi::c_int;

use rusqlite::ffi;

use crate::locks::Locks;
use crate::state::{Answer, State};

impl State {
    pub(crate) fn lock(&mut self, id: u64, level: c_int) -> Answer {
        let file = self.alive(id, ffi::SQLITE_IOERR_LOCK)?.file;
        let locks = self.locks.entry(file).or_default();
        if locks.raise(id, level) {
            Ok(())
        } else {
            Err(ffi::SQLITE_BUSY)
        }
    }

    pub(crate) fn unlock(&mut self, id: u64, level: c_int) -> Answer {
        let file = self.alive(id, ffi::SQLITE_IOERR_UNLOCK)?.file;
        self.locks.entry(file).or_default().lower(id, level);
        Ok(())
    }

    pub(crate) fn reserved(&self, id: u64) -> Answer<bool> {
        let file = self.alive(id, ffi::SQLITE_IOERR_CHECKRESERVEDLOCK)?.file;
        Ok(self.locks.get(&file).is_some_and(Locks::reserved))
    }

    /// A region of the log's index. On a read-only disk nobody can make the first one.
    pub(crate) fn map(
        &mut self,
        id: u64,
        at: usize,
        bytes: usize,
        extend: bool,
    ) -> Answer<*mut u8> {
        let file = self.alive(id, ffi::SQLITE_IOERR_SHMMAP)?.file;
        let key = (self.generation, file);
        if self.faults.read_only && !self.shm.contains_key(&key) {
            return Err(ffi::SQLITE_CANTOPEN);
        }
        Ok(self.shm.entry(key).or_default().map(id, at, bytes, extend))
    }

    pub(crate) fn shm_lock(&mut self, id: u64, first: usize, count: usize, how: c_int) -> Answer {
        let file = self.alive(id, ffi::SQLITE_IOERR_SHMLOCK)?.file;
        let shm = self
            .shm
            .get_mut(&(self.generation, file))
            .ok_or(ffi::SQLITE_IOERR_SHMLOCK)?;
        if how & ffi::SQLITE_SHM_UNLOCK != 0 {
            shm.unlock(id, first, count);
            return Ok(());
        }
        let exclusive = how & ffi::SQLITE_SHM_EXCLUSIVE != 0;
        if shm.lock(id, first, count, exclusive) {
            Ok(())
        } else {
            Err(ffi::SQLITE_BUSY)
        }
    }

    /// Works for dead handles as well: what they mapped is freed with the last of them.
    pub(crate) fn unmap(&mut self, id: u64) {
        let Some(handle) = self.handles.get(&id) else {
            return;
        };
        let key = (handle.generation, handle.file);
        if self.shm.get_mut(&key).is_some_and(|shm| shm.leave(id)) {
            self.shm.remove(&key);
        }
    }
}
