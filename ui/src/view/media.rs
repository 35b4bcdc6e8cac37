//! One medium: its cover, the lens or the whole picture while it is looked at, or why there is
//! nothing to look at.

use egui::accesskit::Role;
use egui::{
    Align2, FontId, Pos2, Rect, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2,
};
use scrim_model::MediumKey;
use scrim_model::area::{Area, Frame, Lens};
use scrim_model::view::RevealMode;
use scrim_wire::window::{ItemView, MediumState};

use crate::actions::Act;
use crate::asks::Ask;
use crate::control::{Control, Scene, outside};
use crate::films;
use crate::marking::Marking;
use crate::picture;
use crate::theme::{Room, TYPE, space};
use crate::view::film;

/// Height of a row of controls with its space, in points; where there is little room.
const ROW: [f32; 2] = [44.0, 32.0];
/// Height of the line that says how it is covered.
const LINE: [f32; 2] = [28.0, 20.0];
/// Height kept free for an item's texts, so that they can be seen to be there.
const TEXTS: [f32; 2] = [120.0, 56.0];
/// Rows that a film's time line and controls take.
const FILM_ROWS: f32 = 2.0;
/// Smallest side of the box, in points.
const SIDE_MIN: f32 = 96.0;

/// Draws medium `n`. Whether clear pixels are in the frame.
pub(crate) fn medium_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    item: &ItemView,
    n: u32,
    asks: &mut Vec<Ask>,
) -> bool {
    let source = match item.media.get(n as usize) {
        Some(MediumState::Covered { width, height, .. }) => {
            films::shape(films::film_of(item, n), vec2(*width as f32, *height as f32))
        }
        _ => vec2(16.0, 9.0),
    };
    let look_rows = super::look_rows::look_rows(ui, scene);
    let below = below(item, n, look_rows, Room::around(ui));
    let size = fitted(ui, scene, source, below);
    let room = vec2(ui.available_width(), size.y);
    let (outer, _) = ui.allocate_exact_size(room, Sense::hover());
    let rect = Rect::from_center_size(outer.center(), size);
    let id = ui.make_persistent_id(("medium", n));
    let draws = matches!(scene.marking, Some(Marking::Region(region)) if region.medium == n);
    let sense = if draws { Sense::DRAG } else { Sense::hover() };
    let response = ui.interact(rect, id, sense);
    ui.painter().rect_filled(rect, 0.0, scene.palette.medium);
    let key = MediumKey {
        item: item.id.clone(),
        n,
    };
    let is_clear = match item.media.get(n as usize) {
        Some(MediumState::Covered { .. })
            if films::is_sheet(item, n) && !scene.playing.player.holds(&key) =>
        {
            film::sheet_ui(ui, scene, item, &key, rect, asks);
            false
        }
        Some(MediumState::Sound) => {
            if let Some(film) = films::film_of(item, n) {
                film::waveform_ui(ui, scene, film, rect);
            }
            false
        }
        Some(MediumState::Covered { .. }) => {
            let is_clear = picture_ui(ui, scene, item, &key, rect, asks);
            let uv = zoomed(scene.lens, scene.zoom);
            super::marks::outlines(ui, scene, n, rect, uv);
            super::marks::drag(ui, scene, &response, n, (rect, uv), asks);
            is_clear
        }
        state => {
            placeholder(ui, scene, rect, &state_words(scene, state));
            false
        }
    };
    let line = Stroke::new(1.0, scene.palette.rule);
    ui.painter()
        .rect_stroke(rect, 0.0, line, StrokeKind::Outside);
    let spoken = spoken(scene, item, n, is_clear);
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &spoken));
    ui.ctx()
        .accesskit_node_builder(id, |node| node.set_author_id(format!("medium.{n}")));
    if can_retry(item.media.get(n as usize)) {
        let retry = Control::of(scene, Act::MediumRetry);
        retry.show(ui, scene, Ask::Act(Act::MediumRetry), asks);
    }
    is_clear
}

/// What a screen reader says of medium `n`: where nothing can be shown, the reason that is drawn there.
fn spoken(scene: &Scene<'_>, item: &ItemView, n: u32, is_clear: bool) -> String {
    let mut values = vec![
        ("n", (u64::from(n) + 1).into()),
        ("of", (item.media.len() as u64).into()),
    ];
    let name = match item.media.get(n as usize) {
        _ if is_clear => "medium-open",
        Some(MediumState::Covered { .. }) if films::is_sheet(item, n) => "medium-sheet",
        Some(MediumState::Covered { .. }) => "medium-covered",
        Some(MediumState::Sound) => "medium-sound",
        state => {
            values.push(("words", state_words(scene, state).into()));
            "medium-absent"
        }
    };
    scene.strings.with(name, &values)
}

fn can_retry(state: Option<&MediumState>) -> bool {
    matches!(
        state,
        Some(MediumState::NotLoaded | MediumState::Unavailable | MediumState::Rejected { .. })
    )
}

/// Height that belongs to what comes below the medium.
fn below(item: &ItemView, n: u32, look_rows: f32, room: Room) -> f32 {
    let of = |[wide, tight]: [f32; 2]| room.pick(wide, tight);
    let mut height = of(LINE) + of(ROW) * look_rows;
    if can_retry(item.media.get(n as usize)) {
        height += of(ROW);
    }
    if films::film_of(item, n).is_some() {
        height += of(LINE) + of(ROW) * FILM_ROWS;
    }
    if item.media.len() > 1 {
        height += super::strip::height(room);
    } else if item.parts.len() > 1 {
        height += of(ROW);
    }
    if item.copy_of.is_some() {
        height += of(ROW);
    }
    if !item.texts.is_empty() {
        height += of(TEXTS);
    }
    height
}

