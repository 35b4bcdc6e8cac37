//! Right-to-left words. The toolkit shapes a run of one script right, but orders runs from left to
//! right; here a line is cut into runs and laid from the right, word by word.
//!
//! This is word order, not the whole of UAX #9: a stretch of left-to-right words keeps its own
//! order, marks of direction in the text are shown as boxes and turn nothing.

use std::sync::Arc;

use egui::{FontId, Galley, Rect, Response, Sense, Ui, pos2, vec2};
use scrim_model::text::MASK;

use crate::theme::{LINE_WITH_SPANS, TYPE};
use crate::view::drawn_words::Drawn;

/// Longest stretch of left-to-right words that is kept together, in characters.
const STRETCH_MAX: usize = 60;

/// A run of one direction; `joined`: no blank between it and the one before.
#[derive(Debug, PartialEq, Eq)]
struct Run {
    text: String,
    joined: bool,
    /// Place of its first character in the line.
    from: usize,
}

/// Whether the first letter that has a direction runs from the right; if none has, `by_language`.
pub(crate) fn is_right_to_left(body: &str, by_language: bool) -> bool {
    let first = body.chars().find(|c| c.is_alphabetic());
    first.map_or(by_language, runs_from_right)
}

/// Draws words from the right: one widget, whatever the number of runs; and where each of the
/// stretches stands, one rectangle a run.
pub(crate) fn body_ui(ui: &mut Ui, drawn: &Drawn) -> (Response, Vec<Vec<Rect>>) {
    let body = drawn.body.as_str();
    let font = FontId::proportional(TYPE[1]);
    let ink = ui.visuals().text_color();
    let width = ui.available_width();
    let blank = ui
        .painter()
        .layout_no_wrap(" ".to_owned(), font.clone(), ink);
    let height = if drawn.spans.is_empty() {
        blank.size().y
    } else {
        LINE_WITH_SPANS
    };
    let (mut placed, mut top): (Vec<Placed>, f32) = (Vec::new(), 0.0);
    let mut line_from = 0;
    for line in body.split('\n') {
        let mut used = 0.0;
        for run in runs(line) {
            let from = line_from + run.from;
            let to = from + run.text.chars().count();
            let galley = ui.painter().layout_no_wrap(run.text, font.clone(), ink);
            let gap = if run.joined || used == 0.0 {
                0.0
            } else {
                blank.size().x
            };
            if used > 0.0 && used + gap + galley.size().x > width {
                top += height;
                used = 0.0;
            }
            used += if used > 0.0 { gap } else { 0.0 } + galley.size().x;
            placed.push(Placed {
                from_right: used,
                top,
                chars: from..to,
                galley,
            });
        }
        top += height;
        line_from += line.chars().count() + 1;
    }
    let (rect, response) = ui.allocate_exact_size(vec2(width, top), Sense::hover());
    let mut rects = vec![Vec::new(); drawn.spans.len()];
    for run in placed {
        let down = run.top + (height - run.galley.size().y) / 2.0;
        let at = pos2(rect.right() - run.from_right, rect.top() + down);
        for ((_, from, to), rects) in drawn.spans.iter().zip(&mut rects) {
            if run.chars.start < *to && *from < run.chars.end {
                rects.push(Rect::from_min_size(at, run.galley.size()));
            }
        }
        ui.painter_at(rect).galley(at, run.galley, ink);
    }
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Label, true, body));
    (response, rects)
}

/// A run with its place: the distance of its left edge from the right, in points.
struct Placed {
    from_right: f32,
    top: f32,
    chars: std::ops::Range<usize>,
    galley: Arc<Galley>,
}

fn runs(line: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut last_from_left = false;
    for word in line.split_whitespace() {
        let at = place_in(line, word);
        let from_left = word
            .chars()
            .find(|c| c.is_alphanumeric())
            .is_some_and(|c| !runs_from_right(c));
        if let Some(last) = runs.last_mut().filter(|_| from_left && last_from_left)
            && last.text.chars().count() + word.chars().count() < STRETCH_MAX
        {
            last.text.push(' ');
            last.text.push_str(word);
            continue;
        }
        last_from_left = from_left;
        let mut rest = word;
        let mut joined = false;
        while let Some(first) = rest.chars().next() {
            let is_mask = first == MASK;
            let end = rest.find(|c| (c == MASK) != is_mask).unwrap_or(rest.len());
            runs.push(Run {
                text: rest[..end].to_owned(),
                joined,
                from: at + place_in(word, rest),
            });
            joined = true;
            rest = &rest[end..];
        }
    }
    runs
}

/// Characters of `whole` before `part`, which is a piece of it.
fn place_in(whole: &str, part: &str) -> usize {
    let bytes = part.as_ptr().addr() - whole.as_ptr().addr();
    whole[..bytes].chars().count()
}

/// Hebrew, Arabic, Syriac, Thaana, N’Ko and their presentation forms.
fn runs_from_right(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_letter_decides_and_masks_do_not() {
        assert!(is_right_to_left("░░ الخير", false));
        assert!(!is_right_to_left("░░ morning", true));
        assert!(is_right_to_left("░░░", true));
    }

    #[test]
    fn masks_split_words_and_latin_words_stay_together() {
        let run = |text: &str, joined, from| Run {
            text: text.to_owned(),
            joined,
            from,
        };
        assert_eq!(
            runs("░░خير in the park שלום"),
            [
                run("░░", false, 0),
                run("خير", true, 2),
                run("in the park", false, 6),
                run("שלום", false, 18)
            ]
        );
    }
}
