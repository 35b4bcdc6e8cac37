//! Keys in, acts out: the safety rules of the keyboard, as a pure state machine.
//!
//! | Rule | How |
//! | --- | --- |
//! | a held key never repeats an action | repeats are passed over |
//! | contact bounce | a second press of one key within 60 ms is passed over |
//! | no decision by a slip | while a hold key is down and 300 ms after, rows that decide are dead |
//! | one finger on two keys | neighbours that go down within 40 ms decide nothing: see [`KeyAsk::Slipped`] |
//! | text is text | in a text field only cover-all works, in the search also its arrows and Enter |
//! | logical key first, then physical | digits are physical; another physical key counts only if the logical one is no letter |
//! | a field that is gone | after a text field went while it was written in, only `F9` works until no key came for a second |
//! | cover-all twice | the second press within 1 s is passed over |
//!
//! A key that was let go while the window had no focus counts as let go: see [`KeyBoard::release_all`].

use std::collections::HashMap;

use egui::Key;

use crate::actions::{Act, Action, Chord, Context, Hand, Hold, TABLE};
use crate::limits::{
    BOUNCE_MS, COVER_ALL_AGAIN_MS, FIELD_GONE_MS, GUARD_AFTER_HOLD_MS, TAP_MS, TOGETHER_MS,
};
use crate::places::are_neighbours;

/// One key event as it came from the toolkit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyEvent {
    /// By the active layout.
    pub logical: Key,
    /// By its place on the keyboard.
    pub physical: Option<Key>,
    /// Down or up.
    pub pressed: bool,
    /// The system's repeat of a key that is held.
    pub repeat: bool,
    /// Shift is down.
    pub shift: bool,
    /// Ctrl or Command is down.
    pub ctrl: bool,
    /// Alt is down: belongs to the system.
    pub alt: bool,
}

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyAsk {
    /// Do it once.
    Do(Act),
    /// A hold key went down.
    HoldStart(Act),
    /// It went up after a hold.
    HoldEnd(Act),
    /// It went up so soon that it was a tap.
    Tap(Act),
    /// It went down together with a neighbour that had decided; neither was meant.
    Slipped,
}

/// Where keys count at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Situation<'a> {
    /// Contexts in force.
    pub contexts: &'a [Context],
    /// A text field has the focus.
    pub in_text: bool,
    /// Everything is covered by the key for that.
    pub is_covered_all: bool,
}

/// The key that went down last.
#[derive(Debug, Clone, Copy)]
struct Newest {
    key: Key,
    at_ms: u64,
    decided: bool,
}

/// The state of the keyboard.
#[derive(Debug, Clone, Default)]
pub struct KeyBoard {
    /// Which map is in force.
    pub hand: Hand,
    held: Vec<(Key, Act, u64)>,
    last_press_ms: HashMap<Key, u64>,
    last_hold_end_ms: Option<u64>,
    newest: Option<Newest>,
    last_cover_all_ms: Option<u64>,
    pointer_holds: bool,
    /// When a key was last meant for a text field that is gone.
    field_gone_ms: Option<u64>,
}

impl KeyBoard {
    /// A keyboard on which nothing has happened yet.
    #[must_use]
    pub fn new(hand: Hand) -> Self {
        Self {
            hand,
            ..Self::default()
        }
    }

    /// Whether the hold key of `act` is down.
    #[must_use]
    pub fn is_held(&self, act: Act) -> bool {
        self.held.iter().any(|(_, held, _)| *held == act)
    }

    /// Whether decision keys are dead at `now_ms`.
    #[must_use]
    pub fn is_guarded(&self, now_ms: u64) -> bool {
        let just_after = |end: u64| now_ms.saturating_sub(end) < GUARD_AFTER_HOLD_MS;
        !self.held.is_empty() || self.pointer_holds || self.last_hold_end_ms.is_some_and(just_after)
    }

    /// The pointer begins or ends holding something open: as good as a hold key.
    pub fn pointer_holds(&mut self, holds: bool, now_ms: u64) {
        if self.pointer_holds && !holds {
            self.last_hold_end_ms = Some(now_ms);
        }
        self.pointer_holds = holds;
    }

    /// The window lost the keys (focus, minimised): everything counts as let go.
    pub fn release_all(&mut self, now_ms: u64) {
        if !self.held.is_empty() || self.pointer_holds {
            self.held.clear();
            self.pointer_holds = false;
            self.last_hold_end_ms = Some(now_ms);
        }
    }

    /// The text field that was being written in is not there any more.
    pub fn field_gone(&mut self, now_ms: u64) {
        self.field_gone_ms = Some(now_ms);
    }

    /// Whether a key at `now_ms` was meant for a field that is gone.
    fn is_meant_for_field(&self, now_ms: u64) -> bool {
        let goes_on = |at: u64| now_ms.saturating_sub(at) < FIELD_GONE_MS;
        self.field_gone_ms.is_some_and(goes_on)
    }

