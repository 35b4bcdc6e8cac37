//! Tests with real processes, on no display or on one of their own.
//!
//! `headless-desk` is the agent's whole inside (profile, store, queue connector, worker processes,
//! the heart) with a script in the place of the window; only Tauri and the drawing are left out.
//! The tests kill it, the server and the road between them, and compare from outside what each
//! side holds.
//!
//! The real agent and the real window are driven by `hands.py`, one command a line, through the
//! accessibility bus and by what the display shows. `without-landlock` takes a wall away.
//!
//! `faults` is the matrix of who is killed at which step; `fault-table` prints what its tests saw.
//!
//! **Must never**: be part of a package, or sleep: every wait is for a line, a file, a socket or the
//! end of a process, and has a deadline.

pub mod faults;
