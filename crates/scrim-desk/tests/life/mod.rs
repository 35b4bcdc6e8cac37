//! A desk's working life: drafts, corrections, shifts, hand-over, urgent escalations.

mod correct;
mod drafts;
