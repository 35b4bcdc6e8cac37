//! A desk's working life: drafts, corrections, shifts, hand-over, urgent escalations.

mod consult;
mod correct;
mod drafts;
mod shift;
mod told;
