//! Krippendorff's α: agreement of any number of people, of whom each judged some items.

/// What the distance of two values means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Names: any two are equally far apart.
    Nominal,
    /// An order, without distances.
    Ordinal,
    /// Numbers.
    Interval,
    /// Numbers from a true zero.
    Ratio,
}

/// α = 1 − observed ÷ expected disagreement, from the coincidences of values within units (Krippendorff 2011, "Computing
/// Krippendorff's Alpha-Reliability"). `units` holds the values that each item was given, in any order; what nobody
/// judged twice is left out. `None`, not defined, if nothing was, if all values are the same, or if one is no number, or
/// below 0 at [`Level::Ratio`].
#[must_use]
pub fn krippendorff_alpha(units: &[Vec<f64>], level: Level) -> Option<f64> {
    let units: Vec<&Vec<f64>> = units.iter().filter(|unit| unit.len() > 1).collect();
    let all = || units.iter().flat_map(|unit| unit.iter().copied());
    let is_value = |value: f64| value.is_finite() && (level != Level::Ratio || value >= 0.0);
    if !all().all(is_value) {
        return None;
    }
    let mut values: Vec<f64> = all().collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    let side = values.len();
    let mut pairs = vec![0.0; side * side];
    for unit in &units {
        let mut counts = vec![0_u64; side];
        for value in unit.iter() {
            let at = values.partition_point(|known| known < value);
            counts[at] += 1;
        }
        let others = (unit.len() - 1) as f64;
        for (row, &count) in counts.iter().enumerate() {
            for (column, &with) in counts.iter().enumerate() {
                let with = with - u64::from(row == column && with > 0);
                pairs[row * side + column] += (count * with) as f64 / others;
            }
        }
    }
    let totals: Vec<f64> = pairs
        .chunks(side.max(1))
        .map(|row| row.iter().sum())
        .collect();
    let total: f64 = totals.iter().sum();
    let (mut observed, mut expected) = (0.0, 0.0);
    for row in 0..side {
        for column in (0..side).filter(|column| *column != row) {
            let distance = distance(level, &values, &totals, (row, column));
            observed += pairs[row * side + column] * distance;
            expected += totals[row] * totals[column] * distance;
        }
    }
    (expected > 0.0).then(|| 1.0 - (total - 1.0) * observed / expected)
}

/// How far apart two of the values are, squared.
fn distance(level: Level, values: &[f64], totals: &[f64], (one, other): (usize, usize)) -> f64 {
    let (low, high) = (one.min(other), one.max(other));
    let steps = match level {
        Level::Nominal => 1.0,
        Level::Ordinal => {
            let between: f64 = totals[low..=high].iter().sum();
            between - (totals[low] + totals[high]) / 2.0
        }
        Level::Interval => values[high] - values[low],
        Level::Ratio => (values[high] - values[low]) / (values[high] + values[low]),
    };
    steps * steps
}
