//! A flagged item as the queue server hands it out (queue protocol v1, "Item").
//!
//! These types are what came over the wire *after* [`Item::checked`] has held them against the
//! named limits; nothing else in Scrim sees an unchecked item.

use serde::{Deserialize, Serialize};

use crate::action::ActionKind;
use crate::ids::{DecisionId, ItemId, PolicyId};
use crate::limits::{
    BODY_BYTES_MAX, COVER_BYTES_MAX, LABEL_CHARS_MAX, MEDIA_MAX, MEDIUM_BYTES_MAX, REPORTS_MAX,
    SPANS_MAX, TEXTS_MAX, TRANSLATIONS_MAX,
};
use crate::open_enum;
use crate::text::cut_chars;
use crate::time::Timestamp;

open_enum! {
    /// What an item is.
    pub enum Kind {
        /// One or more still pictures.
        Image = "image",
        /// Moving pictures.
        Video = "video",
        /// Sound.
        Audio = "audio",
        /// One text.
        Text = "text",
        /// Messages between people.
        Conversation = "conversation",
        /// An account as a whole.
        Account = "account",
        /// A link; the desk never opens it.
        Link = "link",
        /// A post: text with media.
        Post = "post",
    }
}

open_enum! {
    /// How a medium stands on a hash list.
    pub enum KnownMatch {
        /// Equal SHA-256, or MD5 and length. May be decided in one key without loading.
        Exact = "exact",
        /// A perceptual match: a hint, never a verdict.
        Near = "near",
    }
}

open_enum! {
    /// Who made a translation.
    pub enum TranslatedBy {
        /// A person.
        Human = "human",
        /// A program.
        Machine = "machine",
    }
}

/// A flagged item. Priority 1 is the most urgent of 1–4; severity is 0–4, 4 the worst.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// The server's id.
    pub id: ItemId,
    /// Grows when the server changes the item.
    #[serde(default)]
    pub version: u64,
    /// What it is.
    pub kind: Kind,
    /// When the content was made, if known.
    #[serde(default)]
    pub created_at: Option<Timestamp>,
    /// When it was first reported.
    #[serde(default)]
    pub reported_at: Option<Timestamp>,
    /// When a decision is due.
    #[serde(default)]
    pub due_at: Option<Timestamp>,
    /// 1 (most urgent) – 4.
    #[serde(default = "priority_default")]
    pub priority: u8,
    /// The server's guess of severity, 0–4.
    #[serde(default)]
    pub severity_hint: u8,
    /// Harm classes.
    #[serde(default)]
    pub classes: Vec<String>,
    /// One line, at most 80 characters, never a description of a scene.
    #[serde(default)]
    pub label: String,
    /// What people said when they reported it.
    #[serde(default)]
    pub reports: Vec<Report>,
    /// Who made it.
    #[serde(default)]
    pub author: Option<Author>,
    /// Everything written in it.
    #[serde(default)]
    pub texts: Vec<Text>,
    /// Its pictures, sounds and films; `n` counts from 0.
    #[serde(default)]
    pub media: Vec<Medium>,
    /// For links: where it leads. Shown as text, never opened.
    #[serde(default)]
    pub link: Option<Link>,
    /// What lies around it, of lower rank.
    #[serde(default)]
    pub context: Vec<Text>,
    /// What detectors said.
    #[serde(default)]
    pub signals: Vec<Signal>,
    /// The appeal that this item is, if it is one.
    #[serde(default)]
    pub appeal: Option<Appeal>,
    /// The only actions that the desk may offer.
    #[serde(default)]
    pub allowed_actions: Vec<ActionKind>,
    /// Policy that one action key alone uses, if the queue names one.
    #[serde(default)]
    pub default_policy: Option<PolicyId>,
}

fn priority_default() -> u8 {
    4
}

/// One report of an item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Harm class that the reporter chose.
    #[serde(default)]
    pub class: String,
    /// What they wrote.
    #[serde(default)]
    pub text: String,
    /// When.
    #[serde(default)]
    pub at: Option<Timestamp>,
}

/// The author of an item, without a name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Author {
    /// Opaque.
    pub id: String,
    /// Age of the account in days.
    #[serde(default)]
    pub account_age_d: Option<u32>,
    /// Actions taken on the account before.
    #[serde(default)]
    pub prior_actions: u32,
}

/// Something written. `flagged` holds UTF-8 byte ranges, half-open, on character boundaries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Text {
    /// Unique within the item.
    pub id: String,
    /// What it is in the item: `body`, `message:A`, `bio`, `caption`, …
    #[serde(default)]
    pub role: String,
    /// BCP 47 tag.
    #[serde(default)]
    pub lang: String,
    /// When it was written.
    #[serde(default)]
    pub at: Option<Timestamp>,
    /// The words.
    pub body: String,
    /// Byte ranges to mask.
    #[serde(default)]
    pub flagged: Vec<(u32, u32)>,
    /// The same in other languages.
    #[serde(default)]
    pub translations: Vec<Translation>,
}

