//! Named limits of decoding what lasts. Those that the parent checks too are in [`scrim_wire::moving`].

/// Bytes that a container's reader may look through to learn which streams there are.
pub const PROBE_BYTES_MAX: i64 = 5_000_000;
/// Playing time that it may look through for that, in microseconds.
pub const PROBE_US_MAX: i64 = 2_000_000;
/// Packets that it may look through for that.
pub const PROBE_PACKETS_MAX: i64 = 500;
/// Most streams in one medium.
pub const STREAMS_MAX: i64 = 32;
/// Most bytes that FFmpeg may ask for at once: one frame at most, with room for 16-bit samples.
pub const ALLOCATION_BYTES_MAX: usize = 600_000_000;
/// Packets read for one still, or for one stretch of sound.
pub const PACKETS_MAX: u32 = 20_000;
/// Packets that may be broken before a medium is.
pub const BROKEN_PACKETS_MAX: u32 = 64;
/// Bytes that the reader takes from the medium at a time.
pub const READ_BYTES: usize = 32 * 1024;
/// Of the time until a worker's deadline, thousandths after which nothing new is begun.
pub const SHARE_OF_DEADLINE_PER_MILLE: u32 = 500;
/// Of that, thousandths that may go into learning where a medium ends.
pub const SHARE_FOR_END_PER_MILLE: u32 = 200;
/// So long before the end a reader begins to look for it, in milliseconds.
pub const BEFORE_END_MS: u32 = 10_000;
/// Up to this long a medium's sound is decoded whole for its waveform; of longer ones, samples are.
pub const WHOLE_SOUND_MS_MAX: u32 = 30_000;
/// Frames of sound that are decoded at each place of a longer one; the first after a jump is often silent.
pub const SOUND_FRAMES_AT_ONCE: u32 = 4;
/// A still that lies so far ahead, in milliseconds, is decoded up to rather than jumped to.
pub const AHEAD_MS: u32 = 2_000;
/// On the way to a still, frames that no other one needs are left out up to so long before it, in milliseconds.
pub const EXACT_BEFORE_MS: u32 = 500;
/// Grey of a place on a contact sheet whose still cannot be decoded.
pub const EMPTY_CELL_GREY: u8 = 128;
/// A frame of a clip begins at least so long after the one before, in milliseconds.
pub const CLIP_FRAME_GAP_MS: u32 = 33;
/// So long before a clip its sound is decoded, so that decoder and band are settled when it begins, in milliseconds.
pub const CLIP_LEAD_MS: u32 = 500;
/// Samples behind a clip that are decoded, as a share of a second: resampling looks a little ahead.
pub const CLIP_TAIL_SHARE: u32 = 50;
/// The same, in samples at least.
pub const CLIP_TAIL_SAMPLES_MIN: u32 = 64;
/// Frames of sound that begin so much earlier or later than the one before ends, as a share of a second, follow it
/// without a gap: many containers round times to milliseconds.
pub const SOUND_ROUNDING_SHARE: u32 = 300;
/// A sample that a file makes louder than this is held to it; 1.0 is full scale.
pub const SAMPLE_MAX: f32 = 4.0;
