//! The window's state: the latest model, the pictures, what is being looked at, what is open.
//!
//! Messages go in by [`WindowState::receive`], answers come out by
//! [`WindowState::take_outgoing`]; the time is an argument everywhere.

use std::collections::VecDeque;

use egui::{Pos2, pos2};
use scrim_model::view::{Part, RevealMode, WordSpan};
use scrim_model::{ItemId, MediumKey, RevealId};
use scrim_wire::window::{
    Command, CoverWhy, FromWindow, KeptCheckIn, Screen, SettingsView, TeamView, ToWindow,
    WindowModel,
};

use crate::actions::{Act, Context, Hand, Witness};
use crate::day::Day;
use crate::keys::KeyBoard;
use crate::limits::{ACTIVE_EVERY_MS, LENS_RADIUS, MEDIA_AREA_MAX, OUTGOING_MAX};
use crate::locked::Passphrase;
use crate::looking::Looking;
use crate::marking::Marking;
use crate::masking::mask;
use crate::picture::{Pictures, PixelBytes};
use crate::player::Player;
use crate::reading::Reading;
use crate::search::Search;
use crate::settings_page::SettingsPage;
use crate::sounding::Sounding;
use crate::strings::Strings;
use crate::team_page::TeamPage;
use crate::theme::ThemeName;
use crate::written::Written;

/// A message of the agent, with the pixels of `Covered` and `Clear`.
pub struct Arrival {
    /// The message.
    pub message: ToWindow,
    /// RGBA8 pixels, for `Covered`, `Clear` and `Frames` only; samples of 16 bits for `Sound`.
    pub pixels: Option<PixelBytes>,
}

impl From<ToWindow> for Arrival {
    fn from(message: ToWindow) -> Self {
        Self {
            message,
            pixels: None,
        }
    }
}

/// A page over the item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overlay {
    /// Keys.
    Help,
    /// Own decisions.
    History,
    /// Questions of colleagues.
    Asked,
    /// A question about the open item, or handing it over.
    Ask,
    /// What protects the moderator.
    Settings,
    /// What leaves this computer.
    Privacy,
    /// Check-ins.
    CheckIn,
    /// Figures about a team's decisions, for its lead.
    Team,
}

/// `None` if they cannot be read.
pub(crate) type KeptCheckIns = Option<Vec<KeptCheckIn>>;

struct EarlyClear {
    reveal: RevealId,
    medium: MediumKey,
    size: (u32, u32),
    pixels: PixelBytes,
}

/// Everything that the window knows.
#[derive(Default)]
pub struct WindowState {
    pub(crate) model: Option<Box<WindowModel>>,
    pub(crate) strings: Strings,
    pub(crate) theme: ThemeName,
    pub(crate) keys: KeyBoard,
    pub(crate) looking: Looking,
    pub(crate) pictures: Pictures,
    pub(crate) player: Player,
    pub(crate) sounding: Sounding,
    /// What plays will be paused soon, because nobody uses keys or pointer.
    pub(crate) asks_presence: bool,
    /// Something clear of a picture was in the last frame.
    pub(crate) clear_drawn: bool,
    pub(crate) overlay: Option<Overlay>,
    pub(crate) colour: bool,
    pub(crate) colour_before: bool,
    /// A key or the pointer holds something open, or asked for it.
    pub(crate) holding: bool,
    /// Centre of the lens and of the zoom, as shares of the picture.
    pub(crate) lens: Pos2,
    /// 0–2.
    pub(crate) zoom: u8,
    /// Blanked here, before the agent has said so.
    pub(crate) blank: bool,
    pub(crate) link_lost: bool,
    pub(crate) note: String,
    /// A question about the open item that is being written.
    pub(crate) question: Written,
    pub(crate) wants_question: bool,
    /// An answer to a colleague's question that is being written.
    pub(crate) answer: Written,
    /// The note of a correction.
    pub(crate) correct_note: String,
    /// What is being typed at the lock.
    pub(crate) passphrase: Passphrase,
    /// The settings in force, as last heard.
    pub(crate) settings: Option<Box<SettingsView>>,
    pub(crate) settings_page: SettingsPage,
    /// What is kept of check-ins, while its page shows it.
    pub(crate) check_ins: Option<KeptCheckIns>,
    pub(crate) team: TeamPage,
    /// By the wall clock, UTC.
    pub(crate) today: Day,
    pub(crate) in_text: bool,
    pub(crate) wants_note: bool,
    /// The text field that has the focus is about an item that is gone.
    pub(crate) leaves_field: bool,
    pub(crate) search: Search,
    pub(crate) reading: Reading,
    /// A mark that is being made.
    pub(crate) marking: Option<Marking>,
    /// What the look key that is down, or was tapped, is about; `None` is the selected part.
    pub(crate) target: Option<WordSpan>,
    pub(crate) title: String,
    pub(crate) witness: Option<Witness>,
    early: Option<EarlyClear>,
    pictures_refused: u64,
    outgoing: VecDeque<FromWindow>,
    last_active_ms: Option<u64>,
}

