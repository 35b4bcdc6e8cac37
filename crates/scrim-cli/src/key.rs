//! `scrim key`: where the key of the records is, taking it elsewhere, changing it.

use scrim_runtime::{KeyError, KeyPlace, Keys, Profile, SignIn, keep_sign_in, with_token};
use scrim_wire::window::Secret;

use crate::Found;
use crate::cli::{Key, KeyDoes, Place};
use crate::error::CliError;
use crate::limits::PASSPHRASE_CHARS_MIN;
use crate::others::{Profiles, alone, passphrase_of};
use crate::terminal::{now, passphrase, say};

pub(crate) fn run(profiles: &Profiles, options: &Key) -> Result<Found, CliError> {
    let profile = profiles.existing()?;
    let sign_in = profile.sign_in()?.ok_or(CliError::NotSignedIn)?;
    let keys = Keys::of(&profile, &sign_in);
    match options.does {
        None => say(place_words(keys.place()?))?,
        Some(KeyDoes::Move { place }) => {
            let _alone = alone(&profile)?;
            go(&profile, &sign_in, &keys, place)?;
            say(place_words(keys.place()?))?;
        }
        Some(KeyDoes::Rotate) => {
            let _alone = alone(&profile)?;
            let typed = passphrase_of(&keys)?;
            keys.rotate(&profile.store_folder(&sign_in), typed, now())?;
            say("The records are under a new key. The old one opens nothing any more.")?;
        }
    }
    Ok(Found::AllWell)
}

/// One sentence about the place of the key.
pub(crate) fn place_words(place: Option<KeyPlace>) -> &'static str {
    match place {
        None => "There is no key yet. It is made when Scrim first starts.",
        Some(KeyPlace::File) => {
            "The key of the records is in a private file: whoever can read this account's files can open them."
        }
        Some(KeyPlace::Keyring) => {
            "The key of the records is in this account's keyring: it opens with the desktop's session."
        }
        Some(KeyPlace::Passphrase) => {
            "The key of the records is behind a passphrase: nobody opens them without it, and nobody can bring it back."
        }
    }
}

fn go(profile: &Profile, sign_in: &SignIn, keys: &Keys, to: Place) -> Result<(), CliError> {
    let typed = passphrase_of(keys)?;
    let whole = opened_once(profile, sign_in, keys, typed)?;
    let (place, new) = match to {
        Place::File => (KeyPlace::File, None),
        Place::Keyring => (KeyPlace::Keyring, None),
        Place::Passphrase => (KeyPlace::Passphrase, Some(new_passphrase()?)),
    };
    keys.move_to(place, typed, new.as_ref())?;
    // The token goes where the key went.
    Ok(keep_sign_in(profile, &whole, new.as_ref())?)
}

/// `sign_in` with its token. After a change of the key that was cut off, the right one of the two
/// is the one from here on, so that it is the one that is moved.
fn opened_once(
    profile: &Profile,
    sign_in: &SignIn,
    keys: &Keys,
    typed: Option<&Secret>,
) -> Result<SignIn, CliError> {
    if keys.place()?.is_none() {
        // Sealed under a key that is nowhere.
        return match sign_in.token.is_empty() {
            true => Err(KeyError::TokenLost.into()),
            false => Ok(sign_in.clone()),
        };
    }
    let folder = profile.store_folder(sign_in);
    let (store, _, key) = Keys::unruled(profile, sign_in).open(&folder, typed, now())?;
    drop(store);
    Ok(with_token(profile, sign_in, &key)?)
}

/// For a sign-in: takes the key to where the managed file wants it, or makes it there. The
/// passphrase that stands before it then, if one does.
pub(crate) fn settle(
    profile: &Profile,
    sign_in: &SignIn,
    keys: &Keys,
) -> Result<Option<Secret>, CliError> {
    let Some(wanted) = keys.must_move()? else {
        return Ok(passphrase_of(keys)?.cloned());
    };
    // What is to be kept better is not behind a passphrase yet.
    opened_once(profile, sign_in, keys, None)?;
    let new = match wanted {
        KeyPlace::Passphrase => Some(new_passphrase()?),
        KeyPlace::File | KeyPlace::Keyring => None,
    };
    keys.move_to(wanted, None, new.as_ref())?;
    Ok(new)
}

/// Typed twice: what is mistyped once could never be typed again.
fn new_passphrase() -> Result<Secret, CliError> {
    let new = passphrase("A new passphrase, then Enter. It is not shown.")?;
    if new.expose().chars().count() < PASSPHRASE_CHARS_MIN {
        return Err(CliError::Passphrase("it has fewer than 10 characters."));
    }
    if passphrase("The same once more.")? != new {
        return Err(CliError::Passphrase("the two are not the same."));
    }
    Ok(new)
}
