//! Percentiles.

/// The `p`-th percentile (0–100) of `sorted` by linear interpolation between closest ranks, as
/// numpy's default does (Hyndman and Fan 1996, type 7). `None` for no values: not defined.
#[must_use]
pub fn percentile_linear(sorted: &[f64], p: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let rank = p.clamp(0.0, 100.0) / 100.0 * last as f64;
    let below = rank.floor() as usize;
    let above = (below + 1).min(last);
    Some(sorted[below] + (sorted[above] - sorted[below]) * (rank - below as f64))
}