impl std::fmt::Debug for WindowState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Never the model: it may hold words of an open reveal.
        write!(f, "WindowState(looking: {})", self.is_revealed())
    }
}

impl WindowState {
    /// A window that has heard nothing yet and speaks English.
    #[must_use]
    pub fn new(theme: ThemeName, hand: Hand) -> Self {
        Self::speaking(Strings::english(), theme, hand)
    }

    /// The same with other words.
    #[must_use]
    pub fn speaking(strings: Strings, theme: ThemeName, hand: Hand) -> Self {
        Self {
            strings,
            theme,
            keys: KeyBoard::new(hand),
            lens: pos2(0.5, 0.5),
            ..Self::default()
        }
    }

    /// Takes a message of the agent at `now_ms`.
    pub fn receive(&mut self, arrival: impl Into<Arrival>, now_ms: u64) {
        let Arrival { message, pixels } = arrival.into();
        self.looking.heard(now_ms);
        match (message, pixels) {
            (ToWindow::Model(model), _) => self.take_model(model, now_ms),
            (ToWindow::Covered { key, width, height }, Some(pixels)) => {
                // A preview that does not fit its size leaves the neutral placeholder.
                let taken = self.pictures.take_cover(key, width, height, &pixels);
                self.pictures_refused += u64::from(taken.is_err());
            }
            (
                ToWindow::Clear {
                    reveal,
                    medium,
                    width,
                    height,
                },
                Some(pixels),
            ) => self.take_clear(EarlyClear {
                reveal,
                medium,
                size: (width, height),
                pixels,
            }),
            (
                ToWindow::Frames {
                    key,
                    width,
                    height,
                    begins_ms,
                },
                Some(pixels),
            ) => self.take_frames(&key, (width, height), begins_ms, pixels),
            (ToWindow::Sound { key, .. }, Some(samples)) => self.take_sound(key, samples),
            (ToWindow::Settings(view), _) => {
                self.looking.rules(view.reveal);
                self.settings = Some(view);
            }
            (ToWindow::CheckIns(kept), _) if self.overlay == Some(Overlay::CheckIn) => {
                self.check_ins = Some(kept);
            }
            (ToWindow::Team(view), _) => self.take_team(view),
            (ToWindow::CoverNow, _) => self.cover(CoverWhy::AgentSaid),
            _ => {}
        }
    }

    /// The link has closed: covered for good.
    pub fn link_closed(&mut self) {
        self.cover(CoverWhy::AgentSilent);
        self.forget_film();
        self.link_lost = true;
        self.settle_team();
    }

    /// The lead's view, while its page is open.
    #[must_use]
    pub fn team(&self) -> Option<&TeamView> {
        self.team.view.as_deref()
    }

    /// What to send to the agent, oldest first.
    pub fn take_outgoing(&mut self) -> Vec<FromWindow> {
        self.outgoing.drain(..).collect()
    }

    /// Whether something is revealed now.
    #[must_use]
    pub fn is_revealed(&self) -> bool {
        self.looking.open().is_some()
    }

