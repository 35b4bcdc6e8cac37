//! Shares with their uncertainty.

/// The 97.5 % point of the standard normal distribution, so that an interval covers 95 %.
const Z_95: f64 = 1.959_963_984_540_054;

/// A part of a whole, and where its true share lies with 95 % confidence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Proportion {
    /// How many of them.
    pub part: u64,
    /// Of how many.
    pub whole: u64,
    /// `part / whole`.
    pub share: f64,
    /// Lower end of Wilson's interval.
    pub low: f64,
    /// Upper end of it.
    pub high: f64,
}

impl Proportion {
    /// Of `part` in `whole` with Wilson's 95 % score interval (Wilson 1927, without correction for continuity). `None`
    /// for nothing in nothing, and for more than all: not defined.
    #[must_use]
    pub fn wilson(part: u64, whole: u64) -> Option<Self> {
        if whole == 0 || part > whole {
            return None;
        }
        let n = whole as f64;
        let share = part as f64 / n;
        let z2 = Z_95 * Z_95;
        let scale = 1.0 + z2 / n;
        let centre = (share + z2 / (2.0 * n)) / scale;
        let half = Z_95 * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt() / scale;
        Some(Self {
            part,
            whole,
            share,
            // Of none and of all exactly; rounding would leave a little.
            low: if part == 0 {
                0.0
            } else {
                (centre - half).max(0.0)
            },
            high: if part == whole {
                1.0
            } else {
                (centre + half).min(1.0)
            },
        })
    }
}
