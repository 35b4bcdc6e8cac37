//! Media in the agent's memory: bytes of items in hand, covered previews, at most one clear
//! picture, and at most one that was made ahead of a reveal. Nothing here ever reaches a disk; everything is wiped when it is dropped.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use scrim_desk::FilmKnown;
use scrim_media::{Clear, Covered, Medium, Picture, Unrevealed};
use scrim_model::view::CoverKey;
use scrim_model::{ItemId, MediumKey, RevealId};
use scrim_wire::window::ClipKey;

use crate::made_clip::MadeClip;

/// Clear pixels of the reveal in force.
pub(crate) struct ClearOnShelf {
    pub(crate) reveal: RevealId,
    pub(crate) medium: MediumKey,
    pub(crate) picture: Clear<Picture>,
}

/// See the module.
#[derive(Default)]
pub(crate) struct Shelf {
    pub(crate) media: HashMap<MediumKey, Arc<Medium>>,
    pub(crate) covered: HashMap<CoverKey, Covered<Picture>>,
    /// What is known of films, by the cover that was made meanwhile.
    pub(crate) films: HashMap<CoverKey, FilmKnown>,
    pub(crate) clear: Option<ClearOnShelf>,
    /// Clips that play or are about to.
    pub(crate) clips: HashMap<ClipKey, MadeClip>,
    /// Made ahead of a reveal.
    pub(crate) ahead: Option<(MediumKey, Unrevealed)>,
    /// Items of which covers were asked for; true for those that have gone, or were put down with everything, since.
    gone: HashMap<ItemId, Arc<AtomicBool>>,
}

impl Shelf {
    /// What becomes true once `item` has gone: a cover that was not begun by then is not made.
    pub(crate) fn is_gone(&mut self, item: &ItemId) -> Arc<AtomicBool> {
        Arc::clone(self.gone.entry(item.clone()).or_default())
    }

    /// Wipes everything of `item`.
    pub(crate) fn drop_item(&mut self, item: &ItemId) {
        if let Some(gone) = self.gone.remove(item) {
            gone.store(true, Ordering::Relaxed);
        }
        self.media.retain(|key, _| &key.item != item);
        self.covered.retain(|key, _| &key.medium.item != item);
        self.films.retain(|key, _| &key.medium.item != item);
        if self.clear.as_ref().is_some_and(|c| &c.medium.item == item) {
            self.clear = None;
        }
        self.ahead.take_if(|(key, _)| &key.item == item);
        self.clips.retain(|key, _| &key.medium.item != item);
    }

    /// Of a film's stills only the newest stays, so that going through a film takes no more memory than one.
    pub(crate) fn put_cover(&mut self, key: CoverKey, picture: Covered<Picture>) {
        if key.at_ms.is_some() {
            let stays = |other: &CoverKey| other.medium != key.medium || other.at_ms.is_none();
            self.covered.retain(|other, _| stays(other));
            self.films.retain(|other, _| stays(other) || *other == key);
        }
        self.covered.insert(key, picture);
    }

    /// Wipes everything.
    pub(crate) fn drop_all(&mut self) {
        self.clear = None;
        self.ahead = None;
        self.clips.clear();
        self.covered.clear();
        self.films.clear();
        self.media.clear();
        for (_, gone) in self.gone.drain() {
            gone.store(true, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn an_item_that_came_anew_is_not_gone() {
        let mut shelf = Shelf::default();
        let item = ItemId::new("item").unwrap();
        let ways: [fn(&mut Shelf, &ItemId); 2] = [Shelf::drop_item, |shelf, _| shelf.drop_all()];
        for drop in ways {
            let (first, same) = (shelf.is_gone(&item), shelf.is_gone(&item));
            drop(&mut shelf, &item);
            let anew = shelf.is_gone(&item);
            let gone = [first, same, anew].map(|gone| gone.load(Ordering::Relaxed));
            assert_eq!(gone, [true, true, false]);
        }
    }
}
