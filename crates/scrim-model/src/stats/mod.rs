//! Statistics over decisions: percentiles, shares with their uncertainty, agreement, and the table by day, policy and
//! action.
//!
//! Every figure has an answer for "not defined", which is `None` and never 0. `tests/statistics` compares them to 1e-12
//! with scikit-learn, statsmodels, krippendorff and numpy.
//!
//! Handle times of severity 3 and more never enter a table that is split by person; the tables
//! here are not split by person at all.

mod agreement;
mod groups;
mod krippendorff;
mod percentile;
mod proportion;

pub use agreement::{DOUBLE_REVIEWED_MIN, PairTable, Weights, fleiss_kappa};
pub use groups::{StatsRow, by_day_queue_policy_action};
pub use krippendorff::{Level, krippendorff_alpha};
pub use percentile::percentile_linear;
pub use proportion::Proportion;
