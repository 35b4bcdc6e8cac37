//! Clips: one second of a medium that plays, its frames or its sound.

use scrim_model::view::{CoverStep, CoverStyle};
use scrim_wire::moving::{
    CLIP_COVER_SIDE, CLIP_FRAMES_MAX, CLIP_MS, CLIP_SIDE_MAX, MovingFacts, MovingJob, MovingOutput,
    SoundLook, StillKind, clip_len_ms, clip_samples,
};
use scrim_wire::worker::Rejection;

use crate::limits::SAMPLE_BYTES;
use crate::medium::Medium;
use crate::moving::{box_kind, look, pictures};
use crate::picture::{Clear, Covered, Picture, RevealProof, Unrevealed};
use crate::pool::{Pool, pixel_bytes};
use crate::sound::Unheard;

/// The frames of one clip: what is on the screen from `n * CLIP_MS` on, for [`CLIP_MS`] or up to the medium's end.
#[derive(Debug)]
pub struct Clip<P> {
    /// The medium.
    pub facts: MovingFacts,
    /// The pixels of all frames, one frame after the other.
    pub frames: P,
    /// Width of each frame, in pixels.
    pub width: u32,
    /// Height of each frame, in pixels.
    pub height: u32,
    /// When each frame begins, in milliseconds from the clip's start: 0 first, then rising.
    pub times: Vec<u16>,
}

impl Pool {
    /// The covered frames of a clip, [`CLIP_COVER_SIDE`] pixels on the long side. [`Rejection::NoSuchFrame`] past the end.
    pub fn covered_clip(
        &self,
        medium: &Medium,
        clip: u32,
        step: CoverStep,
        style: CoverStyle,
    ) -> Result<Clip<Covered<Picture>>, Rejection> {
        let make = StillKind::Cover(look(step, style));
        let frames = self.frames(medium, clip, make, (CLIP_COVER_SIDE, CLIP_COVER_SIDE))?;
        Ok(frames.with(Covered::new))
    }

    /// The clear frames of a clip, fitted like [`Pool::fit`], or softened like [`Pool::soft`] by a σ in ten-thousandths
    /// of the long side; decoded ahead of a reveal. [`Rejection::TooLarge`] if the box is empty or over
    /// [`CLIP_SIDE_MAX`] a side, [`Rejection::BadAnswer`] for a σ that is a cover's or none.
    pub fn clear_clip(
        &self,
        medium: &Medium,
        clip: u32,
        bounds: (u32, u32),
        soft_sigma_per_myriad: Option<u16>,
    ) -> Result<Clip<Unrevealed>, Rejection> {
        let make = box_kind(bounds, soft_sigma_per_myriad)?;
        let frames = self.frames(medium, clip, make, bounds)?;
        Ok(frames.with(Unrevealed::new))
    }

    /// The sound of a clip, decoded ahead of a reveal. [`Rejection::BadAnswer`] for a look that no sound may have.
    pub fn sound_clip(
        &self,
        medium: &Medium,
        clip: u32,
        look: SoundLook,
    ) -> Result<Unheard, Rejection> {
        if !look.can_be() {
            return Err(Rejection::BadAnswer);
        }
        let room = clip_samples(CLIP_MS) as usize * SAMPLE_BYTES;
        let job = MovingJob::Sound { clip, look };
        self.moving(medium, job, room, |shared, facts, output| {
            let len_ms = clip_len_ms(clip, facts.duration_ms).ok_or(Rejection::BadAnswer)?;
            let samples = clip_samples(len_ms);
            if output != (MovingOutput::Sound { samples }) || facts.sound.is_none() {
                return Err(Rejection::BadAnswer);
            }
            Ok(Unheard::new(shared, facts, samples))
        })
    }

    fn frames(
        &self,
        medium: &Medium,
        clip: u32,
        make: StillKind,
        asked: (u32, u32),
    ) -> Result<Clip<Picture>, Rejection> {
        let one = pixel_bytes(asked.0, asked.1)
            .filter(|&one| one > 0 && asked.0.max(asked.1) <= CLIP_SIDE_MAX)
            .ok_or(Rejection::TooLarge)?;
        let room = one * CLIP_FRAMES_MAX;
        let job = MovingJob::Frames { clip, make };
        self.moving(medium, job, room, |shared, facts, output| {
            let MovingOutput::Frames {
                width,
                height,
                frames,
            } = output
            else {
                return Err(Rejection::BadAnswer);
            };
            let len_ms = clip_len_ms(clip, facts.duration_ms).ok_or(Rejection::BadAnswer)?;
            let times = frames.times();
            let is_within = times.last().is_some_and(|&last| u32::from(last) < len_ms);
            if !frames.can_be() || !is_within || width > asked.0 || height > asked.1 {
                return Err(Rejection::BadAnswer);
            }
            Ok(Clip {
                frames: pictures(shared, ((width, height), times.len()), &facts, room)?,
                facts,
                width,
                height,
                times: times.to_vec(),
            })
        })
    }
}

impl Clip<Unrevealed> {
    /// Opens the frames for the reveal that `proof` names.
    #[must_use]
    pub fn reveal(self, proof: RevealProof) -> Clip<Clear<Picture>> {
        self.with(|frames| frames.reveal(proof))
    }
}

impl<P> Clip<P> {
    fn with<Q>(self, wrap: impl FnOnce(P) -> Q) -> Clip<Q> {
        Clip {
            facts: self.facts,
            frames: wrap(self.frames),
            width: self.width,
            height: self.height,
            times: self.times,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::pool::PoolSettings;

    #[test]
    fn what_is_asked_for_is_checked_before_anything_starts() {
        let pool = Pool::new(PoolSettings::new("/nowhere/scrim-decode".into()));
        let medium = Medium::copy(&[1]).unwrap();
        let clear = |bounds, sigma| pool.clear_clip(&medium, 0, bounds, sigma).unwrap_err();
        for bounds in [(0, 5), (5, 0), (1281, 1), (1, 1281), (u32::MAX, u32::MAX)] {
            assert_eq!(clear(bounds, None), Rejection::TooLarge);
        }
        assert_eq!(clear((1280, 1280), None), Rejection::NoWorker);
        for sigma in [0, 9, 100] {
            assert_eq!(clear((8, 8), Some(sigma)), Rejection::BadAnswer);
        }
        let look = SoundLook {
            cap_db: 61,
            narrow: false,
        };
        let sound = pool.sound_clip(&medium, 0, look).unwrap_err();
        assert_eq!(sound, Rejection::BadAnswer);
    }
}
