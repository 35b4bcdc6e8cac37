//! Everything that a moderator can do, one row each.
//!
//! Controls, key handling, the help page, accessible author ids and journeys are made from
//! [`TABLE`]. An id never changes with the language.

use egui::Key;
use scrim_model::ActionKind;

use crate::theme::Tone;

/// One thing to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(
    missing_docs,
    reason = "each is a row of the table, with its help beside it"
)]
pub enum Act {
    Look,
    Full,
    Soft,
    Reason(u8),
    Colour,
    MoveLens,
    Weaker,
    Stronger,
    ZoomIn,
    ZoomOut,
    PartPrevious,
    PartNext,
    Digit(u8),
    PolicyBack,
    PolicySearch,
    SearchPrevious,
    SearchNext,
    SearchChoose,
    SearchClose,
    Allow,
    Remove,
    Restrict,
    AgeGate,
    Escalate,
    Label,
    Warn,
    Limit,
    Suspend,
    Undo,
    NotMe,
    OtherLanguage,
    AimedAtMe,
    Consult,
    Note,
    MediumRetry,
    FilmSheet,
    FilmPlay,
    Sound,
    FilmBack,
    FilmOn,
    CopiesExact,
    CopiesNear,
    CopiesAuthor,
    CopiesLook,
    CopyApply,
    CopyWrong,
    FlaggedNext,
    FlaggedPrevious,
    Translation,
    Mark,
    MarkMove(Side),
    MarkResize(Side),
    MarkKeep,
    MarkDrop,
    CoverAll,
    BreakTake,
    BreakSnooze,
    BreakEnd,
    ShiftEnd,
    ShiftStart,
    SignOut,
    Unlock,
    PoliciesRead,
    Reconnect,
    NoticeDismiss,
    History,
    Asked,
    Settings,
    Privacy,
    CheckIns,
    Team,
    CheckIn(u8),
    CheckInSkip,
    CheckInForget,
    CheckInShow,
    Correct,
    UndoSent,
    ConflictAgain,
    ConflictAnew,
    ConflictLead,
    ConflictSeen,
    Help,
    CloseTop,
    Confirm,
    Cancel,
    ReasonCancel,
    Priority(u8),
    ScaleLarger,
    ScaleSmaller,
    ScaleNormal,
}

/// Is told of each act that is carried out: for whoever checks that every act is tried.
pub type Witness = Box<dyn FnMut(Act)>;

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the four ways speak for themselves")]
pub enum Side {
    Left,
    Right,
    Up,
    Down,
}

/// Where an action's key counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Context {
    /// Everywhere, in text fields only cover-all.
    Always,
    /// An item is open.
    Item,
    /// The search of policies has the focus; only these count then, and cover-all.
    Search,
    /// A mark is being made; these come before the item's own keys, and nothing can be decided.
    Mark,
    /// Something is asked in place; nothing else of the item counts then.
    Confirm,
    /// A reason is asked for before a whole picture opens.
    Reason,
    /// Working, with or without an item.
    Working,
    /// On a break.
    Resting,
    /// After the end of a shift.
    Ended,
    /// Under the lock; nothing else counts then.
    Locked,
    /// A check-in is offered and on the screen.
    CheckIn,
    /// Changes of policies wait to be read.
    Changes,
    /// Copies are offered in the place of the next item.
    Copies,
    /// The list of own decisions is open.
    History,
}

/// How a key is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// Press once.
    No,
    /// Works while held; a tap is its toggle.
    Yes,
}

/// What taking it back means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UndoRule {
    /// Changes nothing that lasts.
    Nothing,
    /// The same key again, or its opposite.
    Opposite,
    /// Held for a moment; `decide.undo` takes it back.
    Held,
    /// Cannot be taken back.
    Never,
}

