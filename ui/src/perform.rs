//! From acts to commands: the one place where what was asked for is carried out.

use scrim_model::ActionKind;
use scrim_model::breaks::BreakPhase;
use scrim_model::checkin::Answer;
use scrim_model::hashes::Likeness;
use scrim_model::view::{Part, RevealMode, RevealReason, WordPlace};
use scrim_wire::window::{
    Command, ConflictStep, Correct, CoverWhy, FilmMove, MediumState, Screen, WindowModel,
};

use crate::actions::{Act, Witness, kind_of};
use crate::asks::Ask;
use crate::films;
use crate::keys::KeyAsk;
use crate::marking::Marking;
use crate::state::{Overlay, WindowState, is_working};

impl WindowState {
    /// Carries out what a view asked for.
    pub(crate) fn perform(&mut self, ask: Ask, now_ms: u64) {
        match ask {
            Ask::Act(act) => self.act(act),
            Ask::Command(command) => {
                if let Command::Film(to) = command {
                    return self.film_move(to);
                }
                let leaves = matches!(
                    command,
                    Command::Select(_) | Command::Decide(_) | Command::CloseLook
                );
                if leaves {
                    self.cover(CoverWhy::Released);
                }
                if matches!(command, Command::OpenLook(_)) {
                    self.overlay = None;
                }
                self.command(command);
            }
            Ask::SpanDown(span) => self.span_down(span, now_ms),
            Ask::SpanToggle(span) => self.toggle_reveal(RevealMode::Latch, Some(span)),
            Ask::SpanFocused(span) => self.reading.focused = Some(span),
            Ask::MarkDrawn(region) => self.marking = Some(Marking::Region(region)),
            Ask::Question(to) => {
                let question = std::mem::take(&mut self.question.words);
                self.overlay = None;
                self.command(Command::AskColleague { to, question });
            }
            Ask::Answer => {
                // It stays in its field until the agent has taken it and ends the look.
                self.cover(CoverWhy::Released);
                self.command(Command::AnswerColleague(self.answer.words.clone()));
            }
            Ask::HandOver => {
                self.overlay = None;
                self.command(Command::HandOver);
            }
            Ask::ChoosePolicy(id) => self.choose_policy(Command::Policy(id)),
            Ask::Lens(centre) => {
                if self.lens != centre {
                    self.lens = centre;
                    self.looking.moved(now_ms);
                    if self.is_revealed() {
                        self.witnessed(Act::MoveLens);
                    }
                }
            }
            Ask::Saw(area) => self.looking.saw(&area, self.zoom > 0),
            Ask::Team(ask) => self.ask_team(ask),
        }
    }

    /// Carries out what a key asked for.
    pub(crate) fn perform_key(&mut self, ask: KeyAsk) {
        match ask {
            KeyAsk::Do(act) => self.act(act),
            KeyAsk::Slipped => self.command(Command::Slipped),
            KeyAsk::HoldStart(act) => self.hold_start(act),
            KeyAsk::HoldEnd(Act::Look) => self.look_up(false),
            KeyAsk::Tap(Act::Look) => self.look_up(true),
            KeyAsk::HoldEnd(Act::Colour) => self.set_colour(false),
            KeyAsk::Tap(Act::Colour) => self.set_colour(!self.colour_before),
            KeyAsk::HoldEnd(Act::Sound) => self.sound_up(false),
            KeyAsk::Tap(Act::Sound) => self.sound_up(true),
            KeyAsk::HoldEnd(_) | KeyAsk::Tap(_) => {}
        }
    }

    fn hold_start(&mut self, act: Act) {
        self.witnessed(act);
        match act {
            Act::Look => self.look_down(),
            Act::Colour => {
                self.colour_before = self.colour;
                self.set_colour(true);
            }
            Act::Sound => self.sound_down(),
            _ => {}
        }
    }

    /// Tells `witness` of each act that is carried out from now on, whatever asked for it.
    pub fn set_witness(&mut self, witness: Witness) {
        self.witness = Some(witness);
    }

    pub(crate) fn witnessed(&mut self, act: Act) {
        if let Some(witness) = &mut self.witness {
            witness(act);
        }
    }

    /// Whether the open item, or a mark that is being made, leaves no room for `act`.
    fn passes_over(&self, act: Act) -> bool {
        let leaves = matches!(act, Act::NotMe | Act::OtherLanguage | Act::AimedAtMe);
        let is_own = leaves || matches!(act, Act::Consult | Act::Mark);
        // What was begun is kept or dropped first; the line beside it says so.
        let waits = (leaves || kind_of(act).is_some()) && self.marking.is_some();
        waits || is_own && self.is_look()
    }

