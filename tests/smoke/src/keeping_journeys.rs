//! Journeys of what must not be lost and what can be put right.

use egui::Key;
use scrim_queue::QueueServer;
use scrim_wire::protocol::ClaimsRequest;
use scrim_wire::window::{NoticeKey, QuestionState, SyncState};

use crate::journeys::{desk, item, noticed};
use crate::stage::{Failed, Stage, hold};

pub(crate) fn draft_survives() -> Result<(), Failed> {
    let mut stage = desk(1)?;
    let open = item(&mut stage);
    for key in [Key::Num2, Key::Num1, Key::Num0, Key::M, Key::Enter, Key::N] {
        stage.press(key);
    }
    stage.type_in("seen before");
    stage.pass(700);
    let before = stage.model().draft;
    hold!(
        before.note == "seen before" && before.marks.len() == 1 && before.unsure,
        "the draft is {before:?}"
    );
    stage.start_desk()?;
    stage.pass(2_000);
    hold!(item(&mut stage) == open, "the item does not come back");
    let after = stage.model().draft;
    hold!(after == before, "after the kill the draft is {after:?}");
    hold!(
        stage.holds_text("seen before"),
        "the window does not show the note again"
    );
    stage.press(Key::X);
    stage.pass(6_000);
    let sent = stage.served.decisions()?;
    hold!(
        sent.len() == 1 && sent[0].reason == "seen before" && sent[0].marks == before.marks,
        "the server has {sent:?}"
    );
    Ok(())
}

/// The correction that is open becomes a removal for violence.
fn correct(stage: &mut Stage) -> Result<(), Failed> {
    hold!(stage.model().correction.is_some(), "no correction is open");
    hold!(
        !stage.view().has_clear_pixels() && stage.says("correct-title"),
        "the page is not there"
    );
    stage.click("correct.action.remove")?;
    stage.click("correct.policy.violence")?;
    stage.pass(500);
    stage.click("correct.record")?;
    hold!(
        stage.model().correction.is_none(),
        "the correction is not recorded"
    );
    stage.pass(6_000);
    Ok(())
}

pub(crate) fn one_finger_on_two_keys() -> Result<(), Failed> {
    let mut stage = desk(3)?;
    let open = item(&mut stage);
    for (first, second) in [(Key::F, Key::G), (Key::X, Key::C), (Key::P, Key::L)] {
        stage.down(first);
        stage.down(second);
        stage.up(first);
        stage.up(second);
        stage.pass(400);
        let model = stage.model();
        hold!(
            model.confirm.is_none() && model.held.is_empty(),
            "{first:?} and {second:?} decided"
        );
        hold!(item(&mut stage) == open, "another item is open");
    }
    stage.pass(6_000);
    hold!(stage.served.decisions()?.is_empty(), "a slip was sent");
    stage.press(Key::F);
    stage.pass(6_000);
    let sent = stage.served.decisions()?.len();
    hold!(sent == 1, "{sent} decisions arrived instead of one");
    Ok(())
}

pub(crate) fn correct_sent_decision() -> Result<(), Failed> {
    let mut stage = desk(3)?;
    stage.press(Key::F);
    stage.pass(6_000);
    let open = item(&mut stage);
    let first = stage.served.decisions()?;
    // Nothing can be taken back any more: the key leads to the list, and there to the correction.
    stage.press(Key::Z);
    stage.press(Key::Z);
    correct(&mut stage)?;
    let sent = stage.served.decisions()?;
    hold!(sent.len() == 2, "{} decisions arrived", sent.len());
    hold!(
        sent[1].supersedes.as_ref() == Some(&first[0].decision_id)
            && sent[1].headline() == "remove"
            && sent[1].media == first[0].media,
        "the correction is {:?}",
        sent[1]
    );
    stage.start_desk()?;
    stage.pass(6_000);
    let rows = stage.model().history;
    hold!(
        rows.len() == 2 && rows.iter().all(|row| row.state == SyncState::Accepted),
        "the records hold {rows:?}"
    );
    hold!(
        rows[0].can_correct && !rows[1].can_correct,
        "the corrected one can be corrected again"
    );
    hold!(
        item(&mut stage).is_some() && open.is_some(),
        "work does not go on: {:?}, {:?}",
        stage.model().screen,
        stage.model().link
    );
    stage.served.revert(&sent[1].decision_id)?;
    stage.press(Key::H);
    stage.pass(1_000);
    hold!(
        stage.says("later-undone"),
        "the list does not say that it was undone elsewhere"
    );
    stage.press(Key::Z);
    correct(&mut stage)?;
    hold!(
        noticed(&mut stage, NoticeKey::CorrectionTooLate),
        "too late is not said: {:?}",
        stage.model().notices
    );
    hold!(
        stage.model().history[0].state == SyncState::Parked,
        "the refused correction is not kept"
    );
    Ok(())
}

