//! The places that a key can have.

/// Where a key is; the later ones keep it better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyPlace {
    /// A private file.
    File,
    /// The keyring of the desktop's session (Secret Service).
    Keyring,
    /// A file that opens with a passphrase only.
    Passphrase,
}

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
