//! A film on covered stills: its contact sheet, its time line, and how loud a sound is.

use egui::accesskit::Role;
use egui::{Align2, FontId, Rect, Sense, Stroke, Ui, Vec2, WidgetInfo, pos2, vec2};
use scrim_model::MediumKey;
use scrim_wire::moving::{SheetGrid, sheet_times};
use scrim_wire::window::{Command, FilmMove, FilmView, ItemView, MediumState};

use crate::actions::Act;
use crate::asks::Ask;
use crate::control::{Control, Scene, polite};
use crate::films::{cover_key, film_of, has_frames};
use crate::picture;
use crate::theme::{TYPE, space};

/// Height of the time line, in points: a target for a pointer.
const LINE_HEIGHT: f32 = 28.0;
/// Height of its rule and of its mark, in points.
const RULE: f32 = 2.0;
const MARK: f32 = 16.0;
/// Share of a sheet's texture that is left out around each still, so that its neighbours do not shine in.
const INSET: f32 = 0.002;
/// Stills at least so many times as high as their time have it on them; on lower ones it would hide too much, and it is
/// shown when the still is pointed at.
const STILL_PER_TIME: f32 = 4.0;
/// A plate behind the time on a still, in points around the words.
const PLATE: f32 = 3.0;

/// Draws the stills of a contact sheet; each leads to its time.
pub(crate) fn sheet_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    item: &ItemView,
    medium: &MediumKey,
    rect: Rect,
    asks: &mut Vec<Ask>,
) {
    let Some(film) = film_of(item, medium.n) else {
        return;
    };
    let Some(texture) = scene.pictures.cover(&cover_key(item, medium)) else {
        return;
    };
    let grid = SheetGrid::of(film.stills);
    let (columns, rows) = (grid.columns as f32, grid.rows as f32);
    let gaps = vec2(columns - 1.0, rows - 1.0) * space::S;
    let cell = (rect.size() - gaps).max(Vec2::splat(1.0)) / vec2(columns, rows);
    let share = vec2(1.0 / columns, 1.0 / rows);
    ui.painter().rect_filled(rect, 0.0, scene.palette.ground);
    for (number, at_ms) in (0_u32..).zip(sheet_times(film.duration_ms, film.stills)) {
        let place = vec2(
            (number % grid.columns) as f32,
            (number / grid.columns) as f32,
        );
        let at = Rect::from_min_size(rect.min + place * (cell + Vec2::splat(space::S)), cell);
        let uv = Rect::from_min_size((place * share).to_pos2(), share).shrink(INSET);
        let id = ui.make_persistent_id(("film.still", medium.n, number));
        let response = ui.interact(at, id, Sense::click());
        let painter = ui.painter_at(rect);
        picture::paint_cover(&painter, texture, at, uv);
        let words = clock(at_ms);
        let ink = scene.palette.text;
        let galley = painter.layout_no_wrap(words.clone(), FontId::proportional(TYPE[0]), ink);
        let is_pointed_at = response.hovered() || response.has_focus();
        if is_pointed_at || cell.y >= galley.size().y * STILL_PER_TIME {
            let corner = at.left_bottom() + vec2(space::XS + PLATE, -space::XS - PLATE);
            let text = Align2::LEFT_BOTTOM.anchor_size(corner, galley.size());
            painter.rect_filled(text.expand(PLATE), PLATE, scene.palette.panel);
            painter.galley(text.min, galley, ink);
        }
        if is_pointed_at {
            let line = Stroke::new(2.0, scene.palette.accent);
            painter.rect_stroke(at, 0.0, line, egui::StrokeKind::Inside);
        }
        let values = [
            ("n", (u64::from(number) + 1).into()),
            ("of", u64::from(film.stills).into()),
            ("at", words.into()),
        ];
        let spoken = scene.strings.with("film-still", &values);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &spoken));
        ui.ctx().accesskit_node_builder(id, |node| {
            node.set_author_id(format!("film.still.{number}"))
        });
        if response.clicked() {
            asks.push(Ask::Command(Command::Film(FilmMove::To(at_ms))));
        }
    }
}

/// Draws how loud a sound is.
pub(crate) fn waveform_ui(ui: &Ui, scene: &Scene<'_>, film: &FilmView, rect: Rect) {
    let at_ms = scene.playing.player.at_ms().unwrap_or(film.begins_ms);
    let played = at_ms as f32 / film.duration_ms.max(1) as f32;
    let painter = ui.painter_at(rect);
    let inner = rect.shrink2(vec2(space::M, space::S));
    let step = inner.width() / film.peaks.len().max(1) as f32;
    let stroke = Stroke::new(step.max(1.0), scene.palette.weak);
    let centre = inner.center().y;
    for (at, peak) in film.peaks.iter().enumerate() {
        let half = (f32::from(*peak) / 255.0 * inner.height() / 2.0).max(0.5);
        let x = inner.left() + (at as f32 + 0.5) * step;
        painter.line_segment([pos2(x, centre - half), pos2(x, centre + half)], stroke);
    }
    let x = inner.left() + played * inner.width();
    let mark = Rect::from_center_size(pos2(x, centre), vec2(RULE, inner.height()));
    painter.rect_filled(mark, 0.0, scene.palette.accent);
}

