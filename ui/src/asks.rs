//! What the views ask for. They change nothing themselves.

use scrim_model::area::Area;
use scrim_model::mark::Region;
use scrim_model::view::WordSpan;
use scrim_model::{PolicyId, Role};
use scrim_wire::window::{Command, TeamAsk};

use crate::actions::Act;

/// What a view asks for; drained once a frame.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Ask {
    /// A row of the table.
    Act(Act),
    /// Something with an argument of its own.
    Command(Command),
    /// The pointer went down on masked words.
    SpanDown(WordSpan),
    /// Masked words were activated without a pointer.
    SpanToggle(WordSpan),
    /// Masked words have the focus.
    SpanFocused(WordSpan),
    /// A region was drawn with the pointer.
    MarkDrawn(Region),
    /// The question goes to somebody of this role.
    Question(Role),
    /// The answer to the question of the open look goes out.
    Answer,
    /// The open item goes to somebody else.
    HandOver,
    /// A hit of the search.
    ChoosePolicy(PolicyId),
    /// The pointer moved the lens: shares of the picture.
    Lens(egui::Pos2),
    /// This part of the picture is in the frame, clear.
    Saw(Area),
    /// Something of the lead's view.
    Team(TeamAsk),
}
