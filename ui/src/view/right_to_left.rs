//! Right-to-left words. The toolkit shapes a run of one script right, but orders runs from left to
//! right; here a line is cut into runs and laid from the right, word by word.
//!
//! This is word order, not the whole of UAX #9: a stretch of left-to-right words keeps its own
//! order, marks of direction in the text are shown as boxes and turn nothing.

use std::sync::Arc;

use egui::{FontId, Galley, Response, Sense, Ui, pos2, vec2};
use scrim_model::text::MASK;

use crate::theme::TYPE;

/// Longest stretch of left-to-right words that is kept together, in characters.
const STRETCH_MAX: usize = 60;

/// A run of one direction; `joined`: no blank between it and the one before.
#[derive(Debug, PartialEq, Eq)]
struct Run {
    text: String,
    joined: bool,
}

/// Whether the first letter that has a direction runs from the right; if none has, `by_language`.
pub(crate) fn is_right_to_left(body: &str, by_language: bool) -> bool {
    let first = body.chars().find(|c| c.is_alphabetic());
    first.map_or(by_language, runs_from_right)
}

/// Draws `body` from the right. One widget, whatever the number of runs.
pub(crate) fn body_ui(ui: &mut Ui, body: &str) -> Response {
    let font = FontId::proportional(TYPE[1]);
    let ink = ui.visuals().text_color();
    let width = ui.available_width();
    let blank = ui
        .painter()
        .layout_no_wrap(" ".to_owned(), font.clone(), ink);
    let (mut placed, mut top): (Vec<(f32, f32, Arc<Galley>)>, f32) = (Vec::new(), 0.0);
    for line in body.lines() {
        let mut used = 0.0;
        for run in runs(line) {
            let galley = ui.painter().layout_no_wrap(run.text, font.clone(), ink);
            let gap = if run.joined || used == 0.0 {
                0.0
            } else {
                blank.size().x
            };
            if used > 0.0 && used + gap + galley.size().x > width {
                top += blank.size().y;
                used = 0.0;
            }
            used += if used > 0.0 { gap } else { 0.0 } + galley.size().x;
            placed.push((used, top, galley));
        }
        top += blank.size().y;
    }
    let (rect, response) = ui.allocate_exact_size(vec2(width, top), Sense::hover());
    for (from_right, down, galley) in placed {
        let at = pos2(rect.right() - from_right, rect.top() + down);
        ui.painter_at(rect).galley(at, galley, ink);
    }
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Label, true, body));
    response
}

fn runs(line: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut last_from_left = false;
    for word in line.split_whitespace() {
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
            });
            joined = true;
            rest = &rest[end..];
        }
    }
    runs
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
        let run = |text: &str, joined| Run {
            text: text.to_owned(),
            joined,
        };
        assert_eq!(
            runs("░░خير in the park שלום"),
            [
                run("░░", false),
                run("خير", true),
                run("in the park", false),
                run("שלום", false)
            ]
        );
    }
}
