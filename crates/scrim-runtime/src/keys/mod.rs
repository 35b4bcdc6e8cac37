//! Where the key of the records is kept, one for each (server, moderator).
//!
//! | Place | On disk | Opens for |
//! | --- | --- | --- |
//! | file | `keys/DESK`, 0600: the key | whoever can read this account's files |
//! | keyring | `keys/DESK.keyring`: that it is there | whoever has unlocked this account's keyring |
//! | passphrase | `keys/DESK.sealed`: the key, wrapped | whoever knows the passphrase |
//!
//! Outside the file place the sign-in's token is sealed under the key (`keys/DESK.token`). A place is
//! left only after the next one was written and read back. While a key is changed, the next one waits
//! beside it (`DESK.next`), so that a machine that dies in the middle has the right one of the two. A
//! key that cannot be read is an error and never replaced: without it the records stay shut for good.

mod file;
mod keyring;
mod sealed;

use std::path::PathBuf;

use rand::TryRngCore;
use rand::rngs::OsRng;
use scrim_model::Timestamp;
use scrim_store::{KEY_BYTES, Key, Opening, Reader, Store, StoreError};
use scrim_wire::window::Secret;
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::profile::{Profile, ProfileError, SignIn};

/// Why there is no key.
#[derive(Debug, Error)]
pub enum KeyError {
    /// The file cannot be read or written.
    #[error(
        "The key of the records cannot be read or written ({0}). Nothing was changed. Check that Scrim's folder belongs to you and that the disk is not full."
    )]
    Disk(#[from] std::io::Error),
    /// The file is not what Scrim wrote.
    #[error(
        "The file with the key of your records is damaged, so they cannot be opened. The records themselves were not touched. Put the file back from a copy, or ask whoever looks after this computer."
    )]
    Damaged,
    /// The system gives no random bytes.
    #[error("This computer gives no random numbers, so no key was made. Nothing was changed.")]
    NoRandomness,
    /// The keyring does not answer, is locked, or has lost the key.
    #[error(
        "The key of your records is in this account's keyring, and that does not give it ({0}). Nothing was changed. Unlock the keyring and try again."
    )]
    Keyring(String),
    /// A passphrase stands before the key.
    #[error("Your records are behind a passphrase. Nothing was opened.")]
    NeedsPassphrase,
    /// It was not this one.
    #[error("That is not the passphrase. Nothing was changed.")]
    WrongPassphrase,
    /// The sealed token does not open, or is gone.
    #[error(
        "The stored sign-in cannot be opened. Your records are safe. Sign in again with `scrim sign-in`."
    )]
    TokenLost,
    /// The sign-in beside the key.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// The records under the key.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Where a key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyPlace {
    /// A private file.
    File,
    /// The keyring of the desktop's session (Secret Service).
    Keyring,
    /// A file that opens with a passphrase only.
    Passphrase,
}

/// Which of the two keys while one is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slot {
    Now,
    Next,
}

/// The key of one (server, moderator).
pub struct Keys {
    folder: PathBuf,
    desk: String,
    /// Names the profile in the keyring, which all profiles of an account share.
    profile: String,
}

/// The key of the records of `sign_in`; made if there is none yet.
///
/// # Errors
/// [`KeyError`]; no key was made or changed then.
pub fn records_key(profile: &Profile, sign_in: &SignIn) -> Result<Key, KeyError> {
    Keys::of(profile, sign_in).get_or_make(None)
}

impl Keys {
    /// Those of `sign_in` in `profile`.
    #[must_use]
    pub fn of(profile: &Profile, sign_in: &SignIn) -> Self {
        let file = profile.key_file(sign_in);
        let name = file.file_name().map(|name| name.to_string_lossy());
        let whole = profile.folder().canonicalize();
        let whole = whole.unwrap_or_else(|_| profile.folder().to_owned());
        let hash = Sha256::digest(whole.as_os_str().as_encoded_bytes());
        Self {
            desk: name.unwrap_or_default().into_owned(),
            folder: file.parent().map(PathBuf::from).unwrap_or_default(),
            profile: sealed::hex(&hash[..16]),
        }
    }

    /// Where the key is; `None` before the first one.
    ///
    /// # Errors
    /// [`KeyError::Disk`].
    pub fn place(&self) -> Result<Option<KeyPlace>, KeyError> {
        for place in [KeyPlace::File, KeyPlace::Keyring, KeyPlace::Passphrase] {
            if self.path(place, Slot::Now).try_exists()? {
                return Ok(Some(place));
            }
        }
        Ok(None)
    }