    /// Whether a look at a picture opens whose pixels are not here yet: they may be a moment later.
    #[must_use]
    pub fn awaits_clear(&self) -> bool {
        let item = self.model.as_ref().and_then(|model| model.item.as_ref());
        let reveal = item.and_then(|item| item.reveal.as_ref());
        reveal.is_some_and(|reveal| {
            let is_seen =
                matches!(reveal.part, Part::Medium(_)) && reveal.mode != RevealMode::Sound;
            is_seen
                && self.player.at_ms().is_none()
                && !self.looking.has_ended(&reveal.id)
                && !self.pictures.has_clear_of(&reveal.id)
        })
    }

    /// Whether clear pixels are held.
    #[must_use]
    pub fn has_clear_pixels(&self) -> bool {
        self.pictures.has_clear() || self.early.is_some()
    }

    /// Width and height of the clear picture that is held.
    #[must_use]
    pub fn clear_size(&self) -> Option<[usize; 2]> {
        self.pictures.clear_size()
    }

    /// Pictures that did not have the size that was said; none of them was shown.
    #[must_use]
    pub fn pictures_refused(&self) -> u64 {
        self.pictures_refused
    }

    /// The latest model.
    #[must_use]
    pub fn model(&self) -> Option<&WindowModel> {
        self.model.as_deref()
    }

    /// “Scrim – state”, for the window's title.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// When the state must be looked at again if nothing else happens.
    #[must_use]
    pub fn next_deadline_ms(&self) -> Option<u64> {
        self.looking.next_deadline_ms()
    }

    /// Pixels that are not what they were said to be.
    pub(crate) fn refused(&mut self) {
        self.pictures_refused += 1;
    }

    /// Covers at once: clear pixels and clear words go, and the agent is told.
    pub fn cover(&mut self, why: CoverWhy) {
        self.early = None;
        self.pictures.drop_clear();
        self.sounding.hush();
        self.sounding.asked = false;
        self.colour = false;
        let words = self.looking.open().is_some_and(|o| o.part.is_words());
        if let Some(reveal) = self.looking.end() {
            if words {
                self.mask_words();
            }
            self.say_seen();
            self.send(FromWindow::Covered { reveal, why });
        }
    }

    /// What the looks that have ended showed, before anything else is said of them.
    fn say_seen(&mut self) {
        for seen in self.looking.take_seen() {
            self.send(FromWindow::Seen {
                reveal: seen.reveal,
                area: seen.area,
                zoomed: seen.zoomed,
                played: seen.played,
            });
        }
    }

    /// Covers if anything demands it at `now_ms`: no focus, hidden, time over, agent silent.
    pub fn cover_if_due(&mut self, has_focus: bool, is_hidden: bool, now_ms: u64) {
        if !has_focus || is_hidden {
            if self.holds_look() && !self.is_revealed() {
                self.call_off_pending();
            }
            self.reading.held = None;
            self.keys.release_all(now_ms);
            self.cover(if is_hidden {
                CoverWhy::Hidden
            } else {
                CoverWhy::FocusLost
            });
            self.pause(false);
        }
        if let Some(why) = self.looking.must_end(now_ms) {
            self.cover(why);
        }
    }

    /// A look key or the pointer holds something open.
    pub(crate) fn holds_look(&self) -> bool {
        self.keys.is_held(Act::Look) || self.reading.held.is_some()
    }

    pub(crate) fn send(&mut self, message: FromWindow) {
        if self.outgoing.len() < OUTGOING_MAX {
            self.outgoing.push_back(message);
        }
    }

    pub(crate) fn command(&mut self, command: Command) {
        self.send(FromWindow::Command(command));
    }

    /// Keys or pointer were used.
    pub(crate) fn active(&mut self, now_ms: u64) {
        self.looking.used(now_ms);
        let recent = |at: u64| now_ms.saturating_sub(at) < ACTIVE_EVERY_MS;
        if !self.last_active_ms.is_some_and(recent) {
            self.last_active_ms = Some(now_ms);
            self.send(FromWindow::Active);
        }
    }

    /// Radius of the lens, as a share of the displayed long side.
    pub(crate) fn lens_radius(&self) -> f32 {
        let set = self.settings.as_ref().map(|view| view.reveal);
        set.map_or(LENS_RADIUS, |rules| {
            rules.lens_radius_per_mille as f32 / 1_000.0
        })
    }

