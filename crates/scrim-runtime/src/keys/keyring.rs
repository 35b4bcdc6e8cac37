//! The keyring of the desktop's session, by the Secret Service interface of its message bus.

use std::collections::HashMap;

use secret_service::EncryptionType;
use secret_service::blocking::SecretService;
use zeroize::Zeroizing;

use super::KeyError;

const LABEL: &str = "Scrim: key of the records";
const KIND: &str = "application/octet-stream";

/// Whether a keyring is there, and unlocked: nothing is asked of anybody.
pub(super) fn is_open() -> bool {
    let open = || -> Result<bool, secret_service::Error> {
        let service = SecretService::connect(EncryptionType::Dh)?;
        let locked = service.get_default_collection()?.is_locked()?;
        Ok(!locked)
    };
    std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some() && open().unwrap_or(false)
}

pub(super) fn get(attributes: &[(&str, &str)]) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let read = || {
        let service = SecretService::connect(EncryptionType::Dh)?;
        let collection = service.get_default_collection()?;
        if collection.is_locked()? {
            collection.unlock()?;
        }
        let found = collection.search_items(map(attributes))?;
        let item = found.first().ok_or(secret_service::Error::NoResult)?;
        item.get_secret().map(Zeroizing::new)
    };
    read().map_err(said)
}

pub(super) fn set(attributes: &[(&str, &str)], secret: &[u8]) -> Result<(), KeyError> {
    let write = || {
        let service = SecretService::connect(EncryptionType::Dh)?;
        let collection = service.get_default_collection()?;
        if collection.is_locked()? {
            collection.unlock()?;
        }
        collection.create_item(LABEL, map(attributes), secret, true, KIND)?;
        Ok(())
    };
    write().map_err(said)
}

pub(super) fn remove(attributes: &[(&str, &str)]) -> Result<(), KeyError> {
    let remove = || {
        let service = SecretService::connect(EncryptionType::Dh)?;
        let collection = service.get_default_collection()?;
        for item in collection.search_items(map(attributes))? {
            item.delete()?;
        }
        Ok(())
    };
    remove().map_err(said)
}

fn map<'a>(attributes: &[(&'a str, &'a str)]) -> HashMap<&'a str, &'a str> {
    attributes.iter().copied().collect()
}

/// What went wrong, in words that name no path and no item.
fn said(fault: secret_service::Error) -> KeyError {
    KeyError::Keyring(
        match fault {
            secret_service::Error::Locked | secret_service::Error::Prompt => "it is locked",
            secret_service::Error::NoResult => "it does not have it any more",
            secret_service::Error::Unavailable => "there is none in this session",
            _ => "it does not answer as it should",
        }
        .to_owned(),
    )
}
