//! The child side of decoding: bytes in, checked pixels out, under walls.
//!
//! The binary `scrim-decode` is started by `scrim-media` once for each job, ahead of it. It gives up every right
//! ([`sandbox`]), waits, reads one job from its link, decodes one medium from shared memory ([`decode`]), writes one opaque
//! RGBA picture to other shared memory or finds the medium's hashes ([`hashes`]), answers once and exits. Media is hostile
//! input: a worker has no authority to lose.
//!
//! It must never open a file, a socket or a process, decode without its walls, trust a file name, or keep anything for
//! the next job. A covered preview never holds the clear picture of a large JPEG: it is decoded at reduced size.
//!
//! This library exists for the binary, its tests and the benches, and for `scrim-decode-av`, which has the same walls and
//! covers; nothing else may link the decoders.

pub mod cover;
pub mod decode;
pub mod fit;
pub mod hashes;
pub mod limits;
pub mod pdq;
pub mod pixels;
pub mod run;
pub mod sandbox;
pub mod sketch;
pub mod soft;

mod av1;
mod avif;
mod colours;
mod descriptors;
mod eighth;
mod frames;
mod huffman;
mod jpeg;
mod means;
mod obu;
mod segments;
mod source;
mod still;
mod yuv;