    /// Largest share of the window's area that a medium may take.
    pub(crate) fn media_max(&self) -> f32 {
        let set = self.settings.as_ref();
        set.map_or(MEDIA_AREA_MAX, |view| view.media_max_pct as f32 / 100.0)
    }

    /// The screen in force: what happened here comes before what the model says.
    pub(crate) fn screen(&self) -> Screen {
        match &self.model {
            Some(model) if is_shut(&model.screen) => model.screen.clone(),
            _ if self.blank => Screen::CoveredAll,
            Some(model) if model.screen == Screen::Serving && model.item.is_none() => {
                Screen::Connecting
            }
            Some(model) => model.screen.clone(),
            None => Screen::Connecting,
        }
    }

    /// Where keys count now, the strongest first.
    pub(crate) fn contexts(&self) -> &'static [Context] {
        let Some(model) = &self.model else {
            return &[Context::Always];
        };
        let asks = model.check_in.is_offered();
        match self.screen() {
            Screen::Locked { .. } => &[Context::Locked],
            _ if self.overlay == Some(Overlay::History) && model.correction.is_none() => {
                &[Context::History, Context::Always]
            }
            _ if self.overlay == Some(Overlay::CheckIn) && asks => {
                &[Context::CheckIn, Context::Always]
            }
            _ if self.overlay.is_some() => &[Context::Always],
            Screen::CoveredAll => &[Context::Always],
            Screen::OnBreak if asks => &[Context::CheckIn, Context::Resting, Context::Always],
            Screen::OnBreak => &[Context::Resting, Context::Always],
            Screen::ShiftEnded { .. } if asks => {
                &[Context::CheckIn, Context::Ended, Context::Always]
            }
            Screen::ShiftEnded { .. } => &[Context::Ended, Context::Always],
            Screen::PoliciesChanged => &[Context::Changes, Context::Working, Context::Always],
            Screen::Copies if model.confirm.is_none() => {
                &[Context::Copies, Context::Working, Context::Always]
            }
            _ if model.asks_reason => &[Context::Reason, Context::Always],
            _ if model.confirm.is_some() => &[Context::Confirm, Context::Always],
            Screen::Serving if model.item.is_some() && self.search.has_focus => &[Context::Search],
            Screen::Serving if model.item.is_some() && self.marking.is_some() => &[
                Context::Mark,
                Context::Item,
                Context::Working,
                Context::Always,
            ],
            Screen::Serving if model.item.is_some() => {
                &[Context::Item, Context::Working, Context::Always]
            }
            _ => &[Context::Working, Context::Always],
        }
    }

    pub(crate) fn item_id(&self) -> Option<&ItemId> {
        Some(&self.model.as_ref()?.item.as_ref()?.id)
    }

    fn take_model(&mut self, mut model: Box<WindowModel>, now_ms: u64) {
        let reveal = model.item.as_ref().and_then(|item| item.reveal.clone());
        let hold_key_down = self.holds_look();
        let unwanted = self.looking.model(reveal.as_ref(), hold_key_down, now_ms);
        self.say_seen();
        if let Some((reveal, why)) = unwanted {
            self.send(FromWindow::Covered { reveal, why });
        }
        let open = self.looking.open().map(|open| open.id.clone());
        if open.is_none() {
            self.pictures.drop_clear();
            self.sounding.hush();
            self.colour = false;
        }
        let is_known = |early: &EarlyClear| reveal.as_ref().is_some_and(|r| r.id == early.reveal);
        self.early = self.early.take().filter(is_known);
        let is_other = self.item_id() != model.item.as_ref().map(|item| &item.id);
        if is_other && self.in_text && matches!(self.overlay, None | Some(Overlay::Ask)) {
            self.leaves_field = true;
            if model.item.is_some() {
                // What is typed on was meant for a field of the item before.
                self.keys.field_gone(now_ms);
            }
        }
        if self.overlay == Some(Overlay::Asked) && !is_working(&model.screen) {
            self.overlay = None;
        }
        let place = |model: &WindowModel| {
            let item = model.item.as_ref()?;
            Some((item.id.clone(), item.selected.clone()))
        };
        if self.model.as_deref().and_then(place) != place(&model) {
            self.lens = pos2(0.5, 0.5);
            self.zoom = 0;
            self.marking = None;
            let left = self.reading.focused.take();
            if is_other {
                self.wants_note = false;
                self.search.close();
                if self.overlay == Some(Overlay::Ask) {
                    self.overlay = None;
                }
                self.reading = Reading::default();
            }
            self.reading.current = None;
            self.reading.left = left;
        }
        self.take_written(&model);
        if is_other || !self.in_text {
            self.note.clone_from(&model.draft.note);
        }
        self.take_correction(&model);
        if is_blank(&model.screen) {
            self.blank = false;
        }
        if is_shut(&model.screen) {
            self.shut();
        } else {
            self.passphrase.clear();
        }
        let words_are_open = reveal.is_some_and(|r| r.open && r.part.is_words());
        if words_are_open && open.is_none() {
            mask(&mut model);
        }
        self.model = Some(model);
        self.settle_team();
        self.follow_film(now_ms);
        if let Some(early) = self.early.take() {
            self.take_clear(early);
        }
    }

    /// Under the lock and after a sign-out no page, no picture and nothing written stays here.
    fn shut(&mut self) {
        self.overlay = None;
        self.forget_film();
        self.pictures.drop_all();
        self.check_ins = None;
        self.marking = None;
        self.note.clear();
        self.correct_note.clear();
        self.question = Written::default();
        self.answer = Written::default();
        self.search.close();
        self.reading = Reading::default();
    }

    /// What is being written stays while what it is about is not on the screen, and goes when it is
    /// about something else or nothing any more.
    fn take_written(&mut self, model: &WindowModel) {
        let Some(item) = &model.item else { return };
        match &item.for_colleague {
            Some(look) => self.answer.is_about(&look.consult_id),
            None => self.question.is_about(item.id.as_str()),
        }
        let mut open = model.asked_of_me.iter();
        let asked = |id: &String| open.any(|asked| &asked.consult_id == id);
        let is_looked_at = item.for_colleague.is_some();
        if !is_looked_at && !self.answer.about.as_ref().is_some_and(asked) {
            self.answer = Written::default();
        }
    }

    /// A correction has its own page, and a window that was started again comes back to it.
    fn take_correction(&mut self, model: &WindowModel) {
        let before = self.model.as_ref().and_then(|m| m.correction.as_ref());
        let Some(correction) = &model.correction else {
            return;
        };
        if before.is_none_or(|b| b.decision_id != correction.decision_id) {
            self.overlay = Some(Overlay::History);
            self.correct_note.clone_from(&correction.draft.note);
        }
    }

    fn take_clear(&mut self, clear: EarlyClear) {
        if self.looking.has_ended(&clear.reveal) {
            return;
        }
        if self
            .looking
            .open()
            .is_none_or(|open| open.id != clear.reveal)
        {
            self.early = Some(clear);
            return;
        }
        let (reveal, medium) = (clear.reveal, clear.medium);
        let taken = self
            .pictures
            .take_clear(reveal, medium, clear.size, clear.pixels);
        if taken.is_err() {
            self.cover(CoverWhy::AgentSaid);
        }
    }

    /// A reveal that was asked for and has not opened is not wanted any more.
    pub(crate) fn call_off_pending(&mut self) {
        self.looking.call_off();
        self.command(Command::CoverAgain);
    }

    fn mask_words(&mut self) {
        if let Some(model) = &mut self.model {
            mask(model);
        }
    }
}

/// Nothing of anybody may be on the screen or in reach.
pub(crate) fn is_shut(screen: &Screen) -> bool {
    matches!(screen, Screen::Locked { .. } | Screen::Left { .. })
}

/// One calm page, without bars.
pub(crate) fn is_blank(screen: &Screen) -> bool {
    *screen == Screen::CoveredAll || is_shut(screen)
}

/// With or without an item; not on a break, nor after the shift.
pub(crate) fn is_working(screen: &Screen) -> bool {
    matches!(
        screen,
        Screen::Serving
            | Screen::QueueEmpty
            | Screen::OfflineEmpty
            | Screen::Connecting
            | Screen::LighterNext { .. }
            | Screen::LimitReached
    )
}
