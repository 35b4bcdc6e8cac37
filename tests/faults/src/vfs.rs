//! The file system as SQLite calls it: names, opening, deleting.
#![allow(
    unsafe_code,
    reason = "SQLite calls a file system through C function pointers with raw arguments"
)]

use std::ffi::{CStr, CString, c_char, c_int};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::ffi;

use crate::file::{self, File};
use crate::limits::NAME_BYTES_MAX;
use crate::state::{State, Wish};

static NEXT_NAME: AtomicU64 = AtomicU64::new(1);
/// Noon of 2026-01-01 as a Julian day in milliseconds: the same in every run.
const NOW_JULIAN_MS: i64 = 212_634_331_200_000;

/// A disk that SQLite knows by name. Open files hold it as well, so that it outlives them.
#[derive(Debug)]
pub(crate) struct Shared {
    name: CString,
    name_text: String,
    state: Mutex<State>,
    vfs: Mutex<Registered>,
}

#[derive(Debug)]
struct Registered(Option<Box<ffi::sqlite3_vfs>>);

// SAFETY: the structure is changed by SQLite only, under its own global lock; its pointers lead to
// `Shared`, which is Sync but for this field.
unsafe impl Send for Registered {}

impl Shared {
    pub(crate) fn register(state: State) -> Arc<Shared> {
        let number = NEXT_NAME.fetch_add(1, Ordering::Relaxed);
        let name_text = format!("scrim-faults-{number}");
        let shared = Arc::new(Shared {
            name: CString::new(name_text.clone()).unwrap_or_default(),
            name_text,
            state: Mutex::new(state),
            vfs: Mutex::new(Registered(None)),
        });
        let mut vfs = Box::new(functions());
        vfs.zName = shared.name.as_ptr();
        vfs.pAppData = Arc::as_ptr(&shared).cast_mut().cast();
        // SAFETY: structure and name stay where they are until `drop` has unregistered them.
        let answer = unsafe { ffi::sqlite3_vfs_register(&mut *vfs, 0) };
        assert_eq!(answer, ffi::SQLITE_OK, "SQLite takes a file system");
        shared.vfs.lock().unwrap_or_else(PoisonError::into_inner).0 = Some(vfs);
        shared
    }

    pub(crate) fn name(&self) -> &str {
        &self.name_text
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        let registered = self.vfs.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(vfs) = &mut registered.0 {
            // SAFETY: registered in `register`, and no file is open: each would hold `self`.
            unsafe { ffi::sqlite3_vfs_unregister(&mut **vfs) };
        }
    }
}

fn functions() -> ffi::sqlite3_vfs {
    ffi::sqlite3_vfs {
        iVersion: 2,
        szOsFile: size_of::<File>() as c_int,
        mxPathname: NAME_BYTES_MAX as c_int,
        pNext: std::ptr::null_mut(),
        zName: std::ptr::null(),
        pAppData: std::ptr::null_mut(),
        xOpen: Some(open),
        xDelete: Some(delete),
        xAccess: Some(access),
        xFullPathname: Some(full_path),
        xDlOpen: None,
        xDlError: None,
        xDlSym: None,
        xDlClose: None,
        xRandomness: Some(randomness),
        xSleep: Some(sleep),
        xCurrentTime: Some(current_time),
        xGetLastError: Some(last_error),
        xCurrentTimeInt64: Some(current_time_ms),
        xSetSystemCall: None,
        xGetSystemCall: None,
        xNextSystemCall: None,
    }
}

/// # Safety
/// `vfs` is one that [`Shared::register`] made and whose disk is alive.
unsafe fn shared<'a>(vfs: *mut ffi::sqlite3_vfs) -> &'a Shared {
    // SAFETY: `pAppData` leads to the `Shared` that owns the structure.
    unsafe { &*(*vfs).pAppData.cast::<Shared>() }
}

