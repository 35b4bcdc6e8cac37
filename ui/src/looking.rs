//! The life of a look, as the window sees it. Pure: events and times in, covers out.
//!
//! | state | event | next |
//! | --- | --- | --- |
//! | covered | the agent's model has an open, durable reveal that was not ended here | looking |
//! | covered | … but its hold key is up, or it was called off before it opened | covered, said so |
//! | looking | key let go, focus lost, hidden, text field, cover-all, time over, agent silent, agent said so | covered, said so |
//!
//! Nothing here can open a reveal. A reveal that ended here is never shown again, whatever
//! arrives later.

use std::collections::VecDeque;

use scrim_model::RevealId;
use scrim_model::area::Area;
use scrim_model::settings::RevealRules;
use scrim_model::view::{Part, Played, RevealMode};
use scrim_wire::window::{CoverWhy, RevealView};

use crate::limits::{AGENT_SILENT_MS, ENDED_MAX, HOLD_STILL_MS, IDLE_MS, LATCH_MS};

/// A look in progress.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// The reveal.
    pub id: RevealId,
    /// How.
    pub mode: RevealMode,
    /// What.
    pub part: Part,
    since_ms: u64,
    moved_ms: u64,
    presented: bool,
    seen: Area,
    zoomed: bool,
    played: Played,
}

/// What of a picture was on the screen in a look that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The reveal.
    pub reveal: RevealId,
    /// Cells of the picture.
    pub area: Area,
    /// It was zoomed at some time.
    pub zoomed: bool,
    /// What of a time line was played.
    pub played: Played,
}

/// What the window knows about looking.
#[derive(Debug, Clone, Default)]
pub struct Looking {
    open: Option<Open>,
    /// Looks that ended here, oldest first.
    ended: VecDeque<RevealId>,
    /// Of looks that have ended and that the agent has not been told of.
    unsaid: VecDeque<Seen>,
    used_ms: u64,
    /// What was asked for last is not wanted any more.
    called_off: bool,
    heard_ms: u64,
    times: Times,
    /// Something plays: then nothing ends after a time, but what plays is paused when nobody is there.
    plays: bool,
}

/// When a look ends by itself.
#[derive(Debug, Clone, Copy)]
struct Times {
    hold_still_ms: u64,
    latch_ms: u64,
    idle_ms: u64,
    agent_silent_ms: u64,
}

impl Default for Times {
    fn default() -> Self {
        Self {
            hold_still_ms: HOLD_STILL_MS,
            latch_ms: LATCH_MS,
            idle_ms: IDLE_MS,
            agent_silent_ms: AGENT_SILENT_MS,
        }
    }
}

impl Looking {
    /// The look in progress.
    #[must_use]
    pub fn open(&self) -> Option<&Open> {
        self.open.as_ref()
    }

    /// Any message from the agent.
    pub fn heard(&mut self, now_ms: u64) {
        self.heard_ms = now_ms;
    }

    /// The settings in force; a look in progress goes by them at once.
    pub fn rules(&mut self, rules: RevealRules) {
        self.times = Times {
            hold_still_ms: rules.hold_still_ms,
            latch_ms: rules.latch_ms,
            idle_ms: rules.idle_ms,
            agent_silent_ms: rules.agent_silent_ms,
        };
    }

    /// A reveal is about to be asked for.
    pub fn asked(&mut self) {
        self.called_off = false;
    }

    /// What was asked for is no longer wanted, though it has not opened yet.
    pub fn call_off(&mut self) {
        self.called_off = true;
    }

    /// The lens moved.
    pub fn moved(&mut self, now_ms: u64) {
        if let Some(open) = &mut self.open {
            open.moved_ms = now_ms;
        }
    }

    /// Keys or pointer were used.
    pub fn used(&mut self, now_ms: u64) {
        self.used_ms = now_ms;
    }

    /// This part of a picture is in the frame, clear.
    pub fn saw(&mut self, area: &Area, zoomed: bool) {
        if let Some(open) = &mut self.open {
            open.seen.add(area);
            open.zoomed |= zoomed;
        }
    }

    /// This stretch of a time line was in the frame, clear, or was heard.
    pub fn played(&mut self, stretch: (u64, u64), heard: bool) {
        if let Some(open) = &mut self.open {
            open.played.add(&Played::of(vec![stretch], heard));
        }
    }

    /// Whether something plays.
    pub fn plays(&mut self, plays: bool) {
        self.plays = plays;
    }

    /// When keys or pointer were used last.
    #[must_use]
    pub fn used_ms(&self) -> u64 {
        self.used_ms
    }

    /// What must be said of looks that have ended, oldest first.
    pub fn take_seen(&mut self) -> impl Iterator<Item = Seen> + use<> {
        std::mem::take(&mut self.unsaid).into_iter()
    }

    /// Whether `reveal` has ended in this window.
    #[must_use]
    pub fn has_ended(&self, reveal: &RevealId) -> bool {
        self.ended.contains(reveal)
    }

    /// A new model. Returns what must be said to the agent: a reveal that is not wanted any more.
    pub fn model(
        &mut self,
        reveal: Option<&RevealView>,
        hold_key_down: bool,
        now_ms: u64,
    ) -> Option<(RevealId, CoverWhy)> {
        let Some(reveal) = reveal.filter(|r| r.open) else {
            self.end();
            return None;
        };
        if self.has_ended(&reveal.id) {
            // The agent holds something else open than what is looked at.
            self.end();
            return None;
        }
        if self.open.as_ref().is_some_and(|open| open.id == reveal.id) {
            return None;
        }
        let key_up = reveal.mode == RevealMode::Hold && !hold_key_down;
        if key_up || self.called_off {
            self.end();
            self.has_now_ended(reveal.id.clone());
            return Some((reveal.id.clone(), CoverWhy::Released));
        }
        self.end();
        self.open = Some(Open {
            id: reveal.id.clone(),
            mode: reveal.mode,
            part: reveal.part.clone(),
            since_ms: now_ms,
            moved_ms: now_ms,
            presented: false,
            seen: Area::default(),
            zoomed: false,
            played: Played::default(),
        });
        self.used_ms = self.used_ms.max(now_ms);
        None
    }

