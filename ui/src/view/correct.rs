//! Correcting a decision that was sent: what it was, what it becomes. No media, no words of the item.

use egui::{ScrollArea, TextEdit, Ui};
use scrim_model::PolicyNode;
use scrim_model::limits::NOTE_CHARS_MAX;
use scrim_wire::window::{Command, Correct, CorrectionNeeds, CorrectionView, WindowModel};

use crate::asks::Ask;
use crate::control::{Control, Scene, outside, polite};
use crate::theme::space;

/// Widest column of controls, in points: lines stay short enough to read.
const COLUMN: f32 = 560.0;

/// Identity of the note's text field.
pub(crate) fn note_id() -> egui::Id {
    egui::Id::unique("correct.note.field")
}

pub(crate) fn correct_ui(ui: &mut Ui, scene: &Scene<'_>, note: &mut String, asks: &mut Vec<Ask>) {
    let Some(model) = scene.model else { return };
    let Some(correction) = &model.correction else {
        return;
    };
    let words = Words::of(model, correction);
    super::pages::heading(ui, scene, words.title, asks);
    let policy = outside(&correction.was_policy);
    let facts = [
        scene.action_name(&correction.was),
        policy,
        super::when(scene, correction.at),
    ];
    let facts: Vec<_> = facts.into_iter().filter(|fact| !fact.is_empty()).collect();
    let was = facts.join(" · ");
    ui.label(scene.strings.with("correct-was", &[("was", was.into())]));
    ui.label(scene.weak(scene.strings.text(words.body)));
    // Outside what scrolls, so that the last step is always in sight.
    record_ui(ui, scene, correction, &words, asks);
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.set_max_width(COLUMN.min(ui.available_width()));
        ui.spacing_mut().item_spacing.y = space::XS;
        ui.add_space(space::S);
        actions_ui(ui, scene, correction, asks);
        ui.add_space(space::S);
        policies_ui(ui, scene, model, correction, asks);
        ui.add_space(space::S);
        note_ui(ui, scene, note, asks);
    });
}

/// What the page calls itself and its last step.
struct Words {
    title: &'static str,
    body: &'static str,
    record: &'static str,
}

impl Words {
    fn of(model: &WindowModel, correction: &CorrectionView) -> Self {
        let is_refused = model.conflicts.iter().any(|conflict| {
            conflict.decision() == Some(&correction.decision_id) && conflict.can_decide_anew()
        });
        if is_refused {
            Self {
                title: "anew-title",
                body: "anew-body",
                record: "anew-record",
            }
        } else {
            Self {
                title: "correct-title",
                body: "correct-body",
                record: "correct-record",
            }
        }
    }
}

fn ask(what: Correct) -> Ask {
    Ask::Command(Command::Correct(what))
}

fn actions_ui(ui: &mut Ui, scene: &Scene<'_>, correction: &CorrectionView, asks: &mut Vec<Ask>) {
    ui.label(scene.title(scene.strings.text("correct-action")));
    ui.horizontal_wrapped(|ui| {
        for kind in &correction.allowed {
            let id = format!("correct.action.{}", outside(kind.as_str()));
            Control::plain(id, scene.action_name(kind))
                .selected(correction.action.as_ref() == Some(kind))
                .show(ui, scene, ask(Correct::Action(kind.clone())), asks);
        }
    });
}

fn policies_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    model: &WindowModel,
    correction: &CorrectionView,
    asks: &mut Vec<Ask>,
) {
    let (tree, draft) = (&model.policies, &correction.draft);
    let version = scene.strings.count("policy-version", tree.version);
    let title = scene.strings.text("policy-title");
    ui.label(scene.title(format!("{title} · {version}")));
    let chosen = draft.chosen.as_ref().and_then(|id| tree.get(id));
    let chosen_parent = chosen.and_then(|policy| policy.parent.as_ref());
    for policy in tree.children(None) {
        policy_ui(ui, scene, policy, correction, asks);
        let is_open = [draft.parent.as_ref(), chosen_parent].contains(&Some(&policy.id));
        for child in tree
            .children(Some(&policy.id))
            .into_iter()
            .filter(|_| is_open)
        {
            ui.horizontal(|ui| {
                ui.add_space(space::M);
                policy_ui(ui, scene, child, correction, asks);
            });
        }
    }
    ui.horizontal_wrapped(|ui| {
        Control::plain("correct.unsure", scene.strings.text("correct-unsure"))
            .selected(draft.unsure)
            .show(ui, scene, ask(Correct::Unsure), asks);
        Control::plain("correct.policy.none", scene.strings.text("correct-back"))
            .enabled(draft.chosen.is_some())
            .show(ui, scene, ask(Correct::NoPolicy), asks);
    });
}

fn policy_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    policy: &PolicyNode,
    correction: &CorrectionView,
    asks: &mut Vec<Ask>,
) {
    let id = format!("correct.policy.{}", policy.id);
    Control::plain(id, outside(&policy.name))
        .selected(correction.draft.chosen.as_ref() == Some(&policy.id))
        .wide(ui.available_width())
        .show(ui, scene, ask(Correct::Policy(policy.id.clone())), asks);
}

fn note_ui(ui: &mut Ui, scene: &Scene<'_>, note: &mut String, asks: &mut Vec<Ask>) {
    let name = scene.strings.text("note-title");
    ui.label(scene.title(name.clone()));
    let field = TextEdit::multiline(note)
        .id(note_id())
        .desired_rows(2)
        .desired_width(f32::INFINITY)
        .char_limit(NOTE_CHARS_MAX);
    let response = ui.add(field);
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_label(name);
        node.set_author_id("correct.note.field");
    });
    if response.changed() {
        asks.push(ask(Correct::Note(note.clone())));
    }
}

fn record_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    correction: &CorrectionView,
    words: &Words,
    asks: &mut Vec<Ask>,
) {
    ui.horizontal_wrapped(|ui| {
        Control::plain("correct.record", scene.strings.text(words.record))
            .enabled(correction.ready)
            .show(ui, scene, ask(Correct::Record), asks);
        let words = match correction.needs {
            Some(CorrectionNeeds::Action) => "correct-needs-action",
            Some(CorrectionNeeds::Policy) => "correct-needs-policy",
            Some(CorrectionNeeds::Note) => "correct-needs-note",
            None => return,
        };
        polite(ui, "correct.needs", scene.weak(scene.strings.text(words)));
    });
}