pub(crate) fn ask_and_hand_over() -> Result<(), Failed> {
    let mut stage = desk(3)?;
    let asked = item(&mut stage);
    stage.press(Key::U);
    hold!(stage.says("ask-title"), "the page is not there");
    stage.type_in("Is this a kite?");
    stage.click("ask.lead")?;
    hold!(item(&mut stage) != asked, "the item stays open");
    hold!(stage.model().in_hand == 3, "the claim is not kept");
    stage.pass(1_000);
    let lead = stage.served.person("lead-1", "lead")?;
    let questions = lead.consults()?;
    hold!(
        questions.len() == 1 && questions[0].question == "Is this a kite?",
        "the lead sees {questions:?}"
    );
    lead.answer_consult("answer-1", &questions[0].consult_id, "A balloon.")?;
    stage.pass(11_000);
    hold!(
        noticed(&mut stage, NoticeKey::QuestionAnswered),
        "the answer is not said"
    );
    stage.press(Key::F);
    hold!(item(&mut stage) == asked, "the item does not come next");
    let rows = stage.model().item.map(|item| item.questions);
    hold!(
        rows.is_some_and(|rows| rows[0].state == QuestionState::Answered),
        "the question is still open"
    );
    hold!(stage.shows("A balloon."), "the answer is not shown");
    hand_over(&mut stage)
}

/// The open item goes to another moderator, with what was made of it.
fn hand_over(stage: &mut Stage) -> Result<(), Failed> {
    let handed = item(stage);
    stage.press(Key::Num2);
    stage.press(Key::U);
    stage.click("ask.hand_over")?;
    stage.pass(1_000);
    hold!(item(stage) != handed, "the item does not go");
    let other = stage.served.person("moderator-2", "moderator")?;
    let request = ClaimsRequest {
        count: 5,
        ..ClaimsRequest::default()
    };
    let claims = other.claim("other-1", &request)?.claims;
    let theirs = claims
        .iter()
        .find(|claim| handed.as_deref() == Some(claim.item.id.as_str()));
    let draft = theirs.and_then(|claim| claim.draft.clone());
    hold!(
        draft
            .as_ref()
            .is_some_and(|d| d.policy_ids[0].as_str() == "violence"),
        "the other one gets {draft:?}"
    );
    Ok(())
}

pub(crate) fn decide_undo_decide() -> Result<(), Failed> {
    let mut stage = desk(3)?;
    let first = item(&mut stage);
    stage.press(Key::F);
    hold!(item(&mut stage) != first, "the next item is not there");
    stage.press(Key::Z);
    hold!(
        item(&mut stage) == first,
        "undo does not bring the item back"
    );
    stage.press(Key::Num2);
    stage.press(Key::Num1);
    stage.press(Key::X);
    stage.pass(6_000);
    let model = stage.model();
    hold!(
        model.waiting_to_sync == 0,
        "{} still wait",
        model.waiting_to_sync
    );
    let states: Vec<_> = model.history.iter().map(|row| row.state).collect();
    hold!(
        states == [SyncState::Accepted, SyncState::Withdrawn],
        "the history says {states:?}"
    );
    Ok(())
}

pub(crate) fn escalate() -> Result<(), Failed> {
    let mut stage = desk(3)?;
    stage.press(Key::P);
    hold!(stage.model().confirm.is_some(), "nothing is asked in place");
    stage.press(Key::Enter);
    hold!(stage.model().history.is_empty(), "a double tap escalates");
    stage.pass(500);
    stage.press(Key::Num1);
    stage.press(Key::Enter);
    hold!(stage.model().history.len() == 1, "Enter does not confirm");
    hold!(
        !noticed(&mut stage, NoticeKey::EscalationConfirmed),
        "said to be done before it was sent"
    );
    stage.pass(6_000);
    hold!(
        noticed(&mut stage, NoticeKey::EscalationConfirmed),
        "the confirmation is not said"
    );
    Ok(())
}
