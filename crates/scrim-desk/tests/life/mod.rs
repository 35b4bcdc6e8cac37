//! A desk's working life: drafts, corrections, shifts, hand-over, urgent escalations.

mod ahead;
mod aimed;
mod consult;
mod copies;
mod correct;
mod drafts;
mod film;
mod language;
mod later;
mod lock;
mod look;
mod of_author;
mod roles;
mod seen;
mod sending;
mod several;
mod shift;
mod small;
mod together;
mod told;
mod training;
mod undo;

pub(crate) use look::of_colleague;
