//! Playing, in the window: its time, its frames, its sound. The agent says what plays and makes every clip; here it is shown,
//! and here it falls silent at once.

use scrim_model::MediumKey;
use scrim_model::view::{Part, RevealMode};
use scrim_wire::moving::CLIP_MS;
use scrim_wire::window::{ClipKey, ClipTrack, Command, CoverWhy, FilmMove, FilmView, FromWindow};

use crate::films;
use crate::limits::{PRESENCE_MS, PRESENCE_SAID_MS, SOUND_AHEAD_MS};
use crate::picture::PixelBytes;
use crate::sounding::Speaker;
use crate::state::WindowState;

impl WindowState {
    /// The window's sound comes out there.
    pub fn set_speaker(&mut self, speaker: Box<dyn Speaker>) {
        self.sounding.speaker = speaker;
    }

    /// The selected medium, if it lasts.
    pub(crate) fn selected_film(&self) -> Option<(MediumKey, &FilmView)> {
        let item = self.model.as_ref()?.item.as_ref()?;
        let Part::Medium(n) = item.selected else {
            return None;
        };
        let medium = MediumKey {
            item: item.id.clone(),
            n,
        };
        Some((medium, films::film_of(item, n)?))
    }

    /// After a new model: what plays now.
    pub(crate) fn follow_film(&mut self, now_ms: u64) {
        let selected = self.selected_film();
        let selected = selected.map(|(medium, film)| (medium, film.clone()));
        let Some((medium, film)) = selected else {
            return self.forget_film();
        };
        let before = self.player.medium().is_some();
        self.player.model(&medium, &film, now_ms);
        if before && self.player.medium().is_none() {
            self.end_clips();
        }
        if !self.player.holds(&medium) {
            self.pictures.reel.drop_all();
        }
        self.looking.plays(self.player.medium().is_some());
        self.ask_for_sound();
    }

    /// While the sound key is down, every look that begins is to be heard as well, and so is what plays on after it.
    fn ask_for_sound(&mut self) {
        let item = self.model.as_ref().and_then(|model| model.item.as_ref());
        let reveal = item.and_then(|item| item.reveal.as_ref());
        let is_heard = reveal.is_some_and(|reveal| reveal.sound);
        let plays = self.player.medium().is_some();
        if self.sounding.wanted && !self.sounding.asked && !is_heard && plays {
            self.sounding.asked = true;
            self.looking.asked();
            self.command(Command::Sound(true));
        }
    }

    /// Nothing of a film stays.
    pub(crate) fn forget_film(&mut self) {
        self.player.forget();
        self.end_clips();
        self.pictures.reel.drop_all();
    }

    fn end_clips(&mut self) {
        self.sounding.hush();
        self.sounding.wanted = false;
        self.pictures.reel.drop_clips();
        self.looking.plays(false);
    }

    /// Whether the sound key is down, or was tapped.
    pub(crate) fn wants_sound(&self) -> bool {
        self.sounding.wanted
    }

    /// Plays, or stops here.
    pub(crate) fn play_or_pause(&mut self) {
        if self.player.medium().is_some() {
            self.cover(CoverWhy::Released);
            return self.pause(false);
        }
        let Some((_, film)) = self.selected_film() else {
            return;
        };
        if film.playing.is_none() {
            self.command(Command::Play);
        }
    }

    /// Stops here; the agent is told where. `alone`: because nobody was there.
    pub(crate) fn pause(&mut self, alone: bool) {
        if let Some(at_ms) = self.player.stop() {
            self.end_clips();
            self.command(Command::Pause { at_ms, alone });
        }
    }

    /// To another place; what plays goes on from there, and what is looked at of it as well.
    pub(crate) fn film_move(&mut self, to: FilmMove) {
        if self.selected_film().is_none() {
            return;
        }
        let stands_still = matches!(
            to,
            FilmMove::Sheet | FilmMove::FrameBack | FilmMove::FrameOn
        );
        if self.player.medium().is_none() || stands_still {
            self.cover(CoverWhy::Released);
        } else {
            self.pictures.reel.drop_clips();
            self.sounding.hush();
        }
        self.command(Command::Film(to));
    }

    pub(crate) fn sound_down(&mut self) {
        self.sounding.wanted_before = self.sounding.wanted;
        self.want_sound(true);
    }

    pub(crate) fn sound_up(&mut self, is_tap: bool) {
        if !is_tap || self.sounding.wanted_before {
            self.want_sound(false);
        }
    }

    /// The control of the sound key.
    pub(crate) fn toggle_sound(&mut self) {
        self.want_sound(!self.sounding.wanted);
    }

    fn want_sound(&mut self, on: bool) {
        if on && self.player.medium().is_none() {
            return;
        }
        if self.sounding.wanted == on {
            return;
        }
        self.sounding.wanted = on;
        if on {
            return self.ask_for_sound();
        }
        self.sounding.asked = false;
        self.sounding.hush();
        let open = self.looking.open().map(|open| open.mode);
        match open {
            Some(RevealMode::Sound) => self.cover(CoverWhy::Released),
            Some(_) => self.command(Command::Sound(false)),
            None => self.call_off_pending(),
        }
    }

