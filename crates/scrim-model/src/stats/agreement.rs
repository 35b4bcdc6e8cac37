//! How far people who judged the same items agree, beyond chance.
//!
//! Each figure is `None` where its formula divides by nothing: nobody judged anything twice, or everything has one label.
//! Then it is "not defined", and neither perfect nor bad.

/// From so many items that were judged twice on, agreement is a figure; below it is marked "too few".
pub const DOUBLE_REVIEWED_MIN: u64 = 30;

/// How far apart two categories are, for [`PairTable::cohen_kappa`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weights {
    /// Any two are equally far apart.
    None,
    /// By the number of steps between them.
    Linear,
    /// By its square.
    Quadratic,
}

/// What two people said of the same items: how often the first chose category `row` and the second category `column`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairTable {
    side: usize,
    counts: Vec<u64>,
}

impl PairTable {
    /// A table of `categories`, each pair being what the first and the second person said. `None` if there is no
    /// category, or if a pair names one that there is not.
    #[must_use]
    pub fn new(categories: usize, pairs: impl IntoIterator<Item = (usize, usize)>) -> Option<Self> {
        let mut counts = vec![
            0;
            categories
                .checked_mul(categories)
                .filter(|cells| *cells > 0)?
        ];
        for (first, second) in pairs {
            if first >= categories || second >= categories {
                return None;
            }
            counts[first * categories + second] += 1;
        }
        Some(Self {
            side: categories,
            counts,
        })
    }

    /// Items.
    #[must_use]
    pub fn items(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Items of which both said the same.
    #[must_use]
    pub fn agreed(&self) -> u64 {
        self.counts.iter().step_by(self.side + 1).sum()
    }

    /// Share of each category among all that both said.
    #[must_use]
    pub fn prevalence(&self) -> Option<Vec<f64>> {
        let both = 2 * self.items();
        let (first, second) = self.totals();
        let of = |(first, second): (&u64, &u64)| (first + second) as f64 / both as f64;
        (both > 0).then(|| first.iter().zip(&second).map(of).collect())
    }

    /// Cohen's κ (Cohen 1960, 1968): 1 − Σ w·observed ÷ Σ w·expected, `w` being the distance of two categories, and
    /// what is expected being the product of what each person said.
    #[must_use]
    pub fn cohen_kappa(&self, weights: Weights) -> Option<f64> {
        let items = self.items() as f64;
        let (first, second) = self.totals();
        let (mut observed, mut expected) = (0.0, 0.0);
        for (row, &by_first) in first.iter().enumerate() {
            for (column, &by_second) in second.iter().enumerate() {
                let weight = weight(weights, row.abs_diff(column));
                observed += weight * self.counts[row * self.side + column] as f64;
                expected += weight * (by_first as f64 * by_second as f64 / items);
            }
        }
        (expected > 0.0).then(|| 1.0 - observed / expected)
    }

    /// How often each category was said by the first and by the second.
    fn totals(&self) -> (Vec<u64>, Vec<u64>) {
        let first = self.counts.chunks(self.side).map(|row| row.iter().sum());
        let of_column = |column| self.counts.iter().skip(column).step_by(self.side).sum();
        (first.collect(), (0..self.side).map(of_column).collect())
    }
}

fn weight(weights: Weights, steps: usize) -> f64 {
    match weights {
        Weights::None => f64::from(u8::from(steps > 0)),
        Weights::Linear => steps as f64,
        Weights::Quadratic => (steps * steps) as f64,
    }
}

/// Fleiss' κ (Fleiss 1971) of items with equally many judgements each, at least two: `counts[item][category]`. Of others
/// `None`, as of what is not defined.
#[must_use]
pub fn fleiss_kappa(counts: &[Vec<u64>]) -> Option<f64> {
    let raters = counts.first()?.iter().sum::<u64>();
    let categories = counts.first()?.len();
    let is_even = |item: &Vec<u64>| item.len() == categories && item.iter().sum::<u64>() == raters;
    if raters < 2 || !counts.iter().all(is_even) {
        return None;
    }
    let (items, raters) = (counts.len() as f64, raters as f64);
    let agreed = |item: &Vec<u64>| {
        let squares: f64 = item.iter().map(|&count| count as f64 * count as f64).sum();
        (squares - raters) / (raters * (raters - 1.0))
    };
    let observed = counts.iter().map(agreed).sum::<f64>() / items;
    let share = |category: usize| {
        let total: u64 = counts.iter().map(|item| item[category]).sum();
        total as f64 / (items * raters)
    };
    let expected: f64 = (0..categories).map(|at| share(at) * share(at)).sum();
    (expected < 1.0).then(|| (observed - expected) / (1.0 - expected))
}
