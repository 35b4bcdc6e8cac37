//! The child side of video and audio: one medium in, covered or clear stills, clips or a waveform out, under the walls of
//! a worker (`scrim_decode::sandbox`).
//!
//! The binary `scrim-decode-av` is a program of its own so that FFmpeg's libraries and all that they bring are loaded
//! only where a medium lasts; pictures are `scrim-decode`'s. Which of FFmpeg's many readers may run is a short list:
//! the first bytes choose one of five containers ([`container`]), and only decoders that are named in [`codecs`] are
//! ever opened. No protocol, no file, no thread, no hardware.
//!
//! It must never run outside of a worker's walls, choose a reader by a file's name or by guessing, decode a whole
//! medium for one still, or go on past its share of the deadline: what was reached by then is what is shown.

pub mod codecs;
pub mod container;
pub mod limits;

mod av;
mod band;
mod budget;
mod clip;
mod line;
mod medium;
mod reel;
mod sheet;
mod sound;
mod still;
mod waveform;
mod work;

pub use work::{settle, work};
