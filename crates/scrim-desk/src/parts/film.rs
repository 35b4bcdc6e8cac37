//! A medium that lasts, as far as the desk knows it.

use std::collections::BTreeSet;

use scrim_model::item::Form;
use scrim_model::settings::Protection;
use scrim_model::{Item, MediumKey};
use scrim_wire::moving::{SHEET_STILLS_MAX, SHEET_STILLS_MIN};
use scrim_wire::window::{ClipKey, FilmMove, FilmView};

use crate::event::FilmKnown;

/// One film or sound.
#[derive(Debug, Clone)]
pub(crate) struct Film {
    pub(crate) form: Form,
    pub(crate) stills: u8,
    /// Of the cover that came last.
    pub(crate) known: Option<FilmKnown>,
    /// The still that is wanted; none is the contact sheet.
    pub(crate) wanted_ms: Option<u32>,
    /// The still whose cover the window has.
    pub(crate) shown_ms: Option<u32>,
    /// A still is being made; the next one waits for it.
    pub(crate) is_being_made: bool,
    /// Where it was paused, in milliseconds.
    pub(crate) paused_ms: u32,
    /// It was paused because nobody was there.
    pub(crate) left_alone: bool,
}

/// What plays.
#[derive(Debug, Clone)]
pub(crate) struct Playing {
    pub(crate) medium: MediumKey,
    /// Which start this is.
    pub(crate) run: u64,
    pub(crate) from_ms: u32,
    /// How far the window has said that it has come.
    pub(crate) at_ms: u32,
    /// Clips that were asked for and are not over.
    pub(crate) asked: BTreeSet<ClipKey>,
}

impl Film {
    /// Those of an item, by `n`; none for a picture.
    pub(crate) fn all(item: &Item, rules: &Protection) -> Vec<Option<Self>> {
        let stills = u8::try_from(rules.play.stills).unwrap_or(SHEET_STILLS_MAX);
        let first = (!rules.play.contact_sheet).then_some(0);
        let media = item.media.iter();
        media
            .map(|medium| match Form::of(medium, &item.kind) {
                Form::Picture => None,
                form => Some(Self {
                    form,
                    stills: stills.clamp(SHEET_STILLS_MIN, SHEET_STILLS_MAX),
                    known: None,
                    wanted_ms: first.filter(|_| form == Form::Film),
                    shown_ms: None,
                    is_being_made: false,
                    paused_ms: 0,
                    left_alone: false,
                }),
            })
            .collect()
    }

    /// A picture that turned out to move, on its first frame.
    pub(crate) fn moving_picture(known: FilmKnown) -> Self {
        Self {
            form: Form::Picture,
            stills: SHEET_STILLS_MIN,
            known: Some(known),
            wanted_ms: None,
            shown_ms: None,
            is_being_made: false,
            paused_ms: 0,
            left_alone: false,
        }
    }

    /// The frame that a move leads to, `None` the first; of a picture that moves.
    fn frame(&self, to: FilmMove) -> Option<Option<u32>> {
        let frames = self.known.as_ref()?.frames;
        let at = self.wanted_ms.unwrap_or(0);
        let next = match to {
            FilmMove::On | FilmMove::FrameOn => at.checked_add(1).filter(|next| *next < frames),
            FilmMove::Back | FilmMove::FrameBack => at.checked_sub(1),
            FilmMove::Sheet | FilmMove::To(_) => None,
        };
        next.map(|next| (next > 0).then_some(next))
    }

    pub(crate) fn view(&self) -> Option<FilmView> {
        self.known.as_ref().map(|known| FilmView {
            duration_ms: known.duration_ms,
            stills: self.stills,
            at_ms: self.shown_ms,
            begins_ms: match self.form {
                Form::Sound => self.paused_ms,
                _ => known.begins_ms,
            },
            has_sound: known.has_sound,
            peaks: known.peaks.clone(),
            frames: known.frames,
            playing: None,
            left_alone: self.left_alone,
        })
    }

    /// Where a move leads; none if it leads nowhere. Single frames go from what is on the screen, so they wait for it.
    pub(crate) fn target(&self, to: FilmMove, step_ms: u64) -> Option<Option<u32>> {
        if self.form == Form::Picture {
            return self.frame(to);
        }
        let known = self.known.as_ref().filter(|_| self.form == Form::Film)?;
        let is_settled = self.wanted_ms == self.shown_ms && self.shown_ms.is_some();
        match (to, self.wanted_ms) {
            (FilmMove::Sheet, _) => Some(None),
            (FilmMove::On, None) => Some(Some(0)),
            (FilmMove::To(_), _) | (FilmMove::On | FilmMove::Back, Some(_)) => {
                Some(self.time_of(to, self.rests_at(), step_ms))
            }
            (FilmMove::FrameOn, Some(_)) if is_settled => known.next_ms.map(Some),
            (FilmMove::FrameBack, Some(_)) if is_settled => {
                known.begins_ms.checked_sub(1).map(Some)
            }
            (FilmMove::Back | FilmMove::FrameOn | FilmMove::FrameBack, _) => None,
        }
    }

    /// Where a move in time leads from `at_ms`; none for a move to something that stands still.
    pub(crate) fn time_of(&self, to: FilmMove, at_ms: u32, step_ms: u64) -> Option<u32> {
        let step = u32::try_from(step_ms).unwrap_or(u32::MAX);
        let time = match to {
            FilmMove::To(time) => time,
            FilmMove::On => at_ms.saturating_add(step),
            FilmMove::Back => at_ms.saturating_sub(step),
            FilmMove::Sheet | FilmMove::FrameOn | FilmMove::FrameBack => return None,
        };
        Some(time.min(self.last_ms()))
    }

    /// Last whole millisecond; 0 while nothing is known.
    pub(crate) fn last_ms(&self) -> u32 {
        let known = self.known.as_ref();
        known.map_or(0, |known| known.duration_ms.saturating_sub(1))
    }

    /// Where it is while it does not play.
    pub(crate) fn rests_at(&self) -> u32 {
        match self.form {
            Form::Sound => self.paused_ms,
            _ => self.wanted_ms.unwrap_or(0),
        }
    }

    /// Where it was left in an earlier stay of its item.
    pub(crate) fn go_back_to(&mut self, ms: u32) {
        match self.form {
            Form::Sound => self.paused_ms = ms,
            _ => self.wanted_ms = Some(ms),
        }
    }

    /// Whether a look has something to look at: one still, and it is on the screen.
    pub(crate) fn can_be_looked_at(&self) -> bool {
        let is_one = match self.form {
            Form::Film => self.shown_ms.is_some(),
            Form::Picture => true,
            Form::Sound => false,
        };
        is_one && self.shown_ms == self.wanted_ms
    }
}