    /// Whether what plays is to be heard now: the agent allows it, and the key still asks for it.
    pub(crate) fn is_heard(&self) -> bool {
        let item = self.model.as_ref().and_then(|model| model.item.as_ref());
        let reveal = item.and_then(|item| item.reveal.as_ref());
        let open = self.looking.open();
        self.player.medium().is_some()
            && reveal
                .is_some_and(|reveal| reveal.sound && open.is_some_and(|open| open.id == reveal.id))
    }

    /// Frames of a clip have come.
    pub(crate) fn take_frames(
        &mut self,
        key: &ClipKey,
        size: (u32, u32),
        begins_ms: Vec<u16>,
        bytes: PixelBytes,
    ) {
        if self.player.medium() != Some(&key.medium) || self.is_over(key) {
            return;
        }
        let taken = self.pictures.reel.take(key, size, begins_ms, bytes);
        if taken.is_err() {
            self.refused();
            self.cover(CoverWhy::AgentSaid);
        }
    }

    /// The sound of a clip has come.
    pub(crate) fn take_sound(&mut self, key: ClipKey, bytes: PixelBytes) {
        if self.player.medium() != Some(&key.medium) || self.is_over(&key) {
            return;
        }
        if let ClipTrack::Sound(reveal) = key.track {
            self.sounding.take(key.clip, reveal, bytes);
        }
    }

    /// Whether a clip belongs to a look that has ended here.
    fn is_over(&self, key: &ClipKey) -> bool {
        match &key.track {
            ClipTrack::Covered { .. } => false,
            ClipTrack::Clear(reveal) | ClipTrack::Sound(reveal) => self.looking.has_ended(reveal),
        }
    }

    /// One step of what plays, before the frame is drawn.
    pub(crate) fn play_on(&mut self, now_ms: u64) {
        let Some(at_ms) = self
            .player
            .at_ms()
            .filter(|_| self.player.medium().is_some())
        else {
            return;
        };
        if self.alone_in_ms(now_ms) == Some(0) {
            self.cover(CoverWhy::TimeOver);
            return self.pause(true);
        }
        let is_heard = self.is_heard();
        let ready_ms = self.ready_ms(at_ms, is_heard);
        let Some(moved) = self.player.advance(now_ms, ready_ms, is_heard, CLIP_MS) else {
            return;
        };
        if let Some(run) = moved.tells {
            self.pictures.reel.forget_before(moved.to_ms / CLIP_MS);
            self.send(FromWindow::PlayedTo {
                run,
                at_ms: moved.to_ms,
            });
        }
        let gives = is_heard && self.sounding.give(moved.to_ms);
        if gives && let Some(reveal) = self.looking.presented() {
            self.send(FromWindow::Presented { reveal });
        }
        let looked = self.looking.open().map(|open| open.mode);
        let was_clear = self.clear_drawn && looked != Some(RevealMode::Sound);
        if was_clear || gives {
            let stretch = (u64::from(moved.from_ms), u64::from(moved.to_ms));
            self.looking.played(stretch, gives);
        }
        if moved.ended {
            self.cover(CoverWhy::Released);
            self.pause(false);
        }
    }

    /// Up to where it can play without waiting.
    fn ready_ms(&self, at_ms: u32, is_heard: bool) -> u32 {
        let is_film = self
            .selected_film()
            .is_some_and(|(_, film)| film.peaks.is_empty());
        let mut ready = u32::MAX;
        if is_film {
            let looks = self
                .looking
                .open()
                .is_some_and(|open| open.mode != RevealMode::Sound);
            let reel = &self.pictures.reel;
            let mut clip = at_ms / CLIP_MS;
            // What is looked at waits for its clear frames, so that nothing is passed over.
            while reel.has(clip) && (!looks || reel.has_clear_of(clip)) {
                clip += 1;
            }
            ready = clip * CLIP_MS;
        }
        if is_heard {
            ready = ready.min(self.sounding.ready_ms(at_ms));
        }
        ready.max(at_ms)
    }

    /// In how long what plays will be paused because nobody is there.
    fn alone_in_ms(&self, now_ms: u64) -> Option<u64> {
        self.player.medium()?;
        Some((self.looking.used_ms() + self.presence_ms()).saturating_sub(now_ms))
    }

    /// After how long without keys or pointer that is.
    fn presence_ms(&self) -> u64 {
        let set = self.settings.as_ref();
        set.map_or(PRESENCE_MS, |view| view.reveal.presence_ms)
    }

    /// Whether it is asked for a key, because it will be paused soon.
    pub(crate) fn asks_presence_at(&self, now_ms: u64) -> bool {
        let left = self.alone_in_ms(now_ms);
        left.is_some_and(|left| left <= PRESENCE_SAID_MS.min(self.presence_ms() / 2))
    }

    /// When the next frame of what plays is due.
    pub(crate) fn next_frame_ms(&self) -> Option<u64> {
        self.player.medium()?;
        let at_ms = self.player.at_ms()?;
        let is_heard = self.is_heard();
        let next = self.pictures.reel.next_begins_ms(at_ms);
        let wait = next.and_then(|next| self.player.wait_ms(next, is_heard));
        let most = if is_heard {
            u64::from(SOUND_AHEAD_MS / 3)
        } else {
            u64::from(CLIP_MS / 10)
        };
        Some(wait.unwrap_or(most).clamp(1, most))
    }
}
