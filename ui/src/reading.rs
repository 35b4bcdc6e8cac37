//! Where in the words the moderator is: the marked message, the masked stretch in reach, which
//! language is shown. Pure.

use egui::Id;
use scrim_model::view::{WordPlace, WordSpan};
use scrim_wire::window::{ItemView, MaskedWords, TextView};

/// One text of an item: where it stands, and its number there.
pub type TextAt = (WordPlace, u32);

/// A stretch that the pointer holds open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Which.
    pub span: WordSpan,
    /// When the button went down.
    pub since_ms: u64,
}

/// Where in the words the moderator is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// The stretch that has the focus: `R` is about it.
    pub focused: Option<WordSpan>,
    /// Had the focus when another part or item came: it loses it before the next frame.
    pub left: Option<WordSpan>,
    /// The message that next and previous start from.
    pub current: Option<TextAt>,
    /// To be scrolled to and given the focus in this frame.
    pub wanted: Option<TextAt>,
    /// 0: the original; n: translation n − 1 where there is one.
    pub language: u32,
    /// Held open by the pointer.
    pub held: Option<Held>,
}

impl Reading {
    /// The next or previous flagged text. The first step goes to the first or last one.
    pub fn step(&mut self, item: &ItemView, forward: bool) {
        let flagged = flagged(item);
        let at = flagged.iter().position(|at| Some(*at) == self.current);
        let next = match (at, forward) {
            (Some(at), true) => flagged.get(at + 1).or(flagged.last()),
            (Some(at), false) => flagged.get(at.saturating_sub(1)),
            (None, true) => flagged.first(),
            (None, false) => flagged.last(),
        };
        if let Some(next) = next {
            self.go_to(*next);
        }
    }

    /// Makes a text the current one, to be scrolled to.
    pub fn go_to(&mut self, text: TextAt) {
        self.current = Some(text);
        self.wanted = Some(text);
    }

    /// The next language that some text has, then the original again.
    pub fn next_language(&mut self, item: &ItemView) {
        self.language = if self.language < languages(item) {
            self.language + 1
        } else {
            0
        };
    }
}

/// Texts with flags, in the order in which they are read.
#[must_use]
pub fn flagged(item: &ItemView) -> Vec<TextAt> {
    let places = [
        (WordPlace::Text, &item.texts),
        (WordPlace::Context, &item.context),
    ];
    let numbered = places.into_iter().flat_map(|(place, texts)| {
        let numbered = texts.iter().zip(0_u32..);
        numbered.map(move |(text, n)| (text, (place, n)))
    });
    let flagged = numbered.filter(|(text, _)| text.flagged);
    flagged.map(|(_, at)| at).collect()
}

/// Most translations that one text of the item has.
#[must_use]
pub fn languages(item: &ItemView) -> u32 {
    let texts = item.texts.iter().chain(&item.context);
    let most = texts.map(|text| text.translations.len()).max();
    u32::try_from(most.unwrap_or(0)).unwrap_or(u32::MAX)
}

/// The words of `text` in `language`: the translation with that number, if it has one.
#[must_use]
pub fn shown(text: &TextView, language: u32) -> (&MaskedWords, Option<usize>) {
    let translation = (language as usize).checked_sub(1);
    let found = translation.and_then(|n| Some((&text.translations.get(n)?.words, n)));
    match found {
        Some((words, n)) => (words, Some(n)),
        None => (&text.words, None),
    }
}

/// Identity of a stretch's widget.
#[must_use]
pub fn span_id(span: &WordSpan) -> Id {
    Id::unique(("words.span", span))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo_models::conversation;

    #[test]
    fn steps_go_over_flagged_texts_and_stop_at_the_ends() {
        let model = conversation();
        let mut item = model.item.expect("a conversation");
        item.texts[1].flagged = false;
        let mut reading = Reading::default();
        for expected in [0, 2, 3, 4, 5, 5] {
            reading.step(&item, true);
            assert_eq!(reading.current, Some((WordPlace::Text, expected)));
        }
        reading.step(&item, false);
        assert_eq!(reading.current, Some((WordPlace::Text, 4)));
        reading = Reading::default();
        reading.step(&item, false);
        assert_eq!(reading.current, Some((WordPlace::Text, 5)));
    }

    #[test]
    fn languages_come_round_and_texts_without_one_stay_as_they_are() {
        let item = conversation().item.expect("a conversation");
        let mut reading = Reading::default();
        reading.next_language(&item);
        assert_eq!(reading.language, 1);
        assert_eq!(shown(&item.texts[0], 1).1, None);
        assert_eq!(shown(&item.texts[2], 1).1, Some(0));
        reading.next_language(&item);
        assert_eq!(reading.language, 0);
    }
}
