//! The managed file's word on where the key may be (`keys.require`). It is held to wherever a key
//! would be used or made; only moving reads a key from a worse place, to take it to a better one.

use super::{KeyError, KeyPlace, Keys};

impl Keys {
    /// Where the managed file wants the key, if the key is kept worse or there is none yet.
    ///
    /// # Errors
    /// [`KeyError::Disk`].
    pub fn must_move(&self) -> Result<Option<KeyPlace>, KeyError> {
        Ok(match self.place()? {
            Some(found) => self.wanted_over(found),
            None => self.wanted,
        })
    }

    /// Where the managed file wants the key, if `place` is worse.
    fn wanted_over(&self, place: KeyPlace) -> Option<KeyPlace> {
        self.wanted.filter(|wanted| place < *wanted)
    }

    pub(super) fn hold_to_rule(&self, found: KeyPlace) -> Result<(), KeyError> {
        let worse = |wanted| Err(KeyError::KeptWorse { found, wanted });
        self.wanted_over(found).map_or(Ok(()), worse)
    }

    /// Whether a key may be made without anybody being asked for anything.
    pub(super) fn may_make(&self, place: KeyPlace) -> Result<(), KeyError> {
        let worse = |wanted| Err(KeyError::NotMade(wanted));
        self.wanted_over(place).map_or(Ok(()), worse)
    }

    pub(super) fn may_move_to(&self, place: KeyPlace) -> Result<(), KeyError> {
        let worse = |wanted| Err(KeyError::NotThere(wanted));
        self.wanted_over(place).map_or(Ok(()), worse)
    }
}
