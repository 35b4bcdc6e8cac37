//! Journeys of what did not go as decided, each made by the real server: somebody was first, the
//! server refuses, undoing comes too late.

use egui::Key;
use scrim_model::{ActionKind, Decision, ItemId};
use scrim_wire::window::{ConflictWhat, NoticeKey, ParkReason, SyncState, UndoState};

use crate::journeys::{Journey, desk, images, noticed};
use crate::stage::{Failed, Look, Stage, hold};

pub(crate) const CONFLICTS: &[Journey] = &[
    Journey {
        name: "conflicts-are-listed",
        about: "what did not go as decided is said with when, whose word and what to do, and outlives the agent",
        run: listed,
    },
    Journey {
        name: "somebody-else-was-first",
        about: "a late decision is said to be late, is put away with a key, and stays in the records",
        run: somebody_was_first,
    },
    Journey {
        name: "refused-is-decided-anew",
        about: "trying again is refused again, deciding anew is taken, and nothing is sent twice",
        run: decided_anew,
    },
    Journey {
        name: "undo-at-the-server",
        about: "what was sent is undone at the server, and stays so after the agent was killed",
        run: undo_at_the_server,
    },
];

/// Three decisions of which none went as decided: the newest is refused, before it somebody else
/// was first, the oldest cannot be undone any more. The list is open.
pub(crate) fn three(look: Look) -> Result<Stage, Failed> {
    let mut stage = Stage::set(&images(6), look)?;
    too_late_to_undo(&mut stage)?;
    let [first, second] = decided_offline(&mut stage)?;
    stage.served.decide_first(&first, "moderator")?;
    forbid_allowing(&stage, &second.item_id)?;
    stage.press(Key::Y);
    stage.pass(3_000);
    stage.press(Key::H);
    stage.pass(1_000);
    Ok(stage)
}

/// An urgent item is passed on, the platform has told whom it concerns, and undoing is asked.
fn too_late_to_undo(stage: &mut Stage) -> Result<(), Failed> {
    stage.press(Key::P);
    stage.pass(500);
    stage.press(Key::Num2);
    stage.press(Key::Enter);
    stage.pass(6_000);
    stage.served.carried_out()?;
    stage.press(Key::H);
    stage.press(Key::U);
    stage.pass(2_000);
    stage.press(Key::Escape);
    Ok(())
}

/// Two items are allowed while the server is away; it is back after that.
fn decided_offline(stage: &mut Stage) -> Result<[Decision; 2], Failed> {
    stage.served.kill()?;
    for _ in 0..2 {
        stage.press(Key::F);
        stage.pass(6_000);
    }
    let waiting = stage.waiting()?;
    stage.served.back()?;
    <[Decision; 2]>::try_from(waiting)
        .map_err(|waiting| Failed::new(format!("{} decisions wait", waiting.len())))
}

/// A newer version of the item can no longer be allowed.
fn forbid_allowing(stage: &Stage, item: &ItemId) -> Result<(), Failed> {
    let mut samples = images(6).into_iter();
    let mut sample = samples
        .find(|sample| sample.ingest.item.id == *item)
        .ok_or_else(|| Failed::new("the item is none of the samples"))?;
    sample.ingest.item.version += 1;
    let actions = &mut sample.ingest.item.allowed_actions;
    actions.retain(|action| *action != ActionKind::Allow);
    stage.served.change(&sample)
}

fn whats(stage: &mut Stage) -> Vec<ConflictWhat> {
    let conflicts = stage.model().conflicts;
    conflicts.into_iter().map(|row| row.what).collect()
}

fn refused() -> ConflictWhat {
    ConflictWhat::Parked {
        reason: ParkReason::Invalid,
        code: "action_not_allowed".to_owned(),
    }
}

fn overtaken() -> ConflictWhat {
    ConflictWhat::Overtaken {
        by_role: "moderator".to_owned(),
        outcome: "remove".to_owned(),
    }
}

fn listed() -> Result<(), Failed> {
    let mut stage = three(Look::default())?;
    let expected = [refused(), overtaken(), ConflictWhat::UndoTooLate];
    hold!(
        whats(&mut stage) == expected,
        "the list is {:?}",
        whats(&mut stage)
    );
    said(&stage)?;
    stage.start_desk()?;
    stage.pass(2_000);
    stage.press(Key::B);
    hold!(
        stage.says_with("conflicts-hint", &[("n", 3.into())]),
        "the break does not say that there is a list"
    );
    stage.press(Key::H);
    stage.pass(1_000);
    let mut after = whats(&mut stage);
    after.sort_by_key(|what| expected.iter().position(|e| e == what));
    hold!(after == expected, "after a restart the list is {after:?}");
    said(&stage)?;
    for (key, left) in [(Key::S, 2), (Key::L, 1)] {
        stage.press(key);
        stage.pass(500);
        let listed = whats(&mut stage);
        hold!(listed.len() == left, "after {key:?} the list is {listed:?}");
    }
    Ok(())
}

