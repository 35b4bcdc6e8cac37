//! The strip of an item with several media: small covered pictures, what was found of each, and the words.

use egui::accesskit::Role;
use egui::{Align2, FontId, Rect, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2};
use scrim_model::MediumKey;
use scrim_model::view::Part;
use scrim_wire::window::{Command, ItemView, MediumState};

use crate::actions::Act;
use crate::asks::Ask;
use crate::control::{Control, Scene, outside};
use crate::films;
use crate::limits::STRIP_MAX;
use crate::picture;
use crate::theme::{CORNER, FOCUS_RING, Room, TYPE, space};

/// Size of one picture, in points; where there is little room.
const SIZE: [Vec2; 2] = [vec2(50.0, 40.0), vec2(44.0, 32.0)];

/// Height of the strip with its space, in points.
pub(crate) fn height(room: Room) -> f32 {
    room.pick(SIZE[0], SIZE[1]).y + space::S + 4.0
}

/// Draws it, with the keys that step through it.
pub(crate) fn strip_ui(ui: &mut Ui, scene: &Scene<'_>, item: &ItemView, asks: &mut Vec<Ask>) {
    let room = Room::around(ui);
    let size = room.pick(SIZE[0], SIZE[1]);
    let at = item.parts.iter().position(|part| *part == item.selected);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        let (previous, ask) = step_control(scene, item, -1);
        previous.bare().show(ui, scene, ask, asks);
        // Room for the words and the other key is kept.
        let fit = (ui.available_width() - KEPT) / (size.x + space::XS);
        let fit = (fit.max(1.0) as usize).min(STRIP_MAX);
        let media = item.media.len();
        let first = at.unwrap_or(0).saturating_sub(fit / 2);
        let first = first.min(media.saturating_sub(fit));
        for n in (first..media).take(fit) {
            thumb_ui(
                ui,
                scene,
                (item, u32::try_from(n).unwrap_or(u32::MAX)),
                size,
                asks,
            );
        }
        if item.parts.contains(&Part::Words) {
            let words = Control::plain("part.words".to_owned(), scene.strings.text("part-words"))
                .selected(item.selected == Part::Words);
            words.show(ui, scene, Ask::Command(Command::Select(Part::Words)), asks);
        }
        let (next, ask) = step_control(scene, item, 1);
        next.bare().show(ui, scene, ask, asks);
    });
}

/// What goes to the part before (-1) or after (1). On a still its key is for single frames and only a click goes there.
pub(super) fn step_control(scene: &Scene<'_>, item: &ItemView, by: isize) -> (Control, Ask) {
    let act = match by {
        ..0 => Act::PartPrevious,
        _ => Act::PartNext,
    };
    let control = Control::of(scene, act);
    match films::part_beside(item, by) {
        None => (control.enabled(false), Ask::Act(act)),
        Some(part) if films::is_on_still(item) => {
            let key = scene.key(act).unwrap_or_default();
            (
                control.keyed(key, false),
                Ask::Command(Command::Select(part)),
            )
        }
        Some(_) => (control, Ask::Act(act)),
    }
}

/// Width of the controls behind the pictures, in points.
const KEPT: f32 = 130.0;

