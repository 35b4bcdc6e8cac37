//! The controls of a look, and how many rows they take.

use egui::Ui;

use crate::actions::Act;
use crate::control::{Control, Scene};
use crate::theme::Room;

/// The ways to look.
const LOOKS: [Act; 4] = [Act::Look, Act::Full, Act::Soft, Act::Colour];
/// What changes a cover.
const STEPS: [Act; 3] = [Act::Weaker, Act::Stronger, Act::ZoomIn];

/// Rows that the controls of a look take where they stand.
pub(super) fn look_rows(ui: &Ui, scene: &Scene<'_>) -> f32 {
    match Room::around(ui) {
        Room::Wide => rows(ui, scene, &[&LOOKS[..], &STEPS].concat(), &[]),
        Room::Tight if are_long(ui, scene) => {
            rows(ui, scene, &LOOKS, &LOOKS[2..]) + rows(ui, scene, &STEPS, &STEPS)
        }
        Room::Tight => 1.0 + rows(ui, scene, &STEPS, &STEPS),
    }
}

/// Whether the ways to look are too long for one row where there is little room; then the last two show their keys alone.
pub(super) fn are_long(ui: &Ui, scene: &Scene<'_>) -> bool {
    Room::around(ui) == Room::Tight && rows(ui, scene, &LOOKS, &[]) > 1.0
}

/// Rows that the controls of `acts` take, those of `brief` as short as may be.
fn rows(ui: &Ui, scene: &Scene<'_>, acts: &[Act], brief: &[Act]) -> f32 {
    let (mut rows, mut at) = (1.0, 0.0);
    for act in acts {
        let mut control = Control::of(scene, *act);
        if brief.contains(act) {
            control = control.brief();
        }
        let width = control.width(ui, scene);
        if at > 0.0 && at + width > ui.available_width() {
            (rows, at) = (rows + 1.0, 0.0);
        }
        at += width + ui.spacing().item_spacing.x;
    }
    rows
}