/// A key with its modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Chord {
    /// The key.
    pub key: Key,
    /// With Shift.
    pub shift: bool,
    /// With Ctrl (Command on a Mac).
    pub ctrl: bool,
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Action {
    /// What it does.
    pub act: Act,
    /// Locale-free id; also the accessible author id of its control.
    pub id: &'static str,
    /// Key of its name in the catalogue; `.help` beside it is its help.
    pub words: &'static str,
    /// Where its keys count.
    pub context: Context,
    /// Default keys, the first one shown beside the control. Right-hand map.
    pub keys: &'static [Chord],
    /// Keys of the left-handed map; empty: the same.
    pub keys_left: &'static [Chord],
    /// Whether it is held.
    pub hold: Hold,
    /// Dead while a hold key is down and shortly after.
    pub decides: bool,
    /// What taking it back means.
    pub undo: UndoRule,
    /// Hue and shape of its control.
    pub tone: Option<Tone>,
}

impl Action {
    /// Whether `held` is one of its keys.
    #[must_use]
    pub fn has_key(&self, chord: Chord, hand: Hand) -> bool {
        self.keys_for(hand).contains(&chord)
    }

    /// Its keys for `hand`.
    #[must_use]
    pub fn keys_for(&self, hand: Hand) -> &'static [Chord] {
        if hand == Hand::Left && !self.keys_left.is_empty() {
            self.keys_left
        } else {
            self.keys
        }
    }
}

/// Which hand rests on the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Hand {
    /// Window.md's table.
    #[default]
    Right,
    /// Holding and stepping keys mirrored to the right side.
    Left,
}

const fn key(key: Key) -> Chord {
    Chord {
        key,
        shift: false,
        ctrl: false,
    }
}

const fn shift(key: Key) -> Chord {
    Chord {
        key,
        shift: true,
        ctrl: false,
    }
}

const fn ctrl(key: Key) -> Chord {
    Chord {
        key,
        shift: false,
        ctrl: true,
    }
}

const fn row(
    act: Act,
    id: &'static str,
    words: &'static str,
    context: Context,
    keys: &'static [Chord],
) -> Action {
    Action {
        act,
        id,
        words,
        context,
        keys,
        keys_left: &[],
        hold: Hold::No,
        decides: false,
        undo: UndoRule::Nothing,
        tone: None,
    }
}

const fn hold(mut action: Action, keys_left: &'static [Chord]) -> Action {
    action.hold = Hold::Yes;
    action.keys_left = keys_left;
    action.undo = UndoRule::Opposite;
    action
}

const fn left(mut action: Action, keys_left: &'static [Chord]) -> Action {
    action.keys_left = keys_left;
    action
}

const fn opposite(mut action: Action) -> Action {
    action.undo = UndoRule::Opposite;
    action
}

const fn never(mut action: Action) -> Action {
    action.undo = UndoRule::Never;
    action
}

const fn decides(mut action: Action, undo: UndoRule, tone: Option<Tone>) -> Action {
    action.decides = true;
    action.undo = undo;
    action.tone = tone;
    action
}

/// Changes nothing that lasts, and is dead with the decision keys all the same.
const fn guarded(mut action: Action) -> Action {
    action.decides = true;
    action
}

const fn digit(n: u8, id: &'static str, keys: &'static [Chord]) -> Action {
    opposite(row(Act::Digit(n), id, "policy-digit", Context::Item, keys))
}

