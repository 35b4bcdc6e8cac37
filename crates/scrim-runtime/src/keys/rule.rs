//! The managed file's word on where the key may be (`keys.require`). It is held to wherever a key
//! would be used or made; only moving reads a key from a worse place, to take it to a better one.

use super::{KeyError, KeyPlace, Keys};

impl KeyPlace {
    /// As it stands in the managed file and after `scrim key move`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Keyring => "keyring",
            Self::Passphrase => "passphrase",
        }
    }

    /// In a sentence, after "the key is".
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::File => "in a private file",
            Self::Keyring => "in the keyring",
            Self::Passphrase => "behind a passphrase",
        }
    }
}

impl Keys {
    /// Where the managed file wants the key, at least.
    #[must_use]
    pub fn wanted(&self) -> Option<KeyPlace> {
        self.wanted
    }

    /// Whether the key, if there is one, is kept worse than the managed file wants, or there is none
    /// where one is wanted.
    ///
    /// # Errors
    /// [`KeyError::Disk`].
    pub fn must_move(&self) -> Result<Option<KeyPlace>, KeyError> {
        let place = self.place()?;
        Ok(self
            .wanted
            .filter(|wanted| place.is_none_or(|p| p < *wanted)))
    }

    /// The same key without the managed file's rule, for opening the records once before it is moved.
    #[must_use]
    pub fn to_be_moved(&self) -> Self {
        Self {
            folder: self.folder.clone(),
            desk: self.desk.clone(),
            profile: self.profile.clone(),
            wanted: None,
        }
    }

    pub(super) fn hold_to_rule(&self, found: KeyPlace) -> Result<(), KeyError> {
        match self.wanted {
            Some(wanted) if found < wanted => Err(KeyError::KeptWorse { found, wanted }),
            _ => Ok(()),
        }
    }

    /// Whether a key may be made without anybody being asked for anything.
    pub(super) fn may_make(&self, in_keyring: bool) -> Result<(), KeyError> {
        let made = if in_keyring {
            KeyPlace::Keyring
        } else {
            KeyPlace::File
        };
        match self.wanted {
            Some(wanted) if made < wanted => Err(KeyError::NotMade(wanted)),
            _ => Ok(()),
        }
    }

    pub(super) fn may_move_to(&self, place: KeyPlace) -> Result<(), KeyError> {
        match self.wanted {
            Some(wanted) if place < wanted => Err(KeyError::NotThere(wanted)),
            _ => Ok(()),
        }
    }
}
