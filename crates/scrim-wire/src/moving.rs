//! Jobs for media that last: video and audio. Part of the worker link, see [`crate::worker`].
//!
//! Times are whole milliseconds from the start of the medium. A frame begins at the first whole millisecond at which it
//! is shown, so "the frame before the one that begins at `t`" is the still at `t - 1`.

use serde::{Deserialize, Serialize};

/// Longest medium that is opened, in milliseconds: a day.
pub const DURATION_MS_MAX: u32 = 24 * 60 * 60 * 1000;
/// Largest frame of a video, in pixels: a little above 8K.
pub const FRAME_PIXELS_MAX: u64 = 36_000_000;
/// Longest side of a video's frame, in pixels.
pub const FRAME_SIDE_MAX: u32 = 16_384;
/// Most channels of sound.
pub const CHANNELS_MAX: u8 = 8;
/// Highest rate of sound, in samples per second.
pub const RATE_HZ_MAX: u32 = 192_000;
/// Fewest stills on a contact sheet.
pub const SHEET_STILLS_MIN: u8 = 4;
/// Most stills on a contact sheet.
pub const SHEET_STILLS_MAX: u8 = 16;
/// Longest side of one still on a contact sheet, in pixels.
pub const SHEET_CELL_SIDE: u32 = 256;
/// Peaks of a waveform.
pub const WAVEFORM_PEAKS: usize = 512;
/// How much of a medium's time one clip holds, in milliseconds. Clip `n` begins at `n * CLIP_MS`.
pub const CLIP_MS: u32 = 1000;
/// Most frames of one clip; frames closer than a thirtieth of a second to the one before are left out.
pub const CLIP_FRAMES_MAX: usize = 30;
/// Longest side of the box of a clip's clear or softened frames, in pixels.
pub const CLIP_SIDE_MAX: u32 = 1280;
/// Long side of a clip's covered frames, in pixels: a blur of 1 % and more needs no more.
pub const CLIP_COVER_SIDE: u32 = 160;
/// Samples per second of a clip's sound.
pub const CLIP_RATE_HZ: u32 = 24_000;
/// Most decibels by which a clip's sound is made softer.
pub const SOUND_CAP_DB_MAX: u8 = 60;

/// What to make of a medium that lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum MovingJob {
    /// Covered stills spread over the whole time, in one picture; see [`SheetGrid`].
    Sheet {
        /// [`SHEET_STILLS_MIN`] to [`SHEET_STILLS_MAX`].
        stills: u8,
        /// How each of them is covered.
        cover: CoverLook,
    },
    /// What is on the screen at one time.
    Still {
        /// The time, in milliseconds.
        at_ms: u32,
        /// What to make of it.
        make: StillKind,
    },
    /// How loud it is over the whole time: [`WAVEFORM_PEAKS`] bytes in the shared memory, 255 is full scale.
    Waveform,
    /// The frames of one clip.
    Frames {
        /// Which clip, from 0.
        clip: u32,
        /// What to make of each; covers are [`CLIP_COVER_SIDE`] pixels on the long side.
        make: StillKind,
    },
    /// The sound of one clip, mixed to one channel: samples of 16 bits, the lower byte first, [`CLIP_RATE_HZ`] a second.
    Sound {
        /// Which clip, from 0.
        clip: u32,
        /// How it is covered.
        look: SoundLook,
    },
}

/// How sound is covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SoundLook {
    /// No sample is louder than so many decibels below full scale: 0 to [`SOUND_CAP_DB_MAX`].
    pub cap_db: u8,
    /// Only 300 to 3,400 Hz, as on a telephone.
    pub narrow: bool,
}

impl SoundLook {
    /// Whether sound may be covered like this.
    #[must_use]
    pub fn can_be(&self) -> bool {
        self.cap_db <= SOUND_CAP_DB_MAX
    }
}

/// How a cover looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverLook {
    /// Gaussian σ in thousandths of the long side: 10, 25 or 50.
    pub sigma_per_mille: u16,
    /// Without colour.
    pub grey: bool,
    /// Few tones and lines, made from the finished cover.
    pub sketch: bool,
}

/// What to make of one frame; each is made as from a picture, see [`crate::worker::JobKind`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum StillKind {
    /// A cover.
    Cover(CoverLook),
    /// The clear frame in a box.
    Fit {
        /// Width of the box, in pixels.
        max_width: u32,
        /// Height of the box, in pixels.
        max_height: u32,
    },
    /// The softened frame in a box.
    Soft {
        /// Width of the box, in pixels.
        max_width: u32,
        /// Height of the box, in pixels.
        max_height: u32,
        /// Gaussian σ in ten-thousandths of the long side.
        sigma_per_myriad: u16,
    },
}

/// What was made, and the facts of the medium with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovingMade {
    /// The medium.
    pub facts: MovingFacts,
    /// What lies in the shared memory.
    pub made: MovingOutput,
}

/// What lies in the shared memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum MovingOutput {
    /// A contact sheet, opaque RGBA.
    Sheet {
        /// Width of each still, in pixels.
        cell_width: u32,
        /// Height of each still, in pixels.
        cell_height: u32,
    },
    /// One still, opaque RGBA, upright.
    Still {
        /// Width, in pixels.
        width: u32,
        /// Height, in pixels.
        height: u32,
        /// When this frame begins. It may lie before the time that was asked for: a frame stays until the next, and
        /// where decoding up to the time would take too long, it is the last frame that was reached.
        at_ms: u32,
        /// When the next frame begins; none if this is the last, or if it is not known.
        next_ms: Option<u32>,
    },
    /// [`WAVEFORM_PEAKS`] bytes.
    Waveform,
    /// The frames of a clip, equally large, one after the other: opaque RGBA, upright.
    Frames {
        /// Width of each, in pixels.
        width: u32,
        /// Height of each, in pixels.
        height: u32,
        /// How many there are, and when each begins.
        frames: ClipFrames,
    },
    /// The sound of a clip.
    Sound {
        /// How many samples: all of the clip's time, silence where the medium has no sound.
        samples: u32,
    },
}

