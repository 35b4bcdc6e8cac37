//! Marks: outlines on a picture, the line while one is being made, and the list.

use egui::{Align2, FontId, Pos2, Rect, RichText, Stroke, StrokeKind, Ui, pos2, vec2};
use scrim_model::mark::{Mark, Region, WHOLE};
use scrim_wire::window::{Command, ItemView, WindowModel};

use crate::actions::Act;
use crate::asks::Ask;
use crate::control::{Control, Scene, polite};
use crate::marking::{Marking, run_of};
use crate::theme::{FOCUS_RING, TYPE};

/// The outlines of medium `n`'s regions on `rect`, which shows the part `uv` of the picture.
pub(crate) fn outlines(ui: &Ui, scene: &Scene<'_>, n: u32, rect: Rect, uv: Rect) {
    let painter = ui.painter_at(rect);
    let marks = scene.model.map_or(&[][..], |model| &model.draft.marks);
    let numbered = marks.iter().zip(1_u32..);
    for (mark, number) in numbered {
        if let Mark::Region(region) = mark
            && region.medium == n
        {
            let at = placed(region, rect, uv);
            // Two lines, light on dark: seen on every picture.
            let dark = Stroke::new(3.0, scene.palette.ground);
            painter.rect_stroke(at, 0.0, dark, StrokeKind::Middle);
            let light = Stroke::new(1.0, scene.palette.text);
            painter.rect_stroke(at, 0.0, light, StrokeKind::Middle);
            let tag = Rect::from_min_size(at.min, vec2(20.0, 20.0));
            painter.rect_filled(tag, 0.0, scene.palette.ground);
            let font = FontId::proportional(TYPE[0]);
            let ink = scene.palette.text;
            painter.text(tag.center(), Align2::CENTER_CENTER, number, font, ink);
        }
    }
    if let Some(Marking::Region(region)) = scene.marking
        && region.medium == n
    {
        let at = placed(&region, rect, uv);
        let dark = Stroke::new(FOCUS_RING + 3.0, scene.palette.ground);
        painter.rect_stroke(at, 0.0, dark, StrokeKind::Middle);
        let ring = Stroke::new(FOCUS_RING + 1.0, scene.palette.accent);
        painter.rect_stroke(at, 0.0, ring, StrokeKind::Middle);
    }
}

fn placed(region: &Region, rect: Rect, uv: Rect) -> Rect {
    let at = |x: u32, y: u32| {
        let share = pos2(x as f32 / WHOLE as f32, y as f32 / WHOLE as f32);
        rect.min + (share - uv.min) / uv.size() * rect.size()
    };
    Rect::from_min_max(
        at(region.x, region.y),
        at(region.x + region.width, region.y + region.height),
    )
}

/// A region drawn with the pointer, if one is being made on medium `n`.
pub(crate) fn drag(
    ui: &Ui,
    scene: &Scene<'_>,
    response: &egui::Response,
    n: u32,
    (rect, uv): (Rect, Rect),
    asks: &mut Vec<Ask>,
) {
    let is_here = matches!(scene.marking, Some(Marking::Region(region)) if region.medium == n);
    if !is_here || !response.dragged() {
        return;
    }
    let (from, to) = ui.input(|input| (input.pointer.press_origin(), input.pointer.interact_pos()));
    let share = |at: Pos2| {
        let share = uv.min + (at - rect.min) / rect.size() * uv.size();
        let whole = |share: f32| (share.clamp(0.0, 1.0) * WHOLE as f32) as u32;
        (whole(share.x), whole(share.y))
    };
    if let (Some(from), Some(to)) = (from, to) {
        asks.push(Ask::MarkDrawn(Region::between(n, share(from), share(to))));
    }
}

/// What the keys do while a mark is being made; stands where decisions do, which wait.
pub(crate) fn marking_ui(ui: &mut Ui, scene: &Scene<'_>, marking: Marking, asks: &mut Vec<Ask>) {
    let words = match marking {
        Marking::Region(_) => "marking-region",
        Marking::Texts { .. } => "marking-texts",
    };
    ui.horizontal_wrapped(|ui| {
        let line = RichText::new(scene.strings.text(words)).size(TYPE[1]);
        polite(ui, "mark.state", line);
        for act in [Act::MarkKeep, Act::MarkDrop] {
            Control::of(scene, act).show(ui, scene, Ask::Act(act), asks);
        }
    });
}

/// The marks that are kept, each with a button to take it away.
pub(crate) fn list_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    model: &WindowModel,
    item: &ItemView,
    asks: &mut Vec<Ask>,
) {
    let marks = &model.draft.marks;
    let title = scene.strings.count("marks-title", marks.len() as u64);
    ui.label(scene.title(title));
    for (mark, n) in marks.iter().zip(0_u32..) {
        ui.horizontal_wrapped(|ui| {
            let remove = Control::plain(
                format!("mark.remove.{n}"),
                scene.strings.count("mark-remove", u64::from(n) + 1),
            );
            remove.show(ui, scene, Ask::Command(Command::Unmark(n)), asks);
            ui.label(line_of(scene, item, mark));
        });
    }
}

fn line_of(scene: &Scene<'_>, item: &ItemView, mark: &Mark) -> String {
    match mark {
        Mark::Region(region) => {
            let percent = |part: u32| (u64::from(part) * 100 + 500_000) / u64::from(WHOLE);
            let values = [
                ("n", (u64::from(region.medium) + 1).into()),
                ("width", percent(region.width).into()),
                ("height", percent(region.height).into()),
            ];
            scene.strings.with("mark-region", &values)
        }
        Mark::Texts { first, last } => {
            let (from, to) = run_of(item, first, last).unwrap_or_default();
            let (from, to) = (u64::from(from) + 1, u64::from(to) + 1);
            if from == to {
                return scene.strings.count("mark-text", from);
            }
            let values = [("from", from.into()), ("to", to.into())];
            scene.strings.with("mark-texts", &values)
        }
    }
}

/// Whether text `n` is in a kept mark or in the one that is being made.
pub(crate) fn has_text(scene: &Scene<'_>, n: u32) -> bool {
    let Some(model) = scene.model else {
        return false;
    };
    let is_kept = |mark: &Mark| match (mark, &model.item) {
        (Mark::Texts { first, last }, Some(item)) => {
            run_of(item, first, last).is_some_and(|(from, to)| (from..=to).contains(&n))
        }
        _ => false,
    };
    scene.marking.is_some_and(|marking| marking.has_text(n))
        || model.draft.marks.iter().any(is_kept)
}
