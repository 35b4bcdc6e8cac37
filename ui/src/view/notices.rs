//! Things to read.

use egui::{Frame, RichText, Stroke, Ui};
use scrim_model::ItemId;
use scrim_model::settings::Key;
use scrim_wire::window::{Command, FeedbackView, Notice, NoticeKey};

use crate::actions::Act;
use crate::asks::Ask;
use crate::control::{Control, Scene, outside, polite};
use crate::limits::NOTICES_MAX;
use crate::theme::{CORNER, Room, TYPE, margin, space};

pub(crate) fn notices_ui(ui: &mut Ui, scene: &Scene<'_>, asks: &mut Vec<Ask>) {
    let Some(model) = scene.model else { return };
    if let Some(feedback) = &model.feedback {
        boxed(ui, scene, false, |ui| {
            feedback_ui(ui, scene, feedback, asks)
        });
    }
    let first = model.notices.len().saturating_sub(NOTICES_MAX);
    let mut shown = &model.notices[first..];
    if Room::around(ui) == Room::Tight && model.feedback.is_some() {
        // The others come after it; what cannot wait does not.
        shown = shown
            .iter()
            .rposition(|notice| is_error(notice.key))
            .map_or(&[], |at| &shown[at..=at]);
    } else if Room::around(ui) == Room::Tight && shown.len() > 1 {
        // One at a time: the newest that cannot wait, else the newest. The others come after it.
        let urgent = shown.iter().rposition(|notice| is_error(notice.key));
        let at = urgent.unwrap_or(shown.len() - 1);
        shown = &shown[at..=at];
        let more = (model.notices.len() - 1) as u64;
        ui.label(scene.weak(scene.strings.count("notices-more", more)));
    }
    let newest = shown.iter().rposition(|notice| notice.key.can_dismiss());
    for (at, notice) in shown.iter().enumerate() {
        let is_newest = newest == Some(at);
        boxed(ui, scene, is_error(notice.key), |ui| {
            ui.horizontal_wrapped(|ui| {
                let id = format!("notice.{}", notice.id);
                polite(
                    ui,
                    &id,
                    RichText::new(words(scene, notice))
                        .size(Room::around(ui).pick(TYPE[1], TYPE[0])),
                );
                if !notice.key.can_dismiss() {
                    return told_ui(ui, scene, notice, asks);
                }
                let ask = Ask::Command(Command::Dismiss(notice.id));
                let mut control = Control::of(scene, Act::NoticeDismiss);
                if !is_newest || model.feedback.is_some() {
                    let name = scene.strings.text("notice-dismiss");
                    control = Control::plain(format!("notice.dismiss.{}", notice.id), name);
                }
                control.show(ui, scene, ask, asks);
            });
        });
    }
}

/// What a training decision was expected to find. Read first: its key is the notices' key.
fn feedback_ui(ui: &mut Ui, scene: &Scene<'_>, feedback: &FeedbackView, asks: &mut Vec<Ask>) {
    let names = |policies: &[String]| match policies {
        [] => scene.strings.text("feedback-none"),
        some => some
            .iter()
            .map(|name| outside(name))
            .collect::<Vec<_>>()
            .join(", "),
    };
    let words = if feedback.agrees {
        "feedback-agrees"
    } else {
        "feedback-differs"
    };
    let (found, expected) = (names(&feedback.found), names(&feedback.expected));
    let line = scene.strings.with(
        words,
        &[("found", found.into()), ("expected", expected.into())],
    );
    let size = Room::around(ui).pick(TYPE[1], TYPE[0]);
    ui.horizontal_wrapped(|ui| {
        let id = format!("feedback.{}", feedback.decision_id);
        polite(ui, &id, RichText::new(line).size(size));
        let control = Control::of(scene, Act::NoticeDismiss);
        control.show(ui, scene, Ask::Act(Act::NoticeDismiss), asks);
    });
    if !feedback.explanation.is_empty() {
        ui.label(scene.weak(outside(&feedback.explanation)));
    }
}

/// The way to say that the duty contact was called.
fn told_ui(ui: &mut Ui, scene: &Scene<'_>, notice: &Notice, asks: &mut Vec<Ask>) {
    let Ok(item) = ItemId::new(notice.arg.clone()) else {
        return;
    };
    let id = format!("notice.told.{}", notice.id);
    let told = Control::plain(id, scene.strings.text("notice-told"));
    told.show(ui, scene, Ask::Command(Command::ToldByPhone(item)), asks);
}

pub(super) fn boxed(ui: &mut Ui, scene: &Scene<'_>, is_error: bool, add: impl FnOnce(&mut Ui)) {
    let line = if is_error {
        scene.palette.error
    } else {
        scene.palette.line
    };
    Frame::new()
        .fill(scene.palette.panel)
        .stroke(Stroke::new(1.0, line))
        .corner_radius(CORNER)
        .inner_margin(margin(space::S, space::XS))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            add(ui);
        });
}

fn is_error(key: NoticeKey) -> bool {
    matches!(
        key,
        NoticeKey::RevealNotRecorded
            | NoticeKey::DecisionNotRecorded
            | NoticeKey::CopiesUnreadable
            | NoticeKey::EscalationUnconfirmed
            | NoticeKey::EscalationNotPassedOn
            | NoticeKey::ToldNotRecorded
            | NoticeKey::UndoNotRecorded
            | NoticeKey::RecordsBehind
            | NoticeKey::RecordsForked
            | NoticeKey::ServerPutBack
            | NoticeKey::RecordsSetAside
            | NoticeKey::RecordsLost
            | NoticeKey::RecordsChanged
    )
}

