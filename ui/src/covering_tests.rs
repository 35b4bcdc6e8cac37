//! Whatever an agent sends, in whatever order, and whatever a moderator does: clear pixels can be
//! drawn only of a look that the agent's last model holds open and that did not end here.

use std::collections::HashSet;

use proptest::prelude::*;
use scrim_model::RevealId;
use scrim_model::settings::{RevealRules, RevealStyle};
use scrim_model::view::{RevealMode, SoftStep};
use scrim_wire::window::{CoverWhy, ToWindow};

use crate::actions::{Act, Hand};
use crate::demo_models::{clear, image, pixels, reveal_id, revealed};
use crate::keys::KeyAsk;
use crate::limits::{AGENT_SILENT_MS, LATCH_MS};
use crate::state::{Arrival, WindowState};
use crate::theme::ThemeName;

/// Looks in one run: few, so that late messages meet them.
const IDS: u8 = 6;
const MODES: [RevealMode; 4] = [
    RevealMode::Hold,
    RevealMode::Latch,
    RevealMode::Full,
    RevealMode::Soft(SoftStep::Heavy),
];
const STYLES: [RevealStyle; 3] = [RevealStyle::Lens, RevealStyle::Strength, RevealStyle::Full];

#[derive(Debug, Clone)]
enum Blow {
    Model { reveal: Option<(u8, usize, bool)> },
    Clear { reveal: u8, medium: u32 },
    CoverNow,
    Ping,
    Settings { style: usize, latch: bool },
    KeyDown,
    KeyUp,
    Tap,
    Focus(bool),
    Hidden(bool),
    CoverAll,
    TextField,
    Moved,
    Pass(u64),
    LinkClosed,
}

fn blow() -> impl Strategy<Value = Blow> {
    let reveal = proptest::option::weighted(0.85, (0..IDS, 0..MODES.len(), any::<bool>()));
    prop_oneof![
        6 => reveal.prop_map(|reveal| Blow::Model { reveal }),
        5 => (0..IDS, 0..2_u32).prop_map(|(reveal, medium)| Blow::Clear { reveal, medium }),
        1 => Just(Blow::CoverNow),
        1 => (0..STYLES.len(), any::<bool>()).prop_map(|(style, latch)| Blow::Settings { style, latch }),
        3 => Just(Blow::Ping),
        2 => Just(Blow::KeyDown),
        1 => Just(Blow::KeyUp),
        1 => Just(Blow::Tap),
        2 => prop::bool::weighted(0.8).prop_map(Blow::Focus),
        1 => prop::bool::weighted(0.2).prop_map(Blow::Hidden),
        1 => Just(Blow::CoverAll),
        1 => Just(Blow::TextField),
        1 => Just(Blow::Moved),
        3 => prop_oneof![Just(1), 1..600_u64, Just(AGENT_SILENT_MS), Just(LATCH_MS)].prop_map(Blow::Pass),
        1 => prop::bool::weighted(0.1).prop_map(|ends| if ends { Blow::LinkClosed } else { Blow::Ping }),
    ]
}

/// A window, and what it is allowed to show by a reckoning of its own.
struct Watched {
    window: WindowState,
    now_ms: u64,
    heard_ms: u64,
    focus: bool,
    hidden: bool,
    /// The look that the last model holds open.
    held_open: Option<RevealId>,
    over: HashSet<RevealId>,
    looks: usize,
    /// Frames that could draw clear pixels.
    drawn: usize,
}

impl Watched {
    fn new() -> Self {
        Self {
            window: WindowState::new(ThemeName::Dark, Hand::Right),
            now_ms: 1_000,
            heard_ms: 1_000,
            focus: true,
            hidden: false,
            held_open: None,
            over: HashSet::new(),
            looks: 0,
            drawn: 0,
        }
    }

    fn arrives(&mut self, message: ToWindow, pixels: Option<Vec<u8>>) {
        self.heard_ms = self.now_ms;
        let pixels = pixels.map(|bytes| Box::new(bytes) as crate::picture::PixelBytes);
        self.window
            .receive(Arrival { message, pixels }, self.now_ms);
    }

