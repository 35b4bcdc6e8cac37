//! Texts: masked as they come, with who and when. Never a link, never selectable.

use egui::{Frame, RichText, Stroke, Ui};
use scrim_model::text::MASK;
use scrim_wire::window::TextView;

use crate::control::{Scene, outside};
use crate::theme::{CORNER, TYPE, margin, space};
use crate::view::right_to_left;

/// A thread: the first speaker on the left, everyone else indented.
pub(crate) fn thread_ui(ui: &mut Ui, scene: &Scene<'_>, texts: &[TextView]) {
    let first = texts.first().map(|text| text.role.as_str());
    for text in texts {
        let is_message = text.role.starts_with("message");
        let indent = is_message && first != Some(text.role.as_str());
        ui.horizontal_top(|ui| {
            if indent {
                ui.add_space(space::L * 2.0);
            }
            ui.vertical(|ui| text_ui(ui, scene, text));
        });
    }
}

/// One text.
pub(crate) fn text_ui(ui: &mut Ui, scene: &Scene<'_>, text: &TextView) {
    let who = text.role.strip_prefix("message:").unwrap_or(&text.role);
    let mut line = outside(who);
    if !text.lang.is_empty() {
        line = format!("{line} · {}", outside(&text.lang));
    }
    if let Some(at) = text.at {
        line = format!("{line} · {}", super::when(at));
    }
    if text.flagged {
        line = format!("{line} · {}", scene.strings.text("message-flagged"));
    }
    Frame::new()
        .fill(scene.palette.panel)
        .stroke(Stroke::new(1.0, scene.palette.rule))
        .corner_radius(CORNER)
        .inner_margin(margin(space::S, space::XS))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = space::XS;
            ui.label(scene.weak(line));
            body_ui(ui, scene, &text.body, is_from_right(&text.lang));
        });
}

/// Words from outside, masks and all. `from_right`: what the language says, if the words do not.
pub(crate) fn body_ui(ui: &mut Ui, scene: &Scene<'_>, body: &str, from_right: bool) {
    let words = outside(body);
    let covered = words.contains(MASK);
    let response = if right_to_left::is_right_to_left(&words, from_right) {
        right_to_left::body_ui(ui, &words)
    } else {
        ui.label(RichText::new(&words).size(TYPE[1]))
    };
    // A reader that spells out hundreds of mask signs is of no use.
    if covered {
        let spoken = scene.strings.text("words-covered");
        ui.ctx()
            .accesskit_node_builder(response.id, |node| node.set_value(spoken));
    }
}

fn is_from_right(lang: &str) -> bool {
    let language = lang.split('-').next().unwrap_or(lang);
    matches!(
        language,
        "ar" | "he" | "fa" | "ur" | "ps" | "yi" | "dv" | "ku"
    )
}
