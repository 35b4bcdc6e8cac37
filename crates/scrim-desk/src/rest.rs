//! Active time, breaks, and whether new items may be served.

use scrim_model::breaks::BreakPhase;
use scrim_model::exposure::active_ms;
use scrim_model::serving::SEVERE;
use scrim_model::view::Part;
use scrim_wire::window::{MediumState, NoticeKey};

use crate::clock::{Fresh, Now};
use crate::desk::Desk;
use crate::effect::{Effect, Nudge};
use crate::limits::SAVE_BREAK_MS;

impl Desk {
    /// Adds the time since the last step to the break timer and to the open item, as far as it was
    /// active: keys or pointer within the last 15 s, or something revealed or playing.
    pub(crate) fn accrue(&mut self, now: Now, out: &mut Vec<Effect>) {
        let from = std::mem::replace(&mut self.accrued_awake_ms, now.awake_ms);
        let looks = self.reveal.as_ref().is_some_and(|reveal| reveal.durable);
        let engaged = looks || self.playing.is_some();
        let last_input = self.active_at.map(|at| at.awake_ms);
        let active_ms = active_ms(from, now.awake_ms, last_input, engaged);
        self.watch(now, active_ms);
        let is_away = self.resting(now) || self.lock.is_on() || !self.signed_in;
        if active_ms == 0 || is_away || !self.window {
            return;
        }
        let open = self.hand.open.as_ref();
        if open.is_some_and(|held| held.item.severity_hint >= SEVERE) {
            self.breaks.worked_severe(active_ms);
        } else {
            self.breaks.worked(active_ms);
        }
        let is_shown = self.shows_item() && self.recording.is_none();
        if let Some(held) = self.hand.open.as_mut().filter(|_| is_shown) {
            held.handle_ms = held.handle_ms.saturating_add(active_ms);
            let has_strip = held.item.media.len() > 1;
            let media = (0..).zip(&mut held.on_screen_ms).zip(&held.media);
            for ((n, on_screen), state) in media {
                // Those that are not selected are on the screen as well, small, in the strip.
                let is_shown = has_strip || held.selected == Part::Medium(n);
                if is_shown && matches!(state, MediumState::Covered { .. }) {
                    *on_screen = on_screen.saturating_add(active_ms);
                }
            }
        }
        if now.awake_ms >= self.next_save_awake_ms {
            self.save_break(now, out);
        }
    }

    pub(crate) fn save_break(&mut self, now: Now, out: &mut Vec<Effect>) {
        self.next_save_awake_ms = now.awake_ms + SAVE_BREAK_MS;
        out.push(Effect::SaveBreak(self.breaks.saved(now.boot_ms)));
    }

    /// Keys or pointer were used. An absence as long as a break is a break, asleep or awake.
    pub(crate) fn was_active(&mut self, now: Now) {
        if let Some(last) = self.active_at {
            self.breaks.away(now.boot_ms.saturating_sub(last.boot_ms));
        }
        self.active_at = Some(now);
        if !self.lock.is_on() {
            self.lock.seen_boot_ms = now.boot_ms;
        }
    }

    pub(crate) fn ticked(&mut self, now: Now, out: &mut Vec<Effect>) {
        if self.resting(now) && now.awake_ms >= self.next_save_awake_ms {
            self.save_break(now, out);
        }
    }

    pub(crate) fn resting(&self, now: Now) -> bool {
        matches!(self.breaks.phase(now.boot_ms), BreakPhase::Resting { .. })
    }

    /// The same: whether a break is being taken does not depend on the clock.
    pub(crate) fn is_resting(&self) -> bool {
        matches!(self.breaks.phase(0), BreakPhase::Resting { .. })
    }

    /// Whether a new item may be opened or claimed.
    pub(crate) fn may_serve(&self, now: Now) -> bool {
        let phase_allows = matches!(
            self.breaks.phase(now.boot_ms),
            BreakPhase::Working | BreakPhase::Due
        );
        phase_allows && self.is_at_work()
    }

    /// Whether what was begun may be finished although nothing new is served.
    pub(crate) fn may_finish(&self, now: Now) -> bool {
        let exhausted = self.breaks.phase(now.boot_ms) == BreakPhase::Exhausted;
        exhausted && self.is_at_work()
    }

    /// The shift is on, what is done can be recorded, and nothing is covered on request or locked.
    fn is_at_work(&self) -> bool {
        self.shift && self.store_fault.is_none() && !self.covered_all && !self.lock.is_on()
    }

    pub(crate) fn take_break(&mut self, now: Now, fresh: &mut Fresh, out: &mut Vec<Effect>) {
        if self.resting(now) {
            return;
        }
        self.covered_all = false;
        self.put_down(now, fresh, out);
        self.breaks.take(now.boot_ms);
        self.break_over_told = false;
        self.save_break(now, out);
        self.write_exposure(now, out);
    }

    pub(crate) fn end_break(&mut self, now: Now, out: &mut Vec<Effect>) {
        if !self.resting(now) {
            return;
        }
        self.breaks.end(now.boot_ms);
        self.break_told = false;
        self.save_break(now, out);
        self.take_up(now, out);
    }

    pub(crate) fn snooze(&mut self, now: Now, out: &mut Vec<Effect>) {
        if self.breaks.snooze() {
            self.break_told = false;
            self.notices.retain(|n| n.key != NoticeKey::BreakDue);
            self.save_break(now, out);
        }
    }

    /// Says once that a break is due, and once that it may end.
    pub(crate) fn tell_breaks(&mut self, now: Now, out: &mut Vec<Effect>) {
        match self.breaks.phase(now.boot_ms) {
            BreakPhase::Due | BreakPhase::Exhausted if !self.break_told => {
                self.break_told = true;
                out.push(Effect::Nudge(Nudge::BreakDue));
            }
            BreakPhase::Resting { left_ms: 0 } if !self.break_over_told => {
                self.break_over_told = true;
                out.push(Effect::Nudge(Nudge::BreakOver));
            }
            BreakPhase::Working => self.break_told = false,
            _ => {}
        }
    }
}
