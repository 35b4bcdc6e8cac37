//! A desk's working life: drafts, corrections, shifts, hand-over, urgent escalations.

mod aimed;
mod consult;
mod correct;
mod drafts;
mod seen;
mod shift;
mod told;
mod training;
