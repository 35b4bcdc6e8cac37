//! What a medium is known by, found by a worker.

use scrim_model::pdq::PDQ_QUALITY_MAX;
use scrim_wire::worker::{JobKind, Made, MediumHashes, Rejection};

use crate::answer::{Failed, is_a_mediums_doing, said};
use crate::limits::NO_PICTURE_BYTES;
use crate::medium::Medium;
use crate::pool::Pool;

impl Pool {
    /// Hashes of a medium's bytes, and of its pixels if it is a picture. If decoding brings the worker down, or the
    /// medium is in quarantine, a worker that does not look into the medium hashes the bytes, and the reason stands in
    /// the picture's place.
    pub fn hashes(&self, medium: &Medium) -> Result<MediumHashes, Rejection> {
        match self.guarded(medium, || self.hashes_once(medium, true)) {
            Err(why) if is_a_mediums_doing(why) || is_of_the_medium(why) => {
                let of_bytes = self.unguarded(|| self.hashes_once(medium, false))?;
                Ok(MediumHashes {
                    picture: Err(why),
                    ..of_bytes
                })
            }
            done => done,
        }
    }

    fn hashes_once(&self, medium: &Medium, of_pixels: bool) -> Result<MediumHashes, Failed> {
        let kind = JobKind::Hashes { of_pixels };
        let (answer, _) = self.run(medium, kind, NO_PICTURE_BYTES)?;
        self.check_walls(medium, answer.posture)?;
        let hashes = checked_hashes(said(answer.result)?)?;
        match hashes.picture {
            // It would count against the medium if a picture were asked for.
            Err(why) if is_a_mediums_doing(why) => Err(why.into()),
            _ => Ok(hashes),
        }
    }
}

/// The hashes of an answer, if they can be true. Whether they are cannot be seen without hashing again.
pub fn checked_hashes(made: Made) -> Result<MediumHashes, Rejection> {
    let Made::Hashes(hashes) = made else {
        return Err(Rejection::BadAnswer);
    };
    let can_be = match hashes.picture {
        Ok(picture) => picture.quality <= PDQ_QUALITY_MAX,
        Err(why) => why.is_of_a_worker(),
    };
    can_be.then_some(hashes).ok_or(Rejection::BadAnswer)
}

/// Reasons of a medium that are no failure of its worker, and still leave no answer.
fn is_of_the_medium(why: Rejection) -> bool {
    matches!(why, Rejection::Quarantined | Rejection::Malformed)
}