    fn act(&mut self, act: Act) {
        if self.passes_over(act) {
            return;
        }
        if let Some(kind) = kind_of(act) {
            return self.decide(act, kind);
        }
        self.witnessed(act);
        match act {
            Act::Look => self.toggle_look(),
            Act::Full => self.toggle_reveal(RevealMode::Full, None),
            Act::Colour => self.set_colour(!self.colour),
            Act::Soft => self.toggle_soft(),
            Act::Reason(n) => {
                let reason = usize::from(n).checked_sub(1);
                if let Some(reason) = reason.and_then(|at| RevealReason::ALL.get(at)) {
                    self.looking.asked();
                    self.command(Command::RevealReason(*reason));
                }
            }
            Act::Weaker => self.change_strength(false),
            Act::Stronger => self.change_strength(true),
            Act::ZoomIn => self.zoom_to((self.zoom + 1).min(2)),
            Act::ZoomOut => self.zoom_to(self.zoom.saturating_sub(1)),
            Act::PartPrevious => self.step_part(-1),
            Act::PartNext => self.step_part(1),
            Act::Digit(digit) => self.command(Command::Digit(digit)),
            Act::PolicyBack => self.command(Command::PolicyBack),
            Act::Undo => self.undo(),
            Act::NotMe => {
                self.cover(CoverWhy::Released);
                self.command(Command::NotMe);
            }
            Act::OtherLanguage => {
                self.cover(CoverWhy::Released);
                self.command(Command::OtherLanguage);
            }
            Act::AimedAtMe => {
                self.cover(CoverWhy::Released);
                self.command(Command::AimedAtMe);
            }
            Act::SignOut => self.command(Command::SignOut),
            Act::Unlock => self.command(Command::Unlock(None)),
            Act::Note => {
                self.cover(CoverWhy::TextField);
                self.wants_note = true;
            }
            Act::Consult => {
                self.toggle_overlay(Overlay::Ask);
                self.wants_question = self.overlay.is_some();
            }
            Act::PolicySearch => {
                self.cover(CoverWhy::TextField);
                self.search.begin();
            }
            Act::SearchPrevious | Act::SearchNext => self.step_search(act == Act::SearchNext),
            Act::SearchChoose => {
                if let Some(command) = self.search.chosen(self.model.as_deref()) {
                    self.choose_policy(command);
                }
            }
            Act::SearchClose => self.search.close(),
            Act::FlaggedNext | Act::FlaggedPrevious => self.step_flagged(act == Act::FlaggedNext),
            Act::Translation => self.next_language(),
            Act::Mark | Act::MarkMove(_) | Act::MarkResize(_) | Act::MarkKeep | Act::MarkDrop => {
                self.act_on_mark(act);
            }
            Act::MediumRetry => self.retry_medium(),
            Act::FilmSheet => self.film_move(FilmMove::Sheet),
            Act::FilmBack => self.film_move(FilmMove::Back),
            Act::FilmOn => self.film_move(FilmMove::On),
            Act::FilmPlay => self.play_or_pause(),
            Act::Sound => self.toggle_sound(),
            Act::CopiesExact | Act::CopiesNear | Act::CopiesAuthor | Act::CopiesLook => {
                self.act_on_copies(act);
            }
            Act::CopyApply | Act::CopyWrong => self.act_on_copy(act),
            Act::CoverAll => self.cover_all(),
            Act::Confirm => self.confirm(),
            Act::Cancel | Act::ReasonCancel => self.command(Command::CancelConfirm),
            Act::Priority(priority) => self.command(Command::EscalatePriority(priority)),
            Act::History => self.toggle_overlay(Overlay::History),
            Act::Asked if self.overlay == Some(Overlay::Asked) || is_working(&self.screen()) => {
                self.toggle_overlay(Overlay::Asked);
            }
            Act::Correct => {
                if let Some(id) = self.newest_sent() {
                    self.command(Command::Correct(Correct::Open(id)));
                }
            }
            Act::UndoSent => {
                if let Some(id) = self.newest_row(|row| row.can_undo) {
                    self.command(Command::UndoSent(id));
                }
            }
            Act::ConflictAgain => self.newest_conflict(ConflictStep::TryAgain),
            Act::ConflictLead => self.newest_conflict(ConflictStep::TellLead),
            Act::ConflictSeen => self.newest_conflict(ConflictStep::Seen),
            Act::ConflictAnew => self.decide_anew(),
            Act::Help => self.toggle_overlay(Overlay::Help),
            Act::Settings => self.toggle_overlay(Overlay::Settings),
            Act::Privacy => self.toggle_overlay(Overlay::Privacy),
            Act::CheckIns => self.toggle_overlay(Overlay::CheckIn),
            Act::Team => self.toggle_team(),
            Act::CloseTop => self.close_top(),
            _ => self.act_between_items(act),
        }
    }

