//! Where a desk keeps what it must keep.
//!
//! A profile is a private folder (0700) with `sign-in.json` (0600: server, moderator, token),
//! `agent.lock`, and for each (server, moderator) a folder with the store in it and a file with its key. Without an explicit
//! folder it is the system's data folder for Scrim.

use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use scrim_model::ModeratorId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;

/// Why a profile cannot be used.
#[derive(Debug, Error)]
pub enum ProfileError {
    /// The system names no data folder (no home).
    #[error(
        "This account has no home folder, so Scrim has nowhere to keep its records. Name one with --profile."
    )]
    NoHome,
    /// The file cannot be read or written.
    #[error(
        "Scrim cannot use its folder ({0}). Nothing was changed. Check that it belongs to you and that the disk is not full."
    )]
    Disk(#[from] std::io::Error),
    /// `sign-in.json` is damaged.
    #[error(
        "The stored sign-in cannot be read. Your records are safe. Sign in again with `scrim sign-in`."
    )]
    SignInDamaged,
    /// Another agent runs on this profile.
    #[error("Scrim is already running for this profile.")]
    InUse,
}

/// Folders that Scrim keeps in a profile's folder.
const OWN_FOLDERS: [&str; 3] = ["desks", "keys", "hash-lists"];
/// Files that it keeps there itself.
const OWN_FILES: [&str; 4] = [
    "sign-in.json",
    "sign-in.json.new",
    "agent.lock",
    "agent.socket",
];

/// A profile's folder.
#[derive(Debug, Clone)]
pub struct Profile {
    folder: PathBuf,
}

/// A stored sign-in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// `https://host[:port]`.
    pub origin: String,
    /// Who the token belongs to.
    pub moderator_id: ModeratorId,
    /// The token, or with an issuer the refresh token, which changes with every renewal. Kept in a file that only its owner can read until a keyring takes it over.
    pub token: String,
    /// How the server is reached; a sign-in of an older version has nothing of its own to say.
    #[serde(default)]
    pub connection: Connection,
}

/// What a sign-in keeps of its connection besides the server's address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// An authority of one's own, as PEM text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_pem: Option<String>,
    /// Trusts that authority and no other.
    #[serde(default)]
    pub only_this_ca: bool,
    /// Keys of which the server must have one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pins: Vec<String>,
    /// The issuer that the token is renewed at. Then the stored token is a refresh token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oidc: Option<OidcClient>,
}

/// An issuer, and what this desk is called there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OidcClient {
    /// Its address.
    pub issuer: String,
    /// The client.
    pub client_id: String,
    /// Made anew by each sign-in: tells another sign-in of the same person from a renewal.
    pub began: String,
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SignIn")
    }
}

impl Profile {
    /// The profile in `folder`, or the system's own; makes the folder if it is missing.
    ///
    /// # Errors
    /// [`ProfileError`].
    pub fn open(folder: Option<&Path>) -> Result<Self, ProfileError> {
        let folder = match folder {
            Some(folder) => folder.to_owned(),
            None => directories::ProjectDirs::from("org", "scrimdesk", "Scrim")
                .ok_or(ProfileError::NoHome)?
                .data_local_dir()
                .to_owned(),
        };
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder)?;
        Ok(Self { folder })
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The folder of the store for `sign_in`.
    #[must_use]
    pub fn store_folder(&self, sign_in: &SignIn) -> PathBuf {
        self.folder.join("desks").join(desk_name(sign_in))
    }

    /// The file with the key of that store: beside the stores' folders, so that a copy of the
    /// records does not take their key along.
    #[must_use]
    pub fn key_file(&self, sign_in: &SignIn) -> PathBuf {
        self.folder.join("keys").join(desk_name(sign_in))
    }

    /// The stored sign-in, if there is one.
    ///
    /// # Errors
    /// [`ProfileError`].
    pub fn sign_in(&self) -> Result<Option<SignIn>, ProfileError> {
        let text = match std::fs::read(self.folder.join("sign-in.json")) {
            Ok(text) => text,
            Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(fault) => return Err(fault.into()),
        };
        serde_json::from_slice(&text)
            .map(Some)
            .map_err(|_| ProfileError::SignInDamaged)
    }

