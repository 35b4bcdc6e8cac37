//! What is open, or asked about, on the open item.

use crate::parts::copies::Which;
use scrim_model::area::Area;
use scrim_model::view::{CoverKind, Part, Place, Played, RevealMode, RevealReason};
use scrim_model::{ActionKind, RevealId};

/// A reveal that has been asked for or is open.
#[derive(Debug, Clone)]
pub(crate) struct Reveal {
    pub(crate) id: RevealId,
    pub(crate) part: Part,
    pub(crate) mode: RevealMode,
    pub(crate) reason: Option<RevealReason>,
    /// On disk.
    pub(crate) durable: bool,
    /// Awake time at which something clear was first on the screen.
    pub(crate) shown_awake_ms: Option<u64>,
    pub(crate) asked_awake_ms: u64,
    pub(crate) colour: bool,
    pub(crate) colour_ever: bool,
    /// What of a picture was on the screen, as far as the window has said.
    pub(crate) area: Area,
    pub(crate) place: Place,
    /// All of its pixels were asked for, not those that fit.
    pub(crate) whole: bool,
    /// What stays over it.
    pub(crate) cover: CoverKind,
    /// It can be heard now.
    pub(crate) sound: bool,
    /// What of a time line was played, as far as the window has said.
    pub(crate) played: Played,
}

/// A reveal that is wanted.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) mode: RevealMode,
    pub(crate) part: Part,
    pub(crate) reason: Option<RevealReason>,
}

/// Asked in place before it is done.
#[derive(Debug, Clone)]
pub(crate) struct Confirming {
    pub(crate) what: AskedFor,
    pub(crate) priority: u8,
    pub(crate) since_awake_ms: u64,
}

/// What is done once it is confirmed.
#[derive(Debug, Clone)]
pub(crate) enum AskedFor {
    /// A decision.
    Action(ActionKind),
    /// A decision is repeated for copies of its item, or for its author's other items.
    Copies(Which),
    /// The item is aimed at whoever looks at it.
    Aimed,
}
