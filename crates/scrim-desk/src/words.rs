//! What is masked in an item's words, and the words as the window gets them.
//!
//! With `text.mask` at `whole` everything is; at `spans`:
//!
//! | Words | Masked |
//! | --- | --- |
//! | texts, context | what the server flags and the list of words; without any flag in the whole item: everything |
//! | a translation | everything if its original has a mask (flags do not carry over), else the list of words |
//! | the name in a role, `message:NAME` | the list of words; opens with all words, not alone |
//! | reports, appeal | everything |
//!
//! Clear words leave the heart only for what a durable, open reveal names.

use std::collections::BTreeSet;

use scrim_model::item::{Report, Text};
use scrim_model::limits::SPANS_MAX;
use scrim_model::settings::TextMask;
use scrim_model::text::{masked_at, merged, whole};
use scrim_model::view::{Part, WordPlace, WordSpan};
use scrim_model::{Item, WordList};
use scrim_wire::window::{MaskedWords, ReportView, SpanView, TextView, TranslationView};

/// The list that ships: neutral words.
const LISTED: &str = include_str!("../../../assets/words/masked.txt");

/// The list that ships, and what the settings add.
pub(crate) fn masked_words(added: &BTreeSet<String>) -> WordList {
    let lines = LISTED.lines().chain(added.iter().map(String::as_str));
    WordList::of_lines(&lines.collect::<Vec<_>>().join("\n"))
}

/// Byte ranges, in order, without overlaps.
type Ranges = Vec<(u32, u32)>;

/// The masks of one text and of its translations.
#[derive(Debug, Clone, Default)]
struct TextMasks {
    /// Of the role: the name in `message:NAME`.
    role: Ranges,
    original: Ranges,
    translations: Vec<Ranges>,
}

/// Every mask of an item. Worked out once, when it comes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Masks {
    texts: Vec<TextMasks>,
    context: Vec<TextMasks>,
    reports: Vec<Ranges>,
    appeal: Ranges,
}

impl Masks {
    pub(crate) fn of(item: &Item, list: &WordList, mask: TextMask) -> Self {
        // A server that has flagged something has looked at the rest as well.
        let is_flagged = |text: &Text| !text.flagged.is_empty();
        let looked_at = item.texts.iter().chain(&item.context).any(is_flagged);
        let masks = |text: &Text| match mask {
            TextMask::Spans => text_masks(text, looked_at, list),
            TextMask::Whole => whole_masks(text),
        };
        Self {
            texts: item.texts.iter().map(masks).collect(),
            context: item.context.iter().map(masks).collect(),
            reports: item.reports.iter().map(|r| all_of(&r.text)).collect(),
            appeal: item.appeal.as_ref().map_or(Vec::new(), |a| all_of(&a.text)),
        }
    }

    /// Whether there is such a mask.
    pub(crate) fn has(&self, span: &WordSpan) -> bool {
        self.ranges(span.place, span.text, span.translation)
            .contains(&(span.start, span.end))
    }

    fn ranges(&self, place: WordPlace, text: u32, translation: Option<u32>) -> &[(u32, u32)] {
        let n = text as usize;
        let found = match (place, translation) {
            (WordPlace::Report, None) => self.reports.get(n),
            (WordPlace::Appeal, None) => (n == 0).then_some(&self.appeal),
            (WordPlace::Report | WordPlace::Appeal, Some(_)) => None,
            (WordPlace::Text, _) => original_or(self.texts.get(n), translation),
            (WordPlace::Context, _) => original_or(self.context.get(n), translation),
        };
        found.map_or(&[], Vec::as_slice)
    }

    /// One stretch of words as it may be drawn while `open` is revealed.
    fn words(&self, body: &str, key: Key, open: Option<&Part>) -> MaskedWords {
        let ranges = self.ranges(key.place, key.text, key.translation);
        let spans: Vec<WordSpan> = ranges.iter().map(|range| key.span(*range)).collect();
        let is_covered = |span: &&WordSpan| match open {
            Some(Part::Words) => false,
            Some(Part::Span(shown)) => shown != *span,
            Some(Part::Medium(_)) | None => true,
        };
        let covered: Ranges = spans
            .iter()
            .filter(is_covered)
            .map(|span| (span.start, span.end))
            .collect();
        MaskedWords {
            body: masked_at(body, &covered),
            spans: in_characters(body, &spans),
        }
    }

    pub(crate) fn text_views(
        &self,
        item: &Item,
        place: WordPlace,
        open: Option<&Part>,
    ) -> Vec<TextView> {
        let texts = match place {
            WordPlace::Context => &item.context,
            _ => &item.texts,
        };
        let views = texts.iter().zip(0_u32..);
        views
            .map(|(text, n)| self.text_view(text, Key::of(place, n), open))
            .collect()
    }

    fn text_view(&self, text: &Text, key: Key, open: Option<&Part>) -> TextView {
        let translations = text.translations.iter().zip(0_u32..);
        TextView {
            id: text.id.clone(),
            role: self.role(text, key, open),
            role_masks: self.role_masks(text, key),
            lang: text.lang.clone(),
            at: text.at,
            words: self.words(&text.body, key, open),
            flagged: !text.flagged.is_empty(),
            translations: translations
                .map(|(translation, n)| TranslationView {
                    lang: translation.lang.clone(),
                    by: translation.by.clone(),
                    words: self.words(&translation.body, key.translated(n), open),
                })
                .collect(),
        }
    }

