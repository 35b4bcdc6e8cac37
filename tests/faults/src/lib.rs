//! A disk in memory that fails on purpose, as a file system (VFS) of SQLite.
//!
//! Tests of the store, of the server's storage and the simulation open their databases on it. Every
//! [`Disk`] is a world of its own under a name of its own; pass [`Disk::vfs`] where a database is
//! opened. Nothing is written to the machine's real disks, nothing sleeps, and the same calls with
//! the same [`Seeded`] give the same faults.
//!
//! # The model
//!
//! What was written is kept apart from what is durable. A sync of a file makes that file's content
//! durable; the first sync of a new journal or log, and a deletion that asks for it, make the
//! directory durable as well, as SQLite does on Unix. At a loss of power
//!
//! - each sector of a file holds what was durable or what it held after any one of the writes since,
//!   each sector for itself, so writes are reordered at will;
//! - a sector that was being written is sometimes torn: the first bytes of that write are there, or
//!   noise. Bytes of a sector outside a write are never harmed (`POWERSAFE_OVERWRITE`, which SQLite
//!   takes for granted on every system that Scrim runs on);
//! - a file's size is one of those that it had since its last sync, in their order; what lies
//!   between is zeros. A cut that was not kept leaves the old bytes;
//! - creations, deletions and renames are kept up to some point in their order, because file systems
//!   with a journal keep that order. They are independent of the files' contents.
//!
//! # Faults
//!
//! Syncs that lie, once or always ([`Lies`]); a machine that dies at the n-th change; one change
//! that fails, and a sync that fails and forgets what it should have written; a full disk; a
//! read-only disk; a flipped bit, on the disk or in one read.
//!
//! | module | what |
//! | --- | --- |
//! | `disk` | what tests call |
//! | `image` | files of a disk without a machine: to keep, to compare, to open again |
//! | `medium` | files, directory and what is not durable yet |
//! | `loss` | what a loss of power leaves |
//! | `state` | medium, open files, locks and faults of one disk |
//! | `sharing`, `locks` | what connections to one file share |
//! | `vfs`, `file` | what SQLite calls |
//! | `shm` | the log's index in plain memory, which WAL needs; with those two the only `unsafe` |

mod content;
mod disk;
mod file;
mod image;
pub mod limits;
mod locks;
mod loss;
mod medium;
mod seeded;
mod sharing;
mod shm;
mod state;
mod vfs;

pub use disk::{Disk, Lies, Moment};
pub use image::Image;
pub use seeded::Seeded;
