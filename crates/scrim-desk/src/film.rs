//! Going through a film on covered stills. Every move covers first.

use scrim_model::item::Form;
use scrim_model::view::{CoverKey, Part};
use scrim_wire::window::{FilmMove, MediumState};

use crate::clock::Now;
use crate::desk::Desk;
use crate::effect::Effect;
use crate::event::FilmKnown;
use crate::media::prepare_one;
use crate::parts::film::Film;
use crate::parts::hand::HandItem;

impl Desk {
    pub(crate) fn film_move(&mut self, now: Now, to: FilmMove, out: &mut Vec<Effect>) {
        if self.jump(now, to, out) {
            return;
        }
        let step_ms = self.protection.play.step_ms;
        if self.move_in_sound(to, step_ms) {
            return;
        }
        let Some((n, target)) = self.hand.open.as_ref().and_then(|held| {
            let Part::Medium(n) = held.selected else {
                return None;
            };
            let target = held.film(n)?.target(to, step_ms)?;
            Some((n, target))
        }) else {
            return;
        };
        self.cover(now, out);
        let Some(held) = &mut self.hand.open else {
            return;
        };
        if let Some(film) = held.film_mut(n) {
            film.wanted_ms = target;
        }
        make_wanted(held, n, out);
    }

    /// To another place in a sound, which has nothing to show there. Whether it is one.
    fn move_in_sound(&mut self, to: FilmMove, step_ms: u64) -> bool {
        let Some(held) = &mut self.hand.open else {
            return false;
        };
        let Part::Medium(n) = held.selected else {
            return false;
        };
        let is_sound = |film: &&mut Film| film.form == Form::Sound && film.known.is_some();
        let Some(film) = held.film_mut(n).filter(is_sound) else {
            return false;
        };
        if let Some(at_ms) = film.time_of(to, film.paused_ms, step_ms) {
            film.paused_ms = at_ms;
        }
        true
    }

    /// What a worker says of a film or a sound, with the cover of `key`.
    pub(crate) fn film_known(&mut self, key: &CoverKey, known: FilmKnown) {
        let n = key.medium.n;
        let Some(held) = self.item_mut(&key.medium.item) else {
            return;
        };
        if known.frames > 0 {
            return held.is_moving_picture(n, known);
        }
        let is_heard = !known.peaks.is_empty();
        let Some(film) = held.film_mut(n) else { return };
        film.known = Some(known);
        if is_heard {
            film.form = Form::Sound;
            film.wanted_ms = None;
            if let Some(state) = held.media.get_mut(n as usize) {
                *state = MediumState::Sound;
            }
        }
    }

    /// The cover of `key` is at the window; if another still is wanted by now, it is next.
    pub(crate) fn film_ready(&mut self, key: &CoverKey, out: &mut Vec<Effect>) {
        let n = key.medium.n;
        let Some(held) = self.item_mut(&key.medium.item) else {
            return;
        };
        let Some(film) = held.film_mut(n) else { return };
        film.is_being_made = false;
        film.shown_ms = key.at_ms;
        make_wanted(held, n, out);
    }

    /// Whether a still could not be made of a film that can be shown elsewhere: what was on the screen stays.
    pub(crate) fn film_stays(held: &mut HandItem, n: u32) -> bool {
        let Some(film) = held.film_mut(n) else {
            return false;
        };
        film.is_being_made = false;
        film.wanted_ms = film.shown_ms;
        film.known.is_some()
    }
}

/// Asks for the wanted still, unless it is on the screen or one is being made.
pub(crate) fn make_wanted(held: &mut HandItem, n: u32, out: &mut Vec<Effect>) {
    // Until its first cover has come nothing is known of it, and its bytes are on their way.
    let waits = |film: &Film| {
        film.known.is_some() && !film.is_being_made && film.wanted_ms != film.shown_ms
    };
    if !held.film(n).is_some_and(waits) {
        return;
    }
    if let Some(film) = held.film_mut(n) {
        film.is_being_made = true;
    }
    out.push(prepare_one(held, n));
}