    fn role(&self, text: &Text, key: Key, open: Option<&Part>) -> String {
        let texts = match key.place {
            WordPlace::Context => &self.context,
            _ => &self.texts,
        };
        match texts.get(key.text as usize) {
            Some(masks) if open != Some(&Part::Words) => masked_at(&text.role, &masks.role),
            _ => text.role.clone(),
        }
    }

    fn role_masks(&self, text: &Text, key: Key) -> Vec<(u32, u32)> {
        let texts = match key.place {
            WordPlace::Context => &self.context,
            _ => &self.texts,
        };
        let masks = texts.get(key.text as usize);
        let spans = masks.iter().flat_map(|masks| &masks.role);
        let spans: Vec<WordSpan> = spans.map(|range| key.span(*range)).collect();
        let in_characters = in_characters(&text.role, &spans).into_iter();
        in_characters.map(|span| (span.from, span.to)).collect()
    }

    pub(crate) fn report_views(&self, reports: &[Report], open: Option<&Part>) -> Vec<ReportView> {
        let views = reports.iter().zip(0_u32..);
        views
            .map(|(report, n)| ReportView {
                class: report.class.clone(),
                words: self.words(&report.text, Key::of(WordPlace::Report, n), open),
            })
            .collect()
    }

    pub(crate) fn appeal_view(&self, item: &Item, open: Option<&Part>) -> Option<MaskedWords> {
        let appeal = item.appeal.as_ref()?;
        Some(self.words(&appeal.text, Key::of(WordPlace::Appeal, 0), open))
    }
}

/// Which words.
#[derive(Debug, Clone, Copy)]
struct Key {
    place: WordPlace,
    text: u32,
    translation: Option<u32>,
}

impl Key {
    fn of(place: WordPlace, text: u32) -> Self {
        Self {
            place,
            text,
            translation: None,
        }
    }

    fn translated(self, n: u32) -> Self {
        Self {
            translation: Some(n),
            ..self
        }
    }

    fn span(self, (start, end): (u32, u32)) -> WordSpan {
        WordSpan {
            place: self.place,
            text: self.text,
            translation: self.translation,
            start,
            end,
        }
    }
}

fn original_or(masks: Option<&TextMasks>, translation: Option<u32>) -> Option<&Ranges> {
    match translation {
        None => Some(&masks?.original),
        Some(n) => masks?.translations.get(n as usize),
    }
}

fn whole_masks(text: &Text) -> TextMasks {
    let name = text
        .role
        .split_once(':')
        .filter(|(_, name)| !name.is_empty());
    let name = name.map(|(kind, _)| (places(kind.len() + 1), places(text.role.len())));
    let translated = text.translations.iter();
    TextMasks {
        role: name.into_iter().collect(),
        original: all_of(&text.body),
        translations: translated.map(|other| all_of(&other.body)).collect(),
    }
}

fn text_masks(text: &Text, looked_at: bool, list: &WordList) -> TextMasks {
    let original = if text.flagged.is_empty() && !looked_at {
        all_of(&text.body)
    } else {
        let listed = list.spans(&text.body);
        bounded(
            &text.body,
            text.flagged.iter().copied().chain(listed).collect(),
        )
    };
    let translated = text.translations.iter().map(|translation| {
        if original.is_empty() {
            bounded(&translation.body, list.spans(&translation.body))
        } else {
            all_of(&translation.body)
        }
    });
    TextMasks {
        role: name_masks(&text.role, list),
        translations: translated.collect(),
        original,
    }
}

/// A role's own words are the server's; what follows the colon may be a name that someone chose.
fn name_masks(role: &str, list: &WordList) -> Ranges {
    let Some((kind, name)) = role.split_once(':') else {
        return Vec::new();
    };
    let before = places(kind.len() + 1);
    let spans = list.spans(name).into_iter();
    let moved =
        |(start, end): (u32, u32)| (start.saturating_add(before), end.saturating_add(before));
    spans.map(moved).collect()
}

/// A number of bytes; texts are limited far below.
fn places(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

/// More spans than a window can offer one by one are one span.
fn bounded(body: &str, spans: Ranges) -> Ranges {
    let spans = merged(spans);
    if spans.len() > SPANS_MAX {
        return all_of(body);
    }
    spans
}

fn all_of(body: &str) -> Ranges {
    if body.is_empty() {
        Vec::new()
    } else {
        vec![whole(body)]
    }
}

/// `spans` of `body` with their places counted in characters: a mask sign is longer than what it
/// stands for, the number of characters is the same.
fn in_characters(body: &str, spans: &[WordSpan]) -> Vec<SpanView> {
    let mut views = Vec::with_capacity(spans.len());
    let mut chars = 0_u32;
    let mut bytes = 0_usize;
    let mut count_to = |byte: u32| {
        let until = (byte as usize).min(body.len());
        let between = body
            .get(bytes..until)
            .map_or(0, |words| words.chars().count());
        bytes = until;
        chars = chars.saturating_add(u32::try_from(between).unwrap_or(u32::MAX));
        chars
    };
    for span in spans {
        let (from, to) = (count_to(span.start), count_to(span.end));
        views.push(SpanView {
            key: *span,
            from,
            to,
        });
    }
    views
}