fn thumb_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    (item, n): (&ItemView, u32),
    size: Vec2,
    asks: &mut Vec<Ask>,
) {
    let (_, rect) = ui.allocate_space(size);
    let id = ui.make_persistent_id(("strip", n));
    let response = ui.interact(rect, id, Sense::click());
    let is_selected = item.selected == Part::Medium(n);
    let painter = ui.painter_at(rect.expand(3.0));
    painter.rect_filled(rect, CORNER, scene.palette.medium);
    let inner = rect.shrink(2.0);
    let medium = MediumKey {
        item: item.id.clone(),
        n,
    };
    let cover = scene.pictures.cover(&films::cover_key(item, &medium));
    let state = item.media.get(n as usize);
    match (cover, state) {
        (Some(texture), Some(MediumState::Covered { width, height, .. })) => {
            let frame = vec2(*width as f32, *height as f32);
            let shape = films::shape(films::film_of(item, n), frame);
            let uv = middle(shape, inner.size());
            picture::paint_cover(&painter, texture, inner, uv);
        }
        (_, Some(MediumState::Rejected { .. })) => {
            sign(&painter, inner, "×", scene);
        }
        (_, Some(MediumState::Sound)) => sign(&painter, inner, "♪", scene),
        _ => sign(&painter, inner, "…", scene),
    }
    let judged = judged(scene, n);
    let line = match is_selected {
        true => Stroke::new(3.0, scene.palette.accent),
        false => Stroke::new(1.0, scene.palette.line),
    };
    painter.rect_stroke(rect, CORNER, line, StrokeKind::Inside);
    number(&painter, inner, n, judged.is_some(), scene);
    if response.has_focus() {
        let ring = Stroke::new(FOCUS_RING, scene.palette.accent);
        ui.painter()
            .rect_stroke(rect.expand(2.0), CORNER + 2, ring, StrokeKind::Outside);
    }
    let said = said(scene, item, n, judged.as_deref());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_selected, &said));
    ui.ctx()
        .accesskit_node_builder(id, |node| node.set_author_id(format!("part.{n}")));
    if response.on_hover_text(said).clicked() {
        asks.push(Ask::Command(Command::Select(Part::Medium(n))));
    }
}

/// The number of a medium in the corner, with a tick once it was judged.
fn number(painter: &egui::Painter, inner: Rect, n: u32, is_judged: bool, scene: &Scene<'_>) {
    let words = (n + 1).to_string();
    let galley = painter.layout_no_wrap(words, FontId::proportional(11.0), scene.palette.text);
    let tick = if is_judged { 12.0 } else { 0.0 };
    let size = galley.size() + vec2(6.0 + tick, 2.0);
    let ground = Rect::from_min_size(pos2(inner.left(), inner.bottom() - size.y), size);
    painter.rect_filled(ground, 3.0, scene.palette.panel);
    if is_judged {
        let at = pos2(ground.right() - tick + 1.0, ground.center().y);
        let points = [vec2(0.0, 0.0), vec2(3.0, 3.0), vec2(8.0, -4.0)];
        let line = Stroke::new(1.5, scene.palette.text);
        painter.line(points.map(|point| at + point).to_vec(), line);
    }
    painter.galley(ground.min + vec2(3.0, 1.0), galley, scene.palette.text);
}

fn sign(painter: &egui::Painter, inner: Rect, words: &str, scene: &Scene<'_>) {
    let font = FontId::proportional(TYPE[1]);
    let at = inner.center();
    painter.text(at, Align2::CENTER_CENTER, words, font, scene.palette.weak);
}

/// Name of the policy that was chosen for medium `n`.
fn judged(scene: &Scene<'_>, n: u32) -> Option<String> {
    let model = scene.model?;
    let (_, id) = model.draft.media.iter().find(|(of, _)| *of == n)?;
    Some(
        model
            .policies
            .get(id)
            .map_or_else(String::new, |policy| outside(&policy.name)),
    )
}

fn said(scene: &Scene<'_>, item: &ItemView, n: u32, judged: Option<&str>) -> String {
    let values = [
        ("n", (u64::from(n) + 1).into()),
        ("of", (item.media.len() as u64).into()),
    ];
    let name = scene.strings.with(films::part_words(item, n), &values);
    let state = match item.media.get(n as usize) {
        Some(MediumState::Covered { .. }) => "strip-covered",
        Some(MediumState::Sound) => "strip-sound",
        Some(MediumState::Rejected { .. }) => "strip-rejected",
        Some(MediumState::NotLoaded) => "strip-not-loaded",
        _ => "strip-loading",
    };
    let state = scene.strings.text(state);
    match judged {
        Some(policy) => format!("{name}, {state}, {policy}"),
        None => format!("{name}, {state}"),
    }
}

/// The middle of a picture in the shape of `room`.
fn middle(source: Vec2, room: Vec2) -> Rect {
    let source = source.max(Vec2::splat(1.0));
    let scale = (room.x / source.x).max(room.y / source.y);
    let part = (room / (source * scale)).min(Vec2::splat(1.0));
    Rect::from_center_size(pos2(0.5, 0.5), part)
}
