//! Media in the agent's memory: bytes of items in hand, covered previews, at most one clear
//! picture, and at most one that was made ahead of a reveal. Nothing here ever reaches a disk; everything is wiped when it is dropped.

use std::collections::HashMap;
use std::sync::Arc;

use scrim_media::{Clear, Covered, Medium, Picture, Unrevealed};
use scrim_model::view::CoverKey;
use scrim_model::{ItemId, MediumKey, RevealId};

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
    pub(crate) clear: Option<ClearOnShelf>,
    /// Made ahead of a reveal.
    pub(crate) ahead: Option<(MediumKey, Unrevealed)>,
}

impl Shelf {
    /// Wipes everything of `item`.
    pub(crate) fn drop_item(&mut self, item: &ItemId) {
        self.media.retain(|key, _| &key.item != item);
        self.covered.retain(|key, _| &key.medium.item != item);
        if self.clear.as_ref().is_some_and(|c| &c.medium.item == item) {
            self.clear = None;
        }
        self.ahead.take_if(|(key, _)| &key.item == item);
    }

    /// Wipes everything.
    pub(crate) fn drop_all(&mut self) {
        self.clear = None;
        self.ahead = None;
        self.covered.clear();
        self.media.clear();
    }
}