    /// Stores a sign-in in the place of the one before; whole or not at all.
    ///
    /// # Errors
    /// [`ProfileError`].
    pub fn keep_sign_in(&self, sign_in: &SignIn) -> Result<(), ProfileError> {
        let text = serde_json::to_vec(sign_in).map_err(std::io::Error::other)?;
        let fresh = self.folder.join("sign-in.json.new");
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&fresh)?;
        file.write_all(&text)?;
        file.sync_all()?;
        std::fs::rename(&fresh, self.folder.join("sign-in.json"))?;
        // The name is durable once its folder is.
        Ok(std::fs::File::open(&self.folder)?.sync_all()?)
    }

    /// Takes the stored sign-in off the disk, durably. Records stay.
    ///
    /// # Errors
    /// [`ProfileError`].
    pub fn forget_sign_in(&self) -> Result<(), ProfileError> {
        for name in ["sign-in.json", "sign-in.json.new"] {
            match std::fs::remove_file(self.folder.join(name)) {
                Err(fault) if fault.kind() != std::io::ErrorKind::NotFound => {
                    return Err(fault.into());
                }
                _ => {}
            }
        }
        std::fs::File::open(&self.folder)?.sync_all()?;
        // Sealed tokens, of whoever was signed in here.
        let keys = match std::fs::read_dir(self.folder.join("keys")) {
            Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            keys => keys?,
        };
        for entry in keys {
            let path = entry?.path();
            if path.extension().is_some_and(|kind| kind == "token") {
                std::fs::remove_file(path)?;
            }
        }
        Ok(())
    }

    /// The lock that makes an agent the only one of its profile; it ends with the file's owner.
    ///
    /// # Errors
    /// [`ProfileError::InUse`] if another agent has it.
    pub fn lock(&self) -> Result<std::fs::File, ProfileError> {
        let file = std::fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(self.folder.join("agent.lock"))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(std::fs::TryLockError::WouldBlock) => Err(ProfileError::InUse),
            Err(std::fs::TryLockError::Error(fault)) => Err(fault.into()),
        }
    }

    /// Asks a running agent to show its window, and to look who is signed in now.
    ///
    /// # Errors
    /// No agent listens.
    pub fn ring(&self) -> std::io::Result<()> {
        std::os::unix::net::UnixStream::connect(self.doorbell()).map(drop)
    }

    /// Whether `file` is a place of Scrim's own in this profile, where nothing else may be written: its folders, and its
    /// files beside them.
    ///
    /// # Errors
    /// What the disk said; a folder that is not there is none of them.
    pub fn keeps(&self, file: &Path) -> std::io::Result<bool> {
        let folder = match file.parent() {
            Some(folder) if folder.as_os_str().is_empty() => Path::new("."),
            Some(folder) => folder,
            None => return Ok(false),
        };
        let folder = match folder.canonicalize() {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
            other => other?,
        };
        let own = self.folder.canonicalize()?;
        let Ok(inside) = folder.strip_prefix(&own) else {
            return Ok(false);
        };
        let is_of = |names: &[&str], name: &std::ffi::OsStr| names.iter().any(|own| *own == name);
        Ok(match (inside.iter().next(), file.file_name()) {
            (Some(first), _) => is_of(&OWN_FOLDERS, first),
            (None, Some(name)) => is_of(&OWN_FILES, name) || is_of(&OWN_FOLDERS, name),
            (None, None) => false,
        })
    }

    /// Where a running agent listens for "show yourself".
    #[must_use]
    pub fn doorbell(&self) -> PathBuf {
        self.folder.join("agent.socket")
    }
}

/// One name for each (server, moderator).
fn desk_name(sign_in: &SignIn) -> String {
    let mut hash = Sha256::new();
    hash.update(sign_in.origin.as_bytes());
    hash.update([0]);
    hash.update(sign_in.moderator_id.as_str().as_bytes());
    hash.finalize()
        .iter()
        .take(16)
        .map(|b| format!("{b:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn sign_in_round_trip_is_private_and_one_agent_at_a_time() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let profile = Profile::open(Some(&dir.path().join("p"))).unwrap();
        assert!(profile.sign_in().unwrap().is_none());
        let sign_in = SignIn {
            origin: "https://q".into(),
            moderator_id: ModeratorId::new("m1").unwrap(),
            token: "t".into(),
            connection: Default::default(),
        };
        profile.keep_sign_in(&sign_in).unwrap();
        assert_eq!(profile.sign_in().unwrap().unwrap().token, "t");
        let mode = std::fs::metadata(profile.folder().join("sign-in.json"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
        profile.forget_sign_in().unwrap();
        assert!(profile.sign_in().unwrap().is_none());
        profile.forget_sign_in().unwrap();
        let _held = profile.lock().unwrap();
        assert!(matches!(profile.lock(), Err(ProfileError::InUse)));
    }

    #[test]
    fn damaged_sign_in_is_said_and_kept() {
        let dir = tempfile::tempdir().unwrap();
        let profile = Profile::open(Some(dir.path())).unwrap();
        std::fs::write(dir.path().join("sign-in.json"), "{").unwrap();
        assert!(matches!(
            profile.sign_in(),
            Err(ProfileError::SignInDamaged)
        ));
        assert!(dir.path().join("sign-in.json").exists());
    }
}
