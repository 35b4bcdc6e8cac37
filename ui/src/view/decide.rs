//! The action bar: only allowed actions, undo, and what must be confirmed, in place.

use egui::Ui;
use scrim_model::ActionKind;
use scrim_wire::window::{Command, ConfirmView, ConfirmWhat};

use crate::actions::{Act, act_of};
use crate::asks::Ask;
use crate::control::{Control, Scene, outside, polite};
use crate::theme::{Room, TYPE};

pub(crate) fn decide_ui(ui: &mut Ui, scene: &Scene<'_>, asks: &mut Vec<Ask>) {
    let Some(model) = scene.model else { return };
    let Some(item) = &model.item else { return };
    if model.asks_reason {
        reason_ui(ui, scene, asks);
        return;
    }
    if let Some(confirm) = &model.confirm {
        confirm_ui(ui, scene, confirm, asks);
        return;
    }
    if let Some(marking) = scene.marking {
        super::marks::marking_ui(ui, scene, marking, asks);
        return;
    }
    ui.horizontal_wrapped(|ui| {
        for kind in &item.allowed {
            match act_of(kind) {
                Some(act) => Control::of(scene, act).show(ui, scene, Ask::Act(act), asks),
                None => other_ui(ui, scene, kind, asks),
            }
        }
        let not_me = Control::of(scene, Act::NotMe);
        not_me.show(ui, scene, Ask::Act(Act::NotMe), asks);
        let undo = Control::of(scene, Act::Undo).enabled(!model.held.is_empty());
        undo.show(ui, scene, Ask::Act(Act::Undo), asks);
        if Room::around(ui) == Room::Wide {
            held_ui(ui, scene);
        }
    });
}

/// How many decisions can still be taken back; nothing if there is none.
pub(crate) fn held_ui(ui: &mut Ui, scene: &Scene<'_>) {
    let held = scene.model.map_or(0, |model| model.held.len());
    if held > 0 {
        let words = Room::around(ui).pick("held-count", "held-count.alone");
        let words = scene.strings.count(words, held as u64);
        polite(ui, "status.held", scene.weak(words));
    }
}

/// An action that this version has no row for: kept, named as the server names it, by pointer or
/// Tab and Enter.
fn other_ui(ui: &mut Ui, scene: &Scene<'_>, kind: &ActionKind, asks: &mut Vec<Ask>) {
    let id = format!("decide.{}", outside(kind.as_str()));
    let ask = Ask::Command(Command::Decide(kind.clone()));
    Control::plain(id, scene.action_name(kind)).show(ui, scene, ask, asks);
}

/// Why the whole picture is opened: one key.
fn reason_ui(ui: &mut Ui, scene: &Scene<'_>, asks: &mut Vec<Ask>) {
    let line = egui::RichText::new(scene.strings.text("reason-line")).size(TYPE[1]);
    polite(ui, "reason.line", line);
    ui.horizontal_wrapped(|ui| {
        let reasons = (1..=4).map(Act::Reason);
        for act in reasons.chain([Act::ReasonCancel]) {
            Control::of(scene, act).show(ui, scene, Ask::Act(act), asks);
        }
    });
}

pub(crate) fn confirm_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    confirm: &ConfirmView,
    asks: &mut Vec<Ask>,
) {
    let escalates = confirm.what == ConfirmWhat::Action(ActionKind::Escalate);
    let words = match &confirm.what {
        ConfirmWhat::Action(ActionKind::Escalate) => {
            let to = match confirm.to.as_str() {
                "lead" => scene.strings.text("to-lead"),
                "danger_to_life" => scene.strings.text("to-danger-to-life"),
                other => outside(other),
            };
            let priority = confirm.priority.into();
            scene.strings.with(
                "confirm-escalate",
                &[("to", to.into()), ("priority", priority)],
            )
        }
        ConfirmWhat::Action(action) => {
            let name = scene.action_name(action);
            scene
                .strings
                .with("confirm-action", &[("action", name.into())])
        }
        ConfirmWhat::Copies {
            action,
            count,
            of_author,
        } => {
            let values = [
                ("action", scene.action_name(action).into()),
                ("n", (*count).into()),
            ];
            let words = if *of_author {
                "confirm-of-author"
            } else {
                "confirm-copies"
            };
            scene.strings.with(words, &values)
        }
        ConfirmWhat::Aimed { contact } if contact.is_empty() => {
            scene.strings.text("confirm-aimed-no-contact")
        }
        ConfirmWhat::Aimed { contact } => {
            let contact = outside(contact);
            scene
                .strings
                .with("confirm-aimed", &[("contact", contact.into())])
        }
    };
    ui.horizontal_wrapped(|ui| {
        let line = egui::RichText::new(words).size(TYPE[1]);
        polite(ui, "confirm.line", line);
        if escalates {
            for priority in 1..=3 {
                let act = Act::Priority(priority);
                let control = Control::of(scene, act).selected(priority == confirm.priority);
                control.show(ui, scene, Ask::Act(act), asks);
            }
        }
        let accept = Control::of(scene, Act::Confirm).enabled(confirm.ready);
        accept.show(ui, scene, Ask::Act(Act::Confirm), asks);
        let cancel = Control::of(scene, Act::Cancel);
        cancel.show(ui, scene, Ask::Act(Act::Cancel), asks);
        if !confirm.ready {
            ui.label(scene.weak(scene.strings.text("confirm-wait")));
        }
    });
}
