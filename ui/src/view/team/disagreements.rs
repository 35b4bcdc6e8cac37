//! Decisions on one item that differ, side by side with their reasons.

use egui::{RichText, Ui};
use scrim_wire::window::{Disagreement, MaskedWords, TeamRecord, TeamView};

use super::explained_ui;
use super::records::{decided, facts, review_words};
use crate::control::{Control, Scene, outside, polite};
use crate::limits::TEAM_DISAGREEMENTS_PAGE;
use crate::team_page::TeamPage;
use crate::theme::{TYPE, space};
use crate::view::conflicts::reference;
use crate::view::drawn_words::Drawn;
use crate::view::{notices, right_to_left};

/// Draws a page of the list.
pub(super) fn disagreements_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    view: &TeamView,
    page: &mut TeamPage,
) {
    explained_ui(ui, scene, "team-disagreements-explained");
    if view.disagreements.is_empty() {
        ui.label(scene.strings.text("team-disagreements-none"));
        return;
    }
    let first = page.disagreements_from.min(view.disagreements.len() - 1);
    let last = (first + TEAM_DISAGREEMENTS_PAGE).min(view.disagreements.len());
    for disagreement in &view.disagreements[first..last] {
        notices::boxed(ui, scene, false, |ui| pair_ui(ui, scene, disagreement));
    }
    let numbers = [
        ("from", (first as u64 + 1).into()),
        ("to", (last as u64).into()),
        ("total", (view.disagreements.len() as u64).into()),
    ];
    ui.horizontal_wrapped(|ui| {
        let words = scene.strings.with("team-records-page", &numbers);
        polite(ui, "team.disagreements.page", scene.weak(words));
        let name = scene.strings.text("team-page-before");
        let before = Control::plain("team.disagreements.before", name).enabled(first > 0);
        if before.respond(ui, scene).clicked() {
            page.disagreements_from = first.saturating_sub(TEAM_DISAGREEMENTS_PAGE);
        }
        let name = scene.strings.text("team-page-after");
        let is_more = last < view.disagreements.len();
        let after = Control::plain("team.disagreements.after", name).enabled(is_more);
        if after.respond(ui, scene).clicked() {
            page.disagreements_from = last;
        }
    });
}

fn pair_ui(ui: &mut Ui, scene: &Scene<'_>, disagreement: &Disagreement) {
    let item = reference(disagreement.first.item_id.as_str());
    let words = scene.strings.with("team-item", &[("id", item.into())]);
    ui.label(scene.weak(words));
    ui.columns(2, |sides| {
        let [left, right] = sides else { return };
        let (first, second) = (&disagreement.first, &disagreement.second);
        // A column of its own would stretch the words over its whole width.
        left.vertical(|ui| side_ui(ui, scene, first, &disagreement.first_reason));
        right.vertical(|ui| side_ui(ui, scene, second, &disagreement.second_reason));
    });
}

fn side_ui(ui: &mut Ui, scene: &Scene<'_>, record: &TeamRecord, reason: &str) {
    ui.spacing_mut().item_spacing.y = space::XS;
    ui.label(scene.title(review_words(scene, &record.review)));
    ui.label(RichText::new(decided(scene, record)).size(TYPE[1]));
    if reason.trim().is_empty() {
        ui.label(scene.weak(scene.strings.text("team-reason-none")));
    } else {
        reason_ui(ui, reason);
    }
    ui.label(scene.weak(facts(scene, record, None)));
}

/// Words of a colleague, from whichever side they run.
fn reason_ui(ui: &mut Ui, reason: &str) {
    if !right_to_left::is_right_to_left(reason, false) {
        ui.label(outside(reason));
        return;
    }
    let words = MaskedWords {
        body: reason.to_owned(),
        ..MaskedWords::default()
    };
    right_to_left::body_ui(ui, &Drawn::of(&words));
}
