//! Playing. The window keeps the time and says how far it has come; here is decided what may play, what of it is made, and when
//! it stops. A clip is covered unless a durable reveal allows more, and nothing plays without being asked.

use scrim_model::MediumKey;
use scrim_model::item::Form;
use scrim_model::view::{Part, RevealMode, SoftStep};
use scrim_wire::moving::{CLIP_MS, SoundLook};
use scrim_wire::window::{
    ClipKey, ClipTrack, FilmMove, FilmView, MediumState, NoticeKey, PlayView,
};

use crate::clock::{Fresh, Now};
use crate::desk::Desk;
use crate::effect::Effect;
use crate::film::make_wanted;
use crate::limits::{CLEAR_AHEAD, CLIPS_AHEAD};
use crate::parts::asked::Asked;
use crate::parts::film::{Film, Playing};
use crate::parts::hand::HandItem;

impl Desk {
    /// Plays the selected film or sound from where it is, or from the beginning if that is its end. A look that is open goes on.
    pub(crate) fn play(&mut self, now: Now, fresh: &mut Fresh, out: &mut Vec<Effect>) {
        if self.playing.is_some() || !self.may_play() {
            return;
        }
        let Some(held) = &mut self.hand.open else {
            return;
        };
        let Part::Medium(n) = held.selected else {
            return;
        };
        let is_here = matches!(
            held.medium(n),
            Some(MediumState::Covered { .. } | MediumState::Sound)
        );
        let item = held.item.id.clone();
        let Some(film) = held
            .film_mut(n)
            .filter(|film| is_here && film.form != Form::Picture && film.known.is_some())
        else {
            return;
        };
        film.left_alone = false;
        let at = film.rests_at();
        let from_ms = if at >= film.last_ms() { 0 } else { at };
        self.begin(MediumKey { item, n }, from_ms);
        if !self.protection.play.mute {
            self.sound(now, fresh, true, out);
        }
    }

    fn begin(&mut self, medium: MediumKey, from_ms: u32) {
        self.plays += 1;
        self.playing = Some(Playing {
            medium,
            run: self.plays,
            from_ms,
            at_ms: from_ms,
            asked: std::collections::BTreeSet::new(),
        });
    }

    /// A move while it plays: it goes on from there. `false`: nothing plays, or the move is to something that stands still.
    pub(crate) fn jump(&mut self, now: Now, to: FilmMove, out: &mut Vec<Effect>) -> bool {
        let Some(playing) = &self.playing else {
            return false;
        };
        let (medium, at_ms) = (playing.medium.clone(), playing.at_ms);
        let held = self.hand.open.as_ref();
        let film = held.and_then(|held| held.film(medium.n));
        let step_ms = self.protection.play.step_ms;
        let Some(target) = film.and_then(|film| film.time_of(to, at_ms, step_ms)) else {
            self.pause(now, (None, false), out);
            return false;
        };
        self.begin(medium, target);
        out.push(Effect::DropClips);
        true
    }

    /// Stops there and covers. A film shows its still of that time, covered.
    pub(crate) fn pause(
        &mut self,
        now: Now,
        (at_ms, alone): (Option<u32>, bool),
        out: &mut Vec<Effect>,
    ) {
        let Some(playing) = self.playing.take() else {
            return;
        };
        self.cover(now, out);
        out.push(Effect::DropClips);
        let n = playing.medium.n;
        let Some(held) = self.item_mut(&playing.medium.item) else {
            return;
        };
        let Some(film) = held.film_mut(n) else { return };
        let at_ms = at_ms.unwrap_or(playing.at_ms).min(film.last_ms());
        film.paused_ms = at_ms;
        film.left_alone = alone;
        if film.form == Form::Film {
            film.wanted_ms = Some(at_ms);
            make_wanted(held, n, out);
        }
    }

    /// Lets what plays be heard, or silences it. Heard without being looked at, it is a reveal of its own.
    pub(crate) fn sound(&mut self, now: Now, fresh: &mut Fresh, on: bool, out: &mut Vec<Effect>) {
        let Some(n) = self.playing.as_ref().map(|playing| playing.medium.n) else {
            return;
        };
        let part = Part::Medium(n);
        match &mut self.reveal {
            Some(reveal) if reveal.part == part && reveal.mode != RevealMode::Sound => {
                let held = self.hand.open.as_ref();
                let film = held.and_then(|held| held.film(n));
                let has_sound = film.is_some_and(has_sound);
                reveal.sound = on && has_sound;
            }
            Some(_) if !on => self.cover(now, out),
            None if on => {
                let asked = Asked {
                    mode: RevealMode::Sound,
                    part,
                    reason: None,
                };
                self.ask_reveal(now, fresh, asked, out);
            }
            _ => {}
        }
    }

    /// How far the window has played.
    pub(crate) fn played_to(&mut self, run: u64, at_ms: u32) {
        if let Some(playing) = self.playing.as_mut().filter(|playing| playing.run == run) {
            playing.at_ms = playing.at_ms.max(at_ms);
        }
    }

