//! Copies of what was decided, and other items of an author whom it is about: their screen, which has no picture, and the line of one that is open.

use egui::{RichText, Ui};
use scrim_model::hashes::Likeness;
use scrim_wire::window::{CopyView, EarlierView};

use crate::actions::Act;
use crate::asks::Ask;
use crate::control::{Control, Scene, outside, polite};
use crate::theme::TYPE;
use crate::view::kind_words;

/// Whether none of what is offered is a copy.
pub(crate) fn are_of_author(scene: &Scene<'_>) -> bool {
    let copies = scene.model.and_then(|model| model.copies.as_ref());
    copies.is_some_and(|copies| copies.exact == 0 && copies.near.is_empty())
}

/// What was decided, and how many copies there are of each kind.
pub(crate) fn lines(scene: &Scene<'_>) -> Vec<String> {
    let Some(copies) = scene.model.and_then(|model| model.copies.as_ref()) else {
        return Vec::new();
    };
    let mut lines = vec![decided(scene, &copies.of)];
    if copies.exact > 0 {
        let exact = scene
            .strings
            .count("copies-exact-count", copies.exact.into());
        lines.push(exact);
    }
    if !copies.near.is_empty() {
        let distances: Vec<String> = copies.near.iter().map(u32::to_string).collect();
        let values = [
            ("n", (copies.near.len() as u64).into()),
            ("distances", distances.join(", ").into()),
        ];
        lines.push(scene.strings.with("copies-near-count", &values));
    }
    if !copies.of_author.is_empty() {
        let count = copies.of_author.len() as u64;
        lines.push(scene.strings.count("of-author-count", count));
        lines.extend(copies.of_author.iter().map(|item| {
            let kind = scene.strings.text(kind_words(&item.kind));
            format!("{kind} · {}", outside(&item.label))
        }));
    }
    lines
}

fn decided(scene: &Scene<'_>, of: &EarlierView) -> String {
    let mut what = scene.action_name(&of.action);
    if !of.policy.is_empty() {
        what = format!("{what} · {}", outside(&of.policy));
    }
    let values = [
        ("what", what.into()),
        ("at", super::when(scene, of.at).into()),
    ];
    scene.strings.with("copies-of", &values)
}

/// What can be done with them, or what is asked in place.
pub(crate) fn controls_ui(ui: &mut Ui, scene: &Scene<'_>, asks: &mut Vec<Ask>) {
    let Some(model) = scene.model else { return };
    if let Some(confirm) = &model.confirm {
        super::decide::confirm_ui(ui, scene, confirm, asks);
        return;
    }
    let Some(copies) = &model.copies else { return };
    ui.horizontal_wrapped(|ui| {
        let mut show = |act, is_enabled| {
            let control = Control::of(scene, act).enabled(is_enabled);
            control.show(ui, scene, Ask::Act(act), asks);
        };
        if copies.exact > 0 {
            show(Act::CopiesExact, true);
        }
        if !copies.near.is_empty() {
            show(Act::CopiesNear, copies.near_ready);
        }
        if !copies.of_author.is_empty() {
            show(Act::CopiesAuthor, copies.near_ready);
        }
        show(Act::CopiesLook, true);
        show(Act::Undo, !model.held.is_empty());
        super::decide::held_ui(ui, scene);
    });
}

/// That the open item is a copy, of what, and what that offers.
pub(crate) fn open_ui(ui: &mut Ui, scene: &Scene<'_>, copy: &CopyView, asks: &mut Vec<Ask>) {
    let of = decided(scene, &copy.of);
    let words = match copy.likeness {
        Likeness::Exact => scene.strings.with("copy-exact", &[("of", of.into())]),
        Likeness::Near { distance } => {
            let values = [("of", of.into()), ("distance", distance.into())];
            scene.strings.with("copy-near", &values)
        }
    };
    polite(ui, "item.copy", RichText::new(words).size(TYPE[0]));
    ui.horizontal_wrapped(|ui| {
        for act in [Act::CopyApply, Act::CopyWrong] {
            Control::of(scene, act).show(ui, scene, Ask::Act(act), asks);
        }
    });
}