    /// The key, from where it is. `typed` is needed, and used, behind a passphrase only.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn get(&self, typed: Option<&Secret>) -> Result<Option<Key>, KeyError> {
        match self.place()? {
            Some(place) => self.read(place, Slot::Now, typed),
            None => Ok(None),
        }
    }

    /// As [`Keys::get`]; where there is none, one is made: in the keyring if there is one that is
    /// unlocked, otherwise in a file.
    ///
    /// # Errors
    /// [`KeyError`]; no key was made or changed then.
    pub fn get_or_make(&self, typed: Option<&Secret>) -> Result<Key, KeyError> {
        if let Some(key) = self.get(typed)? {
            return Ok(key);
        }
        let key = fresh()?;
        if keyring::is_open() {
            self.write(KeyPlace::Keyring, Slot::Now, &key, None)?;
        } else {
            // Of two that make it at the same time, both get the one that was first.
            file::write(&self.path(KeyPlace::File, Slot::Now), key.bytes())?;
        }
        self.get(None)?.ok_or(KeyError::Damaged)
    }

    /// Takes the key to another place. `typed` opens the old one, `new` is the passphrase of the new
    /// one. Whoever calls has opened the records just now: of a change that was cut off, the right key
    /// has its place again.
    ///
    /// # Errors
    /// [`KeyError`]; the key is still where it was, perhaps in both places.
    pub fn move_to(
        &self,
        place: KeyPlace,
        typed: Option<&Secret>,
        new: Option<&Secret>,
    ) -> Result<(), KeyError> {
        let key = self.get_or_make(typed)?;
        let from = self.place()?;
        self.write(place, Slot::Now, &key, new)?;
        if self.read(place, Slot::Now, new)?.as_ref() != Some(&key) {
            return Err(KeyError::Damaged);
        }
        if let Some(from) = from.filter(|from| *from != place) {
            self.remove(from, Slot::Now)?;
        }
        Ok(())
    }

    /// Opens the records for writing. After a change of the key that was cut off, the key that fits
    /// is the one from now on.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn open(
        &self,
        folder: &std::path::Path,
        typed: Option<&Secret>,
        now: Timestamp,
    ) -> Result<(Store, Opening, Key), KeyError> {
        let key = self.get_or_make(typed)?;
        match Store::open(folder, &key, now) {
            Err(StoreError::WrongKey) => {
                let next = self.next(typed)?.ok_or(StoreError::WrongKey)?;
                let (store, how) = Store::open(folder, &next, now)?;
                self.promote(typed, &next)?;
                Ok((store, how, next))
            }
            opened => {
                let (store, how) = opened?;
                Ok((store, how, key))
            }
        }
    }

    /// Opens the records for reading; changes nothing.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn open_read_only(
        &self,
        folder: &std::path::Path,
        typed: Option<&Secret>,
    ) -> Result<Reader, KeyError> {
        let key = self.get(typed)?.ok_or(StoreError::NoStore)?;
        match Store::open_read_only(folder, &key) {
            Err(StoreError::WrongKey) => {
                let next = self.next(typed)?.ok_or(StoreError::WrongKey)?;
                Ok(Store::open_read_only(folder, &next)?)
            }
            opened => Ok(opened?),
        }
    }

    /// Puts the records, and the token, under a new key in the same place. Killed at any moment,
    /// [`Keys::open`] finds the right one.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn rotate(
        &self,
        folder: &std::path::Path,
        typed: Option<&Secret>,
        now: Timestamp,
    ) -> Result<(), KeyError> {
        let (mut store, _, old) = self.open(folder, typed, now)?;
        let place = self.place()?.ok_or(KeyError::Damaged)?;
        let token = self.token(&old)?;
        let next = fresh()?;
        self.remove(place, Slot::Next)?;
        self.write(place, Slot::Next, &next, typed)?;
        if self.next(typed)?.as_ref() != Some(&next) {
            return Err(KeyError::Damaged);
        }
        store.rekey(&next)?;
        self.promote(typed, &next)?;
        if let Some(token) = token {
            self.keep_token(&next, token.expose())?;
        }
        Ok(())
    }

    /// Keeps `token` sealed under `key`.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn keep_token(&self, key: &Key, token: &str) -> Result<(), KeyError> {
        let sealed = sealed::seal_token(key, token)?;
        Ok(file::replace(&self.token_file(), &sealed)?)
    }

    /// The token that was sealed, if one was.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn token(&self, key: &Key) -> Result<Option<Secret>, KeyError> {
        match file::read(&self.token_file())? {
            Some(bytes) => sealed::open_token(key, &bytes).map(Some),
            None => Ok(None),
        }
    }

    fn token_file(&self) -> PathBuf {
        self.folder.join(format!("{}.token", self.desk))
    }

    fn next(&self, typed: Option<&Secret>) -> Result<Option<Key>, KeyError> {
        match self.place()? {
            Some(place) => self.read(place, Slot::Next, typed),
            None => Ok(None),
        }
    }

    /// The next key is the key from now on.
    fn promote(&self, typed: Option<&Secret>, next: &Key) -> Result<(), KeyError> {
        let place = self.place()?.ok_or(KeyError::Damaged)?;
        match place {
            KeyPlace::Keyring => self.write(place, Slot::Now, next, typed)?,
            _ => file::rename(&self.path(place, Slot::Next), &self.path(place, Slot::Now))?,
        }
        self.remove(place, Slot::Next)
    }

    fn path(&self, place: KeyPlace, slot: Slot) -> PathBuf {
        let next = if slot == Slot::Next { ".next" } else { "" };
        let kind = match place {
            KeyPlace::File => "",
            KeyPlace::Keyring => ".keyring",
            KeyPlace::Passphrase => ".sealed",
        };
        self.folder.join(format!("{}{next}{kind}", self.desk))
    }

    fn read(
        &self,
        place: KeyPlace,
        slot: Slot,
        typed: Option<&Secret>,
    ) -> Result<Option<Key>, KeyError> {
        let Some(bytes) = file::read(&self.path(place, slot))? else {
            return Ok(None);
        };
        match place {
            KeyPlace::File => key_of(&bytes).map(Some),
            KeyPlace::Keyring => key_of(&keyring::get(&self.attributes(slot))?).map(Some),
            KeyPlace::Passphrase => {
                sealed::open(&bytes, typed.ok_or(KeyError::NeedsPassphrase)?).map(Some)
            }
        }
    }

    fn write(
        &self,
        place: KeyPlace,
        slot: Slot,
        key: &Key,
        typed: Option<&Secret>,
    ) -> Result<(), KeyError> {
        let path = self.path(place, slot);
        match place {
            KeyPlace::File => file::replace(&path, key.bytes())?,
            KeyPlace::Keyring => {
                keyring::set(&self.attributes(slot), key.bytes())?;
                file::replace(&path, b"in the keyring of this account\n")?;
            }
            KeyPlace::Passphrase => {
                let typed = typed.ok_or(KeyError::NeedsPassphrase)?;
                file::replace(&path, &sealed::seal(key, typed)?)?;
            }
        }
        Ok(())
    }

    fn remove(&self, place: KeyPlace, slot: Slot) -> Result<(), KeyError> {
        let path = self.path(place, slot);
        if place == KeyPlace::Keyring && path.try_exists()? {
            keyring::remove(&self.attributes(slot))?;
        }
        Ok(file::remove(&path)?)
    }

    fn attributes(&self, slot: Slot) -> [(&'static str, &str); 4] {
        [
            ("application", "org.scrimdesk.Scrim"),
            ("profile", &self.profile),
            ("desk", &self.desk),
            ("slot", if slot == Slot::Next { "next" } else { "now" }),
        ]
    }
}

