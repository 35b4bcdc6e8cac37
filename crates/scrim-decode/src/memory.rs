//! The allocator of a worker: the system's, but running out of memory is an orderly exit that the parent can name.
#![allow(
    unsafe_code,
    reason = "an allocator is unsafe by its trait; this one only passes on and checks for null"
)]

use std::alloc::{GlobalAlloc, Layout, System};

use scrim_wire::worker::EXIT_MEMORY;

#[global_allocator]
static BOUNDED: Bounded = Bounded;

struct Bounded;

// SAFETY: every call goes to the system's allocator with the same arguments; a null answer ends the process.
unsafe impl GlobalAlloc for Bounded {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises are passed on.
        or_exit(unsafe { System.alloc(layout) })
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises are passed on.
        or_exit(unsafe { System.alloc_zeroed(layout) })
    }

    unsafe fn realloc(&self, start: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        // SAFETY: the caller's promises are passed on.
        or_exit(unsafe { System.realloc(start, layout, new_size) })
    }

    unsafe fn dealloc(&self, start: *mut u8, layout: Layout) {
        // SAFETY: the caller's promises are passed on.
        unsafe { System.dealloc(start, layout) }
    }
}

fn or_exit(start: *mut u8) -> *mut u8 {
    if start.is_null() {
        // SAFETY: `_exit` ends the process without running anything that could allocate.
        unsafe { libc::_exit(EXIT_MEMORY.into()) }
    }
    start
}
