//! What each sample will be, before anything is drawn.
//!
//! The first twelve samples are written down by hand, so that a demo opens with one of each kind
//! in the order in which a queue server hands items out: priority 1, exact hits, priority, due
//! time, age. The rest are drawn by weight; every twelfth place of the images among them has a
//! fixed part (copies, known hits, turned, very large and broken pictures).

use scrim_model::Kind;
use scrim_model::item::KnownMatch;

use crate::Settings;
use crate::encode::Breakage;
use crate::random::Random;

/// What is special about a sample's first picture or text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Special {
    /// Nothing.
    Plain,
    /// The file cannot be read as what it says it is.
    Broken(Breakage),
    /// On the list, with equal bytes or nearly.
    Known(MatchKind),
    /// One of a family of equal or nearly equal pictures.
    Family(u64, Copy),
    /// A JPEG lying on its side, marked so.
    Turned,
    /// 4000 × 3000 pixels; the number chooses the form.
    Huge(u64),
    /// Texts with invisible and direction-changing characters.
    Hidden,
}

/// How a sample stands on the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MatchKind {
    /// Equal bytes.
    Exact,
    /// Nearly equal picture.
    Near,
}

impl From<MatchKind> for KnownMatch {
    fn from(kind: MatchKind) -> Self {
        match kind {
            MatchKind::Exact => KnownMatch::Exact,
            MatchKind::Near => KnownMatch::Near,
        }
    }
}

/// How a picture of a family was made from the family's first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Copy {
    /// It is the first, or has the same bytes.
    Same,
    /// Half as wide and high.
    Resized,
    /// JPEG of lower quality.
    Recompressed,
    /// Another form and lighter.
    Brighter,
}

/// One sample to be.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    /// Counts from 1.
    pub(crate) number: u64,
    pub(crate) kind: Kind,
    pub(crate) priority: u8,
    pub(crate) severity: u8,
    pub(crate) special: Special,
    /// Fixed language of its texts; `None` lets the seed choose.
    pub(crate) lang: Option<&'static str>,
    /// One of the hand-written first twelve.
    pub(crate) leads: bool,
}

/// The kind that no desk knows.
pub(crate) fn unknown_kind() -> Kind {
    Kind::from("hologram")
}

/// Kind, priority, severity, what is special, language.
type Lead = (Kind, u8, u8, Special, Option<&'static str>);

fn leads() -> [Lead; 12] {
    use Special::{Broken, Hidden, Known, Plain};
    [
        (Kind::Image, 1, 3, Plain, None),
        (Kind::Conversation, 1, 2, Plain, Some("en")),
        (Kind::Post, 1, 2, Plain, Some("en")),
        (Kind::Link, 1, 1, Plain, Some("en")),
        (Kind::Account, 1, 2, Plain, Some("en")),
        (Kind::Text, 1, 1, Plain, Some("fr")),
        (Kind::Image, 1, 3, Broken(Breakage::CutJpeg), None),
        (Kind::Image, 2, 4, Known(MatchKind::Exact), None),
        (Kind::Post, 2, 4, Known(MatchKind::Exact), None),
        (Kind::Link, 2, 4, Known(MatchKind::Exact), None),
        (Kind::Conversation, 2, 2, Hidden, Some("en")),
        (unknown_kind(), 2, 0, Plain, Some("en")),
    ]
}

/// How often each kind comes after the first twelve.
fn weights() -> [(Kind, u64); 7] {
    [
        (Kind::Image, 44),
        (Kind::Conversation, 17),
        (Kind::Text, 12),
        (Kind::Post, 11),
        (Kind::Account, 8),
        (Kind::Link, 7),
        (unknown_kind(), 1),
    ]
}

/// The plans of `settings`, in the order of their numbers. Endless unless no kind is wanted that
/// the generator makes.
pub(crate) fn plans(settings: &Settings) -> impl Iterator<Item = Plan> + use<> {
    let settings = settings.clone();
    let wanted = move |kind: &Kind| settings.kinds.is_empty() || settings.kinds.contains(kind);
    let with_broken = settings.with_broken;
    let first: Vec<Lead> = leads().into_iter().filter(|lead| wanted(&lead.0)).collect();
    let weights: Vec<_> = weights().into_iter().filter(|row| wanted(&row.0)).collect();
    let mut random = Random::new(settings.seed, 100);
    let mut images = 0;
    let rest = std::iter::from_fn(move || {
        let kind = by_weight(&weights, &mut random)?;
        let special = match kind {
            Kind::Image => {
                images += 1;
                image_special(images - 1)
            }
            Kind::Conversation | Kind::Text if random.chance(3) => Special::Hidden,
            _ => Special::Plain,
        };
        let priority = *random.pick(&[2, 2, 3, 3, 3, 4, 4]);
        let severity = *random.pick(&[0, 1, 1, 2, 2, 2, 3, 3, 4]);
        Some((kind, priority, severity, special, None))
    });
    let lead_count = first.len();
    first
        .into_iter()
        .chain(rest)
        .enumerate()
        .map(move |(place, lead)| {
            let (kind, priority, severity, special, lang) = lead;
            let special = match special {
                Special::Broken(_) if !with_broken => Special::Plain,
                other => other,
            };
            let number = place as u64 + 1;
            let leads = place < lead_count;
            Plan {
                number,
                kind,
                priority,
                severity,
                special,
                lang,
                leads,
            }
        })
}

fn by_weight(weights: &[(Kind, u64)], random: &mut Random) -> Option<Kind> {
    let mut at = random.below(weights.iter().map(|row| row.1).sum());
    for (kind, weight) in weights {
        if at < *weight {
            return Some(kind.clone());
        }
        at -= weight;
    }
    None
}

/// The part of the image at this place (from 0) among the images after the first twelve.
fn image_special(place: u64) -> Special {
    let round = place / 12;
    match place % 12 {
        0 if round < 5 => Special::Family(round, Copy::Same),
        1 if round < 5 => Special::Known(MatchKind::Near),
        2 => Special::Turned,
        3 if round < 5 => Special::Family(round, Copy::Resized),
        4 if round < 4 => Special::Huge(round),
        5 if round < 5 => Special::Family(round, Copy::Recompressed),
        7 if round < 5 => Special::Family(round, Copy::Brighter),
        9 if round < 5 => Special::Family(round, Copy::Same),
        10 => usize::try_from(round)
            .ok()
            .and_then(|n| Breakage::ALL.get(n))
            .map_or(Special::Plain, |&breakage| Special::Broken(breakage)),
        _ => Special::Plain,
    }
}