/// Keeps a sign-in with its token where the key is: as it is beside a key file, sealed otherwise.
///
/// # Errors
/// [`KeyError`].
pub fn keep_sign_in(
    profile: &Profile,
    sign_in: &SignIn,
    typed: Option<&Secret>,
) -> Result<(), KeyError> {
    let keys = Keys::of(profile, sign_in);
    let key = keys.get_or_make(typed)?;
    if keys.place()? == Some(KeyPlace::File) {
        profile.keep_sign_in(sign_in)?;
        return Ok(file::remove(&keys.token_file())?);
    }
    keys.keep_token(&key, &sign_in.token)?;
    let mut without = sign_in.clone();
    without.token.clear();
    Ok(profile.keep_sign_in(&without)?)
}

/// `sign_in` with its token, wherever that is.
///
/// # Errors
/// [`KeyError`].
pub fn with_token(profile: &Profile, sign_in: &SignIn, key: &Key) -> Result<SignIn, KeyError> {
    let mut whole = sign_in.clone();
    if whole.token.is_empty() {
        let sealed = Keys::of(profile, sign_in).token(key)?;
        sealed
            .ok_or(KeyError::TokenLost)?
            .expose()
            .clone_into(&mut whole.token);
    }
    Ok(whole)
}

/// Tells one stored sign-in from another without holding its token.
pub(crate) type SignInMark = [u8; 32];

/// Of the sign-in that is stored now; `None` if nobody is signed in.
pub(crate) fn sign_in_mark(profile: &Profile) -> Result<Option<SignInMark>, KeyError> {
    let Some(sign_in) = profile.sign_in()? else {
        return Ok(None);
    };
    let mut hash = Sha256::new();
    let connection = serde_json::to_string(&sign_in.connection).unwrap_or_default();
    for part in [
        sign_in.origin.as_str(),
        sign_in.moderator_id.as_str(),
        &connection,
    ] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    // A token of an issuer is renewed all the time; there the connection tells sign-ins apart.
    if sign_in.connection.oidc.is_none() {
        let sealed = file::read(&Keys::of(profile, &sign_in).token_file())?;
        hash.update(sign_in.token.as_bytes());
        hash.update([0]);
        hash.update(sealed.as_deref().map_or(&[][..], Vec::as_slice));
    }
    Ok(Some(hash.finalize().into()))
}

fn fresh() -> Result<Key, KeyError> {
    random::<KEY_BYTES>().map(Key::new)
}

fn random<const N: usize>() -> Result<[u8; N], KeyError> {
    let mut bytes = [0; N];
    OsRng
        .try_fill_bytes(&mut bytes)
        .map_err(|_| KeyError::NoRandomness)?;
    Ok(bytes)
}

fn key_of(bytes: &[u8]) -> Result<Key, KeyError> {
    let bytes = <[u8; KEY_BYTES]>::try_from(bytes);
    bytes.map(Key::new).map_err(|_| KeyError::Damaged)
}

#[cfg(test)]
mod tests;
