//! Sound that a worker made and the parent has checked.

use std::os::fd::OwnedFd;

use scrim_wire::moving::MovingFacts;
use scrim_wire::shared::SharedPicture;
use scrim_wire::worker::Rejection;

use crate::limits::SAMPLE_BYTES;
use crate::medium::rejection;
use crate::picture::RevealProof;

/// The sound of a clip that was decoded ahead and that nobody has heard. It can only be dropped or revealed; both wipe
/// it in the end.
#[derive(Debug)]
pub struct Unheard {
    shared: SharedPicture,
    facts: MovingFacts,
    samples: u32,
}

impl Unheard {
    /// Only the pool makes these. `shared` is frozen and has room for so many samples.
    pub(crate) fn new(shared: SharedPicture, facts: MovingFacts, samples: u32) -> Self {
        Self {
            shared,
            facts,
            samples,
        }
    }

    /// The medium.
    #[must_use]
    pub fn facts(&self) -> &MovingFacts {
        &self.facts
    }

    /// How many samples there are, [`scrim_wire::moving::CLIP_RATE_HZ`] a second.
    #[must_use]
    pub fn samples(&self) -> u32 {
        self.samples
    }

    /// Opens the samples for the reveal that `proof` names.
    #[must_use]
    pub fn reveal(self, proof: RevealProof) -> Heard {
        Heard { sound: self, proof }
    }
}

/// The sound of a clip, which may be heard while the reveal of its proof is open: one channel, samples of 16 bits, the
/// lower byte first. Wiped on drop.
#[derive(Debug)]
pub struct Heard {
    sound: Unheard,
    proof: RevealProof,
}

impl Heard {
    /// How many samples there are, [`scrim_wire::moving::CLIP_RATE_HZ`] a second.
    #[must_use]
    pub fn samples(&self) -> u32 {
        self.sound.samples
    }

    /// Bytes of the samples. The shared file may be longer.
    #[must_use]
    pub fn byte_len(&self) -> usize {
        self.sound.samples as usize * SAMPLE_BYTES
    }

    /// The reveal under which it may be heard.
    #[must_use]
    pub fn reveal_id(&self) -> &str {
        self.proof.reveal_id()
    }

    /// The samples, [`Self::byte_len`] bytes.
    pub fn bytes(&self) -> Result<&[u8], Rejection> {
        let bytes = self.sound.shared.bytes();
        let bytes = bytes.map_err(|error| rejection(&error))?;
        bytes.get(..self.byte_len()).ok_or(Rejection::BadAnswer)
    }

    /// A read-only descriptor for who plays it, to be mapped with [`Self::byte_len`] bytes.
    pub fn read_only(&self) -> Result<OwnedFd, Rejection> {
        let shared = &self.sound.shared;
        shared.read_only().map_err(|error| rejection(&error))
    }

    /// Ends the reveal and overwrites the samples, also where they are still mapped.
    pub fn wipe(mut self) {
        self.sound.shared.wipe();
    }
}
