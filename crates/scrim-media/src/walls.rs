//! Behind which walls workers stand, and what is made of one that is missing.

use scrim_wire::worker::{JobKind, Posture, Rejection, Waived};

use crate::answer::Failed;
use crate::limits::NO_PICTURE_BYTES;
use crate::medium::Medium;
use crate::pool::Pool;
use crate::spares::Spares;

impl Pool {
    /// Which walls a worker of this pool stands behind, for `scrim doctor`. Decodes nothing. A posture that does not
    /// hold is an answer here, not an error.
    pub fn posture(&self) -> Result<Posture, Rejection> {
        self.posture_of(&self.spares)
    }

    /// The same of a worker for video and audio.
    pub fn moving_posture(&self) -> Result<Posture, Rejection> {
        self.posture_of(&self.moving_spares)
    }

    fn posture_of(&self, spares: &Spares) -> Result<Posture, Rejection> {
        let nothing = Medium::copy(&[0])?;
        let probe = || self.run_by(spares, &nothing, (JobKind::Probe, 0), NO_PICTURE_BYTES);
        let (answer, _) = self.unguarded(probe)?;
        Ok(answer.posture)
    }

    /// Whether an answer counts, by the walls that it was made behind. The medium keeps that one was missing.
    pub(crate) fn check_walls(&self, medium: &Medium, posture: Posture) -> Result<(), Rejection> {
        if !posture.holds_but_for(self.settings.waived) {
            return Err(Rejection::NoSandbox);
        }
        if !posture.holds() {
            medium.opened_without_landlock();
        }
        Ok(())
    }

    /// A worker that ended without an answer has not said behind which walls. One that looks at nothing says it for it;
    /// in doubt it was the weaker ones.
    pub(crate) fn check_walls_of_the_dead(&self, medium: &Medium) {
        if self.settings.waived == Waived::default() {
            return;
        }
        let nothing = Medium::copy(&[0]).map_err(Failed::from);
        let answer = nothing.and_then(|nothing| {
            self.run_by(
                &self.spares,
                &nothing,
                (JobKind::Probe, 0),
                NO_PICTURE_BYTES,
            )
        });
        if !answer.is_ok_and(|(answer, _)| answer.posture.holds()) {
            medium.opened_without_landlock();
        }
    }
}
