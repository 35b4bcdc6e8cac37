//! What several commands need: the profile that is meant, and the programs beside this one.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use scrim_queue::HttpQueue;
use scrim_report::{EXPORT_LOG_FILE, SealKey};
use scrim_runtime::{
    KeyPlace, Keys, Managed, Profile, ProfileError, SignIn, queue_of, sibling, with_token,
};
use scrim_store::{Key, Reader, StoreError};
use scrim_wire::window::Secret;

use crate::error::CliError;
use crate::terminal::passphrase;

/// Which profile is meant.
#[derive(Debug)]
pub(crate) struct Profiles {
    folder: Option<PathBuf>,
}

impl Profiles {
    pub(crate) fn new(folder: Option<PathBuf>) -> Self {
        Self { folder }
    }

    /// The profile, made if it is not there.
    pub(crate) fn make(&self) -> Result<Profile, CliError> {
        Ok(Profile::open(self.folder.as_deref())?)
    }

    /// The profile of a command that only reads: a mistyped folder is not made.
    pub(crate) fn existing(&self) -> Result<Profile, CliError> {
        match &self.folder {
            Some(folder) if !folder.is_dir() => Err(CliError::NoProfile),
            _ => self.make(),
        }
    }

    /// The records of the signed-in desk, for reading.
    pub(crate) fn records(&self) -> Result<Reader, CliError> {
        let profile = self.existing()?;
        let sign_in = profile.sign_in()?.ok_or(CliError::NotSignedIn)?;
        records_of(&profile, &sign_in)
    }

    /// The same with what an export of them needs.
    pub(crate) fn desk(&self) -> Result<Desk, CliError> {
        let profile = self.existing()?;
        let sign_in = profile.sign_in()?.ok_or(CliError::NotSignedIn)?;
        Desk::of(&profile, &sign_in)
    }

    /// The queue server of whoever is signed in, with the token from wherever it is kept.
    pub(crate) fn queue(&self) -> Result<HttpQueue, CliError> {
        let profile = self.existing()?;
        let sign_in = profile.sign_in()?.ok_or(CliError::NotSignedIn)?;
        queue(&profile, &sign_in, &Managed::of_this_computer())
    }
}

/// A desk's records for reading, whose they are, and where its exports are written down.
pub(crate) struct Desk {
    profile: Profile,
    pub(crate) origin: String,
    pub(crate) moderator: String,
    pub(crate) records: Reader,
    pub(crate) export_log: PathBuf,
}

impl Desk {
    pub(crate) fn of(profile: &Profile, sign_in: &SignIn) -> Result<Self, CliError> {
        let records = records_of(profile, sign_in)?;
        Ok(Self {
            profile: profile.clone(),
            origin: sign_in.origin.clone(),
            moderator: sign_in.moderator_id.to_string(),
            records,
            export_log: export_log(profile, sign_in),
        })
    }

    /// What the end of the list of exports is sealed with; none before the desk was first started. It is read anew each
    /// time: Scrim may be started meanwhile.
    pub(crate) fn exports_key(&self) -> Result<Option<SealKey>, StoreError> {
        Ok(self.records.kept_exports_key()?.map(SealKey::new))
    }

    /// Refuses a place for a file among the profile's own.
    pub(crate) fn not_among_records(&self, file: &Path) -> Result<(), CliError> {
        let is_own = self.profile.keeps(file);
        match is_own.map_err(CliError::io("looking at the place of the file"))? {
            true => Err(CliError::AmongRecords),
            false => Ok(()),
        }
    }
}

/// Where the exports of that desk are written down: beside its records.
pub(crate) fn export_log(profile: &Profile, sign_in: &SignIn) -> PathBuf {
    profile.store_folder(sign_in).join(EXPORT_LOG_FILE)
}

/// `sign_in` with its token, and the key that the token is sealed under, if it is.
fn unsealed(profile: &Profile, sign_in: &SignIn) -> Result<(SignIn, Option<Key>), CliError> {
    if !sign_in.token.is_empty() {
        return Ok((sign_in.clone(), None));
    }
    let keys = Keys::of(profile, sign_in);
    let key = keys.get_or_make(passphrase_of(&keys)?)?;
    Ok((with_token(profile, sign_in, &key)?, Some(key)))
}

/// The queue server of `sign_in`, under the managed file.
pub(crate) fn queue(
    profile: &Profile,
    sign_in: &SignIn,
    managed: &Managed,
) -> Result<HttpQueue, CliError> {
    let (sign_in, key) = unsealed(profile, sign_in)?;
    Ok(queue_of(profile, &sign_in, managed, key)?)
}

/// The passphrase, if one stands before the key; asked for once.
pub(crate) fn passphrase_of(keys: &Keys) -> Result<Option<&'static Secret>, CliError> {
    static TYPED: OnceLock<Secret> = OnceLock::new();
    if keys.place()? != Some(KeyPlace::Passphrase) {
        return Ok(None);
    }
    if TYPED.get().is_none() {
        let typed = passphrase("Your passphrase, then Enter. It is not shown.")?;
        TYPED.set(typed).ok();
    }
    Ok(TYPED.get())
}

/// The records of `sign_in`, for reading.
pub(crate) fn records_of(profile: &Profile, sign_in: &SignIn) -> Result<Reader, CliError> {
    let keys = Keys::of(profile, sign_in);
    let typed = passphrase_of(&keys)?;
    Ok(keys.open_read_only(&profile.store_folder(sign_in), typed)?)
}

/// Holds the profile, so that no agent starts meanwhile.
pub(crate) fn alone(profile: &Profile) -> Result<File, CliError> {
    profile.lock().map_err(|fault| match fault {
        ProfileError::InUse => CliError::AgentRuns,
        other => other.into(),
    })
}

/// The program of that name that was installed with this one.
pub(crate) fn beside(program: &'static str) -> Result<PathBuf, CliError> {
    sibling(program).map_err(|_| CliError::NotBeside { program })
}

/// Whether the environment variable is there and holds something.
pub(crate) fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}

/// Whether a window could open from here.
pub(crate) fn has_display() -> bool {
    is_set("WAYLAND_DISPLAY") || is_set("DISPLAY")
}