/// # Safety
/// `name` ends with a zero byte.
unsafe fn text(name: *const c_char) -> String {
    // SAFETY: as promised by the caller.
    unsafe { CStr::from_ptr(name) }
        .to_string_lossy()
        .into_owned()
}

unsafe extern "C" fn open(
    vfs: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    out: *mut ffi::sqlite3_file,
    flags: c_int,
    flags_out: *mut c_int,
) -> c_int {
    // SAFETY: SQLite gives room for `szOsFile` bytes at `out`, a name or null, and null or an int.
    unsafe {
        (*out).pMethods = std::ptr::null();
        let disk = shared(vfs);
        let name = (!name.is_null()).then(|| text(name));
        match disk.state().open(name.as_deref(), Wish(flags)) {
            Ok((handle, flags)) => {
                // One more owner, until the file is closed.
                Arc::increment_strong_count(std::ptr::from_ref(disk));
                file::fill(out, disk, handle);
                if !flags_out.is_null() {
                    *flags_out = flags;
                }
                ffi::SQLITE_OK
            }
            Err(code) => code,
        }
    }
}

unsafe extern "C" fn delete(vfs: *mut ffi::sqlite3_vfs, name: *const c_char, sync: c_int) -> c_int {
    // SAFETY: arguments as SQLite documents them.
    let (disk, name) = unsafe { (shared(vfs), text(name)) };
    file::code(disk.state().delete(&name, sync != 0))
}

unsafe extern "C" fn access(
    vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    _flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: arguments as SQLite documents them.
    unsafe { *out = c_int::from(shared(vfs).state().exists(&text(name))) };
    ffi::SQLITE_OK
}

unsafe extern "C" fn full_path(
    _vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    room: c_int,
    out: *mut c_char,
) -> c_int {
    // SAFETY: `name` ends with zero, and `out` has `room` bytes.
    unsafe {
        let bytes = CStr::from_ptr(name).to_bytes_with_nul();
        if bytes.len() > room as usize {
            return ffi::SQLITE_CANTOPEN;
        }
        std::ptr::copy_nonoverlapping(bytes.as_ptr().cast(), out, bytes.len());
    }
    ffi::SQLITE_OK
}

/// Noise that is the same in every run; SQLite seeds its own generator with the default system's.
unsafe extern "C" fn randomness(
    _vfs: *mut ffi::sqlite3_vfs,
    bytes: c_int,
    out: *mut c_char,
) -> c_int {
    // SAFETY: `out` has `bytes` bytes.
    let room = unsafe { std::slice::from_raw_parts_mut(out.cast::<u8>(), bytes as usize) };
    crate::Seeded::new(0).fill(room);
    bytes
}

/// Time does not pass here; another thread may go on.
unsafe extern "C" fn sleep(_vfs: *mut ffi::sqlite3_vfs, microseconds: c_int) -> c_int {
    std::thread::yield_now();
    microseconds
}

unsafe extern "C" fn current_time(_vfs: *mut ffi::sqlite3_vfs, out: *mut f64) -> c_int {
    // SAFETY: SQLite gives a place for the answer.
    unsafe { *out = NOW_JULIAN_MS as f64 / 86_400_000.0 };
    ffi::SQLITE_OK
}

unsafe extern "C" fn current_time_ms(_vfs: *mut ffi::sqlite3_vfs, out: *mut i64) -> c_int {
    // SAFETY: SQLite gives a place for the answer.
    unsafe { *out = NOW_JULIAN_MS };
    ffi::SQLITE_OK
}

unsafe extern "C" fn last_error(
    _vfs: *mut ffi::sqlite3_vfs,
    _room: c_int,
    _out: *mut c_char,
) -> c_int {
    0
}

/// For [`file`]: gives back the owner that an open file was.
///
/// # Safety
/// `disk` came from [`open`], and this is its file's end.
pub(crate) unsafe fn release(disk: *const Shared) {
    // SAFETY: as promised by the caller.
    unsafe { Arc::decrement_strong_count(disk) };
}
