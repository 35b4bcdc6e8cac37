//! What a moderator does next, looking at the screen.

use scrim_model::hashes::Likeness;
use scrim_model::view::{RevealMode, RevealReason, SoftStep};
use scrim_model::{ActionKind, Role};
use scrim_wire::window::{Command, Correct, NoticeKey, Screen, SyncState, WindowModel};

use crate::rng::Rng;

/// The next command, or a moment of thought.
pub(crate) fn next(rng: &mut Rng, model: &WindowModel) -> Option<Command> {
    if let Some(command) = answer(rng, model) {
        return Some(command);
    }
    match &model.screen {
        Screen::Locked { .. } => rng.chance(400).then_some(Command::Unlock(None)),
        Screen::CoveredAll => rng.chance(500).then_some(Command::CoverAll),
        Screen::PoliciesChanged => Some(Command::PoliciesRead),
        Screen::OnBreak => rng.chance(300).then_some(Command::EndBreak),
        Screen::BreakNeeded => Some(Command::TakeBreak),
        Screen::ShiftEnded { .. } => rng.chance(150).then_some(Command::StartShift),
        Screen::Serving => Some(work(rng, model)),
        Screen::Copies => Some(match rng.below(8) {
            0 => Command::LookAtCopies,
            1 => Command::Undo,
            2 => beside(rng, model)?,
            3 => Command::ApplyToAuthor,
            of => Command::ApplyToCopies { near: of > 5 },
        }),
        _ => beside(rng, model),
    }
}

/// What stands in the middle of the screen is answered first.
fn answer(rng: &mut Rng, model: &WindowModel) -> Option<Command> {
    if let Some(confirm) = &model.confirm {
        return Some(match rng.below(10) {
            0 => Command::CancelConfirm,
            1..=3 if confirm.priority > 0 => {
                Command::EscalatePriority(u8::try_from(rng.between(1, 3)).unwrap_or(1))
            }
            _ => Command::Confirm,
        });
    }
    if model.asks_reason {
        return Some(Command::RevealReason(*rng.pick(&RevealReason::ALL)));
    }
    if let Some(correction) = &model.correction {
        return Some(Command::Correct(match rng.below(6) {
            0 => Correct::Close,
            1 => Correct::Note("corrected".to_owned()),
            2 => Correct::NoPolicy,
            _ if correction.action.is_none() => Correct::Action(ActionKind::Allow),
            _ => Correct::Record,
        }));
    }
    let urgent = model
        .notices
        .iter()
        .find(|n| n.key == NoticeKey::EscalationUnconfirmed);
    if let Some(notice) = urgent
        && rng.chance(60)
    {
        let item = scrim_model::ItemId::new(notice.arg.as_str()).ok()?;
        return Some(Command::ToldByPhone(item));
    }
    None
}

fn work(rng: &mut Rng, model: &WindowModel) -> Command {
    let Some(item) = &model.item else {
        return Command::Reconnect;
    };
    if item.for_colleague.is_some() {
        return match rng.below(4) {
            0 => Command::AnswerColleague("yes".to_owned()),
            1 => Command::CloseLook,
            _ => Command::Reveal(RevealMode::Hold),
        };
    }
    if item.reveal.is_some() && rng.chance(500) {
        return Command::CoverAgain;
    }
    if let Some(copy) = &item.copy_of
        && rng.chance(500)
    {
        let near = copy.likeness != Likeness::Exact;
        return if rng.chance(200) {
            Command::WrongMatch
        } else {
            Command::ApplyToCopies { near }
        };
    }
    match rng.below(100) {
        0..=21 => Command::Decide(ActionKind::Allow),
        22..=33 => Command::Digit(u8::try_from(rng.between(0, 5)).unwrap_or(1)),
        34..=49 => Command::Decide(
            rng.pick(&[
                ActionKind::Remove,
                ActionKind::Restrict,
                ActionKind::AgeGate,
            ])
            .clone(),
        ),
        50..=57 => Command::Decide(ActionKind::Escalate),
        58..=69 => reveal(rng, model),
        70..=77 => Command::Undo,
        78 => Command::NotMe,
        79 => Command::HandOver,
        80 => Command::OtherLanguage,
        81 => Command::AimedAtMe,
        82 => Command::Slipped,
        83..=85 => Command::Note("as the rules say".to_owned()),
        86 => Command::CoverAll,
        87 => Command::TakeBreak,
        88 => Command::EndShift,
        89 => Command::AskColleague {
            to: Role::Moderator,
            question: "what do you think".to_owned(),
        },
        90 => Command::Stronger,
        91 => Command::RetryMedium(0),
        _ => beside(rng, model).unwrap_or(Command::Undo),
    }
}

fn reveal(rng: &mut Rng, model: &WindowModel) -> Command {
    let Some(item) = &model.item else {
        return Command::CoverAgain;
    };
    if rng.chance(200) {
        return Command::Select(rng.pick(&item.parts).clone());
    }
    let spans = item.texts.iter().flat_map(|text| &text.words.spans);
    if let Some(span) = spans.last()
        && rng.chance(250)
    {
        return Command::RevealSpan(RevealMode::Hold, span.key);
    }
    Command::Reveal(*rng.pick(&[
        RevealMode::Hold,
        RevealMode::Latch,
        RevealMode::Full,
        RevealMode::Soft(SoftStep::Middle),
    ]))
}

/// What can be done with or without an item.
fn beside(rng: &mut Rng, model: &WindowModel) -> Option<Command> {
    match rng.below(8) {
        0 => {
            let sent = |row: &&scrim_wire::window::HistoryRow| {
                row.can_correct && row.state == SyncState::Accepted
            };
            let row = model.history.iter().find(sent)?;
            Some(Command::Correct(Correct::Open(row.decision_id.clone())))
        }
        1 => {
            let asked = model.asked_of_me.first()?;
            Some(Command::OpenLook(asked.consult_id.clone()))
        }
        2 => Some(Command::Undo),
        3 => Some(Command::Reconnect),
        4 => Some(Command::ReadLater),
        6 => {
            let row = model.history.iter().find(|row| row.can_undo)?;
            Some(Command::UndoSent(row.decision_id.clone()))
        }
        5 => {
            let notice = model.notices.iter().find(|n| n.key.can_dismiss())?;
            Some(Command::Dismiss(notice.id))
        }
        _ => None,
    }
}
