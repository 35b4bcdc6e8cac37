//! Revealing and covering. Revealing is slow and careful: first durable, then clear. Covering is
//! at once and cannot fail.

use scrim_model::area::Area;
use scrim_model::item::Form;
use scrim_model::view::{CoverKind, Part, Place, Played, RevealMode, RevealReason, ViewInterval};
use scrim_model::{MediumKey, RevealId};
use scrim_wire::window::{MediumState, NoticeKey};
use scrim_wire::worker::{FIT_PIXELS_MAX, FIT_SIDE_MAX};

use crate::clock::{Fresh, Now};
use crate::desk::Desk;
use crate::effect::{ClearOf, Effect};
use crate::limits::FIT;
use crate::media::prepare_again;
use crate::parts::asked::{Asked, Reveal};
use crate::parts::decided::kept_items;
use crate::parts::film::Film;
use crate::parts::hand::HandItem;
use crate::parts::judge::level_of;

impl Desk {
    /// A reveal of the selected part.
    pub(crate) fn ask_selected(
        &mut self,
        now: Now,
        fresh: &mut Fresh,
        mode: RevealMode,
        reason: Option<RevealReason>,
        out: &mut Vec<Effect>,
    ) {
        match self.hand.open.as_ref().map(|held| held.selected.clone()) {
            Some(part) => self.ask_reveal(now, fresh, Asked { mode, part, reason }, out),
            None => self.cover(now, out),
        }
    }

    pub(crate) fn ask_reveal(
        &mut self,
        now: Now,
        fresh: &mut Fresh,
        Asked { mode, part, reason }: Asked,
        out: &mut Vec<Effect>,
    ) {
        self.cover(now, out);
        if self.recording.is_some() || !self.shows_item() {
            return;
        }
        let Some(held) = &self.hand.open else { return };
        if self.must_check(held, now) {
            let item = held.item.id.clone();
            self.reveal_after_check = Some(Asked { mode, part, reason });
            return self.check_claim(now, item, out);
        }
        let can_show = match part {
            Part::Medium(n) if mode == RevealMode::Sound => self.can_be_heard(held, n),
            Part::Medium(n) => {
                matches!(
                    held.medium(n),
                    Some(MediumState::Covered { whole: true, .. })
                ) && (held.film(n).is_none_or(Film::can_be_looked_at) || self.plays(held, n))
            }
            Part::Words => held.item.has_words(),
            Part::Span(span) => held.masks.has(&span),
        };
        if !can_show {
            return;
        }
        let is_picture = matches!(part, Part::Medium(_));
        if mode == RevealMode::Full && is_picture && reason.is_none() && self.is_gravest(held) {
            self.asks_reason = true;
            return;
        }
        let cover = match part {
            Part::Medium(n) if mode == RevealMode::Sound => held.stays_over(n),
            _ => CoverKind::Clear,
        };
        let id = RevealId::new(fresh.take()).expect("fresh ids are ids");
        out.push(Effect::RecordReveal {
            reveal: id.clone(),
            item: held.item.id.clone(),
            part: part.clone(),
            mode,
            reason,
            cover,
            at: now.utc(),
        });
        self.reveal = Some(Reveal {
            id,
            part,
            mode,
            reason,
            durable: false,
            shown_awake_ms: None,
            asked_awake_ms: now.awake_ms,
            colour: false,
            colour_ever: false,
            area: Area::default(),
            place: Place::Main,
            whole: false,
            cover,
            sound: mode == RevealMode::Sound,
            played: Played::default(),
        });
    }

    /// Whether the open item is of the severity at which a whole picture takes a reason, by the
    /// server's hint or by the policy chosen so far.
    fn is_gravest(&self, held: &HandItem) -> bool {
        let chosen = self.severity_in_force(held).unwrap_or(0);
        held.item.severity_hint.max(chosen) >= self.protection.reveal.reason_at_severity
    }

    pub(crate) fn reason_given(
        &mut self,
        now: Now,
        fresh: &mut Fresh,
        reason: RevealReason,
        out: &mut Vec<Effect>,
    ) {
        if self.asks_reason {
            self.ask_selected(now, fresh, RevealMode::Full, Some(reason), out);
        }
    }

    pub(crate) fn reveal_recorded(
        &mut self,
        now: Now,
        id: &RevealId,
        durable: bool,
        out: &mut Vec<Effect>,
    ) {
        let Some(reveal) = self.reveal.as_mut().filter(|r| &r.id == id) else {
            return;
        };
        if !durable {
            self.cover(now, out);
            self.notice(NoticeKey::RevealNotRecorded, "");
            return;
        }
        reveal.durable = true;
        let part = reveal.part.clone();
        if let Part::Medium(n) = part {
            let held = self.hand.open.as_ref().expect("a reveal has an open item");
            if self.plays(held, n) {
                // Its clips are asked for as it plays.
                return;
            }
            let item = held.item.id.clone();
            out.push(Effect::OpenClear {
                reveal: id.clone(),
                medium: MediumKey { item, n },
                of: clear_of(held.film(n)),
                soft: self.softened(),
                bounds: FIT,
            });
            // Whatever was made ahead is used up.
            self.ahead = None;
            self.open_whole(out);
        }
    }

