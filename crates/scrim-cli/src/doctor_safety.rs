//! What `scrim doctor` says of the key of the records and of memory that could reach a disk.

use rustix::process::{Resource, getrlimit};
use scrim_runtime::{KeyError, KeyPlace, Keys, Profile, SignIn};

use crate::key::place_words;

/// Words, and whether they are more than a note.
pub(crate) struct Said {
    pub(crate) good: bool,
    pub(crate) says: String,
}

fn note(says: impl Into<String>) -> Said {
    Said {
        good: false,
        says: says.into(),
    }
}

fn good(says: impl Into<String>) -> Said {
    Said {
        good: true,
        says: says.into(),
    }
}

/// Where the key is; `Err` if it cannot be had from there.
pub(crate) fn key_place(profile: &Profile, sign_in: &SignIn) -> Result<Said, String> {
    let keys = Keys::of(profile, sign_in);
    let place = keys.place().map_err(|fault| fault.to_string())?;
    let says = format!(
        "Encryption at rest: the records are encrypted. {}",
        place_words(place)
    );
    match place {
        None if keys.is_gone().map_err(|fault| fault.to_string())? => {
            Err(KeyError::Gone.to_string())
        }
        Some(KeyPlace::File) | None => Ok(note(says)),
        Some(KeyPlace::Passphrase) => Ok(good(says)),
        Some(KeyPlace::Keyring) => match keys.get(None) {
            Ok(_) => Ok(good(says)),
            Err(fault) => Err(fault.to_string()),
        },
    }
}

/// Whether what is in memory may be written to a disk, and how much of media is locked against it.
pub(crate) fn swap() -> Said {
    let Ok(swaps) = std::fs::read_to_string("/proc/swaps") else {
        return note("Swap: this system does not say. Pictures in memory may be written to it.");
    };
    let devices: Vec<&str> = swaps
        .lines()
        .skip(1)
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    if devices.is_empty() {
        return good("Swap: off. Pictures in memory are not written to a disk.");
    }
    if devices.iter().all(|device| is_safe(device)) {
        return good("Swap: encrypted, or in memory only.");
    }
    let locked = getrlimit(Resource::Memlock).current;
    let locked = locked.map_or("all".to_owned(), |bytes| format!("{} MiB", bytes >> 20));
    note(format!(
        "Swap: may be written without encryption. Scrim locks its pictures into memory, up to {locked} that this account may lock; beyond that they may reach the disk. Encrypt swap or turn it off."
    ))
}

/// In memory (zram), or on a device that the system encrypts.
fn is_safe(device: &str) -> bool {
    let name = device.trim_start_matches("/dev/");
    if name.starts_with("zram") {
        return true;
    }
    let uuid = std::fs::read_to_string(format!("/sys/block/{name}/dm/uuid"));
    uuid.is_ok_and(|uuid| uuid.starts_with("CRYPT-"))
}