fn words(scene: &Scene<'_>, notice: &Notice) -> String {
    let key = match notice.key {
        NoticeKey::Slipped => "notice-slipped",
        NoticeKey::ClaimLost => "notice-claim-lost",
        NoticeKey::Overtaken => "notice-overtaken",
        NoticeKey::Parked => "notice-parked",
        NoticeKey::PolicyNeeded => "notice-policy-needed",
        NoticeKey::ReasonNeeded => "notice-reason-needed",
        NoticeKey::TooLateToUndo => "notice-too-late",
        NoticeKey::ItemsRefused => "notice-items-refused",
        NoticeKey::WindowRestarted => "notice-window-restarted",
        NoticeKey::RecordsSetAside => "notice-records-set-aside",
        NoticeKey::RecordsLost => "notice-records-lost",
        NoticeKey::RecordsChanged => "notice-records-changed",
        NoticeKey::BreakDue => "notice-break-due",
        NoticeKey::RevealNotRecorded => "notice-reveal-not-recorded",
        NoticeKey::CopiesUnreadable => "notice-copies-unreadable",
        NoticeKey::DecisionNotRecorded => "notice-decision-not-recorded",
        NoticeKey::PlayFailed => "notice-play-failed",
        NoticeKey::ClearFailed => "notice-clear-failed",
        NoticeKey::EscalationUnconfirmed => "notice-escalation-unconfirmed",
        NoticeKey::EscalationConfirmed => "notice-escalation-confirmed",
        NoticeKey::MarksFull => "notice-marks-full",
        NoticeKey::ToldNotRecorded => "notice-told-not-recorded",
        NoticeKey::QuestionAnswered => "notice-question-answered",
        NoticeKey::QuestionRefused => "notice-question-refused",
        NoticeKey::QuestionsFull => "notice-questions-full",
        NoticeKey::QuestionClosed => "notice-question-closed",
        NoticeKey::LookNeedsServer => "notice-look-needs-server",
        NoticeKey::LookUnreadable => "notice-look-unreadable",
        NoticeKey::LookLimited => "notice-look-limited",
        NoticeKey::LookOver => "notice-look-over",
        NoticeKey::EscalationSettled => "notice-escalation-settled",
        NoticeKey::EscalationWithoutEffect => "notice-escalation-without-effect",
        NoticeKey::EscalationNotPassedOn => "notice-escalation-not-passed-on",
        NoticeKey::AnswersFull => "notice-answers-full",
        NoticeKey::AnswerSent => "notice-answer-sent",
        NoticeKey::AnswerRefused => "notice-answer-refused",
        NoticeKey::AimedAway if notice.arg.is_empty() => "notice-aimed-away-no-contact",
        NoticeKey::AimedAway => "notice-aimed-away",
        NoticeKey::HandedOver => "notice-handed-over",
        NoticeKey::OtherLanguage => "notice-other-language",
        NoticeKey::TakenOver => "notice-taken-over",
        NoticeKey::UndoNotRecorded => "notice-undo-not-recorded",
        NoticeKey::UndoneAtServer => "notice-undone-at-server",
        NoticeKey::UndoRefused => "notice-undo-refused",
        NoticeKey::TriedAgain => "notice-tried-again",
        NoticeKey::TryAgainFailed => "notice-try-again-failed",
        NoticeKey::RecordsBehind => "notice-records-behind",
        NoticeKey::RecordsForked => "notice-records-forked",
        NoticeKey::ServerPutBack => "notice-server-put-back",
        NoticeKey::CorrectionTooLate => "notice-correction-too-late",
        NoticeKey::CorrectionUnreadable => "notice-correction-unreadable",
        NoticeKey::DraftOutdated => "notice-draft-outdated",
        NoticeKey::LeftoversSending => "notice-leftovers",
        NoticeKey::LimitNear => "notice-limit-near",
        NoticeKey::LimitReached => "notice-limit-reached",
        NoticeKey::LimitEndsShift => "notice-limit-ends-shift",
        NoticeKey::CheckInsForgotten => "notice-check-ins-forgotten",
        NoticeKey::CheckInNotKept => "notice-check-in-not-kept",
        NoticeKey::ExposureUnknown => "notice-exposure-unknown",
        NoticeKey::SettingTakenBack => "notice-setting-taken-back",
        NoticeKey::SettingBelowFloor => "notice-setting-below-floor",
        NoticeKey::SettingOutOfRange => "notice-setting-out-of-range",
        NoticeKey::SettingNotYours => "notice-setting-not-yours",
        NoticeKey::SettingsDoubtful => "notice-settings-doubtful",
        NoticeKey::FloorChanged => "notice-floor-changed",
        NoticeKey::FloorUnusable => "notice-floor-unusable",
        NoticeKey::FloorUnknownKeys => "notice-floor-unknown-keys",
        NoticeKey::ManagedUnusable => "notice-managed-unusable",
        NoticeKey::ManagedGone => "notice-managed-gone",
    };
    let contacts = scene.model.map_or_else(String::new, |model| {
        let lines: Vec<_> = model.duty_contacts.iter().map(|c| outside(c)).collect();
        lines.join(" · ")
    });
    let arg = match notice.key {
        NoticeKey::SettingTakenBack
        | NoticeKey::SettingBelowFloor
        | NoticeKey::SettingOutOfRange
        | NoticeKey::SettingNotYours => super::setting_row::name_of(scene, &notice.arg),
        _ => outside(&notice.arg),
    };
    let range = Key::named(&notice.arg).map(|key| key.row().shape.to_string());
    let values = [
        ("arg", arg.into()),
        ("contacts", contacts.into()),
        ("range", range.unwrap_or_default().into()),
    ];
    scene.strings.with(key, &values)
}
