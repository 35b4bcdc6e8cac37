//! Tests with real processes and no display.
//!
//! `headless-desk` is the agent's whole inside (profile, store, queue connector, worker processes,
//! the heart) with a script in the place of the window; only Tauri and the drawing are left out.
//! The tests kill it, the server and the road between them, and compare from outside what each
//! side holds.
//!
//! **Must never**: be part of a package, or sleep: every wait is for a line, a file, a socket or the
//! end of a process, and has a deadline.
