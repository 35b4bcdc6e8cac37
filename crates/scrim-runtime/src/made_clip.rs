//! What a worker made of a clip.

use scrim_media::{Clear, Clip, Covered, Heard, Picture};

/// One track of a clip. It is wiped when it is dropped.
pub enum MadeClip {
    /// Its frames under a cover.
    Covered(Clip<Covered<Picture>>),
    /// Its frames for a durable reveal.
    Clear(Clip<Clear<Picture>>),
    /// Its sound for a durable reveal.
    Sound(Heard),
}
