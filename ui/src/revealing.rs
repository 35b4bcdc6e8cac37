//! What keys and the pointer ask to be revealed, how, and what ends it. Nothing here opens anything:
//! the agent does, once the reveal is on disk.

use egui::pos2;
use scrim_model::settings::RevealStyle;
use scrim_model::view::{Part, RevealMode, SoftStep, WordSpan};
use scrim_wire::window::{Command, CoverWhy};

use crate::actions::Act;
use crate::limits::TAP_MS;
use crate::reading::Held;
use crate::state::WindowState;

impl WindowState {
    /// Whether each press of the look key opens or covers, however long it is.
    fn latches(&self) -> bool {
        let settings = self.settings.as_ref();
        settings.is_some_and(|view| view.reveal.latch)
    }

    /// How the look key opens what it is about; `stays`: without being held. Words and their
    /// stretches know no lens, no strength and no whole.
    fn look_mode(&self, stays: bool) -> RevealMode {
        let of_words = self.target.is_some() || !self.has_picture_selected();
        let style = self.settings.as_ref().map(|view| view.reveal.style);
        match style.filter(|_| !of_words) {
            Some(RevealStyle::Strength) => RevealMode::Soft(SoftStep::Heavy),
            Some(RevealStyle::Full) => RevealMode::Full,
            _ if stays => RevealMode::Latch,
            _ => RevealMode::Hold,
        }
    }

    /// The look key went down: on open words or an open picture it covers.
    pub(crate) fn look_down(&mut self) {
        self.holding = false;
        if self.is_revealed() {
            return self.cover(CoverWhy::Released);
        }
        self.target = self.reading.focused;
        let mode = self.look_mode(self.latches());
        if self.latches() {
            self.toggle_reveal(mode, self.target);
        } else {
            self.holding = true;
            self.ask_reveal(mode, self.target);
        }
    }

    /// It went up, after a hold or so soon that it was a tap. Latched, that changes nothing.
    pub(crate) fn look_up(&mut self, is_tap: bool) {
        if self.end_hold() && is_tap {
            self.ask_reveal(self.look_mode(true), self.target);
        }
    }

    /// The control of the look key.
    pub(crate) fn toggle_look(&mut self) {
        if self.is_revealed() {
            self.cover(CoverWhy::Released);
        } else {
            self.target = None;
            self.toggle_reveal(self.look_mode(true), None);
        }
    }

    /// What a press held open, or was about to, covers. Whether there was such a press.
    fn end_hold(&mut self) -> bool {
        if !std::mem::take(&mut self.holding) {
            return false;
        }
        if self.is_revealed() {
            self.cover(CoverWhy::Released);
        } else if self.model.as_ref().is_some_and(|m| m.asks_reason) {
            // Nothing is open; the question stays until it is answered.
        } else {
            self.looking.call_off();
            self.command(Command::CoverAgain);
        }
        true
    }

    fn ask_reveal(&mut self, mode: RevealMode, span: Option<WordSpan>) {
        self.cover(CoverWhy::Released);
        if self.item_id().is_some() {
            self.looking.asked();
            self.command(match span {
                Some(span) => Command::RevealSpan(mode, span),
                None => Command::Reveal(mode),
            });
        }
    }

    /// The accessible toggle of a look: opens, or covers what is open or about to open.
    pub(crate) fn toggle_reveal(&mut self, mode: RevealMode, span: Option<WordSpan>) {
        let pending = self.model.as_ref().is_some_and(|m| {
            let reveal = m.item.as_ref().and_then(|item| item.reveal.as_ref());
            reveal.is_some_and(|r| !r.open)
        });
        let other = span.map(Part::Span);
        let open = self.looking.open();
        let same_part =
            open.is_some_and(|open| other.is_none() || other.as_ref() == Some(&open.part));
        match open.map(|open| open.mode) {
            Some(open) if same_part && (open == mode || mode == RevealMode::Latch) => {
                self.cover(CoverWhy::Released);
            }
            None if pending => self.call_off_pending(),
            _ => self.ask_reveal(mode, span),
        }
    }

    /// The softened view, on or off; a picture only.
    pub(crate) fn toggle_soft(&mut self) {
        let open = self.looking.open().map(|open| open.mode);
        if matches!(open, Some(RevealMode::Soft(_))) {
            self.cover(CoverWhy::Released);
        } else if self.has_picture_selected() {
            self.ask_reveal(RevealMode::Soft(SoftStep::Heavy), None);
        }
    }

    fn has_picture_selected(&self) -> bool {
        let item = self.model.as_ref().and_then(|m| m.item.as_ref());
        item.is_some_and(|item| matches!(item.selected, Part::Medium(_)))
    }

    /// One step on the way from the strongest cover to the clear picture. Covers change by
    /// themselves; steps of a softened view are looks of their own, and only start from one.
    pub(crate) fn change_strength(&mut self, stronger: bool) {
        let open = self.looking.open().map(|open| open.mode);
        match (open, stronger) {
            (Some(RevealMode::Soft(step)), true) => match step.heavier() {
                Some(step) => self.ask_reveal(RevealMode::Soft(step), None),
                None => self.cover(CoverWhy::Released),
            },
            (Some(RevealMode::Soft(step)), false) => {
                let next = step.lighter().map_or(RevealMode::Full, RevealMode::Soft);
                self.ask_reveal(next, None);
            }
            (Some(RevealMode::Full), true) if self.has_picture_selected() => {
                self.ask_reveal(RevealMode::Soft(SoftStep::Light), None);
            }
            (_, true) => self.command(Command::Stronger),
            (_, false) => self.command(Command::Weaker),
        }
    }

    pub(crate) fn set_colour(&mut self, on: bool) {
        if self.is_revealed() && self.colour != on {
            self.colour = on;
            self.command(Command::Colour(on));
        }
    }

    /// The pointer went down on masked words: they are open while it stays down; a short press
    /// keeps them open, a press on open ones covers.
    pub(crate) fn span_down(&mut self, span: WordSpan, now_ms: u64) {
        self.holding = false;
        self.reading.held = Some(Held {
            span,
            since_ms: now_ms,
        });
        self.keys.pointer_holds(true, now_ms);
        if self.is_revealed() {
            self.cover(CoverWhy::Released);
        } else {
            self.holding = true;
            self.ask_reveal(RevealMode::Hold, Some(span));
        }
    }

    pub(crate) fn pointer_up(&mut self, now_ms: u64) {
        self.keys.pointer_holds(false, now_ms);
        let Some(held) = self.reading.held.take() else {
            return;
        };
        let is_tap = now_ms.saturating_sub(held.since_ms) < TAP_MS;
        if self.end_hold() && is_tap {
            self.ask_reveal(RevealMode::Latch, Some(held.span));
        }
    }

    /// Arrow keys move the lens by shares of the picture.
    pub(crate) fn move_lens(&mut self, dx: f32, dy: f32, now_ms: u64) {
        self.lens = pos2(
            (self.lens.x + dx).clamp(0.0, 1.0),
            (self.lens.y + dy).clamp(0.0, 1.0),
        );
        self.looking.moved(now_ms);
        self.witnessed(Act::MoveLens);
    }
}
