//! What is in the stage's window: controls by their ids and words by their keys in the catalogue, so
//! that a journey is the same in every language. What comes from a server is looked for as it is.

use egui::accesskit::Role;
use egui_kittest::Node;
use egui_kittest::kittest::{AccessKitNode, By, NodeT, Queryable, by};
use scrim_window::strings::FluentValue;

use super::{Failed, Stage};
use crate::chosen::words;

/// Values by their names in the catalogue.
pub(crate) type Values<'a> = &'a [(&'a str, FluentValue<'a>)];

/// What has this id, which is the same in every language.
pub(crate) fn with_id<'a>(id: &'a str) -> By<'a> {
    by().predicate(move |node: &AccessKitNode<'_>| node.author_id() == Some(id))
}

/// What a screen reader says of a node.
fn said(node: &AccessKitNode<'_>) -> Option<String> {
    // Words that are no control are a value.
    match node.role() {
        Role::Label => node.value(),
        _ => node.label(),
    }
}

/// Words without the values that are missing in them, which stand there as `{$name}`.
fn pieces(words: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = words;
    while let Some((before, after)) = rest.split_once("{$") {
        pieces.push(before);
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    pieces.push(rest);
    pieces
}

/// Whether `said` holds all of them, one after the other.
fn holds(said: &str, pieces: &[&str]) -> bool {
    let mut rest = Some(said);
    for piece in pieces {
        rest = rest.and_then(|rest| Some(rest.split_once(piece)?.1));
    }
    rest.is_some()
}

/// After how many frames a page that is told to scroll has done so.
const SCROLL_FRAMES: usize = 4;

impl Stage {
    /// Whether a widget with exactly these words of the catalogue is in the window.
    pub(crate) fn says(&self, key: &str) -> bool {
        self.says_with(key, &[])
    }

    /// The same with values in the words.
    pub(crate) fn says_with(&self, key: &str, values: Values<'_>) -> bool {
        self.shows(&words().with(key, values))
    }

    /// Whether these words of the catalogue are in some widget's label.
    pub(crate) fn says_some(&self, key: &str) -> bool {
        self.says_some_with(key, &[])
    }

    /// The same with values in the words.
    pub(crate) fn says_some_with(&self, key: &str, values: Values<'_>) -> bool {
        self.shows_some(&words().with(key, values))
    }

    /// Whether some widget says these words of the catalogue, whatever stands in them for values that
    /// are not given.
    pub(crate) fn says_around(&self, key: &str, values: Values<'_>) -> bool {
        let words = words().with(key, values);
        let pieces = pieces(&words);
        let says = |node: &AccessKitNode<'_>| said(node).is_some_and(|said| holds(&said, &pieces));
        let found = by().predicate(says);
        self.harness.query_all(found).next().is_some()
    }

    /// Whether a widget with exactly this label is in the window.
    pub(crate) fn shows(&self, label: &str) -> bool {
        self.harness.query_all_by_label(label).next().is_some()
    }

    /// Whether some widget's label holds this.
    pub(crate) fn shows_some(&self, part: &str) -> bool {
        let found = self.harness.query_all_by_label_contains(part).next();
        found.is_some()
    }

    /// Whether a text field holds exactly this.
    pub(crate) fn holds_text(&self, text: &str) -> bool {
        self.harness.query_all_by_value(text).next().is_some()
    }

    /// Whether the control with this id is in the window.
    pub(crate) fn offers(&self, id: &str) -> bool {
        self.harness.query_all(with_id(id)).next().is_some()
    }

    /// The label of the widget with this id.
    pub(crate) fn label_of(&self, id: &str) -> Option<String> {
        let node = self.harness.query_all(with_id(id)).next()?;
        said(&node.accesskit_node())
    }

    /// Where the widget with this id is, in pixels: left, top, right, bottom.
    pub(crate) fn area_of(&self, id: &str) -> Option<(u32, u32, u32, u32)> {
        let rect = self.harness.query_all(with_id(id)).next()?.rect();
        let scale = self.harness.ctx.pixels_per_point();
        let at = |side: f32| (side * scale).round().max(0.0) as u32;
        let (min, max) = (rect.min, rect.max);
        Some((at(min.x), at(min.y), at(max.x), at(max.y)))
    }

    /// Where the first medium is on the screen, without its frame.
    pub(crate) fn medium_area(&self) -> Result<(u32, u32, u32, u32), Failed> {
        let area = self.area_of("medium.0");
        let (left, top, right, bottom) =
            area.ok_or_else(|| Failed::new("no medium is on the screen"))?;
        Ok((left + 2, top + 2, right - 2, bottom - 2))
    }

    /// Clicks the control with this id, scrolled to as a user does: what is under a panel's edge cannot be
    /// clicked.
    pub(crate) fn click(&mut self, id: &str) -> Result<(), Failed> {
        self.control(id)?.scroll_to_me();
        for _ in 0..SCROLL_FRAMES {
            self.pump();
        }
        self.control(id)?.click();
        self.pump();
        Ok(())
    }

    fn control<'a>(&'a self, id: &'a str) -> Result<Node<'a>, Failed> {
        let found = self.harness.query_all(with_id(id)).next();
        found.ok_or_else(|| Failed::new(format!("nothing has the id {id:?}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_around_values() {
        let pieces = pieces("{$at} of {$length} · press");
        assert_eq!(pieces, ["", " of ", " · press"]);
        assert!(holds("0:04 of 0:20 · press", &pieces));
        assert!(!holds("0:04 of 0:20", &pieces) && !holds("· press of ", &pieces));
    }
}
