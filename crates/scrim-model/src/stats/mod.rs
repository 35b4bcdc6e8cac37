//! Statistics over decisions: percentiles, shares with their uncertainty, agreement.
//!
//! Every figure has an answer for "not defined", which is `None` and never 0. `tests/statistics` compares them to 1e-12
//! with scikit-learn, statsmodels, krippendorff and numpy.

mod agreement;
mod krippendorff;
mod percentile;
mod proportion;

pub use agreement::{DOUBLE_REVIEWED_MIN, PairTable, Weights, fleiss_kappa};
pub use krippendorff::{Level, krippendorff_alpha};
pub use percentile::percentile_linear;
pub use proportion::Proportion;
