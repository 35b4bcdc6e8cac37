//! The heart of Scrim: one state machine, events in, effects out.
//!
//! **Must never**: read a clock, a random source, a file or a socket; know a store, a queue
//! connector or a decoder. Time comes in as [`Now`], new ids and jitter as [`Fresh`], everything
//! that happens as an [`Event`]; everything that the desk does leaves as an [`Effect`].
//! `scrim-runtime` carries effects out; the smoke journeys and the simulation run the same heart.
//!
//! # One item's way
//!
//! | State | Event | Next state | Effects |
//! | --- | --- | --- | --- |
//! | – | claims answered | in hand | remember claims, recall views, prepare covers |
//! | in hand | desk free, and the day, the row and the settings allow it | open | – |
//! | in hand | not to be opened today | gone | release, drop media |
//! | open | reveal asked | open, reveal asked | record reveal |
//! | open | whole picture asked, severity 4 | open, reason asked | – (a reason leads on to *reveal asked*) |
//! | open, reveal asked | reveal recorded | open, revealed | open clear |
//! | open, revealed | clear ready | open, revealed | hand clear to the window |
//! | open, revealed | released, focus lost, time over, … | open | cover now, close reveal |
//! | in hand, its cover is there | no cover is being made | its hashes are being found | find hashes |
//! | in hand, not begun, a copy of an own decision | desk free | offered | – |
//! | offered | repeat asked | being repeated | recall decision, record decision (one after the other) |
//! | offered | shown one by one | in hand, opens like any other | – |
//! | open | decide | recording | cover now, record decision |
//! | recording | decision recorded | decided, held | – (the next item opens) |
//! | recording | recording failed | open | notice |
//! | recording, asked to confirm, or decided just now | two keys together | open | taken back, notice |
//! | decided, held | undo | withdrawing | withdraw |
//! | withdrawing | withdrawn | open again | – |
//! | decided, held | undo window over | decided, waiting | – |
//! | decided, waiting | online, nothing in flight | decided, in flight | mark in flight, send decision |
//! | decided, waiting | online, nothing in flight, many wait | decided, in flight | mark in flight, send together |
//! | decided, waiting, never sent | undo asked | gone | withdraw, release |
//! | decided, in flight; taken | undo asked | to be undone | keep undo |
//! | to be undone | its receipt is there, online | to be undone, asked | send undo |
//! | to be undone, asked | answered | undone, or listed as conflict | record undo |
//! | decided, in flight | accepted, duplicate, awaiting second | gone | record answer, forget claim, drop media |
//! | decided, in flight | overtaken, rejected | gone, listed as conflict | record answer, forget claim, drop media |
//! | conflict, parked | try again | decided, waiting | unpark |
//! | conflict | seen, told the lead, decided anew | – | note conflict |
//! | decided, in flight | no answer | decided, waiting | – (the same id goes again after a back-off) |
//! | open, in hand | heartbeat says lost, lease over | gone | cover now, forget claim, drop media, notice |
//! | open | question asked | in hand, behind the others | cover now, ask |
//! | in hand | question answered | in hand, next | notice |
//! | open | handed over | gone | cover now, release with draft, drop media |
//! | open, in hand | not me, end of shift, break (in hand, but for one that was begun) | gone | release, drop media |
//! | open | not my language | gone | cover now, release, drop media |
//! | open | a colleague's item is looked at | in hand, next | cover now, prepare covers |
//! | open, a colleague's | answered, closed, over, break | gone; one's own begun item is open again | cover now, drop media |
//! | open, in hand | lock, by the machine or after a time without a key | in hand, locked (gone, if it was not begun) | cover now, release, drop all media |
//! | in hand, locked | unlocked | open | prepare covers |
//! | any | signed out, by the person or the server | gone, and every list with it | cover now, release (on disk), drop all media, let go |
//! | open | aimed at me, confirmed | gone, and what waits of the same author | cover now, release, drop media |
//!
//! The desk never says "done" before the event that says that the store has it.

mod aimed;
mod back_off;
mod checkin;
mod claims;
mod clock;
mod conflicts;
mod connect;
mod consult;
mod copies;
mod correct;
mod decide;
mod desk;
mod drafts;
mod effect;
mod event;
mod exposure;
mod film;
mod fly;
mod later;
mod leases;
mod leave;
pub mod limits;
mod lock;
mod look;
mod mark;
mod media;
mod outbox;
mod parts;
mod play;
mod records;
mod rest;
mod reveal;
mod revert;
mod send;
mod serve;
mod settings;
mod shift;
mod show;
mod slip;
mod step;
mod team;
mod training;
mod words;

pub use clock::{Fresh, IDS, Now};
pub use correct::is_too_late;
pub use desk::Desk;
pub use effect::{ClearOf, CoverOf, Effect, Noted, Nudge, UndoEnd};
pub use event::{
    Event, ExposureFound, FilmKnown, HeadStands, MediumFailure, OutboxRow, Restored, TailRow,
};
pub use parts::copies::Earlier;
pub use parts::settings::acts_on;
