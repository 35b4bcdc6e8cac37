//! The worker link: one [`Job`] in, one [`Answer`] out, then the worker exits.
//!
//! A worker inherits its link and nothing else, raises its walls and waits. With its job come two descriptors, in this
//! order: the bytes of one medium (read-only), and the shared memory for the picture it makes. There is room for exactly
//! these two, so that they have known numbers. Pixels never travel on the link. Every number of an answer is a claim by a process
//! that has read hostile bytes: the parent checks each of them again (`scrim-media`).
//!
//! The wire form is postcard over [`crate::link`] and frozen by a test; both ends are always of one build.

use scrim_model::FileHashes;
pub use scrim_model::hashes::{HashRule, PictureHash};
use serde::{Deserialize, Serialize};

use crate::moving::{MovingJob, MovingMade};

/// Descriptor number of the link in a worker: its standard input, which a parent can hand over without copying itself
/// first (ADR 0028).
pub const LINK_FD: i32 = 0;
/// Descriptor number of the medium's bytes in a worker: the first free one when its job comes.
pub const MEDIA_FD: i32 = 3;
/// Descriptor number of the picture's shared memory in a worker: the next, and the last that it may have.
pub const OUTPUT_FD: i32 = 4;
/// Descriptors that a worker may ever have: the link and the other standard ones, medium, picture.
pub const WORKER_FDS_MAX: u64 = 5;

/// Largest medium, in bytes.
pub const MEDIA_BYTES_MAX: u64 = 100_000_000;
/// Largest source picture, in pixels, read from its header before anything is decoded.
pub const SOURCE_PIXELS_MAX: u64 = 256_000_000;
/// Longest side of a source picture, in pixels.
pub const SOURCE_SIDE_MAX: u32 = 65_535;
/// Longest side of a cover, in pixels.
pub const COVER_SIDE_MAX: u32 = 512;
/// Largest fitted picture, in pixels (256 MiB of RGBA).
pub const FIT_PIXELS_MAX: u64 = 64 * 1024 * 1024;
/// Longest side of a fitted picture, in pixels.
pub const FIT_SIDE_MAX: u32 = 16_384;
/// Most frames of a picture that are counted, and can be asked for.
pub const FRAMES_MAX: u32 = 10_000;
/// Address space of one worker, in bytes.
pub const WORKER_MEMORY_BYTES_MAX: u64 = 2 * 1024 * 1024 * 1024;
/// Processor time of one worker, in seconds; the deadline is shorter, this holds if the parent is gone.
pub const WORKER_CPU_SECONDS_MAX: u64 = 10;
/// Weakest blur that counts as a cover, in thousandths of the long side. Anything sharper is a reveal.
pub const COVER_SIGMA_PER_MILLE_MIN: u16 = 10;
/// Strongest blur that makes sense, in thousandths of the long side.
pub const COVER_SIGMA_PER_MILLE_MAX: u16 = 200;
/// Least σ of a softened picture, in ten-thousandths of the long side; below it a picture is clear.
pub const SOFT_SIGMA_PER_MYRIAD_MIN: u16 = 10;
/// Greatest σ of a softened picture: from there on it is a cover.
pub const SOFT_SIGMA_PER_MYRIAD_MAX: u16 = 99;
/// Exit status of a worker that ran out of memory.
pub const EXIT_MEMORY: u8 = 86;
/// Exit status of a worker whose parent is of another build.
pub const EXIT_WRONG_BUILD: u8 = 87;
/// Exit status of a worker that was not started by Scrim.
pub const EXIT_NOT_INHERITED: u8 = 88;
/// Exit status of a worker whose decoder failed over a medium at a place from which there is no way back to an answer.
pub const EXIT_MALFORMED: u8 = 89;

/// What the parent wants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// [`crate::build_id::BUILD_ID`] of the parent.
    pub build: String,
    /// What to make.
    pub kind: JobKind,
    /// Length of the medium, in bytes.
    pub media_len: u64,
    /// Room for the picture, in bytes.
    pub output_len: u64,
    /// When the parent will kill the worker, in milliseconds from now.
    pub deadline_ms: u32,
    /// What the medium may ask for.
    pub limits: JobLimits,
    /// Which frame of a picture that moves is to be shown, from 0; the hash of a picture is always of the first.
    pub frame: u32,
    /// Which walls the worker may lack and do the job all the same.
    pub waived: Waived,
}

/// Limits of one job; the parent may set them below the constants of this module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobLimits {
    /// Largest source picture, in pixels.
    pub source_pixels_max: u64,
    /// Longest side of a source picture, in pixels.
    pub source_side_max: u32,
}

impl Default for JobLimits {
    fn default() -> Self {
        Self {
            source_pixels_max: SOURCE_PIXELS_MAX,
            source_side_max: SOURCE_SIDE_MAX,
        }
    }
}

