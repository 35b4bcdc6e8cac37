//! What the model says of media that last, read for whoever draws or plays them.

use egui::{Vec2, vec2};
use scrim_model::MediumKey;
use scrim_model::view::{CoverKey, Part};
use scrim_wire::moving::SheetGrid;
use scrim_wire::window::{FilmView, ItemView, MediumState};

/// What is known of medium `n`, if it lasts.
pub(crate) fn film_of(item: &ItemView, n: u32) -> Option<&FilmView> {
    item.films.get(n as usize)?.as_ref()
}

/// Whether medium `n` is on its contact sheet, where there is nothing to look at closer.
pub(crate) fn is_sheet(item: &ItemView, n: u32) -> bool {
    film_of(item, n).is_some_and(is_on_sheet)
}

fn is_on_sheet(film: &FilmView) -> bool {
    film.at_ms.is_none() && film.playing.is_none() && film.frames == 0
}

/// Whether single frames of a film can be gone to.
pub(crate) fn has_frames(film: &FilmView) -> bool {
    film.at_ms.is_some() && film.playing.is_none() && film.frames == 0
}

/// Whether a still is on the screen: the keys that step through an item's parts are for its single frames then.
pub(crate) fn is_on_still(item: &ItemView) -> bool {
    matches!(item.selected, Part::Medium(n) if film_of(item, n).is_some_and(has_frames))
}

/// The part that lies `by` after the one on the screen.
pub(crate) fn part_beside(item: &ItemView, by: isize) -> Option<Part> {
    let at = item.parts.iter().position(|part| *part == item.selected)?;
    item.parts.get(at.checked_add_signed(by)?).cloned()
}

/// Shape of what stands for a film: that of one frame, or of all on its sheet.
pub(crate) fn shape(film: Option<&FilmView>, frame: Vec2) -> Vec2 {
    match film {
        Some(film) if is_on_sheet(film) => {
            let grid = SheetGrid::of(film.stills);
            frame * vec2(grid.columns as f32, grid.rows as f32)
        }
        _ => frame,
    }
}

/// The cover of medium `n` as it is on the screen.
pub(crate) fn cover_key(item: &ItemView, medium: &MediumKey) -> CoverKey {
    CoverKey {
        medium: medium.clone(),
        step: item.step,
        style: item.style,
        at_ms: film_of(item, medium.n).and_then(|film| film.at_ms),
    }
}

/// Words for medium `n` among the parts of an item.
pub(crate) fn part_words(item: &ItemView, n: u32) -> &'static str {
    match film_of(item, n) {
        _ if item.media.get(n as usize) == Some(&MediumState::Sound) => "part-sound",
        Some(film) if film.frames == 0 => "part-video",
        _ => "part-medium",
    }
}