    fn act_between_items(&mut self, act: Act) {
        match act {
            Act::BreakTake => {
                self.cover(CoverWhy::Released);
                self.command(Command::TakeBreak);
            }
            Act::BreakSnooze => {
                let due = |m: &WindowModel| m.wellbeing.phase == BreakPhase::Due;
                if self.model.as_deref().is_some_and(due) {
                    self.command(Command::Snooze);
                }
            }
            Act::BreakEnd => self.command(Command::EndBreak),
            Act::ShiftEnd => {
                self.cover(CoverWhy::Released);
                self.command(Command::EndShift);
            }
            Act::CheckIn(n) => {
                if let Ok(answer) = Answer::try_from(n) {
                    self.check_ins = None;
                    self.command(Command::CheckIn(answer));
                }
            }
            Act::CheckInSkip => self.command(Command::SkipCheckIn),
            Act::CheckInShow => self.command(Command::ShowCheckIns),
            Act::CheckInForget => {
                self.check_ins = None;
                self.command(Command::ForgetCheckIns);
            }
            Act::ShiftStart => self.command(Command::StartShift),
            Act::PoliciesRead => self.command(Command::PoliciesRead),
            Act::Reconnect => self.command(Command::Reconnect),
            Act::NoticeDismiss if self.model.as_ref().is_some_and(|m| m.feedback.is_some()) => {
                self.command(Command::FeedbackRead);
            }
            Act::NoticeDismiss => {
                let newest = self
                    .model
                    .as_ref()
                    .and_then(|m| m.notices.iter().rfind(|n| n.key.can_dismiss()));
                if let Some(id) = newest.map(|notice| notice.id) {
                    self.command(Command::Dismiss(id));
                }
            }
            // Scale is the toolkit's; the lens moves where its keys are read.
            _ => {}
        }
    }

    fn decide(&mut self, act: Act, kind: ActionKind) {
        let allowed = |m: &WindowModel| m.item.as_ref().is_some_and(|i| i.allowed.contains(&kind));
        if self.model.as_deref().is_some_and(allowed) {
            self.witnessed(act);
            self.cover(CoverWhy::Released);
            self.command(Command::Decide(kind));
        }
    }

    /// Of the copies that are offered.
    fn act_on_copies(&mut self, act: Act) {
        let Some(copies) = self.model.as_ref().and_then(|m| m.copies.as_ref()) else {
            return;
        };
        match act {
            Act::CopiesExact if copies.exact > 0 => {
                self.command(Command::ApplyToCopies { near: false });
            }
            Act::CopiesNear if !copies.near.is_empty() && copies.near_ready => {
                self.command(Command::ApplyToCopies { near: true });
            }
            Act::CopiesAuthor if !copies.of_author.is_empty() && copies.near_ready => {
                self.command(Command::ApplyToAuthor);
            }
            Act::CopiesLook => self.command(Command::LookAtCopies),
            _ => {}
        }
    }

    /// Of the open item, if it is a copy.
    fn act_on_copy(&mut self, act: Act) {
        let item = self.model.as_ref().and_then(|m| m.item.as_ref());
        let Some(copy) = item.and_then(|item| item.copy_of.as_ref()) else {
            return;
        };
        let near = copy.likeness != Likeness::Exact;
        self.cover(CoverWhy::Released);
        self.command(match act {
            Act::CopyWrong => Command::WrongMatch,
            _ => Command::ApplyToCopies { near },
        });
    }

    fn confirm(&mut self) {
        let ready = |m: &WindowModel| m.confirm.as_ref().is_some_and(|c| c.ready);
        if self.model.as_deref().is_some_and(ready) {
            self.command(Command::Confirm);
        }
    }

    fn act_on_mark(&mut self, act: Act) {
        let Some(item) = self.model.as_ref().and_then(|m| m.item.as_ref()) else {
            return;
        };
        self.marking = match (act, self.marking) {
            (Act::Mark, None) => Marking::begin(item, &self.reading),
            (Act::MarkMove(side), Some(marking)) => Some(marking.moved(side)),
            (Act::MarkResize(side), Some(marking)) => Some(marking.resized(side)),
            (Act::Mark | Act::MarkKeep, Some(marking)) => {
                if let Some(mark) = marking.mark(item) {
                    self.command(Command::Mark(mark));
                }
                None
            }
            _ => None,
        };
    }