/// Draws what goes below a film: where it is, and the ways to another place.
pub(crate) fn film_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    item: &ItemView,
    n: u32,
    asks: &mut Vec<Ask>,
) {
    let Some(film) = film_of(item, n) else { return };
    if film.frames > 0 {
        return frames_ui(ui, scene, film, asks);
    }
    let is_sound = item.media.get(n as usize) == Some(&MediumState::Sound);
    polite(
        ui,
        "film.state",
        scene.weak(state_words(scene, film, is_sound)),
    );
    line_ui(ui, scene, film, asks);
    ui.horizontal_wrapped(|ui| {
        let plays = film.playing.is_some();
        let words = if plays { "film-pause" } else { "film-play" };
        let play = Control::of(scene, Act::FilmPlay).named(scene.strings.text(words));
        play.show(ui, scene, Ask::Act(Act::FilmPlay), asks);
        let sound = Control::of(scene, Act::Sound)
            .selected(scene.playing.wants_sound)
            .enabled(plays && film.has_sound && scene.playing.has_speaker);
        sound.show(ui, scene, Ask::Act(Act::Sound), asks);
        let is_still = has_frames(film);
        let goes = is_sound || plays || is_still;
        for (act, enabled) in [
            (Act::FilmSheet, !is_sound && (is_still || plays)),
            (Act::FilmBack, goes),
            (Act::FilmOn, true),
        ] {
            let control = Control::of(scene, act).brief().enabled(enabled);
            control.show(ui, scene, Ask::Act(act), asks);
        }
        if is_still {
            for (act, id, words, to) in [
                (
                    Act::PartPrevious,
                    "film.frame.back",
                    "film-frame-back",
                    FilmMove::FrameBack,
                ),
                (
                    Act::PartNext,
                    "film.frame.on",
                    "film-frame-on",
                    FilmMove::FrameOn,
                ),
            ] {
                let key = scene.key(act).unwrap_or_default();
                let name = scene.strings.text(words);
                let control = Control::plain(id, name).keyed(key, true).brief();
                control.show(ui, scene, Ask::Command(Command::Film(to)), asks);
            }
        }
    });
}

/// Draws what goes below a picture that moves: which frame is on the screen, and the ways to others.
fn frames_ui(ui: &mut Ui, scene: &Scene<'_>, film: &FilmView, asks: &mut Vec<Ask>) {
    let at = film.at_ms.unwrap_or(0);
    ui.horizontal_wrapped(|ui| {
        let values = [
            ("n", (u64::from(at) + 1).into()),
            ("of", u64::from(film.frames).into()),
        ];
        let words = scene.strings.with("film-state-frame", &values);
        polite(ui, "film.state", scene.weak(words));
        for (act, words, enabled) in [
            (Act::FilmBack, "film-frame-back", at > 0),
            (Act::FilmOn, "film-frame-on", at + 1 < film.frames),
        ] {
            let name = scene.strings.text(words);
            let control = Control::of(scene, act).named(name).enabled(enabled);
            control.show(ui, scene, Ask::Act(act), asks);
        }
    });
}

/// Where it is, how long it is, and what can be heard of it.
fn state_words(scene: &Scene<'_>, film: &FilmView, is_sound: bool) -> String {
    let playing = scene.playing;
    let at_ms = playing.player.at_ms().unwrap_or(film.begins_ms);
    let sound = match film.has_sound {
        false => "no",
        true if film.playing.is_none() => "yes",
        true if !playing.has_speaker => "absent",
        true if playing.is_heard => "on",
        true => "muted",
    };
    let values = [
        ("at", clock(at_ms).into()),
        ("length", clock(film.duration_ms).into()),
        ("sound", sound.into()),
    ];
    let words = match film.playing {
        Some(_) if playing.asks_presence => "film-state-presence",
        Some(_) if playing.player.waits() => "film-state-waits",
        Some(_) => "film-state-plays",
        None if film.left_alone => "film-state-alone",
        None if is_sound => "film-state-sound",
        None if film.at_ms.is_some() => "film-state-still",
        None => "film-state-sheet",
    };
    scene.strings.with(words, &values)
}

/// The time line; a click or a drag leads to a time.
fn line_ui(ui: &mut Ui, scene: &Scene<'_>, film: &FilmView, asks: &mut Vec<Ask>) {
    let size = vec2(ui.available_width(), LINE_HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click_and_drag());
    let inner = rect.shrink2(vec2(space::XS, 0.0));
    let duration = film.duration_ms.max(1) as f32;
    let painter = ui.painter();
    let rule = Rect::from_center_size(inner.center(), vec2(inner.width(), RULE));
    painter.rect_filled(rule, 0.0, scene.palette.line);
    let rests_at = (film.at_ms.is_some() || !film.peaks.is_empty()).then_some(film.begins_ms);
    if let Some(at_ms) = scene.playing.player.at_ms().or(rests_at) {
        let x = inner.left() + at_ms as f32 / duration * inner.width();
        let mark = Rect::from_center_size(pos2(x, inner.center().y), vec2(space::XS, MARK));
        painter.rect_filled(mark, 1.0, scene.palette.accent);
    }
    if response.has_focus() {
        let line = Stroke::new(2.0, scene.palette.accent);
        painter.rect_stroke(rect, 0.0, line, egui::StrokeKind::Inside);
    }
    if let Some(at) = response.interact_pointer_pos()
        && (response.clicked() || response.dragged())
    {
        let share = ((at.x - inner.left()) / inner.width().max(1.0)).clamp(0.0, 1.0);
        let to = FilmMove::To((share * duration) as u32);
        asks.push(Ask::Command(Command::Film(to)));
    }
    let spoken = scene.strings.text("film-line");
    response.widget_info(|| WidgetInfo::labeled(Role::Slider, true, &spoken));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_role(Role::Slider);
        node.set_author_id("film.line");
    });
}

/// `0:05`, `40:00`, `1:02:03`.
pub(crate) fn clock(ms: u32) -> String {
    let seconds = ms / 1000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_like_a_clock() {
        for (ms, words) in [
            (0, "0:00"),
            (5_999, "0:05"),
            (2_400_000, "40:00"),
            (3_723_000, "1:02:03"),
        ] {
            assert_eq!(clock(ms), words);
        }
    }
}