    pub(crate) fn clear_ready(&mut self, id: &RevealId, out: &mut Vec<Effect>) {
        let Some(reveal) = self.reveal.as_ref().filter(|r| &r.id == id && r.durable) else {
            return;
        };
        if let (Part::Medium(n), Some(held)) = (&reveal.part, &self.hand.open) {
            let medium = MediumKey {
                item: held.item.id.clone(),
                n: *n,
            };
            out.push(Effect::HandClear {
                reveal: id.clone(),
                medium,
            });
        }
    }

    pub(crate) fn clear_failed(
        &mut self,
        now: Now,
        id: &RevealId,
        reason: String,
        out: &mut Vec<Effect>,
    ) {
        if self.reveal.as_ref().is_some_and(|r| &r.id == id) {
            self.cover(now, out);
            self.notice(NoticeKey::ClearFailed, reason);
        }
    }

    pub(crate) fn presented(&mut self, now: Now, id: &RevealId) {
        if let Some(reveal) = self.reveal.as_mut().filter(|r| &r.id == id && r.durable) {
            reveal.shown_awake_ms.get_or_insert(now.awake_ms);
        }
    }

    pub(crate) fn window_covered(&mut self, now: Now, id: &RevealId, out: &mut Vec<Effect>) {
        if self.reveal.as_ref().is_some_and(|r| &r.id == id) {
            self.cover(now, out);
        }
    }

    /// The window says what of a picture was on the screen; also of a reveal that the desk ended,
    /// as long as its item is in the hand or its decision can be taken back.
    pub(crate) fn seen(
        &mut self,
        id: &RevealId,
        (area, zoomed): (&Area, bool),
        played: &Played,
        out: &mut Vec<Effect>,
    ) {
        let place = if zoomed { Place::Zoom } else { Place::Main };
        if let Some(reveal) = self.reveal.as_mut().filter(|r| &r.id == id) {
            reveal.area.add(area);
            reveal.place = place;
            reveal.played.add(played);
            return;
        }
        let ended = kept_items(&mut self.hand, &mut self.outbox).find_map(|held| {
            let mut newest_first = held.intervals.iter_mut().rev();
            newest_first.find(|interval| &interval.reveal_id == id && interval.shown)
        });
        if let Some(interval) = ended {
            interval.area.add(area);
            interval.place = place;
            interval.add_played(played);
            out.push(Effect::RecordSeen {
                reveal: id.clone(),
                area: interval.area.clone(),
                place,
                played: Played::of(interval.played.clone(), interval.sound),
            });
        }
    }

    /// Ends the reveal, if there is one: pixels first, then the record of it.
    pub(crate) fn cover(&mut self, now: Now, out: &mut Vec<Effect>) {
        self.reveal_after_check = None;
        self.asks_reason = false;
        let Some(reveal) = self.reveal.take() else {
            return;
        };
        out.push(Effect::CoverNow);
        let shown = reveal.shown_awake_ms.is_some();
        let duration_ms = reveal
            .shown_awake_ms
            .map_or(0, |at| now.awake_ms.saturating_sub(at));
        out.push(Effect::CloseReveal {
            reveal: reveal.id.clone(),
            duration_ms,
            shown,
            colour: reveal.colour_ever,
            area: reveal.area.clone(),
            place: reveal.place,
            played: reveal.played.clone(),
        });
        if let Some(held) = &mut self.hand.open {
            let opened_at = now.utc().plus_ms(-i64::try_from(duration_ms).unwrap_or(0));
            held.intervals.push(ViewInterval {
                duration_ms: Some(duration_ms),
                shown,
                colour: reveal.colour_ever,
                reason: reveal.reason,
                area: reveal.area,
                place: reveal.place,
                cover: reveal.cover,
                sound: reveal.played.sound,
                played: reveal.played.stretches().to_vec(),
                ..ViewInterval::opened(reveal.id, reveal.part, reveal.mode, opened_at)
            });
        }
    }

    /// The desk's own deadlines; the window has the same ones and is usually first.
    pub(crate) fn end_reveal_in_time(&mut self, now: Now, out: &mut Vec<Effect>) {
        let Some(reveal) = &self.reveal else { return };
        let since = now
            .awake_ms
            .saturating_sub(reveal.shown_awake_ms.unwrap_or(reveal.asked_awake_ms));
        let still = self
            .active_at
            .map_or(u64::MAX, |at| now.awake_ms.saturating_sub(at.awake_ms));
        let rules = self.protection.reveal;
        let over = match reveal.mode {
            RevealMode::Hold => since >= rules.hold_still_ms && still >= rules.hold_still_ms,
            // What plays is paused after a while without anybody, which covers.
            _ if self.playing.is_some() => false,
            RevealMode::Latch | RevealMode::Full | RevealMode::Soft(_) | RevealMode::Sound => {
                since >= rules.latch_ms || since >= rules.idle_ms && still >= rules.idle_ms
            }
        };
        if over {
            self.cover(now, out);
        }
    }

