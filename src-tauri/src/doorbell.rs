//! One agent per profile: a second start rings here and ends.

use std::os::unix::net::UnixListener;

use scrim_runtime::Profile;

/// Calls `rung` whenever somebody rings. The caller holds the profile's lock, so a socket that is
/// already there is a leftover of an agent that died.
pub(crate) fn listen(profile: &Profile, rung: impl Fn() + Send + 'static) -> std::io::Result<()> {
    let path = profile.doorbell();
    match std::fs::remove_file(&path) {
        Err(fault) if fault.kind() != std::io::ErrorKind::NotFound => return Err(fault),
        _ => {}
    }
    let listener = UnixListener::bind(path)?;
    std::thread::Builder::new()
        .name("scrim-doorbell".into())
        .spawn(move || {
            for visitor in listener.incoming() {
                match visitor {
                    Ok(_) => rung(),
                    Err(fault) => tracing::warn!(%fault, "a second start could not be heard"),
                }
            }
        })?;
    Ok(())
}
