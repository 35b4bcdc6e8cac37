//! The managed file: a floor, and rules of the network, that whoever looks after this computer sets.
//!
//! It counts only if its owner is trusted and nobody else can write it. One that is there and does
//! not count, or cannot be read in full, never means "no floor" nor "no rules": the heart is told
//! so, and no server is contacted.

use std::path::Path;

use scrim_media::Waived;
use scrim_model::settings::{Floor, ManagedFound, Settings};
use scrim_model::text::cut_chars;
use serde_json::{Map, Value};

use crate::keys::place::KeyPlace;
use crate::limits::{MANAGED_BYTES_MAX, MANAGED_SAID_CHARS_MAX};
use crate::managed_network::{self, NetworkRules};
use crate::owned::owned_bytes;

/// Where it lies.
#[cfg(target_os = "macos")]
const FILE: &str = "/Library/Application Support/Scrim/managed.toml";
/// Where it lies.
#[cfg(not(target_os = "macos"))]
const FILE: &str = "/etc/scrim/managed.toml";
/// Whose it must be.
const ROOT: u32 = 0;

/// What the managed file says.
#[derive(Debug, Clone, PartialEq)]
pub struct Managed {
    /// The floor.
    pub found: ManagedFound,
    /// The rules of the network, or why they cannot be used; then nobody is contacted.
    pub network: Result<NetworkRules, String>,
}

impl Managed {
    /// No file: no floor and no rules.
    #[must_use]
    pub fn absent() -> Self {
        Self {
            found: ManagedFound::Absent,
            network: Ok(NetworkRules::default()),
        }
    }

    /// The one of this computer.
    #[must_use]
    pub fn of_this_computer() -> Self {
        Self::read(Path::new(FILE), ROOT)
    }

    /// The one at `path`, which, as every file that it names, must belong to the user `owner`.
    #[must_use]
    pub fn read(path: &Path, owner: u32) -> Self {
        let text = match text_of(path, owner) {
            Ok(None) => return Self::absent(),
            Ok(Some(text)) => text,
            Err(why) => return Self::unusable(&why),
        };
        let Ok(document) = toml::from_str::<Map<String, Value>>(&text) else {
            return Self::unusable("it is not TOML, or holds dates, which no setting has");
        };
        let (floor, mut said) = floor_of(&document);
        let network = managed_network::read(&document, owner);
        said.extend(network.as_ref().err().into_iter().flatten().cloned());
        Self {
            found: if said.is_empty() {
                ManagedFound::Read(floor)
            } else {
                ManagedFound::Unusable {
                    floor,
                    why: cut(&said.join("; ")),
                }
            },
            network: network.map_err(|faults| cut(&faults.join("; "))),
        }
    }

    /// Where the key of the records must be, at least. A file that cannot be used names no place;
    /// no server is contacted under it.
    #[must_use]
    pub fn key_place(&self) -> Option<KeyPlace> {
        self.network.as_ref().ok()?.key_place
    }

    /// Walls that workers may lack. A file that cannot be used in full waives none.
    #[must_use]
    pub fn waived(&self) -> Waived {
        match (&self.found, &self.network) {
            (ManagedFound::Read(_), Ok(rules)) => rules.waived,
            _ => Waived::default(),
        }
    }

    fn unusable(why: &str) -> Self {
        let why = cut(why);
        Self {
            found: ManagedFound::Unusable {
                floor: Floor::default(),
                why: why.clone(),
            },
            network: Err(why),
        }
    }
}

fn cut(why: &str) -> String {
    cut_chars(why, MANAGED_SAID_CHARS_MAX)
}

/// The file's text; `None` if there is no file.
fn text_of(path: &Path, owner: u32) -> Result<Option<String>, String> {
    let Some(bytes) = owned_bytes(path, owner, MANAGED_BYTES_MAX)? else {
        return Ok(None);
    };
    String::from_utf8(bytes)
        .map(Some)
        .map_err(|_| "it is not UTF-8 text".into())
}

/// The table `protection`, and what is wrong with it.
fn floor_of(document: &Map<String, Value>) -> (Floor, Vec<String>) {
    match document.get("protection") {
        None => (Floor::default(), Vec::new()),
        Some(Value::Object(table)) => {
            let (floor, refused) = Settings::read(table);
            (floor, refused.iter().map(ToString::to_string).collect())
        }
        Some(_) => (
            Floor::default(),
            vec!["[protection] must be a table".to_owned()],
        ),
    }
}

#[cfg(test)]
#[path = "managed_tests.rs"]
mod tests;