/// The largest size of `source`'s shape that leaves room for the controls and takes no more of the
/// window's area than the settings allow.
fn fitted(ui: &Ui, scene: &Scene<'_>, source: Vec2, below: f32) -> Vec2 {
    let source = source.max(Vec2::splat(1.0));
    let window = ui.ctx().content_rect().size();
    let room = vec2(
        ui.available_width(),
        (ui.clip_rect().bottom() - ui.cursor().top() - below).max(SIDE_MIN),
    );
    let by_room = (room.x / source.x).min(room.y / source.y);
    let area = window.x * window.y * scene.media_max;
    let by_area = (area / (source.x * source.y)).sqrt();
    (source * by_room.min(by_area)).max(Vec2::splat(2.0))
}

fn picture_ui(
    ui: &Ui,
    scene: &Scene<'_>,
    item: &ItemView,
    key: &MediumKey,
    rect: Rect,
    asks: &mut Vec<Ask>,
) -> bool {
    let painter = ui.painter_at(rect);
    let plays = scene.playing.player.holds(key);
    let played = scene.pictures.reel.cover(key).filter(|_| plays);
    let cover = played.or_else(|| scene.pictures.cover(&films::cover_key(item, key)));
    let uv = zoomed(scene.lens, scene.zoom);
    match cover {
        Some(texture) => picture::paint_cover(&painter, texture, rect, uv),
        None => placeholder(ui, scene, rect, &scene.strings.text("medium-placeholder")),
    }
    let Some(open) = scene.looking else {
        return false;
    };
    let clear = match plays {
        true => scene.pictures.reel.clear(&open.id, key),
        false => scene.pictures.clear(&open.id, key),
    };
    let Some(clear) = clear else {
        return false;
    };
    let mut seen = Area::default();
    if matches!(open.mode, RevealMode::Full | RevealMode::Soft(_)) {
        picture::paint_full(&painter, clear, rect, uv);
        seen.see_all(frame_of(uv));
        asks.push(Ask::Saw(seen));
        return true;
    }
    let centre = lens_centre(ui, scene, rect, asks);
    let radius = rect.width().max(rect.height()) * scene.lens_radius;
    let at = uv.min + (centre - rect.min) / rect.size() * uv.size();
    let lens = Lens {
        x: millionths(at.x),
        y: millionths(at.y),
        // Zoomed, the same circle shows less of the picture.
        radius_per_mille: (scene.lens_radius * uv.width() * 1_000.0) as u32,
    };
    let shape = (rect.width() as u32, rect.height() as u32);
    seen.see(lens, shape, frame_of(uv));
    asks.push(Ask::Saw(seen));
    picture::paint_lens(&painter, clear, (rect, uv), centre, radius);
    painter.circle_stroke(centre, radius, Stroke::new(1.0, scene.palette.line));
    true
}

fn millionths(share: f32) -> u32 {
    (share.clamp(0.0, 1.0) * 1e6).round() as u32
}

/// The part of the picture that is on the screen.
fn frame_of(uv: Rect) -> Frame {
    Frame {
        left: millionths(uv.left()),
        top: millionths(uv.top()),
        right: millionths(uv.right()),
        bottom: millionths(uv.bottom()),
    }
}

/// Where the pointer is, if it moved over the picture; else where the keys left the lens.
fn lens_centre(ui: &Ui, scene: &Scene<'_>, rect: Rect, asks: &mut Vec<Ask>) -> Pos2 {
    let pointer = ui.input(|input| {
        let moves = |e: &egui::Event| matches!(e, egui::Event::PointerMoved(_));
        let moved = input.events.iter().any(moves);
        input.pointer.hover_pos().filter(|_| moved)
    });
    let share = match pointer.filter(|at| rect.contains(*at)) {
        Some(at) => {
            let share = ((at - rect.min) / rect.size()).to_pos2();
            asks.push(Ask::Lens(share));
            share
        }
        None => scene.lens,
    };
    rect.min + share.to_vec2() * rect.size()
}

/// The part of the picture that is zoomed to.
fn zoomed(centre: Pos2, zoom: u8) -> Rect {
    let side = 1.0 / (1.0 + f32::from(zoom));
    let start = |at: f32| (at - side / 2.0).clamp(0.0, 1.0 - side);
    Rect::from_min_size(pos2(start(centre.x), start(centre.y)), Vec2::splat(side))
}

fn state_words(scene: &Scene<'_>, state: Option<&MediumState>) -> String {
    match state {
        Some(MediumState::Loading) => scene.strings.text("medium-loading"),
        Some(MediumState::NotLoaded) => scene.strings.text("medium-not-loaded"),
        Some(MediumState::Unavailable) => scene.strings.text("medium-unavailable"),
        Some(MediumState::Rejected { reason }) => scene
            .strings
            .with("medium-rejected", &[("reason", outside(reason).into())]),
        Some(MediumState::Covered { .. } | MediumState::Sound) | None => {
            scene.strings.text("medium-placeholder")
        }
    }
}

fn placeholder(ui: &Ui, scene: &Scene<'_>, rect: Rect, words: &str) {
    let painter = ui.painter_at(rect);
    let galley = painter.layout(
        words.to_owned(),
        FontId::proportional(TYPE[1]),
        scene.palette.text,
        (rect.width() - 2.0 * space::M).max(1.0),
    );
    let at = Align2::CENTER_CENTER.anchor_size(rect.center(), galley.size());
    painter.galley(at.min, galley, scene.palette.text);
}