/// The few tones of a cover that is drawn, and its lines. Figures are a judgement.
pub struct SketchTones;

impl SketchTones {
    /// Grey levels of the tones, darkest first.
    pub const TONES: [u8; 5] = [52, 98, 144, 190, 232];
    /// Grey level of the lines, where the cover turns from one tone to the next.
    pub const LINE: u8 = 24;

    /// The tone, a grey level, that stands for a luma.
    #[must_use]
    pub fn of(luma: u8) -> u8 {
        Self::TONES[usize::from(luma) * Self::TONES.len() / 256]
    }
}

/// What to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum JobKind {
    /// A covered preview: the long side is [`COVER_SIDE_MAX`] pixels.
    Cover {
        /// Gaussian σ in thousandths of the long side: 10, 25 or 50.
        sigma_per_mille: u16,
        /// Without colour.
        grey: bool,
        /// Few tones and lines, made from the finished cover; always without colour.
        sketch: bool,
    },
    /// The clear picture, shrunk (never enlarged) to fit a box.
    Fit {
        /// Width of the box, in pixels.
        max_width: u32,
        /// Height of the box, in pixels.
        max_height: u32,
    },
    /// Decode nothing, only say under which walls the worker runs.
    Probe,
    /// Between cover and clear, for a reveal of chosen strength: blurred less than the weakest cover.
    Soft {
        /// Width of the box, in pixels.
        max_width: u32,
        /// Height of the box, in pixels.
        max_height: u32,
        /// Gaussian σ in ten-thousandths of the long side: [`SOFT_SIGMA_PER_MYRIAD_MIN`] to
        /// [`SOFT_SIGMA_PER_MYRIAD_MAX`].
        sigma_per_myriad: u16,
    },
    /// No picture, only [`MediumHashes`].
    Hashes {
        /// Also of the pixels, which takes decoding. Without it the worker never looks into the medium and says
        /// [`Rejection::Unsupported`] in [`MediumHashes::picture`].
        of_pixels: bool,
    },
    /// Of a medium that lasts: video or audio. For `scrim-decode-av` only; its other jobs are probes.
    Moving(MovingJob),
}

/// What the worker says, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// [`crate::build_id::BUILD_ID`] of the worker.
    pub build: String,
    /// The walls that were in force while it decoded.
    pub posture: Posture,
    /// What was made, or why nothing was.
    pub result: Result<Made, Rejection>,
}

/// What a worker made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Made {
    /// A picture that lies in the shared memory.
    Picture(DecodedInfo),
    /// Hashes, for [`JobKind::Hashes`] only.
    Hashes(MediumHashes),
    /// For [`JobKind::Moving`] only.
    Moving(MovingMade),
}

/// Hashes of one medium.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediumHashes {
    /// SHA-256 (FIPS 180-4) of the medium's bytes.
    pub sha256: [u8; 32],
    /// MD5 (RFC 1321) of the medium's bytes: for lists of others, proof of nothing.
    pub md5: [u8; 16],
    /// SHA-1 (FIPS 180-4) of the medium's bytes: for lists of others, proof of nothing.
    pub sha1: [u8; 20],
    /// Of the pixels, or why there is none: a medium that cannot be decoded has the hashes of its bytes all the same.
    pub picture: Result<PictureHash, Rejection>,
}

impl MediumHashes {
    /// SHA-256, MD5 and SHA-1 as lower-case hexadecimal digits.
    #[must_use]
    pub fn texts(&self) -> [String; 3] {
        [&self.sha256[..], &self.md5, &self.sha1]
            .map(|bytes| bytes.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// As they stand in a record.
    #[must_use]
    pub fn for_record(&self) -> FileHashes {
        let [sha256, md5, sha1] = self.texts();
        FileHashes {
            sha256,
            md5,
            sha1,
            picture: self.picture.ok(),
        }
    }
}

/// What lies in the shared memory: `width * height * 4` bytes of opaque RGBA, 8 bits a channel, rows from the top,
/// already turned upright.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecodedInfo {
    /// Width of the picture that was made, in pixels.
    pub width: u32,
    /// Height of the picture that was made, in pixels.
    pub height: u32,
    /// Width of the source, upright, in pixels.
    pub source_width: u32,
    /// Height of the source, upright, in pixels.
    pub source_height: u32,
    /// Format of the source, by its first bytes.
    pub format: Format,
    /// The source has at least so many frames; 1 to [`FRAMES_MAX`].
    pub frames: u32,
}

/// Formats that Scrim shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Format {
    /// JPEG.
    Jpeg,
    /// PNG, animated ones too; frame 0 is the default picture.
    Png,
    /// WebP, animated ones too.
    WebP,
    /// GIF, animated ones too.
    Gif,
    /// BMP.
    Bmp,
    /// TIFF, first picture.
    Tiff,
    /// AVIF, the picture that it names as its own.
    Avif,
}

