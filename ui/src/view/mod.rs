//! The views. Each reads a scene, draws, and pushes what is asked for; none of them changes
//! anything.

pub(crate) mod ask;
pub(crate) mod checkin;
pub(crate) mod conflicts;
pub(crate) mod copies;
pub(crate) mod correct;
pub(crate) mod decide;
pub(crate) mod drawn_words;
pub(crate) mod film;
pub(crate) mod item;
pub(crate) mod locked;
pub(crate) mod look;
pub(crate) mod look_rows;
pub(crate) mod marks;
pub(crate) mod media;
pub(crate) mod notices;
pub(crate) mod pages;
pub(crate) mod practice;
pub(crate) mod privacy;
pub(crate) mod right_to_left;
pub(crate) mod screens;
pub(crate) mod search;
pub(crate) mod setting_row;
pub(crate) mod settings;
pub(crate) mod side;
pub(crate) mod status;
pub(crate) mod strip;
pub(crate) mod team;
pub(crate) mod thread;
pub(crate) mod wellbeing;
pub(crate) mod words;

use scrim_model::{Kind, Timestamp};

use crate::control::Scene;
use crate::state::WindowState;

/// “Scrim – state”.
pub(crate) fn title(state: &WindowState) -> String {
    let words = if state.link_lost {
        "screen-link-lost"
    } else {
        screens::words_of(&state.screen()).0
    };
    let now = state.strings.text(words);
    state.strings.with("window-title", &[("state", now.into())])
}

/// What an item of this kind is called.
pub(crate) fn kind_words(kind: &Kind) -> &'static str {
    match kind {
        Kind::Image => "kind-image",
        Kind::Video => "kind-video",
        Kind::Audio => "kind-audio",
        Kind::Text => "kind-text",
        Kind::Conversation => "kind-conversation",
        Kind::Account => "kind-account",
        Kind::Link => "kind-link",
        Kind::Post => "kind-post",
        Kind::Other(_) => "kind-other",
    }
}

/// `2026-01-31 09:30 UTC`.
pub(crate) fn when(scene: &Scene<'_>, at: Timestamp) -> String {
    let text = String::from(at);
    let (day, rest) = text.split_once('T').unwrap_or((&text, ""));
    let clock: String = rest.chars().take(5).collect();
    let values = [("day", day.into()), ("clock", clock.into())];
    scene.strings.with("moment", &values)
}
