//! Sound of what plays: clips of one reveal, given to the speaker a moment ahead, and gone at once.

use std::collections::BTreeMap;

use scrim_model::RevealId;
use scrim_wire::moving::{CLIP_MS, CLIP_RATE_HZ};

use crate::limits::{SOUND_AHEAD_MS, SOUND_OFF_MS, SOUNDS_MAX};
use crate::picture::PixelBytes;

/// Where sound goes. Nothing here waits.
pub trait Speaker {
    /// Plays these samples after those before: one channel, [`CLIP_RATE_HZ`] a second.
    fn play(&mut self, samples: Vec<i16>);
    /// Silent at once; what was not played yet is gone.
    fn silence(&mut self);
    /// Whether there is nowhere to play to.
    fn is_absent(&self) -> bool;
}

/// A window without sound.
struct NoSpeaker;

impl Speaker for NoSpeaker {
    fn play(&mut self, _samples: Vec<i16>) {}
    fn silence(&mut self) {}
    fn is_absent(&self) -> bool {
        true
    }
}

/// Sound of what plays, of one reveal.
pub(crate) struct Sounding {
    pub(crate) speaker: Box<dyn Speaker>,
    reveal: Option<RevealId>,
    clips: BTreeMap<u32, PixelBytes>,
    /// Up to here it was given to the speaker.
    given_ms: Option<u32>,
    /// The sound key is down, or was tapped.
    pub(crate) wanted: bool,
    pub(crate) wanted_before: bool,
    /// The agent was asked for it, since the last look began or ended.
    pub(crate) asked: bool,
}

impl Default for Sounding {
    fn default() -> Self {
        Self {
            speaker: Box::new(NoSpeaker),
            reveal: None,
            clips: BTreeMap::new(),
            given_ms: None,
            wanted: false,
            wanted_before: false,
            asked: false,
        }
    }
}

impl Sounding {
    pub(crate) fn take(&mut self, clip: u32, reveal: RevealId, bytes: PixelBytes) {
        if self.reveal.as_ref() != Some(&reveal) {
            self.hush();
            self.reveal = Some(reveal);
        }
        if self.clips.len() == SOUNDS_MAX {
            self.clips.pop_first();
        }
        self.clips.insert(clip, bytes);
    }

    /// Silent at once, and nothing of it is kept.
    pub(crate) fn hush(&mut self) {
        if self.given_ms.take().is_some() {
            self.speaker.silence();
        }
        self.clips.clear();
        self.reveal = None;
    }

    pub(crate) fn is_absent(&self) -> bool {
        self.speaker.is_absent()
    }

    /// Up to where sound is here without a gap, from `at_ms` on.
    pub(crate) fn ready_ms(&self, at_ms: u32) -> u32 {
        let mut clip = at_ms / CLIP_MS;
        while self.clips.contains_key(&clip) {
            clip += 1;
        }
        (clip * CLIP_MS).max(at_ms)
    }

    /// Gives the speaker what comes soon; whether something is to be heard.
    pub(crate) fn give(&mut self, at_ms: u32) -> bool {
        let until = at_ms
            .saturating_add(SOUND_AHEAD_MS)
            .min(self.ready_ms(at_ms));
        let off = |given: u32| given < at_ms || given > at_ms.saturating_add(SOUND_OFF_MS);
        if self.given_ms.is_some_and(off) {
            self.speaker.silence();
            self.given_ms = None;
        }
        let from = self.given_ms.unwrap_or(at_ms);
        if from < until {
            self.speaker.play(self.samples(from, until));
            self.given_ms = Some(until);
        }
        self.given_ms.is_some()
    }

    fn samples(&self, from_ms: u32, to_ms: u32) -> Vec<i16> {
        let per_ms = (CLIP_RATE_HZ / 1000) as usize;
        let mut samples = Vec::with_capacity((to_ms - from_ms) as usize * per_ms);
        let mut at = from_ms;
        while at < to_ms {
            let ends = ((at / CLIP_MS + 1) * CLIP_MS).min(to_ms);
            let first = (at % CLIP_MS) as usize * per_ms * 2;
            let bytes = self.clips.get(&(at / CLIP_MS)).map_or(&[][..], |clip| clip);
            let length = (ends - at) as usize * per_ms * 2;
            let bytes = bytes.get(first..).unwrap_or_default();
            let bytes = &bytes[..length.min(bytes.len())];
            samples.extend(
                bytes
                    .chunks_exact(2)
                    .map(|pair| i16::from_le_bytes([pair[0], pair[1]])),
            );
            at = ends;
        }
        samples
    }
}
