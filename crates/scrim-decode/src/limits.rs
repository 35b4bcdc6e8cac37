//! Named limits of decoding. Those that the parent checks too are in [`scrim_wire::worker`].

/// Long side of the level on which a cover is blurred, in pixels. No sharper picture than this is behind any cover.
pub const COVER_LEVEL_SIDE: u32 = 64;
/// Most bytes that one decoder of any format but JPEG may hold.
pub const DECODER_BYTES_MAX: u64 = 1_100_000_000;
/// Bytes that a decoder may hold for a picture of any size: profiles, tables, strips.
pub const DECODER_BYTES_ANY: u64 = 64 * 1024 * 1024;
/// Bytes that it may hold besides for each pixel: three copies of 16 bits in four channels.
pub const DECODER_BYTES_A_PIXEL: u64 = 24;
/// Most scans of a progressive JPEG; real files have about ten, hostile ones thousands.
pub const JPEG_SCANS_MAX: u32 = 200;
/// Most marker segments of a JPEG that are looked at for its orientation and colours.
pub const JPEG_SEGMENTS_MAX: usize = 256;
/// Bytes that each hash takes in turn: few enough to stay in the processor's cache from the first to the last.
pub const HASHED_AT_ONCE: usize = 16 * 1024;
/// Largest ICC profile that is looked at, in bytes; those of presses have up to three million.
pub const PROFILE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Most boxes at the top of an AVIF file that are looked at for an end that is missing.
pub const BOXES_MAX: usize = 256;
/// Most brands of a file that are looked at to know it as AVIF.
pub const BRANDS_MAX: usize = 64;
/// Least bytes of an item in one of the lists of an AVIF file; no list may claim more items than fit.
pub const ITEM_BYTES_MIN: usize = 8;
/// Most units of the AV1 stream of a still picture; each tile of its frame may have one.
pub const OBUS_MAX: usize = 8_192;
