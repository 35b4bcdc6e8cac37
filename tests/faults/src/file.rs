//! An open file as SQLite calls it.
#![allow(
    unsafe_code,
    reason = "SQLite calls a file through C function pointers with raw arguments"
)]

use std::ffi::{c_int, c_void};
use std::sync::atomic::{Ordering, fence};

use rusqlite::ffi;

use crate::state::Answer;
use crate::vfs::{Shared, release};

/// What lies in the room that SQLite gives for a file.
#[repr(C)]
pub(crate) struct File {
    base: ffi::sqlite3_file,
    disk: *const Shared,
    handle: u64,
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(reserved),
    xFileControl: Some(control),
    xSectorSize: Some(sector),
    xDeviceCharacteristics: Some(characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

pub(crate) fn code(answer: Answer) -> c_int {
    answer.err().unwrap_or(ffi::SQLITE_OK)
}

/// Makes `out` an open file of `disk`.
///
/// # Safety
/// `out` has room for a [`File`], and one owner of `disk` is given away with it.
pub(crate) unsafe fn fill(out: *mut ffi::sqlite3_file, disk: &Shared, handle: u64) {
    let file = File {
        base: ffi::sqlite3_file { pMethods: &METHODS },
        disk,
        handle,
    };
    // SAFETY: as promised by the caller.
    unsafe { out.cast::<File>().write(file) };
}

/// # Safety
/// `file` was filled by [`fill`] and is open.
unsafe fn open<'a>(file: *mut ffi::sqlite3_file) -> (&'a Shared, u64) {
    // SAFETY: the file is one of its disk's owners.
    unsafe {
        let file = &*file.cast::<File>();
        (&*file.disk, file.handle)
    }
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: the file is open, and is not used after this.
    unsafe {
        let (disk, handle) = open(file);
        disk.state().close(handle);
        (*file).pMethods = std::ptr::null();
        release(disk);
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn read(
    file: *mut ffi::sqlite3_file,
    out: *mut c_void,
    bytes: c_int,
    offset: i64,
) -> c_int {
    // SAFETY: the file is open, and `out` has `bytes` bytes.
    unsafe {
        let (disk, handle) = open(file);
        let out = std::slice::from_raw_parts_mut(out.cast::<u8>(), bytes as usize);
        code(disk.state().read(handle, offset as usize, out))
    }
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    from: *const c_void,
    bytes: c_int,
    offset: i64,
) -> c_int {
    // SAFETY: the file is open, and `from` has `bytes` bytes.
    unsafe {
        let (disk, handle) = open(file);
        let from = std::slice::from_raw_parts(from.cast::<u8>(), bytes as usize);
        code(disk.state().write(handle, offset as usize, from))
    }
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, len: i64) -> c_int {
    // SAFETY: the file is open.
    let (disk, handle) = unsafe { open(file) };
    code(disk.state().truncate(handle, len as usize))
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, _flags: c_int) -> c_int {
    // SAFETY: the file is open.
    let (disk, handle) = unsafe { open(file) };
    code(disk.state().sync(handle))
}

unsafe extern "C" fn size(file: *mut ffi::sqlite3_file, out: *mut i64) -> c_int {
    // SAFETY: the file is open, and `out` is a place for the answer.
    unsafe {
        let (disk, handle) = open(file);
        code(disk.state().len(handle).map(|len| *out = len as i64))
    }
}

unsafe extern "C" fn lock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    // SAFETY: the file is open.
    let (disk, handle) = unsafe { open(file) };
    code(disk.state().lock(handle, level))
}

unsafe extern "C" fn unlock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    // SAFETY: the file is open.
    let (disk, handle) = unsafe { open(file) };
    code(disk.state().unlock(handle, level))
}

unsafe extern "C" fn reserved(file: *mut ffi::sqlite3_file, out: *mut c_int) -> c_int {
    // SAFETY: the file is open, and `out` is a place for the answer.
    unsafe {
        let (disk, handle) = open(file);
        code(
            disk.state()
                .reserved(handle)
                .map(|reserved| *out = c_int::from(reserved)),
        )
    }
}

unsafe extern "C" fn control(
    _file: *mut ffi::sqlite3_file,
    _operation: c_int,
    _argument: *mut c_void,
) -> c_int {
    ffi::SQLITE_NOTFOUND
}

unsafe extern "C" fn sector(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: the file is open.
    let (disk, _) = unsafe { open(file) };
    disk.state().sector_bytes as c_int
}

unsafe extern "C" fn characteristics(_file: *mut ffi::sqlite3_file) -> c_int {
    ffi::SQLITE_IOCAP_POWERSAFE_OVERWRITE
}

unsafe extern "C" fn shm_map(
    file: *mut ffi::sqlite3_file,
    region: c_int,
    bytes: c_int,
    extend: c_int,
    out: *mut *mut c_void,
) -> c_int {
    // SAFETY: the file is open, and `out` is a place for the answer.
    unsafe {
        let (disk, handle) = open(file);
        *out = std::ptr::null_mut();
        let map = disk
            .state()
            .map(handle, region as usize, bytes as usize, extend != 0);
        code(map.map(|start| *out = start.cast()))
    }
}

unsafe extern "C" fn shm_lock(
    file: *mut ffi::sqlite3_file,
    first: c_int,
    count: c_int,
    how: c_int,
) -> c_int {
    // SAFETY: the file is open.
    let (disk, handle) = unsafe { open(file) };
    code(
        disk.state()
            .shm_lock(handle, first as usize, count as usize, how),
    )
}

unsafe extern "C" fn shm_barrier(_file: *mut ffi::sqlite3_file) {
    fence(Ordering::SeqCst);
}

unsafe extern "C" fn shm_unmap(file: *mut ffi::sqlite3_file, _delete: c_int) -> c_int {
    // SAFETY: the file is open.
    let (disk, handle) = unsafe { open(file) };
    disk.state().unmap(handle);
    ffi::SQLITE_OK
}
