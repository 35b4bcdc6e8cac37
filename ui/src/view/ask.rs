//! Asking somebody about the open item, and handing it over. The item itself is not drawn.

use egui::{ScrollArea, TextEdit, Ui};
use scrim_model::Role;
use scrim_wire::limits::CONSULT_CHARS_MAX;

use crate::asks::Ask;
use crate::control::{Control, Scene, outside};
use crate::theme::space;

/// Widest column, in points: lines stay short enough to read.
const COLUMN: f32 = 560.0;

/// Identity of the question's text field.
pub(crate) fn field_id() -> egui::Id {
    egui::Id::unique("ask.field")
}

/// What people are told a role is called.
pub(crate) fn role_name(scene: &Scene<'_>, role: &Role) -> String {
    match role {
        Role::Lead => scene.strings.text("role-lead"),
        Role::Moderator => scene.strings.text("role-colleague"),
        other => outside(other.as_str()),
    }
}

pub(crate) fn ask_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    (question, wants_focus): (&mut String, bool),
    asks: &mut Vec<Ask>,
) {
    super::pages::heading(ui, scene, "ask-title", asks);
    let item = scene.model.and_then(|model| model.item.as_ref());
    let Some(item) = item else { return };
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.set_max_width(COLUMN.min(ui.available_width()));
        ui.label(scene.weak(outside(&item.label)));
        ui.label(scene.weak(scene.strings.text(if item.can_ask {
            "ask-body"
        } else {
            "ask-unknown"
        })));
        ui.add_space(space::S);
        field_ui(ui, scene, question, wants_focus);
        let is_written = !question.trim().is_empty() && item.can_ask;
        ui.horizontal_wrapped(|ui| {
            for (id, words, to) in [
                ("ask.colleague", "ask-colleague", Role::Moderator),
                ("ask.lead", "ask-lead", Role::Lead),
            ] {
                Control::plain(id, scene.strings.text(words))
                    .enabled(is_written)
                    .show(ui, scene, Ask::Question(to), asks);
            }
        });
        ui.add_space(space::M);
        ui.label(scene.title(scene.strings.text("ask-over-title")));
        ui.label(scene.weak(scene.strings.text("ask-over-body")));
        let over = Control::plain("ask.hand_over", scene.strings.text("ask-over"));
        over.show(ui, scene, Ask::HandOver, asks);
    });
}

fn field_ui(ui: &mut Ui, scene: &Scene<'_>, question: &mut String, wants_focus: bool) {
    let name = scene.strings.text("ask-field");
    ui.label(scene.title(name.clone()));
    let field = TextEdit::multiline(question)
        .id(field_id())
        .desired_rows(3)
        .desired_width(f32::INFINITY)
        .char_limit(CONSULT_CHARS_MAX)
        .hint_text(scene.strings.text("ask-hint"));
    let response = ui.add(field);
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_label(name);
        node.set_author_id("ask.field");
    });
    if wants_focus {
        response.request_focus();
    }
}
