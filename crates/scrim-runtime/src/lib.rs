//! Carries out the heart's effects: joins desk, store, queue and media.
//!
//! One thread owns the desk and the store; calls to the queue server and decoding run on a few
//! threads of their own and come back as messages. The agent runs it with the system's clock and a
//! real window; the smoke journeys run the same code with a clock that they turn themselves and
//! the real views in their own process.
//!
//! **Must never**: draw, decode in this process, write media to a disk, or hand clear pixels over
//! before the reveal is durable.

mod assemble;
mod clips;
mod clock;
mod connection;
mod covers;
mod effects;
mod exports_end;
mod films;
mod inward;
mod jobs;
mod kept;
mod keys;
pub mod limits;
mod lists;
mod made_clip;
mod managed;
mod managed_network;
mod owned;
mod profile;
mod restored;
mod runtime;
mod seams;
mod shelf;
mod signed_in;
mod source;
mod store_effects;
mod team;
mod team_desk;
mod team_work;
mod window_end;
mod window_host;
mod window_reader;

pub use assemble::{Told, assemble};
pub use clock::{Clock, Randomness, SystemClock, SystemRandomness};
pub use connection::{ConnectError, Reach, queue_of};
pub use inward::Inward;
pub use keys::{KeyError, KeyPlace, Keys, keep_sign_in, records_key, with_token};
pub use lists::{FoundList, Lists, lists_folder, lists_in};
pub use managed::Managed;
pub use managed_network::NetworkRules;
pub use profile::{Connection, OidcClient, Profile, ProfileError, SignIn};
pub use runtime::{Hooks, Parts, Runtime};
pub use scrim_desk::Nudge;
pub use seams::{Executor, Job, Passage, Seams, Work};
pub use source::{AssembleError, Found, Opened, PassphraseStands, Source};
pub use store_effects::kept_policies;
pub use window_end::{LinkEnd, WindowEnd};
pub use window_host::{WindowHost, WindowHostError, sibling};
pub use window_reader::read_window;

/// A message that asks the desk for something, as the moderator would.
#[must_use]
pub fn command(command: scrim_wire::window::Command) -> Inward {
    Inward::Event(scrim_desk::Event::Command(command))
}

/// The message that the records of whoever is signed in stay shut, and why.
#[must_use]
pub fn blocked(why: String) -> Inward {
    tracing::error!("{why}");
    Inward::Event(scrim_desk::Event::StoreFailed { message: why })
}

/// The message that the machine is on another network, or on one again.
#[must_use]
pub fn network_changed() -> Inward {
    Inward::Event(scrim_desk::Event::NetworkChanged)
}

/// The message that the screen is being locked.
#[must_use]
pub fn locked() -> Inward {
    Inward::Event(scrim_desk::Event::Locked)
}
