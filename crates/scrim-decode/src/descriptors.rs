//! Descriptors that a worker got without being meant to.
#![allow(
    unsafe_code,
    reason = "descriptors that somebody left open are known by their numbers only"
)]

use scrim_wire::worker::MEDIA_FD;

/// Closes all that lies where the descriptors of a job will be, or above: what a library of the parent had left open at
/// the start. Call it before anything in this process opens a descriptor. False if the system refuses.
pub(crate) fn close_strays() -> bool {
    let first = libc::c_long::from(MEDIA_FD);
    let (last, no_flags) = (libc::c_long::from(u32::MAX), 0);
    // SAFETY: nothing in this process owns a descriptor from `first` on yet, so nobody's is closed behind its back.
    unsafe { libc::syscall(libc::SYS_close_range, first, last, no_flags as libc::c_long) == 0 }
}