    /// Zoomed in, the picture that is looked at is shown with all of its pixels.
    pub(crate) fn zoom(&mut self, on: bool, out: &mut Vec<Effect>) {
        if let Some(held) = &mut self.hand.open {
            held.zoomed = on;
        }
        if on {
            self.open_whole(out);
        }
    }

    /// Asks for all pixels of a picture that is looked at and zoomed into, if those that fit are fewer. They come after them.
    fn open_whole(&mut self, out: &mut Vec<Effect>) {
        let (Some(reveal), Some(held)) = (&mut self.reveal, &self.hand.open) else {
            return;
        };
        let Part::Medium(n) = reveal.part else { return };
        let is_softened = matches!(reveal.mode, RevealMode::Soft(_) | RevealMode::Sound);
        if reveal.whole
            || !reveal.durable
            || is_softened
            || !held.zoomed
            || held.film(n).is_some_and(|film| film.form != Form::Picture)
        {
            return;
        }
        let Some(&MediumState::Covered { width, height, .. }) = held.medium(n) else {
            return;
        };
        if width <= FIT.0 && height <= FIT.1 {
            return;
        }
        reveal.whole = true;
        out.push(Effect::OpenClear {
            reveal: reveal.id.clone(),
            medium: MediumKey {
                item: held.item.id.clone(),
                n,
            },
            of: clear_of(held.film(n)),
            soft: None,
            bounds: whole(width, height),
        });
    }

    pub(crate) fn colour(&mut self, on: bool) {
        if let Some(reveal) = &mut self.reveal {
            reveal.colour = on;
            reveal.colour_ever |= on;
        }
    }

    pub(crate) fn select(&mut self, now: Now, part: Part, out: &mut Vec<Effect>) {
        let known = self
            .hand
            .open
            .as_ref()
            .is_some_and(|held| held.parts().contains(&part));
        if known {
            self.cover(now, out);
            if let Some(held) = &mut self.hand.open {
                held.zoomed = false;
                held.selected = part;
                let chosen = held.chosen_here().cloned();
                held.draft_parent = chosen.and_then(|id| level_of(&self.policies, &id));
            }
        }
    }

    /// A stronger cover, or a weaker one down to what the settings allow.
    pub(crate) fn change_step(&mut self, stronger: bool, out: &mut Vec<Effect>) {
        let Some(open) = &self.hand.open else { return };
        let least = self.weakest_step(&open.item.classes);
        let Some(held) = &mut self.hand.open else {
            return;
        };
        let step = if stronger {
            held.step.stronger()
        } else {
            held.step.weaker()
        };
        let step = step.max(least);
        if step == held.step {
            return;
        }
        held.step = step;
        prepare_again(held, out);
    }
}

/// The frame that is on the screen.
fn clear_of(film: Option<&Film>) -> ClearOf {
    match film {
        None => ClearOf::Frame(0),
        Some(film) if film.form == Form::Picture => ClearOf::Frame(film.shown_ms.unwrap_or(0)),
        Some(film) => ClearOf::Time(film.shown_ms.unwrap_or(0)),
    }
}

/// The largest box of a picture's shape, up to its own size, that a worker may fill.
fn whole(width: u32, height: u32) -> (u32, u32) {
    let (mut width, mut height) = (width, height);
    while u64::from(width) * u64::from(height) > FIT_PIXELS_MAX || width.max(height) > FIT_SIDE_MAX
    {
        // A step of an eighth, so that little is lost.
        width = (width - width / 8).max(1);
        height = (height - height / 8).max(1);
    }
    (width, height)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_pixels_are_asked_for_as_far_as_a_worker_may_fill_them() {
        assert_eq!(whole(4_000, 3_000), (4_000, 3_000));
        for (width, height) in [(65_535, 1), (1, 65_535), (16_000, 16_000), (20_000, 5_000)] {
            let (w, h) = whole(width, height);
            assert!(u64::from(w) * u64::from(h) <= FIT_PIXELS_MAX);
            assert!(w.max(h) <= FIT_SIDE_MAX && w > 0 && h > 0);
            let pixels = u64::from(w) * u64::from(h);
            let is_large = pixels > FIT_PIXELS_MAX / 2 || w.max(h) > FIT_SIDE_MAX / 2;
            assert!(is_large, "{width} × {height} shrank to {w} × {h}");
        }
    }
}
