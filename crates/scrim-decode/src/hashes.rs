//! What a medium is known by: hashes of its bytes, and of its pixels if it is a picture.

use md5::Md5;
use scrim_wire::worker::{HashRule, JobLimits, MediumHashes, PictureHash, Rejection};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::decode::{check_len, whole};
use crate::limits::HASHED_AT_ONCE;
use crate::pdq::pdq;

/// Hashes of a medium. The bytes are hashed before anything is decoded; bytes that are no picture, or a bad one, have a
/// reason in the picture's place. Errors: [`Rejection::Empty`], [`Rejection::TooLarge`] (over 100 MB).
pub fn hashes(bytes: &[u8], of_pixels: bool, limits: JobLimits) -> Result<MediumHashes, Rejection> {
    check_len(bytes)?;
    let (mut sha256, mut md5, mut sha1) = (Sha256::new(), Md5::new(), Sha1::new());
    for piece in bytes.chunks(HASHED_AT_ONCE) {
        sha256.update(piece);
        md5.update(piece);
        sha1.update(piece);
    }
    let picture = if of_pixels {
        whole(bytes, limits).map(|pixels| {
            let hashed = pdq(&pixels);
            PictureHash {
                rule: HashRule::FullSizeAsStored,
                pdq: hashed.hash,
                quality: hashed.quality,
            }
        })
    } else {
        Err(Rejection::Unsupported)
    };
    Ok(MediumHashes {
        sha256: sha256.finalize().into(),
        md5: md5.finalize().into(),
        sha1: sha1.finalize().into(),
        picture,
    })
}
