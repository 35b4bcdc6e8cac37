//! Scrim's review window: draws a [`WindowModel`](scrim_wire::window::WindowModel) and covered
//! pixels, sends commands.
//!
//! **It must never** open a file, the network or a process, decode media, reveal by itself, or
//! hold clear pixels while nothing is revealed. Covering is done here, at once; revealing is the
//! agent's. There are no threads, no clock and no toolkit shell in this library: time comes in as
//! milliseconds of any steady clock, messages come in by [`WindowState::receive`] and go out by
//! [`WindowState::take_outgoing`].
//!
//! Called by this package's `main` (a thin eframe shell) and by the smoke journeys, which drive
//! the same views without a display.
//!
//! | Module | What it is |
//! | --- | --- |
//! | [`actions`] | everything that can be done, one row each |
//! | [`keys`] | keys in, acts out; the keyboard's safety rules |
//! | [`looking`] | the life of a look |
//! | [`marking`] | a mark that is being made |
//! | [`picture`] | the one pipeline for pixels |
//! | [`player`] | the time of what plays |
//! | `preview` | a generated picture under a cover, for the settings |
//! | [`reading`] | where in the words the moderator is |
//! | [`search`] | searching the policy tree |
//! | [`state`] | what the window knows |
//! | `team`, `team_page` | the lead's view: opened, asked, left; what is kept of it |
//! | [`theme`], [`strings`], [`fonts`] | how it looks and speaks |

pub mod actions;
mod asks;
mod control;
mod day;
mod films;
pub mod fonts;
mod frame;
pub mod keys;
pub mod limits;
mod locked;
pub mod looking;
pub mod marking;
mod masking;
mod own;
mod perform;
pub mod picture;
mod places;
pub mod player;
mod playing;
mod preview;
pub mod reading;
mod revealing;
pub mod search;
mod settings_page;
mod sounding;
pub mod state;
pub mod strings;
mod team;
mod team_page;
pub mod theme;
mod view;
mod written;

pub use frame::{draw, is_only_keys, listen, prepare, watch, window_ui};
pub use sounding::Speaker;
pub use state::{Arrival, WindowState};

#[cfg(test)]
mod catalogue_tests;
#[cfg(test)]
mod checkin_tests;
#[cfg(test)]
mod covering_tests;
#[cfg(test)]
pub mod demo_models;
#[cfg(test)]
mod demo_team;
#[cfg(test)]
mod film_tests;
#[cfg(test)]
mod frame_tests;
#[cfg(test)]
mod locked_tests;
#[cfg(test)]
mod look_tests;
#[cfg(test)]
mod mark_tests;
#[cfg(test)]
mod pseudo;
#[cfg(test)]
mod search_tests;
#[cfg(test)]
mod seen_tests;
#[cfg(test)]
mod settings_tests;
#[cfg(test)]
mod team_drawn_tests;
#[cfg(test)]
mod team_tests;
#[cfg(test)]
mod window_tests;
#[cfg(test)]
mod words_tests;
