//! The outer ring: journeys at the real window of a real agent, used by accessible ids and keys as a
//! person with a screen reader would, and judged by the pixels of the display.
//!
//! `ring.py` and what it is made of lie in this program and are written into a folder that is
//! removed at the end; so the ring runs wherever the program is installed. What the ring starts ends
//! with this process, however that ends.

mod desk;
mod journeys;
mod lacks;
mod session;

use std::path::{Path, PathBuf};

use tempfile::TempDir;

pub(crate) use journeys::OUTER;
pub(crate) use lacks::Lacks;

use crate::run_folder;
use crate::stage::Failed;
use session::Session;

/// One journey at the real window.
pub(crate) struct OuterJourney {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) run: fn(&mut Ring) -> Result<(), Failed>,
}

/// Where the journeys of the outer ring are run, one after the other.
pub(crate) struct Ring {
    session: Session,
    screenshots: Option<PathBuf>,
    /// The journey that runs.
    journey: &'static str,
    _folder: TempDir,
}

impl Ring {
    /// A session of its own on the display that is there. Pictures of the window go to `screenshots`, which is
    /// there.
    pub(crate) fn open(screenshots: Option<&Path>) -> Result<Self, Lacks> {
        let display = lacks::display()?;
        let folder = run_folder::tempdir().map_err(Lacks::folder)?;
        let scripts = session::write_scripts(folder.path()).map_err(Lacks::folder)?;
        Ok(Self {
            session: Session::open(display, &scripts, folder.path())?,
            screenshots: screenshots.map(Path::to_owned),
            journey: "",
            _folder: folder,
        })
    }

    /// Runs one. A picture of the window is taken where it fails, if pictures are taken.
    pub(crate) fn run(&mut self, journey: &OuterJourney) -> Result<(), Failed> {
        self.journey = journey.name;
        (journey.run)(self)
    }
}