/// A text in another language; masked whole until revealed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Translation {
    /// BCP 47 tag.
    pub lang: String,
    /// The words.
    pub body: String,
    /// Who made it.
    pub by: TranslatedBy,
}

/// One medium of an item. Sizes in bytes and pixels, durations in milliseconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Medium {
    /// Its place, from 0.
    pub n: u32,
    /// As the server says; never believed by the decoder.
    #[serde(default)]
    pub mime: String,
    /// Length in bytes.
    #[serde(default)]
    pub bytes: u64,
    /// Pixels, if known.
    #[serde(default)]
    pub width: Option<u32>,
    /// Pixels, if known.
    #[serde(default)]
    pub height: Option<u32>,
    /// For sound and film.
    #[serde(default)]
    pub duration_ms: Option<u64>,
    /// Lower-case hex SHA-256.
    #[serde(default)]
    pub sha256: Option<String>,
    /// Standing on a hash list.
    #[serde(default)]
    pub known: Option<Known>,
    /// A smaller version that its server has as well; covers can be made from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cover: Option<SmallVersion>,
}

/// A smaller version of a medium, as whoever filed the item made it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SmallVersion {
    /// Length in bytes.
    #[serde(default)]
    pub bytes: u64,
    /// Lower-case hex SHA-256.
    #[serde(default)]
    pub sha256: Option<String>,
}

/// How a medium is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// A picture.
    Picture,
    /// Moving pictures, with or without sound.
    Film,
    /// Sound alone.
    Sound,
}

impl Form {
    /// By what the server says of the medium, else of the item. Only a choice of who opens it: they look at the bytes.
    #[must_use]
    pub fn of(medium: &Medium, kind: &Kind) -> Self {
        let said = medium.mime.split('/').next().unwrap_or_default();
        match (said, kind) {
            ("video", _) => Self::Film,
            ("audio", _) => Self::Sound,
            ("image", _) => Self::Picture,
            (_, Kind::Video) => Self::Film,
            (_, Kind::Audio) => Self::Sound,
            _ => Self::Picture,
        }
    }
}

/// A hit on a hash list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Known {
    /// The list's name.
    pub list: String,
    /// How it matched.
    #[serde(rename = "match")]
    pub match_kind: KnownMatch,
    /// Hamming distance for near matches.
    #[serde(default)]
    pub distance: Option<u32>,
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// Registered domain.
    pub domain: String,
    /// Domains that it passes on the way.
    #[serde(default)]
    pub redirects: Vec<String>,
    /// The medium that shows a capture of the page.
    #[serde(default)]
    pub capture: Option<u32>,
}

/// A detector's opinion. Score and threshold in millionths, so that no float is ever hashed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Signal {
    /// Detector.
    pub name: String,
    /// Its version.
    #[serde(default)]
    pub version: String,
    /// Millionths.
    #[serde(default)]
    pub score: u32,
    /// Millionths.
    #[serde(default)]
    pub threshold: u32,
}

/// An appeal against a decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Appeal {
    /// The server's id.
    pub id: String,
    /// What the person wrote.
    #[serde(default)]
    pub text: String,
    /// The decision that it is about.
    pub decision_id: DecisionId,
    /// When it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
}

/// Why an item from a server cannot be worked on. The texts name fields, never content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemRefused {
    /// The field, as a JSON path.
    pub path: &'static str,
    /// What is wrong with it.
    pub why: &'static str,
}

impl std::fmt::Display for ItemRefused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.path, self.why)
    }
}

