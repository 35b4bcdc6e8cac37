//! `scrim sign-out`: takes the token off this machine; records stay, encrypted.

use crate::Found;
use crate::error::CliError;
use crate::others::Profiles;
use crate::terminal::say;

pub(crate) fn run(profiles: &Profiles) -> Result<Found, CliError> {
    let profile = profiles.existing()?;
    if profile.sign_in()?.is_none() {
        say("Nobody is signed in. Nothing was changed.")?;
        return Ok(Found::AllWell);
    }
    profile.forget_sign_in()?;
    say("Signed out. The token is gone from this machine.")?;
    say(
        "Records stay here, encrypted. Decisions that the server does not have yet are sent when you sign in again.",
    )?;
    if profile.ring().is_ok() {
        say("Scrim is running; its window says that nobody is signed in.")?;
    }
    Ok(Found::AllWell)
}