    fn step_flagged(&mut self, forward: bool) {
        if let Some(item) = self.model.as_ref().and_then(|m| m.item.as_ref()) {
            if let Some(marking @ Marking::Texts { .. }) = self.marking {
                let extended = marking.extended(item, forward);
                if let Marking::Texts { to, .. } = extended {
                    self.reading.go_to((WordPlace::Text, to));
                }
                self.marking = Some(extended);
                return;
            }
            self.reading.step(item, forward);
        }
    }

    fn next_language(&mut self) {
        self.cover(CoverWhy::Released);
        if let Some(item) = self.model.as_ref().and_then(|m| m.item.as_ref()) {
            self.reading.next_language(item);
        }
    }

    fn step_search(&mut self, forward: bool) {
        if let Some(model) = &self.model {
            self.search.step(forward, &model.policies);
        }
    }

    fn choose_policy(&mut self, command: Command) {
        self.search.close();
        self.command(command);
    }

    fn step_part(&mut self, by: isize) {
        let Some(item) = self.model.as_ref().and_then(|m| m.item.as_ref()) else {
            return;
        };
        if films::is_on_still(item) {
            let frame = if by < 0 {
                FilmMove::FrameBack
            } else {
                FilmMove::FrameOn
            };
            return self.film_move(frame);
        }
        if let Some(part) = films::part_beside(item, by) {
            self.cover(CoverWhy::Released);
            self.command(Command::Select(part));
        }
    }

    /// The agent has more pixels of what is zoomed into.
    fn zoom_to(&mut self, zoom: u8) {
        let was = self.zoom > 0;
        self.zoom = zoom;
        if was != (zoom > 0) && self.item_id().is_some() {
            self.command(Command::Zoom(zoom > 0));
        }
    }

    fn retry_medium(&mut self) {
        let Some(item) = self.model.as_ref().and_then(|m| m.item.as_ref()) else {
            return;
        };
        let Part::Medium(n) = item.selected else {
            return;
        };
        let state = item.media.get(n as usize);
        if matches!(
            state,
            Some(MediumState::NotLoaded | MediumState::Unavailable | MediumState::Rejected { .. })
        ) {
            self.command(Command::RetryMedium(n));
        }
    }

    fn agent_blanks(&self) -> bool {
        let screen = self.model.as_ref().map(|model| &model.screen);
        screen == Some(&Screen::CoveredAll)
    }

    /// Whether everything is covered by the key for that, here or at the agent's side.
    pub(crate) fn is_covered_all(&self) -> bool {
        self.blank || self.agent_blanks()
    }

    fn cover_all(&mut self) {
        self.check_ins = None;
        self.cover(CoverWhy::CoverAll);
        self.pause(false);
        let agent_blanks = self.agent_blanks();
        if self.blank && !agent_blanks {
            // The agent has not answered the press before; what it covers then stays covered.
            self.blank = false;
            return;
        }
        self.blank = !agent_blanks;
        self.command(Command::CoverAll);
    }

    /// Takes back what is held; what was sent is corrected from the list of own decisions.
    fn undo(&mut self) {
        let holds = self.model.as_ref().is_some_and(|m| !m.held.is_empty());
        if !holds && self.newest_sent().is_some() {
            self.toggle_overlay(Overlay::History);
        } else {
            self.command(Command::Undo);
        }
    }

    pub(crate) fn toggle_overlay(&mut self, overlay: Overlay) {
        self.cover(CoverWhy::Hidden);
        self.pause(false);
        self.close_correction();
        self.overlay = (self.overlay != Some(overlay)).then_some(overlay);
        if self.overlay == Some(Overlay::History) {
            self.command(Command::ReadLater);
        }
    }

    /// Whether a correction was open: the old decision stays as it is.
    fn close_correction(&mut self) -> bool {
        let open = self.model.as_ref().is_some_and(|m| m.correction.is_some());
        if open {
            self.command(Command::Correct(Correct::Close));
        }
        open
    }

    /// Whether the open item is looked at for a colleague.
    fn is_look(&self) -> bool {
        let item = self.model.as_ref().and_then(|model| model.item.as_ref());
        item.is_some_and(|item| item.for_colleague.is_some())
    }

    fn close_top(&mut self) {
        let has_parent = |m: &WindowModel| m.draft.parent.is_some() && m.item.is_some();
        if self.close_correction() || self.close_team_records() {
        } else if self.overlay.take().is_some() {
            self.settle_team();
        } else if self.search.open {
            self.search.close();
        } else if self.is_revealed() {
            self.cover(CoverWhy::Released);
        } else if self.is_look() {
            self.command(Command::CloseLook);
        } else if self.model.as_deref().is_some_and(has_parent) {
            self.command(Command::PolicyBack);
        }
    }
}
