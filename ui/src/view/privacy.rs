//! What leaves this computer and what does not, made from the table that the connector uses.

use egui::{Frame, RichText, ScrollArea, Stroke, Ui};
use scrim_wire::leaves::{HEADERS, TABLE};

use crate::asks::Ask;
use crate::control::Scene;
use crate::theme::{CORNER, TYPE, margin, space};

/// Widest column, in points: lines stay short enough to read.
const COLUMN: f32 = 760.0;

/// What stays, as keys of the catalogue.
pub(crate) const STAYS: &[&str] = &[
    "privacy-stays-day",
    "privacy-stays-checkins",
    "privacy-stays-breaks",
    "privacy-stays-settings",
    "privacy-stays-views",
    "privacy-stays-drafts",
    "privacy-stays-media",
    "privacy-stays-telemetry",
];

/// Draws the page.
pub(crate) fn privacy_ui(ui: &mut Ui, scene: &Scene<'_>, asks: &mut Vec<Ask>) {
    super::pages::heading(ui, scene, "privacy-title", asks);
    ui.label(scene.weak(scene.strings.text("privacy-body")));
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.set_max_width(COLUMN.min(ui.available_width()));
        ui.add_space(space::M);
        ui.label(scene.title(scene.strings.text("privacy-stays")));
        boxed(ui, scene, |ui| {
            for words in STAYS {
                ui.label(RichText::new(scene.strings.text(words)).size(TYPE[1]));
            }
        });
        ui.add_space(space::M);
        ui.label(scene.title(scene.strings.text("privacy-leaves")));
        for row in TABLE {
            boxed(ui, scene, |ui| {
                let words = scene.strings.text(&format!("privacy-{}", row.id));
                ui.label(RichText::new(words).size(TYPE[1]));
                let call = format!("{} {}", row.method, row.path.replace("{}", "…"));
                ui.label(scene.weak(call).monospace());
                if !row.fields.is_empty() {
                    let fields = row.fields.join(", ");
                    ui.label(
                        scene.weak(
                            scene
                                .strings
                                .with("privacy-fields", &[("fields", fields.into())]),
                        ),
                    );
                }
            });
        }
        boxed(ui, scene, |ui| {
            ui.label(RichText::new(scene.strings.text("privacy-headers")).size(TYPE[1]));
            ui.label(scene.weak(HEADERS.join(", ")).monospace());
        });
    });
}

fn boxed(ui: &mut Ui, scene: &Scene<'_>, add: impl FnOnce(&mut Ui)) {
    Frame::new()
        .fill(scene.palette.panel)
        .stroke(Stroke::new(1.0, scene.palette.rule))
        .corner_radius(CORNER)
        .inner_margin(margin(space::M, space::S))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = space::XS;
            add(ui);
        });
}