    /// After every event: stops what is not on the screen any more or was left alone, and has the next clips made.
    pub(crate) fn tend_playing(&mut self, now: Now, out: &mut Vec<Effect>) {
        let Some(playing) = &self.playing else { return };
        let held = self.hand.open.as_ref();
        let is_shown = held.is_some_and(|held| self.plays(held, playing.medium.n));
        if !is_shown || !self.may_play() {
            return self.pause(now, (None, false), out);
        }
        let since = |at: Now| now.awake_ms.saturating_sub(at.awake_ms);
        let still = self.active_at.map_or(u64::MAX, since);
        if still >= self.protection.reveal.presence_ms {
            return self.pause(now, (None, true), out);
        }
        let wanted = self.wanted_clips();
        let Some(playing) = &mut self.playing else {
            return;
        };
        let is_new = |key: &&ClipKey| !playing.asked.contains(*key);
        let new: Vec<ClipKey> = wanted.iter().filter(is_new).cloned().collect();
        playing.asked = wanted.into_iter().collect();
        let look = SoundLook {
            cap_db: u8::try_from(self.protection.play.cap_db).unwrap_or(u8::MAX),
            narrow: self.protection.play.narrow_first,
        };
        let soft = self.softened();
        out.extend(
            new.into_iter()
                .map(|key| Effect::MakeClip { key, soft, look }),
        );
    }

    /// Those that the window needs now and next, the most urgent first.
    fn wanted_clips(&self) -> Vec<ClipKey> {
        let (Some(playing), Some(held)) = (&self.playing, &self.hand.open) else {
            return Vec::new();
        };
        let Some(film) = held.film(playing.medium.n) else {
            return Vec::new();
        };
        let part = Part::Medium(playing.medium.n);
        let reveal = self.reveal.as_ref();
        let reveal = reveal.filter(|reveal| reveal.durable && reveal.part == part);
        let now = playing.at_ms / CLIP_MS;
        let last = film.last_ms() / CLIP_MS;
        let mut wanted = Vec::new();
        for clip in now..=now.saturating_add(CLIPS_AHEAD).min(last) {
            let mut want = |track| {
                wanted.push(ClipKey {
                    medium: playing.medium.clone(),
                    clip,
                    track,
                });
            };
            if film.form == Form::Film {
                want(ClipTrack::Covered {
                    step: held.step,
                    style: held.style,
                });
            }
            if let Some(reveal) = reveal {
                if reveal.mode != RevealMode::Sound && clip <= now.saturating_add(CLEAR_AHEAD) {
                    want(ClipTrack::Clear(reveal.id.clone()));
                }
                if reveal.sound && has_sound(film) {
                    want(ClipTrack::Sound(reveal.id.clone()));
                }
            }
        }
        wanted
    }

    /// How much the look in force still blurs, if it does.
    pub(crate) fn softened(&self) -> Option<SoftStep> {
        match self.reveal.as_ref()?.mode {
            RevealMode::Soft(step) => Some(step),
            _ => None,
        }
    }

    /// A clip that cannot be made: without its cover it stops; without more it stays covered or silent.
    pub(crate) fn clip_failed(
        &mut self,
        now: Now,
        key: &ClipKey,
        reason: String,
        out: &mut Vec<Effect>,
    ) {
        if !self.wants_clip(key) {
            return;
        }
        if key.is_covered() {
            self.pause(now, (None, false), out);
            self.notice(NoticeKey::PlayFailed, reason);
        } else {
            self.cover(now, out);
            self.notice(NoticeKey::ClearFailed, reason);
        }
    }

    /// Whether a clip is still wanted: it is not over, and its reveal, if it needs one, is in force.
    #[must_use]
    pub fn wants_clip(&self, key: &ClipKey) -> bool {
        let asked = self.playing.as_ref();
        let is_asked = asked.is_some_and(|playing| playing.asked.contains(key));
        is_asked
            && match &key.track {
                ClipTrack::Covered { .. } => true,
                ClipTrack::Clear(reveal) | ClipTrack::Sound(reveal) => self.reveals(reveal),
            }
    }

    /// Whether medium `n` of an item plays and is what is selected.
    pub(crate) fn plays(&self, held: &HandItem, n: u32) -> bool {
        let it = |playing: &Playing| playing.medium.item == held.item.id && playing.medium.n == n;
        held.selected == Part::Medium(n) && self.playing.as_ref().is_some_and(it)
    }

    /// Whether medium `n` plays and has something to hear.
    pub(crate) fn can_be_heard(&self, held: &HandItem, n: u32) -> bool {
        self.plays(held, n) && held.film(n).is_some_and(has_sound)
    }

    fn may_play(&self) -> bool {
        self.shows_item() && self.recording.is_none() && self.confirm.is_none()
    }

    /// What is known of an item's films, with what plays.
    pub(crate) fn film_views(&self, held: &HandItem) -> Vec<Option<FilmView>> {
        let films = (0..).zip(&held.films);
        films
            .map(|(n, film)| {
                let mut view = film.as_ref()?.view()?;
                let playing = self.playing.as_ref().filter(|_| self.plays(held, n));
                view.playing = playing.map(|playing| PlayView {
                    run: playing.run,
                    from_ms: playing.from_ms,
                    speed_pct: self.protection.play.speed_pct,
                });
                Some(view)
            })
            .collect()
    }
}

fn has_sound(film: &Film) -> bool {
    film.known.as_ref().is_some_and(|known| known.has_sound)
}
