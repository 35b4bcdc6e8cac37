//! Covers of the items in hand: asked for, there, or not to be had.

use scrim_model::MediumKey;
use scrim_model::item::Form;
use scrim_model::view::{CoverKey, Part};
use scrim_wire::window::MediumState;

use crate::clock::Now;
use crate::desk::Desk;
use crate::effect::{CoverOf, Effect};
use crate::event::MediumFailure;
use crate::limits::PREPARED_MEDIA_MAX;
use crate::parts::hand::{HandItem, is_small};

impl Desk {
    pub(crate) fn cover_ready(&mut self, key: &CoverKey, made_of: (u32, u32), whole: bool) {
        let Some(held) = self.item_mut(&key.medium.item) else {
            return;
        };
        let n = key.medium.n as usize;
        let (width, height) = match held.item.media.get(n) {
            // Until the whole has come, its sizes are what the server says.
            Some(medium) if !whole => {
                let named = medium.width.zip(medium.height);
                named.filter(|(w, h)| *w > 0 && *h > 0).unwrap_or(made_of)
            }
            _ => made_of,
        };
        if held.cover_key(key.medium.n) == *key
            && let Some(state) = held.media.get_mut(n)
        {
            *state = MediumState::Covered {
                width,
                height,
                whole,
            };
        }
    }

    /// Has the whole of a medium fetched whose cover was made from a smaller version: of the open item at once, of those
    /// that wait only to find copies of what was decided, one after the other, and not before the covers are there.
    pub(crate) fn want_whole(&mut self, out: &mut Vec<Effect>) {
        if let Some(open) = &mut self.hand.open {
            while let Some(n) = open.next_small() {
                ask_whole(open, n, out);
            }
        }
        let finds_copies = self.copies.has_earlier();
        let comes = |held: &HandItem| {
            let media = held.media.iter().zip(&held.wants_whole);
            let mut media = media.map(|(state, asked)| *asked && is_small(state));
            held.media.contains(&MediumState::Loading) || media.any(|comes| comes)
        };
        if !finds_copies || self.hand.iter().any(comes) {
            return;
        }
        let mut waiting = self.hand.next.iter_mut().filter(|held| !held.is_look());
        if let Some((held, n)) = waiting.find_map(|held| {
            let n = held.next_small()?;
            Some((held, n))
        }) {
            ask_whole(held, n, out);
        }
    }

    pub(crate) fn medium_failed(&mut self, medium: &MediumKey, failure: MediumFailure) {
        let Some(held) = self.item_mut(&medium.item) else {
            return;
        };
        if Self::film_stays(held, medium.n) && failure != MediumFailure::Unavailable {
            return;
        }
        if let Some(state) = held.media.get_mut(medium.n as usize) {
            *state = match failure {
                MediumFailure::Rejected { reason } => MediumState::Rejected { reason },
                MediumFailure::Unavailable => MediumState::Unavailable,
            };
        }
    }

    pub(crate) fn opened_without_landlock(&mut self, medium: &MediumKey) {
        if let Some(held) = self.item_mut(&medium.item)
            && let Some(without) = held.without_landlock.get_mut(medium.n as usize)
        {
            *without = true;
        }
    }

    pub(crate) fn retry_medium(&mut self, n: u32, out: &mut Vec<Effect>) {
        let Some(held) = &mut self.hand.open else {
            return;
        };
        let could_go_without = !held.load;
        held.load = true;
        if let Some(by_choice) = held.loaded_by_choice.get_mut(n as usize) {
            *by_choice |= could_go_without;
        }
        if let Some(state) = held.media.get_mut(n as usize)
            && matches!(state, MediumState::NotLoaded | MediumState::Unavailable)
        {
            *state = MediumState::Loading;
            out.push(prepare_one(held, n));
        }
    }

    /// Media that did not come are asked for again; called when the connection is back.
    pub(crate) fn retry_media(&mut self, out: &mut Vec<Effect>) {
        for held in self.hand.iter_mut() {
            for n in 0..u32::try_from(held.media.len()).expect("media are counted in u32") {
                let state = &mut held.media[n as usize];
                if *state == MediumState::Unavailable {
                    *state = MediumState::Loading;
                    out.push(prepare_one(held, n));
                }
            }
        }
    }
}

impl Desk {
    /// Has the clear pixels of what is on the screen made before they are asked for, so that a look waits for its record
    /// and for nothing else.
    pub(crate) fn look_ahead(&mut self, now: Now, out: &mut Vec<Effect>) {
        // One that was asked for uses what is there.
        if self.reveal.is_some() {
            return;
        }
        let wanted = self.wanted_ahead(now);
        if wanted != self.ahead {
            self.ahead.clone_from(&wanted);
            out.push(Effect::ReadyClear(wanted));
        }
    }

    fn wanted_ahead(&self, now: Now) -> Option<MediumKey> {
        if !self.shows_item() || self.resting(now) || self.store_fault.is_some() {
            return None;
        }
        let held = self.hand.open.as_ref()?;
        let Part::Medium(n) = held.selected else {
            return None;
        };
        let is_here = matches!(
            held.medium(n),
            Some(MediumState::Covered { whole: true, .. })
        );
        // A still of a film, and a later frame of a picture, is made when it is asked for.
        let is_first = held.film(n).is_none_or(|film| {
            film.form == Form::Picture && film.can_be_looked_at() && film.shown_ms.is_none()
        });
        (is_here && is_first).then(|| held.cover_key(n).medium)
    }

    /// Whether these clear pixels are still wanted, though nothing is revealed.
    #[must_use]
    pub fn is_ahead(&self, medium: &MediumKey) -> bool {
        self.ahead.as_ref() == Some(medium)
    }
}

pub(crate) fn prepare_one(held: &HandItem, n: u32) -> Effect {
    let wants_whole = held.wants_whole.get(n as usize).copied().unwrap_or(true);
    let of = held.cover_of(n);
    Effect::PrepareCover {
        key: held.cover_key(n),
        claim_id: held.claim_id.clone(),
        small: !wants_whole && of == CoverOf::Picture,
        of,
    }
}

fn ask_whole(held: &mut HandItem, n: u32, out: &mut Vec<Effect>) {
    held.wants_whole[n as usize] = true;
    out.push(prepare_one(held, n));
}

/// Asks for covers of an item's first media, unless it is decided without loading.
pub(crate) fn prepare(held: &HandItem, out: &mut Vec<Effect>) {
    prepare_range(held, 0, PREPARED_MEDIA_MAX, out);
}

/// Asks for the covers of an item anew, after its cover has changed.
pub(crate) fn prepare_again(held: &HandItem, out: &mut Vec<Effect>) {
    for (n, state) in (0..).zip(&held.media) {
        if matches!(state, MediumState::Covered { .. } | MediumState::Loading) {
            out.push(prepare_one(held, n));
        }
    }
}

/// Asks for covers of the media that are not prepared ahead.
pub(crate) fn prepare_rest(held: &HandItem, out: &mut Vec<Effect>) {
    prepare_range(held, PREPARED_MEDIA_MAX, u32::MAX, out);
}

fn prepare_range(held: &HandItem, from: u32, to: u32, out: &mut Vec<Effect>) {
    if held.load {
        let media = held.item.media.iter().map(|medium| medium.n);
        out.extend(
            media
                .filter(|n| (from..to).contains(n))
                .map(|n| prepare_one(held, n)),
        );
    }
}
