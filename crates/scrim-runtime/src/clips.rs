//! Clips: made by workers a second at a time, and handed to the window while they are wanted.

use std::collections::VecDeque;
use std::sync::Arc;

use scrim_desk::Event;
use scrim_media::{Clip, Medium, Pool, Rejection, RevealProof, SoundLook};
use scrim_model::view::SoftStep;
use scrim_wire::window::{ClipKey, ClipTrack, ToWindow};

use crate::inward::Inward;
use crate::limits::CLIP_FIT;
use crate::made_clip::MadeClip;
use crate::runtime::Runtime;
use crate::seams::{Job, Work};

impl Runtime {
    pub(crate) fn make_clip(
        &mut self,
        key: ClipKey,
        soft: Option<SoftStep>,
        look: SoundLook,
        events: &mut VecDeque<Event>,
    ) {
        let Some(bytes) = self.shelf.media.get(&key.medium).cloned() else {
            let reason = "Its data is no longer in memory.".to_owned();
            events.push_back(Event::ClipFailed { key, reason });
            return;
        };
        let pool = Arc::clone(&self.parts.pool);
        self.in_flight += 1;
        let job = Job::new(Work::Clip(key.clone()), move || {
            match made(&pool, &bytes, &key, soft, look) {
                Ok(clip) => Inward::Clip { key, clip },
                Err(rejection) => Inward::Done(Event::ClipFailed {
                    key,
                    reason: rejection.to_string(),
                }),
            }
        });
        self.looks.run(job);
    }

    /// A clip stays only while it is wanted; one that comes too late is wiped at once, and so are those that are over.
    pub(crate) fn shelve_clip(&mut self, key: ClipKey, clip: MadeClip) {
        self.shelf.clips.retain(|key, _| self.desk.wants_clip(key));
        if !self.desk.wants_clip(&key) {
            return;
        }
        let handed = match &clip {
            MadeClip::Covered(clip) => clip
                .frames
                .read_only()
                .map(|pixels| (frames(&key, clip), pixels)),
            MadeClip::Clear(clip) => clip
                .frames
                .read_only()
                .map(|pixels| (frames(&key, clip), pixels)),
            MadeClip::Sound(heard) => heard.read_only().map(|samples| {
                let message = ToWindow::Sound {
                    key: key.clone(),
                    samples: heard.samples(),
                };
                (message, samples)
            }),
        };
        match handed {
            Ok((message, bytes)) => {
                self.shelf.clips.insert(key, clip);
                self.send(message, Some(bytes));
            }
            Err(fault) => {
                tracing::error!(%fault, "a clip cannot be handed to the window");
                let reason = "It could not be handed to the window.".to_owned();
                self.step(Event::ClipFailed { key, reason });
            }
        }
    }
}

fn frames<P>(key: &ClipKey, clip: &Clip<P>) -> ToWindow {
    ToWindow::Frames {
        key: key.clone(),
        width: clip.width,
        height: clip.height,
        begins_ms: clip.times.clone(),
    }
}

/// The heart asks for what is clear or heard only after the store has said that its reveal is durable.
fn made(
    pool: &Pool,
    medium: &Medium,
    key: &ClipKey,
    soft: Option<SoftStep>,
    look: SoundLook,
) -> Result<MadeClip, Rejection> {
    let clip = key.clip;
    match &key.track {
        ClipTrack::Covered { step, style } => {
            let made = pool.covered_clip(medium, clip, *step, *style)?;
            Ok(MadeClip::Covered(made))
        }
        ClipTrack::Clear(reveal) => {
            let sigma = soft.map(SoftStep::sigma_per_myriad);
            let made = pool.clear_clip(medium, clip, CLIP_FIT, sigma)?;
            let proof = RevealProof::from_durable(reveal.as_str());
            Ok(MadeClip::Clear(made.reveal(proof)))
        }
        ClipTrack::Sound(reveal) => {
            let proof = RevealProof::from_durable(reveal.as_str());
            Ok(MadeClip::Sound(
                pool.sound_clip(medium, clip, look)?.reveal(proof),
            ))
        }
    }
}