/// Every action, one line each.
#[rustfmt::skip]
pub const TABLE: &[Action] = &[
    hold(row(Act::Look, "reveal.hold", "reveal-hold", Context::Item, &[key(Key::R)]), &[key(Key::U)]),
    left(opposite(row(Act::Full, "reveal.full", "reveal-full", Context::Item, &[shift(Key::R)])), &[shift(Key::U)]),
    left(opposite(row(Act::Soft, "reveal.soft", "reveal-soft", Context::Item, &[key(Key::Q)])), &[]),
    hold(row(Act::Colour, "reveal.colour", "reveal-colour", Context::Item, &[key(Key::C)]), &[]),
    row(Act::MoveLens, "reveal.move", "reveal-move", Context::Item, &[]),
    opposite(row(Act::Weaker, "cover.weaker", "cover-weaker", Context::Item, &[key(Key::Minus)])),
    opposite(row(Act::Stronger, "cover.stronger", "cover-stronger", Context::Item, &[key(Key::Equals), key(Key::Plus)])),
    opposite(row(Act::ZoomIn, "zoom.in", "zoom-in", Context::Item, &[key(Key::PageUp)])),
    opposite(row(Act::ZoomOut, "zoom.out", "zoom-out", Context::Item, &[key(Key::PageDown)])),
    opposite(row(Act::PartPrevious, "part.previous", "part-previous", Context::Item, &[key(Key::Comma)])),
    opposite(row(Act::PartNext, "part.next", "part-next", Context::Item, &[key(Key::Period)])),
    digit(1, "policy.1", &[key(Key::Num1)]),
    digit(2, "policy.2", &[key(Key::Num2)]),
    digit(3, "policy.3", &[key(Key::Num3)]),
    digit(4, "policy.4", &[key(Key::Num4)]),
    digit(5, "policy.5", &[key(Key::Num5)]),
    digit(6, "policy.6", &[key(Key::Num6)]),
    digit(7, "policy.7", &[key(Key::Num7)]),
    digit(8, "policy.8", &[key(Key::Num8)]),
    digit(9, "policy.9", &[key(Key::Num9)]),
    opposite(row(Act::Digit(0), "policy.0", "policy-0", Context::Item, &[key(Key::Num0)])),
    opposite(row(Act::PolicyBack, "policy.back", "policy-back", Context::Item, &[key(Key::Backspace)])),
    guarded(opposite(row(Act::PolicySearch, "policy.search", "policy-search", Context::Item, &[key(Key::Slash)]))),
    guarded(opposite(row(Act::SearchPrevious, "policy.search.previous", "search-previous", Context::Search, &[key(Key::ArrowUp)]))),
    guarded(opposite(row(Act::SearchNext, "policy.search.next", "search-next", Context::Search, &[key(Key::ArrowDown)]))),
    guarded(opposite(row(Act::SearchChoose, "policy.search.choose", "search-choose", Context::Search, &[key(Key::Enter)]))),
    guarded(row(Act::SearchClose, "policy.search.close", "search-close", Context::Search, &[key(Key::Escape)])),
    decides(row(Act::Allow, "decide.allow", "decide-allow", Context::Item, &[key(Key::F)]), UndoRule::Held, Some(Tone::Fine)),
    decides(row(Act::Remove, "decide.remove", "decide-remove", Context::Item, &[key(Key::X)]), UndoRule::Held, Some(Tone::Stop)),
    decides(row(Act::Restrict, "decide.restrict", "decide-restrict", Context::Item, &[key(Key::L)]), UndoRule::Held, Some(Tone::Less)),
    decides(row(Act::AgeGate, "decide.age_gate", "decide-age-gate", Context::Item, &[key(Key::G)]), UndoRule::Held, Some(Tone::Less)),
    decides(row(Act::Escalate, "decide.escalate", "decide-escalate", Context::Item, &[key(Key::P)]), UndoRule::Held, Some(Tone::Pass)),
    decides(row(Act::Label, "decide.label", "decide-label", Context::Item, &[key(Key::E)]), UndoRule::Held, Some(Tone::Less)),
    decides(row(Act::Warn, "decide.warn_author", "decide-warn", Context::Item, &[key(Key::W)]), UndoRule::Held, Some(Tone::Stop)),
    decides(row(Act::Limit, "decide.limit_author", "decide-limit", Context::Item, &[key(Key::I)]), UndoRule::Held, Some(Tone::Stop)),
    decides(row(Act::Suspend, "decide.suspend_author", "decide-suspend", Context::Item, &[key(Key::D)]), UndoRule::Held, Some(Tone::Stop)),
    decides(row(Act::Undo, "decide.undo", "decide-undo", Context::Working, &[key(Key::Z), ctrl(Key::Z)]), UndoRule::Nothing, None),
    decides(row(Act::NotMe, "item.not_me", "item-not-me", Context::Item, &[key(Key::K)]), UndoRule::Never, None),
    decides(row(Act::OtherLanguage, "item.language", "item-language", Context::Item, &[shift(Key::T)]), UndoRule::Never, None),
    never(row(Act::AimedAtMe, "item.aimed", "item-aimed", Context::Item, &[shift(Key::K)])),
    guarded(left(row(Act::Consult, "item.ask", "item-ask", Context::Item, &[key(Key::U)]), &[key(Key::R)])),
    row(Act::Note, "note.write", "note-write", Context::Item, &[key(Key::N)]),
    opposite(row(Act::FilmSheet, "film.sheet", "film-sheet", Context::Item, &[key(Key::Backslash)])),
    opposite(row(Act::FilmPlay, "film.play", "film-play", Context::Item, &[key(Key::Semicolon)])),
    hold(row(Act::Sound, "film.sound", "film-sound", Context::Item, &[key(Key::S)]), &[]),
    opposite(row(Act::FilmBack, "film.back", "film-back", Context::Item, &[key(Key::OpenBracket)])),
    opposite(row(Act::FilmOn, "film.on", "film-on", Context::Item, &[key(Key::CloseBracket)])),
    row(Act::MediumRetry, "medium.retry", "medium-retry", Context::Item, &[key(Key::V)]),
    guarded(opposite(row(Act::FlaggedNext, "words.flagged.next", "flagged-next", Context::Item, &[key(Key::J)]))),
    guarded(opposite(row(Act::FlaggedPrevious, "words.flagged.previous", "flagged-previous", Context::Item, &[shift(Key::J)]))),
    guarded(opposite(row(Act::Translation, "words.translation", "words-translation", Context::Item, &[key(Key::T)]))),
    guarded(opposite(row(Act::Mark, "mark.start", "mark-start", Context::Item, &[key(Key::M)]))),
    guarded(opposite(row(Act::MarkMove(Side::Left), "mark.move.left", "mark-move", Context::Mark, &[key(Key::ArrowLeft)]))),
    guarded(opposite(row(Act::MarkMove(Side::Right), "mark.move.right", "mark-move", Context::Mark, &[key(Key::ArrowRight)]))),
    guarded(opposite(row(Act::MarkMove(Side::Up), "mark.move.up", "mark-move", Context::Mark, &[key(Key::ArrowUp)]))),
    guarded(opposite(row(Act::MarkMove(Side::Down), "mark.move.down", "mark-move", Context::Mark, &[key(Key::ArrowDown)]))),
    guarded(opposite(row(Act::MarkResize(Side::Left), "mark.size.narrower", "mark-resize", Context::Mark, &[shift(Key::ArrowLeft)]))),
    guarded(opposite(row(Act::MarkResize(Side::Right), "mark.size.wider", "mark-resize", Context::Mark, &[shift(Key::ArrowRight)]))),
    guarded(opposite(row(Act::MarkResize(Side::Up), "mark.size.lower", "mark-resize", Context::Mark, &[shift(Key::ArrowUp)]))),
    guarded(opposite(row(Act::MarkResize(Side::Down), "mark.size.higher", "mark-resize", Context::Mark, &[shift(Key::ArrowDown)]))),
    guarded(opposite(row(Act::MarkKeep, "mark.keep", "mark-keep", Context::Mark, &[key(Key::Enter)]))),
    row(Act::MarkDrop, "mark.drop", "mark-drop", Context::Mark, &[key(Key::Escape)]),
    opposite(row(Act::CoverAll, "cover.all", "cover-all", Context::Always, &[key(Key::F9), key(Key::Space)])),
    opposite(row(Act::BreakTake, "break.take", "break-take", Context::Working, &[key(Key::B)])),
    row(Act::BreakSnooze, "break.snooze", "break-snooze", Context::Working, &[key(Key::O)]),
    opposite(row(Act::BreakEnd, "break.end", "break-end", Context::Resting, &[key(Key::B)])),
    opposite(row(Act::ShiftEnd, "shift.end", "shift-end", Context::Working, &[ctrl(Key::E)])),
    opposite(row(Act::ShiftStart, "shift.start", "shift-start", Context::Ended, &[key(Key::B)])),
    never(row(Act::SignOut, "desk.sign_out", "desk-sign-out", Context::Ended, &[])),
    row(Act::Unlock, "desk.unlock", "desk-unlock", Context::Locked, &[key(Key::Enter)]),
    decides(row(Act::CopiesExact, "copies.exact", "copies-exact", Context::Copies, &[key(Key::E)]), UndoRule::Held, None),
    decides(row(Act::CopiesNear, "copies.near", "copies-near", Context::Copies, &[key(Key::N)]), UndoRule::Held, None),
    decides(row(Act::CopiesAuthor, "copies.author", "copies-author", Context::Copies, &[key(Key::S)]), UndoRule::Held, None),
    guarded(row(Act::CopiesLook, "copies.look", "copies-look", Context::Copies, &[key(Key::V)])),
    decides(row(Act::CopyApply, "copy.apply", "copy-apply", Context::Item, &[shift(Key::E)]), UndoRule::Held, None),
    guarded(never(row(Act::CopyWrong, "copy.wrong", "copy-wrong", Context::Item, &[shift(Key::W)]))),
    row(Act::PoliciesRead, "policies.read", "policies-read", Context::Changes, &[key(Key::Enter)]),
    row(Act::Reconnect, "link.reconnect", "link-reconnect", Context::Always, &[key(Key::Y)]),
    row(Act::NoticeDismiss, "notice.dismiss", "notice-dismiss", Context::Always, &[key(Key::A)]),
    opposite(row(Act::History, "history.open", "history-open", Context::Always, &[key(Key::H)])),
    opposite(row(Act::Asked, "asked.open", "asked-open", Context::Always, &[ctrl(Key::U)])),
    row(Act::Correct, "history.correct", "history-correct", Context::History, &[key(Key::Z)]),
    row(Act::UndoSent, "history.undo", "history-undo", Context::History, &[key(Key::U)]),
    row(Act::ConflictAgain, "conflict.again", "conflict-again", Context::History, &[key(Key::T)]),
    row(Act::ConflictAnew, "conflict.anew", "conflict-anew", Context::History, &[key(Key::D)]),
    row(Act::ConflictLead, "conflict.lead", "conflict-lead", Context::History, &[key(Key::L)]),
    row(Act::ConflictSeen, "conflict.seen", "conflict-seen", Context::History, &[key(Key::S)]),
    opposite(row(Act::Settings, "settings.open", "settings-open", Context::Always, &[ctrl(Key::Comma)])),
    opposite(row(Act::Privacy, "privacy.open", "privacy-open", Context::Always, &[ctrl(Key::P)])),
    opposite(row(Act::CheckIns, "checkin.open", "check-in-open", Context::Always, &[ctrl(Key::I)])),
    opposite(row(Act::Team, "team.open", "team-open", Context::Always, &[ctrl(Key::T)])),
    row(Act::CheckIn(1), "checkin.1", "check-in-1", Context::CheckIn, &[key(Key::Num1)]),
    row(Act::CheckIn(2), "checkin.2", "check-in-2", Context::CheckIn, &[key(Key::Num2)]),
    row(Act::CheckIn(3), "checkin.3", "check-in-3", Context::CheckIn, &[key(Key::Num3)]),
    row(Act::CheckIn(4), "checkin.4", "check-in-4", Context::CheckIn, &[key(Key::Num4)]),
    row(Act::CheckIn(5), "checkin.5", "check-in-5", Context::CheckIn, &[key(Key::Num5)]),
    row(Act::CheckInSkip, "checkin.skip", "check-in-skip", Context::CheckIn, &[key(Key::Num0)]),
    row(Act::CheckInShow, "checkin.show", "check-in-show", Context::CheckIn, &[]),
    never(row(Act::CheckInForget, "checkin.forget", "check-in-forget", Context::CheckIn, &[])),
    opposite(row(Act::Help, "help.open", "help-open", Context::Always, &[key(Key::Questionmark), key(Key::F1)])),
    row(Act::CloseTop, "close.top", "close-top", Context::Always, &[key(Key::Escape)]),
    decides(row(Act::Confirm, "confirm.accept", "confirm-accept", Context::Confirm, &[key(Key::Enter)]), UndoRule::Held, None),
    row(Act::Cancel, "confirm.cancel", "confirm-cancel", Context::Confirm, &[key(Key::Escape)]),
    opposite(row(Act::Priority(1), "confirm.priority.1", "confirm-priority", Context::Confirm, &[key(Key::Num1)])),
    opposite(row(Act::Priority(2), "confirm.priority.2", "confirm-priority", Context::Confirm, &[key(Key::Num2)])),
    opposite(row(Act::Priority(3), "confirm.priority.3", "confirm-priority", Context::Confirm, &[key(Key::Num3)])),
    row(Act::Reason(1), "reason.decision", "reason-decision", Context::Reason, &[key(Key::Num1)]),
    row(Act::Reason(2), "reason.danger", "reason-danger", Context::Reason, &[key(Key::Num2)]),
    row(Act::Reason(3), "reason.compare", "reason-compare", Context::Reason, &[key(Key::Num3)]),
    row(Act::Reason(4), "reason.second_look", "reason-second-look", Context::Reason, &[key(Key::Num4)]),
    row(Act::ReasonCancel, "reason.cancel", "confirm-cancel", Context::Reason, &[key(Key::Escape)]),
    opposite(row(Act::ScaleLarger, "scale.larger", "scale-larger", Context::Always, &[ctrl(Key::Equals), ctrl(Key::Plus)])),
    opposite(row(Act::ScaleSmaller, "scale.smaller", "scale-smaller", Context::Always, &[ctrl(Key::Minus)])),
    opposite(row(Act::ScaleNormal, "scale.normal", "scale-normal", Context::Always, &[ctrl(Key::Num0)])),
];

/// The row of `act`.
#[must_use]
pub fn action(act: Act) -> &'static Action {
    TABLE.iter().find(|row| row.act == act).unwrap_or(&TABLE[0])
}

/// The act that decides `kind`; `None` for kinds that this version has no key for.
#[must_use]
pub fn act_of(kind: &ActionKind) -> Option<Act> {
    Some(match kind {
        ActionKind::Allow => Act::Allow,
        ActionKind::Remove => Act::Remove,
        ActionKind::Restrict => Act::Restrict,
        ActionKind::AgeGate => Act::AgeGate,
        ActionKind::Label => Act::Label,
        ActionKind::WarnAuthor => Act::Warn,
        ActionKind::LimitAuthor => Act::Limit,
        ActionKind::SuspendAuthor => Act::Suspend,
        ActionKind::Escalate => Act::Escalate,
        ActionKind::Other(_) => return None,
    })
}

/// The kind of decision that `act` makes, if it makes one.
#[must_use]
pub fn kind_of(act: Act) -> Option<ActionKind> {
    ActionKind::KNOWN
        .iter()
        .find(|kind| act_of(kind) == Some(act))
        .cloned()
}

#[cfg(test)]
#[path = "actions_tests.rs"]
mod tests;
