//! What the threads of the agent tell the runtime.

use std::sync::Arc;

use scrim_desk::{Event, FilmKnown};
use scrim_media::{Clear, Covered, Medium, Picture, Unrevealed};
use scrim_model::view::CoverKey;
use scrim_model::{MediumKey, RevealId};
use scrim_wire::window::{ClipKey, FromWindow};

use crate::made_clip::MadeClip;
use crate::team_work::TeamAnswer;
use crate::window_end::WindowEnd;

/// Everything that reaches the runtime.
pub enum Inward {
    /// Something happened.
    Event(Event),
    /// A job is done; it was counted as in flight.
    Done(Event),
    /// A cover is made (or the bytes of its medium came).
    Covered {
        /// Which.
        key: CoverKey,
        /// The medium's bytes, for the next job.
        medium: Arc<Medium>,
        /// It is the whole, not a smaller version.
        whole: bool,
        /// The preview.
        picture: Covered<Picture>,
        /// Pixels of the source.
        source: (u32, u32),
        /// What is known of a film.
        film: Option<FilmKnown>,
    },
    /// It is known how loud a sound is.
    Heard {
        /// What was asked for.
        key: CoverKey,
        /// The medium's bytes.
        medium: Arc<Medium>,
        /// That.
        film: FilmKnown,
    },
    /// A cover was not begun: its item was gone.
    CalledOff,
    /// A medium came and cannot be shown.
    NotCovered {
        /// Which.
        key: MediumKey,
        /// Its bytes, for its hashes.
        medium: Arc<Medium>,
        /// For people.
        reason: String,
    },
    /// Clear pixels were made ahead of a reveal, or could not be: then a reveal says why.
    Ahead {
        /// The medium.
        medium: MediumKey,
        /// The picture.
        picture: Option<Unrevealed>,
    },
    /// Clear pixels are made.
    Clear {
        /// The reveal that asked for them.
        reveal: RevealId,
        /// The medium.
        medium: MediumKey,
        /// The picture.
        picture: Clear<Picture>,
    },
    /// A track of a clip is made.
    Clip {
        /// Which.
        key: ClipKey,
        /// The clip.
        clip: MadeClip,
    },
    /// What a lead asked for was read.
    Team(Box<TeamAnswer>),
    /// The copy of the team's decisions is gone, or the log says why not.
    TeamForgotten,
    /// A window is on the link.
    WindowOpened {
        /// Its number; grows with every window.
        window: u64,
        /// Where to send to.
        end: Box<dyn WindowEnd>,
    },
    /// A window said something.
    FromWindow {
        /// Its number; messages of earlier windows are passed over.
        window: u64,
        /// What.
        message: FromWindow,
    },
    /// A window's link has ended.
    WindowGone {
        /// Its number.
        window: u64,
        /// Nobody closed it.
        crashed: bool,
    },
    /// Bring the window to the front.
    Raise,
    /// End: cover, give back, wait a little for answers, wipe.
    Stop,
}
