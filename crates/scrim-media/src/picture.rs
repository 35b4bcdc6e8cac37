//! Pictures that a worker made and the parent has checked.

use std::os::fd::OwnedFd;

use scrim_wire::shared::SharedPicture;
use scrim_wire::worker::Rejection;

use crate::medium::rejection;

/// A checked picture in shared memory: opaque RGBA, 8 bits a channel, rows from the top, upright. Wiped on drop.
///
/// A picture by itself gives no access to its pixels: [`Covered`] and [`Clear`] do.
#[derive(Debug)]
pub struct Picture {
    shared: SharedPicture,
    sizes: Sizes,
    len: usize,
}

/// What the pool has checked of a picture's numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sizes {
    /// Width and height.
    pub(crate) size: (u32, u32),
    /// Width and height of the source, upright.
    pub(crate) source_size: (u32, u32),
    /// Frames of the source at least.
    pub(crate) frames: u32,
}

impl Picture {
    /// `shared` is frozen and holds at least `len` bytes.
    pub(crate) fn new(shared: SharedPicture, sizes: Sizes, len: usize) -> Self {
        Self { shared, sizes, len }
    }

    /// Width in pixels; in a clip, of each frame.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.sizes.size.0
    }

    /// Height in pixels; in a clip, of each frame.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.sizes.size.1
    }

    /// Width and height of the source, upright, in pixels; of a contact sheet or a clip, those of one frame.
    #[must_use]
    pub fn source_size(&self) -> (u32, u32) {
        self.sizes.source_size
    }

    /// The source has at least so many frames; 1 for one that does not move. More are not counted than can be asked for.
    #[must_use]
    pub fn frames(&self) -> u32 {
        self.sizes.frames
    }

    /// Bytes of the pixels: width × height × 4, in a clip of all its frames. The shared file may be longer.
    #[must_use]
    pub fn byte_len(&self) -> usize {
        self.len
    }

    fn bytes(&self) -> Result<&[u8], Rejection> {
        let bytes = self.shared.bytes().map_err(|error| rejection(&error))?;
        bytes.get(..self.len).ok_or(Rejection::BadAnswer)
    }

    fn read_only(&self) -> Result<OwnedFd, Rejection> {
        self.shared.read_only().map_err(|error| rejection(&error))
    }
}

/// A covered picture: may be shown at any time.
#[derive(Debug)]
pub struct Covered<P>(P);

impl Covered<Picture> {
    /// Only the pool makes covers, from an answer to a cover job.
    pub(crate) fn new(picture: Picture) -> Self {
        Self(picture)
    }

    /// Its sizes.
    #[must_use]
    pub fn picture(&self) -> &Picture {
        &self.0
    }

    /// The pixels, [`Picture::byte_len`] bytes.
    pub fn bytes(&self) -> Result<&[u8], Rejection> {
        self.0.bytes()
    }

    /// A read-only descriptor for the window, to be mapped with [`Picture::byte_len`] bytes.
    pub fn read_only(&self) -> Result<OwnedFd, Rejection> {
        self.0.read_only()
    }
}

/// Clear pixels that were decoded ahead and that nobody has been shown. They can only be dropped or revealed.
#[derive(Debug)]
pub struct Unrevealed(Picture);

impl Unrevealed {
    /// Only the pool makes these, from an answer to a fit job.
    pub(crate) fn new(picture: Picture) -> Self {
        Self(picture)
    }

    /// Its sizes.
    #[must_use]
    pub fn picture(&self) -> &Picture {
        &self.0
    }

    /// Opens the pixels for the reveal that `proof` names.
    #[must_use]
    pub fn reveal(self, proof: RevealProof) -> Clear<Picture> {
        Clear {
            picture: self.0,
            proof,
        }
    }
}

/// A clear picture: may be shown while the reveal of its proof is open.
#[derive(Debug)]
pub struct Clear<P> {
    picture: P,
    proof: RevealProof,
}

impl Clear<Picture> {
    /// Its sizes.
    #[must_use]
    pub fn picture(&self) -> &Picture {
        &self.picture
    }

    /// The reveal under which the pixels are open.
    #[must_use]
    pub fn reveal_id(&self) -> &str {
        &self.proof.reveal_id
    }

    /// The pixels, [`Picture::byte_len`] bytes.
    pub fn bytes(&self) -> Result<&[u8], Rejection> {
        self.picture.bytes()
    }

    /// A read-only descriptor for the window, to be mapped with [`Picture::byte_len`] bytes.
    pub fn read_only(&self) -> Result<OwnedFd, Rejection> {
        self.picture.read_only()
    }

    /// Ends the reveal and overwrites the pixels, also in a window that still maps them.
    pub fn wipe(mut self) {
        self.picture.shared.wipe();
    }
}

/// Says that a reveal is on disk. Needed to open clear pixels.
#[derive(Debug, PartialEq, Eq)]
pub struct RevealProof {
    reveal_id: String,
}

impl RevealProof {
    /// The reveal that is on disk.
    pub(crate) fn reveal_id(&self) -> &str {
        &self.reveal_id
    }

    /// Only the runtime calls this, and only after the store has said that the `reveal_opened` row of `reveal_id` is
    /// durable. Calling it anywhere else breaks the view log's promise that every look is recorded before it happens.
    #[must_use]
    pub fn from_durable(reveal_id: &str) -> Self {
        Self {
            reveal_id: reveal_id.to_owned(),
        }
    }
}
