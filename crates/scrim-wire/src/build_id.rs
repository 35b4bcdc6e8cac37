//! The build identity that both ends of a private link must share.
//!
//! The agent, the window and the workers of one build are shipped together and speak one wire format. A link between
//! different builds is closed with an error instead of being guessed at: the first message each way carries
//! [`BUILD_ID`].

/// Identity of this build: `SCRIM_BUILD_ID` of the build environment (version and commit) if it was set, else the
/// workspace version. Compared for equality only; never parsed.
pub const BUILD_ID: &str = match option_env!("SCRIM_BUILD_ID") {
    Some(id) => id,
    None => env!("CARGO_PKG_VERSION"),
};

/// The other end of a link belongs to another build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "A part of Scrim belongs to another build, so the link was closed and nothing was shown. Install all parts of Scrim from one package."
)]
pub struct WrongBuild;

/// Checks the build identity that the other end sent.
pub fn check(theirs: &str) -> Result<(), WrongBuild> {
    if theirs == BUILD_ID {
        Ok(())
    } else {
        Err(WrongBuild)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_build_passes() {
        assert_eq!(check(BUILD_ID), Ok(()));
        assert_eq!(check(""), Err(WrongBuild));
        assert_eq!(check(&format!("{BUILD_ID}x")), Err(WrongBuild));
    }
}
