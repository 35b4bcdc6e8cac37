//! Practice: items whose answer is known.

use egui::Ui;

use crate::control::Scene;

/// That some items can be practice, if the server says so. On the help page and where a shift begins or rests.
pub(super) fn practice_ui(ui: &mut Ui, scene: &Scene<'_>) {
    if scene.model.is_some_and(|model| model.practice) {
        let words = scene.weak(scene.strings.text("practice-told"));
        let line = ui.label(words);
        ui.ctx()
            .accesskit_node_builder(line.id, |node| node.set_author_id("practice.told"));
    }
}
