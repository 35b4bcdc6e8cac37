//! The search of the policy tree: a field, and one line for each policy that fits.

use egui::{TextEdit, Ui};
use scrim_wire::window::WindowModel;

use crate::actions::Act;
use crate::asks::Ask;
use crate::control::{Control, Scene, outside, polite};
use crate::limits::SEARCH_CHARS_MAX;
use crate::search::{Search, hits};
use crate::theme::space;

/// Identity of the search's text field.
pub(crate) fn search_id() -> egui::Id {
    egui::Id::unique("policy.search.field")
}

/// Draws the field and the hits in place of the tree.
pub(crate) fn search_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    model: &WindowModel,
    search: &mut Search,
    asks: &mut Vec<Ask>,
) {
    let name = scene.strings.text("search-title");
    let field = ui.add(
        TextEdit::singleline(&mut search.typed)
            .id(search_id())
            .desired_width(f32::INFINITY)
            .char_limit(SEARCH_CHARS_MAX)
            .align(egui::Align2::LEFT_CENTER)
            .hint_text(scene.strings.text("search-hint")),
    );
    ui.ctx().accesskit_node_builder(field.id, |node| {
        node.set_label(name);
        node.set_author_id("policy.search.field");
    });
    if std::mem::take(&mut search.wants_focus) {
        field.request_focus();
        field.scroll_to_me(None);
    }
    if field.changed() {
        search.at = 0;
    }
    let hits = hits(&model.policies, &search.typed);
    let words = scene.strings.count("search-count", hits.len() as u64);
    polite(ui, "policy.search.count", scene.weak(words));
    for (place, hit) in hits.iter().enumerate() {
        let path: Vec<_> = hit.path.iter().map(|name| outside(name)).collect();
        let digits: Vec<_> = hit.digits.iter().map(u8::to_string).collect();
        let mut control = Control::plain(format!("policy.hit.{place}"), path.join(" › "))
            .selected(place == search.at)
            .wide(ui.available_width());
        if !digits.is_empty() {
            control = control.keyed(digits.join(" "), true);
        }
        control.show(ui, scene, Ask::ChoosePolicy(hit.id.clone()), asks);
        let severity = scene.strings.count("policy-severity", hit.severity.into());
        let mut line = severity;
        if !hit.text.is_empty() {
            line = format!("{line} · {}", outside(&hit.text));
        }
        ui.label(scene.weak(line));
        ui.add_space(space::XS);
    }
    ui.horizontal_wrapped(|ui| {
        let close = Control::of(scene, Act::SearchClose);
        close.show(ui, scene, Ask::Act(Act::SearchClose), asks);
    });
    ui.add_space(space::XS);
}