    /// Ends the look. The id, if there was one.
    pub fn end(&mut self) -> Option<RevealId> {
        let open = self.open.take()?;
        self.has_now_ended(open.id.clone());
        if !open.seen.is_empty() || !open.played.is_empty() {
            if self.unsaid.len() == ENDED_MAX {
                self.unsaid.pop_front();
            }
            self.unsaid.push_back(Seen {
                reveal: open.id.clone(),
                area: open.seen,
                zoomed: open.zoomed,
                played: open.played,
            });
        }
        Some(open.id)
    }

    fn has_now_ended(&mut self, reveal: RevealId) {
        if self.ended.len() == ENDED_MAX {
            self.ended.pop_front();
        }
        self.ended.push_back(reveal);
    }

    /// Why the look must end at `now_ms`, if it must.
    #[must_use]
    pub fn must_end(&self, now_ms: u64) -> Option<CoverWhy> {
        let open = self.open.as_ref()?;
        if now_ms.saturating_sub(self.heard_ms) >= self.times.agent_silent_ms {
            return Some(CoverWhy::AgentSilent);
        }
        (now_ms >= self.deadline_ms(open)).then_some(CoverWhy::TimeOver)
    }

    /// When [`Self::must_end`] must be asked again, if nothing else happens.
    #[must_use]
    pub fn next_deadline_ms(&self) -> Option<u64> {
        let open = self.open.as_ref()?;
        Some(
            self.deadline_ms(open)
                .min(self.heard_ms + self.times.agent_silent_ms),
        )
    }

    /// Clear pixels or words are in the frame now; the id, the first time.
    pub fn presented(&mut self) -> Option<RevealId> {
        let open = self.open.as_mut().filter(|open| !open.presented)?;
        open.presented = true;
        Some(open.id.clone())
    }
}

impl Looking {
    fn deadline_ms(&self, open: &Open) -> u64 {
        let times = self.times;
        match open.mode {
            RevealMode::Hold => open.moved_ms + times.hold_still_ms,
            _ if self.plays => u64::MAX,
            RevealMode::Latch | RevealMode::Full | RevealMode::Soft(_) | RevealMode::Sound => {
                let idle_from = self.used_ms.max(open.since_ms);
                (open.since_ms + times.latch_ms).min(idle_from + times.idle_ms)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn view(id: &str, mode: RevealMode, open: bool) -> RevealView {
        RevealView {
            id: RevealId::new(id).unwrap(),
            mode,
            part: Part::Medium(0),
            open,
            colour: false,
            sound: false,
        }
    }

    #[test]
    fn only_an_open_reveal_is_a_look_and_an_ended_one_never_comes_back() {
        let mut looking = Looking::default();
        looking.model(Some(&view("r", RevealMode::Latch, false)), false, 0);
        assert!(looking.open().is_none());
        looking.model(Some(&view("r", RevealMode::Latch, true)), false, 0);
        assert!(looking.open().is_some());
        assert!(looking.end().is_some());
        looking.model(Some(&view("r", RevealMode::Latch, true)), false, 0);
        assert!(looking.open().is_none());
    }

    #[test]
    fn a_hold_whose_key_is_up_is_refused_and_said_so() {
        let mut looking = Looking::default();
        let said = looking.model(Some(&view("r", RevealMode::Hold, true)), false, 0);
        assert_eq!(said.unwrap().1, CoverWhy::Released);
        assert!(looking.open().is_none());
    }

    #[test]
    fn a_look_called_off_before_it_opened_stays_covered() {
        let mut looking = Looking::default();
        looking.asked();
        looking.call_off();
        assert!(
            looking
                .model(Some(&view("r", RevealMode::Latch, true)), false, 0)
                .is_some()
        );
        looking.asked();
        assert!(
            looking
                .model(Some(&view("s", RevealMode::Latch, true)), false, 0)
                .is_none()
        );
        assert!(looking.open().is_some());
    }

    #[test]
    fn deadlines_follow_the_settings() {
        let mut looking = Looking::default();
        let mut rules = scrim_model::settings::Protection::default().reveal;
        rules.latch_ms = 3_000;
        looking.rules(rules);
        looking.model(Some(&view("r", RevealMode::Latch, true)), false, 1_000);
        looking.heard(3_900);
        assert_eq!(looking.must_end(3_999), None);
        assert_eq!(looking.must_end(4_000), Some(CoverWhy::TimeOver));
    }

    #[test]
    fn deadlines() {
        let mut looking = Looking::default();
        looking.model(Some(&view("r", RevealMode::Latch, true)), false, 1_000);
        looking.heard(8_900);
        assert_eq!(looking.must_end(8_999), None);
        assert_eq!(looking.must_end(9_000), Some(CoverWhy::TimeOver));
        let mut looking = Looking::default();
        looking.model(Some(&view("r", RevealMode::Hold, true)), true, 1_000);
        looking.heard(20_900);
        assert_eq!(looking.must_end(20_999), None);
        assert_eq!(looking.must_end(21_000), Some(CoverWhy::TimeOver));
        looking.moved(21_000);
        assert_eq!(looking.must_end(21_000), None);
        assert_eq!(looking.next_deadline_ms(), Some(21_400));
        assert_eq!(looking.must_end(21_400), Some(CoverWhy::AgentSilent));
    }
}