/// Why a medium could not be shown. The item can always be decided without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
pub enum Rejection {
    /// The bytes end too early.
    #[error("This file is incomplete, so it could not be shown safely.")]
    Truncated,
    /// Not one of [`Format`], or a variant that is not supported.
    #[error("This kind of file is not supported, so it was not opened.")]
    Unsupported,
    /// Over a limit of bytes, pixels or side length.
    #[error("This file is larger than Scrim opens safely.")]
    TooLarge,
    /// The bytes break the rules of their format.
    #[error("This file is damaged or malformed, so it could not be shown safely.")]
    Malformed,
    /// The worker was stopped at its deadline.
    #[error("Opening this file took too long and was stopped.")]
    DeadlineExceeded,
    /// The worker asked for more memory than it may have.
    #[error("Opening this file needed too much memory and was stopped.")]
    MemoryExceeded,
    /// A wall could not be raised; nothing was decoded.
    #[error(
        "This computer cannot confine the program that opens files, so nothing was opened. Run `scrim doctor` to see what is missing."
    )]
    NoSandbox,
    /// The worker crashed or was stopped for something that it may not do.
    #[error(
        "Opening this file made the confined program fail. It was stopped; nothing else was affected."
    )]
    WorkerDied,
    /// The answer did not pass the parent's checks.
    #[error("The confined program gave an answer that cannot be right, so it was not used.")]
    BadAnswer,
    /// No bytes at all.
    #[error("This file is empty.")]
    Empty,
    /// The worker program is missing or cannot be started.
    #[error(
        "A program that opens files (scrim-decode, scrim-decode-av) could not be started, so nothing was opened. Install Scrim again, or build them with `cargo build -p scrim-decode -p scrim-decode-av`."
    )]
    NoWorker,
    /// The worker program is of another build.
    #[error(
        "A program that opens files (scrim-decode, scrim-decode-av) belongs to another build, so nothing was opened. Install all parts of Scrim from one package."
    )]
    WrongBuild,
    /// The system gave no memory, descriptor or process.
    #[error(
        "The computer is short of memory or of processes, so nothing was opened. Close other programs and try again."
    )]
    NoResources,
    /// The same bytes made workers fail too often in this run.
    #[error(
        "Opening this file made the confined program fail twice, so it is not opened again until Scrim is restarted. Nothing else was affected; the item can be decided without it."
    )]
    Quarantined,
    /// The picture has no frame of the number that was asked for.
    #[error("This picture has no such frame, so it was not shown. Its other frames can be.")]
    NoSuchFrame,
}

impl Rejection {
    /// One sentence for the moderator; says nothing about the content.
    #[must_use]
    pub fn sentence(self) -> String {
        self.to_string()
    }

    /// Whether the same medium may well be shown at another try.
    #[must_use]
    pub fn may_pass_later(self) -> bool {
        matches!(self, Self::DeadlineExceeded | Self::NoResources)
    }

    /// Whether a worker may say this of a medium. The other reasons are the parent's to find: a worker that gives one of
    /// them is not to be believed.
    #[must_use]
    pub fn is_of_a_worker(self) -> bool {
        match self {
            Self::Truncated
            | Self::Unsupported
            | Self::TooLarge
            | Self::Malformed
            | Self::MemoryExceeded
            | Self::NoSandbox
            | Self::BadAnswer
            | Self::Empty
            | Self::NoResources
            | Self::NoSuchFrame => true,
            Self::DeadlineExceeded
            | Self::WorkerDied
            | Self::NoWorker
            | Self::WrongBuild
            | Self::Quarantined => false,
        }
    }
}

/// The walls in force around a worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Posture {
    /// Landlock version in force; 0 is none.
    pub landlock_abi: u8,
    /// The system-call list is in force.
    pub seccomp: bool,
    /// Limits of memory, time, files, processes and file size are in force.
    pub rlimits: bool,
    /// Others of the same user cannot read its memory, and it leaves no core file.
    pub not_dumpable: bool,
}

impl Posture {
    /// Every wall.
    #[must_use]
    pub fn holds(self) -> bool {
        self.holds_but_for(Waived::default())
    }

    /// Every wall that decoding requires: all but those that whoever looks after this computer has waived.
    #[must_use]
    pub fn holds_but_for(self, waived: Waived) -> bool {
        let landlock = self.landlock_abi > 0 || waived.landlock;
        landlock && self.seccomp && self.rlimits && self.not_dumpable
    }
}

/// Walls that whoever looks after this computer lets workers do without. Nothing by default, and no other wall than
/// these can be waived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Waived {
    /// Landlock, which older kernels do not have. The list of system calls still denies every file and socket.
    pub landlock: bool,
}

#[cfg(test)]
#[path = "worker_tests.rs"]
mod tests;
