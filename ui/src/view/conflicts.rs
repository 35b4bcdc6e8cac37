//! What did not go as decided: what happened, whose word it is, and what can be done about it.

use egui::{RichText, Ui};
use scrim_wire::window::{
    Command, ConflictAbout, ConflictStep, ConflictView, ConflictWhat, Correct, ParkReason,
};

use crate::actions::Act;
use crate::asks::Ask;
use crate::control::{Control, Scene, outside};
use crate::limits::CONFLICTS_MAX;
use crate::theme::space;

/// Characters of a decision's id that are shown, from its end: enough to find it by.
const REFERENCE_CHARS: usize = 8;

/// Outside the list of own decisions: that there is something, and where.
pub(crate) fn hint_ui(ui: &mut Ui, scene: &Scene<'_>) {
    let count = scene.model.map_or(0, |model| model.conflicts.len()) as u64;
    if count > 0 {
        ui.label(scene.weak(scene.strings.count("conflicts-hint", count)));
    }
}

/// The list, newest first; the newest one has the keys.
pub(crate) fn conflicts_ui(ui: &mut Ui, scene: &Scene<'_>, asks: &mut Vec<Ask>) {
    let Some(model) = scene.model else { return };
    if model.conflicts.is_empty() {
        ui.label(scene.weak(scene.strings.text("conflicts-none")));
    }
    for (at, conflict) in model.conflicts.iter().take(CONFLICTS_MAX).enumerate() {
        super::notices::boxed(ui, scene, false, |ui| {
            ui.spacing_mut().item_spacing.y = space::XS;
            headline_ui(ui, scene, conflict);
            ui.label(sentence(scene, &conflict.what));
            ui.add_space(space::XS);
            ui.horizontal_wrapped(|ui| steps_ui(ui, scene, conflict, at == 0, asks));
        });
    }
    let more = model.conflicts.len().saturating_sub(CONFLICTS_MAX) as u64;
    if more > 0 {
        ui.label(scene.weak(scene.strings.count("conflicts-more", more)));
    }
}

/// What was decided, and beside it when, and by which words it is found again.
fn headline_ui(ui: &mut Ui, scene: &Scene<'_>, conflict: &ConflictView) {
    let strings = scene.strings;
    let (name, mut facts) = match &conflict.about {
        ConflictAbout::Records => (strings.text("conflict-records"), Vec::new()),
        ConflictAbout::Decision {
            decision_id,
            action,
            decided_at,
            ..
        } => {
            let decided = super::when(scene, *decided_at);
            let found_by = reference(decision_id.as_str());
            let facts = vec![
                strings.with("conflict-decided", &[("when", decided.into())]),
                strings.with("conflict-reference", &[("id", found_by.into())]),
            ];
            (scene.action_name(action), facts)
        }
    };
    if let Some(at) = conflict.at {
        let said = super::when(scene, at);
        facts.push(strings.with("conflict-said", &[("when", said.into())]));
    }
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(name).strong());
        if !facts.is_empty() {
            ui.label(scene.weak(facts.join(" · ")));
        }
    });
}

pub(super) fn reference(id: &str) -> String {
    let chars: Vec<char> = outside(id).chars().collect();
    let from = chars.len().saturating_sub(REFERENCE_CHARS);
    chars[from..].iter().collect()
}

fn sentence(scene: &Scene<'_>, what: &ConflictWhat) -> String {
    let strings = scene.strings;
    match what {
        ConflictWhat::Overtaken { by_role, outcome } => strings.with(
            "conflict-overtaken",
            &[
                ("role", outside(by_role).into()),
                ("outcome", outside(outcome).into()),
            ],
        ),
        ConflictWhat::Parked { reason, code } => {
            let code = outside(code);
            strings.with(parked(*reason), &[("code", code.into())])
        }
        ConflictWhat::CorrectionTooLate => strings.text("conflict-correction-too-late"),
        ConflictWhat::UndoTooLate => strings.text("conflict-undo-too-late"),
        ConflictWhat::UndoRefused { code, .. } => {
            strings.with("conflict-undo-refused", &[("code", outside(code).into())])
        }
        ConflictWhat::Undone => strings.text("conflict-undone"),
        ConflictWhat::TailMissing { here, server } => strings.with(
            "conflict-tail-missing",
            &[("here", (*here).into()), ("server", (*server).into())],
        ),
        ConflictWhat::ServerPutBack { confirmed } => strings.with(
            "conflict-server-put-back",
            &[("confirmed", (*confirmed).into())],
        ),
        ConflictWhat::Forked { server } => {
            strings.with("conflict-forked", &[("server", (*server).into())])
        }
    }
}

fn parked(reason: ParkReason) -> &'static str {
    match reason {
        ParkReason::NotAllowed => "conflict-parked-not-allowed",
        ParkReason::Invalid => "conflict-parked-invalid",
        ParkReason::UnknownItem => "conflict-parked-unknown-item",
        ParkReason::TooLarge => "conflict-parked-too-large",
        ParkReason::KeyReused => "conflict-parked-key-reused",
        ParkReason::ClaimLost => "conflict-parked-claim-lost",
        ParkReason::Saved => "conflict-parked-saved",
        ParkReason::Other => "conflict-parked-other",
    }
}

/// What can be done about one.
fn steps_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    conflict: &ConflictView,
    has_keys: bool,
    asks: &mut Vec<Ask>,
) {
    let about = conflict.decision().cloned();
    let name = about.as_ref().map_or("records", |id| id.as_str());
    let mut step_ui = |act: Act, words: &str, command: Command| {
        let id = format!("conflict.{words}.{name}");
        let plain = || Control::plain(id, scene.strings.text(words));
        let control = if has_keys {
            Control::of(scene, act)
        } else {
            plain()
        };
        control.show(ui, scene, Ask::Command(command), asks);
    };
    let step = |step| Command::Conflict(about.clone(), step);
    if conflict.can_try_again() {
        let again = step(ConflictStep::TryAgain);
        step_ui(Act::ConflictAgain, "conflict-again", again);
    }
    if let Some(id) = about.clone().filter(|_| conflict.can_decide_anew()) {
        let anew = Command::Correct(Correct::Open(id));
        step_ui(Act::ConflictAnew, "conflict-anew", anew);
    }
    let lead = step(ConflictStep::TellLead);
    step_ui(Act::ConflictLead, "conflict-lead", lead);
    step_ui(Act::ConflictSeen, "conflict-seen", step(ConflictStep::Seen));
}
