//! The parent side of decoding: media in memory, one confined worker for each job, every answer checked.
//!
//! * [`Medium`]: the bytes of one medium in sealed, wiped memory; never a file on a disk.
//! * [`Pool`]: starts `scrim-decode` for each job, ahead of it, ends it at its deadline, checks every number of its
//!   answer, and does not open again what has made two of them fail.
//! * [`MediumHashes`]: what a medium is known by, for lists and records; of its bytes even if it cannot be decoded.
//! * [`Sheet`], [`Still`] and [`Waveform`]: what is shown of video and audio, from workers of a program of their own,
//!   `scrim-decode-av`.
//! * [`Clip`] and [`Unheard`]: what is played of them, a second at a time.
//! * [`HashList`]: hashes of others, imported once and then only read.
//! * [`Covered`] and [`Clear`]: what may be shown at any time, and what may be shown after a durable reveal only. The
//!   second is made from [`Unrevealed`] pixels with a [`RevealProof`], and there is no other way. Sound is [`Unheard`]
//!   until it is [`Heard`] in the same way.
//!
//! This crate must never decode, never write media to a disk, never show or log what is in a medium, and never use
//! pixels of a worker that is still running. It is called by `scrim-runtime` from blocking threads.

mod answer;
mod clip;
mod hashes;
mod limits;
mod lists;
mod medium;
mod moving;
mod picture;
mod pool;
mod quarantine;
mod slots;
mod sound;
mod spares;
mod started;
mod walls;

pub use clip::Clip;
pub use hashes::checked_hashes;
pub use lists::{HashList, Imported, ListError, Listed, import_to};
pub use medium::Medium;
pub use moving::{Sheet, Still, Waveform, checked_moving};
pub use picture::{Clear, Covered, Picture, RevealProof, Unrevealed};
pub use pool::{Pool, PoolSettings, checked_len};
pub use scrim_wire::moving::{
    Container, MovingFacts, PictureCodec, PictureFacts, SoundCodec, SoundFacts, SoundLook,
};
pub use scrim_wire::worker::{
    Format, HashRule, MediumHashes, PictureHash, Posture, Rejection, Waived,
};
pub use sound::{Heard, Unheard};