/// When the frames of a clip begin. The first one is what is on the screen at the clip's start; it may have begun before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClipFrames {
    /// How many there are: 1 to [`CLIP_FRAMES_MAX`].
    pub count: u8,
    /// Milliseconds from the clip's start, 0 first and then rising, below [`CLIP_MS`]; 0 behind the last frame.
    pub begins_ms: [u16; CLIP_FRAMES_MAX],
}

impl ClipFrames {
    /// When each frame begins; empty if there are more than there can be.
    #[must_use]
    pub fn times(&self) -> &[u16] {
        let count = usize::from(self.count);
        self.begins_ms.get(..count).unwrap_or_default()
    }

    /// Whether a worker may say this of a clip.
    #[must_use]
    pub fn can_be(&self) -> bool {
        let (times, count) = (self.times(), usize::from(self.count));
        let rises = times.windows(2).all(|pair| pair[0] < pair[1]);
        let rest = self.begins_ms.iter().skip(count);
        times.first() == Some(&0)
            && rises
            && times.iter().all(|&time| u32::from(time) < CLIP_MS)
            && rest.copied().all(|time| time == 0)
    }
}

/// How long a clip is, in milliseconds: [`CLIP_MS`], the last one of a medium less. None past the end.
#[must_use]
pub fn clip_len_ms(clip: u32, duration_ms: u32) -> Option<u32> {
    let begins = clip.checked_mul(CLIP_MS)?;
    let left = duration_ms.checked_sub(begins)?;
    (left > 0).then_some(left.min(CLIP_MS))
}

/// Samples of a clip's sound that is `len_ms` long.
#[must_use]
pub fn clip_samples(len_ms: u32) -> u32 {
    len_ms.min(CLIP_MS) * (CLIP_RATE_HZ / 1000)
}

/// A medium that lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovingFacts {
    /// How it is packed.
    pub container: Container,
    /// How long it lasts, 1 to [`DURATION_MS_MAX`].
    pub duration_ms: u32,
    /// Its pictures, if it has some that can be shown.
    pub picture: Option<PictureFacts>,
    /// Its sound, if it has some that can be played.
    pub sound: Option<SoundFacts>,
}

/// Moving pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureFacts {
    /// How they are compressed.
    pub codec: PictureCodec,
    /// Width as shown, upright, in pixels.
    pub width: u32,
    /// Height as shown, upright, in pixels.
    pub height: u32,
    /// Frames in a thousand seconds, by the file's own word; 0 if it does not say.
    pub frames_per_1000_s: u32,
}

/// Sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SoundFacts {
    /// How it is compressed.
    pub codec: SoundCodec,
    /// 1 to [`CHANNELS_MAX`].
    pub channels: u8,
    /// Samples per second, 1 to [`RATE_HZ_MAX`].
    pub rate_hz: u32,
}

/// How a medium that lasts is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Container {
    /// MP4, MOV and their kin.
    Mp4,
    /// WebM and Matroska.
    WebM,
    /// Ogg.
    Ogg,
    /// MP3 by itself.
    Mp3,
    /// WAV.
    Wav,
}

/// How moving pictures are compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PictureCodec {
    /// H.264.
    H264,
    /// VP8.
    Vp8,
    /// VP9.
    Vp9,
    /// AV1.
    Av1,
}

/// How sound is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SoundCodec {
    /// AAC.
    Aac,
    /// MP3.
    Mp3,
    /// Opus.
    Opus,
    /// Vorbis.
    Vorbis,
    /// Samples as they are.
    Pcm,
}

/// Where the stills of a contact sheet lie in its picture: side by side without gaps, the first at the top left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SheetGrid {
    /// Stills in a row.
    pub columns: u32,
    /// Rows; the last may be short.
    pub rows: u32,
}

impl SheetGrid {
    /// As near to a square as can be, wider rather than higher.
    #[must_use]
    pub fn of(stills: u8) -> Self {
        let stills = u32::from(stills.max(1));
        let columns = (1..)
            .find(|columns| columns * columns >= stills)
            .unwrap_or(1);
        Self {
            columns,
            rows: stills.div_ceil(columns),
        }
    }
}

/// The times of the stills on a contact sheet: each in the middle of its equal share of the duration.
#[must_use]
pub fn sheet_times(duration_ms: u32, stills: u8) -> Vec<u32> {
    let (duration, shares) = (u64::from(duration_ms), u64::from(stills.max(1)) * 2);
    (0..u64::from(stills))
        .map(|still| u32::try_from(duration * (2 * still + 1) / shares).unwrap_or(duration_ms))
        .collect()
}

impl MovingFacts {
    /// Whether a worker may say this of a medium.
    #[must_use]
    pub fn can_be(&self) -> bool {
        let picture = self.picture.is_none_or(|picture| {
            let pixels = u64::from(picture.width) * u64::from(picture.height);
            pixels > 0
                && pixels <= FRAME_PIXELS_MAX
                && picture.width.max(picture.height) <= FRAME_SIDE_MAX
        });
        let sound = self.sound.is_none_or(|sound| {
            (1..=CHANNELS_MAX).contains(&sound.channels)
                && (1..=RATE_HZ_MAX).contains(&sound.rate_hz)
        });
        let has_some = self.picture.is_some() || self.sound.is_some();
        has_some && picture && sound && (1..=DURATION_MS_MAX).contains(&self.duration_ms)
    }
}

#[cfg(test)]
#[path = "moving_tests.rs"]
mod tests;
