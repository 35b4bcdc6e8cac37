//! What several parts of one world hold. A world has one thread: no lock is ever waited for.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Opens a lock. A world that panicked is only looked at for its trace afterwards.
pub(crate) fn open<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}