impl Item {
    /// Holds an item against the named limits: over-long labels are cut, out-of-range priorities
    /// and severities are pinned to the safer end, spans that do not lie on characters mask the
    /// whole text, and what cannot be mended is refused.
    ///
    /// # Errors
    /// [`ItemRefused`] names the field and the reason.
    pub fn checked(mut self) -> Result<Self, ItemRefused> {
        let refuse = |path, why| Err(ItemRefused { path, why });
        if self.texts.len() + self.context.len() > TEXTS_MAX {
            return refuse("texts", "more texts than one item may hold");
        }
        if self.media.len() > MEDIA_MAX {
            return refuse("media", "more media than one item may hold");
        }
        if self
            .media
            .iter()
            .enumerate()
            .any(|(place, m)| m.n as usize != place)
        {
            return refuse("media.n", "media are not numbered 0, 1, 2, …");
        }
        if self.media.iter().any(|m| m.bytes > MEDIUM_BYTES_MAX) {
            return refuse("media.bytes", "a medium is larger than 100 MB");
        }
        for medium in &mut self.media {
            medium.cover.take_if(|cover| cover.bytes > COVER_BYTES_MAX);
        }
        if self.texts.iter().chain(&self.context).any(|t| {
            let translated = t.translations.iter().map(|t| &t.body);
            let mut bodies = translated.chain([&t.body]);
            bodies.any(|body| body.len() > BODY_BYTES_MAX)
        }) {
            return refuse("texts.body", "a text is longer than 64 KiB");
        }
        self.reports.truncate(REPORTS_MAX);
        for report in &mut self.reports {
            report.text = cut_chars(&report.text, 2_000);
            report.class = cut_chars(&report.class, LABEL_CHARS_MAX);
        }
        self.label = cut_chars(&self.label, LABEL_CHARS_MAX);
        self.classes.truncate(20);
        for class in &mut self.classes {
            *class = cut_chars(class, LABEL_CHARS_MAX);
        }
        self.signals.truncate(50);
        if !(1..=4).contains(&self.priority) {
            self.priority = if self.priority == 0 { 1 } else { 4 };
        }
        self.severity_hint = self.severity_hint.min(4);
        if let Some(appeal) = &mut self.appeal {
            appeal.text = cut_chars(&appeal.text, 2_000);
        }
        for text in self.texts.iter_mut().chain(self.context.iter_mut()) {
            text.translations.truncate(TRANSLATIONS_MAX);
            text.mend_spans();
        }
        Ok(self)
    }

    /// Whether some medium is an exact hit on a list that the server names.
    #[must_use]
    pub fn is_known_exact(&self) -> bool {
        self.media.iter().any(|m| {
            m.known
                .as_ref()
                .is_some_and(|k| k.match_kind == KnownMatch::Exact)
        })
    }

    /// Whether anything that a person wrote comes with the item.
    #[must_use]
    pub fn has_words(&self) -> bool {
        !(self.texts.is_empty()
            && self.context.is_empty()
            && self.reports.iter().all(|r| r.text.is_empty())
            && self.appeal.as_ref().is_none_or(|a| a.text.is_empty()))
    }
}

impl Text {
    /// Spans outside the text, reversed, or not on character boundaries mean that the server's
    /// marks cannot be trusted: then the whole text is one span.
    fn mend_spans(&mut self) {
        let sound = self.flagged.len() <= SPANS_MAX
            && self.flagged.iter().all(|&(start, end)| {
                start < end
                    && self.body.is_char_boundary(start as usize)
                    && self.body.is_char_boundary(end as usize)
            });
        if !sound {
            self.flagged = vec![(0, u32::try_from(self.body.len()).unwrap_or(u32::MAX))];
        }
        self.flagged.sort_unstable();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(json: serde_json::Value) -> Item {
        serde_json::from_value(json).expect("an item")
    }

    #[test]
    fn unknown_kinds_and_fields_survive() {
        let item = item(serde_json::json!({"id": "i1", "kind": "hologram", "novel": 3}));
        assert_eq!(item.kind, Kind::Other("hologram".into()));
        assert_eq!(item.kind.as_str(), "hologram");
        assert_eq!(item.priority, 4);
    }

    #[test]
    fn a_span_off_the_characters_masks_the_whole_text() {
        let checked = item(serde_json::json!({"id": "i1", "kind": "text",
            "texts": [{"id": "t", "body": "añb", "flagged": [[2, 3]]}]}))
        .checked()
        .expect("mendable");
        assert_eq!(checked.texts[0].flagged, vec![(0, 4)]);
    }

    #[test]
    fn limits_are_held() {
        let long = item(
            serde_json::json!({"id": "i1", "kind": "image", "label": "x".repeat(5_000_000),
            "severity_hint": 200, "priority": 0}),
        )
        .checked()
        .expect("mendable");
        assert_eq!(long.label.chars().count(), LABEL_CHARS_MAX);
        assert_eq!((long.severity_hint, long.priority), (4, 1));
        let of_cover = |bytes| {
            let media = serde_json::json!([{"n": 0, "cover": {"bytes": bytes}}]);
            let item = item(serde_json::json!({"id": "i1", "kind": "image", "media": media}));
            item.checked().expect("mendable").media[0].cover.is_some()
        };
        assert!(of_cover(COVER_BYTES_MAX) && !of_cover(COVER_BYTES_MAX + 1));
        let misnumbered =
            item(serde_json::json!({"id": "i1", "kind": "image", "media": [{"n": 7}]}));
        assert_eq!(misnumbered.checked().map_err(|e| e.path), Err("media.n"));
    }
}
