//! Why the outer ring cannot run on this machine. Nothing was run then, and nothing is started.

use std::ffi::OsString;

use serde::Deserialize;

/// How it is started where there is no display.
const VIRTUAL: &str =
    "dbus-run-session -- xvfb-run -a -s '-screen 0 1366x900x24' scrim smoke --ring outer";

/// See the module.
#[derive(Debug)]
pub(crate) enum Lacks {
    /// There is no X display; whether there is a Wayland one.
    Display { has_wayland: bool },
    /// Parts of the system.
    Parts(Vec<Part>),
    /// No folder could be made for it.
    Folder(String),
}

/// What is missing, and the package that brings it on Debian and Ubuntu, if one does.
#[derive(Debug, Deserialize)]
pub(crate) struct Part {
    what: String,
    package: Option<String>,
}

impl Part {
    pub(super) fn of(what: &str, package: &str) -> Self {
        Self {
            what: what.to_owned(),
            package: Some(package.to_owned()),
        }
    }
}

impl Lacks {
    pub(super) fn folder(fault: std::io::Error) -> Self {
        Self::Folder(fault.to_string())
    }

    pub(super) fn part(what: &str, package: &str) -> Self {
        Self::Parts(vec![Part::of(what, package)])
    }
}

impl std::fmt::Display for Lacks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Display { has_wayland } => {
                let there = match has_wayland {
                    true => "only a Wayland display, whose pixels no other program may read",
                    false => "no display (DISPLAY is not set)",
                };
                write!(
                    f,
                    "The outer ring drives the real window and looks at an X display, and there is {there}. Nothing was run. \
                     Give it a virtual display in a session of its own:\n  {VIRTUAL}\n\
                     xvfb-run is in the packages xvfb and xauth, dbus-run-session in dbus. The inner ring needs no display: scrim smoke --ring inner"
                )
            }
            Self::Parts(parts) => {
                let what: Vec<&str> = parts.iter().map(|part| part.what.as_str()).collect();
                let packages: Vec<&str> = parts
                    .iter()
                    .filter_map(|part| part.package.as_deref())
                    .collect();
                write!(
                    f,
                    "The outer ring needs what is not here: {}. Nothing was run.",
                    what.join("; ")
                )?;
                if !packages.is_empty() {
                    let packages = packages.join(" ");
                    write!(f, " On Debian and Ubuntu: apt-get install {packages}")?;
                }
                if parts.iter().any(|part| part.package.is_none()) {
                    write!(f, "\nA display that will do:\n  {VIRTUAL}")?;
                }
                Ok(())
            }
            Self::Folder(why) => write!(
                f,
                "A folder that the outer ring needs cannot be made: {why}. Nothing was run. Make room, or name another folder."
            ),
        }
    }
}

/// The X display that is there.
pub(super) fn display() -> Result<OsString, Lacks> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    set("DISPLAY").ok_or_else(|| Lacks::Display {
        has_wayland: set("WAYLAND_DISPLAY").is_some(),
    })
}
