//! Sizes of the faulty disk.

/// A file's content is shared between images in pieces of this size.
pub const CHUNK_BYTES: usize = 4096;
/// The smallest and usual sector: what a disk writes at once, if it is not torn.
pub const SECTOR_BYTES: usize = 512;
/// The longest name of a file, with its end mark.
pub const NAME_BYTES_MAX: usize = 1024;
/// One sector in this many that was being written when power was lost is torn.
pub const TORN_ONE_IN: u64 = 8;
