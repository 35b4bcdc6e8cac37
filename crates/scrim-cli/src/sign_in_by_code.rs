//! `scrim sign-in URL --oidc`: a code is entered on another screen, no secret is typed here.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use scrim_queue::{DeviceFailed, Granted, Issuer, IssuerFailed};
use scrim_wire::call::CallFailed;

use crate::error::CliError;
use crate::terminal::say;

/// Shows a code, waits until it was entered, and returns the access token and the refresh token.
pub(crate) fn grant(issuer: &Issuer) -> Result<(Granted, String), CliError> {
    let code = issuer
        .device_code()
        .map_err(|failed| CliError::Code(said(&DeviceFailed::Issuer(failed))))?;
    say(&format!("Open {} on any device.", code.address))?;
    say(&format!("Enter the code: {}", code.user_code))?;
    if let Some(address) = &code.address_with_code {
        say(&format!("Or open {address}, where the code is filled in."))?;
    }
    let minutes = code.lasts.as_secs().div_ceil(60);
    say(&format!(
        "The code is good for {minutes} min. Ctrl+C calls it off; nothing was changed until then."
    ))?;
    let granted = issuer.wait_for_grant(&code, &mut waited);
    granted.map_err(|failed| CliError::Code(said(&failed)))
}

/// Waits; Ctrl+C ends the process, which has changed nothing yet.
fn waited(time: Duration) -> bool {
    let (_nobody_sends, timer) = channel::<()>();
    timer.recv_timeout(time) == Err(RecvTimeoutError::Timeout)
}

fn said(failed: &DeviceFailed) -> String {
    let what = match failed {
        DeviceFailed::Denied => "The sign-in was refused at the identity issuer.",
        DeviceFailed::Expired => "Nobody entered the code in time. Begin again.",
        DeviceFailed::Cancelled => "The sign-in was called off.",
        DeviceFailed::NoRefresh => {
            "The identity issuer grants no sign-in that lasts (scope offline_access). Ask whoever runs it to allow that for this client."
        }
        DeviceFailed::Issuer(IssuerFailed::Call(CallFailed::Untrusted { why })) => {
            return format!(
                "The certificate of the identity issuer is not trusted: {why}. Nothing was sent to it."
            );
        }
        DeviceFailed::Issuer(IssuerFailed::Call(CallFailed::NotAllowed)) => {
            "The identity issuer sends this desk to an address that it may not contact. Name that address in the managed file (origins.also)."
        }
        DeviceFailed::Issuer(IssuerFailed::Call(_)) => {
            "The identity issuer does not answer. Check its address and the connection."
        }
        DeviceFailed::Issuer(IssuerFailed::Refused(code)) => {
            return format!(
                "The identity issuer refuses ({code}). Check --client-id, or ask whoever runs it."
            );
        }
        DeviceFailed::Issuer(IssuerFailed::Broken(why)) => {
            return format!("The identity issuer cannot be used: {why}. Check its address.");
        }
    };
    what.to_owned()
}
