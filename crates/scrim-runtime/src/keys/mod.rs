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
//!
//! Where the managed file names a place, a key that is kept worse opens nothing and none is made
//! there; it can only be moved (`rule.rs`).

mod file;
mod keyring;
pub(crate) mod place;
mod rule;
mod sealed;
mod sign_in;

use std::path::PathBuf;

use rand::TryRngCore;
use rand::rngs::OsRng;
use scrim_model::Timestamp;
use scrim_store::{KEY_BYTES, Key, Opening, Reader, Store, StoreError};
use scrim_wire::window::Secret;
use sha2::{Digest, Sha256};
use thiserror::Error;

pub use self::place::KeyPlace;
pub(crate) use self::sign_in::{SignInMark, sign_in_mark};
pub use self::sign_in::{keep_sign_in, with_token};
use crate::managed::Managed;
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
    /// There are records, and the key that opens them is nowhere.
    #[error(
        "The key of your records is gone, so they cannot be opened. The records themselves are all there and were not touched, and no new key was made. Put Scrim's folder `keys` back from a copy, or ask whoever looks after this computer."
    )]
    Gone,
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
    /// It is kept worse than the managed file allows.
    #[error(
        "The managed settings of this computer want the key of your records {}, and it is {}. Nothing was opened and nothing is lost: all your decisions are kept. Quit Scrim and run `scrim key move {}`.",
        .wanted.words(), .found.words(), .wanted.name()
    )]
    KeptWorse {
        /// Where it is.
        found: KeyPlace,
        /// Where it must be, at least.
        wanted: KeyPlace,
    },
    /// There is none yet, and none can be made where the managed file wants it.
    #[error(
        "The managed settings of this computer want the key of your records {}, and none can be made there now. No key and no records were made; your sign-in is kept. Quit Scrim and run `scrim key move {}` in your unlocked session.",
        .0.words(), .0.name()
    )]
    NotMade(KeyPlace),
    /// It was to be moved to a worse place than the managed file allows.
    #[error(
        "The managed settings of this computer want the key of your records {}, so it was not moved. Nothing was changed.",
        .0.words()
    )]
    NotThere(KeyPlace),
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

/// Which of the two keys while one is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slot {
    Now,
    Next,
}

/// The key of one (server, moderator).
pub struct Keys {
    folder: PathBuf,
    /// Where the records are.
    records: PathBuf,
    desk: String,
    /// Names the profile in the keyring, which all profiles of an account share.
    profile: String,
    /// Where the managed file wants the key, at least.
    wanted: Option<KeyPlace>,
}

/// The key of the records of `sign_in`; made if there is none yet.
///
/// # Errors
/// [`KeyError`]; no key was made or changed then.
pub fn records_key(profile: &Profile, sign_in: &SignIn) -> Result<Key, KeyError> {
    Keys::of(profile, sign_in).get_or_make(None)
}

impl Keys {
    /// Those of `sign_in` in `profile`, under the managed file of this computer.
    #[must_use]
    pub fn of(profile: &Profile, sign_in: &SignIn) -> Self {
        Self::under(profile, sign_in, &Managed::of_this_computer())
    }

    /// The same under this managed file.
    #[must_use]
    pub fn under(profile: &Profile, sign_in: &SignIn, managed: &Managed) -> Self {
        Self {
            wanted: managed.key_place(),
            ..Self::unruled(profile, sign_in)
        }
    }

    /// The same under no rule: for what is sealed beside the key, and for opening the records once
    /// before a key that is kept worse is moved. Reads no file.
    #[must_use]
    pub fn unruled(profile: &Profile, sign_in: &SignIn) -> Self {
        let file = profile.key_file(sign_in);
        let name = file.file_name().map(|name| name.to_string_lossy());
        let whole = profile.folder().canonicalize();
        let whole = whole.unwrap_or_else(|_| profile.folder().to_owned());
        let hash = Sha256::digest(whole.as_os_str().as_encoded_bytes());
        Self {
            desk: name.unwrap_or_default().into_owned(),
            folder: file.parent().map(PathBuf::from).unwrap_or_default(),
            records: profile.store_folder(sign_in),
            profile: sealed::hex(&hash[..16]),
            wanted: None,
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
            Some(place) => {
                self.hold_to_rule(place)?;
                self.read(place, Slot::Now, typed)
            }
            None => Ok(None),
        }
    }

    /// Whether there are records and no key to them.
    ///
    /// # Errors
    /// [`KeyError`]: what the disk said.
    pub fn is_gone(&self) -> Result<bool, KeyError> {
        Ok(self.place()?.is_none() && scrim_store::needs_key(&self.records)?)
    }

    /// A new key would open none of the records that are there, and hide that theirs is gone.
    fn no_records_without(&self) -> Result<(), KeyError> {
        match self.is_gone()? {
            true => Err(KeyError::Gone),
            false => Ok(()),
        }
    }

    /// As [`Keys::get`]; where there is none, one is made: in the keyring if there is one that is
    /// unlocked, otherwise in a file, unless the managed file wants better.
    ///
    /// # Errors
    /// [`KeyError`]; no key was made or changed then.
    pub fn get_or_make(&self, typed: Option<&Secret>) -> Result<Key, KeyError> {
        if let Some(key) = self.get(typed)? {
            return Ok(key);
        }
        self.no_records_without()?;
        let place = if keyring::is_open() {
            KeyPlace::Keyring
        } else {
            KeyPlace::File
        };
        self.may_make(place)?;
        let key = fresh()?;
        if place == KeyPlace::Keyring {
            self.write(place, Slot::Now, &key, None)?;
        } else {
            // Of two that make it at the same time, both get the one that was first.
            file::write(&self.path(place, Slot::Now), key.bytes())?;
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
        self.may_move_to(place)?;
        let from = self.place()?;
        let key = match from {
            Some(from) => self
                .read(from, Slot::Now, typed)?
                .ok_or(KeyError::Damaged)?,
            None => fresh()?,
        };
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
        let Some(key) = self.get(typed)? else {
            self.no_records_without()?;
            return Err(StoreError::NoStore.into());
        };
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
