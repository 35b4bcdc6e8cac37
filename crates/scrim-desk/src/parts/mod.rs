//! What a desk is made of: plain data, each with the rules that need nothing else.

pub(crate) mod asked;
pub(crate) mod checkin;
pub(crate) mod comparing;
pub(crate) mod consult;
pub(crate) mod copies;
pub(crate) mod correct;
pub(crate) mod decided;
pub(crate) mod exposure;
pub(crate) mod film;
pub(crate) mod hand;
pub(crate) mod judge;
pub(crate) mod link;
pub(crate) mod lock;
pub(crate) mod look;
pub(crate) mod settings;
pub(crate) mod slip;
