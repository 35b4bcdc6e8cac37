//! What several commands need: the profile that is meant, and the programs beside this one.

use std::path::PathBuf;

use scrim_runtime::{Profile, SignIn, records_key, sibling};
use scrim_store::{Reader, Store};

use crate::error::CliError;

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
}

/// The records of `sign_in`, for reading.
pub(crate) fn records_of(profile: &Profile, sign_in: &SignIn) -> Result<Reader, CliError> {
    let key = records_key(profile, sign_in)?;
    Ok(Store::open_read_only(&profile.store_folder(sign_in), &key)?)
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