    /// Takes one event. `None`: it asks for nothing (and is not the toolkit's either, if
    /// [`Self::is_ours`] says so).
    pub fn take(&mut self, event: KeyEvent, at: Situation<'_>, now_ms: u64) -> Option<KeyAsk> {
        if !event.pressed {
            return self.release(event.logical, event.physical, now_ms);
        }
        if event.repeat || event.alt {
            return None;
        }
        if !at.in_text && event.logical != Key::F9 && self.is_meant_for_field(now_ms) {
            // Then the next one may be as well.
            self.field_gone_ms = Some(now_ms);
            return None;
        }
        let beside = (!at.in_text).then(|| self.beside(event, now_ms)).flatten();
        if beside.is_some_and(|newest| newest.decided) {
            return Some(KeyAsk::Slipped);
        }
        let action = self.find(event, at)?;
        let before = self.last_press_ms.insert(event.logical, now_ms);
        if before.is_some_and(|ms| now_ms.saturating_sub(ms) < BOUNCE_MS) {
            return None;
        }
        if action.decides && beside.is_some() {
            return None;
        }
        if action.decides && self.is_guarded(now_ms) {
            return None;
        }
        if action.act == Act::CoverAll && !self.cover_all_counts(at, now_ms) {
            return None;
        }
        if action.hold == Hold::Yes {
            if !self.is_held(action.act) {
                self.held.push((event.logical, action.act, now_ms));
            }
            return Some(KeyAsk::HoldStart(action.act));
        }
        if let Some(newest) = &mut self.newest {
            newest.decided = action.decides;
        }
        Some(KeyAsk::Do(action.act))
    }

    /// The key before this one, if it is its neighbour and both went down together. This one is the
    /// newest now.
    fn beside(&mut self, event: KeyEvent, now_ms: u64) -> Option<Newest> {
        let newest = Newest {
            key: event.physical.unwrap_or(event.logical),
            at_ms: now_ms,
            decided: false,
        };
        let before = self.newest.replace(newest)?;
        let together = now_ms.saturating_sub(before.at_ms) < TOGETHER_MS;
        (together && are_neighbours(before.key, newest.key)).then_some(before)
    }

    /// Whether the toolkit must not see this event: it has a row here, or it is a repeat.
    #[must_use]
    pub fn is_ours(&self, event: KeyEvent, at: Situation<'_>, now_ms: u64) -> bool {
        let moves = matches!(
            event.logical,
            Key::ArrowUp | Key::ArrowDown | Key::ArrowLeft | Key::ArrowRight | Key::Tab
        );
        (!at.in_text && self.is_meant_for_field(now_ms))
            || self.find(event, at).is_some()
            || (event.repeat && !at.in_text && !moves)
    }

    /// Two presses one after the other cover once. Only lifting is guarded: nothing may keep a press from covering.
    fn cover_all_counts(&mut self, at: Situation<'_>, now_ms: u64) -> bool {
        let too_soon = |ms: u64| now_ms.saturating_sub(ms) < COVER_ALL_AGAIN_MS;
        if at.is_covered_all && self.last_cover_all_ms.is_some_and(too_soon) {
            return false;
        }
        self.last_cover_all_ms = Some(now_ms);
        true
    }

    fn release(&mut self, logical: Key, physical: Option<Key>, now_ms: u64) -> Option<KeyAsk> {
        let is_it = |key: Key| key == logical || Some(key) == physical;
        let at = self.held.iter().position(|(key, _, _)| is_it(*key))?;
        let (_, act, since) = self.held.remove(at);
        self.last_hold_end_ms = Some(now_ms);
        if now_ms.saturating_sub(since) < TAP_MS {
            Some(KeyAsk::Tap(act))
        } else {
            Some(KeyAsk::HoldEnd(act))
        }
    }

    fn find(&self, event: KeyEvent, at: Situation<'_>) -> Option<&'static Action> {
        if at.in_text {
            let is_panic = event.logical == Key::F9;
            let panic = TABLE.iter().find(|a| a.act == Act::CoverAll && is_panic);
            let searches = at.contexts.contains(&Context::Search);
            return panic.or_else(|| {
                let search = || self.row(event.logical, event, &[Context::Search]);
                searches.then(search).flatten()
            });
        }
        let is_digit = |key: Key| (Key::Num0 as u8..=Key::Num9 as u8).contains(&(key as u8));
        let physical_digit = event.physical.filter(|key| is_digit(*key) && !event.shift);
        if let Some(digit) = physical_digit {
            return self.row(digit, event, at.contexts);
        }
        self.row(event.logical, event, at.contexts).or_else(|| {
            let is_letter = (Key::A as u8..=Key::Z as u8).contains(&(event.logical as u8));
            let physical = event.physical.filter(|_| !is_letter)?;
            self.row(physical, event, at.contexts)
        })
    }

    fn row(&self, key: Key, event: KeyEvent, contexts: &[Context]) -> Option<&'static Action> {
        // “?” and “+” need Shift on many layouts: there it is part of the key.
        let shift = event.shift && !matches!(key, Key::Questionmark | Key::Plus);
        let chord = Chord {
            key,
            shift,
            ctrl: event.ctrl,
        };
        contexts.iter().find_map(|context| {
            TABLE
                .iter()
                .find(|row| row.context == *context && row.has_key(chord, self.hand))
        })
    }
}

#[cfg(test)]
#[path = "keys_tests.rs"]
mod tests;