/// What happened, whose word it is, what was kept, what to do: in words.
fn said(stage: &Stage) -> Result<(), Failed> {
    let code = [("code", "action_not_allowed".into())];
    let first = [("role", "moderator".into()), ("outcome", "remove".into())];
    for (key, values) in [
        ("conflicts-title", &[][..]),
        ("conflict-parked-invalid", &code),
        ("conflict-overtaken", &first),
        ("conflict-undo-too-late", &[]),
    ] {
        hold!(
            stage.says_with(key, values),
            "the list does not say {key:?}"
        );
    }
    hold!(
        stage.says_around("conflict-reference", &[]),
        "a row has no reference"
    );
    Ok(())
}

fn somebody_was_first() -> Result<(), Failed> {
    let mut stage = desk(6)?;
    let [first, _] = decided_offline(&mut stage)?;
    stage.served.decide_first(&first, "moderator")?;
    stage.press(Key::Y);
    stage.pass(3_000);
    hold!(
        noticed(&mut stage, NoticeKey::Overtaken) && whats(&mut stage) == [overtaken()],
        "the list is {:?}",
        whats(&mut stage)
    );
    stage.press(Key::H);
    stage.press(Key::T);
    stage.press(Key::D);
    hold!(
        whats(&mut stage) == [overtaken()] && stage.model().correction.is_none(),
        "a late decision can be sent again"
    );
    stage.press(Key::L);
    stage.pass(500);
    hold!(whats(&mut stage).is_empty(), "it stays on the list");
    hold!(stage.says("conflicts-none"), "the empty list says nothing");
    stage.start_desk()?;
    stage.pass(2_000);
    hold!(whats(&mut stage).is_empty(), "a restart lists it again");
    let rows = stage.model().history;
    let kept = rows
        .iter()
        .find(|row| row.decision_id == first.decision_id)
        .map(|row| row.state);
    hold!(
        kept == Some(SyncState::Overtaken),
        "the records say {kept:?} of the late decision"
    );
    Ok(())
}

/// A refused decision is the only one on the list, which is open.
fn refused_once(stage: &mut Stage) -> Result<Decision, Failed> {
    let [_, second] = decided_offline(stage)?;
    forbid_allowing(stage, &second.item_id)?;
    stage.press(Key::Y);
    stage.pass(3_000);
    stage.press(Key::H);
    hold!(
        whats(stage) == [refused()] && noticed(stage, NoticeKey::Parked),
        "the list is {:?}",
        whats(stage)
    );
    Ok(second)
}

fn decided_anew() -> Result<(), Failed> {
    let mut stage = desk(6)?;
    let old = refused_once(&mut stage)?;
    stage.press(Key::T);
    stage.pass(3_000);
    hold!(
        whats(&mut stage) == [refused()],
        "after trying again the list is {:?}",
        whats(&mut stage)
    );
    stage.press(Key::D);
    hold!(
        stage.model().correction.is_some() && !stage.view().has_clear_pixels(),
        "the item cannot be decided anew"
    );
    hold!(
        stage.says("anew-body"),
        "the page speaks of a decision that the server has"
    );
    stage.click("correct.action.remove")?;
    stage.click("correct.policy.violence")?;
    stage.pass(500);
    stage.click("correct.record")?;
    stage.pass(6_000);
    hold!(
        whats(&mut stage).is_empty(),
        "after deciding anew the list is {:?}; {:?}",
        whats(&mut stage),
        stage.model().notices
    );
    let sent = stage.served.decisions()?;
    let of_item: Vec<_> = sent.iter().filter(|d| d.item_id == old.item_id).collect();
    hold!(
        of_item.len() == 1
            && of_item[0].headline() == "remove"
            && of_item[0].supersedes.is_none()
            && of_item[0].decision_id != old.decision_id,
        "the server has {of_item:?}"
    );
    Ok(())
}

fn undo_at_the_server() -> Result<(), Failed> {
    let mut stage = desk(3)?;
    stage.press(Key::F);
    stage.pass(6_000);
    // Nothing can be taken back any more: the key leads to the list, and there to the server.
    stage.press(Key::Z);
    hold!(stage.says("conflicts-none"), "the empty list says nothing");
    stage.press(Key::U);
    stage.pass(2_000);
    let row = stage.model().history[0].clone();
    hold!(
        row.undo == UndoState::Done && !row.can_undo && !row.can_correct,
        "the list has {row:?}"
    );
    hold!(
        noticed(&mut stage, NoticeKey::UndoneAtServer),
        "it is not said that it is undone"
    );
    let outcomes = stage.served.outcomes()?;
    hold!(
        outcomes.iter().any(|row| row.what == "revert"),
        "the platform is told {outcomes:?}"
    );
    stage.start_desk()?;
    stage.pass(2_000);
    hold!(
        stage.model().history[0].undo == UndoState::Done,
        "a restart forgets it"
    );
    Ok(())
}