    /// One blow; whether nothing may be open after it.
    fn suffer(&mut self, blow: &Blow) -> bool {
        match blow {
            Blow::Model { reveal } => {
                let mut model = image(2);
                if let Some((id, mode, open)) = reveal {
                    model = revealed(model, &id.to_string(), MODES[*mode], *open);
                }
                self.held_open = reveal
                    .filter(|(_, _, open)| *open)
                    .map(|(id, _, _)| reveal_id(&id.to_string()));
                self.arrives(ToWindow::Model(Box::new(model)), None);
            }
            Blow::Clear { reveal, medium } => {
                let message = clear(&reveal.to_string(), *medium, 4, 4);
                self.arrives(message, Some(pixels(4, 4, true)));
            }
            Blow::CoverNow => {
                self.arrives(ToWindow::CoverNow, None);
                return true;
            }
            Blow::Ping => self.arrives(ToWindow::Ping, None),
            Blow::Settings { style, latch } => {
                let rules = |rules: &mut RevealRules| {
                    (rules.style, rules.latch) = (STYLES[*style], *latch);
                };
                self.arrives(crate::seen_tests::rules(rules), None);
            }
            Blow::KeyDown => self.window.perform_key(KeyAsk::HoldStart(Act::Look)),
            Blow::KeyUp => {
                let was_held = self.window.holding;
                self.window.perform_key(KeyAsk::HoldEnd(Act::Look));
                if was_held {
                    return true;
                }
            }
            Blow::Tap => self.window.perform_key(KeyAsk::Tap(Act::Look)),
            Blow::Focus(focus) => self.focus = *focus,
            Blow::Hidden(hidden) => self.hidden = *hidden,
            Blow::CoverAll => {
                self.window.perform_key(KeyAsk::Do(Act::CoverAll));
                return true;
            }
            Blow::TextField => {
                self.window.cover(CoverWhy::TextField);
                return true;
            }
            Blow::Moved => self.window.looking.moved(self.now_ms),
            Blow::Pass(ms) => self.now_ms += ms,
            Blow::LinkClosed => {
                self.window.link_closed();
                return true;
            }
        }
        let silent = self.now_ms - self.heard_ms >= AGENT_SILENT_MS;
        !self.focus || self.hidden || silent
    }

    /// What the next frame could draw clear.
    fn frame(&mut self) -> Option<RevealId> {
        self.window
            .cover_if_due(self.focus, self.hidden, self.now_ms);
        let open = self.window.looking.open()?.id.clone();
        self.window.pictures.has_clear_of(&open).then_some(open)
    }
}

/// Plays `blows`; how many looks opened, and how many frames could draw them.
fn play(blows: &[Blow]) -> Result<(usize, usize), TestCaseError> {
    let mut watched = Watched::new();
    let mut open_before: Option<RevealId> = None;
    for blow in blows {
        let must_be_covered = watched.suffer(blow);
        let drawn = watched.frame();
        let open = watched.window.looking.open().map(|open| open.id.clone());
        if must_be_covered {
            prop_assert!(open.is_none(), "open after {blow:?}");
            prop_assert!(
                !watched.window.pictures.has_clear(),
                "pixels after {blow:?}"
            );
        }
        if let Some(before) = &open_before
            && open.as_ref() != Some(before)
        {
            watched.over.insert(before.clone());
        }
        if let Some(open) = &open {
            prop_assert_eq!(Some(open), watched.held_open.as_ref(), "{:?}", blow);
            prop_assert!(!watched.over.contains(open), "{blow:?} opened {open} again");
            watched.looks += usize::from(open_before.as_ref() != Some(open));
        }
        open_before.clone_from(&open);
        watched.drawn += usize::from(drawn.is_some());
    }
    Ok((watched.looks, watched.drawn))
}

#[test]
fn nothing_opens_a_look_but_the_agent_and_nothing_opens_it_again() {
    let config = ProptestConfig {
        cases: 10_000,
        rng_seed: proptest::test_runner::RngSeed::Fixed(0x5C21),
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let seen = std::cell::Cell::new((0, 0));
    let outcome = runner.run(&prop::collection::vec(blow(), 1..60), |blows| {
        let (looks, drawn) = play(&blows)?;
        seen.set((seen.get().0 + looks, seen.get().1 + drawn));
        Ok(())
    });
    assert!(outcome.is_ok(), "{}", outcome.unwrap_err());
    // The blows are worth nothing if they never get a look open and its pixels there.
    let (looks, drawn) = seen.get();
    assert!(
        looks > 10_000 && drawn > 1_000,
        "{looks} looks, {drawn} frames"
    );
}
